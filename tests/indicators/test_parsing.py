"""Tables to rows: where things stand, what values mean, and that every repair leaves a note."""

import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.parsing import Parsed, parse
from indicators.readers import read
from indicators.readers.table import Table
from indicators.rows import Row
from indicators.values import read_value
from tests import make_ods, make_xls
from tests import make_workbooks as make

FULL = {"form": "QH-Q", "bureau": "BUR-630200", "period": "2014年前三季度"}


def parsed(lines: list[list[Any]], **more: Any) -> Parsed:
    return parse([Table("表", lines, **more)], milestones=frozenset({"A10"}))


def found(result: Parsed) -> list[tuple[str, str]]:
    return [(finding.rule, str(finding.cell) if finding.cell else "") for finding in result.findings]


def only_row(result: Parsed) -> Row:
    (row,) = result.rows
    return row


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "csv", "gb18030", "json"])
def test_a_figure_means_the_same_through_every_format(kind: str) -> None:
    figures = [{"indicator": "A5", "area": "630200", "unit": "亿元", "value": "0.4120", "source": "快报", "note": "初步"}]
    layout: dict[str, Any] = {"columns": ("indicator", "area", "unit", "value", "source", "note"), **FULL}
    content, filename = {
        "xlsx": (make.figures_workbook(figures, **layout), "f.xlsx"),
        "xls": (make_xls.workbook({"表": make.table_lines(figures, **layout)}), "f.xls"),
        "ods": (make_ods.workbook({"表": make.table_lines(figures, **layout)}), "f.ods"),
        "csv": (make.figures_csv(figures, **layout), "f.csv"),
        "gb18030": (make.figures_csv(figures, encoding="gb18030", delimiter=";", **layout), "f.csv"),
        "json": (make.figures_json(figures, **FULL), "f.json"),
    }[kind]
    result = parse(read(content, filename).tables)
    row = only_row(result)
    assert result.findings == ()
    assert (result.heading.form, result.heading.bureau, result.heading.period) == ("QH-Q", "BUR-630200", "2014-Q3")
    assert (row.indicator, row.area, row.period, row.unit, row.source, row.note) == ("A5", "630200", "2014-Q3", "亿元", "快报", "初步")
    assert (row.value, row.text, row.status) == (Decimal("0.4120"), "0.4120", "A")


def test_cells_are_those_of_the_file() -> None:
    row = only_row(parse(read(make.figures_workbook([{"indicator": "A5", "area": "630200", "value": 1}], **FULL), "f.xlsx").tables))
    assert str(row.cell) == "填报表!D5"
    assert {name: str(row.at(name)) for name in ("indicator", "area", "period", "unit", "source")} == {
        "indicator": "填报表!A5", "area": "填报表!B5", "period": "填报表!B3", "unit": "填报表!C5", "source": "填报表!D5",
    }  # fmt: skip


def test_json_rows_are_named_by_their_place_in_the_list() -> None:
    rows = [{"indicator": "A5", "value": 1}, {"indicator": "A6", "value": "x"}]
    result = parse(read(make.figures_json(rows, period="2014-Q3"), "b.json").tables)
    assert [row.cell.row for row in result.rows] == [1, 2]
    assert [(finding.rule, finding.cell and finding.cell.row) for finding in result.findings] == [("not_a_number", 2)]


def test_headers_stand_in_any_order_language_and_case_and_others_are_ignored() -> None:
    row = only_row(parsed([["备注", " VALUE ", "数据 来源", "Area", "Indicator", "period"], ["x", 1, "快报", "630200", "A5", "2014Q3"]]))
    assert (row.indicator, row.area, row.period, row.value, row.source, row.note) == ("A5", "630200", "2014-Q3", 1, "快报", "")


def test_heading_labels_may_end_in_a_colon_and_stand_beside_merged_cells() -> None:
    result = parsed([["表号：", None, "QH-Q"], ["Period:", "2014-Q3"], ["指标代码", "数值"], ["A5", 1]])
    assert (result.heading.form, str(result.heading.cells["form"]), result.heading.period) == ("QH-Q", "表!C1", "2014-Q3")


