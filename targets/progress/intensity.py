"""Energy-intensity accounting of the five-year plans: yearly rates, cumulative cuts, progress. Numbers or arrays in, arrays out.

Every rate is a signed percentage (a fall is negative). Formulas: docs/methods.md, section 11. What is not defined (a fall of
100 % or more, a plan of no change, a division by zero) is NaN; whoever shows it names the reason."""

import numpy as np
from numpy.typing import ArrayLike

from targets.progress.conventions import Bools, Floats, meets

RATE_DECIMALS = 2  # rates are published to two decimals of a percent
USUAL_GDP_GROWTH = 2.0, 20.0  # percent a year of a Chinese province in these plans; our own bounds for `implausible`


def _factor(rate_pct: ArrayLike) -> Floats:
    """1 + r; NaN where nothing or less than nothing would be left."""
    factor = 1 + np.asarray(rate_pct, np.float64) / 100
    return np.where(factor > 0, factor, np.nan)


def _stands(values: ArrayLike) -> Floats:
    """Only finite numbers are results."""
    values = np.asarray(values, np.float64)
    return np.where(np.isfinite(values), values, np.nan)


def _over(upper: ArrayLike, lower: ArrayLike) -> Floats:
    """A quotient, NaN where it is not defined."""
    with np.errstate(all="ignore"):
        return _stands(np.asarray(upper, np.float64) / np.asarray(lower, np.float64) + 0.0)  # + 0.0: no negative zero


def _root(factor: Floats, years: ArrayLike) -> Floats:
    """The yearly rate, in percent, that makes up a factor in so many years; NaN without a year."""
    with np.errstate(all="ignore"):
        return 100 * np.expm1(np.log(factor) / np.where(np.asarray(years) > 0, years, np.nan))


def compounded(rates_pct: ArrayLike) -> Floats:
    """Cumulative change C = prod(1 + r) - 1 of yearly rates (along the last axis), in percent. Rates are never added."""
    return np.asarray(100 * (np.prod(_factor(rates_pct), axis=-1) - 1))


def sum_of_rates(rates_pct: ArrayLike) -> Floats:
    """The wrong way: yearly rates added up. Only to tell how far a printed figure that was made so is off; `compounded` is right."""
    return np.asarray(np.sum(np.asarray(rates_pct, np.float64), axis=-1))


def average_annual(rates_pct: ArrayLike) -> Floats:
    """Average yearly rate by the level method, (1 + C)^(1/k) - 1 of k yearly rates (along the last axis), in percent."""
    rates = np.asarray(rates_pct, np.float64)
    return planned_annual(compounded(rates), rates.shape[-1])


def planned_annual(target_pct: ArrayLike, years: ArrayLike) -> Floats:
    """The equal yearly rate that makes up a cumulative change in so many years, (1 + T)^(1/n) - 1, in percent."""
    return _root(_factor(target_pct), years)


def growth_of_multiple(multiple: ArrayLike, years: ArrayLike) -> Floats:
    """Average yearly rate, in percent, of what became `multiple` times as much in so many years."""
    factor = np.asarray(multiple, np.float64)
    return _root(np.where(factor > 0, factor, np.nan), years)


def remaining_total(target_pct: ArrayLike, done_pct: ArrayLike) -> Floats:
    """Change still needed after a cumulative change: (1 + T) / (1 + C) - 1, in percent; positive where more than the target is done."""
    return 100 * (_over(_factor(target_pct), _factor(done_pct)) - 1)


def remaining_annual(target_pct: ArrayLike, done_pct: ArrayLike, years_left: ArrayLike) -> Floats:
    """The equal yearly rate of what remains, in percent; NaN with no year left."""
    return planned_annual(remaining_total(target_pct, done_pct), years_left)


def remaining_by_subtraction(target_pct: ArrayLike, done_rates_pct: ArrayLike) -> Floats:
    """The wrong way: the target less the sum of the rates so far. As `sum_of_rates`; `remaining_total` is right."""
    return np.asarray(target_pct, np.float64) - sum_of_rates(done_rates_pct)


def log_progress(target_pct: ArrayLike, done_pct: ArrayLike) -> Floats:
    """Share of a plan's cut that is done, ln(1 + C) / ln(1 + T) in percent, as the statistics and reform offices count it. Negative where
    the intensity moved the other way, above 100 where more is done; NaN for a plan of no change."""
    return 100 * _over(np.log(_factor(done_pct)), np.log(_factor(target_pct)))


