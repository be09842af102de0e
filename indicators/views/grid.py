"""A task's form as a table in the browser: typed, kept, checked and sent without a file."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from time import perf_counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import clock
from accounts.errors import TransitionError
from accounts.views import SignedIn
from indicators.drafts import COLUMNS, BadChange, Cells, comparable, place_of, read_changes, trend_points
from indicators.form_rows import FormRow
from indicators.models import Draft, Indicator, ReportingTask
from indicators.models.draft import Saved
from indicators.models.form_rows import form_rows
from indicators.periods import Period
from indicators.rows import STAGES, Finding
from indicators.rules import RULES

TITLES = {rule.code: rule.title for rule in RULES}
JsonView = Callable[[SignedIn, ReportingTask, Any], JsonResponse]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the page: what is asked, what is typed as (column, text, most characters), its small line (places, and the
    figures it shows), and the heading above it where a sector begins."""

    row: FormRow
    cells: Sequence[tuple[str, str, int]]
    past: Sequence[tuple[str, float]]
    points: Sequence[tuple[float, float]]
    heading: str = ""


@login_required
@require_http_methods(["GET", "POST"])
def grid(request: SignedIn, pk: int) -> HttpResponse:
    """The table. A POST saves it whole (a page without scripts), sends it, or takes over the figures of an earlier file."""
    task = _task(request, pk)
    if request.method == "POST" and "take_over" in request.POST:
        return _take_over(request, task)
    rows, typed = form_rows(task), None
    if request.method == "POST":
        try:
            changes = read_changes(_posted(request, rows), {row.key for row in rows if row.asked})
            saved = Draft.objects.save_cells(task, changes, _number(request.POST.get("version")), by=request.user)
        except (BadChange, TransitionError) as error:
            messages.error(request, _say(error))
            return redirect("indicators:grid", task.pk)
        if not saved.conflicts:
            return grid_send(request, pk) if "send" in request.POST else _saved_page(request, task)
        typed = {change.key + ":" + change.column: change.text for change in saved.conflicts}
        sentence = _("Somebody else has changed the same cells meanwhile. Yours stand here and are not saved yet: look, and save again.")
        messages.warning(request, sentence)
    draft = Draft.objects.of(task, by=request.user)
    return render(request, "indicators/grid.html", _context(request, task, draft, rows, typed or {}))


def _saved_page(request: SignedIn, task: ReportingTask) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("indicators:grid", task.pk)


def _context(request: SignedIn, task: ReportingTask, draft: Draft, rows: Sequence[FormRow], typed: Mapping[str, str]) -> dict[str, Any]:
    return {
        "task": task,
        "draft": draft,
        "lines": _lines(rows, draft.cells, Period.parse(task.period), typed),
        "areas": len({row.area for row in rows}) > 1,
        "asked": sum(row.asked for row in rows),
        "stages": STAGES,
        "answer": draft.answer if draft.is_answered else None,
        "offered": draft.offered(),
        "late": not draft.is_answered and clock.today() > task.last_day,
        "period": Period.parse(task.period),
    }


def _lines(rows: Sequence[FormRow], cells: Cells, period: Period, typed: Mapping[str, str]) -> list[Line]:
    indicators = Indicator.objects.filter(code__in={row.indicator for row in rows}).select_related("sector")
    sectors = {indicator.code: indicator.sector.name for indicator in indicators}
    lines, above = [], ""
    for row in rows:
        texts = [
            (column, typed.get(f"{row.key}:{column}", cells.get(row.key, {}).get(column, "")), most) for column, most in COLUMNS.items()
        ]
        past, sector = comparable(row, period.number), sectors[row.indicator]
        lines.append(Line(row, texts, past, trend_points([value for _, value in past]), "" if sector == above else sector))
        above = sector
    return lines


def _posted(request: SignedIn, rows: Sequence[FormRow]) -> list[dict[str, object]]:
    """The inputs of the whole table as changes; it cannot tell what stood there when the page was read."""
    names = [(row.key, column) for row in rows if row.asked for column in COLUMNS]
    texts = [(key, column, request.POST.get(f"{key}:{column}")) for key, column in names]
    return [{"key": key, "column": column, "text": text} for key, column, text in texts if text is not None]


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else -1


def _take_over(request: SignedIn, task: ReportingTask) -> HttpResponse:
    try:
        lines = Draft.objects.take_over(task, by=request.user)
        messages.success(request, _("Lines taken over as they were written: %(lines)s.") % {"lines": lines})
    except TransitionError as error:
        messages.error(request, str(error))
    return redirect("indicators:grid", task.pk)


