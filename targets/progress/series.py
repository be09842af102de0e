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
from targets.progress.conventions import Bools, Floats
from targets.progress.reasons import CODE

if TYPE_CHECKING:
    from pandas import DataFrame

Ints = NDArray[np.int64]
HISTORY = 3  # complete earlier years whose mean gives a period's part of the year
DECEMBER = 11


@dataclass(frozen=True)
class Series:
    """One indicator over the areas of one scope. `filed` as reported (year-to-date for flows), `annual` the same for the whole
    year, `share` = filed / annual. `why` holds the reason code of missing figures, `lacking` the number of the missing input
    (-1: none). `reported` of `due` areas; `published`: the province's own figure, which wins over the sum."""

    filed: Floats
    annual: Floats
    share: Floats
    why: Ints
    lacking: Ints
    reported: Ints
    due: Ints
    published: Bools
    inputs: tuple[str, ...] = ()
    flow: bool = False

    def covered(self, least: float) -> "Series":
        """Withhold figures of too few areas: reported / due below `least` (compared at four digits, as packs write it)."""
        thin = ~self.published & (self.reported > 0) & (np.round(self.reported / self.due, 4) < round(least, 4))
        withheld = np.where(thin, np.nan, self.filed), np.where(thin, np.nan, self.annual)
        return replace(self, filed=withheld[0], annual=withheld[1], why=np.where(thin, CODE["coverage_too_low"], self.why))

    @property
    def partial(self) -> Bools:
        return ~self.published & (self.reported > 0) & (self.reported < self.due)

    def accumulated(self, first: int) -> "Series":
        """A flow added up from year number `first` on: whole earlier years plus the part filed this year."""
        years = np.arange(self.filed.shape[1])
        whole = np.where(years[None, :] >= first, self.filed[:, :, DECEMBER], 0.0)
        before = np.concatenate([np.zeros_like(whole[:, :1]), np.cumsum(whole, axis=1)[:, :-1]], axis=1)
        total = np.where((years >= first)[None, :, None], self.filed + before[:, :, None], np.nan)
        return replace(self, filed=total, annual=total, share=np.ones_like(total), flow=False,
                       why=np.where(np.isfinite(total), 0, np.where(self.why > 0, self.why, CODE["no_value"])))  # fmt: skip


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


class Figures:
    """Observations laid out on the grid, and the series made of them. Areas: the province first, then all others."""

    def __init__(self, indicators: Mapping[str, IndicatorSpec], observations: "DataFrame", areas: Sequence[str], years: range) -> None:
        self.indicators, self.areas, self.years = indicators, tuple(areas), years
        self.place = {area: number for number, area in enumerate(self.areas)}
        self.shape = (len(self.areas), len(years), 12)
        self._observed = self._lay_out(observations)
        self._own: dict[str, Floats] = {}
        self._series: dict[tuple[str, tuple[str, ...]], Series] = {}

    def _lay_out(self, observations: "DataFrame") -> dict[str, Floats]:
        """One grid per indicator. A year's figure and its last quarter's are the same thing; where both are there, the year's counts."""
        texts = observations["period"].astype(str)
        parsed = {text: Period.parse(text) for text in texts.unique()}
        table = observations.assign(
            rank=texts.map({text: "MQA".index(period.frequency) for text, period in parsed.items()}),
            y=texts.map({text: period.year - self.years.start for text, period in parsed.items()}),
            m=texts.map({text: period.month - 1 for text, period in parsed.items()}),
            a=observations["area"].map(self.place),
        )
        table = table[table["a"].notna()].sort_values("rank", kind="stable")
        grids = {}
        for code, rows in table.groupby("indicator", sort=False):
            grid = np.full(self.shape, np.nan)
            grid[rows["a"].to_numpy(int), rows["y"].to_numpy(int), rows["m"].to_numpy(int)] = rows["value"].to_numpy(float, na_value=np.nan)
            grids[str(code)] = grid
        return grids

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
        values = filed[rows]
        known = np.isfinite(values)
        published = np.isfinite(filed[0])
        if spec.rollup != "none":
            total = (
                np.where(known, values, np.inf).min(0, initial=np.inf) if spec.kind == "milestone" else np.where(known, values, 0.0).sum(0)
            )
            filed[0] = np.where(published, filed[0], np.where(known.any(0), total, np.nan))
        counts = self._counts(known, published, len(rows), np.isfinite(filed))
        share = np.ones(self.shape)
        if self.is_flow(spec.code):
            share = known_share(usual_share(np.where(self._whole(counts), filed, np.nan)))
        return self._finish(spec, scope, filed, filed / share, share, counts)

    def _pooled(self, spec: IndicatorSpec, scope: tuple[str, ...]) -> Series:
        """Ratios: summed numerators over summed denominators of the areas that have both."""
        upper, lower = self.own(spec.numerator).copy(), self.own(spec.denominator).copy()
        rows, both = self._members(scope), np.isfinite(self.own(spec.numerator)) & np.isfinite(self.own(spec.denominator))
        known, published = both[rows], both[0].copy()
        for part in (upper, lower):
            part[0] = np.where(published, part[0], np.where(known.any(0), np.where(known, part[rows], 0.0).sum(0), np.nan))
        stated = np.isfinite(self._observed.get(spec.code, self.nothing))
        counts = self._counts(known | stated[rows], published | stated[0], len(rows), both | stated)
        shares = self._shares(spec, np.where(self._whole(counts), upper, np.nan), np.where(self._whole(counts), lower, np.nan))
        filed = np.where(lower != 0, spec.scale * upper / lower, np.nan)
        share = np.where(stated, 1.0, shares[0] / shares[1])
        filed = np.where(stated, self._observed.get(spec.code, self.nothing), filed)
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

    def _counts(self, known: Bools, published: Bools, due: int, present: Bools) -> tuple[Ints, Ints, Bools]:
        """Reported, due, and whether the figure is the province's own. An area other than the province counts itself."""
        reported = present.astype(int)
        reported[0] = known.sum(0) if due else published
        dues = np.ones(self.shape, int)
        dues[0] = max(due, 1)
        own = np.zeros(self.shape, bool)
        own[0] = published
        return reported, dues, own

    @staticmethod
    def _whole(counts: tuple[Ints, Ints, Bools]) -> Bools:
        reported, due, published = counts
        return np.asarray(published | (reported == due))

    def _finish(self, spec: IndicatorSpec, scope: tuple[str, ...], filed: Floats, annual: Floats, share: Floats,
                counts: tuple[Ints, Ints, Bools], zero: Bools | None = None) -> Series:  # fmt: skip
        blank = ~np.isfinite(filed)
        lacking = np.where(blank, self._lacking(spec, scope), -1)
        why = np.where(blank, np.where(lacking >= 0, CODE["input_missing"], CODE["no_value"]), 0)
        if zero is not None:
            why, lacking = np.where(blank & zero, CODE["denominator_zero"], why), np.where(zero, -1, lacking)
        return Series(filed, annual, share, why, lacking, *counts, spec.inputs, self.is_flow(spec.code))

    def _lacking(self, spec: IndicatorSpec, scope: tuple[str, ...]) -> Any:
        """Number of the first input that is missing, -1 where none is; the province lacks what no area has."""
        if not spec.inputs:
            return -1
        gone = np.stack([~np.isfinite(self.own(part)) for part in spec.inputs])
        gone[:, 0] &= gone[:, self._members(scope)].all(1)
        return np.where(gone.any(0), gone.argmax(0), -1)
