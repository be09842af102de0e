"""What is due: a clerk's home, one task with all there is to do for it, more time asked for and answered."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts import clock
from accounts.errors import TransitionError
from accounts.models import Bureau
from accounts.views import SignedIn
from indicators.models import CalendarDay, Extension, ReportingForm, ReportingTask, Submission
from indicators.models.form import DueRule
from indicators.models.task import TaskState
from indicators.periods import Period
from indicators.views.evidence import evidence_of
from indicators.working_days import Differs, is_working, without_data, working_between
from jobs.models import Job

OPEN = (TaskState.NOT_STARTED, TaskState.DRAFT, TaskState.CHECKED)
OVERDUE = "overdue"
LAST_APPROVED = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A task as a list shows it: days left (0: today is the last), of them working days; days overdue; the file that decides its state."""

    task: ReportingTask
    left: int
    working: int
    overdue: int
    file: Submission | None = None


@login_required
@require_GET
def home(request: SignedIn) -> HttpResponse:
    """Where a person goes after signing in: a clerk to what is due, everybody else to the overview."""
    return redirect("indicators:task_list" if request.user.can_report else "overview")


@login_required
@require_GET
def task_list(request: SignedIn) -> HttpResponse:
    """A clerk's home: what is due, what came back, what waits. For everybody else all bureaus and forms of one period."""
    return _own_tasks(request) if request.user.can_report else _all_tasks(request)


def _own_tasks(request: SignedIn) -> HttpResponse:
    differs = CalendarDay.objects.differs()
    lines = _lines(ReportingTask.objects.visible_to(request.user).for_lists(), differs)
    due = [line for line in lines if line.task.state in OPEN]
    context = {
        "bureau": request.user.bureau,
        "today": clock.today(),
        "due": due,
        "returned": [line for line in lines if line.task.state == TaskState.RETURNED],
        "waiting": [line for line in lines if line.task.state == TaskState.SUBMITTED],
        "approved": [line for line in reversed(lines) if line.task.state == TaskState.APPROVED][:LAST_APPROVED],
        "overdue": sum(line.overdue > 0 for line in lines),
        "next": next((line for line in lines if not line.task.answered and not line.overdue), None),
        "jobs": Job.objects.active().filter(kind="load_history"),
        "requests": Extension.objects.visible_to(request.user).waiting().count(),
        "without_data": _years_without_data([line.task for line in lines if not line.task.answered], differs),
    }
    return render(request, "indicators/task_list.html", context)


def _all_tasks(request: SignedIn) -> HttpResponse:
    """One period (`?period=`, the latest by default), `?state=` narrows (also `overdue`); below, what is owed for other periods."""
    tasks, today, differs = ReportingTask.objects.visible_to(request.user), clock.today(), CalendarDay.objects.differs()
    periods = sorted({Period.parse(text) for text in tasks.order_by().values_list("period", flat=True).distinct()}, reverse=True)
    period, state = _period(request, periods), request.GET.get("state", "")
    lines = _lines(tasks.for_lists().filter(period=str(period)), differs) if period else []
    counts = Counter(line.task.state for line in lines) + Counter({OVERDUE: sum(line.overdue > 0 for line in lines)})
    earlier = Paginator(tasks.for_lists().overdue(today).exclude(period=str(period)).reverse(), 30).get_page(request.GET.get("page"))
    context = {
        "today": today,
        "period": period,
        "periods": periods,
        "state": state,
        "states": [(code, label, counts[code]) for code, label in [*TaskState.choices, (OVERDUE, _("Overdue"))] if counts[code]],
        "total": len(lines),
        "matrix": _matrix([line for line in lines if not state or _is_in(line, state)]),
        "forms": sorted({line.task.form for line in lines}, key=lambda form: form.code),
        "earlier": earlier,
        "earlier_lines": _lines(earlier.object_list, differs),
        "jobs": Job.objects.active().filter(kind="load_history"),
        "requests": Extension.objects.visible_to(request.user).waiting().count(),
        "without_data": _years_without_data([line.task for line in lines], differs),
    }
    return render(request, "indicators/task_overview.html", context)


def _period(request: SignedIn, periods: Sequence[Period]) -> Period | None:
    """The period chosen, or the latest of which there are tasks. Http404 if it is none."""
    wanted = request.GET.get("period", "")
    try:
        return Period.parse(wanted) if wanted else periods[0] if periods else None
    except ValueError as error:
        raise Http404(str(error)) from error


def _is_in(line: Line, state: str) -> bool:
    return line.overdue > 0 if state == OVERDUE else line.task.state == state


def _matrix(lines: Iterable[Line]) -> Mapping[Bureau, Mapping[ReportingForm, Line]]:
    rows: dict[Bureau, dict[ReportingForm, Line]] = {}
    for line in sorted(lines, key=lambda line: line.task.bureau.code):
        rows.setdefault(line.task.bureau, {})[line.task.form] = line
    return rows


def _lines(tasks: Iterable[ReportingTask], differs: Differs) -> list[Line]:
    """Tasks with their days and the file that decides each state, in two queries."""
    chosen, today = list(tasks), clock.today()
    files = _newest_files(chosen)
    return [
        Line(
            task,
            max((task.last_day - today).days, 0),
            working_between(today, task.last_day, differs),
            task.overdue_by(today),
            files.get((task.pk, task.state)),
        )
        for task in chosen
    ]


