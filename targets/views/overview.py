from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import Area
from accounts.views import SignedIn
from indicators.models import Sector, Submission
from jobs.models import Job
from targets import board
from targets.models import Assessment, Target
from targets.views.choice import areas_of, period_of, the_plan

Results = Mapping[board.Key, Assessment]


@dataclass(frozen=True, slots=True)
class Year:
    """What the page shows of the targets due in one year."""

    year: int
    total: int
    counts: Sequence[board.Count]
    headlines: Sequence[Assessment]
    groups: Mapping[Sector, Sequence[board.MatrixRow]]


@login_required
@require_GET
def overview(request: SignedIn) -> HttpResponse:
    """One glance: are we going to make it, where not, who moved."""
    plan, choice = the_plan(), period_of(request)
    if plan is None:
        return render(request, "targets/nothing_yet.html")
    targets, areas = list(Target.objects.filter(plan=plan).for_pages()), areas_of(plan)
    found = Assessment.objects.current().filter(target__plan=plan)
    both = _with(targets, areas, found.filter(area__in=areas, period__in=[str(choice.period), str(choice.previous)]).defer("result"))
    now = board.by_key(one for one in both if one.period == str(choice.period))
    before = board.by_key(one for one in both if one.period == str(choice.previous))
    headlines = list(found.at(choice.period).filter(area=plan.area, target__headline=True).for_pages())
    years = sorted({target.target_year for target in targets}, reverse=True)
    context = {
        "plan": plan,
        "choice": choice,
        "areas": areas,
        "years": [_year(year, targets, now, before, areas, headlines) for year in years],
        "moves": board.moves(now, before),
        "jobs": list(Job.objects.active().filter(kind="load_history")),
        "waiting": Submission.objects.visible_to(request.user).waiting().count(),
    }
    return render(request, "targets/overview.html", context)


def _with(targets: Iterable[Target], areas: Iterable[Area], found: Iterable[Assessment]) -> Sequence[Assessment]:
    """Assessments that share these targets and areas, instead of a copy of its own for each of a thousand."""
    target_of, area_of = {target.pk: target for target in targets}, {area.pk: area for area in areas}
    results = list(found)
    for one in results:
        one.target, one.area = target_of[one.target_id], area_of[one.area_id]
    return results


def _year(year: int, targets: list[Target], now: Results, before: Results, areas: Sequence[Area], headlines: list[Assessment]) -> Year:
    due = [target for target in targets if target.target_year == year]
    codes, province = {target.code for target in due}, areas[0].code
    in_province = [[one for (target, area), one in when.items() if area == province and target in codes] for when in (now, before)]
    return Year(
        year,
        len(due),
        board.count_statuses(*in_province),
        [one for one in headlines if one.target.code in codes],
        board.matrix(now, due, areas),
    )
