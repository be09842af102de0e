"""Share of the way and pace by each convention. Columns in, columns out; formulas: docs/methods.md section 2."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Points(NamedTuple):
    """One series per row: baseline value and time, value and time, goal and its time, d = +1 if more is better, else -1.
    Times are decimal years; values share one unit. `planned`: the share of the way planned by now where a schedule says so (NaN: even)."""

    v0: Floats
    t0: Floats
    v: Floats
    t: Floats
    goal: Floats
    end: Floats
    d: Floats
    planned: Floats | None = None

    def at(self, rows: NDArray[Any]) -> "Points":
        return Points(*(None if column is None else column[rows] for column in self))  # type: ignore[arg-type]

    @property
    def elapsed(self) -> Floats:
        """Share of the time between baseline and deadline that has passed."""
        return (self.t - self.t0) / (self.end - self.t0)

    @property
    def scheduled(self) -> Floats:
        """Share of the way planned by now."""
        return self.elapsed if self.planned is None else np.where(np.isnan(self.planned), self.elapsed, self.planned)


def growth(ratio: Floats, years: Floats) -> Floats:
    """Compound yearly growth, as a fraction, of what becomes `ratio` times itself in so many years; -1 where nothing is left."""
    return np.asarray(np.expm1(np.log(ratio) / years))


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
    observed, required = growth(p.v / p.v0, p.t - p.t0), growth(p.goal / p.v0, p.end - p.t0)
    return log_share(p)[0], np.sign(p.v0) * p.d * observed / np.abs(required)


def extrapolated(p: Points) -> Floats:
    """Where the growth observed so far would end at the deadline."""
    return np.asarray(p.v0 * (p.v / p.v0) ** (1 / p.elapsed))


def extrapolation(p: Points) -> tuple[Floats, Floats]:
    """UN progress chart: where the observed growth would end, as a share of the way."""
    return (p.v - p.v0) / (p.goal - p.v0), (extrapolated(p) - p.v0) / (p.goal - p.v0)


def direct(p: Points) -> tuple[Floats, Floats]:
    """The value as a share of the goal (the goal as a share of the value where less is better)."""
    share = np.where(p.d > 0, p.v / p.goal, p.goal / p.v)
    return share, share


def schedule(p: Points) -> tuple[Floats, Floats]:
    """Share of the way against the share the schedule asks for by now (20, 40, 60, 80, 100 % by the end of each year of a plan). In
    logarithms as the five-year plans count it; linear where values are zero or change sign."""
    grows = (p.v0 * p.v > 0) & (p.v0 * p.goal > 0)
    share = np.where(grows, log_share(p)[0], linear_share(p)[0])
    return share, share / p.scheduled


CONVENTIONS: dict[str, Callable[[Points], tuple[Floats, Floats]]] = {
    "linear_share": linear_share,
    "log_share": log_share,
    "cagr_ratio": cagr_ratio,
    "extrapolation": extrapolation,
    "direct": direct,
    "schedule": schedule,
}
GROWING = ("log_share", "cagr_ratio", "extrapolation")  # need values of one sign, at least a year apart


def published(values: Floats, decimals: NDArray[Any]) -> Floats:
    """Values as printed: half away from zero, forgiving 1e-9 of binary dust."""
    power = np.power(10.0, decimals)
    return np.asarray(np.copysign(np.floor(np.abs(values) * power + 0.5 + 1e-9) / power, values))


def meets(values: Floats, goal: Floats, d: Floats, strict: Bools, decimals: NDArray[Any]) -> Bools:
    """Does the printed value satisfy the printed goal? Missing values do not."""
    ahead = d * (published(values, decimals) - published(goal, decimals))
    return np.asarray(np.where(strict, ahead > 1e-9, ahead >= -1e-9) & np.isfinite(ahead))
