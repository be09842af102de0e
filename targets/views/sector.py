from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from indicators.models import Sector
from targets import board
from targets.models import Assessment, Target
from targets.views.choice import areas_of, period_of, the_plan


@login_required
@require_GET
def sector_list(request: HttpRequest) -> HttpResponse:
    """Every sector with targets and the province's counts by status."""
    choice, plan = period_of(request), the_plan()
    both = Assessment.objects.current().filter(area=plan.area if plan else None, period__in=[str(choice.period), str(choice.previous)])
    groups: dict[Sector, tuple[list[Assessment], list[Assessment]]] = {}
    for one in both.for_pages().defer("result"):
        groups.setdefault(one.target.sector, ([], []))[one.period != str(choice.period)].append(one)
    rows = [(sector, board.count_statuses(*groups[sector])) for sector in sorted(groups, key=lambda sector: sector.position)]
    return render(request, "targets/sector_list.html", {"plan": plan, "choice": choice, "rows": rows, "statuses": Assessment.Status.values})


@login_required
@require_GET
def sector(request: HttpRequest, code: str) -> HttpResponse:
    """One sector: the gaps of its targets in the province, and the matrix of its targets by area."""
    found, choice, plan = get_object_or_404(Sector, code=code), period_of(request), the_plan()
    results = list(
        Assessment.objects.current().filter(target__sector=found, period__in=[str(choice.period), str(choice.previous)]).for_pages()
    )
    now, before = ([one for one in results if one.period == str(period)] for period in (choice.period, choice.previous))
    province = [[one for one in when if plan and one.area_id == plan.area_id] for when in (now, before)]
    areas = areas_of(plan) if plan else []
    context = {
        "sector": found,
        "plan": plan,
        "choice": choice,
        "counts": board.count_statuses(*province),
        "years": board.by_year(province[0]),
        "areas": areas,
        "groups": board.matrix(board.by_key(now), Target.objects.filter(sector=found).for_pages(), areas),
        "moves": board.moves(board.by_key(now), board.by_key(before)),
    }
    return render(request, "targets/sector.html", context)
