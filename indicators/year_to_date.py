"""Year-to-date figures and the single quarters (or months) they are made of. Formulas: docs/methods.md.

Only flows are differenced: of a share or an intensity, difference numerator and denominator and then divide. A list runs in the order of
time; `periods` names its places (2015-Q1 …), and without it the list is one year's quarters, from the first on. None is not known."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from indicators.periods import Period

Figure = Decimal | None


def single(now: Figure, before: Figure) -> Figure:
    """What a period adds to the year: its year-to-date figure less the one just before. None where one of the two is not known."""
    return None if now is None or before is None else now - before


def falls(now: Decimal, before: Decimal) -> bool:
    """Is a year-to-date figure lower than an earlier one of its year? A flow's never is."""
    return now < before


def singles(year_to_date: Sequence[Figure], periods: Sequence[str] | None = None) -> list[Figure]:
    """The single period's figure at each place. The first of a year stands as filed; one behind a gap is not known. ValueError for
    unreadable periods, one that stands twice, or another number of them."""
    named = _by_period(year_to_date, periods)
    return [value if period.number == 1 else single(value, named.get(period.previous)) for period, value in named.items()]


def violations(year_to_date: Sequence[Figure], periods: Sequence[str] | None = None) -> list[int]:
    """Places (the first is 1) at which a flow falls below the latest earlier figure known of its year. ValueError as for `singles`."""
    named = _by_period(year_to_date, periods)
    found = []
    for place, (period, value) in enumerate(named.items(), start=1):
        before = latest_before(period, named)
        if value is not None and before and falls(value, before[1]):
            found.append(place)
    return found


def latest_before(period: Period, figures: Mapping[Period, Figure]) -> tuple[Period, Decimal] | None:
    """Period and value of the latest figure known of the periods before, in the same year; None where there is none."""
    while period.number > 1:
        period = period.previous
        if (value := figures.get(period)) is not None:
            return period, value
    return None


def annual(year_to_date: Sequence[Figure], periods: Sequence[str] | None = None) -> dict[int, Decimal]:
    """The figures of whole years, by year: the year-to-date figures of the periods that complete one, where known. Without `periods` the
    year is 1. ValueError as for `singles`."""
    named = _by_period(year_to_date, periods)
    return {period.year: value for period, value in named.items() if period.completes_year and value is not None}


def same_period_growth(now: Figure, year_before: Figure) -> Figure:
    """Growth of a year-to-date figure against that of the same period a year before, as a fraction. None where one is not known, or the
    earlier is not above zero. Both must have the same scope: an official rate may differ."""
    return None if now is None or year_before is None or year_before <= 0 else now / year_before - 1


def revised(year_to_date: Sequence[Figure], place: int, value: Figure) -> tuple[list[Figure], list[int]]:
    """The single figures of a year after the year-to-date figure at `place` (the first is 1) is corrected, and the places whose single
    figure changes by it: this one and the next. IndexError outside the list."""
    if not 1 <= place <= len(year_to_date):
        raise IndexError(f"place {place} of {len(year_to_date)}")
    before = singles(year_to_date)
    after = singles([*year_to_date[: place - 1], value, *year_to_date[place:]])
    return after, [number for number, (old, new) in enumerate(zip(before, after, strict=True), start=1) if old != new]


def summed(single_figures: Sequence[Figure]) -> list[Figure]:
    """The way back for one year: each single figure added to those before it. Not known from the first gap on."""
    found: list[Figure] = []
    total: Figure = Decimal(0)
    for value in single_figures:
        total = None if total is None or value is None else total + value
        found.append(total)
    return found


def _by_period(year_to_date: Sequence[Figure], periods: Sequence[str] | None) -> dict[Period, Figure]:
    named = [Period(1, "Q", quarter) for quarter in (1, 2, 3, 4)][: len(year_to_date)]
    if periods is not None:
        named = [Period.parse(code) for code in periods]
    if not len(set(named)) == len(named) == len(year_to_date):
        raise ValueError(f"{len(year_to_date)} year-to-date figures for {len(set(named))} different periods")
    return dict(zip(named, year_to_date, strict=True))