def test_sheets_without_a_header_row_are_left_alone() -> None:
    tables = [Table("说明", [["填表说明"]]), Table("表", [["指标代码", "数值", "报告期"], ["A5", 1, "2014"]])]
    assert len(parse(tables).rows) == 1
    assert parse(tables).findings == ()


def test_each_sheet_has_its_own_heading() -> None:
    sheets = [Table(name, [["报告期", name], ["指标代码", "数值"], ["A5", 1]]) for name in ("2014-Q1", "2014-Q2")]
    assert [row.period for row in parse(sheets).rows] == ["2014-Q1", "2014-Q2"]


@pytest.mark.parametrize(
    ("lines", "cells"),
    [
        ([["指标代码", "说明"], ["A5", 1]], [""]),
        ([["A5", 1]], [""]),
        ([[]] * 30 + [["指标代码", "数值"]], [""]),
        ([["指标代码", "数值", "value"], ["A5", 1, 2]], ["表!C1"]),
    ],
)
def test_a_file_without_a_plain_header_row_is_said_to_have_none(lines: list[list[Any]], cells: list[str]) -> None:
    result = parsed(lines)
    assert found(result) == [("no_header", cell) for cell in cells]
    assert result.rows == ()


def test_blank_and_formatted_rows_and_remarks_are_skipped() -> None:
    lines: list[list[Any]] = [
        ["指标代码", "数值", "报告期"],
        [],
        [None, None, None],
        ["", " ", ""],
        ["A5", 1, "2014"],
        ["注：本表为快报数", None, None],
    ]
    assert [row.cell.row for row in parsed(lines).rows] == [5]


def test_a_value_without_an_indicator_stays_a_row() -> None:
    assert only_row(parsed([["指标代码", "数值", "报告期"], ["", 7, "2014"]])).indicator == ""


def test_numbers_that_are_codes_are_read_as_codes() -> None:
    row = only_row(parsed([["指标代码", "地区代码", "报告期", "数值"], ["A5", 630200.0, 2014.0, 1.0]]))
    assert (row.area, row.period, row.value, row.text) == ("630200", "2014", 1, "1")


@pytest.mark.parametrize(
    ("lines", "cells"),
    [
        ([["指标代码", "数值", "报告期"], ["A5", 1, "去年"], ["A6", 1, ""], ["A7", 1, "2014"]], ["表!C2", "表!C3"]),
        ([["指标代码", "数值"], ["A5", 1], ["A6", 1]], ["表!B2", "表!B3"]),
        ([["报告期", "三季度"], ["指标代码", "数值"], ["A5", 1], ["A6", 1]], ["表!B1"]),
        ([["报告期", "0000"], ["指标代码", "数值"], ["A5", 1]], ["表!B1"]),
        ([["报告期", "三季度"], ["指标代码", "数值", "报告期"], ["A5", 1, "2014-Q3"]], ["表!B1"]),
    ],
)
def test_a_period_that_cannot_be_read_is_named_where_it_stands_and_once(lines: list[list[Any]], cells: list[str]) -> None:
    assert found(parsed(lines)) == [("unknown_period", cell) for cell in cells]


def test_an_unreadable_period_of_a_json_body_has_no_cell_and_is_said_once() -> None:
    result = parse(
        read(make.figures_json([{"indicator": "A5", "value": 1}, {"indicator": "A6", "value": 1}], period="soon"), "b.json").tables
    )
    assert found(result) == [("unknown_period", "")]


