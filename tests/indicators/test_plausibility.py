"""How figures stand beside others: what is flagged, what is not, and what cannot be judged."""

import math
from decimal import Decimal
from statistics import fmean, pstdev, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import digits
from indicators.plausibility import (
    NO_SPREAD,
    TOO_FEW,
    absolute_deviation,
    additivity,
    confused_unit,
    contradicts,
    hidiroglou_berthelot,
    intensity_change,
    largest_z,
    log10_ratio,
    modified_z,
    power_of_ten,
    quantile,
    robust_spread,
    scale_error,
    z_score,
)


@pytest.mark.parametrize(
    ("value", "z", "outlier"), [(13, 1.5, False), (16, 3, False), (16.1, 3.05, True), (3.9, -3.05, True), (10, 0, False)]
)
def test_z_tells_side_and_distance_and_the_bounds_themselves_are_inside(value: float, z: float, outlier: bool) -> None:
    found = z_score(value, 10, 2)
    assert (found.z, found.outlier, found.lower, found.upper) == (pytest.approx(z), outlier, 4, 16)
    assert found.deviation == pytest.approx(abs(value - 10))


def test_without_spread_there_is_no_verdict() -> None:
    for found in (z_score(11, 10, 0), modified_z(11, [10, 10, 10])):
        assert (found.z, found.outlier, found.reason) == (None, None, NO_SPREAD)


@pytest.mark.parametrize("spread", [-1, math.nan])
def test_a_spread_below_zero_is_refused(spread: float) -> None:
    with pytest.raises(ValueError, match="spread"):
        z_score(1, 0, spread)


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=12).filter(lambda values: len(set(values)) > 1))
def test_no_z_exceeds_the_largest_attainable(values: list[int]) -> None:
    for sd, population in ((stdev(values), False), (pstdev(values), True)):
        largest = max(abs(z_score(value, fmean(values), sd).z or 0) for value in values)
        assert largest <= largest_z(len(values), population) + 1e-9


def test_one_odd_value_reaches_the_largest_z_and_a_threshold_of_three_never_fires_among_ten() -> None:
    assert z_score(1, 1 / 10, math.sqrt(0.1)).z == pytest.approx(largest_z(10))
    assert largest_z(10) < 3 < largest_z(11)
    assert modified_z(100, [1, 2, 3, 4, 100]).outlier
    with pytest.raises(ValueError, match="two values"):
        largest_z(1)


@pytest.mark.parametrize(
    ("values", "mad", "spread"),
    [
        ([1, 2, 3, 4, 100], 1, 1 / 0.6745),
        ([5, 5, 5, 5, 9], 0, 0.8 * 1.2533),
        ([5, 5, 5], 0, 0),
        ([7], 0, 0),
    ],
)
def test_the_mean_deviation_stands_in_where_most_values_are_equal(values: list[float], mad: float, spread: float) -> None:
    assert absolute_deviation(values) == mad
    assert robust_spread(values) == pytest.approx(spread)


@pytest.mark.parametrize(("kind", "expected"), [(6, (2.75, 5.5, 8.25)), (7, (3.25, 5.5, 7.75))])
def test_the_two_types_of_quartiles_differ_with_ten_values(kind: int, expected: tuple[float, ...]) -> None:
    assert tuple(quantile(range(1, 11), share, kind) for share in (0.25, 0.5, 0.75)) == expected


def test_a_quantile_stays_within_the_values_and_is_of_a_known_type() -> None:
    assert (quantile([3, 1], 0.1), quantile([3, 1], 0.9), quantile([4], 0.25)) == (1, 3, 4)
    for values, kind in (([1.0], 8), ([], 6)):
        with pytest.raises(ValueError, match="type 6 or 7"):
            quantile(values, 0.5, kind)


UNITS = [10.0, 12, 15, 20, 30, 40, 60, 90, 150, 400]


def test_units_that_all_grow_alike_are_no_outliers_and_the_one_that_does_not_is() -> None:
    grown = [1.05 * unit for unit in UNITS]
    assert hidiroglou_berthelot(UNITS, grown).outside(4) == []
    odd = [*grown[:-1], 4000]
    assert hidiroglou_berthelot(UNITS, [1.05 * u + i % 3 for i, u in enumerate(UNITS[:-1])] + [4000.0]).outside(4) == [9]
    assert hidiroglou_berthelot(UNITS, odd).median_ratio == pytest.approx(1.05)


def test_pairs_with_a_zero_a_gap_or_a_negative_take_no_part_and_places_stay_those_of_the_file() -> None:
    before = [0, None, -5, *UNITS]
    now = [7, 3, 4, *(1.05 * unit for unit in UNITS)]
    assert list(hidiroglou_berthelot(before, now).by_place) == list(range(3, 13))
    assert list(hidiroglou_berthelot(now, before).by_place) == list(range(3, 13))


