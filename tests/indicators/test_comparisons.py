"""Rules that hold a figure against others: of its year, of earlier years, of the same file, of what follows from them."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.indicators.make_rules import (
    XINING,
    findings,
    found,
    line,
)


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
