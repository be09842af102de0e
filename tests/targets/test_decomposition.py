"""What moved a total: effects that close, and their limits."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from targets.progress.decomposition import (
    chained_product,
    chained_sum,
    divisia_factor,
    energy_intensity,
    lmdi,
    log_mean,
    normalised,
    rebased,
    share_weights,
)

positive = st.floats(1e-6, 1e9)
tables = st.tuples(st.integers(1, 6), st.integers(1, 5)).flatmap(
    lambda shape: st.tuples(arrays(float, shape, elements=st.floats(1e-3, 1e4)), arrays(float, shape, elements=st.floats(1e-3, 1e4)))
)
years = st.integers(1, 8).flatmap(
    lambda members: st.tuples(*[st.lists(st.one_of(st.just(0.0), st.floats(0.01, 1e5)), min_size=members, max_size=members)] * 4)
)


@pytest.mark.parametrize(
    ("a", "b", "mean"),
    [
        (2, 2, 2),
        (0, 5, 0),
        (5, 0, 0),
        (0, 0, 0),
        (1, math.e, math.e - 1),
        (1e-300, 1e-300, 1e-300),
        (1e308, 5e307, 5e307 / math.log(2)),
    ],
)
def test_log_mean(a: float, b: float, mean: float) -> None:
    assert float(log_mean(a, b)) == pytest.approx(mean, rel=1e-14)


def test_log_mean_of_equals_is_exactly_that_number() -> None:
    assert float(log_mean(0.1 + 0.2, 0.1 + 0.2)) == 0.1 + 0.2


@pytest.mark.parametrize("step", [1e-15, 1e-12, 1e-9, 1e-6])
def test_log_mean_is_steady_where_the_numbers_nearly_agree(step: float) -> None:
    assert float(log_mean(1 + step, 1.0)) == pytest.approx(1 + step / 2, abs=1e-12)


@given(positive, positive)
def test_log_mean_lies_between_the_geometric_and_the_arithmetic_mean(a: float, b: float) -> None:
    mean = float(log_mean(a, b))
    assert mean == float(log_mean(b, a))
    assert math.sqrt(a) * math.sqrt(b) * (1 - 1e-12) <= mean <= (a + b) / 2 * (1 + 1e-12)


@pytest.mark.parametrize("bad", [-1.0, float("nan"), float("inf")])
def test_negative_or_unknown_numbers_are_refused(bad: float) -> None:
    for call in (
        lambda: log_mean(bad, 1),
        lambda: lmdi([[bad, 1]], [[1, 1]]),
        lambda: energy_intensity([1, 1], [1, 1], [bad, 1], [1, 1]),
        lambda: normalised([bad, 1]),
        lambda: divisia_factor([0.1], [bad]),
    ):
        with pytest.raises(ValueError):
            call()


def test_tables_of_unlike_shape_are_refused() -> None:
    for before, after in (([[1, 2]], [[1]]), ([1, 2], [1, 2])):
        with pytest.raises(ValueError):
            lmdi(before, after)
    with pytest.raises(ValueError):
        energy_intensity([1, 1], [1, 1], [1], [1])
    with pytest.raises(ValueError):
        energy_intensity([1, 1], [1], [1, 1], [1])
    with pytest.raises(ValueError):
        divisia_factor([0.1, 0.2], [1.0])


@settings(max_examples=50)
@given(tables)
def test_effects_add_and_multiply_to_the_whole_change_and_turn_round_with_the_years(pair: tuple[np.ndarray, np.ndarray]) -> None:
    there, back = lmdi(*pair), lmdi(*pair[::-1])
    most = max(there.before, there.after)
    assert there.additive.sum() == pytest.approx(there.after - there.before, abs=1e-9 * most)
    assert there.multiplicative.prod() == pytest.approx(there.after / there.before, rel=1e-9)
    np.testing.assert_allclose(there.by_member.prod(axis=0), there.multiplicative, rtol=1e-9)
    np.testing.assert_allclose(back.additive, -there.additive, atol=1e-12 * most)
    np.testing.assert_allclose(back.multiplicative * there.multiplicative, 1, rtol=1e-12)


@settings(max_examples=50)
@given(years, st.floats(1e-4, 1e4), st.floats(1e-4, 1e4))
def test_structure_and_intensity_close_whatever_the_units(year: tuple[list[float], ...], energy: float, output: float) -> None:
    energy0, output0, energy_t, output_t = (np.array(one) for one in year)
    output0, output_t = output0 + (energy0 > 0), output_t + (energy_t > 0)
    if not (output0.sum() and output_t.sum()):
        with pytest.raises(ValueError):
            energy_intensity(energy0, output0, energy_t, output_t)
        return
    found = energy_intensity(energy0, output0, energy_t, output_t)
    levels = energy0.sum() / output0.sum(), energy_t.sum() / output_t.sum()
    most = max(levels)
    assert (found.before, found.after) == pytest.approx(levels)
    assert found.effects.sum() == pytest.approx(levels[1] - levels[0], abs=1e-9 * most)
    other = energy_intensity(energy0 * energy, output0 * output, energy_t * energy, output_t * output)
    np.testing.assert_allclose(other.effects * output / energy, found.effects, rtol=1e-6, atol=1e-9 * most)
    if min(levels) > 0:
        assert found.multiplicative.prod() == pytest.approx(levels[1] / levels[0], rel=1e-9)
        np.testing.assert_allclose(other.multiplicative, found.multiplicative, rtol=1e-9)


def test_where_every_member_keeps_its_intensity_all_is_structure() -> None:
    found = energy_intensity([30, 10], [10, 10], [60, 10], [20, 10])
    assert found.additive == pytest.approx([7 / 3 - 2, 0], abs=1e-12)
    assert found.multiplicative == pytest.approx([7 / 6, 1])


def test_where_every_member_keeps_its_share_all_is_intensity() -> None:
    found = energy_intensity([30, 10], [10, 10], [27, 9], [10, 10])
    assert found.additive == pytest.approx([0, -0.2], abs=1e-12)
    assert found.effects[:, 1] == pytest.approx([-0.15, -0.05])


@pytest.mark.parametrize(
    ("year", "effects"),
    [
        (([10, 0], [10, 0], [10, 30], [10, 10]), [[math.nan, math.nan], [1.5, 0.0]]),  # the second comes up: all of it is structure
        (([10, 30], [10, 10], [10, 0], [10, 0]), [[math.nan, math.nan], [-1.5, 0.0]]),
        (([10, 0], [10, 10], [10, 30], [10, 10]), [[0.0, 0.0], [0.0, 1.5]]),  # it begins to use energy: all of it is intensity
        (([10, 0], [10, 0], [10, 0], [10, 5]), [[math.nan, math.nan], [0.0, 0.0]]),
    ],
)
def test_member_that_comes_up_or_vanishes_contributes_its_full_value(year: tuple[list[float], ...], effects: list[list[float]]) -> None:
    found = energy_intensity(*year).effects
    np.testing.assert_allclose(found[1], effects[1], atol=1e-12)
    if not math.isnan(effects[0][0]):
        np.testing.assert_allclose(found[0], effects[0], atol=1e-12)


def test_energy_without_output_is_refused() -> None:
    with pytest.raises(ValueError, match="without output"):
        energy_intensity([1, 1], [1, 0], [1, 1], [1, 1])


def test_zero_factor_counts_as_almost_nothing() -> None:
    zero, small = lmdi([[1, 2], [3, 4]], [[0, 0], [7, 8]]), lmdi([[1, 2], [3, 4]], [[1e-10, 1e-10], [7, 8]])
    np.testing.assert_array_equal(zero.effects, small.effects)
    assert zero.additive.sum() == pytest.approx(42)


def test_total_of_zero_has_no_multiplicative_effects() -> None:
    found = energy_intensity([0, 0], [1, 1], [1, 1], [1, 1])
    assert found.additive == pytest.approx([0, 1])
    with pytest.raises(ValueError):
        _ = found.multiplicative


def test_second_form_weights_add_to_one_and_reproduce_the_product() -> None:
    weights = share_weights([0.6, 0.4], [0.5, 0.5])
    assert weights.sum() == pytest.approx(1)
    assert divisia_factor([math.log(0.9)] * 2, weights) == pytest.approx(0.9)
    with pytest.raises(ValueError):
        normalised([0, 0])


def test_years_are_chained_by_adding_or_multiplying() -> None:
    assert chained_sum([[1, 2], [3, 4]]).tolist() == [4, 6]
    assert chained_product([[1, 2], [3, 4]]).tolist() == [3, 8]


@pytest.mark.parametrize(
    ("factors", "base", "index"),
    [
        ([9.0, 2.0, 0.5, 1.5], 2010, [1, 2, 1, 1.5]),
        ([None, 2.0, 0.5, 1.5], 2011, [0.5, 1, 0.5, 0.75]),
        ([None, 2.0, 0.5, 1.5], 2013, [2 / 3, 4 / 3, 2 / 3, 1]),
        ([None, None, 0.5, 1.5], 2012, [math.nan, 2, 1, 1.5]),
        ([None, 2.0, None, 1.5], 2010, [1, 2, math.nan, math.nan]),
    ],
)
def test_index_is_rebased_at_any_year_and_never_across_a_gap(factors: list[float | None], base: int, index: list[float]) -> None:
    np.testing.assert_allclose(rebased([2010, 2011, 2012, 2013], factors, base), index)


@pytest.mark.parametrize(
    ("series", "factors", "base"),
    [([2010, 2011], [1, 1], 2012), ([2011, 2010], [1, 1], 2010), ([2010], [1, 1], 2010), ([2010, 2011], [1, 0], 2010)],
)
def test_index_without_order_base_or_positive_factors_is_refused(series: list[int], factors: list[float], base: int) -> None:
    with pytest.raises(ValueError):
        rebased(series, factors, base)
