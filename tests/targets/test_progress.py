"""The engine on hand-worked cases: conventions, ladders of the nine shapes, edge cases, deadlines, and properties that always hold."""

from functools import cache
from math import isnan

import numpy as np
import pandas as pd
import pytest

from targets.progress.conventions import CONVENTIONS, Points
from targets.progress.engine import assess
from targets.progress.placing import NUMBERS
from targets.progress.reasons import REASONS
from targets.progress.shapes import SHAPES, Undecided
from targets.progress.types import KINDS, METHODS
from tests.targets.make_progress import BAROMETER, CASE, FIVE, NAN, judge_cases, judge_one, make_case

RANK = {"achieved": 0, "on_track": 1, "at_risk": 2, "off_track": 3}

# base, base year, value, year, goal, goal year, direction; linear, log, CAGR, extrapolation; gap to line and curve (unsigned), pace %
FOUR_CONVENTIONS = [
    (60, 2015, 80, 2018, 120, 2020, 1, 0.555556, 0.691729, 0.676823, 0.615218, -16.0, -10.942994, 22.474487),
    (60, 2015, 92, 2018, 120, 2020, 1, 0.888889, 1.027786, 1.029813, 1.038892, -4.0, 1.057006, 14.208048),
    (43, 2015, 47, 2018, 60, 2020, 1, 0.392157, 0.44499, 0.436773, 0.404195, -6.2, -5.514367, 12.986537),
    (100, 2010, 109.44, 2011, 90, 2015, -1, -4.72, -4.280838, -4.527222, -5.699305, 11.44, 11.525164, -4.771574),
    (60, 2015, 60, 2018, 120, 2020, 1, 0.0, 0.0, 0.0, 0.0, -36.0, -30.942994, 41.421356),
]


@pytest.mark.parametrize("row", FOUR_CONVENTIONS, ids=lambda row: f"{row[0]}-{row[2]}-{row[4]}")
def test_four_conventions_disagree_by_the_known_amounts(row: tuple[float, ...]) -> None:
    base, base_year, value, year, goal, goal_year, d, linear, log, cagr, beyond, gap_linear, gap_curve, pace = row
    names = ("linear_share", "log_share", "cagr_ratio", "extrapolation")
    common = {"baseline_value": base, "baseline_time": base_year + 1.0, "value": value, "year": year, "goal": goal, "d": float(d)}
    results = judge_cases(make_case(**common, deadline=goal_year + 1.0, convention=name, path="geometric") for name in names)
    assert results["ratio"].tolist() == pytest.approx([linear, log, cagr, beyond], abs=1e-5)
    assert (results["gap_linear"] * d).tolist() == pytest.approx([gap_linear] * 4, abs=1e-5)
    assert (results["gap"] * d).tolist() == pytest.approx([gap_curve] * 4, abs=1e-5)
    assert results["required_pace"].tolist() == pytest.approx([pace] * 4, abs=1e-5)
    assert set(results["pace_unit"]) == {"percent"}


def test_one_point_may_be_off_track_by_the_line_and_at_risk_by_the_curve() -> None:
    line, curve = (judge_one(convention=name, path=path) for name, path in (("linear_share", "linear"), ("cagr_ratio", "geometric")))
    assert (line.status, curve.status) == ("off_track", "at_risk")
    assert (line.expected, line.gap, line.required_pace, line.pace_unit) == (96.0, -16.0, 20.0, "unit")


