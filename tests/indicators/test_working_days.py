"""Which days are worked, and when a form is due."""

import csv
from datetime import date, timedelta

import pytest

from indicators.working_days import add_working, due_day, is_working, next_working, without_data, working_between
from tests.conftest import QINGHAI

OCTOBER = {date(2018, 10, day): False for day in range(1, 8)} | {date(2018, 9, 29): True, date(2018, 9, 30): True}


def published() -> dict[date, bool]:
    with (QINGHAI / "calendar.csv").open(encoding="utf-8", newline="") as file:
        return {date.fromisoformat(row["day"]): row["kind"] == "workday" for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    ("day", "worked"),
    [("2018-09-28", True), ("2018-09-29", True), ("2018-10-03", False), ("2018-10-06", False), ("2018-10-08", True), ("2018-10-13", False)],
)
def test_calendar_goes_before_the_week(day: str, worked: bool) -> None:
    assert is_working(date.fromisoformat(day), OCTOBER) is worked


def test_next_working_day_is_the_day_itself_if_it_is_worked() -> None:
    assert next_working(date(2018, 9, 29), OCTOBER) == date(2018, 9, 29)
    assert next_working(date(2018, 10, 1), OCTOBER) == date(2018, 10, 8)
    assert next_working(date(2018, 10, 20), OCTOBER) == date(2018, 10, 22)


def test_working_days_are_counted_over_holidays_and_made_up_weekends() -> None:
    assert add_working(date(2018, 9, 28), 0, OCTOBER) == date(2018, 9, 28)
    assert add_working(date(2018, 9, 28), 2, OCTOBER) == date(2018, 9, 30)
    assert add_working(date(2018, 9, 28), 3, OCTOBER) == date(2018, 10, 8)
    assert working_between(date(2018, 9, 28), date(2018, 10, 8), OCTOBER) == 3
    assert working_between(date(2018, 10, 8), date(2018, 10, 8), OCTOBER) == 0
    assert working_between(date(2018, 10, 9), date(2018, 10, 8), OCTOBER) == 0


@pytest.mark.parametrize("number", [1, 5, 20, 90])
def test_counting_there_and_back_agrees(number: int) -> None:
    differs, start = published(), date(2020, 1, 17)
    assert working_between(start, add_working(start, number, differs), differs) == number


@pytest.mark.parametrize(
    ("end", "days", "rule", "due"),
    [
        ("2018-09-30", 20, "calendar", "2018-10-20"),  # a Saturday
        ("2018-09-30", 20, "after_holidays", "2018-10-20"),  # no holiday
        ("2018-09-30", 20, "after_days_off", "2018-10-22"),
        ("2018-09-30", 20, "working_days", "2018-11-02"),
        ("2018-09-30", 5, "calendar", "2018-10-05"),
        ("2018-09-30", 5, "after_holidays", "2018-10-08"),
        ("2018-09-30", 6, "after_holidays", "2018-10-08"),  # a Saturday in the holiday
        ("2018-09-30", 5, "after_days_off", "2018-10-08"),
        ("2019-12-31", 24, "after_holidays", "2020-02-03"),  # the Spring Festival that was made longer
        ("2019-12-31", 32, "after_days_off", "2020-02-03"),  # 1 February 2020 was to be worked and was not
        ("2013-12-31", 26, "after_days_off", "2014-01-26"),  # a Sunday that was worked
        ("2013-12-31", 0, "after_days_off", "2013-12-31"),
    ],
)
def test_due_day_follows_the_rule(end: str, days: int, rule: str, due: str) -> None:
    assert due_day(date.fromisoformat(end), days, rule, published()) == date.fromisoformat(due)


def test_unknown_rule_is_an_error() -> None:
    with pytest.raises(KeyError):
        due_day(date(2018, 9, 30), 20, "soon", {})


def test_year_without_data_knows_weekends_only_and_is_named() -> None:
    differs = published()
    assert due_day(date(2030, 9, 30), 1, "after_days_off", differs) == date(2030, 10, 1)
    assert without_data(date(2026, 12, 1), date(2028, 2, 1), differs) == [2027, 2028]
    assert without_data(date(2014, 1, 1), date(2026, 12, 31), differs) == []


def test_calendar_of_each_year_is_that_of_the_state_council() -> None:
    """Numbers of days off and of weekend days worked, counted in the notices by hand; every day off in one run of a notice is entered."""
    off = dict(zip(range(2014, 2027), (22, 26, 24, 24, 25, 22, 30, 31, 32, 26, 28, 28, 33), strict=True))
    worked = dict(zip(range(2014, 2027), (5, 5, 6, 5, 7, 6, 6, 7, 7, 7, 8, 5, 6), strict=True))
    differs = published()
    for year in off:
        days = [made_up for day, made_up in differs.items() if day.year == year]
        assert (days.count(False), days.count(True)) == (off[year], worked[year]), year


def test_weekday_is_never_entered_as_worked() -> None:
    assert all(day.weekday() >= 5 for day, worked in published().items() if worked)


def test_no_run_of_days_off_is_longer_than_ten_days() -> None:
    differs, day = published(), date(2014, 1, 1)
    while day < date(2026, 12, 20):
        assert (next_working(day, differs) - day) <= timedelta(days=10)
        day += timedelta(days=1)
