"""How periods are written, ordered and followed by one another."""

from datetime import date

import pytest

from indicators.periods import Period, latest_quarter, quarters


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2014", "2014"),
        ("2014年", "2014"),
        ("2014年全年", "2014"),
        ("2014-Q3", "2014-Q3"),
        ("2014Q3", "2014-Q3"),
        ("2014q3", "2014-Q3"),
        ("2014年三季度", "2014-Q3"),
        ("2014年第三季度", "2014-Q3"),
        ("2014年第3季度", "2014-Q3"),
        ("2014年前三季度", "2014-Q3"),
        ("2014年1-3季度", "2014-Q3"),
        ("2014年上半年", "2014-Q2"),
        ("2014-M7", "2014-M7"),
        ("2014M7", "2014-M7"),
        ("2014年7月", "2014-M7"),
        ("2014年1-7月", "2014-M7"),
        ("2014年12月", "2014-M12"),
        (" 2014 年 3 季度 ", "2014-Q3"),
    ],
)
def test_every_documented_spelling_is_read(written: str, code: str) -> None:
    assert str(Period.parse(written)) == code


@pytest.mark.parametrize(
    "written", ["", "14", "2014-Q5", "2014-Q0", "2014-M13", "2014-M0", "2014年五季度", "2014-07-01", "三季度", "2014-Q3-Q4"]
)
def test_what_is_no_period_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        Period.parse(written)


@pytest.mark.parametrize(
    ("code", "before", "after", "year_before", "end"),
    [
        ("2014", "2013", "2015", "2013", date(2014, 12, 31)),
        ("2014-Q1", "2013-Q4", "2014-Q2", "2013-Q1", date(2014, 3, 31)),
        ("2014-Q4", "2014-Q3", "2015-Q1", "2013-Q4", date(2014, 12, 31)),
        ("2016-M2", "2016-M1", "2016-M3", "2015-M2", date(2016, 2, 29)),
        ("2014-M12", "2014-M11", "2015-M1", "2013-M12", date(2014, 12, 31)),
    ],
)
def test_periods_know_their_neighbours_and_their_end(code: str, before: str, after: str, year_before: str, end: date) -> None:
    period = Period.parse(code)
    assert (str(period.previous), str(period.next), str(period.year_before)) == (before, after, year_before)
    assert period.end == end


def test_periods_are_ordered_by_their_end_and_a_year_follows_its_last_quarter() -> None:
    codes = ["2014-Q3", "2014-Q4", "2014", "2015-Q1", "2015"]
    assert [str(period) for period in sorted(map(Period.parse, reversed(codes)))] == codes


def test_quarters_run_over_the_turn_of_the_year() -> None:
    assert [str(quarter) for quarter in quarters(Period(2014, "Q", 3), Period(2015, "Q", 1))] == ["2014-Q3", "2014-Q4", "2015-Q1"]


@pytest.mark.parametrize(("day", "code"), [(date(2018, 10, 20), "2018-Q3"), (date(2018, 9, 30), "2018-Q3"), (date(2018, 1, 5), "2017-Q4")])
def test_latest_quarter_is_one_that_has_ended(day: date, code: str) -> None:
    assert str(latest_quarter(day)) == code


def test_only_periods_that_end_with_december_complete_a_year() -> None:
    assert [code for code in ("2014", "2014-Q4", "2014-M12", "2014-Q3", "2014-M9") if Period.parse(code).completes_year] == [
        "2014", "2014-Q4", "2014-M12",
    ]  # fmt: skip
