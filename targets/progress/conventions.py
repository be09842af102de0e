"""Share of the way, pace and path of each convention. Columns in, columns out; formulas: docs/methods.md section 2."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Points(NamedTuple):
    """One series per row: baseline value and time, value and time, goal and its time, d = +1 if more is better, else -1.
    Times are decimal years; values share one unit."""

    v0: Floats
    t0: Floats
    v: Floats
    t: Floats
    goal: Floats
    end: Floats
    d: Floats

    def at(self, rows: NDArray[Any]) -> "Points":
        return Points(*(column[rows] for column in self))

    @property
    def elapsed(self) -> Floats:
        """Share of the time between baseline and deadline that has passed."""
        return (self.t - self.t0) / (self.end - self.t0)


def linear_share(p: Points) -> tuple[Floats, Floats]:
    """Share of the way and pace = share / elapsed share of the time."""
    share = (p.v - p.v0) / (p.goal - p.v0)
    return share, share / p.elapsed


def log_share(p: Points) -> tuple[Floats, Floats]:
    """The Chinese five-year-plan convention: share of the way in logarithms, pace as in linear_share."""
    share = np.log(p.v / p.v0) / np.log(p.goal / p.v0)
    return share, share / p.elapsed


def cagr_ratio(p: Points) -> tuple[Floats, Floats]:
    """Eurostat / Open SDG: observed over required yearly growth, signed by direction and by the baseline's sign.
    The share of the way is the place on the geometric path."""
    whole = np.log(p.goal / p.v0)
    done = np.log(p.v / p.v0)
    observed, required = np.expm1(done / (p.t - p.t0)), np.expm1(whole / (p.end - p.t0))
    return done / whole, np.sign(p.v0) * p.d * observed / np.abs(required)


def extrapolation(p: Points) -> tuple[Floats, Floats]:
    """UN progress chart: where the observed growth would end, as a share of the way."""
    ends = p.v0 * (p.v / p.v0) ** (1 / p.elapsed)
    return (p.v - p.v0) / (p.goal - p.v0), (ends - p.v0) / (p.goal - p.v0)


def direct(p: Points) -> tuple[Floats, Floats]:
    """The value as a share of the goal (the goal as a share of the value where less is better)."""
    share = np.where(p.d > 0, p.v / p.goal, p.goal / p.v)
    return share, share


def linear_path(v0: Floats, goal: Floats, elapsed: Floats) -> Floats:
    return v0 + (goal - v0) * elapsed


def geometric_path(v0: Floats, goal: Floats, elapsed: Floats) -> Floats:
    return v0 * (goal / v0) ** elapsed


def flat_path(v0: Floats, goal: Floats, elapsed: Floats) -> Floats:
    return goal


CONVENTIONS: dict[str, Callable[[Points], tuple[Floats, Floats]]] = {
    "linear_share": linear_share,
    "log_share": log_share,
    "cagr_ratio": cagr_ratio,
    "extrapolation": extrapolation,
    "direct": direct,
}
GROWING = ("log_share", "cagr_ratio", "extrapolation")  # need values of one sign, at least a year apart

PATHS: dict[str, Callable[[Floats, Floats, Floats], Floats]] = {
    "linear": linear_path,
    "geometric": geometric_path,
    "none": flat_path,
}


def published(values: Floats, decimals: NDArray[Any]) -> Floats:
    """Values as printed: half away from zero, forgiving 1e-9 of binary dust."""
    power = np.power(10.0, decimals)
    return np.asarray(np.copysign(np.floor(np.abs(values) * power + 0.5 + 1e-9) / power, values))


def meets(values: Floats, goal: Floats, d: Floats, strict: Bools, decimals: NDArray[Any]) -> Bools:
    """Does the printed value satisfy the printed goal? Missing values do not."""
    ahead = d * (published(values, decimals) - published(goal, decimals))
    return np.asarray(np.where(strict, ahead > 1e-9, ahead >= -1e-9) & np.isfinite(ahead))