def test_fewer_than_ten_pairs_are_not_judged() -> None:
    found = hidiroglou_berthelot(UNITS[:8], UNITS[:8])
    assert (found.reason, found.median_ratio, found.bounds(4), found.outside(4)) == (TOO_FEW, None, None, [])
    assert hidiroglou_berthelot([], [], least=0).reason == TOO_FEW
    assert hidiroglou_berthelot(UNITS[:8], UNITS[:8], least=3).bounds(4) == (0, 0)
    with pytest.raises(ValueError):
        hidiroglou_berthelot([1], [1, 2])


def test_the_same_change_weighs_more_in_a_larger_unit_by_the_exponent() -> None:
    now = [20.0, *UNITS[1:-1], 800.0]
    flat, sized = (hidiroglou_berthelot(UNITS, now, exponent=u).by_place for u in (0, 0.5))
    assert flat[0] == flat[9] == 1
    assert sized[9] == pytest.approx(sized[0] * math.sqrt(40))


def test_the_middle_zone_is_excluded_and_the_outer_imputed() -> None:
    now = [10.0, 13, 15, 22, 30, 38, 66, 90, 330, 4000]
    found = hidiroglou_berthelot(UNITS, now, exponent=0)
    assert (found.outside(20), found.outside(3), found.only_outside(3, 20)) == ([9], [8, 9], [8])


@pytest.mark.parametrize(
    ("value", "before", "ratio", "error"),
    [
        (1000, 1, 3, True),
        (1, 1000, -3, True),
        (-1000, -1, 3, True),
        (10**2.5, 1, 2.5, False),
        (100, 1, 2, False),
        (0, 5, None, None),
        (5, 0, None, None),
        (None, 5, None, None),
        (5, None, None, None),
        (5, -5, None, None),
    ],
)
def test_a_ratio_of_another_order_is_an_error_and_without_a_ratio_there_is_no_verdict(
    value: float | None, before: float | None, ratio: float | None, error: bool | None
) -> None:
    assert log10_ratio(value, before) == (None if ratio is None else pytest.approx(ratio, abs=1e-9))
    assert scale_error(value, before) is error


@pytest.mark.parametrize(
    ("value", "before", "power"),
    [
        (41.2, Decimal("0.00412"), 4),
        (Decimal(1), Decimal(10000), -4),
        (10**1.15, 1, 1),
        (10**1.151, 1, 0),
        (10**0.85, 1, 1),
        (10**0.849, 1, 0),
        (1, 1, 0),
        (1, 0, None),
        (1, -10, None),
    ],
)
def test_a_power_of_ten_is_named_within_its_tolerance(value: float, before: float, power: int | None) -> None:
    assert power_of_ten(float(value), float(before)) == power


@pytest.mark.parametrize(
    ("unit", "power", "other"),
    [
        ("亿元", 4, "万元"),
        ("亿元", -4, "万元"),
        ("亿元", 8, "元"),
        ("万元", 4, "元"),
        ("万吨标准煤", -4, "吨标准煤"),
        ("万元", 8, ""),
        ("亿元", 3, ""),
        ("亿元", 0, ""),
        ("亿元", 12, ""),
        ("家", 4, ""),
        ("", 4, ""),
    ],
)
def test_units_ten_thousand_apart_are_named(unit: str, power: int, other: str) -> None:
    assert confused_unit(unit, power) == other


@pytest.mark.parametrize(
    ("parts", "total", "decimals", "adds"),
    [
        (["1.2", "2.3"], "3.5", 1, True),
        (["1.2", "2.3"], "3.6", 1, True),
        (["1.2", "2.3"], "3.7", 1, False),
        (["1.20", "2.30"], "3.52", 2, False),
        (["100", "200", "300"], "601", 0, True),
        (["100", "200", "300"], "602", 0, False),
        (["1200", "2300"], "3600", -2, True),
        ([], "0", 0, True),
    ],
)
def test_parts_add_up_within_half_a_unit_of_the_last_digit_each(parts: list[str], total: str, decimals: int, adds: bool) -> None:
    found = additivity([Decimal(part) for part in parts], Decimal(total), decimals)
    assert found.adds is adds
    assert found.difference == found.sum - Decimal(total)


@given(st.lists(st.decimals(-1000, 1000, places=6), min_size=1, max_size=20))
def test_rounding_alone_never_breaks_a_sum_by_more_than_the_tolerance(parts: list[Decimal]) -> None:
    rounded = [round(part, 2) for part in parts]
    assert additivity(rounded, sum(parts, Decimal(0)), 2).adds


@pytest.mark.parametrize(
    ("energy", "output", "change"), [(7.5, 12.1, -4.1035), (0, 0, 0), (-7.91, 0.56, -8.4228), (10, -100, None), (10, -101, None)]
)
def test_the_change_of_intensity_follows_from_both_growth_rates(energy: float, output: float, change: float | None) -> None:
    assert intensity_change(energy, output) == (None if change is None else pytest.approx(change, abs=1e-4))


@pytest.mark.parametrize(("stated", "expected"), [(-4.10, False), (-4.25, False), (-4.26, True), (-3.95, False), (4.1, True)])
def test_a_stated_rate_may_differ_by_fifteen_hundredths_of_a_point(stated: float, expected: bool) -> None:
    assert contradicts(stated, -4.10) is expected


