"""Score sheets, with the thresholds of the policy's pack: each printed step, between the steps, the caps and the vetoes."""

import numpy as np
import pytest

from targets.pack import read_pack
from targets.pack.rules import rule_sets
from targets.progress.score_sheet import annual_met, grade, on_schedule, schedule_of, sheet_points, twin_points
from tests.conftest import QINGHAI

RULES = {rule.code: rule for rule in rule_sets(read_pack(QINGHAI)[0]).values()}
SHEET, TWIN = RULES["score_sheet"], RULES["twin_test"]


@pytest.mark.parametrize(
    ("completion", "points", "veto"),
    [(150, 49, False), (130, 49, False), (129.99, 46, False), (120, 46, False), (110, 43, False), (109.99, 40, False), (100, 40, False),
     (99.9999999999, 40, False), (99, 36, True), (90, 36, True), (89.9, 32, True), (80, 32, True), (70, 28, True), (60, 24, True),
     (50, 20, True), (49.99, 0, True), (0, 0, True), (-85.6, 0, True)],
)  # fmt: skip
def test_points_for_a_completion(completion: float, points: float, veto: bool) -> None:
    found = sheet_points(completion, SHEET.parameters)
    assert (float(found[0]), bool(found[1])) == (points, veto)


def test_unknown_completion_has_no_points() -> None:
    assert np.isnan(sheet_points(np.nan, SHEET.parameters)[0])


def test_another_sheet_is_other_data() -> None:
    """A district's: 30 points, one point for each tenth over, at most five."""
    district = {**SHEET.parameters, "full": 30.0, "step_points": 3.0, "bonus": 1.0, "bonus_cap": 5.0}
    points, _ = sheet_points(np.array([90, 100, 125, 180]), district)
    assert points.tolist() == [27, 30, 32, 35]


@pytest.mark.parametrize(
    ("annual", "cumulative", "points", "veto"),
    [(True, True, 60, False), (False, True, 55, False), (True, False, 40, False), (False, False, 0, True)],
)
def test_twin_test_is_a_matrix(annual: bool, cumulative: bool, points: float, veto: bool) -> None:
    found = twin_points(annual, cumulative, TWIN.parameters)
    assert (float(found[0]), bool(found[1])) == (points, veto)


def test_met_in_the_year_and_behind_the_schedule_are_two_things() -> None:
    """15.64 % after the first year: the year's target was met, a fifth of the way was not."""
    assert bool(annual_met(2.5, 2.51))
    assert not bool(on_schedule(15.64, 1, schedule_of(TWIN.parameters)))


@pytest.mark.parametrize(
    ("progress", "year", "kept"),
    [(20, 1, True), (19.99, 1, False), (40, 2, True), (60, 3, True), (79.9, 4, False), (100, 5, True), (99.9, 5, False), (-85.6, 1, False),
     (200, 6, False), (200, 0, False), (np.nan, 1, False)],
)  # fmt: skip
def test_schedule_asks_for_a_fifth_each_year(progress: float, year: int, kept: bool) -> None:
    assert bool(on_schedule(progress, year, schedule_of(TWIN.parameters))) is kept


@pytest.mark.parametrize(
    ("target", "high", "actual", "met"),
    [(4.0, np.nan, 4.01, True), (4.4, np.nan, 4.02, False), (4.0, 4.5, 4.2, True), (4.5, 4.0, 4.0, True), (4.0, 4.5, 3.99, False),
     (4.0, np.nan, 3.996, True), (4.0, np.nan, -0.5, False), (4.0, np.nan, np.nan, False)],
)  # fmt: skip
def test_annual_target_is_met_as_printed_a_range_from_its_weaker_end(target: float, high: float, actual: float, met: bool) -> None:
    assert bool(annual_met(target, actual, high)) is met


@pytest.mark.parametrize(
    ("total", "met", "word"),
    [(109, True, "超额完成"), (95, True, "超额完成"), (94.9, True, "完成"), (80, True, "完成"), (79.9, True, "基本完成"),
     (60, True, "基本完成"), (59.9, True, "未完成"), (0, True, "未完成"), (96, False, "未完成"), (np.nan, False, "未完成"),
     (np.nan, True, "")],
)  # fmt: skip
def test_grade_begins_at_its_lower_bound_and_the_veto_stands_above_the_score(total: float, met: bool, word: str) -> None:
    place = int(grade(total, met, SHEET.levels))
    assert (SHEET.levels[place].word_zh if place >= 0 else "") == word