LEVELS = [
    # what differs from 60 (2015) -> 120 (2020), judged at the end of 2018, and the answer
    ({"value": 120.0}, "achieved", "goal_met"),
    ({"value": 119.995}, "achieved", "goal_met"),  # prints as 120.00
    ({"value": 119.99}, "on_track", "pace_on_track"),
    ({"value": 7.0, "goal": 7.0, "baseline_value": 3.0, "strict": True}, "on_track", "pace_on_track"),
    ({"value": 7.01, "goal": 7.0, "baseline_value": 3.0, "strict": True}, "achieved", "goal_met"),
    ({"value": 94.2}, "on_track", "pace_on_track"),  # 0.57 of the way in 0.6 of the time: exactly 0.95
    ({"value": 94.19}, "at_risk", "pace_at_risk"),
    ({"value": 81.6}, "at_risk", "pace_at_risk"),  # exactly 0.60
    ({"value": 81.59}, "off_track", "pace_off_track"),
    ({"value": 60.0}, "off_track", "pace_off_track"),
    ({"value": 59.0}, "off_track", "wrong_way"),
    ({"value": -1.0, "baseline_value": 0.0}, "off_track", "moved_back"),
    ({"value": NAN}, "no_data", "no_value"),
    ({"value": NAN, "value_reason": "input_missing"}, "no_data", "input_missing"),
    ({"value": NAN, "value_reason": "denominator_zero"}, "no_data", "denominator_zero"),
    ({"value": NAN, "year": 2020}, "no_data", "missing_at_deadline"),
    ({"value": NAN, "year": 2020, "value_reason": "coverage_too_low"}, "no_data", "coverage_too_low"),
    ({"goal": NAN}, "no_data", "no_goal"),
    ({"baseline_value": NAN}, "no_data", "baseline_not_known"),
    ({"baseline_value": NAN, "value": 120.0}, "achieved", "goal_met"),
    ({"baseline_value": NAN, "baseline_reason": "no_baseline"}, "no_data", "no_baseline"),
    ({"baseline_time": 2021.0}, "no_data", "baseline_after_deadline"),
    ({"year": 2015}, "no_data", "window_not_open"),
    ({"year": 2014}, "no_data", "window_not_open"),
    ({"at": 2016.25, "value": 63.0}, "on_track", "pace_on_track"),
    ({"at": 2016.25, "value": 63.0, "convention": "cagr_ratio"}, "no_data", "under_one_year"),
    ({"baseline_value": 120.0, "value": 119.0}, "off_track", "baseline_equals_goal"),
    ({"baseline_value": 120.0, "value": 120.0}, "achieved", "goal_met"),
    ({"baseline_value": 130.0, "value": 119.0}, "off_track", "slipped"),
    ({"baseline_value": 130.0, "figure": 60.0, "annual": 121.0, "share": 0.5}, "on_track", "holding"),
    ({"baseline_value": 120.0, "figure": 60.0, "annual": 120.0, "share": 0.5}, "on_track", "holding"),
    ({"baseline_value": 130.0, "figure": 59.0, "annual": 118.0, "share": 0.5}, "off_track", "slipped"),
    ({"baseline_value": 8.0, "goal": 10.0, "value": 9.0, "d": -1.0, "unfinished": True}, "on_track", "holding"),
    ({"year": 2020, "value": 119.0}, "off_track", "deadline_missed"),
    ({"year": 2020, "value": 120.0}, "achieved", "goal_met"),
    ({"baseline_value": 0.0, "convention": "cagr_ratio", "path": "geometric"}, "on_track", "pace_on_track"),
    ({"baseline_value": -60.0, "convention": "log_share", "path": "geometric"}, "on_track", "pace_on_track"),
    ({"baseline_value": -60.0, "goal": -20.0, "value": -30.0, "convention": "cagr_ratio"}, "on_track", "pace_on_track"),
    ({"baseline_value": 100.0, "goal": 80.0, "value": 80.0, "d": -1.0}, "achieved", "goal_met"),
    ({"baseline_value": 100.0, "goal": 80.0, "value": 88.6, "d": -1.0}, "on_track", "pace_on_track"),
    ({"baseline_value": 100.0, "goal": 80.0, "value": 101.0, "d": -1.0}, "off_track", "wrong_way"),
    ({"goal": 10.0, "value": 9.0, "d": -1.0, "unfinished": True, "baseline_value": 12.0}, "on_track", "pace_on_track"),
    ({"figure": 30.0, "annual": 120.0, "share": 0.25}, "on_track", "pace_on_track"),
    ({"figure": 120.0, "annual": 160.0, "share": 0.75}, "achieved", "goal_met"),
]
RANGES = [
    ({"value": 4.0}, "on_track", "pace_on_track"),
    ({"value": 5.0}, "achieved", "range_met"),
    ({"value": 7.0}, "achieved", "range_met"),
    ({"value": 8.0}, "achieved", "range_exceeded"),
    ({"value": 4.0, "year": 2020}, "off_track", "deadline_missed"),
    ({"value": 6.0, "d": -1.0}, "achieved", "range_met"),  # falling: 7 is the weaker end
    ({"value": 4.0, "d": -1.0}, "achieved", "range_exceeded"),
    ({"value": 8.0, "goal_high": NAN}, "achieved", "goal_met"),
    ({"goal": NAN}, "no_data", "no_goal"),
]
DIRECTS = [
    ({"value": 75.0}, "achieved", "goal_met"),
    ({"value": 71.25}, "on_track", "share_on_track"),
    ({"value": 45.0}, "at_risk", "share_at_risk"),
    ({"value": 44.99}, "off_track", "share_off_track"),
    ({"value": 74.0, "year": 2020}, "off_track", "deadline_missed"),
    ({"goal": 0.0, "value": -1.0}, "no_data", "goal_not_positive"),
    ({"goal": 10.0, "value": 10.5, "d": -1.0}, "on_track", "share_on_track"),
]
BENCHMARKS = [
    ({"value": 100.0}, "achieved", "benchmark_met"),
    ({"value": 105.0}, "achieved", "benchmark_near"),
    ({"value": 105.1}, "on_track", "pace_on_track"),
    ({"value": 105.1, "year": 2020}, "off_track", "deadline_missed"),
    ({"value": 100.0, "goal": NAN}, "no_data", "no_goal"),
]
CUTS = [
    ({"value": 96.0, "year": 2012}, "on_track", "pace_on_track"),
    ({"value": 97.0, "year": 2012}, "at_risk", "pace_at_risk"),
    ({"value": 99.0, "year": 2012}, "off_track", "pace_off_track"),
    ({"value": 109.44, "year": 2011}, "off_track", "wrong_way"),
    ({"value": 90.0, "year": 2012}, "achieved", "cut_met"),
    ({"value": 90.005, "year": 2015}, "achieved", "cut_met"),  # 9.995 prints as 10.00
    ({"value": 90.01, "year": 2015}, "off_track", "deadline_missed"),
    ({"value": 109.44, "year": 2015}, "off_track", "deadline_missed"),
    ({"value": 80.0, "year": 2012, "unfinished": True, "yearly_change": -0.1}, "on_track", "pace_on_track"),  # an estimate until it is over
    ({"value": 80.0, "year": 2012, "unfinished": True}, "no_data", "no_year_before"),  # nothing tells this part of the year's season
    ({"value": 96.0, "year": 2012, "baseline_value": 0.0}, "no_data", "zero_base"),
    ({"value": 96.0, "year": 2012, "baseline_value": NAN}, "no_data", "baseline_not_known"),
    ({"value": 100.0, "year": 2010}, "no_data", "window_not_open"),
    ({"value": 100.1, "goal": 0.0, "year": 2012}, "off_track", "baseline_equals_goal"),
]
LEVELS_OF_WARNING = [
    ({"yearly_change": 0.0944, "value": 109.44, "year": 2011}, "off_track", "wrong_way", 1),
    ({"yearly_change": 0.01}, "off_track", "level_1", 1),
    ({"yearly_change": 0.0}, "at_risk", "level_2_no_change", 2),
    ({"yearly_change": -0.01}, "at_risk", "level_2", 2),
    ({"yearly_change": -0.0208}, "at_risk", "level_2", 2),
    ({"yearly_change": 0.9**0.2 - 1}, "on_track", "level_3", 3),  # the planned yearly pace itself
    ({"yearly_change": -0.04, "value": 105.0}, "on_track", "level_3", 3),  # still above the baseline: lenient, as the rule is
    ({}, "no_data", "no_year_before", 0),
    ({"goal": 120.0, "yearly_change": -0.04}, "no_data", "sign_change", 0),
    ({"yearly_reason": "coverage_changed"}, "no_data", "coverage_changed", 0),
    ({"value": 89.0}, "achieved", "cut_met", 0),
    ({"value": 90.0, "year": 2015}, "achieved", "cut_met", 0),
    ({"value": 95.0, "year": 2015, "yearly_change": -0.05}, "off_track", "deadline_missed", 3),
]
YEARLY_GROWTH = [
    ({"yearly_change": 0.05, "time": 2021.0}, "achieved", "growth_met"),
    ({"yearly_change": 0.049949, "time": 2021.0}, "off_track", "deadline_missed"),
    ({"yearly_change": 0.06, "time": 2020.5}, "on_track", "share_on_track"),  # the year is still open
    ({"yearly_change": 0.03, "time": 2020.5}, "at_risk", "share_at_risk"),
    ({"yearly_change": -0.02, "time": 2020.5}, "off_track", "share_off_track"),
    ({"yearly_change": 0.08, "time": 2019.0, "at": 2019.0}, "no_data", "window_not_open"),
    ({"time": 2020.5}, "no_data", "no_year_before"),
    ({"time": 2021.0}, "no_data", "missing_at_deadline"),
]
COMPOUND_GROWTH = [
    ({"value": 120.0, "year": 2020}, "off_track", "deadline_missed"),  # 14.87 % against 15 %
    ({"value": 120.68, "year": 2020}, "achieved", "growth_met"),  # 15.00 % as printed
    ({"value": 80.0}, "at_risk", "share_at_risk"),
    ({"value": 100.0}, "on_track", "share_on_track"),  # the span is still open
    ({"value": 60.0, "year": 2015}, "no_data", "window_not_open"),
    ({"value": 80.0, "baseline_value": 0.0}, "no_data", "zero_base"),
    ({"value": -80.0}, "no_data", "sign_change"),
    ({"value": 80.0, "at": 2016.5}, "no_data", "under_one_year"),
]
SUMS = [
    ({"value": 57.0}, "on_track", "pace_on_track"),
    ({"value": 40.0}, "at_risk", "pace_at_risk"),
    ({"value": 0.0}, "off_track", "pace_off_track"),
    ({"value": 114.0}, "achieved", "goal_met"),
]
MILESTONES = [
    ({"value": 3.0}, "achieved", "milestone_done"),
    ({"value": 1.0, "time": 2015.75}, "on_track", "milestone_under_way"),
    ({"value": 0.0, "time": 2014.5}, "on_track", "milestone_waiting"),
    ({"value": 0.0, "time": 2015.0}, "on_track", "milestone_waiting"),  # half the time is left: not below a half
    ({"value": 0.0, "time": 2015.25}, "at_risk", "milestone_at_risk"),
    ({"value": 0.0, "time": 2015.75}, "off_track", "milestone_off_track"),
    ({"value": 2.0, "time": 2016.0}, "off_track", "deadline_missed"),
    ({"value": NAN, "time": 2015.0}, "no_data", "no_value"),
    ({"value": 0.0, "window_start": NAN}, "no_data", "window_not_known"),
    ({"value": 3.0, "partial": True}, "no_data", "coverage_too_low"),
]
SHARED = {
    "level": {},
    "range": {"kind": "range", "goal": 5.0, "goal_high": 7.0, "baseline_value": 2.0, "decimals": 0},
    "direct": {"kind": "ratio", "convention": "direct", "path": "none", "goal": 75.0, "baseline_value": NAN,
               "baseline_reason": "no_baseline"},
    "benchmark": {"kind": "benchmark", "goal": 100.0, "d": -1.0, "tolerance": 0.05, "baseline_value": 130.0, "decimals": 1},
    "reduction": {
        "kind": "reduction", "convention": "log_share", "path": "geometric", "goal": 10.0, "d": -1.0, "baseline_value": 100.0,
        "baseline_time": 2011.0, "deadline": 2016.0, "decimals": 3, "year": 2012, "value": 97.0,
    },
    "growth_yoy": {"kind": "growth_yoy", "convention": "direct", "path": "none", "goal": 5.0, "at": 2021.0, "baseline_time": 2020.0},
    "growth_cagr": {"kind": "growth_cagr", "convention": "direct", "path": "geometric", "goal": 15.0},
    "cumulative": {"kind": "cumulative", "goal": 114.0, "baseline_value": 0.0, "baseline_time": 2014.0, "deadline": 2016.0, "year": 2014},
    "milestone": {"kind": "milestone", "convention": "evidence", "path": "none", "goal": 3.0, "window_start": 2014.0, "deadline": 2016.0,
                  "time": 2015.0, "baseline_value": NAN, "baseline_reason": "no_baseline"},
}  # fmt: skip
SHARED["warning"] = {**SHARED["reduction"], "rule_set": "barometer"}
TABLES = {
    "level": LEVELS, "range": RANGES, "direct": DIRECTS, "benchmark": BENCHMARKS, "reduction": CUTS, "warning": LEVELS_OF_WARNING,
    "growth_yoy": YEARLY_GROWTH, "growth_cagr": COMPOUND_GROWTH, "cumulative": SUMS, "milestone": MILESTONES,
}  # fmt: skip
EVERY_CASE = [(shape, *row[:3]) for shape, rows in TABLES.items() for row in rows]


