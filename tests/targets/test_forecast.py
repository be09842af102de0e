"""Forecasts of short series: which method when, honest ranges, and what cannot be forecast says why. Published cases: test_vectors.py."""

from time import perf_counter
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from targets.progress.forecast import ALPHAS, BETAS, PHIS, Forecast, chance, forecast
from targets.progress.trends import ahead, damping, fit, least_squares, smooth, smooth_exponential, theil_sen, widening

NAN = float("nan")


def look_ahead(values: list[float], *, years: int = 3, **more: Any) -> Forecast:
    """A yearly series since 2011 looked at from its end."""
    times = 2011.0 + np.arange(len(values))
    return forecast(times, values, 2011.0 + len(values) + np.arange(years), frequency="A", **more)


@pytest.mark.parametrize(
    ("values", "method", "reason", "n"),
    [
        ([], "", "too_few_points", 0),
        ([1, 2, 3], "", "too_few_points", 3),
        ([1, NAN, NAN, 2, 3], "", "too_few_points", 3),
        ([1, 2, 3, 5], "theil_sen", "", 4),
        ([1, 2, 3, 5, 6, 7, 9], "theil_sen", "", 7),
        ([1, 2, 3, 5, 6, 7, 9, 9], "combined", "", 8),
        ([1, 2, NAN, 3, 5, 6, NAN, 7, 9, 9], "combined", "", 8),
        ([4, 4, 4, 4], "constant", "", 4),
        ([0, 0, 0, 0, 0, 0, 0, 0, 0], "constant", "", 9),
        ([0, 0, 2, 3, 5], "theil_sen", "", 5),
        ([0, 1, 0, 2, 3, 2, 5, 4], "combined", "", 8),
        ([-3, 1, 2, -1, 2, 4, 3, 5], "combined", "", 8),
        ([1, 30, 900, 27000], "", "too_wild", 4),
        ([0.001, 80, 0.002, 70, 0.001], "", "too_wild", 5),
        ([1, 0, 0, 0, 0, 0, 0, 9000], "combined", "", 8),
    ],
)
def test_method_follows_from_the_points_there_are(values: list[float], method: str, reason: str, n: int) -> None:
    made = look_ahead(values)
    assert (made.method, made.reason, made.n) == (method, reason, n)
    assert len(made.median) == (3 if method else 0)
    assert made.low.shape == made.high.shape == (2, len(made.median))
    assert np.isfinite(made.low).all()
    assert np.isfinite(made.high).all()


def test_rate_is_carried_on_where_all_is_positive_and_an_amount_where_it_is_not() -> None:
    assert look_ahead([1, 2, 4, 8], years=1).median == pytest.approx([16])
    assert look_ahead([1, 2, 3, 4], years=2, growing=False).median == pytest.approx([5, 6])
    assert look_ahead([0, 1, 2, 3], years=2).median == pytest.approx([4, 5])


def test_straight_line_goes_on_straight() -> None:
    """Of eight points or more on a line, the straight and the flattening method agree against the exponential one, or lie about it."""
    made = look_ahead([10.0 + 2 * year for year in range(12)])
    assert made.median == pytest.approx([34, 36, 38], rel=0.02)


def test_one_outlier_hardly_moves_the_line() -> None:
    plain, spoilt = look_ahead([10, 11, 12, 13, 14, 15, 16]), look_ahead([10, 11, 12, 31, 14, 15, 16])
    assert spoilt.median == pytest.approx(plain.median, rel=0.02)
    assert (spoilt.high[0] - spoilt.low[0] > 10 * (plain.high[0] - plain.low[0])).all()


def test_range_widens_with_time_and_with_certainty() -> None:
    for values in ([3, 5, 4, 6, 8], [3, 5, 4, 6, 8, 7, 9, 12, 11]):
        made = look_ahead(values, years=4)
        assert (np.diff(made.high[0] - made.low[0]) > 0).all()
        assert (made.low[1] < made.low[0]).all()
        assert (made.high[1] > made.high[0]).all()


