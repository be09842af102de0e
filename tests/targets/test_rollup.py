"""Members to a whole: what they add up to, when that is withheld, and how far missing members could move it."""

import numpy as np
import pytest

from targets.progress import rollup
from targets.progress.reasons import CODE

NAN = float("nan")
Row = tuple[float, ...]

TOTALS = [
    # figures -> value, share of the members known, partial
    ((5, 4, 8), 17, 1.0, False),
    ((5, NAN, 8), 13, 2 / 3, True),  # exactly one third missing still stands
    ((5, NAN, NAN), NAN, 1 / 3, True),
    ((NAN, NAN, NAN), NAN, 0.0, False),
    ((0, 0, 0), 0, 1.0, False),
    ((5, NAN, NAN, 8, 2, 3, NAN, 1), NAN, 0.625, True),
]


@pytest.mark.parametrize(("figures", "value", "counted", "partial"), TOTALS)
def test_sum_imputes_nothing_and_is_withheld_when_more_than_a_third_is_missing(
    figures: Row, value: float, counted: float, partial: bool
) -> None:
    whole = rollup.total(np.array(figures))
    assert float(whole.if_covered()) == pytest.approx(value, nan_ok=True)
    assert (float(whole.counted), bool(whole.partial)) == (pytest.approx(counted), partial)


WEIGHTS = [
    # weights, of which the second member's is missing -> share of the weight known, sum
    ((70, 10, 20), 0.9, 7.0),
    ((10, 70, 20), 0.3, NAN),
    ((NAN, 70, 20), 2 / 3, 7.0),  # a weight that is not known: all weigh the same
    ((0, 0, 0), 2 / 3, 7.0),
]


@pytest.mark.parametrize(("weights", "weighed", "value"), WEIGHTS)
def test_sum_is_withheld_by_weight_too(weights: Row, weighed: float, value: float) -> None:
    whole = rollup.total(np.array([4.0, NAN, 3.0]), np.array(weights, float))
    assert float(whole.weighed) == pytest.approx(weighed)
    assert float(whole.if_covered()) == pytest.approx(value, nan_ok=True)


RATIOS = [
    # numerators, denominators -> value, share of the denominator known
    ((60, 12, 8), (100, 40, 20), 0.5, 1.0),
    ((NAN, 12, 8), (30, 40, 20), 1 / 3, 2 / 3),
    ((NAN, 12, 8), (31, 40, 20), NAN, 60 / 91),
    ((NAN, NAN, 80), (5, 5, 90), 80 / 90, 0.9),  # by weight alone: two of three members hold little
    ((NAN, 12, 8), (0, 40, 20), 1 / 3, 1.0),  # what is missing weighs nothing
    ((1, 1, 1), (0, 0, 0), NAN, 1.0),
    ((NAN, NAN, NAN), (1, 1, 1), NAN, 0.0),
]


@pytest.mark.parametrize(("numerators", "denominators", "value", "weighed"), RATIOS)
def test_ratio_is_summed_before_it_is_divided_and_covered_by_its_denominator(
    numerators: Row, denominators: Row, value: float, weighed: float
) -> None:
    whole = rollup.ratio(np.array(numerators, float), np.array(denominators, float))
    assert float(whole.if_covered(by_count=False)) == pytest.approx(value, nan_ok=True)
    assert float(whole.weighed) == pytest.approx(weighed)


def test_mean_of_ratios_is_another_number() -> None:
    parts = np.array([60.0, 12.0, 8.0]), np.array([100.0, 40.0, 20.0])
    assert (float(rollup.ratio(*parts).value), float(rollup.mean_of_ratios(*parts))) == (0.5, pytest.approx(1.3 / 3))


FILLED = [
    # previous, current -> every member's figure, reason
    ((10, 20, 30), (11, NAN, 33), (11, 22, 33), ""),  # held exactly a third
    ((10, 21, 30), (11, NAN, 33), (11, NAN, 33), "coverage_too_low"),
    ((10, 10, 40), (NAN, NAN, 44), (11, 11, 44), ""),
    ((10, NAN, 40), (11, NAN, 44), (11, NAN, 44), "no_year_before"),
    ((0, 0, 0), (1, NAN, 1), (1, NAN, 1), "no_year_before"),
    ((1, 1, 1), (NAN, NAN, NAN), (NAN, NAN, NAN), "coverage_too_low"),
    ((NAN, NAN, NAN), (1, 2, 3), (1, 2, 3), ""),  # nothing to fill
]


