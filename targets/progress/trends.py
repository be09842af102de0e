"""Lines and exponential smoothing for short series. Plain arithmetic on numbers; when to use which: forecast.py."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from targets.progress.conventions import Floats


class Line(NamedTuple):
    """A least-squares line: `sd` of the residuals with n − 2 degrees of freedom, `middle` and `spread` (sum of squares) of x."""

    slope: float
    intercept: float
    n: int
    sd: float
    middle: float
    spread: float

    def at(self, x: ArrayLike) -> Floats:
        return self.intercept + self.slope * np.asarray(x, float)

    def error(self, x: ArrayLike, *, of_mean: bool = False) -> Floats:
        """Standard error at x of a new observation or, with `of_mean`, of the line itself."""
        return np.asarray(self.sd * np.sqrt((not of_mean) + 1 / self.n + (np.asarray(x, float) - self.middle) ** 2 / self.spread))

    def interval(self, x: ArrayLike, level: float = 0.95, *, of_mean: bool = False) -> tuple[Floats, Floats]:
        """Prediction interval (with `of_mean` the confidence interval of the mean): fit ∓ t(n − 2) × standard error."""
        from scipy.special import stdtrit

        reach = stdtrit(self.n - 2, (1 + level) / 2) * self.error(x, of_mean=of_mean)
        return self.at(x) - reach, self.at(x) + reach


def least_squares(x: ArrayLike, y: ArrayLike) -> Line:
    """Ordinary least squares y = intercept + slope · x. ValueError for fewer than three points or x all alike."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    if len(x) < 3 or np.ptp(x) == 0:
        raise ValueError("a line with an interval needs three points and more than one x")
    middle = x.mean()
    spread = ((x - middle) ** 2).sum()
    slope = ((x - middle) * (y - y.mean())).sum() / spread
    intercept = y.mean() - slope * middle
    rest = y - intercept - slope * x
    return Line(float(slope), float(intercept), len(x), float(np.sqrt((rest**2).sum() / (len(x) - 2))), float(middle), float(spread))


class MedianLine(NamedTuple):
    """A Theil-Sen line. `separate` = median(y) − slope · median(x), `joint` = median(y − slope · x); `low`, `high` bound the slope."""

    slope: float
    separate: float
    joint: float
    low: float
    high: float


def theil_sen(x: ArrayLike, y: ArrayLike, level: float = 0.95) -> MedianLine:
    """Median of all pairwise slopes with Sen's interval (Sen 1968). ValueError for fewer than two points or x all alike."""
    from scipy.stats import theilslopes

    x, y = np.asarray(x, float), np.asarray(y, float)
    if len(x) < 2 or np.ptp(x) == 0:
        raise ValueError("a slope needs two points and more than one x")
    slope, separate, low, high = theilslopes(y, x, level)
    return MedianLine(float(slope), float(separate), float(np.median(y - slope * x)), float(low), float(high))


class Smoothed(NamedTuple):
    """States after each observation and the one-step errors before it; the first axis is time."""

    levels: Floats
    slopes: Floats
    errors: Floats


def smooth(
    y: ArrayLike, alpha: ArrayLike, beta: ArrayLike = 0.0, phi: ArrayLike = 1.0, *, level: ArrayLike, slope: ArrayLike = 0.0
) -> Smoothed:
    """Damped Holt from the state before the first observation; beta is beta-star, phi 1 undamped, beta and slope 0 simple smoothing.
    l = l' + φb' + αe, b = φb' + αβe with e = y − (l' + φb'). A missing y (NaN) moves the state on and has no error.
    Parameters may be arrays: one column of the result each."""
    alpha, beta, phi = np.asarray(alpha, float), np.asarray(beta, float), np.asarray(phi, float)
    levels, slopes, errors = [], [], []
    at, by = np.asarray(level, float), np.asarray(slope, float)
    for value in np.asarray(y, float):
        at, by = at + phi * by, phi * by
        error = 0.0 * at if np.isnan(value) else value - at
        at, by = at + alpha * error, by + alpha * beta * error
        levels.append(at)
        slopes.append(by)
        errors.append(error)
    return Smoothed(np.array(levels), np.array(slopes), np.array(errors))


