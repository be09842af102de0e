from collections.abc import Sequence
from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from accounts.models import Area
from indicators.models import Observation, Sector
from indicators.periods import Period
from targets import words
from targets.chain import side_by_side
from targets.models import Assessment, Target
from targets.models.attributing import Behind, moved
from targets.models.inputs import inputs_of
from targets.models.readings import panel_of
from targets.models.trace import trace_of
from targets.progress.inputs import ROLES
from targets.views.choice import period_of, the_plan
from targets.views.moved import moved_shown
from targets.views.origin import origins
from targets.views.outlook import outlook_shown
from targets.views.quarters import quarters_of


@login_required
@require_GET
def target_list(request: HttpRequest) -> HttpResponse:
    """All targets with their province's status, grouped by sector."""
    choice, plan = period_of(request), the_plan()
    targets = list(Target.objects.for_pages())
    found = Assessment.objects.current().at(choice.period).filter(area=plan.area if plan else None).for_pages()
    statuses = {one.target_id: one for one in found}
    groups: dict[Sector, list[tuple[Target, Assessment | None]]] = {}
    for target in targets:
        groups.setdefault(target.sector, []).append((target, statuses.get(target.pk)))
    return render(request, "targets/target_list.html", {"choice": choice, "groups": groups, "total": len(targets)})


@login_required
@require_GET
def target(request: HttpRequest, code: str) -> HttpResponse:
    """One target in one area: its course, its gap by area, the clause, the doubts, and why its status is what it is."""
    found = get_object_or_404(Target.objects.for_pages().select_related("plan__area"), code=code)
    choice = period_of(request)
    area = get_object_or_404(Area, code=request.GET.get("area") or found.plan.area.code)
    results = list(
        Assessment.objects.current()
        .filter(target=found)
        .filter(Q(area=area) | Q(period=str(choice.period)))
        .for_pages()
        .select_related("target__plan__area")
        .order_by("period_end", "area__code")
    )
    here = [one for one in results if one.area_id == area.pk]
    now = next((one for one in here if one.period == str(choice.period)), None)
    by_area = [one for one in results if one.period == str(choice.period)]
    inputs = inputs_of(now) if now else []
    is_whole = area == found.plan.area
    behind = Behind(found, choice.period)
    movement = moved(behind) if is_whole else None
    context = {
        "target": found,
        "area": area,
        "areas": [one.area for one in by_area] or [area],
        "choice": choice,
        "assessment": now,
        "trace": trace_of(now) if now else None,
        "history": list(reversed(here)),
        "by_area": by_area,
        "has_gaps": len(by_area) > 1 and any(one.gap_share is not None for one in by_area),
        "allocation": found.allocations.filter(area=area).first(),
        "is_whole": is_whole,
        "origins": origins(now, by_area, behind) if now else [],
        "moved": moved_shown(behind, movement) if movement else None,
        "inputs": [(gettext(ROLES[role]), list(some)) for role, some in groupby(inputs, key=lambda one: one.role)],
        "quarters": quarters_of(found, here),
        "outlook": outlook_shown(found, area, here),
        "rates": _published_rates(found, area, here),
        "rules": panel_of(now, by_area, choice.previous),
        "indicator_note": found.indicator.in_language("note"),
        "wording": gettext(words.WORDING[found.wording]),
        "convention": gettext(words.CONVENTIONS[found.convention]),
        "path": gettext(words.PATHS[found.path]),
        "strength": gettext(words.BINDING[found.binding]),
        "baseline": gettext(words.baseline(found.baseline_rule)) % {"year": found.baseline_year or found.baseline_rule[-4:]},
    }
    return render(request, "targets/target.html", context)


def _published_rates(found: Target, area: Area, results: Sequence[Assessment]) -> dict[str, object] | None:
    """Published yearly changes of the target's indicator beside the computed ones; None where nothing was published."""
    rates = Observation.objects.current().filter(indicator__rate_of=found.indicator.code, area=area, value__isnull=False)
    if found.baseline_year is None or not rates:
        return None
    published = {Period.parse(one.period).year: float(one.value or 0) / 100 for one in rates}
    ends = {one.period_end.year: one.result.get("yearly_change") for one in results if one.period_end.month == 12 and not one.frozen}
    computed = {year: change for year, change in ends.items() if change is not None}
    years = side_by_side(found.baseline_year, found.target_year, published, computed)
    return {"years": years, "sources": rates.select_related("entry"), "base": found.baseline_year}