@login_required
@require_POST
def grid_send(request: SignedIn, pk: int) -> HttpResponse:
    """Send the draft through the one door; the submission's page shows its check."""
    task = _task(request, pk)
    try:
        return redirect(Draft.objects.of(task, by=request.user).send(by=request.user))
    except TransitionError as error:
        messages.error(request, str(error))
        return redirect("indicators:grid", task.pk)


def _task(request: SignedIn, pk: int) -> ReportingTask:
    task = get_object_or_404(ReportingTask.objects.visible_to(request.user).select_related("form", "bureau"), pk=pk)
    if not task.is_of(request.user):
        raise PermissionDenied(_("Only the reporting bureau itself can do this."))
    return task


def _json(view: JsonView) -> Callable[[SignedIn, int], JsonResponse]:
    """A view the grid's scripts ask: JSON in, JSON out, every refusal a problem with a sentence for the person."""

    @wraps(view)
    def answer(request: SignedIn, pk: int) -> JsonResponse:
        if not request.user.is_authenticated:
            return _problem(401, _("You are signed out. Sign in again; what you typed stays on this computer until then."))
        try:
            body = _read(request.body)
            if not isinstance(body, dict):
                raise BadChange("The body must be an object.")
            if body.get("user") != request.user.pk:
                return _problem(403, _("Somebody else has signed in here. Sign in as yourself again; nothing of yours was sent."))
            return view(request, _task(request, pk), body)
        except BadChange as error:
            return _problem(400, _say(error))
        except PermissionDenied as error:
            return _problem(403, str(error))
        except TransitionError as error:
            return _problem(409, str(error))

    return require_POST(answer)


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:  # no JSON, numbers without end, brackets without end
        raise BadChange("The body is not JSON.") from error


def _say(error: Exception) -> str:
    return _(error.message) % error.params if isinstance(error, BadChange) else str(error)


def _problem(status: int, detail: str) -> JsonResponse:
    return JsonResponse({"status": status, "title": detail, "detail": detail}, status=status, content_type="application/problem+json")


@_json
def grid_cells(request: SignedIn, task: ReportingTask, body: Mapping[str, Any]) -> JsonResponse:
    """Merge typed cells into the draft. 409 with what stands there now where somebody else changed the same cells; the others are saved."""
    if not isinstance(body.get("version"), int):
        raise BadChange("version must be a number.")
    changes = read_changes(body.get("changes"), {row.key for row in form_rows(task) if row.asked})
    saved = Draft.objects.save_cells(task, changes, body["version"], by=request.user)
    answer: dict[str, Any] = {"version": saved.draft.version, "at": f"{timezone.localtime():%H:%M}"}
    if saved.moved_on:
        answer["cells"] = saved.draft.cells
    return JsonResponse(answer | _conflicts(saved), status=409 if saved.conflicts else 200)


def _conflicts(saved: Saved) -> dict[str, Any]:
    if not saved.conflicts:
        return {}
    who = {"who": str(saved.draft.updated_by), "when": f"{timezone.localtime(saved.draft.updated_at):%H:%M}"}
    found = [
        {"key": one.key, "column": one.column, "mine": one.text, "theirs": saved.draft.cells.get(one.key, {}).get(one.column, "")} | who
        for one in saved.conflicts
    ]
    return {"conflicts": found, "detail": _("Somebody else has changed the same cells meanwhile: choose at each which text stays.")}


@_json
def grid_check(request: SignedIn, task: ReportingTask, body: Mapping[str, Any]) -> JsonResponse:
    """What the check of an upload would say of the draft as saved, by line. `took` is in milliseconds."""
    started, rows = perf_counter(), form_rows(task)
    draft = Draft.objects.of(task, by=request.user)
    found = [_shown(finding, rows, draft.cells) for finding in draft.judge(rows, by=request.user).findings]
    return JsonResponse({"version": draft.version, "findings": found, "took": round((perf_counter() - started) * 1000)})


def _shown(finding: Finding, rows: Sequence[FormRow], cells: Cells) -> dict[str, Any]:
    key, column = place_of(finding, rows)
    return {
        "key": key,
        "column": column,
        "rule": finding.rule,
        "severity": finding.severity,
        "title": _(TITLES[finding.rule]),
        "sentence": _(finding.message) % finding.params,
        "explained": finding.severity == "warning" and bool(cells.get(key, {}).get("note")),
    }