def test_last_digits_are_those_at_the_decimals_a_figure_is_kept_with() -> None:
    assert digits.last_digits([Decimal("1.25"), Decimal("-7.3"), Decimal(12), Decimal("0.006")], 2) == [2, 1, 0, 0, 0, 1, 0, 0, 0, 0]
    assert digits.last_digits([Decimal(120), Decimal(37)]) == [1, 0, 0, 0, 0, 0, 0, 1, 0, 0]


@pytest.mark.parametrize(
    ("count", "zeros", "fives", "share", "heaped", "reason"),
    [
        (40, 8, 0, 0.2, False, ""),
        (40, 12, 8, 0.5, True, ""),
        (40, 0, 0, 0, False, ""),
        (12, 6, 6, 1, True, ""),
        (11, 6, 5, 1, None, "too_few"),
        (0, 0, 0, None, None, "too_few"),
    ],
)
def test_an_excess_of_round_last_digits_is_heaping(
    count: int, zeros: int, fives: int, share: float | None, heaped: bool | None, reason: str
) -> None:
    found = digits.heaping(count, zeros, fives)
    assert (found.share, found.heaped, found.reason) == (share, heaped, reason)
    assert (found.z is None) is bool(reason)


def test_more_round_figures_than_figures_are_refused() -> None:
    with pytest.raises(ValueError, match="of 3 figures"):
        digits.heaping(3, 2, 2)


def test_whipple_runs_from_none_to_nothing_but_round_ages() -> None:
    only_round = [10 if age % 5 == 0 else 0 for age in range(100)]
    assert digits.whipple([10] * 100) == 1
    assert digits.whipple([10] * 100, digits=(3,)) == 1
    assert digits.whipple(only_round) == 5
    assert digits.whipple([0 if age % 10 else 10 for age in range(100)], 20, 60, digits=(0,)) == 10
    assert digits.whipple([0] * 100) is None


@pytest.mark.parametrize(("first", "last", "chosen"), [(25, 60, (1, 2)), (0, 60, (0, 5)), (25, 100, (0, 5)), (26, 29, (0, 5))])
def test_whipple_refuses_other_digits_and_ages_not_counted(first: int, last: int, chosen: tuple[int, ...]) -> None:
    with pytest.raises(ValueError):
        digits.whipple([10] * 100, first, last, chosen)


def powers(count: int) -> list[Decimal]:
    """A geometric run over six powers of ten follows Benford's law almost exactly."""
    return [Decimal(repr(10 ** (6 * place / count))) for place in range(count)]


def test_amounts_that_grow_by_a_constant_factor_follow_benford_and_a_narrow_or_small_or_signed_set_is_not_judged() -> None:
    for figures in (1, 2):
        found = digits.benford(powers(3000), figures)
        assert (found.conformity, found.count, found.reason) == ("Close conformity", 3000, "")
        assert sum(found.deviations.values()) == pytest.approx(0, abs=1e-6)
    assert digits.benford(powers(299)).reason == "too_few"
    assert digits.benford([Decimal(0), *powers(300)]).reason == "not_positive"
    assert digits.benford([Decimal(30 + place % 60) for place in range(400)]).reason == "too_narrow"


def test_amounts_below_a_limit_do_not_conform() -> None:
    found = digits.benford([*powers(700), *[Decimal(49)] * 100])
    assert found.conformity == "Nonconformity"
    assert max(found.deviations, key=lambda digit: found.deviations[digit]) == 4
    assert found.ks is not None
    assert found.ks > 0.05


def test_counts_are_of_nine_digits_or_ninety_pairs() -> None:
    assert digits.benford_of_counts([30] * 9).reason == "too_few"
    with pytest.raises(ValueError, match="not 10"):
        digits.benford_of_counts([100] * 10)
    with pytest.raises(ValueError, match="begins with 0"):
        digits.benford_share(0)


@pytest.mark.parametrize(("value", "one", "two"), [("0.00412", 4, 41), ("70", 7, 70), ("9", 9, 90), ("1E+3", 1, 10), ("-25", 2, 25)])
def test_leading_digits_are_the_first_that_count(value: str, one: int, two: int) -> None:
    assert (digits.leading(Decimal(value)), digits.leading(Decimal(value), 2)) == (one, two)


@pytest.mark.parametrize(
    ("mad", "figures", "word"),
    [
        (0.006, 1, "Close conformity"),
        (0.0061, 1, "Acceptable conformity"),
        (0.012, 1, "Acceptable conformity"),
        (0.015, 1, "Marginally acceptable conformity"),
        (0.0151, 1, "Nonconformity"),
        (0.0012, 2, "Close conformity"),
        (0.0018, 2, "Acceptable conformity"),
        (0.0022, 2, "Marginally acceptable conformity"),
        (0.0023, 2, "Nonconformity"),
    ],
)
def test_conformity_has_four_words(mad: float, figures: int, word: str) -> None:
    assert digits.conformity(mad, figures) == word