def years_earned(target_pct: ArrayLike, done_pct: ArrayLike, years: ArrayLike) -> Floats:
    """The same progress as years of the plan: ln(1 + C) over ln(1 + planned yearly rate)."""
    return log_progress(target_pct, done_pct) / 100 * np.asarray(years, np.float64)


def done_by_log_progress(target_pct: ArrayLike, progress_pct: ArrayLike) -> Floats:
    """The cumulative change, in percent, behind a published logarithmic progress."""
    return 100 * (_factor(target_pct) ** (np.asarray(progress_pct, np.float64) / 100) - 1)


def done_by_linear_completion(target_pct: ArrayLike, completion_pct: ArrayLike) -> Floats:
    """The cumulative change, in percent, behind a published linear completion."""
    return np.asarray(target_pct, np.float64) * np.asarray(completion_pct, np.float64) / 100


def rate_before(cumulative_pct: ArrayLike, later_pct: ArrayLike) -> Floats:
    """The first part of a cumulative change whose later part is known: (1 + C) / (1 + later) - 1, in percent."""
    return remaining_total(cumulative_pct, later_pct)


def linear_completion(target_pct: ArrayLike, actual_pct: ArrayLike) -> Floats:
    """Actual over planned change, in percent: the form of most final reports. Never to be mixed with the logarithmic one."""
    return 100 * _over(actual_pct, target_pct)


def over_fulfilment(target_pct: ArrayLike, actual_pct: ArrayLike) -> tuple[Floats, Floats]:
    """By how much a planned change was exceeded: in percent of it, and in percentage points. Negative where it fell short."""
    target, actual = np.asarray(target_pct, np.float64), np.asarray(actual_pct, np.float64)
    return linear_completion(target, actual) - 100, np.sign(target) * (actual - target)


def change(before: ArrayLike, after: ArrayLike) -> Floats:
    """Change of a level in percent. Levels must be of one vintage; published ones carry rounding of up to 0.1 point."""
    return 100 * (_over(after, before) - 1)


def level_before(level: ArrayLike, rate_pct: ArrayLike) -> Floats:
    """The level a year earlier: level / (1 + r)."""
    return _over(level, _factor(rate_pct))


def growth_from_difference(total: ArrayLike, difference: ArrayLike) -> Floats:
    """Growth in percent of a total that changed by `difference` (in its own unit) to what it is now."""
    total, difference = np.asarray(total, np.float64), np.asarray(difference, np.float64)
    return 100 * _over(difference, total - difference)


def intensity_change(energy_growth_pct: ArrayLike, gdp_growth_pct: ArrayLike) -> Floats:
    """Change of energy per GDP in percent: (1 + gE) / (1 + gG) - 1."""
    return remaining_total(energy_growth_pct, gdp_growth_pct)


def implied_gdp_growth(energy_growth_pct: ArrayLike, intensity_change_pct: ArrayLike) -> Floats:
    """The growth of GDP, in percent, at which stated energy and intensity agree: (1 + gE) / (1 + r) - 1."""
    return remaining_total(energy_growth_pct, intensity_change_pct)


def implausible(gdp_growth_pct: ArrayLike, low_pct: float, high_pct: float) -> Bools:
    """Is an implied growth outside what is thought possible, so that a unit must have slipped? What is not known is no doubt."""
    growth = np.round(np.asarray(gdp_growth_pct, np.float64), 9)
    return np.asarray((growth < low_pct) | (growth > high_pct))


def elasticity(energy_growth_pct: ArrayLike, gdp_growth_pct: ArrayLike) -> Floats:
    """Energy elasticity gE / gG; NaN where GDP did not grow at all."""
    return _over(energy_growth_pct, gdp_growth_pct)


def achieved(target_pct: ArrayLike, done_pct: ArrayLike) -> Bools:
    """Is the cumulative change, as printed, the planned one or more? A plan of no change is kept by any fall."""
    target, done = np.broadcast_arrays(np.asarray(target_pct, np.float64), np.asarray(done_pct, np.float64))
    d = np.where(target > 0, 1.0, -1.0)
    return meets(done, target, d, np.zeros(d.shape, bool), np.full(d.shape, RATE_DECIMALS))
