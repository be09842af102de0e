"""Brings the database's figures to the plain engine and its results back. The judging is done in targets/progress."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from accounts import clock
from accounts.models import Area, AuditEntry
from indicators.models import Indicator, Observation
from indicators.periods import Period, latest_quarter, quarters
from indicators.rows import IndicatorSpec
from targets.models.assessment import Assessment, AssessmentRun
from targets.models.outlook import Outlook
from targets.models.plan import Plan, Target
from targets.progress.types import TargetSpec

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Touched:
    """What changed figures can change: the targets resting on them, in their areas and those above. All periods: a baseline that
    becomes known reaches the quarters before it, too."""

    targets: frozenset[str]
    areas: frozenset[str]

    def part_of(self, results: "pd.DataFrame") -> "pd.DataFrame":
        return results[results["area"].isin(self.areas)]


def touched_by(submissions: Iterable[int]) -> Touched | None:
    """What the observations of these submissions can change; None if they brought none."""
    from targets.progress.evaluate import affected

    changed = Observation.objects.filter(entry__submission__in=submissions)
    keys = list(changed.order_by().values_list("indicator__code", "area").distinct())
    if not keys:
        return None
    areas = {area.pk: area for area in Area.objects.all()}
    above = {code for _, area in keys for code in _line_up(areas[area], areas)}
    codes = affected(Indicator.objects.specs(), Target.objects.specs(), {indicator for indicator, _ in keys})
    return Touched(frozenset(codes), frozenset(above))


def _line_up(area: Area, areas: Mapping[int, Area]) -> Iterable[str]:
    """The area, and every area it lies in."""
    yield area.code
    if area.parent_id:
        yield from _line_up(areas[area.parent_id], areas)


def compute(
    codes: set[str] | None = None, *, as_of: datetime, areas: Collection[str] | None = None, figures: "pd.DataFrame | None" = None
) -> "pd.DataFrame":
    """The engine's rows for these targets and areas (all by default) over all quarters, from what was known at `as_of` (`figures`,
    where they are at hand). Stores nothing. The province's rows are always among them."""
    import pandas as pd

    indicators, known = Indicator.objects.specs(), _figures(as_of) if figures is None else figures
    frames = [_compute_plan(plan, specs, indicators, known, as_of) for plan, specs in _chosen(codes, areas)]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def look_ahead(
    codes: set[str] | None = None, *, as_of: datetime, areas: Collection[str] | None = None, figures: "pd.DataFrame | None" = None
) -> "pd.DataFrame":
    """The outlooks of these targets and areas (all by default) from the last quarter on, by what was known at `as_of`. Stores nothing."""
    import pandas as pd

    from targets.progress.outlook import outlooks

    indicators, last = Indicator.objects.specs(), _last_quarter(as_of)
    known = _figures(as_of) if figures is None else figures
    frames = []
    for plan, specs in _chosen(codes, areas):
        members, parents = _places(plan)
        frames.append(outlooks(specs, indicators, known, [last], members, plan.area.code, parents))
    frames = [frame for frame in frames if len(frame)]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _chosen(codes: set[str] | None, areas: Collection[str] | None) -> Iterable[tuple[Plan, list[TargetSpec]]]:
    """The plans that have some of these targets, with them."""
    for plan in Plan.objects.select_related("area"):
        chosen = plan.targets.all() if codes is None else plan.targets.filter(code__in=codes)
        if specs := [_narrowed(spec, areas) for spec in chosen.specs()]:
            yield plan, specs


def _places(plan: Plan) -> tuple[list[str], dict[str, str]]:
    """The plan's prefectures of today, and the area each area lies in."""
    prefectures = Area.objects.prefectures().filter(parent=plan.area, valid_to=None)
    return list(prefectures.values_list("code", flat=True)), dict(Area.objects.exclude(parent=None).values_list("code", "parent__code"))


def _last_quarter(as_of: datetime) -> Period:
    return latest_quarter(as_of.astimezone(clock.ZONE).date())


