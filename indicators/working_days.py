"""Which days are worked, and on which day a form is due: plain arithmetic on a calendar that is given as data.

`differs` says of each day on which the calendar differs from the week whether it is worked: a statutory holiday is not, a weekend day
that makes up for one is. Days that are not in it are worked from Monday to Friday.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

SATURDAY = 5
DAY = timedelta(days=1)
Differs = Mapping[date, bool]


def is_working(day: date, differs: Differs) -> bool:
    return differs.get(day, day.weekday() < SATURDAY)


def next_working(day: date, differs: Differs) -> date:
    """`day` itself if it is worked, else the first day after it that is."""
    return next(one for one in _from(day) if is_working(one, differs))


def add_working(day: date, number: int, differs: Differs) -> date:
    """The `number`-th working day after `day`; `day` itself for 0."""
    for _ in range(number):
        day = next_working(day + DAY, differs)
    return day


def working_between(first: date, last: date, differs: Differs) -> int:
    """How many days after `first` up to and with `last` are worked; 0 where `last` is not after `first`."""
    return sum(is_working(first + DAY * step, differs) for step in range(1, (last - first).days + 1))


def due_day(end: date, days: int, rule: str, differs: Differs) -> date:
    """The last day in time: `days` after a period's `end`, counted by one of RULES. KeyError for another rule."""
    return RULES[rule](end, days, differs)


def without_data(first: date, last: date, differs: Differs) -> list[int]:
    """The years from `first` to `last` of which the calendar says nothing, so that only weekends count as days off."""
    known = {day.year for day in differs}
    return [year for year in range(first.year, last.year + 1) if year not in known]


def _from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += DAY


def _calendar(end: date, days: int, differs: Differs) -> date:
    return end + DAY * days


def _after_holidays(end: date, days: int, differs: Differs) -> date:
    """A holiday's days move it, also those that fall on a weekend; a weekend without a holiday does not."""
    return next(one for one in _from(end + DAY * days) if differs.get(one, True))


def _after_days_off(end: date, days: int, differs: Differs) -> date:
    return next_working(end + DAY * days, differs)


RULES: Mapping[str, Callable[[date, int, Differs], date]] = {
    "calendar": _calendar,
    "after_holidays": _after_holidays,
    "after_days_off": _after_days_off,
    "working_days": add_working,
}
