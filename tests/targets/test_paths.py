"""Paths and schedules on hand-worked cases: what is asked for by when, and from where."""

import numpy as np
import pytest

from indicators.rows import IndicatorSpec
from targets.progress.explain import explain
from targets.progress.paths import PATHS, planned_share, value_on
from targets.progress.types import PATH_NAMES
from tests.targets.make_progress import judge_one, make_indicators, make_target, run

FIVE_YEARS = (0.2, 0.4, 0.6, 0.8, 1.0)
LATE = (0.1, 0.2, 0.4, 0.7, 1.0)
E, G = IndicatorSpec("E", "flow", decimals=2), IndicatorSpec("G", "flow", decimals=2)
INTENSITY = IndicatorSpec("I", "ratio", decimals=3, numerator="E", denominator="G", rollup="ratio_of_sums")


def test_every_path_has_its_formula() -> None:
    assert tuple(PATHS) == PATH_NAMES


@pytest.mark.parametrize(
    ("path", "schedule", "at", "share"),
    [
        ("linear", (), 2013.5, 0.5),
        ("geometric", (), 2013.5, 0.5),
        ("stepped", (), 2013.5, 0.4),
        ("stepped", (), 2014.0, 0.6),
        ("stepped", LATE, 2013.5, 0.2),
        ("schedule", FIVE_YEARS, 2013.5, 0.5),
        ("schedule", LATE, 2012.0, 0.1),
        ("schedule", LATE, 2013.5, 0.3),
        ("schedule", LATE, 2016.0, 1.0),
        ("schedule", LATE, 2018.0, 1.0),
        ("stepped", (), 2011.5, 0.0),
    ],
)
def test_share_of_the_way_planned_by_now(path: str, schedule: tuple[float, ...], at: float, share: float) -> None:
    found = planned_share(path, schedule, np.array([2011.0]), np.array([at]), np.array([2016.0]))
    assert found == pytest.approx([share])


@pytest.mark.parametrize(
    ("path", "start", "goal", "value"),
    [
        ("linear", 60.0, 120.0, 84.0),
        ("stepped", 60.0, 120.0, 84.0),
        ("geometric", 60.0, 120.0, 79.1705),
        ("schedule", 60.0, 120.0, 79.1705),
        ("rebased", 60.0, 120.0, 79.1705),
        ("schedule", 0.0, 100.0, 40.0),  # no curve through zero: a line
        ("none", 60.0, 120.0, 120.0),
    ],
)
def test_value_asked_for_at_two_fifths_of_the_way(path: str, start: float, goal: float, value: float) -> None:
    assert value_on(path, start, goal, 0.4) == pytest.approx(value, abs=1e-4)


SCHEDULED = [
    # a cut of 10 % in five years, by how much it is down after two, and what the schedule says of it
    (94.0, (), "on_track", 1.4682),
    (95.8731542, (), "on_track", 1.0),  # 0.9 ^ 0.4: exactly 40 % of the way
    (97.0, (), "at_risk", 0.7227),
    (97.0, LATE, "on_track", 1.4455),
    (109.44, FIVE_YEARS, "off_track", -2.1404),
]


@pytest.mark.parametrize(("value", "schedule", "status", "ratio"), SCHEDULED)
def test_schedule_compares_the_logarithmic_share_with_what_is_due(
    value: float, schedule: tuple[float, ...], status: str, ratio: float
) -> None:
    due = float(planned_share("schedule", schedule, 2011.0, 2013.0, 2016.0))
    found = judge_one(baseline_value=100.0, baseline_time=2011.0, value=value, year=2012, goal=90.0, deadline=2016.0, d=-1.0,
                      convention="schedule", path="schedule", planned_share=due)  # fmt: skip
    assert (found["status"], found["ratio"]) == (status, pytest.approx(ratio, abs=1e-4))


def test_schedule_of_a_sum_that_starts_from_zero_runs_along_the_line() -> None:
    found = judge_one(baseline_value=0.0, baseline_time=2014.0, value=40.0, year=2014, goal=100.0, deadline=2016.0,
                      convention="schedule", path="schedule", planned_share=0.4)  # fmt: skip
    assert (found["expected"], found["ratio"], found["status"]) == (pytest.approx(40.0), 1.0, "on_track")


def test_before_the_first_step_a_schedule_asks_for_nothing() -> None:
    found = judge_one(convention="schedule", path="stepped", planned_share=0.0)
    assert (found["status"], found["reason"]) == ("no_data", "nothing_due")


def test_path_from_the_latest_actual_asks_for_4_77_percent_a_year_after_the_rise_of_2011() -> None:
    target = make_target("C", "I", kind="reduction", convention="log_share", path="rebased", baseline_rule="fixed", baseline_year=2010,
                         period_start=2011, operator=">=", value=10.0, goals={"P": 10.0})  # fmt: skip
    energy = {"2010": 100.0, "2011": 109.44, "2012": 104.0}
    world = {"E": {"P": energy}, "G": {"P": dict.fromkeys(energy, 100.0)}}
    results = run(target, make_indicators(E, G, INTENSITY), world, "2011", "2012")
    first, second = results.loc[("P", "2011")], results.loc[("P", "2012")]
    assert first["required_pace"] == pytest.approx(-4.7716, abs=1e-4)
    assert first["expected"] == pytest.approx(0.9**0.2, abs=1e-6), "the first year starts from the baseline, the last whole year"
    assert second["path_start"] == pytest.approx(1.0944)
    assert second["expected"] == pytest.approx(1.0944 * (1 - 0.047716), abs=1e-5)


def test_path_from_the_latest_actual_needs_that_actual() -> None:
    target = make_target("C", "I", kind="reduction", convention="log_share", path="rebased", baseline_rule="fixed", baseline_year=2010,
                         operator=">=", value=10.0, goals={"P": 10.0})  # fmt: skip
    world = {"E": {"P": {"2010": 100.0, "2012": 104.0}}, "G": {"P": {"2010": 100.0, "2012": 100.0}}}
    found = run(target, make_indicators(E, G, INTENSITY), world, "2012").loc[("P", "2012")]
    assert (found["expected_reason"], found["gap_reason"]) == ("no_year_before", "no_year_before")


@pytest.mark.parametrize(
    ("path", "convention", "pieces"),
    [
        ("stepped", "linear_share", ("%(planned_share)s = %(expected)s",)),
        ("schedule", "schedule", ("^ %(planned_share)s", "%(progress)s ÷ %(planned_share)s = %(ratio)s")),
        ("rebased", "log_share", ("%(path_start)s × (%(goal_level)s ÷ %(path_start)s) ^ %(planned_share)s",)),
        ("geometric", "extrapolation", ("%(baseline_value)s × (%(goal_level)s ÷ %(baseline_value)s) ^ %(elapsed)s",)),
    ],
)
def test_trace_shows_the_formula_of_each_path(path: str, convention: str, pieces: tuple[str, ...]) -> None:
    row = judge_one(path=path, convention=convention, planned_share=0.4, path_start=70.0)
    formulas = " | ".join(step.formula for step in explain(row).steps)
    for piece in pieces:
        assert piece in formulas
