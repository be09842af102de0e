"""Figures by area, year and month: derived indicators, sums over areas, year-to-date flows as whole years.

Every array has the shape (area, year, month); area 0 is the province. A quarter stands at its last month, a year at December."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from indicators.periods import Period
from indicators.rows import IndicatorSpec
from indicators.vintages import VINTAGES
from targets.progress import rollup
from targets.progress.conventions import Bools, Floats
from targets.progress.reasons import CODE
from targets.progress.types import HISTORY

if TYPE_CHECKING:
    from pandas import DataFrame

Ints = NDArray[np.int64]
Columns = dict[str, NDArray[Any]]
DECEMBER = 11


@dataclass(frozen=True)
class Series:
    """One indicator over the areas of one scope. `filed` as reported (year-to-date for flows), `annual` the same for the whole
    year, `share` = filed / annual. `why` holds the reason code of missing figures, `lacking` the number of the missing input
    (-1: none). `reported` of `due` areas, holding `weighed` of the weight; `published`: the province's own figure, which wins over what
    the areas come to, `summed`. Missing areas leave the figure between `low` and `high` (the figure itself where none is missing), or
    `unbounded` says why not."""

    filed: Floats
    annual: Floats
    share: Floats
    why: Ints
    lacking: Ints
    reported: Ints
    due: Ints
    published: Bools
    weighed: Floats
    summed: Floats
    low: Floats
    high: Floats
    unbounded: Ints
    inputs: tuple[str, ...] = ()
    flow: bool = False

    def covered(self, least: float | Floats) -> "Series":
        """Withhold what rests on too few areas, by count or by weight: less than `least` of either."""
        thin = (self.reported > 0) & ~(rollup.stands(self.reported / self.due, least) & rollup.stands(self.weighed, least))
        own = thin & ~self.published
        filed, annual, low, high = (np.where(own, np.nan, part) for part in (self.filed, self.annual, self.low, self.high))
        why, unbounded = (np.where(own, CODE["coverage_too_low"], part) for part in (self.why, self.unbounded))
        return replace(self, filed=filed, annual=annual, low=low, high=high, why=why, unbounded=unbounded,
                       summed=np.where(thin, np.nan, self.summed))  # fmt: skip

    @property
    def partial(self) -> Bools:
        return ~self.published & (self.reported > 0) & (self.reported < self.due)

    def accumulated(self, first: int) -> "Series":
        """A flow added up from year number `first` on: whole earlier years plus the part filed this year."""
        total, summed, low, high = (_added_up(part, first) for part in (self.filed, self.summed, self.low, self.high))
        return replace(self, filed=total, annual=total, share=np.ones_like(total), flow=False, summed=summed, low=low, high=high,
                       why=np.where(np.isfinite(total), 0, np.where(self.why > 0, self.why, CODE["no_value"])))  # fmt: skip


def _added_up(filed: Floats, first: int) -> Floats:
    years = np.arange(filed.shape[1])
    whole = np.where(years[None, :] >= first, filed[:, :, DECEMBER], 0.0)
    before = np.concatenate([np.zeros_like(whole[:, :1]), np.cumsum(whole, axis=1)[:, :-1]], axis=1)
    return np.where((years >= first)[None, :, None], filed + before[:, :, None], np.nan)


def year_before(grid: Floats) -> Floats:
    """The same periods of the year before."""
    return np.concatenate([np.full_like(grid[:, :1], np.nan), grid[:, :-1]], axis=1)


def usual_share(filed: Floats) -> Floats:
    """Part of the year's total that is usually filed by each month: mean of the last three complete years before; NaN without any."""
    total = filed[:, :, DECEMBER]
    parts = np.where(total[:, :, None] > 0, filed / total[:, :, None], np.nan)
    years = parts.shape[1]
    padded = np.concatenate([np.full((parts.shape[0], HISTORY, 12), np.nan), parts], axis=1)
    window = np.stack([padded[:, back : back + years] for back in range(HISTORY)])
    known = np.isfinite(window)
    count = known.sum(0)
    return np.where(count > 0, np.where(known, window, 0.0).sum(0) / np.maximum(count, 1), np.nan)


def plain_share(shape: tuple[int, ...]) -> Floats:
    """Without history: a quarter of the year per quarter."""
    return np.broadcast_to(np.arange(1, 13) / 12, shape).copy()


def known_share(usual: Floats) -> Floats:
    """The usual share where it is known and positive, else the plain one; the whole year is 1."""
    share = np.where(usual > 0, usual, plain_share(usual.shape))
    share[:, :, DECEMBER] = 1.0
    return share


def with_province(areas: NDArray[Any], province: Any) -> NDArray[Any]:
    """A copy with other figures for the province."""
    changed = areas.copy()
    changed[0] = province
    return changed


def _places_of_vintages(observations: "DataFrame") -> "DataFrame":
    """The observations that say how final they are, with the place of their vintage for a value."""
    stated = observations[observations["vintage"].isin([*VINTAGES])] if "vintage" in observations else observations[:0]
    return stated.assign(value=stated["vintage"].map([*VINTAGES].index) if len(stated) else [])


