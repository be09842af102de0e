"""The Open SDG profile: each edge case of its table, whatever stands around it; scores; aggregates. Published rows: test_vectors.py."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.engine import insist_on_agreement, make
from targets.progress import open_sdg
from targets.progress.open_sdg import REASONS, STATUSES, aggregate, judge, limit_factor

NAN = float("nan")
NAMES = ("base_year", "base_value", "current_year", "current_value", "target_year", "target", "direction", "limit", "sign")
PLAIN = dict(zip(NAMES, (2015.0, 60.0, 2018.0, 80.0, 2020.0, 120.0, 1.0, NAN, NAN), strict=True))


def one(**changes: float) -> tuple[float, str, float, str]:
    value, status, score, reason = judge(**{**PLAIN, **changes})
    return value[0], STATUSES[status[0]], score[0], REASONS[reason[0]]


FREE = {"target": NAN}  # no target is stated
CASES: list[tuple[str, dict[str, float], float, str, float, str]] = [
    ("a ratio", {}, 0.676822661, "moderate_progress", 0.548776584, "rate_ratio"),
    ("exactly on the path", {"current_value": 60 * 2**0.6}, 1.0, "substantial_progress", 2.8572, "rate_ratio"),
    ("target met, trend bad", {"base_value": 150, "current_value": 130}, -1.06719738, "target_achieved", 5, "current_meets_target"),
    ("base had met it, slipped", {"base_value": 130, "current_value": 110}, -3.41051514, "deterioration", -5, "rate_ratio"),
    ("base, current and target alike", {"base_value": 120, "current_value": 120}, NAN, "target_achieved", 5, "no_way_to_go"),
    ("base at the target, slipped", {"base_value": 120}, NAN, "deterioration", -5, "no_way_to_go"),
    ("base at the target, improved", {"base_value": 120, "current_value": 130}, NAN, "target_achieved", 5, "no_way_to_go"),
    ("falling to a target of zero", {"target": 0, "direction": -1}, -0.113177585, "deterioration", -2.97157704, "target_zero_replaced"),
    ("a target of zero met", {"target": 0, "direction": -1, "current_value": 0}, 1.12455154, "target_achieved", 5, "target_zero_replaced"),
    ("a target of zero nearly met", {"target": 0, "direction": -1, "current_value": 0.0005}, 1.10175238, "target_achieved", 5,
     "target_zero_replaced"),
    ("risen to a target of zero", {"base_value": -60, "target": 0, "current_value": 0}, NAN, "target_achieved", 5, "target_zero_replaced"),
    ("rising from zero", {"base_value": 0}, 4.49119828, "substantial_progress", 5, "base_zero_replaced"),
    ("zero, and back to it", {"base_value": 0, "current_value": 5, "target": 0, "direction": -1}, NAN, "deterioration", -5, "no_way_to_go"),
    ("from zero to below zero", {"base_value": 0, "current_value": -1}, NAN, "not_available", NAN, "signs_differ"),
    ("signs of base and current", {"current_value": -80}, NAN, "not_available", NAN, "signs_differ"),
    ("signs of base and target", {"target": -120, "direction": -1}, NAN, "not_available", NAN, "signs_differ"),
    ("unlike signs, target met", {"base_value": -5, "target": 70}, NAN, "target_achieved", 5, "current_meets_target"),
    ("fallen to nothing", {"current_value": 0}, -6.72502396, "deterioration", -5, "rate_ratio"),
    ("negative, rising", {"base_value": -60, "current_value": -50, "target": -30}, 0.45549809, "limited_progress", -0.60207611,
     "rate_ratio"),
    ("negative, falling", {"base_value": -60, "current_value": -70, "target": -30}, -0.407314245, "deterioration", -4.19715627,
     "rate_ratio"),
    ("one point", {"current_year": 2015}, NAN, "not_available", NAN, "one_point"),
    ("current before the base", {"current_year": 2014}, NAN, "not_available", NAN, "one_point"),
    ("half a year", {"current_year": 2015.5}, NAN, "not_available", NAN, "under_one_year"),
    ("a year in decimals", {"base_year": 2017.7, "current_year": 2018.7}, 0.94775823, "moderate_progress", 2.48404226, "rate_ratio"),
    ("half a year, target met", {"current_year": 2015.5, "current_value": 120}, NAN, "target_achieved", 5, "current_meets_target"),
    ("no current value", {"current_value": NAN}, NAN, "not_available", NAN, "no_current"),
    ("no current year", {"current_year": NAN}, NAN, "not_available", NAN, "no_current"),
    ("no base", {"base_value": NAN}, NAN, "not_available", NAN, "no_base"),
    ("no base, target met", {"base_value": NAN, "current_value": 121}, NAN, "target_achieved", 5, "current_meets_target"),
    ("no direction", {"direction": NAN}, NAN, "not_available", NAN, "no_direction"),
    ("no target year", {"target_year": NAN}, NAN, "not_available", NAN, "no_target_year"),
    ("target year at the base", {"target_year": 2015}, NAN, "not_available", NAN, "target_year_too_early"),
    ("in the target year", {"current_year": 2020}, 0.39828175, "limited_progress", -0.840479432, "rate_ratio"),
    ("target year passed, better", {"current_year": 2021}, NAN, "limited_progress", NAN, "target_year_passed"),
    ("target year passed, worse", {"current_year": 2021, "current_value": 50}, NAN, "deterioration", NAN, "target_year_passed"),
    ("target year passed, met", {"current_year": 2021, "current_value": 120}, NAN, "target_achieved", 5, "current_meets_target"),
    ("beyond all numbers", {"base_value": 1e-308, "current_value": 100, "current_year": 2016, "target": 1e-308 * (1 + 1e-9)}, NAN,
     "target_achieved", 5, "too_large"),
    ("no target, ahead", {**FREE, "current_value": 63}, 0.0163963568, "substantial_progress", 3.19817841, "rate_alone"),
    ("no target, between", {**FREE, "current_value": 61.5}, 0.00826483761, "moderate_progress", 0.816209402, "rate_alone"),
    ("no target, a little", {**FREE, "current_value": 60.5}, 0.00277009725, "limited_progress", -1.11495137, "rate_alone"),
    ("no target, unchanged", {**FREE, "current_value": 60}, 0, "limited_progress", -2.5, "rate_alone"),
    ("no target, worse", {**FREE, "current_value": 59.5}, -0.00278552975, "deterioration", -2.84819122, "rate_alone"),
    ("no target, far worse", {**FREE, "current_value": 30}, -0.206299474, "deterioration", -5, "rate_alone"),
    ("no target, wanted down", {**FREE, "current_value": 59, "direction": -1}, 0.00558670875, "moderate_progress", 0.146677187,
     "rate_alone"),
    ("no target, base zero", {**FREE, "base_value": 0, "direction": -1}, -42.0886938, "deterioration", -5, "base_zero_replaced"),
    ("no target, its year passed", {**FREE, "target_year": 2010, "current_value": 63}, 0.0163963568, "substantial_progress", 3.19817841,
     "rate_alone"),
    ("at the limit, kept", {**FREE, "base_value": 100, "current_value": 100, "limit": 100}, 0, "substantial_progress", 5, "rate_alone"),
    ("at the limit, lost", {**FREE, "base_value": 100, "current_value": 99, "limit": 100}, -0.00334450659, "deterioration", -2.91806332,
     "rate_alone"),
    ("near the limit", {**FREE, "base_value": 97.4, "current_value": 98, "limit": 100}, 0.00204918606, "substantial_progress", 4.28193852,
     "rate_alone"),
    ("a hair from the limit", {**FREE, "base_value": 100 - 1e-7, "current_value": 100 - 1e-7, "limit": 100}, 0, "limited_progress", -2.5,
     "rate_alone"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "changes", "value", "status", "score", "reason"), CASES, ids=[case[0] for case in CASES])
def test_edge_case(name: str, changes: dict[str, float], value: float, status: str, score: float, reason: str) -> None:
    found = one(**changes)
    assert found[1::2] == (status, reason)
    assert found[0] == pytest.approx(value, rel=1e-8, nan_ok=True)
    assert found[2] == pytest.approx(score, rel=1e-8, nan_ok=True)


@pytest.mark.parametrize(
    ("needed", "status"),
    [(0.9501, "substantial_progress"), (0.95, "substantial_progress"), (0.9499, "moderate_progress"), (0.6, "moderate_progress"),
     (0.5999, "limited_progress"), (0.0, "limited_progress"), (-0.0001, "deterioration")],
)  # fmt: skip
def test_cuts_are_inclusive_lower_bounds(needed: float, status: str) -> None:
    asked = 2 ** (1 / 5) - 1
    assert one(current_value=60 * (1 + needed * asked) ** 3)[1] == status


@pytest.mark.parametrize(
    ("base", "limit", "factor"),
    [(50, NAN, 1), (50, 0, 1), (0, 0, 1), (0, 100, 1), (100, 100, 0), (-100, 100, 0), (200, 100, 1), (300, 100, 1),
     (50, 100, 1 - 0.5**4.44), (150, 100, 1 - 0.5**4.44), (50, -100, 1 - 0.5**4.44)],
)  # fmt: skip
def test_limit_factor(base: float, limit: float, factor: float) -> None:
    with np.errstate(all="ignore"):
        assert limit_factor(np.array([base], float), np.array([limit], float))[0] == pytest.approx(factor)


def test_a_given_sign_is_used_and_a_missing_one_is_that_of_the_base() -> None:
    negative = {"base_value": -60.0, "current_value": -50.0, "target": -30.0}
    assert one(**negative, sign=-1)[:3] == one(**negative)[:3]
    assert one(sign=1)[:3] == one()[:3]


def test_every_reason_and_every_status_is_reached() -> None:
    told = {one(**changes)[3] for _, changes, *_ in CASES}
    assert told | {""} == set(REASONS)
    assert {one(**changes)[1] for _, changes, *_ in CASES} == set(STATUSES)


def test_rows_do_not_depend_on_their_neighbours_or_on_where_a_chunk_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{**PLAIN, **changes} for _, changes, *_ in CASES]
    alone = [judge(**row) for row in rows]
    for chunk in (1, 7, 10_000):
        monkeypatch.setattr(open_sdg, "CHUNK", chunk)
        together = judge(*(np.array([row[name] for row in rows]) for name in NAMES))
        for row, single in enumerate(alone):
            assert [column[row] for column in together] == pytest.approx([column[0] for column in single], rel=1e-12, nan_ok=True)


def test_engine_numpy_and_loop_agree_on_ordinary_rows() -> None:
    insist_on_agreement(make(3_000))


def test_columns_of_unlike_length_are_refused() -> None:
    with pytest.raises(ValueError):
        judge([2015, 2015], [1, 2, 3], 2018, 1, 2020, 2, 1)


NUMBERS = st.one_of(st.just(NAN), st.sampled_from([0.0, -1.0, 1.0, 100.0, 0.001]), st.floats(-1e6, 1e6))
YEARS = st.one_of(st.just(NAN), st.floats(2000, 2040), st.integers(2010, 2030).map(float))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(YEARS, NUMBERS, YEARS, NUMBERS, YEARS, NUMBERS, st.sampled_from([1.0, -1.0]), NUMBERS), min_size=1, max_size=20))
def test_whatever_is_given_has_a_status_and_a_reason(rows: list[tuple[float, ...]]) -> None:
    value, status, score, reason = judge(*np.array(rows, float).T)
    words, limits = np.array(STATUSES)[status], np.array(REASONS)[reason]
    assert (limits != "").all()
    assert not np.isinf(value).any()
    assert (np.isnan(score) == ((words == "not_available") | (limits == "target_year_passed"))).all()
    assert (np.abs(score[~np.isnan(score)]) <= 5).all()
    assert (score[words == "target_achieved"] == 5).all()


ACHIEVED, MODERATE, MISSING, LIMITED = (STATUSES.index(word) for word in
                                        ("target_achieved", "moderate_progress", "not_available", "limited_progress"))  # fmt: skip


@pytest.mark.parametrize(
    ("scores", "statuses", "score", "status"),
    [
        ([5, 5], [ACHIEVED, ACHIEVED], 5, "target_achieved"),
        ([5, NAN], [ACHIEVED, MISSING], 5, "target_achieved"),
        ([5, 0], [ACHIEVED, MODERATE], 2.5, "substantial_progress"),
        ([5, NAN], [ACHIEVED, LIMITED], 5, "substantial_progress"),  # a missed target has no score, but it is not met
        ([2.4999], [MODERATE], 2.4999, "moderate_progress"),
        ([0, 0], [MODERATE, MODERATE], 0, "moderate_progress"),
        ([-2.5], [LIMITED], -2.5, "limited_progress"),
        ([-2.5001], [LIMITED], -2.5001, "deterioration"),
        ([NAN, NAN], [MISSING, MISSING], NAN, "not_available"),
        ([], [], NAN, "not_available"),
        ([5, 5], None, 5, "substantial_progress"),
    ],
)
def test_aggregate(scores: list[float], statuses: list[int] | None, score: float, status: str) -> None:
    whole = aggregate(scores, statuses)
    assert whole.score[0] == pytest.approx(score, nan_ok=True)
    assert STATUSES[whole.status[0]] == status


def test_groups_are_averaged_apart_and_then_together() -> None:
    parts = aggregate([-3, -1, 5, NAN, 5], [LIMITED, LIMITED, ACHIEVED, MISSING, ACHIEVED], [0, 0, 1, 2, 1])
    assert parts.score.tolist()[:2] == [-2, 5]
    assert [STATUSES[place] for place in parts.status] == ["limited_progress", "target_achieved", "not_available"]
    whole: Any = aggregate(*parts)
    assert (whole.score[0], STATUSES[whole.status[0]]) == (1.5, "moderate_progress")