@pytest.mark.parametrize(("previous", "current", "filled", "reason"), FILLED)
def test_missing_member_keeps_its_share_unless_it_held_more_than_a_third(previous: Row, current: Row, filled: Row, reason: str) -> None:
    members, why = rollup.gap_filled(np.array(previous, float), np.array(current, float))
    assert members.tolist() == pytest.approx(filled, nan_ok=True)
    assert int(why) == CODE[reason]


@pytest.mark.parametrize(("known", "stated"), [(9, True), (5, True), (4, False), (0, False)])
def test_growth_needs_half_of_the_members(known: int, stated: bool) -> None:
    previous = np.array([10.0] * known + [NAN] * (9 - known))
    found = float(rollup.growth(previous, np.full(9, 11.0)))
    assert found == pytest.approx(0.1 if stated else NAN, nan_ok=True)
    assert bool(rollup.growth_stands(np.array(4), 8))  # exactly half


def test_weighted_mean_counts_members_not_weights_against_its_threshold() -> None:
    weights = np.array([1.0, 2, 3, 4, 5])
    assert np.isnan(rollup.weighted_mean(np.array([NAN, NAN, NAN, NAN, 3.0]), weights, 0.5))
    assert float(rollup.weighted_mean(np.array([2.0, NAN, NAN, 4.0, 3.0]), weights, 0.6)) == pytest.approx(33 / 10)
    assert np.isnan(rollup.weighted_mean(np.array([2.0, 1.0]), np.zeros(2)))


BOUNDS = [
    # previous, current -> low, high, reason
    ((10, 10, 10, 10), (11, 12, 10, 10), 43, 43, ""),
    ((10, 10, 10, 10), (11, 12, 9, NAN), 32 + 9, 32 + 12, ""),
    ((10, 10, 10, NAN), (11, 12, 9, NAN), NAN, NAN, "no_year_before"),
    ((10, 10, 10, 0), (11, 12, 9, NAN), NAN, NAN, "no_year_before"),
    ((10, NAN, NAN, 10), (11, 12, 9, NAN), NAN, NAN, "coverage_changed"),
    ((0, 10, 10, 10), (5, 12, 9, NAN), 26 + 9, 26 + 12, ""),  # from zero no growth is seen
    ((10, 10, 10, 10), (NAN, NAN, NAN, NAN), NAN, NAN, "no_value"),
]


@pytest.mark.parametrize(("previous", "current", "low", "high", "reason"), BOUNDS)
def test_missing_member_lies_between_the_growths_seen(previous: Row, current: Row, low: float, high: float, reason: str) -> None:
    found = rollup.bounds(np.array(previous, float), np.array(current, float))
    assert (float(found.low), float(found.high)) == (pytest.approx(low, nan_ok=True), pytest.approx(high, nan_ok=True))
    assert int(found.why) == CODE[reason]


def test_ratio_of_a_missing_member_changed_like_the_others_and_stays_below_the_whole() -> None:
    before = np.array([4.0, 5.0, 9.0]), np.array([10.0, 10.0, 10.0])
    now = np.array([5.0, 10.0, NAN]), np.array([10.0, 10.0, 10.0])  # the others' ratios grew by 1.25 and 2
    free, capped = rollup.ratio_bounds(before, now), rollup.ratio_bounds(before, now, most=1.0)
    assert [float(end) for end in free[:2]] == pytest.approx([(15 + 11.25) / 30, (15 + 18) / 30])
    assert [float(end) for end in capped[:2]] == pytest.approx([25 / 30, 25 / 30])
    unweighed = rollup.ratio_bounds(before, (now[0], np.array([10.0, 10.0, NAN])))  # its denominator keeps its share, a third: 10
    assert [float(end) for end in unweighed[:2]] == pytest.approx([float(end) for end in free[:2]])


def test_ratio_without_a_missing_member_lies_at_itself() -> None:
    parts = np.array([4.0, 0.0]), np.array([10.0, 0.0])
    low, high, why = rollup.ratio_bounds((np.full(2, NAN), np.full(2, NAN)), parts)
    assert (float(low), float(high), int(why)) == (0.4, 0.4, 0)


def test_weights_are_carried_from_the_last_time_at_which_all_had_one() -> None:
    sizes = np.array([[1.0, 3.0, NAN, 5.0], [1.0, 1.0, 4.0, NAN]])
    assert rollup.carried_weights(sizes).tolist() == [[1.0, 3.0, 3.0, 3.0], [1.0, 1.0, 1.0, 1.0]]
    assert np.isnan(rollup.carried_weights(sizes[:, 2:])).all()


def test_residual_is_what_the_published_figure_has_more() -> None:
    difference, share = rollup.residual(np.array([100.0, 0.0]), np.array([97.0, 1.0]))
    assert (difference.tolist(), share[0]) == ([3.0, -1.0], pytest.approx(0.03))
    assert np.isnan(share[1])
