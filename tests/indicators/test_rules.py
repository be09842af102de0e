"""Each rule: found where it should be, at the right cell, and not where it should not."""

import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from indicators.parsing import parse
from indicators.readers import read
from indicators.readers.table import Table
from indicators.rows import ERROR, NOTE, WARNING
from indicators.rules import RULES, check_all
from indicators.rules.context import Context
from tests import make_workbooks as make
from tests.indicators.make_rules import (
    ALL,
    BULK,
    FORM,
    HAIDONG,
    MILESTONES,
    PERIOD,
    SPECS,
    XINING,
    YUSHU,
    findings,
    found,
    line,
)

COMPLETE = [line("A5"), line("A9"), line("A10", "进行中")]


def test_sound_rows_have_no_findings() -> None:
    assert found(COMPLETE, FORM) == []
    assert (
        found([line(code, 3 if code == "T1" else 1, unit=SPECS[code].unit, period="2015" if code == "Y1" else PERIOD) for code in ALL])
        == []
    )


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (line("A99"), [("unknown_indicator", "A2")]),
        (line(""), [("unknown_indicator", "A2")]),
        (line("a5"), [("unknown_indicator", "A2")]),
        (line("H4"), [("derived_indicator", "A2")]),
        (line("A1"), [("derived_indicator", "A2")]),
        (line(area="639999"), [("unknown_area", "B2")]),
        (line(area=""), [("unknown_area", "B2")]),
        (line(area=YUSHU), [("area_not_reported", "B2")]),
        (line("A99", area="x", period="2030-Q1"), [("unknown_indicator", "A2"), ("unknown_area", "B2"), ("future_period", "C2")]),
        (line(period="2018-Q4"), [("future_period", "C2")]),
        (line(period="2018"), [("future_period", "C2")]),
        (line(period="2018-Q3"), []),
        (line(period="2015-M7"), [("period_frequency", "C2")]),
        (line(period="2015"), []),
        (line("Y1", period="2015"), []),
        (line("Y1", period="2015-Q3"), [("period_frequency", "C2")]),
        (line("R1", period="2015-M7"), []),
        (line("R1", period="2015"), []),
        (line(unit="万元"), [("unit_mismatch", "D2")]),
        (line("H4N", unit="蒸吨／小时"), []),
        (line("A10", 1, unit="—"), []),
        (line("A10", 1, unit="个"), [("unit_mismatch", "D2")]),
        (line(value=-0.1), [("out_of_bounds", "E2")]),
        (line(value=0), []),
        (line("P1", 100), []),
        (line("P1", 100.01), [("out_of_bounds", "E2")]),
        (line("A10", 4), [("out_of_bounds", "E2")]),
        (line("A10", 1.5), [("not_whole", "E2")]),
        (line("A9", 2.5), [("not_whole", "E2")]),
        (line("A9", -2.5), [("out_of_bounds", "E2"), ("not_whole", "E2")]),
        (line("A9", "2.0"), []),
        (line("A10", "已完成"), [("milestone_without_evidence", "E2")]),
        (line("A10", 3, note="青政〔2015〕1号，2015-09-01"), []),
        (line("A10", 2), []),
        (line("A5", 3), []),
        (line("R1", -3.95), []),
    ],
)
def test_one_row(row: list[Any], expected: list[tuple[str, str]]) -> None:
    assert found([row]) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (line("A6"), [("indicator_not_in_form", "A5")]),
        (line("A5", period="2015-Q2"), [("period_mismatch", "C5")]),
        (line("A5", period="2015"), [("period_mismatch", "C5")]),
        (line("A5", period="2020-Q3"), [("future_period", "C5")]),
        (line("A5", area=YUSHU), [("area_not_reported", "B5")]),
        (line("A5", 11), [("duplicate_row", "E5")]),
    ],
)
def test_one_row_more_than_the_form_asks(row: list[Any], expected: list[tuple[str, str]]) -> None:
    assert found([*COMPLETE, row], FORM) == expected


def test_a_quarterly_form_does_not_take_the_year_of_a_quarterly_indicator_but_a_yearly_form_does() -> None:
    form = replace(FORM, period="2015", form_items={"A5": frozenset({HAIDONG})})
    assert found([line(period="2015")], replace(form, frequency="Q")) == [("period_frequency", "C2")]
    assert found([line(period="2015")], replace(form, frequency="A")) == []


