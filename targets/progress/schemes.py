"""Other international schemes, to be set beside our own and never mixed with it. Columns in, columns out; formulas: docs/methods.md.

A number is NaN where one of its inputs is missing or its divisor is zero. `d` is +1 where more is better, else -1."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from targets.progress.conventions import Floats, Points, extrapolated, extrapolation, growth
from targets.progress.placing import Codes, first_of

UN_CUTS = (0.95, 0.10)  # share of the way that the growth so far leads to
UN_RATE_CUTS = (0.02, 0.005)  # yearly growth where no target is stated
UN_BOUNDS = (0.0, 100.0)  # a target here counts as met from one point away
UN_NEAR = 1.0

ESCAP_CLASSES = ("not_available", "maintain", "accelerate", "reverse")
ESCAP_CUTS = (10.0, 100.0)  # anticipated gap in percent, upper bounds of maintain and accelerate


class Chart(NamedTuple):
    """UN progress chart: value the growth so far leads to in the target year, the same as a share of the way, score 3 (met or nearly),
    2, 1, or 0 where it cannot be told."""

    extrapolated: Floats
    ratio: Floats
    score: Codes


class Outlook(NamedTuple):
    """ESCAP: status index (0 at the base, 10 at the target, negative regressed), anticipated gap in percent of the way, and the class as
    its place in ESCAP_CLASSES."""

    status_index: Floats
    gap: Floats
    cls: Codes


def column(values: ArrayLike) -> Floats:
    return np.asarray(values, np.float64)


def rounded(values: Floats) -> Floats:
    """As compared with a cut: nine digits."""
    return np.round(values, 9)


def direction(base: Floats, target: Floats) -> Floats:
    """The way a target asks for, where nothing else says it; NaN where it is the base itself."""
    d = np.sign(target - base)
    return np.where(d == 0, np.nan, d)


def un_chart(points: Points) -> Chart:
    """UN progress chart. With a target: where the growth so far would end; without one (NaN): the yearly growth in the wanted direction.
    Rates of growth are not to be judged by it."""
    with np.errstate(all="ignore"):
        ratio = extrapolation(points)[1]
        rate = points.d * growth(points.v / points.v0, points.t - points.t0)
    at_bound = np.isin(points.goal, UN_BOUNDS) & (np.abs(points.v - points.goal) <= UN_NEAR)
    met = at_bound | (points.d * (points.v - points.goal) >= 0)
    score = np.where(np.isnan(points.goal), _scored(rate, UN_RATE_CUTS), np.where(met, 3, _scored(ratio, UN_CUTS)))
    with np.errstate(all="ignore"):
        return Chart(extrapolated(points), ratio, score.astype(np.int8))


def _scored(values: Floats, cuts: tuple[float, float]) -> Codes:
    high, low = (rounded(values) >= cut for cut in cuts)
    return first_of(len(values), (high, 3), (low, 2), (~np.isnan(values), 1))


def escap(base: ArrayLike, current: ArrayLike, predicted: ArrayLike, target: ArrayLike, d: ArrayLike | None = None) -> Outlook:
    """ESCAP's status index and anticipated gap, given the value predicted for the target year. Without `d` the direction is from the
    base to the target. The gap is 0 where the target is expected to be met; up to 10 maintain, up to 100 accelerate, above it reverse."""
    base, current, predicted, target = np.broadcast_arrays(*(np.atleast_1d(column(part)) for part in (base, current, predicted, target)))
    wanted = direction(base, target) if d is None else column(d)
    way = np.where(target == base, np.nan, np.abs(target - base))
    met = (wanted * (predicted - target) >= 0) | (predicted == target)
    gap = np.where(met, 0.0, 100 * np.abs(target - predicted) / way)
    small, large = (rounded(gap) <= cut for cut in ESCAP_CUTS)
    cls = first_of(len(gap), (np.isnan(gap), 0), (small, 1), (large, 2), (~large, 3))
    return Outlook(10 * wanted * (current - base) / way, gap, cls)


def oecd_distance(values: ArrayLike, target: ArrayLike, peer_sd: ArrayLike, d: ArrayLike) -> Floats:
    """OECD distance to a target in standard deviations of the peers; 0 where the target is met."""
    spread = np.where(column(peer_sd) > 0, column(peer_sd), np.nan)
    return np.maximum(column(d) * (column(target) - column(values)) / spread, 0.0)


def sdg_index(values: ArrayLike, worst: ArrayLike, best: ArrayLike) -> Floats:
    """SDG Index: 0 at the worst value and beyond, 100 at the best and beyond; the best may be the lower one."""
    way = column(best) - column(worst)
    return np.clip(100 * (column(values) - column(worst)) / np.where(way == 0, np.nan, way), 0.0, 100.0)


def distance_to_target(values: ArrayLike, target: ArrayLike, d: ArrayLike, cap: bool = False) -> Floats:
    """COINr: share of the way to the target from the worst of the set, which is the last axis: its minimum, or its maximum where less is
    better. `cap`: at most 1. NaN for the whole set where its worst has met the target, and for a missing value."""
    x, wanted = column(values), column(d)
    ahead = wanted * x
    worst = np.fmin.reduce(ahead, axis=-1, keepdims=True, initial=np.inf)
    way = wanted * column(target) - worst
    share = (ahead - worst) / np.where(way > 0, way, np.nan)
    return np.minimum(share, 1.0) if cap else share


def goalposts(values: ArrayLike, low: ArrayLike, high: ArrayLike, scale: ArrayLike = 1.0, d: ArrayLike = 1.0) -> Floats:
    """COINr: 0 to `scale` between two goalposts, clipped there; turned round where less is better. NaN where they stand together."""
    width = column(high) - column(low)
    share = np.clip((column(values) - column(low)) / np.where(width > 0, width, np.nan), 0.0, 1.0)
    return np.where(column(d) > 0, share, 1 - share) * column(scale)
