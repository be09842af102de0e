"""Forecasts of short series, 4 to 40 points, and the chance that they meet a goal. Which method when, and why: docs/methods.md."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from targets.progress.conventions import Floats
from targets.progress.trends import ahead, fit, least_squares, smooth, theil_sen, widening

FEWEST, ENOUGH, MOST = 4, 8, 40  # no forecast below the first, all methods from the second on, never more points than the third
STEPS = {"A": 1.0, "Q": 0.25}
LEVELS = (0.80, 0.95)
YEARLY_WIDENING = 1.3  # model intervals are too narrow on short yearly series
WILD = 10.0  # a range that leaves ten times the largest value says nothing
LEAST_CHANCE = 0.01

ALPHAS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
BETAS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5)
PHIS = (0.85, 0.90, 0.94, 0.98)
FITTED = 5  # what damped Holt estimates: three parameters and two states
TAIL = 0.9  # the residual quantile that measures the spread about a Theil-Sen line

# Why there is no forecast: in Forecast.reason.
TOO_FEW_POINTS, TOO_WILD = "too_few_points", "too_wild"


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast for each time. `median`, and `low` and `high` with a row for each of LEVELS, lie within the bounds; `centre`, `sd` and
    `df` (t distribution) are in the working scale, which is ln y where `logarithmic`. `n` counts the points used.
    `method` is constant, theil_sen or combined; without a forecast it is "", the arrays are empty and `reason` says why."""

    method: str
    reason: str
    n: int
    times: Floats
    median: Floats
    low: Floats
    high: Floats
    centre: Floats
    sd: Floats
    df: Floats
    logarithmic: bool = False


class _Answer(NamedTuple):
    """A method's answer in its working scale, an entry for each time asked for."""

    centre: Floats
    sd: Floats
    df: Floats

    def reach(self, level: float) -> Floats:
        """Half the width of the prediction interval."""
        from scipy.special import stdtrit

        return np.asarray(stdtrit(self.df, (1 + level) / 2) * self.sd)


def forecast(
    times: ArrayLike,
    values: ArrayLike,
    horizon_times: ArrayLike,
    *,
    frequency: str,
    bounds: tuple[float, float] = (-np.inf, np.inf),
    growing: bool = True,
) -> Forecast:
    """Forecast a series to later times. Times are decimal years on a grid of years ("A") or quarters ("Q"), rising; NaN is a missing
    value. The series is one unbroken segment: nothing here knows of breaks. `bounds` clip what is shown (shares 0..100, counts from 0).
    `growing`: where all values are positive they may grow by rates; a running sum grows by amounts, so say False for it.
    ValueError for another frequency, infinite values, and times off the grid, not rising or not after the last value."""
    if frequency not in STEPS:
        raise ValueError(f"no such frequency: {frequency!r}")
    places, y, steps = _laid_out(times, values, horizon_times, STEPS[frequency])
    if len(y) < FEWEST:
        return _none(TOO_FEW_POINTS, len(y))
    growing = growing and bool((y > 0).all())
    with np.errstate(all="ignore"):
        if np.ptp(y) == 0:
            method, found = "constant", _Answer(*(np.full(len(steps), part) for part in (y[0], 0.0, len(y) - 1.0)))
        elif len(y) < ENOUGH:
            method, found = "theil_sen", _robust(places, np.log(y) if growing else y, steps)
        else:
            method, found = "combined", _combined(places, y, steps, growing)
        found = found._replace(sd=found.sd * (YEARLY_WIDENING if frequency == "A" else 1.0))
        made = _finished(method, found, len(y), np.asarray(horizon_times, float), bounds, growing and method == "theil_sen")
    return made if _is_tame(made, y) else _none(TOO_WILD, len(y))


def chance(made: Forecast, goal: float, d: float, *, strict: bool = False) -> float | None:
    """Chance that the value at the last time meets the goal (d = +1 from below, −1 from above), within 0.01..0.99: nothing is certain.
    None without a forecast or without a goal (NaN)."""
    from scipy.special import stdtr

    if not made.method or np.isnan(goal):
        return None
    with np.errstate(all="ignore"):
        level = np.log(max(goal, 0.0)) if made.logarithmic else goal
        lead = d * (made.centre[-1] - level)
    if made.sd[-1] > 0:
        share = float(stdtr(made.df[-1], lead / made.sd[-1]))
    else:
        share = float(lead > 0 if strict else lead >= 0)
    return min(max(share, LEAST_CHANCE), 1 - LEAST_CHANCE)