@cache
def every_result() -> pd.DataFrame:
    """All cases of the tables judged in one go, as the engine is meant to be used."""
    return judge_cases(make_case(**{**SHARED[shape], **changes}, area=str(n)) for n, (shape, changes, _, _) in enumerate(EVERY_CASE))


@pytest.mark.parametrize(("shape", "changes", "status", "reason"), EVERY_CASE, ids=[f"{s}-{r}-{c}"[:90] for s, c, _, r in EVERY_CASE])
def test_each_case_gets_its_status_for_the_right_reason(shape: str, changes: dict[str, float], status: str, reason: str) -> None:
    row = every_result().iloc[EVERY_CASE.index((shape, changes, status, reason))]
    assert (row.status, row.reason) == (status, reason)


def test_warning_level_stands_beside_the_status() -> None:
    results = judge_cases(make_case(**{**SHARED["warning"], **row[0]}, area=str(n)) for n, row in enumerate(LEVELS_OF_WARNING))
    assert results["warning_level"].tolist() == [row[3] for row in LEVELS_OF_WARNING]


def test_every_kind_has_its_own_named_branch() -> None:
    assert {kind for kind, _ in SHAPES} == set(KINDS)
    assert {method for _, method in SHAPES} == set(METHODS)
    assert len({shape.__name__ for shape in SHAPES.values()}) == len(SHAPES)


