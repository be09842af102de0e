"""Brings results and figures to the plain functions that say where a gap comes from and what moved an intensity. Judges nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from accounts.models import Area
from indicators.models import Indicator, Observation
from indicators.periods import Period
from targets.models.assessment import Assessment
from targets.models.plan import Target
from targets.progress.attribution import AREA_REASONS, SECTOR_REASONS, Attribution, Standing, by_shortfall, by_standing
from targets.progress.inputs import ingredients

if TYPE_CHECKING:
    from targets.progress.movement import Movement
    from targets.progress.series import Figures

SUMS = (Target.Kind.LEVEL, Target.Kind.RANGE, Target.Kind.CUMULATIVE)
RATIOS = (Target.Kind.RATIO, Target.Kind.REDUCTION, Target.Kind.BENCHMARK)


@dataclass(frozen=True, slots=True)
class Origin:
    """A gap by area or by sector: the parts of `attribution` belong to the `members` of their codes; `reasons` name its remainders.
    Without attribution `why_none` is a key of `NO_ORIGIN`."""

    attribution: Attribution | None
    members: Mapping[str, Area | Target]
    reasons: Mapping[str, tuple[str, str]]
    why_none: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """What moved an intensity from one year to another, by area. Without `movement`, `lacking` holds the figures that are missing as
    (indicator, area, year); where none is, the figures there are cannot be parted."""

    first: int
    last: int
    areas: Sequence[Area]
    movement: "Movement | None"
    published: tuple[float, float] | None = None
    lacking: Sequence[tuple[str, Area, int]] = ()


def way_of(target: Target) -> str:
    """How the whole of a target is made of its areas: sum, ratio, or "" where its gap is not the sum of anything of theirs."""
    if target.kind in SUMS and target.aggregation == "sum":
        return "sum"
    return "ratio" if target.kind in RATIOS and target.aggregation == "ratio_of_sums" and target.indicator.numerator else ""


class Behind:
    """The figures in force that a target's whole area is computed from, read once: four queries, none before they are asked for. What an
    area filed under the code it had before counts for it: only the whole is told from them, which needs its members of all years."""

    def __init__(self, target: Target, period: Period) -> None:
        """Up to the end of the period, at most the deadline."""
        deadline = Period(target.target_year, "Q", 4)
        self.target, self.period = target, deadline if period.end > deadline.end else period
        self.first = min(target.baseline_year or self.period.year, self.period.year)

    @cached_property
    def areas(self) -> Sequence[Area]:
        if self.target.scope:
            return list(Area.objects.filter(code__in=self.target.scope))
        return list(Area.objects.prefectures().filter(parent=self.target.plan.area_id, valid_to=None))

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        return {one.code: one for one in Indicator.objects.all()}

    @cached_property
    def figures(self) -> "Figures":
        """Of the whole and its areas, years from `first` to that of the period."""
        import pandas as pd

        from targets.progress.series import Figures

        specs, before = {code: one.spec() for code, one in self.indicators.items()}, self._codes_before()
        codes = [self.target.plan.area.code, *(area.code for area in self.areas)]
        known = Observation.objects.current().filter(area__code__in=[*codes, *before], value__isnull=False)
        known = known.filter(indicator__code__in=ingredients(specs, self.target.indicator.code))
        known = known.filter(period_end__range=(date(self.first, 1, 1), self.period.end))
        rows = known.order_by().values_list("indicator__code", "area__code", "period", "value")
        frame = pd.DataFrame.from_records(
            [(code, before.get(area, area), period, float(value)) for code, area, period, value in rows if value is not None],
            columns=["indicator", "area", "period", "value"],
        )
        return Figures(specs, frame, codes, range(self.first, self.period.year + 1))

    def _codes_before(self) -> dict[str, str]:
        chosen = Area.objects.filter(pk__in=[area.pk for area in self.areas]).exclude(succeeds=None)
        return dict(chosen.values_list("succeeds__code", "code"))

    def sides(self) -> dict[str, tuple[Decimal | None, Decimal | None]]:
        """Numerator and denominator of each area as filed at the end of the period."""
        at = self.period.year - self.first, self.period.month - 1

        def value(code: str, area: Area) -> Decimal | None:
            found = float(self.figures.own(code)[(self.figures.place[area.code], *at)])
            return Decimal(repr(found)) if found == found else None

        spec = self.target.indicator
        return {area.code: (value(spec.numerator, area), value(spec.denominator, area)) for area in self.areas}

    def years(self, code: str, last: int) -> Any:
        """Whole years of an indicator from `first` to `last`, of the shape (year, area); NaN where not known."""
        from targets.progress.series import DECEMBER

        rows = [self.figures.place[area.code] for area in self.areas]
        return self.figures.own(code)[rows, : last + 1 - self.first, DECEMBER].T

    def published(self, last: int) -> tuple[float, float] | None:
        """The whole's own intensity in both years; None where it is not published."""
        from targets.progress.series import DECEMBER

        before, after = self.figures.own(self.target.indicator.code)[0, [0, last - self.first], DECEMBER]
        return (float(before), float(after)) if before == before and after == after else None