@pytest.mark.parametrize(
    ("raw", "value", "rules"),
    [
        (0.412, "0.412", []),
        (630200.0, "630200", []),
        (1e-05, "0.00001", []),
        (-0.0, "0", []),
        (0, "0", []),
        ("0", "0", []),
        ("12.50", "12.50", []),
        ("+3", "3", []),
        ("-3.95", "-3.95", []),
        (".5", "0.5", []),
        ("1e-05", "0.00001", []),
        (" 12 ", "12", ["number_repaired"]),
        ("\u300012\u3000", "12", ["number_repaired"]),
        ("１２．５", "12.5", ["number_repaired"]),
        ("－３", "-3", ["number_repaired"]),
        ("1,234", "1234", ["number_repaired"]),
        ("1，234，567.8", "1234567.8", ["number_repaired"]),
        ("12,34", None, ["not_a_number"]),
        ("1,2345", None, ["not_a_number"]),
        ("1 234", None, ["not_a_number"]),
        ("0.5亿元", None, ["not_a_number"]),
        ("85%", None, ["not_a_number"]),
        ("约12", None, ["not_a_number"]),
        ("(12)", None, ["not_a_number"]),
        ("'12", None, ["not_a_number"]),
        (12, "12", []),
        (1e15, None, ["too_many_digits"]),
        ("-0.0", "0.0", []),
        ("12.50000000000000", "12.50000000000000", []),
        ("1.2.3", None, ["not_a_number"]),
        ("NaN", None, ["not_a_number"]),
        ("Infinity", None, ["not_a_number"]),
        (float("inf"), None, ["not_a_number"]),
        (True, None, ["not_a_number"]),
        ("#DIV/0!", None, ["not_a_number"]),
        ("已完成", None, ["not_a_number"]),
        ("2014-07-01", None, ["not_a_number"]),
        ("123456789.012345", "123456789.012345", []),
        ("123456789.0123456", None, ["too_many_digits"]),
        (123456789.0123456, None, ["too_many_digits"]),
        ("999999999999999", "999999999999999", []),
        ("1000000000000000", None, ["too_many_digits"]),
        ("1e99", None, ["too_many_digits"]),
        ("0.0000000000000001", None, ["too_many_digits"]),
        ("1.00000000000000000000", "1", []),
        ("0.1000000000000000000000000000000000001", None, ["too_many_digits"]),
        (0.1 + 0.2, "0.3", ["number_repaired"]),
        ("0.30000000000000004", None, ["too_many_digits"]),
    ],
)
def test_numbers_are_exact_or_a_finding_says_why(raw: Any, value: str | None, rules: list[str]) -> None:
    got, status, what = read_value(raw)
    assert status == "A"
    assert [rule.code for rule, _message, _params in what] == rules
    assert str(got) == str(value)


@pytest.mark.parametrize(
    ("raw", "status"),
    [(None, "O"), ("", "O"), ("  ", "O"), ("—", "O"), ("——", "O"), ("－", "O"), ("-", "O"), ("…", "O"), ("无", "O"), ("缺", "O"),
     ("不适用", "M"), ("n/a", "M"), ("N/A", "M"), ("保密", "Q"), ("未到期", "Y"), ("Not yet due", "Y")],
)  # fmt: skip
def test_words_for_no_figure_are_kept_as_such_and_are_never_zero(raw: str | None, status: str) -> None:
    assert read_value(raw) == (None, status, [])


@pytest.mark.parametrize(
    ("raw", "stage"),
    [("未启动", 0), ("进行中", 1), ("基本完成", 2), ("已完成", 3), ("not started", 0), ("Under way", 1), ("mostly done", 2), ("DONE", 3),
     (2.0, 2), ("3", 3)],
)  # fmt: skip
def test_milestones_take_a_stage_in_words_or_numbers(raw: str | float, stage: int) -> None:
    assert read_value(raw, milestone=True) == (Decimal(stage), "A", [])


def test_a_milestone_with_another_word_is_told_the_stages() -> None:
    _value, _status, ((rule, message, _params),) = read_value("快了", milestone=True)
    assert rule.code == "not_a_number"
    assert "mostly done" in message


