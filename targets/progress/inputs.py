"""Which periods' figures a result rests on, and what each was used for. Reads a result's row; needs neither numpy nor pandas."""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from indicators.marks import gettext_noop as _
from indicators.periods import Period
from indicators.rows import IndicatorSpec
from targets.progress.types import HISTORY

ROLES: Mapping[str, str] = {
    "figure": _("the figure judged"),
    "baseline": _("the baseline"),
    "year_before": _("the year before"),
    "sum": _("the sum of earlier years"),
    "season": _("the usual part of the year"),
}


def ingredients(indicators: Mapping[str, IndicatorSpec], code: str) -> set[str]:
    """An indicator and all it is computed from, of any depth. KeyError on an unknown one."""
    return {code}.union(*(ingredients(indicators, part) for part in indicators[code].inputs))


def periods_used(row: Mapping[str, Any]) -> dict[str, str]:
    """Period code → role, by the first role a period has. A whole year stands under both its codes, as 2015 and as 2015-Q4."""
    used: dict[str, str] = {}
    for role, period in _used(row):
        for code in _codes(period):
            used.setdefault(code, role)
    return used


def _used(row: Mapping[str, Any]) -> Iterator[tuple[str, Period]]:
    judged = Period.parse(str(row.get("judged_period") or row["period"]))
    yield "figure", judged
    yield "figure", Period.parse(str(row["period"]))
    base = _number(row, "baseline_time")
    if base is not None:
        yield "baseline", Period.at(base)
    if row.get("yearly_basis") and (str(row["kind"]) == "growth_yoy" or row.get("warning_level")):
        yield "year_before", judged.year_before if row["yearly_basis"] == "same_period" else Period(judged.year - 1)
    start = _number(row, "window_start")
    if row["kind"] == "cumulative" and _number(row, "share") == 1 and start is not None:
        yield from (("sum", Period(year)) for year in range(int(start), judged.year))
    if _number(row, "share") not in (None, 1):
        for year in range(judged.year - HISTORY, judged.year):
            yield from (("season", Period(year)), ("season", Period(year, judged.frequency, judged.number)))


def _codes(period: Period) -> tuple[str, ...]:
    return (str(Period(period.year)), str(Period(period.year, "Q", 4))) if period.completes_year else (str(period),)


def _number(row: Mapping[str, Any], name: str) -> float | None:
    value = row.get(name)
    return None if value is None or not isfinite(float(value)) else float(value)