def _whole(counts: Columns) -> Bools:
    """Is it a figure of all areas, or the province's own?"""
    return np.asarray(counts["published"] | (counts["reported"] == counts["due"]))


class Figures:
    """Observations laid out on the grid, and the series made of them. Areas: the province first, then all others."""

    def __init__(self, indicators: Mapping[str, IndicatorSpec], observations: "DataFrame", areas: Sequence[str], years: range) -> None:
        self.indicators, self.areas, self.years = indicators, tuple(areas), years
        self.place = {area: number for number, area in enumerate(self.areas)}
        self.shape = (len(self.areas), len(years), 12)
        self._observed = self._lay_out(observations)
        self._stated = self._lay_out(_places_of_vintages(observations))
        self._own: dict[str, Floats] = {}
        self._series: dict[tuple[str, tuple[str, ...]], Series] = {}

    def _lay_out(self, observations: "DataFrame") -> dict[str, Floats]:
        """One grid per indicator. A year's figure and its last quarter's are the same thing; where both are there, the year's counts."""
        import pandas as pd

        of_indicator, codes = pd.factorize(observations["indicator"])
        of_area, areas = pd.factorize(observations["area"])
        of_period, texts = pd.factorize(observations["period"])
        periods = [Period.parse(str(text)) for text in texts]
        rank = np.array(["MQA".index(period.frequency) for period in periods], int)[of_period]
        year = np.array([period.year - self.years.start for period in periods], int)[of_period]
        month = np.array([period.month - 1 for period in periods], int)[of_period]
        place = np.array([self.place.get(str(area), -1) for area in areas], int)[of_area]
        rows = np.argsort(rank, kind="stable")  # of two figures for one place the last one stays
        rows = rows[place[rows] >= 0]
        grids = np.full((len(codes), *self.shape), np.nan)
        grids[of_indicator[rows], place[rows], year[rows], month[rows]] = observations["value"].to_numpy(float, na_value=np.nan)[rows]
        return {str(code): grid for code, grid in zip(codes, grids, strict=True)}

    @cached_property
    def nothing(self) -> Floats:
        return np.full(self.shape, np.nan)

    def is_flow(self, code: str) -> bool:
        """Does a figure describe the year so far? Flows, sums of flows, and ratios with a flow in them."""
        spec = self.indicators[code]
        return spec.kind == "flow" or (spec.kind == "ratio" and any(self.is_flow(part) for part in spec.inputs))

    def mixes(self, code: str) -> bool:
        """Is it a ratio of a flow and a stock, so that a part of the year cannot stand for the year?"""
        return self.indicators[code].kind == "ratio" and len({self.is_flow(part) for part in self.indicators[code].inputs}) == 2

    def own(self, code: str) -> Floats:
        """Each area's own figure: as observed, else computed from its own inputs."""
        if code not in self._own:
            spec, observed = self.indicators[code], self._observed.get(code, self.nothing)
            self._own[code] = np.where(np.isfinite(observed), observed, self._derived(spec)) if spec.inputs else observed
        return self._own[code]

    def finality(self, code: str) -> Floats:
        """How final each area's own figure is, as a place in VINTAGES, NaN: not stated. A computed figure is as final as the least final of
        those it is made of."""
        spec, stated = self.indicators[code], self._stated.get(code, self.nothing)
        if not spec.inputs:
            return stated
        parts = np.fmin.reduce([self.finality(part) for part in spec.inputs])
        return np.where(np.isfinite(self._observed.get(code, self.nothing)), stated, parts)

    def _derived(self, spec: IndicatorSpec) -> Floats:
        if spec.formula:
            return np.asarray(np.sum([self.own(part) for part in spec.formula], axis=0))
        upper, lower = self.own(spec.numerator), self.own(spec.denominator)
        return np.where(lower != 0, spec.scale * upper / lower, np.nan)

    def series(self, code: str, scope: tuple[str, ...]) -> Series:
        """The indicator with the province rolled up over the areas of `scope`, by the indicator's own rule."""
        if (code, scope) not in self._series:
            spec = self.indicators[code]
            with np.errstate(all="ignore"):
                self._series[code, scope] = self._pooled(spec, scope) if spec.numerator else self._rolled(spec, scope)
        return self._series[code, scope]

    def _members(self, scope: tuple[str, ...]) -> Ints:
        return np.array([self.place[area] for area in scope], int)

    def _rolled(self, spec: IndicatorSpec, scope: tuple[str, ...]) -> Series:
        """Sums (and the lowest stage of a milestone) over the areas that reported."""
        filed, rows = self.own(spec.code).copy(), self._members(scope if spec.rollup != "none" else ())
        values, published = filed[rows], np.isfinite(filed[0])
        known = np.isfinite(values)
        whole, bounds = rollup.total(values, rollup.carried_weights(values)), rollup.bounds(year_before(values), values)
        if spec.kind == "milestone":
            lowest = np.where(known.any(0), np.where(known, values, np.inf).min(0, initial=np.inf), np.nan)
            whole, bounds = rollup.Whole(lowest, whole.counted, whole.counted), rollup.unstated(lowest)
        filed[0] = np.where(published, filed[0], whole.value)
        counts = self._counts(known, published, len(rows), np.isfinite(filed), whole, bounds, filed)
        share = np.ones(self.shape)
        if self.is_flow(spec.code):
            share = known_share(usual_share(np.where(_whole(counts), filed, np.nan)))
        return self._finish(spec, scope, filed, filed / share, share, counts)

    def _pooled(self, spec: IndicatorSpec, scope: tuple[str, ...]) -> Series:
        """Ratios: summed numerators over summed denominators of the areas that have both."""
        upper, lower = self.own(spec.numerator).copy(), self.own(spec.denominator).copy()
        rows, both = self._members(scope), np.isfinite(upper) & np.isfinite(lower)
        parts = upper[rows], lower[rows]
        whole = rollup.ratio(*parts, rollup.carried_weights(parts[1]))
        before = year_before(parts[0]), year_before(parts[1])
        bounds = rollup.ratio_bounds(before, parts, 1.0 if spec.part_of_whole else np.inf)
        published = both[0].copy()
        for part, members in zip((upper, lower), parts, strict=True):
            part[0] = np.where(published, part[0], rollup.total(np.where(both[rows], members, np.nan)).value)
        stated = np.isfinite(self._observed.get(spec.code, self.nothing))
        filed = np.where(lower != 0, spec.scale * upper / lower, np.nan)
        filed = np.where(stated, self._observed.get(spec.code, self.nothing), filed)
        known, published = both[rows] | stated[rows], published | stated[0]
        whole, bounds = whole._replace(value=spec.scale * whole.value), bounds.scaled(spec.scale)
        counts = self._counts(known, published, len(rows), both | stated, whole, bounds, filed)
        shares = self._shares(spec, np.where(_whole(counts), upper, np.nan), np.where(_whole(counts), lower, np.nan))
        share = np.where(stated, 1.0, shares[0] / shares[1])
        zero = (lower == 0) & ~stated
        return self._finish(spec, scope, filed, filed / share, share, counts, zero)

    def _shares(self, spec: IndicatorSpec, upper: Floats, lower: Floats) -> tuple[Floats, Floats]:
        """Parts of the year of numerator and denominator: by history only where both have one, so that plain shares cancel."""
        flows = [self.is_flow(part) for part in spec.inputs]
        usual = [usual_share(part) if flow else np.ones(self.shape) for part, flow in zip((upper, lower), flows, strict=True)]
        together = np.isfinite(usual[0]) & np.isfinite(usual[1])
        first, second = (
            known_share(np.where(together, part, np.nan)) if flow else np.ones(self.shape) for part, flow in zip(usual, flows, strict=True)
        )
        return first, second

    def _counts(self, known: Bools, published: Bools, due: int, present: Bools, whole: rollup.Whole, bounds: rollup.Bounds,
                filed: Floats) -> Columns:  # fmt: skip
        """What the province's figure rests on. An area other than the province counts itself."""
        top = {
            "reported": (present.astype(int), known.sum(0) if due else published),
            "due": (np.ones(self.shape, int), max(due, 1)),
            "published": (np.zeros(self.shape, bool), published),
            "weighed": (np.ones(self.shape), whole.weighed),
            "summed": (self.nothing, whole.value),
            "low": (filed, np.where(published, filed[0], bounds.low)),
            "high": (filed, np.where(published, filed[0], bounds.high)),
            "unbounded": (np.zeros(self.shape, int), np.where(published, 0, bounds.why)),
        }
        return {name: with_province(areas, province) for name, (areas, province) in top.items()}

    def _finish(self, spec: IndicatorSpec, scope: tuple[str, ...], filed: Floats, annual: Floats, share: Floats,
                counts: Columns, zero: Bools | None = None) -> Series:  # fmt: skip
        blank = ~np.isfinite(filed)
        lacking = np.where(blank, self._lacking(spec, scope), -1)
        why = np.where(blank, np.where(lacking >= 0, CODE["input_missing"], CODE["no_value"]), 0)
        if zero is not None:
            why, lacking = np.where(blank & zero, CODE["denominator_zero"], why), np.where(zero, -1, lacking)
        return Series(filed, annual, share, why, lacking, **counts, inputs=spec.inputs, flow=self.is_flow(spec.code))

    def _lacking(self, spec: IndicatorSpec, scope: tuple[str, ...]) -> Any:
        """Number of the first input that is missing, -1 where none is; the province lacks what no area has."""
        if not spec.inputs:
            return -1
        gone = np.stack([~np.isfinite(self.own(part)) for part in spec.inputs])
        gone[:, 0] &= gone[:, self._members(scope)].all(1)
        return np.where(gone.any(0), gone.argmax(0), -1)