def test_rise_of_2011_is_the_wrong_way_and_not_a_number_divided_by_something() -> None:
    row = judge_one(**{**SHARED["warning"], "value": 109.44, "year": 2011, "yearly_change": 0.0944})
    assert (row.status, row.reason, row.warning_level) == ("off_track", "wrong_way", 1)
    assert row.change == pytest.approx(0.0944)
    assert isnan(row.progress)
    assert isnan(row.ratio)
    assert (row.progress_reason, row.ratio_reason) == ("wrong_way", "wrong_way")
    assert row.gap == pytest.approx(-11.525164, abs=1e-6)
    assert row.required_pace == pytest.approx(-4.771574, abs=1e-6)
    assert row.planned_change == pytest.approx(-0.0208516, abs=1e-7)


# cut in percent, years, done so far in percent, years done; share of the way (log), in percent
FIVE_YEAR_PLANS = [(17, 5, 4.87, 3, 26.8), (20, 5, 20.07, 5, 100.39), (17.4, 5, 18.47, 4, 106.82)]


@pytest.mark.parametrize(("cut", "years", "done", "passed", "share"), FIVE_YEAR_PLANS)
def test_share_of_a_five_year_cut_is_logarithmic(cut: float, years: int, done: float, passed: int, share: float) -> None:
    row = judge_one(**{**SHARED["reduction"], "goal": cut, "deadline": 2011.0 + years, "value": 100 - done, "year": 2010 + passed})
    assert row.progress * 100 == pytest.approx(share, abs=0.06)