def damping(phi: float, steps: ArrayLike) -> Floats:
    """φ + φ² + … + φ^h for each h of `steps` (whole numbers from 0 on)."""
    steps = np.asarray(steps, int)
    return np.asarray(np.concatenate([[0.0], np.cumsum(phi ** np.arange(1, steps.max(initial=0) + 1))])[steps])


def ahead(level: float, slope: float, phi: float, steps: ArrayLike) -> Floats:
    """Damped Holt's forecast: level + (φ + … + φ^h) · slope."""
    return np.asarray(level + damping(phi, steps) * slope)


def widening(alpha: float, beta: float, phi: float, steps: ArrayLike) -> Floats:
    """Variance of damped Holt's forecast h steps ahead over that one step ahead: 1 + Σ_{j<h} (α + αβ(φ + … + φ^j))²."""
    steps = np.asarray(steps, int)
    weights = alpha + alpha * beta * damping(phi, np.arange(1, max(steps.max(initial=1), 1)))
    return np.asarray(np.concatenate([[1.0], 1 + np.cumsum(weights**2)])[steps - 1])


def smooth_exponential(y: ArrayLike, alpha: float, beta: float, *, level: float, growth: float) -> tuple[float, float]:
    """Holt with a multiplicative trend: last level and growth factor; the forecast is level · growth^h. Needs values of one sign."""
    for value in np.asarray(y, float):
        before, level = level, alpha * value + (1 - alpha) * level * growth
        growth = beta * level / before + (1 - beta) * growth
    return float(level), float(growth)


class Fit(NamedTuple):
    """A damped Holt fit: parameters, state before the first observation, sum of squared one-step errors."""

    alpha: float
    beta: float
    phi: float
    level: float
    slope: float
    sse: float


def fit(
    y: ArrayLike, alphas: Sequence[float], betas: Sequence[float] = (0.0,), phis: Sequence[float] = (1.0,), *, trend: bool = True
) -> Fit:
    """The parameters of the grid with the least squared one-step errors; the initial state is exact for each, since errors are linear
    in it. A grid cannot diverge, and one with alpha 1 and beta 0 is never worse than the naive forecast. ValueError without values."""
    y = np.asarray(y, float)
    if np.isfinite(y).sum() < 2:
        raise ValueError("smoothing needs two known values")
    alpha, beta, phi = (part.ravel() for part in np.meshgrid(alphas, betas, phis, indexing="ij"))
    blank, zero = np.where(np.isnan(y), np.nan, 0.0), np.zeros(len(alpha))
    rest = smooth(y, alpha, beta, phi, level=zero, slope=zero).errors
    by_level = -smooth(blank, alpha, beta, phi, level=zero + 1, slope=zero).errors
    by_slope = -smooth(blank, alpha, beta, phi, level=zero, slope=zero + 1).errors if trend else zero * by_level
    level, slope = _solve(rest, by_level, by_slope, trend)
    sse = ((rest - level * by_level - slope * by_slope) ** 2).sum(0)
    best = int((sse <= np.nanmin(sse) * (1 + 1e-9) + 1e-20 * np.nansum(y**2)).argmax())  # of equals the smoothest, whatever the rounding
    return Fit(*(float(part[best]) for part in (alpha, beta, phi, level, slope, sse)))


def _solve(rest: Floats, by_level: Floats, by_slope: Floats, trend: bool) -> tuple[NDArray[Any], NDArray[Any]]:
    """Normal equations of one or two unknowns, a column each."""
    ll, lr = (by_level**2).sum(0), (by_level * rest).sum(0)
    if not trend:
        return lr / ll, np.zeros(len(ll))
    ls, ss, sr = (by_level * by_slope).sum(0), (by_slope**2).sum(0), (by_slope * rest).sum(0)
    whole = ll * ss - ls**2
    return (lr * ss - sr * ls) / whole, (sr * ll - lr * ls) / whole
