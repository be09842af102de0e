"""One figure through time: every value ever approved for an indicator in an area, who sent and approved it, and what replaced what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.models import Area, User
from accounts.views import SignedIn
from indicators.models import Entry, Evidence, Indicator, Observation, Submission, SubmissionFinding
from indicators.periods import Period
from indicators.rows import MISSING, NORMAL, NOT_APPLICABLE, NOT_YET_DUE, WITHHELD
from targets.course import course_of
from targets.models import Target

PENDING = (Submission.State.CHECKED, Submission.State.SUBMITTED)
STATES = {
    NORMAL: _("reported"),
    MISSING: _("missing"),
    NOT_APPLICABLE: _("not applicable"),
    WITHHELD: _("withheld"),
    NOT_YET_DUE: _("not yet due"),
}
ZERO = _("reported zero")


@dataclass(frozen=True, slots=True)
class Version:
    """One value of a period. Without an `observation` it waits for its approval. `seen`: the person may see its submission, and with it who
    sent it and the `explanations` given to warnings. `evidence` counts the files behind the period's figure."""

    entry: Entry
    observation: Observation | None
    seen: bool
    in_force: bool
    explanations: Sequence[str]
    evidence: int

    @property
    def state(self) -> str:
        """Which of the five states of a cell it has; a zero that was reported says so."""
        return str(ZERO if self.entry.value == 0 else STATES[self.entry.status])


@login_required
@require_GET
def figure_history(request: SignedIn, indicator: str, area: str) -> HttpResponse:
    """All values of one indicator in one area, the newest period first; within a period the newest value first."""
    found, place = get_object_or_404(Indicator, code=indicator), get_object_or_404(Area, code=area)
    approved, pending = _approved(found, place), _pending(found, place, request.user)
    periods = _by_period(approved, pending, _evidence(found, place), request.user)
    current = {one.period: one.value for one in _in_force(approved) if one.value is not None}
    context = {
        "indicator": found,
        "area": place,
        "periods": periods,
        "terms": found.spec().inputs,
        "courses": [(frequency, course_of(current, frequency, found.kind == Indicator.Kind.FLOW)) for frequency in _frequencies(current)],
        "corrections": sum(one.supersedes_id is not None for one in approved),
        "pending": len(pending),
        "targets": list(Target.objects.filter(indicator=found)),
    }
    return render(request, "targets/figure_history.html", context)


def _approved(indicator: Indicator, area: Area) -> list[Observation]:
    people = ("bureau", "sent_by", "decided_by")
    found = Observation.objects.filter(indicator=indicator, area=area).select_related(
        "supersedes", *(f"entry__submission__{name}" for name in people)
    )
    return list(found.order_by("-period_end", "-known_at", "-pk"))


def _in_force(approved: Sequence[Observation]) -> list[Observation]:
    replaced = {one.supersedes_id for one in approved}
    return [one for one in approved if one.pk not in replaced]


def _pending(indicator: Indicator, area: Area, user: User) -> list[Entry]:
    """Values that were filed and are not decided yet, of submissions the person may see."""
    waiting = Submission.objects.visible_to(user).filter(state__in=PENDING)
    found = Entry.objects.filter(indicator=indicator, area=area, submission__in=waiting)
    return list(found.select_related("submission__bureau", "submission__sent_by").order_by("-submission__arrived_at", "-pk"))


def _by_period(
    approved: Sequence[Observation], pending: Sequence[Entry], evidence: Mapping[str, int], user: User
) -> list[tuple[str, list[Version]]]:
    """Period → its versions. An approval that changed nothing left no observation, and stands here no second time."""
    in_force = {one.pk for one in _in_force(approved)}
    entries = [(entry, None) for entry in pending] + [(one.entry, one) for one in approved]
    explained = _explanations([entry for entry, _one in entries])
    versions = [
        Version(
            entry,
            one,
            seen := user.role != User.Role.REPORTER or user.bureau_id == entry.submission.bureau_id,
            one is not None and one.pk in in_force,
            explained.get((entry.submission_id, entry.sheet, entry.row), []) if seen else [],
            evidence.get(entry.period, 0),
        )
        for entry, one in entries
    ]
    versions.sort(key=lambda one: Period.parse(one.entry.period), reverse=True)
    return [(period, list(group)) for period, group in groupby(versions, key=lambda one: one.entry.period)]


def _explanations(entries: Sequence[Entry]) -> dict[tuple[int, str, int], list[str]]:
    """(submission, sheet, row) → what the bureau answered to the warnings of that row, each answer once."""
    found = SubmissionFinding.objects.filter(submission__in={entry.submission_id for entry in entries}, row__in={e.row for e in entries})
    texts: dict[tuple[int, str, int], list[str]] = {}
    for submission, sheet, row, text in found.exclude(explanation="").values_list("submission", "sheet", "row", "explanation"):
        said = texts.setdefault((submission, sheet, row), [])
        if text not in said:
            said.append(text)
    return texts


def _evidence(indicator: Indicator, area: Area) -> dict[str, int]:
    """Period → how many files stand behind its figure, those withdrawn left out."""
    found = Evidence.objects.in_force().filter(indicator=indicator, area=area, task__isnull=False)
    return dict(found.order_by().values_list("task__period").annotate(Count("pk")))


def _frequencies(periods: Iterable[str]) -> list[str]:
    """Which kinds of periods there are enough of to draw: quarters, months, years."""
    kinds = [Period.parse(period).frequency for period in periods]
    return [frequency for frequency in "QMA" if kinds.count(frequency) > 1]