@pytest.mark.parametrize(
    ("raw", "stored", "value", "rules"),
    [
        (2.0, True, "2", ["formula_value"]),
        (1 / 3, True, "0.333333333333333", ["formula_value"]),
        (1 / 3000, True, "0.000333333333333", ["formula_value"]),
        (None, False, None, ["formula_without_value"]),
        ("#DIV/0!", True, None, ["not_a_number"]),
        ("1，234", True, "1234", ["formula_value"]),
    ],
)
def test_a_formula_counts_with_its_stored_result_to_fifteen_digits(raw: Any, stored: bool, value: str | None, rules: list[str]) -> None:
    got, _status, what = read_value(raw, formula=stored)
    assert got == (None if value is None else Decimal(value))
    assert [rule.code for rule, _message, _params in what] == rules


def test_a_formula_is_known_by_its_cell_in_a_real_workbook() -> None:
    lines = [["报告期", "2014-Q3"], ["指标代码", "数值"], ["A5", ("=1+1", 2)], ["A6", ("=1+1",)], ["A10", "已完成"]]
    result = parse(read(make.workbook({"表": lines}), "f.xlsx").tables, milestones=frozenset({"A10"}))
    assert found(result) == [("formula_value", "表!B3"), ("formula_without_value", "表!B4")]
    assert [row.value for row in result.rows] == [2, None, 3]


@pytest.mark.parametrize(
    ("raw", "unit", "value"),
    [
        ("12.5亿元", "亿元", "12.5"),
        ("12.5 亿", "亿元", "12.5"),
        ("１２．５亿元", "亿元", "12.5"),
        ("1250万元", "亿元", "0.1250"),
        ("1 250 万元", "亿元", "0.1250"),
        ("1,250万", "亿元", "0.1250"),
        ("3万", "亿元", "0.0003"),
        ("-3元", "亿元", "-0.00000003"),
        ("1.2万亿元", "亿元", "12000"),
        ("3万", "家", "30000"),
        ("3万家", "家", "30000"),
        ("3百万", "家", "3000000"),
        ("75%", "%", "75"),
        ("75 ％", "%", "75"),
        ("35万千瓦", "万千瓦", "35"),
        ("350000千瓦", "万千瓦", "35.0000"),
        ("2万", "千瓦", "20000"),
        ("5000元/人", "万元/人", "0.5000"),
        ("2百", "百分点", "200"),
    ],
)
def test_a_number_with_a_multiplier_or_unit_is_converted_exactly_and_says_so(raw: str, unit: str, value: str) -> None:
    got, status, ((rule, message, params),) = read_value(raw, unit=unit)
    assert (got, status, rule.code) == (Decimal(value), "A", "unit_in_cell")
    assert message % params == f'Written as "{raw}", read as {got:f} {unit}.'
    assert "E+" not in str(got)


@pytest.mark.parametrize(
    ("raw", "unit", "rule"),
    [
        ("75%", "家", "not_a_number"),
        ("75%", "", "not_a_number"),
        ("3万", "%", "not_a_number"),
        ("3万%", "%", "not_a_number"),
        ("12.5吨", "亿元", "not_a_number"),
        ("3千", "千瓦", "not_a_number"),
        ("12.5亿元", None, "not_a_number"),
        ("12亿5千万", "亿元", "not_a_number"),
        ("12,50万元", "亿元", "not_a_number"),
        ("1 25 万元", "亿元", "not_a_number"),
        ("约12亿元", "亿元", "not_a_number"),
        ("0.12345678元", "亿元", "too_many_digits"),
        ("1234567.890123456亿元", "亿元", "too_many_digits"),
        ("10000000亿", "家", "too_many_digits"),
    ],
)
def test_a_unit_that_does_not_lead_to_the_indicators_is_not_guessed(raw: str, unit: str | None, rule: str) -> None:
    value, _status, ((found_rule, message, params),) = read_value(raw, unit=unit)
    assert (value, found_rule.code) == (None, rule)
    assert raw in message % params


@given(st.one_of(st.floats(), st.integers(), st.booleans(), st.text(alphabet="0123456789.,-+eE%()'约万亿元 １２，\u3000", max_size=14)))
def test_what_is_read_without_a_note_is_the_cells_own_number(raw: float | int | bool | str) -> None:
    value, _status, what = read_value(raw, unit="亿元")
    if value is not None and not what:
        assert not isinstance(raw, bool)
        assert value == Decimal(str(raw))


