"""Figures by indicator, area and period: those the file states and, where it is silent, the approved ones."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from math import log

from indicators.periods import Period
from indicators.rows import IndicatorSpec, Row
from indicators.rules.context import Context

Key = tuple[str, str, str]
Stated = Mapping[Key, Row]

# Kinds whose size says nothing about the size to expect next time.
_INCOMPARABLE = ("milestone", "rate", "level_code")
_SMALL_COUNT = 5
_LOOK_BACK = 20  # periods: five years of quarters


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
def same_end(code: str) -> tuple[str, ...]:
    """The codes under which a figure of this period may stand: a year is also its last quarter and its last month."""
    period = period_of(code)
    names = (Period(period.year), Period(period.year, "Q", 4), Period(period.year, "M", 12)) if period.completes_year else (period,)
    return tuple(map(str, names))


def known_at_end(key: Key, own: Stated, context: Context) -> Decimal | None:
    """`known`, under whichever code of the same end it stands; where a year and its last quarter do, the year's counts."""
    found = (known((*key[:2], code), own, context) for code in same_end(key[2]))
    return next((value for value in found if value is not None), None)


@lru_cache(maxsize=4096)
def same_year_before(code: str) -> tuple[Period, ...]:
    """The periods before in the same year, the closest first."""
    period = period_of(code)
    return tuple(Period(period.year, period.frequency, number) for number in range(period.number - 1, 0, -1))


@lru_cache(maxsize=4096)
def _comparable(code: str, flow: bool) -> tuple[str, ...]:
    """The same period of last year, then the period before; a flow starts anew each year and has none before its first."""
    period = period_of(code)
    starts_anew = flow and period.number == 1
    return (str(period.year_before),) if starts_anew else (str(period.year_before), str(period.previous))


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


@lru_cache(maxsize=4096)
def _periods_before(code: str) -> tuple[str, ...]:
    """The periods before, the closest first, as far as growth is looked back."""
    found, period = [], period_of(code)
    for _place in range(_LOOK_BACK):
        period = period.previous
        found.append(str(period))
    return tuple(found)


@lru_cache(maxsize=4096)
def year_before(code: str) -> str:
    return str(period_of(code).year_before)


Growths = Mapping[tuple[str, str], Mapping[str, float]]


def yearly_growths(own: Stated, context: Context) -> Growths:
    """Of each series in the file, by period: the natural logarithm of the factor by which the figure grew within the year before, where
    both ends are known and comparable. All of them at once, so that a long file takes time in proportion to its rows."""
    series: dict[tuple[str, str], dict[str, Decimal | None]] = {}
    for (indicator, area, period), row in own.items():
        series.setdefault((indicator, area), {**context.history.get((indicator, area), {})})[period] = row.value
    found: dict[tuple[str, str], dict[str, float]] = {}
    for key, figures in series.items():
        spec, logs = context.indicators[key[0]], found.setdefault(key, {})
        for code, now in figures.items():
            before = figures.get(year_before(code))
            if now and before and now > 0 and before > 0 and not _small_count(spec, min(now, before)):
                logs[code] = log(now) - log(before)
    return found


def past_growths(row: Row, growths: Growths) -> list[float]:
    """`yearly_growths` of the last twenty periods before the row's."""
    logs = growths[row.indicator, row.area]
    return [logs[code] for code in _periods_before(row.period) if code in logs]


def _small_count(spec: IndicatorSpec, value: Decimal) -> bool:
    return spec.decimals == 0 and value < _SMALL_COUNT


def plain(value: Decimal, unit: str = "") -> str:
    """A value as a person writes it, with its unit: no exponent, no trailing zeros."""
    number = format(value.normalize(), "f") if value else "0"
    return f"{number} {unit}".strip()
