from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.models import Area
from indicators.models import Observation
from indicators.periods import Period
from targets.models import Assessment, Target
from targets.models.trace import trace_of
from targets.views.choice import period_of


@login_required
@require_GET
def target_list(request: HttpRequest) -> HttpResponse:
    """All targets with their province's status, grouped by sector."""
    choice = period_of(request)
    targets = list(Target.objects.for_pages())
    found = Assessment.objects.current().at(choice.period).for_pages().defer("result")
    statuses = {one.target.code: one for one in found.filter(area__code__in={target.plan.area.code for target in targets})}
    groups: dict[object, list[tuple[Target, Assessment | None]]] = {}
    for target in targets:
        groups.setdefault(target.sector, []).append((target, statuses.get(target.code)))
    return render(request, "targets/target_list.html", {"choice": choice, "groups": groups})


@login_required
@require_GET
def target(request: HttpRequest, code: str) -> HttpResponse:
    """One target in one area: its course, its gap by area, the clause, the doubts, and why its status is what it is."""
    found = get_object_or_404(Target.objects.for_pages().select_related("plan__area"), code=code)
    choice = period_of(request)
    area = get_object_or_404(Area, code=request.GET.get("area") or found.plan.area.code)
    results = Assessment.objects.current().filter(target=found).select_related("area", "target__indicator").order_by("period_end")
    here = [one for one in results if one.area_id == area.pk]
    now = next((one for one in here if one.period == str(choice.period)), None)
    context = {
        "target": found,
        "area": area,
        "choice": choice,
        "assessment": now,
        "trace": trace_of(now) if now else None,
        "history": list(reversed(here)),
        "by_area": [one for one in results if one.period == str(choice.period)],
        "allocations": found.allocations.select_related("area"),
        "figures": _figures_behind(found, area, choice.period),
    }
    return render(request, "targets/target.html", context)


def _figures_behind(found: Target, area: Area, period: Period) -> list[Observation]:
    """The approved figures this result rests on: of the indicator or its inputs, in the area and those inside it."""
    spec = found.indicator.spec()
    codes = {spec.code, *spec.inputs}
    periods = [str(period), str(period.year)] if period.completes_year else [str(period)]
    known = Observation.objects.current().filter(indicator__code__in=codes, period__in=periods)
    inside = known.filter(area=area) | known.filter(area__parent=area) | known.filter(area__code__in=found.scope)
    chosen = inside if area == found.plan.area else known.filter(area=area)
    return list(chosen.distinct().select_related("indicator", "area", "entry__submission"))