def test_units_are_those_of_the_rows_own_indicator() -> None:
    lines = [["指标代码", "数值", "报告期"], ["A5", "1250万元", "2014"], ["A9", "3万", "2014"], ["X", "3万", "2014"]]
    result = parse([Table("", lines)], units={"A5": "亿元", "A9": "家"})
    assert [row.value for row in result.rows] == [Decimal("0.125"), 30000, None]
    assert found(result) == [("unit_in_cell", "B2"), ("unit_in_cell", "B3"), ("not_a_number", "B4")]


def test_a_sheet_as_people_make_it_is_read_with_a_note_on_all_that_is_not_plain() -> None:
    result = parse(read(make.sheet_as_people_make_it(), "f.xlsx").tables, units={"P1": "%"})
    assert [(row.indicator, row.period, row.value) for row in result.rows] == [
        ("P1", "2014-Q1", Decimal("0.5")),
        ("P1", "2014-Q2", 1),
        ("P1", "2014-Q3", 75),
    ]
    assert found(result) == [
        ("merged_cell", "填报表!A4"), ("hidden_row", "填报表!B4"), ("merged_cell", "填报表!A5"), ("unit_in_cell", "填报表!B5"),
    ]  # fmt: skip


def test_a_header_reaches_down_to_its_lowest_merged_cell() -> None:
    lines = [
        ["报告期", "2014-Q3"],
        ["指标代码", "地区代码", "数值", None, "说明"],
        [None, None, "本期", "上期", None],
        ["A5", "630200", 1, 9, "n"],
    ]
    result = parsed(lines, merged=[(2, 1, 3, 1), (2, 3, 2, 4)])
    row = only_row(result)
    assert (row.indicator, row.value, row.note, str(row.cell), result.findings) == ("A5", 1, "n", "表!C4", ())


def test_merged_keys_stand_for_every_row_they_cover_and_for_no_other_column() -> None:
    lines = [
        ["指标代码", "地区代码", "计量单位", "数值", "报告期"],
        ["A5", "630200", "亿元", 1, "2014-Q1"],
        [None, None, None, 2, "2014-Q2"],
        [None, None, None, None, None],
        ["A6", None, None, 3, "2014-Q1"],
    ]
    result = parsed(lines, merged=[(2, 1, 4, 1), (2, 2, 5, 2), (2, 3, 3, 3), (2, 4, 3, 4)])
    assert [(row.indicator, row.area, row.unit, row.value) for row in result.rows] == [
        ("A5", "630200", "亿元", 1), ("A5", "630200", "亿元", 2), ("A6", "630200", "", 3),
    ]  # fmt: skip
    assert found(result) == [("merged_cell", f"表!{cell}") for cell in ("A3", "B3", "C3", "B5")]


def test_a_remark_merged_over_many_rows_is_no_row() -> None:
    lines = [["指标代码", "数值", "报告期"], ["A5", 1, "2014"], ["注：本表为快报数", None, None], [None, None, None]]
    assert len(parsed(lines, merged=[(3, 1, 4, 3)]).rows) == 1


def test_merged_cells_that_overlap_or_never_end_cost_no_time() -> None:
    lines = [["指标代码", "数值", "报告期"], *[["A5", 1, "2014"]] * 2_000]
    merged = [(row, 1, 1_048_576, 16_384) for row in range(2, 50_000)]
    begun = time.process_time()
    assert len(parsed(lines, merged=merged).rows) == 2_000
    assert time.process_time() - begun < 2


def test_every_message_can_be_filled_in() -> None:
    result = parsed([["指标代码", "数值", "报告期"], ["A5", "约 5%", "去年"], ["A10", "1.23456789012345678", ""], ["A5", "１", "2014"]])
    for finding in result.findings:
        assert "%(" not in finding.message % finding.params