def _none(reason: str, n: int) -> Forecast:
    blank, rows = np.empty(0), np.empty((len(LEVELS), 0))
    return Forecast("", reason, n, blank, blank, rows, rows, blank, blank, blank)


def _laid_out(times: ArrayLike, values: ArrayLike, horizon_times: ArrayLike, step: float) -> tuple[Floats, Floats, Floats]:
    """Known points as whole steps before the last one and their values, at most MOST; and how many steps after it each forecast lies."""
    t, y, later = (np.asarray(part, float) for part in (times, values, horizon_times))
    if t.shape != y.shape or np.isinf(y).any() or not np.isfinite(t).all() or (np.diff(t) <= 0).any():
        raise ValueError("a series to forecast needs a finite value or none at each of its times, and times that rise")
    t, y = t[~np.isnan(y)][-MOST:], y[~np.isnan(y)][-MOST:]
    if not len(t):
        return t, y, later
    exact = (np.concatenate([t, later]) - t[-1]) / step
    places = np.round(exact)
    if (np.abs(exact - places) > 1e-6).any():
        raise ValueError(f"times lie off the grid of {step} years")
    if not len(later) or (places[len(t) :] < 1).any():
        raise ValueError("a forecast must lie after the last known value")
    return places[: len(t)], y, places[len(t) :]


def _robust(places: Floats, z: Floats, steps: Floats) -> _Answer:
    """Theil-Sen; the spread is a quantile of the residuals as if they were normal, widened for the two numbers fitted, for the
    distance as a line's prediction interval is, and by t."""
    from scipy.special import ndtri

    n, line = len(z), theil_sen(places, z)
    rest = np.abs(z - line.joint - line.slope * places)
    sd = np.quantile(rest, TAIL) / ndtri((1 + TAIL) / 2) * np.sqrt(n / (n - 2))
    far = np.sqrt(1 + 1 / n + (steps - places.mean()) ** 2 / ((places - places.mean()) ** 2).sum())
    return _Answer(line.joint + line.slope * steps, sd * far, np.full(len(steps), n - 2.0))


def _combined(places: Floats, y: Floats, steps: Floats, growing: bool) -> _Answer:
    """Median of three lines that bend differently: exponential (straight where nothing may grow by rates), straight, flattening. About
    it lies the wider of the prediction intervals of the first and the last."""
    straight, damped = theil_sen(places, y), _damped(places, y, steps)
    line, df = least_squares(places, np.log(y) if growing else y), np.full(len(steps), len(y) - 2.0)
    low, high = line.interval(steps, LEVELS[1])
    bent, low, high = (np.exp(part) if growing else part for part in (line.at(steps), low, high))
    bent_sd = (high - low) / 2 / _Answer(bent, np.ones(len(steps)), df).reach(LEVELS[1])
    wider = damped.reach(LEVELS[1]) > (high - low) / 2
    centre = np.median([bent, straight.joint + straight.slope * steps, damped.centre], axis=0)
    return _Answer(centre, np.where(wider, damped.sd, bent_sd), np.where(wider, damped.df, df))


def _damped(places: Floats, y: Floats, steps: Floats) -> _Answer:
    """Damped Holt on the grid, gaps left missing; each fitted parameter and state costs a degree of freedom."""
    line = np.full(int(-places[0]) + 1, np.nan)
    line[(places - places[0]).astype(int)] = y
    best = fit(line, ALPHAS, BETAS, PHIS)
    last = smooth(line, best.alpha, best.beta, best.phi, level=best.level, slope=best.slope)
    whole, df = steps.astype(int), len(y) - FITTED
    sd = np.sqrt(best.sse / df * widening(best.alpha, best.beta, best.phi, whole))
    return _Answer(ahead(float(last.levels[-1]), float(last.slopes[-1]), best.phi, whole), sd, np.full(len(steps), float(df)))


def _finished(method: str, found: _Answer, n: int, times: Floats, bounds: tuple[float, float], logarithmic: bool) -> Forecast:
    """Back from the working scale, within the bounds."""
    reach = np.array([found.reach(level) for level in LEVELS])
    parts = (found.centre, found.centre - reach, found.centre + reach)
    median, low, high = (np.clip(np.exp(part) if logarithmic else part, *bounds) for part in parts)
    return Forecast(method, "", n, times, median, low, high, *found, logarithmic=logarithmic)


def _is_tame(made: Forecast, y: Floats) -> bool:
    """Does the narrower range stay near what was seen?"""
    return made.method == "constant" or bool((np.abs([made.low[0], made.high[0]]) <= WILD * np.abs(y).max()).all())
