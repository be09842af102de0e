"""The figures behind the pictures, as JSON: assessments in, Plotly figures out. Drawing rules live in targets/charts."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import Area
from indicators.models import Indicator, Sector
from indicators.periods import Period
from targets import board
from targets.charts import CHARTS
from targets.charts.points import Bar, Contribution, Count, ForecastPoint, Goal, Labels, PathPoint, Point
from targets.models import Assessment, Outlook, Target
from targets.models.attributing import Behind
from targets.models.trace import reason_word
from targets.models.units import decimals_of, gap_unit, value_unit
from targets.views.choice import period_of, the_plan
from targets.views.origin import origins, written_share


def _labels(**more: Any) -> Labels:
    words = {
        "observed": _("Figure"),
        "expected": _("Expected on the path"),
        "forecast": _("Forecast"),
        "forecast_range": _("Forecast (light: range of 80 %)"),
        "goal": _("Goal"),
        "gap": _("Gap"),
        "gap_share": _("Gap, share of expected"),
        "behind": _("behind"),
        "ahead": _("ahead"),
        "year_end": _("end %(year)s"),
        "statuses": {status.value: str(status.label) for status in Assessment.Status},
    }
    return Labels(**(words | more))


def _bars(assessments: Iterable[Assessment], *, by_target: bool) -> list[Bar]:
    """One bar each; those without a gap say why instead. Targets are grouped by the year they are due."""
    bars = []
    for one in assessments:
        label = f"{one.target.code} {one.target.name}" if by_target else one.area.short
        note = "" if one.gap_share is not None else reason_word(one, "gap_share")
        share, gap = (None if value is None else float(value) for value in (one.gap_share, one.gap))
        address = reverse("targets:target", args=[one.target.code]) + f"?area={one.area.code}&period={one.period}"
        unit = _("areas") if _counts_areas(one) else gap_unit(one.target)
        group = _("Due by the end of %(year)s") % {"year": one.target.target_year} if by_target else ""
        bars.append(Bar(label, share, gap, unit, one.status, address, note, decimals_of(one.target), group))
    return bars


@login_required
@require_GET
def trajectory(request: HttpRequest, code: str) -> HttpResponseBase:
    """Observed values, the path and the goal of one target in one area."""
    target = get_object_or_404(Target.objects.for_pages().select_related("plan__area"), code=code)
    area = get_object_or_404(Area, code=request.GET.get("area") or target.plan.area.code)
    results = list(Assessment.objects.current().filter(target=target, area=area).for_pages().order_by("period_end"))
    points = [Point(one.period, one.period_end, _of_year(one, one.value), one.status, _page_of(one)) for one in results if _comparable(one)]
    path = [PathPoint(one.period, one.period_end, _of_year(one, one.expected)) for one in results if not one.frozen] + _way_ahead(results)
    goal_value = next((one.result.get("goal_level") for one in reversed(results) if one.result.get("goal_level") is not None), None)
    goal = (
        None
        if goal_value is None
        else Goal(f"{target.target_year}-Q4", date(target.target_year, 12, 31), round(goal_value, 3), results[-1].result.get("goal_high"))
    )
    observed = _("Year-to-date figure, scaled to a full year") if _seasonal(target) else _("Figure")
    unit, decimals = _scale(target, results)
    labels = _labels(unit=unit, observed=observed, decimals=decimals)
    figure = CHARTS["trajectory"](points, path, goal, labels, _forecast(target, area), _seasonal(target))
    return JsonResponse(figure)


def _scale(target: Target, results: Iterable[Assessment]) -> tuple[str, int]:
    """Unit and decimals of a target's values; where every area has to meet the goal the areas are counted."""
    if any(_counts_areas(one) for one in results):
        return _("areas"), 0
    return value_unit(target), decimals_of(target)


def _counts_areas(one: Assessment) -> bool:
    return one.result.get("pooled") is not None


def _of_year(one: Assessment, value: Any) -> float | None:
    """A year-to-date figure is drawn at the scale of its year, so that quarters can be compared; all else as it is."""
    if value is None:
        return None
    share = one.result.get("share") if _seasonal(one.target) else None
    return round(float(value) / (share or 1), max(one.target.indicator.decimals, 2))


def _seasonal(target: Target) -> bool:
    """Whether a quarter's figure differs from the year's by the season alone: amounts of a year, and what is made of them."""
    return target.indicator.kind == Indicator.Kind.FLOW and target.kind == Target.Kind.LEVEL or target.kind == Target.Kind.REDUCTION


def _comparable(one: Assessment) -> bool:
    """Where a quarter's share of its year is not known, after the deadline or without a year before, only whole years compare."""
    unknown = one.frozen or one.reason == "no_year_before"
    return not (unknown and _seasonal(one.target)) or Period.parse(one.period).completes_year


