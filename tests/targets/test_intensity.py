"""Energy-intensity accounting: rates are compounded, never added; what is not defined is NaN."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.progress import intensity

RATE = st.floats(-60, 60)


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("compounded", ([1.51, -2.2, -4.18],), -4.8730),
        ("average_annual", ([1.51, -2.2, -4.18],), -1.6515),
        ("planned_annual", (-10, 5), -2.0852),
        ("remaining_total", (-10, 9.44), -17.7632),
        ("remaining_annual", (-10, 9.44, 4), -4.7716),
        ("log_progress", (-10, 9.44), -85.6168),
        ("log_progress", (-20, -20.07), 100.3923),
        ("years_earned", (-17, -4.872989404, 5), 1.3406),
        ("done_by_log_progress", (-18, 27.56), -5.3224),
        ("done_by_linear_completion", (-15, 108), -16.2),
        ("linear_completion", (-18, -25.69), 142.7222),
        ("linear_completion", (-10, 9.44), -94.4),
        ("change", (1.034, 0.869), -15.9574),
        ("level_before", (1.297, -5.78), 1.3766),
        ("growth_from_difference", (979.38, -7.91), -0.8012),
        ("intensity_change", (7.5, 12.1), -4.1035),
        ("implied_gdp_growth", (-7.91, -8.42), 0.5569),
        ("elasticity", (12, 13.4), 0.8955),
        ("growth_of_multiple", (2.2, 7), 11.9225),
    ],
)
def test_worked_by_hand(name: str, given: tuple[object, ...], expected: float) -> None:
    assert float(getattr(intensity, name)(*given)) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("compounded", ([-10, -100],)),
        ("planned_annual", (-10, 0)),
        ("average_annual", ([],)),
        ("remaining_annual", (-10, 9.44, 0)),
        ("log_progress", (0, -5)),
        ("log_progress", (-10, -100)),
        ("log_progress", (-10, np.nan)),
        ("linear_completion", (0, -5)),
        ("change", (0, 1)),
        ("elasticity", (5, 0)),
        ("growth_of_multiple", (-1, 5)),
        ("growth_from_difference", (5, 5)),
    ],
)
def test_what_is_not_defined_is_nan(name: str, given: tuple[object, ...]) -> None:
    assert np.isnan(getattr(intensity, name)(*given))


def test_adding_rates_is_named_as_the_wrong_way_and_differs() -> None:
    rates = [-2.01, -3.6, -3.7, -4.8]
    assert float(intensity.sum_of_rates(rates)) == pytest.approx(-14.11)
    assert float(intensity.compounded(rates)) == pytest.approx(-13.395, abs=5e-3)
    assert float(intensity.remaining_by_subtraction(-20, [-15.61, 0.09])) == pytest.approx(-4.48)
    assert float(intensity.remaining_total(-20, -15.61)) == pytest.approx(-5.20, abs=5e-3)


@pytest.mark.parametrize(
    ("target", "actual", "percent", "points"),
    [(-20, -26.59, 32.95, 6.59), (-20, -21, 5, 1), (-20, -18, -10, -2), (15, 18, 20, 3), (-10, 9.44, -194.4, -19.44)],
)
def test_over_fulfilment_is_told_in_percent_of_the_plan_and_in_points(target: float, actual: float, percent: float, points: float) -> None:
    over = intensity.over_fulfilment(target, actual)
    assert [float(part) for part in over] == pytest.approx([percent, points])


@pytest.mark.parametrize(
    ("target", "done", "met"),
    [(-15, -26.77, True), (-10, -10, True), (-10, -9.996, True), (-10, -9.99, False), (-10, 9.44, False), (5, 5, True), (5, 4.99, False),
     (0, 0, True), (0, -0.3, True), (0, 0.01, False), (-10, np.nan, False)],
)  # fmt: skip
def test_cut_is_met_as_printed(target: float, done: float, met: bool) -> None:
    assert bool(intensity.achieved(target, done)) is met


@pytest.mark.parametrize(
    ("growth", "doubt"), [(0.5569, True), (1.99, True), (2, False), (8.3, False), (20, False), (25, True), (np.nan, False)]
)
def test_implied_growth_outside_the_usual_is_a_doubt(growth: float, doubt: bool) -> None:
    assert bool(intensity.implausible(growth, *intensity.USUAL_GDP_GROWTH)) is doubt


def test_whole_tables_are_reckoned_at_once() -> None:
    rates = np.array([[1.51, -2.2, -4.18], [-1, -1, np.nan]])
    assert intensity.compounded(rates) == pytest.approx([-4.8730, np.nan], abs=5e-5, nan_ok=True)
    assert intensity.log_progress(-10, np.array([[9.44, -10], [0, -5]])).shape == (2, 2)


@given(done=st.lists(RATE, min_size=1, max_size=5), target=st.floats(-60, -1))
def test_what_is_done_and_what_remains_make_up_the_target(done: list[float], target: float) -> None:
    so_far = intensity.compounded(done)
    remains = intensity.remaining_total(target, so_far)
    assert float(intensity.compounded([so_far, remains])) == pytest.approx(target)
    assert float(intensity.done_by_log_progress(target, intensity.log_progress(target, so_far))) == pytest.approx(float(so_far), abs=1e-8)


@given(energy=RATE, gdp=RATE)
def test_identity_of_energy_gdp_and_intensity_holds_both_ways(energy: float, gdp: float) -> None:
    assert float(intensity.implied_gdp_growth(energy, intensity.intensity_change(energy, gdp))) == pytest.approx(gdp, abs=1e-9)