def test_yearly_range_is_wider_than_a_quarterly_one_of_the_same_figures() -> None:
    values = [3, 5, 4, 6, 8, 7, 9, 12, 11]
    yearly = look_ahead(values)
    quarterly = forecast(np.arange(9) / 4, values, 2.25 + np.arange(3) / 4, frequency="Q")
    assert yearly.median == pytest.approx(quarterly.median)
    assert yearly.sd == pytest.approx(1.3 * quarterly.sd)


def test_bounds_clip_what_is_shown() -> None:
    rate = look_ahead([80, 86, 91, 95, 99], bounds=(0, 100))
    assert rate.median[-1] == rate.high[0, -1] == 100
    assert look_ahead([9, 6, 4, 3, 1, 0, 0, 0], bounds=(0, np.inf)).low.min() == 0


def test_only_the_last_forty_points_count() -> None:
    lately = np.sqrt(np.arange(40)) + 3
    times = 2000 + np.arange(60) / 4
    long = forecast(times, [*np.full(20, 500.0), *lately], [2015.0], frequency="Q")
    short = forecast(times[20:], lately, [2015.0], frequency="Q")
    assert long.n == 40
    assert (long.median, long.sd) == (short.median, short.sd)


def test_gap_inside_is_neither_filled_nor_closed() -> None:
    whole = look_ahead([2, 4, 6, 8, 10, 12, 14, 16, 18, 20], growing=False)
    gaps = look_ahead([2, 4, NAN, 8, 10, NAN, 14, 16, 18, 20], growing=False)
    assert gaps.median == pytest.approx(whole.median, rel=1e-6)
    assert gaps.n == 8


def test_missing_values_at_the_end_lengthen_the_way() -> None:
    late = forecast([2011, 2012, 2013, 2014, 2015], [1, 2, 3, 4, NAN], [2015, 2016], frequency="A", growing=False)
    assert late.median == pytest.approx([5, 6])


