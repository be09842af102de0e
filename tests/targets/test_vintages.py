"""Figures that are not equally final are compared all the same, and the trace says so - in a province P with a, b, c."""

import pandas as pd
import pytest

from indicators.periods import Period
from indicators.rows import IndicatorSpec
from targets.progress.evaluate import evaluate
from targets.progress.explain import explain
from targets.progress.types import TargetSpec
from tests.targets.make_progress import make_indicators, make_target

GROWTH = make_target("T", "OUT", kind="growth_yoy", convention="direct", path="none", baseline_rule="previous_year", goals={"P": 5.0})
LEVEL = make_target("T", "OUT", baseline_rule="actual_2014", goals={"P": 50.0, "a": 50.0})
KNOWN = make_indicators(
    IndicatorSpec("OUT", "flow"),
    IndicatorSpec("GDP", "flow"),
    IndicatorSpec("SHARE", "ratio", rollup="ratio_of_sums", numerator="OUT", denominator="GDP"),
)
Figures = list[tuple[str, str, str, float, str]]


def judged(target: TargetSpec, figures: Figures, period: str = "2015", area: str = "P") -> pd.Series:
    table = pd.DataFrame(figures, columns=["indicator", "area", "period", "value", "vintage"])
    results = evaluate([target], KNOWN, table, [Period.parse(period)], ["a", "b", "c"], "P")
    return results.set_index("area").loc[area]


def notes(row: pd.Series) -> list[str]:
    trace = explain(row)
    return [note % trace.params for note in trace.notes]


def two_years(before: str, now: str) -> Figures:
    return [("OUT", "P", "2014", 40.0, before), ("OUT", "P", "2015", 44.0, now)]


def test_growth_between_unequal_figures_is_computed_with_a_note() -> None:
    row = judged(GROWTH, two_years("final", "express"))
    assert (row["value"], row["vintage"], row["vintage_before"]) == (pytest.approx(10.0), "express", "final")
    assert notes(row)[-1] == "The figure is express, that of the year before final; part of the change can come from revision."


@pytest.mark.parametrize(("before", "now"), [("final", "final"), ("", "express"), ("final", ""), ("", "")])
def test_equal_or_unstated_figures_need_no_note(before: str, now: str) -> None:
    assert not any(
        "revision" in note for note in [*notes(judged(GROWTH, two_years(before, now))), *notes(judged(LEVEL, two_years(before, now)))]
    )


def test_baseline_of_another_stage_is_noted() -> None:
    row = judged(LEVEL, two_years("final", "preliminary"))
    assert (row["vintage"], row["vintage_base"], row["baseline_value"]) == ("preliminary", "final", 40.0)
    assert notes(row)[-1] == "The figure is preliminary, the baseline final; part of the change can come from revision."


def test_stated_baseline_is_no_figure_and_has_no_stage() -> None:
    stated = make_target("T", "OUT", baseline_rule="fixed", baseline_year=2014, baseline_value=39.0, goals={"P": 50.0})
    assert judged(stated, two_years("final", "express"))["vintage_base"] == ""
    zero = make_target("T", "OUT", baseline_rule="zero_before_start", period_start=2015, goals={"P": 50.0})
    assert judged(zero, two_years("final", "express"))["vintage_base"] == ""


def test_sum_is_as_final_as_the_least_final_of_its_figures() -> None:
    figures = [("OUT", area, "2015", 10.0, vintage) for area, vintage in (("a", "final"), ("b", "preliminary"), ("c", ""))]
    assert judged(LEVEL, figures)["vintage"] == "preliminary"
    assert judged(LEVEL, figures, area="a")["vintage"] == "final"
    assert judged(LEVEL, [*figures, ("OUT", "P", "2015", 31.0, "express")])["vintage"] == "express"
    assert judged(LEVEL, [*figures, ("OUT", "P", "2015", 31.0, "")])["vintage"] == ""


def test_computed_figure_is_as_final_as_the_least_final_of_its_inputs_and_a_published_one_as_it_says() -> None:
    ratio = make_target("T", "SHARE", kind="ratio", goals={"P": 1.0})
    parts = [("OUT", "P", "2015", 10.0, "final"), ("GDP", "P", "2015", 20.0, "express")]
    assert judged(ratio, parts)["vintage"] == "express"
    assert judged(ratio, [*parts, ("SHARE", "P", "2015", 0.6, "final")])["vintage"] == "final"


def test_same_period_of_the_year_before_is_compared_with_its_own_stage() -> None:
    figures = [("OUT", "P", "2014-Q2", 20.0, "preliminary"), ("OUT", "P", "2014", 40.0, "final"), ("OUT", "P", "2015-Q2", 22.0, "express")]
    row = judged(GROWTH, figures, "2015-Q2")
    assert (row["yearly_basis"], row["vintage_before"]) == ("same_period", "preliminary")


def test_figures_without_a_column_for_it_are_judged_as_before() -> None:
    table = pd.DataFrame([("OUT", "P", "2015", 44.0)], columns=["indicator", "area", "period", "value"])
    results = evaluate([LEVEL], KNOWN, table, [Period(2015)], ["a"], "P")
    assert set(results["vintage"]) == {""}
