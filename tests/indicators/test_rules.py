"""Each rule: found where it should be, at the right cell, and not where it should not."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from indicators.parsing import parse
from indicators.readers import read
from indicators.readers.table import Table
from indicators.rows import ERROR, NOTE, WARNING, Finding, IndicatorSpec
from indicators.rules import RULES, check_all
from indicators.rules.context import Context
from tests import make_workbooks as make

HAIDONG, XINING, YUSHU = "630200", "630100", "632700"
ZERO = Decimal(0)
SPECS = {
    spec.code: spec
    for spec in (
        IndicatorSpec("A5", "flow", "亿元", decimals=4, minimum=ZERO),
        IndicatorSpec("A6", "flow", "亿元", decimals=4, minimum=ZERO),
        IndicatorSpec("A9", "stock", "家", decimals=0, minimum=ZERO),
        IndicatorSpec("A10", "milestone", decimals=0),
        IndicatorSpec("H1", "stock", "万千瓦", minimum=ZERO),
        IndicatorSpec("H4N", "stock", "蒸吨/小时", minimum=ZERO),
        IndicatorSpec("H4D", "stock", "蒸吨/小时", minimum=ZERO),
        IndicatorSpec("H4", "ratio", "%", numerator="H4N", denominator="H4D", reported=False, part_of_whole=True),
        IndicatorSpec("F1", "ratio", "%", numerator="A5", denominator="A6", reported=False),
        IndicatorSpec("A1", "flow", "亿元", formula=("A5", "A6"), reported=False),
        IndicatorSpec("P1", "stock", "%", minimum=ZERO, maximum=Decimal(100)),
        IndicatorSpec("Y1", "stock", "户", decimals=0, frequency="A"),
        IndicatorSpec("R1", "rate", "%", frequency="P"),
        IndicatorSpec("T1", "flow", "亿元", decimals=4, formula=("A5", "A6", "H1")),
        IndicatorSpec("E1", "flow", "万吨标准煤", minimum=ZERO),
        IndicatorSpec("G1", "flow", "亿元", minimum=ZERO),
        IndicatorSpec("I1", "ratio", "吨标准煤/万元", numerator="E1", denominator="G1", reported=False),
        IndicatorSpec("IR", "rate", "%", frequency="P"),
    )
}
ALL = tuple(code for code, spec in SPECS.items() if spec.reported)
PERIOD = "2015-Q3"
BULK = Context(
    indicators=SPECS,
    areas=frozenset({HAIDONG, XINING, YUSHU}),
    today=date(2018, 10, 20),
    bureau="BUR-630200",
    bureau_areas=frozenset({HAIDONG, XINING}),
    form="BULK",
    bulk=True,
    rates={"IR": "I1"},
)
FORM = replace(
    BULK,
    form="QH-Q",
    bulk=False,
    period=PERIOD,
    bureau_areas=frozenset({HAIDONG}),
    form_items={code: frozenset({HAIDONG, YUSHU}) for code in ("A5", "A9", "A10")},
)
HEADER = ["指标代码", "地区代码", "报告期", "计量单位", "数值", "说明"]
MILESTONES = frozenset({"A10"})


def line(indicator: str = "A5", value: Any = 10, period: str = PERIOD, area: str = HAIDONG, unit: str = "", note: str = "") -> list[Any]:
    return [indicator, area, period, unit, value, note]


def findings(lines: list[list[Any]], context: Context = BULK, past: Mapping[str, Any] | None = None) -> list[Finding]:
    """What the rules find in lines under a header row (so the first is row 2). `past`: approved figures as "A5 2015-Q2": value."""
    history: dict[tuple[str, str], dict[str, Decimal]] = {}
    for name, value in (past or {}).items():
        indicator, period = name.split()
        history.setdefault((indicator, HAIDONG), {})[period] = Decimal(str(value))
    result = parse([Table("", [HEADER, *lines])], milestones=MILESTONES)
    return check_all(result.rows, result.headings, replace(context, history=history))


def found(lines: list[list[Any]], context: Context = BULK, past: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
    return [(finding.rule, str(finding.cell) if finding.cell else "") for finding in findings(lines, context, past)]


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


@pytest.mark.parametrize(
    ("lines", "past", "expected"),
    [
        ([line(value=9)], {"A5 2015-Q2": 10}, [("year_to_date_falls", "E2")]),
        ([line(value=10)], {"A5 2015-Q2": 10}, []),
        ([line(value=9, period="2015-Q1")], {"A5 2014-Q4": 10}, []),
        ([line(value=9, period="2015")], {"A5 2014": 10}, []),
        ([line("H1", 9)], {"H1 2015-Q2": 10}, []),
        ([line(value=10, period="2015-Q2"), line(value=9)], {}, [("year_to_date_falls", "E3")]),
        ([line(value=9), line(value=8, period="2015-Q2")], {"A5 2015-Q2": 10}, [("past_figure_changed", "E3")]),
        ([line(value=-9)], {"A5 2015-Q2": 10}, [("out_of_bounds", "E2")]),
        ([line(value=9)], {"A5 2015-Q1": 10}, [("year_to_date_falls", "E2")]),
        ([line(value=9)], {"A5 2015-Q1": 10, "A5 2015-Q2": 8}, []),
        ([line(value=9), line(value="无", period="2015-Q2")], {"A5 2015-Q1": 10}, [("year_to_date_falls", "E2")]),
    ],
)
def test_a_flow_does_not_fall_within_the_year(lines: list[list[Any]], past: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(lines, past=past) == expected


@pytest.mark.parametrize(
    ("indicator", "value", "past", "rule"),
    [
        ("H1", 100, {"H1 2014-Q3": 10}, "unit_slip"),
        ("H1", 1, {"H1 2014-Q3": 10}, "unit_slip"),
        ("H1", 104000, {"H1 2014-Q3": 10}, "unit_slip"),
        ("H1", 71, {"H1 2014-Q3": 10}, "unit_slip"),
        ("H1", 70, {"H1 2014-Q3": 10}, "jump"),
        ("H1", 142, {"H1 2014-Q3": 10}, "jump"),
        ("H1", 30, {"H1 2014-Q3": 10}, ""),
        ("H1", 30.01, {"H1 2014-Q3": 10}, "jump"),
        ("H1", 10, {"H1 2014-Q3": 30}, ""),
        ("H1", 9.99, {"H1 2014-Q3": 30}, "jump"),
        ("H1", 0, {"H1 2014-Q3": 30}, "jump"),
        ("H1", 10, {"H1 2014-Q3": 0}, ""),
        ("H1", 100, {"H1 2014-Q3": 0, "H1 2015-Q2": 10}, ""),
        ("H1", 100, {"H1 2015-Q2": 10}, "unit_slip"),
        ("H1", 100, {"H1 2014-Q3": 100, "H1 2015-Q2": 10}, ""),
        ("H1", 100, {"H1 2013-Q3": 10}, ""),
        ("A5", 100, {"A5 2015-Q2": 10}, "unit_slip"),
        ("A9", 40, {"A9 2014-Q3": 4}, ""),
        ("A9", 4, {"A9 2014-Q3": 40}, ""),
        ("A9", 50, {"A9 2014-Q3": 5}, "unit_slip"),
        ("R1", 50, {"R1 2014-Q3": 5}, ""),
        ("A10", 1, {"A10 2014-Q3": 0}, ""),
    ],
)
def test_a_value_is_compared_with_the_closest_earlier_one(indicator: str, value: float, past: dict[str, Any], rule: str) -> None:
    assert found([line(indicator, value)], past=past) == ([(rule, "E2")] if rule else [])


def said(lines: list[list[Any]], past: Mapping[str, Any]) -> str:
    """The one finding in words."""
    (finding,) = findings(lines, past=past)
    return finding.message % finding.params


def test_a_slip_of_the_unit_names_the_power_and_the_units_that_are_confused() -> None:
    assert "about 10000 times (10 to the power of 4) the 5 亿元 of 2014-Q3, as when 亿元 and 万元" in said(
        [line("A5", 50000)], {"A5 2014-Q3": 5}
    )
    assert "about 0.0001 times (10 to the power of -4)" in said([line("H1", 1)], {"H1 2014-Q3": 10000})
    assert "as when 万千瓦 and 千瓦" in said([line("H1", 1)], {"H1 2014-Q3": 10000})
    assert "as when" not in said([line("H1", 100)], {"H1 2014-Q3": 10})


def growing(factors: list[float], first: float = 10) -> dict[str, float]:
    """Approved figures of H1: 2008-Q1 to Q4, then as many quarters as there are factors, each so many times that of a year before; the
    last of twelve is 2011-Q4."""
    values = [first] * 4
    for factor in factors:
        values.append(round(values[-4] * factor, 6))
    return {f"H1 {2008 + place // 4}-Q{place % 4 + 1}": value for place, value in enumerate(values)}


STEADY = [1.1, 1.08, 1.12, 1.1, 1.09, 1.11, 1.1, 1.1, 1.1, 1.1, 1.09, 1.11]
WILD = [2.5, 0.4, 3.5, 0.3, 2.2, 0.5, 2.8, 0.35, 0.45, 2.4, 0.4, 2.6]


@pytest.mark.parametrize(
    ("factors", "times", "rule"),
    [
        (STEADY, 1.1, ""),
        (STEADY, 2.1, ""),
        (STEADY, 2.3, "jump"),
        (STEADY, 0.56, ""),
        (STEADY, 0.5, "jump"),
        (STEADY, 0, "jump"),
        (STEADY[:7], 2.3, ""),
        (STEADY[:7], 3.1, "jump"),
        (WILD, 4, ""),
        (WILD, 0.25, ""),
        ([1.0] * 12, 1.9, ""),
        ([1.0] * 12, 2.1, "jump"),
    ],
)
def test_where_growth_is_known_it_says_what_is_usual(factors: list[float], times: float, rule: str) -> None:
    past = growing(factors)
    year, quarter = list(past)[-4].split()[1].split("-")
    row = line("H1", round(past[f"H1 {year}-{quarter}"] * times, 4), period=f"{int(year) + 1}-{quarter}")
    assert found([row], past=past) == ([(rule, "E2")] if rule else [])


def test_a_figure_that_comes_back_after_one_odd_year_is_no_jump() -> None:
    past = growing([1.0] * 12)
    odd = past | {"H1 2011-Q4": 28, "H1 2012-Q1": 10, "H1 2012-Q2": 10, "H1 2012-Q3": 10}
    assert found([line("H1", 28, period="2011-Q4")], past=past | {"H1 2011-Q4": 28}) == [("jump", "E2")]
    assert found([line("H1", 10, period="2012-Q4")], past=odd) == []
    assert found([line("H1", 28, period="2012-Q4")], past=odd) == []
    assert found([line("H1", 4, period="2012-Q4")], past=odd) == [("jump", "E2")]


def test_the_finding_names_the_value_the_usual_range_and_what_was_expected() -> None:
    text = said([line("H1", 50, period="2012-Q4")], growing([1.1] * 12))
    assert text.startswith(
        "50 万千瓦 is outside the usual range from 7.32 万千瓦 to 29.28 万千瓦; after the 13.31 万千瓦 of 2011-Q4 about 14.64"
    )
    assert "from 3.33 万千瓦 to 30 万千瓦; after the 10 万千瓦 of 2014-Q3 about 10 万千瓦" in said([line("H1", 50)], {"H1 2014-Q3": 10})


def test_a_series_of_extremes_still_has_a_range() -> None:
    wild = {f"H1 {2000 + n // 4}-Q{n % 4 + 1}": 10 ** (14 if n // 4 % 2 else -14) for n in range(40)}
    assert found([line("H1", 5, period="2010-Q1")], past=wild) == []


@pytest.mark.parametrize(
    ("lines", "past", "expected"),
    [
        ([line("T1", 30), line("A5", 10), line("A6", 12), line("H1", 8)], {}, []),
        ([line("T1", 31), line("A5", 10), line("A6", 12), line("H1", 8)], {}, [("parts_do_not_add", "E2")]),
        ([line("A5", 10), line("A6", 12), line("H1", 8), line("T1", 31)], {}, [("parts_do_not_add", "E5")]),
        ([line("T1", 30.015), line("A5", 10), line("A6", 12), line("H1", 8)], {}, []),
        ([line("T1", 30.016), line("A5", 10), line("A6", 12), line("H1", 8)], {}, [("parts_do_not_add", "E2")]),
        ([line("T1", 31), line("A5", 10), line("A6", 12)], {}, []),
        ([line("T1", 31), line("A5", 10), line("A6", "无")], {"A6 2015-Q3": 12, "H1 2015-Q3": 8}, []),
        ([line("T1", 31)], {"A5 2015-Q3": 10, "A6 2015-Q3": 12, "H1 2015-Q3": 8}, [("parts_do_not_add", "E2")]),
        ([line("H1", 8), line("A6", 12)], {"T1 2015-Q3": 31, "A5 2015-Q3": 10}, [("parts_do_not_add", "E3")]),
        ([line("T1", 31), line("A5", 10, area=XINING), line("A6", 12), line("H1", 8)], {}, []),
        ([line("A1", 50), line("A5", 10), line("A6", 12)], {}, [("derived_indicator", "A2")]),
    ],
)
def test_reported_parts_add_up_to_their_reported_total(
    lines: list[list[Any]], past: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert found(lines, past=past) == expected


# Energy 100 to 107.5, product 200 to 224.2: the intensity changes by -4.10 %.
TERMS = {"E1 2014": 100, "G1 2014": 200, "E1 2015": 107.5, "G1 2015": 224.2}


@pytest.mark.parametrize(
    ("lines", "past", "expected"),
    [
        ([line("IR", -4.1, period="2015")], TERMS, []),
        ([line("IR", -4.25, period="2015")], TERMS, []),
        ([line("IR", -4.26, period="2015")], TERMS, [("intensity_identity", "E2")]),
        ([line("IR", 4.1, period="2015")], TERMS, [("intensity_identity", "E2")]),
        ([line("IR", 4.1, period="2015")], {**TERMS, "G1 2014": 0}, []),
        ([line("IR", 4.1, period="2015")], {name: TERMS[name] for name in list(TERMS)[:3]}, []),
        (
            [line("IR", 4.1, period="2015")],
            {name.replace("2015", "2015-Q4"): value for name, value in TERMS.items()},
            [("intensity_identity", "E2")],
        ),
        ([line("IR", 4.1, period="2015")], {name.replace("2014", "2014-Q3"): value for name, value in TERMS.items()}, []),
        ([line("IR", 4.1)], {f"{name}-Q3": value for name, value in TERMS.items()}, [("intensity_identity", "E2")]),
        ([line("G1", 224.2, period="2015"), line("E1", 107.5, period="2015")], {**TERMS, "IR 2015": 4.1}, [("intensity_identity", "E3")]),
        ([line("E1", 107.5, period="2015"), line("IR", 4.1, period="2015")], TERMS, [("intensity_identity", "E3")]),
        ([line("IR", 4.1, period="2015", area=XINING)], TERMS, []),
        ([line("IR", "无", period="2015")], TERMS, []),
    ],
)
def test_a_published_rate_agrees_with_energy_and_product(
    lines: list[list[Any]], past: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert found(lines, past=past) == expected


def test_a_contradiction_is_told_with_all_its_rates() -> None:
    text = said([line("IR", 4.1, period="2015")], TERMS)
    assert text.startswith("IR is stated as 4.1 %, but E1 changed by 7.50 % and G1 by 12.10 %, which makes -4.10 %.")


def test_the_first_quarter_of_a_flow_is_not_compared_with_the_whole_year_before() -> None:
    assert found([line(value=10, period="2015-Q1")], past={"A5 2014-Q4": 100}) == []
    assert found([line("H1", 10, period="2015-Q1")], past={"H1 2014-Q4": 100}) == [("unit_slip", "E2")]


def test_earlier_figures_of_the_same_file_count() -> None:
    assert found([line("H1", 10, period="2014-Q3"), line("H1", 50)]) == [("jump", "E3")]


@pytest.mark.parametrize(("value", "expected"), [(10, []), ("10.000", []), (11, [("past_figure_changed", "E2")]), ("无", [])])
def test_an_approved_figure_that_changes_is_named(value: Any, expected: list[tuple[str, str]]) -> None:
    assert found([line(value=value)], past={"A5 2015-Q3": 10}) == expected


@pytest.mark.parametrize(
    ("past", "rule"),
    [
        ({"A5 2015-Q2": 11, "A5 2014-Q3": 100, "A5 2015-Q3": 12}, "year_to_date_falls"),
        ({"A5 2014-Q3": 100, "A5 2015-Q3": 12}, "unit_slip"),
        ({"A5 2014-Q3": 50, "A5 2015-Q3": 12}, "jump"),
        ({"A5 2014-Q3": 10, "A5 2015-Q3": 12}, "past_figure_changed"),
    ],
)
def test_of_the_comparisons_only_the_first_that_applies_speaks(past: dict[str, Any], rule: str) -> None:
    assert found([line(value=10)], past=past) == [(rule, "E2")]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([line("A9", 100.5)], [("not_whole", "E2")]),
        ([line("A9", 100, unit="万家")], [("unit_mismatch", "D2")]),
        ([line("A9", 10), line("A9", 100)], [("duplicate_row", "E3")]),
        ([line("A9", 100, period="2015-M7")], [("period_frequency", "C2")]),
    ],
)
def test_a_value_wrong_in_itself_is_not_compared(lines: list[list[Any]], expected: list[tuple[str, str]]) -> None:
    assert found(lines, past={"A9 2014-Q3": 10, "A9 2015-M6": 10}) == expected


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

    seconds(100)
    assert seconds(800) < 30 * seconds(100), "eight times the rows cost about eight times the time, not sixty-four"