def test_pace_left_of_a_five_year_cut_is_compounded_not_subtracted() -> None:
    row = judge_one(**{**SHARED["reduction"], "goal": 17.0, "value": 95.13, "year": 2013})
    assert row.required_pace == pytest.approx(-6.59, abs=0.006)


def test_convention_itself_can_state_a_negative_share() -> None:
    one = [np.array([x]) for x in (100.0, 2011.0, 109.44, 2012.0, 90.0, 2016.0, -1.0)]
    assert CONVENTIONS["log_share"](Points(*one))[0][0] * 100 == pytest.approx(-85.62, abs=0.02)


def test_zero_or_changing_sign_takes_the_linear_share_and_says_so() -> None:
    zero, sign, plain = judge_cases(
        make_case(convention="cagr_ratio", path="geometric", baseline_value=base) for base in (0.0, -60.0, 60.0)
    ).itertuples()
    assert (zero.convention_used, zero.convention_reason, zero.ratio) == ("linear_share", "zero_base", pytest.approx(80 / 120 / 0.6))
    assert (sign.convention_used, sign.convention_reason) == ("linear_share", "sign_change")
    assert (plain.convention_used, plain.convention_reason) == ("cagr_ratio", "")
    assert zero.expected == 72.0  # a geometric path from zero is drawn as a line


def test_year_to_date_is_compared_with_its_part_of_the_year() -> None:
    row = judge_one(figure=20.0, annual=80.0, share=0.25, path="linear")
    assert (row.value, row.expected, row.gap, row.compared) == (20.0, 24.0, -4.0, 80.0)
    assert row.gap_share == pytest.approx(-1 / 6)


def test_gap_is_negative_when_behind_whichever_way_is_better() -> None:
    assert judge_one(value=80.0).gap == -16.0
    assert judge_one(value=95.0, baseline_value=100.0, goal=80.0, d=-1.0).gap == pytest.approx(-7.0)