def by_area(whole: Assessment, members: Iterable[Assessment], behind: Behind) -> Origin | None:
    """Where the gap of a target's whole area comes from; `members` are its results of the same period, read for sums, `behind` for
    ratios. None for targets whose gap is not made of their areas'."""
    target, way = whole.target, way_of(whole.target)
    if way == "sum":
        return _from_standing(whole, {one.area.code: one for one in members if one.area_id != whole.area_id}, AREA_REASONS)
    if way == "ratio":
        sides = {} if whole.gap is None else behind.sides()
        found = by_shortfall(_standing(whole, ""), sides, _d(whole), target.indicator.scale, published=_published(whole))
        return _origin(whole, found, {area.code: area for area in behind.areas}, AREA_REASONS)
    return None


def by_sector(whole: Assessment) -> Origin | None:
    """Where the gap comes from by the parts of the indicator's own formula that have a target with the same deadline; never from anything
    that merely overlaps. None where there are no such parts. One query, none without a formula."""
    target = whole.target
    if not target.indicator.formula or way_of(target) != "sum":
        return None
    same = {"area": whole.area_id, "period": whole.period, "target__plan": target.plan_id, "target__kind": target.kind}
    parts = Assessment.objects.current().filter(**same, target__target_year=target.target_year)
    parts = parts.filter(target__indicator__code__in=target.indicator.formula).for_pages()
    found = {one.target.code: one for one in parts}
    return _from_standing(whole, found, SECTOR_REASONS) if found else None


def moved(behind: Behind) -> Moved | None:
    """What moved the intensity a target wants to cut: from its baseline year to the last whole year by then, at most its deadline. None
    for other targets, or before the first such year."""
    target, spec, period = behind.target, behind.target.indicator, behind.period
    last = period.year if period.completes_year else period.year - 1
    is_cut = target.kind == Target.Kind.REDUCTION and bool(spec.numerator) and spec.direction == "down"
    if not is_cut or target.baseline_year is None or last <= target.baseline_year:
        return None
    from targets.progress.movement import movement

    years = range(behind.first, last + 1)
    energy, output = (behind.years(code, last) for code in (spec.numerator, spec.denominator))
    lacking = [(code, area, years[at]) for code, table in ((spec.numerator, energy), (spec.denominator, output))
               for at in (0, -1) for place, area in enumerate(behind.areas) if table[at, place] != table[at, place]]  # fmt: skip
    try:
        found = None if lacking else movement(years, energy, output, float(spec.scale))
    except ValueError:
        found = None
    return Moved(years[0], last, behind.areas, found, behind.published(last), lacking)


def _from_standing(whole: Assessment, parts: Mapping[str, Assessment], reasons: Mapping[str, tuple[str, str]]) -> Origin:
    standing = [_standing(one, code) for code, one in parts.items()]
    found = by_standing(_standing(whole, ""), standing, _d(whole), published=_published(whole))
    members = {code: one.area if reasons is AREA_REASONS else one.target for code, one in parts.items()}
    return _origin(whole, found, members, reasons)


def _origin(
    whole: Assessment, found: Attribution | None, members: Mapping[str, Area | Target], reasons: Mapping[str, tuple[str, str]]
) -> Origin:
    why_none = "no_gap" if whole.gap is None else "no_figures" if members else "no_goals"
    return Origin(found, members, reasons, "" if found else why_none)


def _standing(one: Assessment, code: str) -> Standing:
    return Standing(code, one.gap, one.expected, one.goal)


def _d(whole: Assessment) -> int:
    return round(whole.result["d"])


def _published(whole: Assessment) -> bool:
    return bool(whole.result.get("source") == "published")
