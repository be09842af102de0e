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
from indicators.rules.figures import Stated, earlier, known, past_growths, plain, stated, year_before, yearly_growths
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
    """What past growth (logarithms of yearly factors) lets expect of a figure above zero after so many years: its median, with the
    bounds of the modified z, and never less than half to twice the expected."""
    middle, room = years * median(growths), max(MODIFIED_Z_LIMIT * robust_spread(growths), log(_LEAST_FACTOR))
    low, expected, high = (before * Decimal(place).exp() for place in (middle - room, middle, middle + room))
    return Usual(low, expected, high)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    own = stated(rows)
    growths = yearly_growths(own, context)
    for row in rows:
        past = earlier(row, own, context)
        if past and row.value is not None:
            logs = past_growths(row, growths) if past[0] == year_before(row.period) and past[1] > 0 else []
            if len(logs) >= _LEAST_GROWTHS and _plainly_near(row.value, past[1], logs):
                continue
            ranges = _ranges(row, past, logs, own, context)
            if not any(range_.holds(row.value) for range_ in ranges):
                yield _finding(row, row.value, past, ranges[0], context.indicators[row.indicator])


def _plainly_near(value: Decimal, before: Decimal, growths: Sequence[float]) -> bool:
    """Clearly within half to twice the expected, which is usual however steady the series was. It spares nearly every row the rest."""
    return value > 0 and abs(log(value) - log(before) - median(growths)) < log(_LEAST_FACTOR) - 1e-9


def _ranges(row: Row, past: tuple[str, Decimal], growths: Sequence[float], own: Stated, context: Context) -> list[Usual]:
    """The ranges of which one must hold the value. With enough growth known there are two: a figure that comes back to where it stood
    before one odd year is no jump."""
    if len(growths) < _LEAST_GROWTHS:
        return [by_factor(past[1])]
    further = known((row.indicator, row.area, year_before(year_before(row.period))), own, context)
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
