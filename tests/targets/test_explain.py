"""The trace: every result of every shape has a sentence with its numbers, and arithmetic that can be checked by hand."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from targets.progress.explain import WITH_REASON, explain
from targets.progress.reasons import REASONS
from tests.targets.make_progress import judge_cases, judge_one, make_case
from tests.targets.test_progress import SHARED, every_result


def test_sentence_names_value_path_pace_and_where_on_track_begins() -> None:
    trace = explain(judge_one(value=85.0))
    shown = trace.sentence % {**trace.params, "value": "85", "expected": "96", "ratio": "69 %", "cut": "95 %"}
    assert shown == (
        "By the end of 2018 the value is 85; the path asks for 96; that is 69 % of the planned pace, "
        "less than the 95 % at which on track begins."
    )
    assert (trace.rule_set, trace.rule_version) == ("five_status", "2014")


def test_every_result_fills_every_place_of_its_sentences() -> None:
    for _, row in every_result().iterrows():
        trace = explain(row)
        assert trace.sentence
        for sentence in (trace.sentence, *trace.notes, *trace.missing.values(), *(step.formula for step in trace.steps)):
            assert "nan" not in (sentence % trace.params).lower()


def test_every_number_is_a_number_with_a_kind() -> None:
    kinds = {"value", "count", "percent", "points", "pace", "years", "stage", "period", "text", "vintage"}
    for _, row in every_result().iterrows():
        trace = explain(row)
        assert set(trace.params) <= set(trace.kinds)
        assert set(trace.kinds.values()) <= kinds
        assert all(isinstance(value, str) or math.isfinite(value) for value in trace.params.values())


def test_what_cannot_be_said_has_its_sentence() -> None:
    for _, row in every_result().iterrows():
        trace = explain(row)
        for name in WITH_REASON:
            assert math.isnan(row[name]) == (name in trace.missing), name


def work_out(formula: str, params: dict[str, Any]) -> tuple[float, float]:
    """Both sides of a step's equation, computed from its numbers."""
    python = formula.replace("−", "-").replace("×", "*").replace("÷", "/").replace("^", "**").replace("ln(", "math.log(")
    python = python.replace("|%(expected)s|", "abs(%(expected)s)")
    left, right = (python % {name: f"({value!r})" for name, value in params.items()}).rsplit(" = ", 1)
    return eval(left, {"math": math}), eval(right)


def test_steps_add_up_as_written() -> None:
    counted = 0
    for _, row in every_result().iterrows():
        trace = explain(row)
        for step in trace.steps:
            left, right = work_out(step.formula, dict(trace.params))
            assert left == pytest.approx(right, abs=1e-8), (step, row["reason"])
            counted += 1
    assert counted > 400


@pytest.mark.parametrize("shape", [*SHARED])
def test_each_shape_shows_its_own_arithmetic(shape: str) -> None:
    changes = (
        {"yearly_change": 0.03, "year_before": 100.0, "annual": 103.0, "yearly_basis": "same_period", "figure": 103.0}
        if shape == "growth_yoy"
        else {}
    )
    trace = explain(judge_one(**{**SHARED[shape], **changes}))
    names = [step.name for step in trace.steps]
    own = {
        "growth_yoy": "Growth within a year",
        "growth_cagr": "Growth a year since the baseline",
        "reduction": "Goal from the planned cut",
        "warning": "Planned yearly change",
    }
    assert names == [] if shape == "milestone" else own.get(shape, "Expected by now") in names


def test_rise_of_2011_reads_as_the_wrong_way_with_its_percentage() -> None:
    trace = explain(judge_one(**{**SHARED["warning"], "value": 109.44, "year": 2011, "period": "2011", "yearly_change": 0.0944}))
    assert "moved the wrong way, by %(change)s" in trace.sentence
    assert (trace.params["change"], trace.kinds["change"]) == (pytest.approx(0.0944), "percent")
    assert "progress" in trace.missing


def test_rates_are_percents_and_their_gaps_are_points() -> None:
    trace = explain(judge_one(**SHARED["growth_cagr"], value=80.0))
    assert (trace.params["goal"], trace.kinds["goal"]) == (0.15, "percent")
    assert (trace.params["gap"], trace.kinds["gap"]) == (pytest.approx(-4.9358, abs=1e-4), "points")
    step = next(step for step in trace.steps if step.name == "Gap")
    assert step.formula == "(%(value)s − %(expected)s) × 100 = %(gap)s"


def test_notes_tell_of_parts_of_a_year_of_areas_and_of_another_convention() -> None:
    part = explain(
        judge_one(figure=20.0, annual=80.0, share=0.25, partial=True, reported=7, due=8, baseline_value=0.0, convention="cagr_ratio")
    )
    assert [note % part.params for note in part.notes] == [
        "The baseline is zero, so growth from it is not defined.",
        "The plain linear share is used instead.",
        "The value is what was filed so far this year, usually 0.25 of it; the whole year would be 80.0.",
        "7.0 of 8.0 areas have reported.",
    ]
    assert any("× %(share)s" in step.formula for step in part.steps)


def test_frozen_result_explains_the_deadline_not_the_present() -> None:
    rows = judge_cases([make_case(year=2020, period="2020", value=110.0), make_case(year=2021, period="2021", value=125.0)])
    trace = explain(rows.iloc[1])
    assert trace.sentence == REASONS["late_fulfilment"]
    assert (trace.params["value"], trace.params["period"], trace.params["late_period"]) == (110.0, "2020", "2021")


def test_row_read_back_from_storage_explains_itself_the_same() -> None:
    row = judge_one(value=85.0)
    stored = json.loads(
        json.dumps({name: None if value != value else getattr(value, "item", lambda v=value: v)() for name, value in row.items()})
    )
    assert explain(stored) == explain(row)


def test_methods_page_names_every_reason_code() -> None:
    page = (Path(__file__).parents[2] / "docs" / "methods.md").read_text(encoding="utf-8")
    assert [code for code in REASONS if code not in page] == []