@pytest.mark.parametrize(
    ("times", "values", "later", "frequency"),
    [
        ([2011, 2012, 2013.5, 2014], [1, 2, 3, 4], [2015], "A"),  # off the grid
        ([2011, 2012, 2013, 2014], [1, 2, 3, 4], [2015.5], "A"),
        ([2011, 2013, 2012, 2014], [1, 2, 3, 4], [2015], "A"),  # not rising
        ([2011, 2012, 2012, 2014], [1, 2, 3, 4], [2015], "A"),
        ([2011, 2012, 2013, 2014], [1, 2, 3, 4], [2014], "A"),  # not ahead
        ([2011, 2012, 2013, 2014], [1, 2, 3, 4], [], "A"),
        ([2011, 2012, 2013, 2014], [1, 2, np.inf, 4], [2015], "A"),
        ([2011, 2012, 2013, NAN], [1, 2, 3, 4], [2015], "A"),
        ([2011, 2012, 2013], [1, 2, 3, 4], [2015], "A"),
        ([2011, 2012, 2013, 2014], [1, 2, 3, 4], [2015], "M"),
    ],
)
def test_series_that_is_none_is_refused(times: list[float], values: list[float], later: list[float], frequency: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        forecast(times, values, later, frequency=frequency)


@pytest.mark.parametrize(
    ("goal", "d", "strict", "expected"),
    [
        (4.0, 1, False, 0.99),
        (4.0, 1, True, 0.01),
        (4.1, 1, False, 0.01),
        (4.0, -1, False, 0.99),
        (3.9, -1, False, 0.01),
    ],
)
def test_constant_series_meets_its_goal_or_does_not_and_never_for_certain(goal: float, d: float, strict: bool, expected: float) -> None:
    assert chance(look_ahead([4, 4, 4, 4, 4]), goal, d, strict=strict) == expected


def test_chance_is_half_at_the_median_and_agrees_with_the_range() -> None:
    for values in ([3, 5, 4, 6, 8], [3, 5, 4, 6, 8, 7, 9, 12, 11], [0, 5, 4, 6, 8]):
        made = look_ahead(values)
        low, middle, high = made.low[0, -1], made.median[-1], made.high[0, -1]
        assert [chance(made, goal, 1) for goal in (low, middle, high)] == pytest.approx([0.9, 0.5, 0.1])
        assert [chance(made, goal, -1) for goal in (low, middle, high)] == pytest.approx([0.1, 0.5, 0.9])
        assert (chance(made, 1e9, 1), chance(made, 1e9, -1)) == (0.01, 0.99)


def test_goal_at_or_below_zero_is_far_off_for_what_grows_by_rates() -> None:
    made = look_ahead([3, 5, 4, 6])
    assert made.logarithmic
    assert [(chance(made, goal, 1), chance(made, goal, -1)) for goal in (0, -2)] == [(0.99, 0.01), (0.99, 0.01)]


def test_no_forecast_no_chance() -> None:
    assert chance(look_ahead([1, 2, 3]), 5, 1) is None


def test_no_goal_no_chance() -> None:
    for values in ([4, 4, 4, 4], [3, 5, 4, 6]):
        assert chance(look_ahead(values), NAN, 1) is None


# What always holds, whatever the numbers.
figures = st.floats(-1000, 1000).map(lambda x: round(x, 2))
series = st.lists(figures, min_size=4, max_size=14) | st.lists(figures.map(abs), min_size=4, max_size=14)


@settings(max_examples=60, deadline=None)
@given(series)
def test_range_holds_the_median(values: list[float]) -> None:
    made = look_ahead(values)
    assert made.method or made.reason
    assert (made.low[1] <= made.low[0]).all()
    assert (made.low[0] <= made.median).all()
    assert (made.median <= made.high[0]).all()
    assert (made.high[0] <= made.high[1]).all()


@settings(max_examples=60, deadline=None)
@given(series, st.sampled_from([0.001, 0.3, 7.0, 10000.0]))
def test_another_unit_scales_the_forecast(values: list[float], factor: float) -> None:
    plain, other = look_ahead(values), look_ahead([factor * value for value in values])
    assert other.method == plain.method
    size = float(np.abs(values).max())
    for name in ("median", "low", "high"):
        np.testing.assert_allclose(getattr(other, name) / factor, getattr(plain, name), rtol=1e-6, atol=1e-6 * size)


@settings(max_examples=40, deadline=None)
@given(series, st.integers(-1900, 5000).map(lambda x: x / 4) | st.floats(-1000, 1000))
def test_another_calendar_changes_nothing(values: list[float], shift: float) -> None:
    times, later = np.arange(len(values)) / 4, len(values) / 4 + np.arange(3) / 4
    plain = forecast(times, values, later, frequency="Q")
    shifted = forecast(times + shift, values, later + shift, frequency="Q")
    np.testing.assert_array_equal(shifted.median, plain.median)
    np.testing.assert_array_equal(shifted.sd, plain.sd)


@settings(max_examples=40, deadline=None)
@given(st.lists(figures, min_size=3, max_size=30))
def test_smoothing_is_never_worse_than_the_naive_forecast(values: list[float]) -> None:
    assume(np.ptp(values) > 0)
    naive = float((np.diff(values) ** 2).sum())
    assert fit(values, ALPHAS, BETAS, PHIS).sse <= naive * (1 + 1e-6) + 1e-9


def test_ranges_keep_most_of_what_comes_and_not_all() -> None:
    """Of made series around a line or a level, looked at three years ahead."""
    chosen, kept = np.random.default_rng(7), []
    for n in (5, 7, 10, 15):
        for slope in (0.0, 5.0):
            for _ in range(40):
                values = 100 + slope * np.arange(n + 3) + chosen.normal(0, 5, n + 3)
                made = look_ahead(values[:n].tolist())
                kept.append([made.low[row, -1] <= values[-1] <= made.high[row, -1] for row in (0, 1)])
    inside = np.mean(kept, axis=0)
    assert 0.80 <= inside[0] <= 0.97
    assert 0.95 <= inside[1] < 1


def test_forecast_takes_few_milliseconds() -> None:
    values = np.cumsum(np.random.default_rng(1).normal(1, 1, 40)) + 50
    times, later = 2000 + np.arange(40) / 4, 2010 + np.arange(8) / 4
    spent = []
    for _ in range(5):
        begun = perf_counter()
        chance(forecast(times, values, later, frequency="Q"), 80, 1)
        spent.append(perf_counter() - begun)
    assert min(spent) < 0.02  # a tenth of this on a quiet machine


# The pieces.
def test_line_interval_is_as_worked_by_hand() -> None:
    """x 1..5, y 2 4 5 4 5: slope 0.6, s² = 2.4/3, t(3; 0.975) = 3.1824; at 6 the error is s √(1 + 1/5 + 9/10)."""
    line = least_squares([1, 2, 3, 4, 5], [2, 4, 5, 4, 5])
    low, high = line.interval([6])
    reach = 3.182446 * np.sqrt(0.8 * (1 + 0.2 + 0.9))
    assert (line.slope, line.intercept, line.sd) == pytest.approx((0.6, 2.2, np.sqrt(0.8)))
    assert (low[0], high[0]) == pytest.approx((5.8 - reach, 5.8 + reach))
    assert line.interval([6], of_mean=True)[1][0] == pytest.approx(5.8 + 3.182446 * np.sqrt(0.8 * (0.2 + 0.9)))


def test_line_needs_points_that_differ() -> None:
    for call in (lambda: least_squares([1, 2], [1, 2]), lambda: least_squares([3, 3, 3], [1, 2, 3]), lambda: theil_sen([3, 3], [1, 2])):
        with pytest.raises(ValueError, match="more than one x"):
            call()
    with pytest.raises(ValueError, match="two known values"):
        fit([1, NAN], ALPHAS)


def test_smoothing_is_as_worked_by_hand() -> None:
    """Level 10, slope 2, α 0.5, β 0.4, φ 0.9; seen 14: before 11.8, error 2.2, level 12.9, slope 1.8 + 0.44."""
    state = smooth([14, NAN], 0.5, 0.4, 0.9, level=10, slope=2)
    assert (state.errors[0], state.levels[0], state.slopes[0]) == pytest.approx((2.2, 12.9, 2.24))
    assert (state.errors[1], state.levels[1], state.slopes[1]) == pytest.approx((0, 12.9 + 0.9 * 2.24, 0.9 * 2.24))
    assert smooth_exponential([4, 8], 0.5, 0.5, level=2, growth=2) == pytest.approx((8, 2))


def test_damped_forecast_and_its_variance_are_as_worked_by_hand() -> None:
    """φ 0.9: sums 0.9, 1.71, 2.439. α 0.5, β 0.4: weights 0.5 + 0.2 · 0.9 = 0.68, 0.5 + 0.2 · 1.71 = 0.842."""
    assert damping(0.9, [0, 1, 2, 3]) == pytest.approx([0, 0.9, 1.71, 2.439])
    assert ahead(10, 2, 0.9, [1, 3]) == pytest.approx([11.8, 14.878])
    assert widening(0.5, 0.4, 0.9, [1, 2, 3]) == pytest.approx([1, 1 + 0.68**2, 1 + 0.68**2 + 0.842**2])
    assert widening(0.5, 0.4, 0.9, [1]) == pytest.approx([1])


def test_fit_finds_what_made_the_series() -> None:
    made = ahead(20, 3, 0.9, range(1, 13))
    best = fit(made, ALPHAS, BETAS, PHIS)
    assert (best.phi, best.level, best.slope) == pytest.approx((0.9, 20, 3), rel=1e-6)
    assert best.sse == pytest.approx(0, abs=1e-12)


@pytest.mark.full
def test_fit_is_as_good_as_an_independent_one() -> None:
    """The fit of statsmodels, with its own optimiser, is at most slightly better than the best of our grid."""
    from statsmodels.tsa.holtwinters import Holt

    chosen = np.random.default_rng(3)
    for _ in range(20):
        values = np.cumsum(chosen.normal(2, 3, 20)) + 100
        for phi in PHIS:
            theirs = Holt(values, damped_trend=True, initialization_method="estimated").fit(damping_trend=phi, optimized=True)
            assert fit(values, ALPHAS, BETAS, [phi]).sse <= 1.15 * theirs.sse