def _narrowed(spec: TargetSpec, areas: Collection[str] | None) -> TargetSpec:
    """Only the goals of these areas, for only areas with a goal are assessed; a count of areas needs the goals of all."""
    if areas is None or spec.aggregation == "all_of":
        return spec
    return replace(spec, goals={area: goal for area, goal in spec.goals.items() if area in areas})


def _compute_plan(
    plan: Plan, specs: Sequence[TargetSpec], indicators: dict[str, IndicatorSpec], figures: "pd.DataFrame", as_of: datetime
) -> "pd.DataFrame":
    import pandas as pd

    from targets.progress.evaluate import evaluate

    members, parents = _places(plan)
    last = _last_quarter(as_of)
    frames = []
    for periods, some in _by_periods(plan, specs, last):
        results = evaluate(some, indicators, figures, periods, members, plan.area.code, parents)
        if periods[0].year < plan.period_start:
            joined = evaluate(some, indicators, _under_successors(figures), periods, members, plan.area.code, parents)
            results = pd.concat([joined[joined["area"] == plan.area.code], results[results["area"] != plan.area.code]])
        frames.append(results)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _under_successors(figures: "pd.DataFrame") -> "pd.DataFrame":
    """Figures of an area that is no more, under the code that followed. For the province's sums only: they need every member of the
    time, while the area's own series is never joined across its break."""
    followed = dict(Area.objects.exclude(succeeds=None).values_list("succeeds__code", "code"))
    return figures.assign(area=figures["area"].replace(followed))


def _by_periods(plan: Plan, specs: Sequence[TargetSpec], last: Period) -> Iterable[tuple[list[Period], list[TargetSpec]]]:
    """A target that began before the plan (2011 for the five-year cut) is also assessed at the end of each year before it."""
    regular = quarters(Period(plan.period_start, "Q", 1), last)
    groups: dict[int, list[TargetSpec]] = {}
    for spec in specs:
        groups.setdefault(min(spec.period_start or plan.period_start, plan.period_start), []).append(spec)
    for first, some in groups.items():
        years = [Period(year, "Q", 4) for year in range(first, plan.period_start)]
        if periods := [year for year in years if year <= last] + regular:
            yield periods, some


def _figures(as_of: datetime) -> "pd.DataFrame":
    """Known figures as indicator, area, period, value, vintage. A year's figure stands at its fourth quarter (year-to-date)."""
    import pandas as pd

    known = Observation.objects.as_of(as_of).filter(value__isnull=False).order_by("known_at", "pk")
    rows = known.values_list("indicator__code", "area__code", "period", "value", "vintage")
    frame = pd.DataFrame.from_records(
        [(i, a, p if "-" in p else f"{p}-Q4", float(v), s) for i, a, p, v, s in rows if v is not None],
        columns=["indicator", "area", "period", "value", "vintage"],
    )
    return frame.drop_duplicates(["indicator", "area", "period"], keep="last")


def assess(touched: Touched | None, *, reason: str) -> AssessmentRun:
    """Compute what was touched (None: everything) as known now and append what changed.

    One run at a time: figures are read under the lock, so a run never overwrites a later one's results with older ones.
    """
    as_of = clock.end_of(clock.today())
    with transaction.atomic():
        list(Plan.objects.select_for_update())
        only = (set(touched.targets), touched.areas) if touched else (None, None)
        figures = _figures(as_of)
        results = compute(only[0], as_of=as_of, areas=only[1], figures=figures)
        outlooks = look_ahead(only[0], as_of=as_of, areas=only[1], figures=figures)
        run = AssessmentRun.objects.create(reason=reason, as_of=as_of, targets=sorted(touched.targets) if touched else [])
        if len(results):
            run.changed = Assessment.objects.append(run, touched.part_of(results) if touched else results)
            run.save(update_fields=["changed"])
        if len(outlooks):
            Outlook.objects.append(run, touched.part_of(outlooks) if touched else outlooks)
        AuditEntry.objects.record(by=None, verb="assess", about=run, data={"reason": reason, "changed": run.changed})
    return run
