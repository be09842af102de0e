"""Members to a whole: sums, ratios and what may be said when members are missing. Rules and sources: docs/methods.md, "Members to a whole".

The members are the first axis of every array, all other axes are kept; NaN is a missing figure. Coverages are fractions. A whole that
cannot stand is NaN; where there can be several reasons their codes (reasons.CODE) come along, 0 where it stands."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from targets.progress.conventions import Bools, Floats
from targets.progress.reasons import CODE

Ints = NDArray[np.int64]
TWO_THIRDS = 2 / 3
HALF = 1 / 2
FEWEST = 2  # growths needed before their lowest and highest say anything


class Whole(NamedTuple):
    """What the members known come to (NaN where none is), and the share of the members and of their weight that is known."""

    value: Floats
    counted: Floats
    weighed: Floats

    @property
    def partial(self) -> Bools:
        return (self.counted > 0) & (self.counted < 1)

    def if_covered(self, least: float = TWO_THIRDS, *, by_count: bool = True) -> Floats:
        """The value, withheld where less than `least` of the weight or, where they count too, of the members is known."""
        enough = stands(self.weighed, least) & (stands(self.counted, least) | (not by_count))
        return np.where(enough, self.value, np.nan)


class Bounds(NamedTuple):
    """Between which values the whole lies (both the whole itself where no member is missing), or the code why that cannot be said."""

    low: Floats
    high: Floats
    why: Ints

    def scaled(self, scale: float) -> "Bounds":
        return Bounds(scale * self.low, scale * self.high, self.why)


class Filled(NamedTuple):
    """Every member's figure with the missing ones put in, and the code why that was not possible."""

    members: Floats
    why: Ints


def stands(coverage: Floats, least: float | Floats = TWO_THIRDS) -> Bools:
    """Is enough known? Compared at four digits, as packs write two thirds (0.6667). An unknown coverage (NaN) decides nothing."""
    return ~np.asarray(np.round(coverage, 4) < np.round(least, 4))


def coverage(known: Bools, weights: Floats | None = None) -> Floats:
    """Share of the weight that the members known hold; every member weighs the same where weights are not given, not known for all,
    or add up to nothing."""
    counted = np.sum(known, axis=0) / len(known) if len(known) else np.full(known.shape[1:], np.nan)
    if weights is None:
        return counted
    with np.errstate(all="ignore"):
        return np.where(_usable(weights), np.where(known, weights, 0.0).sum(0) / weights.sum(0), counted)


def _usable(weights: Floats) -> Bools:
    return np.asarray((np.isfinite(weights) & (weights >= 0)).all(0) & (weights.sum(0) > 0))


def carried_weights(sizes: Floats) -> Floats:
    """Weights through time, which are all axes but the first, read in order: the sizes of the last time at which every member had
    one; NaN before the first such time."""
    line = sizes.reshape(len(sizes), np.prod(sizes.shape[1:], dtype=int))
    complete = _usable(line)
    last = np.maximum.accumulate(np.where(complete, np.arange(len(complete)), -1))
    return np.where(last >= 0, line[:, np.maximum(last, 0)], np.nan).reshape(sizes.shape)


def total(values: Floats, weights: Floats | None = None) -> Whole:
    """Sum of the members known; a missing one is not imputed (World Bank, sums)."""
    known = np.isfinite(values)
    added = np.where(known.any(0), np.where(known, values, 0.0).sum(0), np.nan)
    return Whole(added, coverage(known), coverage(known, weights))


def ratio(numerators: Floats, denominators: Floats, weights: Floats | None = None) -> Whole:
    """Sum of the numerators over the sum of the denominators of the members that have both, never a mean of ratios; NaN over zero. The
    weight is the denominator unless others are given (World Bank, weighted averages)."""
    known = np.isfinite(numerators) & np.isfinite(denominators)
    upper, lower = (total(np.where(known, part, np.nan)).value for part in (numerators, denominators))
    with np.errstate(all="ignore"):
        value = np.where(lower != 0, upper / lower, np.nan)
    return Whole(value, coverage(known), coverage(known, denominators if weights is None else weights))


def mean_of_ratios(numerators: Floats, denominators: Floats) -> Floats:
    """The plain mean of the members' ratios. Never the whole's ratio: only to show how far off it would be."""
    with np.errstate(all="ignore"):
        ratios = np.where(denominators != 0, numerators / denominators, np.nan)
        known = np.isfinite(ratios)
        return np.asarray(np.where(known, ratios, 0.0).sum(0) / known.sum(0))


def weighted_mean(values: Floats, weights: Floats, least: float = 0.0) -> Floats:
    """Mean of the members known, weighted; NaN where fewer than `least` of the members, by count, are known (COINr, data threshold) or
    their weights add up to nothing."""
    known = np.isfinite(values)
    held = np.where(known, weights, 0.0).sum(0)
    with np.errstate(all="ignore"):
        mean = np.where(held > 0, np.where(known, values * weights, 0.0).sum(0) / held, np.nan)
    return np.where(stands(coverage(known), least), mean, np.nan)