@pytest.mark.parametrize(
    ("period", "expected"), [("2012-Q4", [("unknown_area", "B2")]), ("2013-Q1", []), ("2015", []), ("2016-Q1", [("unknown_area", "B2")])]
)
def test_an_area_code_is_known_from_its_first_to_its_last_day(period: str, expected: list[tuple[str, str]]) -> None:
    dated = replace(BULK, area_dates={HAIDONG: (date(2013, 2, 8), date(2015, 12, 31))})
    assert found([line(period=period)], dated) == expected


def test_a_figure_that_stands_twice_is_found_at_each_later_row() -> None:
    assert found([line(), line("A6"), line(), line(value=99)]) == [("duplicate_row", "E4"), ("duplicate_row", "E5")]


@pytest.mark.parametrize("other", [line(period="2015-Q4"), line(area=XINING), line("A6")])
def test_figures_that_differ_in_indicator_area_or_period_are_no_duplicates(other: list[Any]) -> None:
    assert found([line(), other]) == []


@pytest.mark.parametrize(
    ("lines", "past", "expected"),
    [
        ([line("H4N", 12), line("H4D", 10)], {}, [("part_exceeds_whole", "E2")]),
        ([line("H4D", 10), line("H4N", 12)], {}, [("part_exceeds_whole", "E3")]),
        ([line("H4N", 10), line("H4D", 10)], {}, []),
        ([line("H4N", 12)], {"H4D 2015-Q3": 10}, [("part_exceeds_whole", "E2")]),
        ([line("H4D", 10)], {"H4N 2015-Q3": 12}, [("part_exceeds_whole", "E2")]),
        ([line("H4N", 12)], {"H4D 2015-Q2": 10}, []),
        ([line("H4N", 12), line("H4D", "—")], {"H4D 2015-Q3": 10}, []),
        ([line("H4N", 12), line("H4D", 20)], {"H4D 2015-Q3": 10}, [("past_figure_changed", "E3")]),
        ([line("H4N", 12), line("H4D", 10, area=XINING)], {}, []),
        ([line("A5", 12), line("A6", 10)], {}, []),
    ],
)
def test_a_part_is_not_larger_than_its_whole(lines: list[list[Any]], past: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(lines, past=past) == expected


def test_figures_the_form_asks_for_are_missed_where_absent_or_empty() -> None:
    assert found([line("A5"), line("A9", "无")], FORM) == [("missing_value", "E3"), ("missing_value", "")]
    absent = findings([line("A5"), line("A9", "无")], FORM)[-1]
    assert (absent.indicator, absent.area, absent.severity) == ("A10", HAIDONG, "warning")


@pytest.mark.parametrize("value", ["不适用", "保密", 0, "约十"])
def test_a_figure_with_any_answer_is_not_missed(value: Any) -> None:
    assert found([line("A5"), line("A9", value), line("A10", 1)], FORM) == []


def test_a_row_of_another_period_is_not_also_called_absent() -> None:
    assert found([*COMPLETE[1:], line("A5", period="2015-Q2")], FORM) == [("period_mismatch", "C4")]


def test_a_form_does_not_miss_what_is_not_collected_for_its_period() -> None:
    asked = replace(FORM, form_items={**FORM.form_items, "Y1": frozenset({HAIDONG})})
    assert found(COMPLETE, asked) == []


def test_the_bulk_form_misses_nothing() -> None:
    assert found([line("A9", "无")]) == []


def with_heading(lines: list[list[Any]], context: Context, **heading: str) -> list[tuple[str, str]]:
    table = Table("", [*make.heading_lines(**heading), ["指标代码", "数值"], *lines])
    result = parse([table], milestones=MILESTONES)
    return [(item.rule, str(item.cell)) for item in check_all(context.complete(result.rows), result.headings, context)]


ONE_AREA = replace(FORM, form_items={code: frozenset({HAIDONG}) for code in ("A5", "A9")})
TWO_LINES = [["A5", 1], ["A9", 2]]


def test_a_form_that_covers_one_area_needs_no_area_column() -> None:
    assert with_heading(TWO_LINES, ONE_AREA, form="QH-Q", bureau="BUR-630200", period=PERIOD) == []
    assert with_heading(TWO_LINES[:1], BULK, period=PERIOD) == [("unknown_area", "B3")]


def test_a_heading_of_another_form_or_bureau_is_found_at_its_value() -> None:
    assert with_heading(TWO_LINES, ONE_AREA, form="QH-A", bureau="BUR-1", period=PERIOD) == [("wrong_form", "B1"), ("wrong_bureau", "B2")]
    assert with_heading(TWO_LINES, ONE_AREA, form="qh-q", period=PERIOD) == []


@pytest.mark.parametrize(("period", "rule"), [("2015-Q2", "period_mismatch"), ("2019-Q1", "future_period")])
def test_what_the_heading_is_blamed_for_is_said_once_at_the_heading(period: str, rule: str) -> None:
    assert with_heading(TWO_LINES, ONE_AREA, period=period) == [(rule, "B1")]


def test_each_indicator_that_does_not_fit_the_period_of_the_heading_is_named() -> None:
    found = with_heading([["A5", 1], ["Y1", 2]], replace(ONE_AREA, period="", bulk=True), period="2015-M7")
    assert found == [("period_frequency", "B1"), ("period_frequency", "B1")]


def test_a_workbook_with_ten_different_faults_lists_ten_findings_with_their_cells() -> None:
    figures = [
        {"indicator": "A99", "area": HAIDONG, "value": 1},
        {"indicator": "H4", "area": HAIDONG, "value": 50},
        {"indicator": "A5", "area": "639999", "value": 1},
        {"indicator": "A6", "area": YUSHU, "value": 1},
        {"indicator": "A9", "area": HAIDONG, "value": 2.5},
        {"indicator": "H1", "area": HAIDONG, "value": "约十"},
        {"indicator": "P1", "area": HAIDONG, "value": 101},
        {"indicator": "A5", "area": HAIDONG, "unit": "万元", "value": 2},
        {"indicator": "A10", "area": HAIDONG, "value": "已完成"},
        {"indicator": "H4N", "area": HAIDONG, "value": ("=1+1",)},
        {"indicator": "H4D", "area": HAIDONG, "value": 7},
    ]
    content = make.figures_workbook(figures, form="QH-Q", bureau="BUR-630200", period=PERIOD)
    result = parse(read(content, "f.xlsx").tables, milestones=MILESTONES)
    everything = [*result.findings, *check_all(result.rows, result.headings, replace(BULK, form="QH-Q"))]
    assert {(item.rule, item.cell and item.cell.address) for item in everything} == {
        ("unknown_indicator", "A5"),
        ("derived_indicator", "A6"),
        ("unknown_area", "B7"),
        ("area_not_reported", "B8"),
        ("not_whole", "D9"),
        ("not_a_number", "D10"),
        ("out_of_bounds", "D11"),
        ("unit_mismatch", "C12"),
        ("milestone_without_evidence", "D13"),
        ("formula_without_value", "D14"),
    }
    assert len(everything) == 10
    for item in everything:
        assert "%(" not in item.message % item.params


def documented() -> dict[str, str]:
    """Code and severity of every row of the table of findings."""
    text = (Path(__file__).parents[2] / "docs" / "upload-format.md").read_text(encoding="utf-8")
    table = text.split("## 5. Findings")[1].split("## 6.")[0]
    rows = [line.split("|") for line in table.splitlines() if line.startswith("| `")]
    return {cells[1].strip(" `"): cells[2].strip() for cells in rows}


def test_the_rules_are_those_of_the_documentation() -> None:
    assert {rule.code: rule.severity for rule in RULES} == documented()
    assert len(RULES) == len(documented())


def test_every_rule_has_a_help_text_and_a_known_severity() -> None:
    for rule in RULES:
        assert rule.title
        assert len(rule.help) > 60
        assert rule.severity in (ERROR, WARNING, NOTE)


def test_checking_takes_time_in_proportion_to_the_rows() -> None:
    def seconds(quarters: int) -> float:
        lines = [line("H1", 10 + n % 3, period=f"{1900 + n // 4}-Q{n % 4 + 1}", area=a) for n in range(quarters) for a in (HAIDONG, XINING)]
        begun = time.process_time()
        late = replace(BULK, today=date(2101, 1, 1))
        assert found([*lines, line("H1", 10, period="1900-Q1")], late) == [("duplicate_row", f"E{2 * quarters + 2}")]
        return time.process_time() - begun

    few, many = min(seconds(100) for _round in range(5)), min(seconds(800) for _round in range(2))
    assert many < 30 * few, "eight times the rows cost about eight times the time, not sixty-four"
