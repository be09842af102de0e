from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from indicators.models import Observation
from targets.arithmetic import Goal, Sum, reckon
from targets.models import ArithmeticCheck, Target
from targets.views.choice import the_plan


@login_required
@require_GET
def arithmetic(request: HttpRequest) -> HttpResponse:
    """The policy's own sums, worked out with its figures, each with what stands against it."""
    plan = the_plan()
    checks = ArithmeticCheck.objects.filter(plan=plan)
    goals = {target.code: target for target in Target.objects.filter(plan=plan).select_related("indicator")}
    rows = [(check, *_reckoned(check, goals)) for check in checks]
    return render(request, "targets/arithmetic.html", {"plan": plan, "rows": rows})


def _reckoned(check: ArithmeticCheck, targets: dict[str, Target]) -> tuple[Sum, Observation | None, list[Target], Target, str]:
    parts, whole = [targets[code] for code in check.parts], targets[check.whole]
    observed = _observed(check, whole)
    done = reckon(check.check_kind, [_goal(part) for part in parts], _goal(whole), check.stated, observed.value if observed else None)
    return done, observed, parts, whole, whole.unit if check.unit == whole.unit_zh else check.unit


def _goal(target: Target) -> Goal:
    return Goal(target.code, target.value or Decimal(0), target.target_year)


def _observed(check: ArithmeticCheck, whole: Target) -> Observation | None:
    """The figure of the indicator named by the check, in the plan's area and the year of the goal; its vintage stands in its source."""
    if not check.observed:
        return None
    year = str(whole.target_year)
    known = Observation.objects.current().filter(indicator__code=check.observed, area=check.plan.area, period__in=[year, f"{year}-Q4"])
    return known.select_related("indicator", "entry__submission").first()
