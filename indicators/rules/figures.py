"""Figures by indicator, area and period: those the file states and, where it is silent, the approved ones."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from indicators.periods import Period
from indicators.rows import IndicatorSpec, Row
from indicators.rules.context import Context

Key = tuple[str, str, str]
Stated = Mapping[Key, Row]

# Kinds whose size says nothing about the size to expect next time.
_INCOMPARABLE = ("milestone", "rate", "level_code")
_SMALL_COUNT = 5


@lru_cache(maxsize=4096)
def period_of(code: str) -> Period:
    """`Period.parse`, remembered: a large file names few periods."""
    return Period.parse(code)


def stated(rows: Sequence[Row]) -> dict[Key, Row]:
    """The row of each figure; where a figure stands twice, the first."""
    found: dict[Key, Row] = {}
    for row in rows:
        found.setdefault((row.indicator, row.area, row.period), row)
    return found


def known(key: Key, own: Stated, context: Context) -> Decimal | None:
    """The value of a figure: as the file states it, else as approved, else None."""
    if key in own:
        return own[key].value
    return context.history.get(key[:2], {}).get(key[2])


@lru_cache(maxsize=4096)
def period_before(code: str) -> str:
    """The code of the period before in the same year; "" for the first of a year and for a year itself."""
    period = period_of(code)
    return str(period.previous) if period.number > 1 else ""


@lru_cache(maxsize=4096)
def _comparable(code: str, flow: bool) -> tuple[str, ...]:
    """The same period of last year, then the period before; a flow starts anew each year and has none before its first."""
    period = period_of(code)
    before = period_before(code) if flow else str(period.previous)
    return (str(period.year_before), before) if before else (str(period.year_before),)


def earlier(row: Row, own: Stated, context: Context) -> tuple[str, Decimal] | None:
    """Period and value of the closest comparable earlier figure, or None where nothing can be compared: no such figure,
    an earlier zero, a small count, a kind whose size means nothing."""
    spec = context.indicators[row.indicator]
    if row.value is None or spec.kind in _INCOMPARABLE:
        return None
    for code in _comparable(row.period, spec.kind == "flow"):
        value = known((row.indicator, row.area, code), own, context)
        if value is not None:
            return (code, value) if value and not _small_count(spec, min(value, row.value)) else None
    return None


def _small_count(spec: IndicatorSpec, value: Decimal) -> bool:
    return spec.decimals == 0 and value < _SMALL_COUNT


def plain(value: Decimal, unit: str = "") -> str:
    """A value as a person writes it, with its unit: no exponent, no trailing zeros."""
    number = format(value.normalize(), "f") if value else "0"
    return f"{number} {unit}".strip()
