"""Reporting periods: a year, a quarter (year-to-date for flows) or a month (likewise)."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import total_ordering
from unicodedata import normalize

_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_CENTURIES = r"((?:19|20|21)\d\d)"  # no other year is meant, and dates near the calendar's ends cannot be reckoned with
_YEAR = re.compile(rf"{_CENTURIES}(年|年全年)?")
_QUARTER = re.compile(rf"{_CENTURIES}(?:-?Q|年第?|年前|年1[-—至])([1-4一二三四])(?:季度)?", re.IGNORECASE)
_MONTH = re.compile(rf"{_CENTURIES}(?:-?M|年|年1[-—至])(\d{{1,2}})月?", re.IGNORECASE)
_HALF = re.compile(rf"{_CENTURIES}(?:年上半年|-?H1)", re.IGNORECASE)


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """A year (`frequency` A, number 1), quarter (Q, 1-4) or month (M, 1-12). Ordered by its end, years after their last quarter."""

    year: int
    frequency: str = "A"
    number: int = 1

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read any spelling of docs/upload-format.md section 3. ValueError if it is none of them."""
        text = normalize("NFKC", str(text)).replace(" ", "")
        if match := _HALF.fullmatch(text):
            return cls(int(match[1]), "Q", 2)
        if match := _YEAR.fullmatch(text):
            return cls(int(match[1]))
        quarter_like = "季" in text or "Q" in text.upper()
        if quarter_like and (match := _QUARTER.fullmatch(text)):
            return cls(int(match[1]), "Q", _NUMERALS[match[2]])
        if not quarter_like and (match := _MONTH.fullmatch(text)) and 1 <= int(match[2]) <= 12:
            return cls(int(match[1]), "M", int(match[2]))
        raise ValueError(f"not a period: {text!r}")

    @classmethod
    def at(cls, time: float) -> "Period":
        """The longest period that ends at a decimal time: 2016.0 is 2015, 2018.5 is 2018-Q2."""
        year, past = divmod(round(time * 12) - 1, 12)
        month = past + 1
        return cls(year) if month == 12 else cls(year, "M", month) if month % 3 else cls(year, "Q", month // 3)

    def __str__(self) -> str:
        return f"{self.year}" if self.frequency == "A" else f"{self.year}-{self.frequency}{self.number}"

    def __lt__(self, other: "Period") -> bool:
        return (self.end, self.frequency == "A") < (other.end, other.frequency == "A")

    @property
    def month(self) -> int:
        """The last calendar month of the period."""
        return {"A": 12, "Q": self.number * 3, "M": self.number}[self.frequency]

    @property
    def end(self) -> date:
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    @property
    def time(self) -> float:
        """Decimal years at the period's end: the end of 2015 is 2016.0, of 2018-Q2 2018.5."""
        return self.year + self.month / 12

    @property
    def previous(self) -> "Period":
        """The period just before, of the same frequency."""
        if self.number > 1:
            return Period(self.year, self.frequency, self.number - 1)
        return Period(self.year - 1, self.frequency, {"A": 1, "Q": 4, "M": 12}[self.frequency])

    @property
    def next(self) -> "Period":
        if self.number < {"A": 1, "Q": 4, "M": 12}[self.frequency]:
            return Period(self.year, self.frequency, self.number + 1)
        return Period(self.year + 1, self.frequency)

    @property
    def year_before(self) -> "Period":
        """The same period of the year before."""
        return Period(self.year - 1, self.frequency, self.number)

    @property
    def completes_year(self) -> bool:
        return self.month == 12


def quarters(first: Period, last: Period) -> list[Period]:
    """All quarters from `first` to `last`, both included."""
    found = []
    while first <= last:
        found.append(first)
        first = first.next
    return found


def latest_quarter(day: date) -> Period:
    """The last quarter that had ended on `day`."""
    return latest_ended("Q", day)


def latest_ended(frequency: str, day: date) -> Period:
    """The last year (A), quarter (Q) or month (M) that had ended on `day`."""
    length = {"A": 12, "Q": 3, "M": 1}[frequency]
    now = Period(day.year, frequency, (day.month - 1) // length + 1)
    return now if now.end <= day else now.previous
