"""The other international schemes, at and around their cuts. Published values: test_vectors.py."""

import numpy as np
import pytest

from targets.progress import schemes
from targets.progress.conventions import Points

NAN = float("nan")


def chart(v0: float, v: float, goal: float, d: float = 1, t: float = 2018) -> tuple[float, float, int]:
    points = Points(*(np.array([number], float) for number in (v0, 2015, v, t, goal, 2020, d)))
    found = schemes.un_chart(points)
    return found.extrapolated[0], found.ratio[0], int(found.score[0])


@pytest.mark.parametrize(
    ("v0", "v", "goal", "d", "score"),
    [
        (60, 60 * 1.95**0.6, 120, 1, 3),  # leads to 95 % of the way
        (60, 60 * 1.949**0.6, 120, 1, 2),
        (60, 60 * 1.1**0.6, 120, 1, 2),
        (60, 60 * 1.099**0.6, 120, 1, 1),
        (60, 50, 120, 1, 1),
        (100, 60, 50, -1, 3),
        (98.5, 99.0, 100, 1, 3),  # one point from a bound is met
        (98.5, 98.9, 100, 1, 2),
        (3, 0.9, 0, -1, 3),
        (60, 130, 120, 1, 3),
        (130, 125, 120, 1, 3),  # met, though it falls
        (60, 60 * 1.02**3, NAN, 1, 3),  # no target: two percent a year
        (60, 60 * 1.0199**3, NAN, 1, 2),
        (60, 60 * 1.005**3, NAN, 1, 2),
        (60, 60 * 1.0049**3, NAN, 1, 1),
        (60, 60 * 0.98**3, NAN, -1, 3),
        (60, NAN, 120, 1, 0),
        (-5, 60, 120, 1, 0),
    ],
)
def test_un_chart(v0: float, v: float, goal: float, d: float, score: int) -> None:
    assert chart(v0, v, goal, d)[2] == score


def test_un_chart_tells_where_the_growth_leads() -> None:
    ends, ratio, _ = chart(60, 80, 120)
    assert ends == pytest.approx(60 * (80 / 60) ** (5 / 3))
    assert ratio == pytest.approx((ends - 60) / 60)


@pytest.mark.parametrize(
    ("base", "current", "predicted", "target", "index", "gap", "word"),
    [
        (60, 90, 120, 120, 5, 0, "maintain"),
        (60, 90, 114, 120, 5, 10, "maintain"),
        (60, 90, 113.9, 120, 5, 10.1667, "accelerate"),
        (60, 60, 60, 120, 0, 100, "accelerate"),
        (60, 54, 59, 120, -1, 101.6667, "reverse"),
        (100, 90, 85, 80, 5, 25, "accelerate"),
        (100, 90, 70, 80, 5, 0, "maintain"),
        (100, 110, 120, 80, -5, 200, "reverse"),
        (60, 60, 60, 60, NAN, 0, "maintain"),
        (60, 60, 59, 60, NAN, NAN, "not_available"),
        (60, NAN, 90, 120, NAN, 50, "accelerate"),
        (60, 90, NAN, 120, 5, NAN, "not_available"),
    ],
)
def test_escap(base: float, current: float, predicted: float, target: float, index: float, gap: float, word: str) -> None:
    found = schemes.escap(base, current, predicted, target)
    assert found.status_index[0] == pytest.approx(index, nan_ok=True)
    assert found.gap[0] == pytest.approx(gap, abs=1e-4, nan_ok=True)
    assert schemes.ESCAP_CLASSES[found.cls[0]] == word


def test_escap_takes_a_stated_direction() -> None:
    found = schemes.escap([60, 60], [60, 60], [59, 61], [60, 60], [1, 1])
    assert [schemes.ESCAP_CLASSES[place] for place in found.cls] == ["not_available", "maintain"]


def test_oecd_distance_is_signed_by_direction_and_never_negative() -> None:
    found = schemes.oecd_distance([35, 65, 65, 35, NAN, 35], 60, [12.5, 12.5, 12.5, 12.5, 12.5, 0], [1, 1, -1, -1, 1, 1])
    assert found.tolist() == pytest.approx([2, 0, 0.4, 0, NAN, NAN], nan_ok=True)


def test_sdg_index_is_clipped_and_may_run_downwards() -> None:
    assert schemes.sdg_index([35, 5, 70, NAN], 10, 60).tolist() == pytest.approx([50, 0, 100, NAN], nan_ok=True)
    assert schemes.sdg_index([35, 5, 70], 60, 10).tolist() == [50, 100, 0]
    assert np.isnan(schemes.sdg_index(35, 10, 10))


@pytest.mark.parametrize(
    ("values", "target", "d", "cap", "shares"),
    [
        ([0, 5, 11], 10, 1, False, [0, 0.5, 1.1]),
        ([0, 5, 11], 10, 1, True, [0, 0.5, 1]),
        ([-1, 1, 10], 0, -1, False, [1.1, 0.9, 0]),
        ([-1, NAN, 10], 0, -1, True, [1, NAN, 0]),
        ([3, 5], 3, 1, False, [NAN, NAN]),  # the worst has met the target
        ([NAN, NAN], 3, 1, True, [NAN, NAN]),
    ],
)
def test_distance_to_target(values: list[float], target: float, d: float, cap: bool, shares: list[float]) -> None:
    assert schemes.distance_to_target(values, target, d, cap).tolist() == pytest.approx(shares, nan_ok=True)


def test_each_row_is_a_set_of_its_own() -> None:
    assert schemes.distance_to_target([[0, 5], [2, 6]], 10, 1).tolist() == [[0, 0.5], [0, 0.5]]


def test_goalposts_clip_scale_and_turn_round() -> None:
    values = [11, 1, -1, NAN]
    assert schemes.goalposts(values, 0, 10).tolist() == pytest.approx([1, 0.1, 0, NAN], nan_ok=True)
    assert schemes.goalposts(values, 0, 10, 10, -1).tolist() == pytest.approx([0, 9, 10, NAN], nan_ok=True)
    assert np.isnan(schemes.goalposts(1, 5, 5))
