from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.models import Area
from indicators.models import Submission
from targets import board
from targets.models import Assessment
from targets.views.choice import period_of


@login_required
@require_GET
def area_list(request: HttpRequest) -> HttpResponse:
    """Every area with targets and its counts by status."""
    choice = period_of(request)
    found = list(Assessment.objects.current().at(choice.period).for_pages().defer("result"))
    rows = [(area, board.count_statuses([one for one in found if one.area == area], [])) for area in sorted({one.area for one in found}, key=lambda area: area.code)]
    return render(request, "targets/area_list.html", {"choice": choice, "rows": rows})


@login_required
@require_GET
def area(request: HttpRequest, code: str) -> HttpResponse:
    """One area: its targets by gap, its counts, and how its bureaus report."""
    found, choice = get_object_or_404(Area, code=code), period_of(request)
    results = Assessment.objects.current().filter(area=found).for_pages().defer("result")
    now, before = ([one for one in results if one.period == str(period)] for period in (choice.period, choice.previous))
    context = {
        "area": found,
        "choice": choice,
        "counts": board.count_statuses(now, before),
        "assessments": now,
        "moves": board.moves(board.by_key(now), board.by_key(before)),
        "submissions": Submission.objects.visible_to(request.user).filter(bureau__areas=found).for_lists()[:8],
    }
    return render(request, "targets/area.html", context)