def gap_filled(previous: Floats, current: Floats, least: float = TWO_THIRDS) -> Filled:
    """A missing member keeps the share of the whole it had in the previous period (World Bank, gap-filled totals). Not where a previous
    figure is missing too, or where the missing members together held more than the rest of `least`."""
    known = np.isfinite(current)
    kept = coverage(known, previous)
    with np.errstate(all="ignore"):
        added = np.where(known, current, 0.0).sum(0) / kept
        members = np.where(known, current, previous / previous.sum(0) * added)
    gap = ~known.all(0)
    why = np.select([gap & ~_usable(previous), gap & ~stands(kept, least)], [CODE["no_year_before"], CODE["coverage_too_low"]], 0)
    return Filled(np.where(why > 0, np.where(known, current, np.nan), members), why)


def growth(previous: Floats, current: Floats) -> Floats:
    """Growth of the members known both times, together, as a fraction; NaN where more than half of the members are missing (World Bank,
    growth rates) or the base is not above zero."""
    both = np.isfinite(previous) & np.isfinite(current)
    before, now = (np.where(both, part, 0.0).sum(0) for part in (previous, current))
    with np.errstate(all="ignore"):
        return np.where(growth_stands(both.sum(0), len(both)) & (before > 0), now / before - 1, np.nan)


def growth_stands(available: Ints, members: int) -> Bools:
    """May growth of the whole be stated? Not when more than half of the members are missing."""
    return stands(np.asarray(available / members), HALF)


def bounds(previous: Floats, current: Floats, most: Floats | float = np.inf) -> Bounds:
    """Between which values the sum lies, by our own rule: each missing member grew since the previous period at least as much as the
    member known that grew least, at most as the one that grew most, and not beyond `most`. It takes a previous figure above zero of each
    missing member and the growth of at least two members and half of all."""
    known = np.isfinite(current)
    with np.errstate(all="ignore"):
        grown = np.where(known & (previous > 0) & (current >= 0), current / previous, np.nan)
    count, gap = np.isfinite(grown).sum(0), ~known.all(0)
    least, highest = np.where(np.isfinite(grown), grown, np.inf).min(0, initial=np.inf), np.nan_to_num(grown).max(0, initial=0.0)
    added = np.where(known, current, 0.0).sum(0)
    with np.errstate(all="ignore"):
        low, high = (added + np.where(known, 0.0, np.minimum(previous * factor, most)).sum(0) for factor in (least, highest))
    unseen = gap & ~(known | (previous > 0)).all(0)
    few = gap & ((count < FEWEST) | ~growth_stands(count, max(len(known), 1)))
    why = np.select([~known.any(0), unseen, few], [CODE["no_value"], CODE["no_year_before"], CODE["coverage_changed"]], 0)
    return Bounds(np.where(why > 0, np.nan, low), np.where(why > 0, np.nan, high), why)


def ratio_bounds(before: tuple[Floats, Floats], now: tuple[Floats, Floats], most: float = np.inf) -> Bounds:
    """The same for a ratio, from its numerators and denominators of both periods: a missing member's ratio changed like those of the others
    and is at most `most`; a missing denominator keeps its share of the previous period."""
    known = np.isfinite(now[0]) & np.isfinite(now[1])
    weights = gap_filled(before[1], now[1])
    with np.errstate(all="ignore"):
        unchanged = np.where(before[1] > 0, before[0] / before[1], np.nan) * weights.members
        upper = np.where(known, now[0], np.where(weights.members == 0, 0.0, np.nan))  # no weight: nothing to add
        low, high, why = bounds(unchanged, upper, most * weights.members if np.isfinite(most) else most)
        whole = weights.members.sum(0)
        why = np.select([why == CODE["no_value"], weights.why > 0, why > 0, ~(whole > 0)],
                        [CODE["no_value"], weights.why, why, CODE["denominator_zero"]], 0)  # fmt: skip
        return Bounds(np.where(why > 0, np.nan, low / whole), np.where(why > 0, np.nan, high / whole), why)


def unstated(values: Floats) -> Bounds:
    """For what is not added up, as a stage is not: no bounds."""
    nothing = np.full_like(values, np.nan)
    return Bounds(nothing, nothing, np.full(values.shape, CODE["evidence_only"]))


def residual(published: Floats, added: Floats) -> tuple[Floats, Floats]:
    """What the whole's own published figure is above the members' (negative: below), and the same as a share of it."""
    with np.errstate(all="ignore"):
        return published - added, np.where(published != 0, (published - added) / np.abs(published), np.nan)