def test_compound_growth_says_what_the_years_left_need() -> None:
    row = judge_one(**SHARED["growth_cagr"], value=80.0)
    assert (row.value, row.expected, row.gap) == (pytest.approx(10.0642, abs=1e-4), 15.0, pytest.approx(-4.9358, abs=1e-4))
    assert row.required_pace == pytest.approx(100 * ((60 * 1.15**5 / 80) ** 0.5 - 1))
    assert row.change == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("value", "status", "margin"), [(100.0, "on_track", 0.161111111), (85.0, "at_risk", 0.255555556), (70.0, "off_track", 0.322222222)]
)
def test_margin_is_the_distance_to_the_next_level(value: float, status: str, margin: float) -> None:
    row = judge_one(value=value)
    assert (row.status, row.margin) == (status, pytest.approx(margin, abs=1e-9))


PACE_REASONS = [
    ({"value": 120.0}, "goal_met"),
    ({"year": 2020}, "deadline_passed"),
    ({"at": 2021.0, "time": 2020.5}, "last_year"),
    ({"value": NAN}, "no_value"),
    ({"goal": NAN}, "no_goal"),
    ({"goal": 1e100, "value": 1e-100, "baseline_value": 1e-101, "path": "geometric", "time": 2020.75, "at": 2020.75}, "too_large"),
    (SHARED["growth_cagr"] | {"goal": -120.0, "value": 80.0}, "sign_change"),
    (SHARED["milestone"] | {"value": 1.0}, "evidence_only"),
    (SHARED["growth_yoy"] | {"yearly_change": 0.03, "time": 2020.5}, "single_year"),
]


@pytest.mark.parametrize(("changes", "reason"), PACE_REASONS, ids=[reason for _, reason in PACE_REASONS])
def test_required_pace_that_cannot_be_is_named(changes: dict[str, float], reason: str) -> None:
    row = judge_one(**changes)
    assert isnan(row.required_pace)
    assert (row.required_pace_reason, row.pace_unit) == (reason, "")


def test_areas_and_targets_are_frozen_each_for_itself() -> None:
    rows = [
        make_case(area=a, target=t, value=v, year=y, period=str(y))
        for a, t, v, y in [
            ("a", "T", 120.0, 2020),
            ("b", "T", 100.0, 2020),
            ("a", "U", 100.0, 2020),
            ("b", "T", 130.0, 2021),
            ("a", "U", 100.0, 2021),
            ("a", "T", 1.0, 2021),
        ]
    ]
    assert judge_cases(rows)["status"].tolist() == ["achieved", "off_track", "off_track", "off_track", "off_track", "achieved"]


def test_rule_set_without_a_cut_is_refused_instead_of_guessed() -> None:
    with pytest.raises(Undecided):
        assess(pd.DataFrame([make_case()]), {"five_status": type(FIVE)("five_status", "pace", {"coverage": 0.5})})


@pytest.mark.parametrize("changes", [{"kind": "wish"}, {"convention": "gut"}, {"path": "winding"}])
def test_unknown_word_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="unknown"):
        judge_one(**changes)


def test_method_that_does_not_fit_the_shape_is_refused() -> None:
    with pytest.raises(Undecided):
        judge_one(rule_set="barometer")


def test_every_reason_code_is_given_by_some_case() -> None:
    results = judge_cases([*(make_case(**changes, area=f"pace{n}") for n, (changes, _) in enumerate(PACE_REASONS)),
                           make_case(area="late", year=2020), make_case(area="late", year=2021, value=120.0),
                           make_case(area="early", convention="schedule", path="stepped", planned_share=0.0),
                           make_case(area="zero", baseline_value=-60.0, goal=60.0, at=2018.5, time=2018.5)])  # fmt: skip
    results = pd.concat([results, every_result()])
    given = set(results["reason"])
    for name in NUMBERS:
        given |= set(results[f"{name}_reason"])
    assert set(REASONS) - given == set()


def test_rows_come_back_in_their_order_with_their_inputs() -> None:
    results = judge_cases(make_case(area=str(n), value=60.0 + n) for n in range(5))
    assert results["area"].tolist() == list("01234")
    assert set(CASE) - {"value_reason", "baseline_reason", "baseline_value"} <= set(results.columns)
    assert results["rule_version"].tolist() == [FIVE.version] * 5
    assert BAROMETER.version == "2011"