def _newest_files(tasks: Sequence[ReportingTask]) -> Mapping[tuple[int, str], Submission]:
    """(task, state) → the newest file of the task in that state; a task being filled in shows the newest refused one."""
    found: dict[tuple[int, str], Submission] = {}
    shown = [task.pk for task in tasks if task.state != TaskState.NOT_STARTED]
    for one in Submission.objects.filter(task__in=shown).for_lists().order_by("arrived_at", "pk"):
        assert one.task_id is not None  # filtered above
        state = TaskState.DRAFT if one.state in (Submission.State.DRAFT, Submission.State.REFUSED) else one.state
        found[one.task_id, str(state)] = one
    return found


def _years_without_data(tasks: Iterable[ReportingTask], differs: Differs) -> list[int]:
    return sorted({year for task in tasks for year in without_data(task.parsed_period.end, task.last_day, differs)})


@login_required
@require_GET
def task(request: SignedIn, pk: int) -> HttpResponse:
    """One task: where it stands, why that day, how to fill it in, what was sent, more time."""
    found = get_object_or_404(ReportingTask.objects.visible_to(request.user).for_lists(), pk=pk)
    differs = CalendarDay.objects.differs()
    (line,) = _lines([found], differs)
    sent = list(found.submissions.visible_to(request.user).for_lists())
    extensions = list(found.extensions.for_lists())
    mine = found.is_of(request.user)
    context = {
        "task": found,
        "line": line,
        "why": _why(found, differs),
        "without_data": without_data(found.parsed_period.end, found.last_day, differs),
        "sent": sent,
        "extensions": extensions,
        "evidence": evidence_of(found, request.user),
        "mine": mine,
        "can_fill": mine and found.state != TaskState.SUBMITTED,
        "can_ask": mine and not found.answered and all(one.granted is not None for one in extensions),
        "can_decide": request.user.can_review,
    }
    return render(request, "indicators/task.html", context)


@dataclass(frozen=True, slots=True)
class Why:
    """Why a task is due on its day: the form's days after `end` lead to `counted`; `off` are the days off that moved it from there to
    `due` (or were not counted), each with its name, "" on a weekend. `fixed`: form or calendar were changed since the task was opened,
    which does not move it."""

    end: date
    counted: date
    due: date
    off: Sequence[tuple[date, str]]
    fixed: bool


def _why(found: ReportingTask, differs: Differs) -> Why:
    end = found.parsed_period.end
    counted, now = end + timedelta(days=found.form.due_days), found.form.due_on(found.parsed_period, differs)
    names = {one.day: one.name for one in CalendarDay.objects.filter(day__range=(end, now), kind=CalendarDay.Kind.HOLIDAY)}
    first = end + timedelta(days=1) if found.form.due_rule == DueRule.WORKING_DAYS else counted
    days = [first + timedelta(days=step) for step in range((now - first).days)]
    return Why(end, counted, found.due_on, [(day, names.get(day, "")) for day in days if not is_working(day, differs)], now != found.due_on)


@login_required
@require_POST
def ask_extension(request: SignedIn, pk: int) -> HttpResponse:
    """The bureau asks for more time; a refused request becomes a plain sentence on the task's page."""
    found = get_object_or_404(ReportingTask.objects.visible_to(request.user), pk=pk)
    try:
        until = parse_date(request.POST.get("until", ""))
    except ValueError:
        until = None
    try:
        if until is None:
            raise TransitionError(_("Say until which day, like 2018-10-31."))
        found.ask_extension(until=until, reason=request.POST.get("reason", ""), by=request.user)
        messages.success(request, _("Asked for. The reviewers see it now; their answer will stand here."))
    except TransitionError as error:
        messages.error(request, str(error))
    return redirect(found)


@login_required
@require_GET
def extension_list(request: SignedIn) -> HttpResponse:
    """Requests for more time, the open ones first."""
    rows = list(Extension.objects.visible_to(request.user).for_lists()[:200])
    context = {
        "open": [one for one in rows if one.granted is None],
        "answered": [one for one in rows if one.granted is not None],
        "can_decide": request.user.can_review,
    }
    return render(request, "indicators/extension_list.html", context)


ANSWERS = {"grant": True, "refuse": False}


@login_required
@require_POST
def decide_extension(request: SignedIn, pk: int, answer: str) -> HttpResponse:
    """A reviewer grants more time or not."""
    if answer not in ANSWERS:
        raise Http404
    found = get_object_or_404(Extension.objects.visible_to(request.user).select_related("task"), pk=pk)
    try:
        found.decide(granted=ANSWERS[answer], answer=request.POST.get("answer", ""), by=request.user)
        waiting = Extension.objects.waiting().count()
        left = ngettext("%(number)d request is still open.", "%(number)d requests are still open.", waiting) % {"number": waiting}
        messages.success(request, _("Answered; the bureau sees it.") + (f" {left}" if waiting else ""))
    except TransitionError as error:
        messages.error(request, str(error))
    return redirect("indicators:extension_list" if request.POST.get("next") == "list" else found.task)
