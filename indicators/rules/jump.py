"""The value lies in the usual range around what the closest comparable earlier figure lets expect."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import log
from statistics import median

from indicators.marks import gettext_noop as _
from indicators.plausibility import MODIFIED_Z_LIMIT, robust_spread
from indicators.rows import WARNING, Finding, IndicatorSpec, Row
from indicators.rules.context import Context
from indicators.rules.figures import Stated, earlier, known, past_growth, period_of, plain, stated
from indicators.rules.rule import KEY, Rule

RULE = Rule(
    "jump",
    WARNING,
    _("Large change"),
    _(
        "The value lies outside the usual range: a third to three times an earlier one or, where the growth of some years is known, "
        "what that growth lets expect. Check it; if it is right, say what happened."
    ),
    needs=(*KEY, "value"),
    breaks="value",
)

_FACTOR = 3
_LEAST_GROWTHS = 8  # two years of quarters; the spread of fewer says little
_LEAST_FACTOR = 2  # a series may have been steady by chance: up to twice or half of what is expected no question is asked


@dataclass(frozen=True, slots=True)
class Usual:
    """What a value is expected to be, and the range around it that needs no explanation."""

    low: Decimal
    expected: Decimal
    high: Decimal

    def holds(self, value: Decimal) -> bool:
        return self.low <= value <= self.high


def by_factor(before: Decimal) -> Usual:
    """From a third of an earlier figure to three times it."""
    low, high = sorted((before / _FACTOR, before * _FACTOR))
    return Usual(low, before, high)


def by_growth(before: Decimal, growths: Sequence[float], years: int = 1) -> Usual:
    """What past growth factors a year let expect of a figure above zero after so many years: their median, with the bounds of the
    modified z of their logarithms, and never less than half to twice the expected."""
    logs = [log(growth) for growth in growths]
    middle, room = years * median(logs), max(MODIFIED_Z_LIMIT * robust_spread(logs), log(_LEAST_FACTOR))
    low, expected, high = (before * Decimal(place).exp() for place in (middle - room, middle, middle + room))
    return Usual(low, expected, high)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    own = stated(rows)
    for row in rows:
        past = earlier(row, own, context)
        if past and row.value is not None:
            ranges = _ranges(row, past, own, context)
            if not any(range_.holds(row.value) for range_ in ranges):
                yield _finding(row, row.value, past, ranges[0], context.indicators[row.indicator])


def _ranges(row: Row, past: tuple[str, Decimal], own: Stated, context: Context) -> list[Usual]:
    """The ranges of which one must hold the value. With enough growth known there are two: a figure that comes back to where it stood
    before one odd year is no jump."""
    year_before = period_of(row.period).year_before
    growths = past_growth(row, own, context) if past[0] == str(year_before) and past[1] > 0 else []
    if len(growths) < _LEAST_GROWTHS:
        return [by_factor(past[1])]
    further = known((row.indicator, row.area, str(year_before.year_before)), own, context)
    return [by_growth(past[1], growths), *([by_growth(further, growths, years=2)] if further and further > 0 else [])]


def _finding(row: Row, value: Decimal, past: tuple[str, Decimal], usual: Usual, spec: IndicatorSpec) -> Finding:
    ends = (Decimal(format(end, f".{spec.decimals}f")) for end in (usual.low, usual.expected, usual.high))
    low, expected, high = (plain(end, spec.unit) for end in ends)
    return RULE.at(
        row,
        _(
            "%(value)s is outside the usual range from %(low)s to %(high)s; after the %(earlier)s of %(before)s about %(expected)s "
            "was to be expected. Check it; if it is right, say why."
        ),
        value=plain(value, spec.unit),
        low=low,
        high=high,
        expected=expected,
        earlier=plain(past[1], spec.unit),
        before=past[0],
    )