def _way_ahead(results: Sequence[Assessment]) -> list[PathPoint]:
    """The path at the end of each year still to come, up to the goal; formulas as in the engine's explanation."""
    one = next((one for one in reversed(results) if not one.frozen and one.result.get("baseline_time") is not None), None)
    growth = one is not None and one.target.kind in (Target.Kind.GROWTH_YOY, Target.Kind.GROWTH_CAGR)  # a rate has no path from a level
    if one is None or growth or one.target.path == "none" or one.result.get("goal_level") is None:
        return []
    from targets.progress.paths import planned_share, value_on

    base, goal, start, end = (one.result[name] for name in ("baseline_value", "goal_level", "baseline_time", "deadline"))
    path, schedule = one.target.path, [share / 100 for share in one.target.schedule]
    if path == "rebased":
        base, start = one.result.get("compared") or base, one.period_end.year + 1.0
    points = []
    for year in range(one.period_end.year + Period.parse(one.period).completes_year, one.target.target_year + 1):
        value = value_on(path, base, goal, planned_share(path, schedule, start, year + 1.0, end))
        points.append(PathPoint(f"{year}-Q4", date(year, 12, 31), float(value)))
    return points


def _forecast(target: Target, area: Area) -> list[ForecastPoint]:
    """The forecast in force from the value it starts from to the deadline; nothing where there is none."""
    one = Outlook.objects.of(target, area)
    if one is None or not one.method:
        return []
    known, decimals = one.data["last_value"], max(target.indicator.decimals, 2)
    start = {"period": one.data["last_period"], "value": known, "low80": known, "high80": known}
    return [
        ForecastPoint(at["period"], Period.parse(at["period"]).end, *(round(at[name], decimals) for name in ("value", "low80", "high80")))
        for at in (start, *one.data["path"])
    ]


def _page_of(one: Assessment) -> str:
    return reverse("targets:target", args=[one.target.code]) + f"?area={one.area.code}&period={one.period}"


@login_required
@require_GET
def target_gaps(request: HttpRequest, code: str) -> HttpResponseBase:
    """How far each area is from its path to one target."""
    target = get_object_or_404(Target, code=code)
    results = Assessment.objects.current().filter(target=target).at(period_of(request).period).for_pages()
    return JsonResponse(CHARTS["area_gap"](_bars(results, by_target=False), _labels()))


@login_required
@require_GET
def attribution(request: HttpRequest, code: str) -> HttpResponseBase:
    """Where the gap of a target comes from: `?by=area` (default) or `?by=sector`. Http404 where it is not made of such parts."""
    target = get_object_or_404(Target.objects.for_pages().select_related("plan__area"), code=code)
    period = period_of(request).period
    members = list(Assessment.objects.current().filter(target=target).at(period).for_pages())
    area = request.GET.get("area") or target.plan.area.code
    whole = next((one for one in members if one.area.code == area), None)
    found = origins(whole, members, Behind(target, period)) if whole else []
    one = next((one for one in found if one.by == request.GET.get("by", "area") and one.rows), None)
    if one is None:
        raise Http404
    parts = [Contribution(row.label, float(row.gap), written_share(row), row.url, row.rest) for row in one.rows]
    words = {"gap": _("Part of the gap"), "gap_share": _("Share of the gap"), "behind": _("behind"), "ahead": _("ahead")}
    labels = _labels(unit=gap_unit(target), decimals=one.decimals, **words)
    return JsonResponse(CHARTS["attribution"](parts, Contribution(_("Gap"), float(one.total or 0)), labels))


@login_required
@require_GET
def area_gaps(request: HttpRequest, code: str) -> HttpResponseBase:
    """How far an area is from its path to each of its open targets, worst first."""
    area = get_object_or_404(Area, code=code)
    results = Assessment.objects.current().filter(area=area, frozen=False).at(period_of(request).period).for_pages()
    return JsonResponse(CHARTS["sector_gap"](_bars(_worst_first(results), by_target=True), _labels()))


@login_required
@require_GET
def sector_gaps(request: HttpRequest, code: str) -> HttpResponseBase:
    """How far the province is from its path to each target of a sector."""
    sector, plan = get_object_or_404(Sector, code=code), the_plan()
    results = (
        Assessment.objects.current()
        .filter(target__sector=sector, area=plan.area if plan else None)
        .at(period_of(request).period)
        .for_pages()
    )
    return JsonResponse(CHARTS["sector_gap"](_bars(_worst_first(results), by_target=True), _labels()))


@login_required
@require_GET
def status_counts(request: HttpRequest) -> HttpResponseBase:
    """Counts by status: of each sector in `?area=`, or of each area."""
    chosen = Assessment.objects.current().at(period_of(request).period).for_pages()
    area = request.GET.get("area", "")
    groups: dict[Any, list[Assessment]] = {}
    for one in chosen.filter(area__code=area) if area else chosen:
        groups.setdefault(one.target.sector if area else one.area, []).append(one)
    rows = [_count_row(thing, group) for thing, group in groups.items()]
    return JsonResponse(CHARTS["status_counts"](rows, _labels(unit=_("targets"), observed=_("Number of targets"))))


def _count_row(thing: Sector | Area, group: list[Assessment]) -> Count:
    name = "sector" if isinstance(thing, Sector) else "area"
    counts = {count.status: count.number for count in board.count_statuses(group, [])}
    return Count(thing.name if isinstance(thing, Sector) else thing.short, counts, reverse(f"targets:{name}", args=[thing.code]))


def _worst_first(results: Iterable[Assessment]) -> list[Assessment]:
    """What is still open before what is past its deadline, the later due before the earlier."""
    return sorted(results, key=lambda one: (-one.target.target_year, one.gap_share is None, one.gap_share or 0))
