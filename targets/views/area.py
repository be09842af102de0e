from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.models import Area
from accounts.views import SignedIn
from indicators.models import Submission
from targets import board
from targets.models import Assessment
from targets.views.choice import period_of, the_plan


@login_required
@require_GET
def area_list(request: HttpRequest) -> HttpResponse:
    """Every area with targets and its counts by status."""
    choice = period_of(request)
    both = Assessment.objects.current().filter(period__in=[str(choice.period), str(choice.previous)]).for_pages().defer("result")
    groups: dict[Area, tuple[list[Assessment], list[Assessment]]] = {}
    for one in both:
        groups.setdefault(one.area, ([], []))[one.period != str(choice.period)].append(one)
    rows = [(area, board.count_statuses(*groups[area])) for area in sorted(groups, key=lambda area: area.code)]
    return render(request, "targets/area_list.html", {"choice": choice, "rows": rows, "statuses": Assessment.Status.values})


@login_required
@require_GET
def area(request: SignedIn, code: str) -> HttpResponse:
    """One area: its targets by gap, its counts, and how its bureaus report."""
    found, choice, plan = get_object_or_404(Area, code=code), period_of(request), the_plan()
    results = list(Assessment.objects.current().filter(area=found, period__in=[str(choice.period), str(choice.previous)]).for_pages())
    now, before = ([one for one in results if one.period == str(period)] for period in (choice.period, choice.previous))
    context = {
        "area": found,
        "is_whole": plan is not None and plan.area_id == found.pk,
        "choice": choice,
        "counts": board.count_statuses(now, before),
        "years": board.by_year(now),
        "moves": board.moves(board.by_key(now), board.by_key(before)),
        "submissions": Submission.objects.visible_to(request.user)
        .filter(bureau__areas=found)
        .for_lists()
        .order_by("-arrived_at", "-pk")[:8],
    }
    return render(request, "targets/area.html", context)
