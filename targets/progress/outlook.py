"""Looking ahead: the series each open target is judged by, carried on to its deadline, and the chance that it meets the goal there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from indicators.periods import Period, quarters
from indicators.rows import IndicatorSpec
from targets.progress.forecast import TOO_FEW_POINTS, Forecast, chance, forecast
from targets.progress.placing import CURVED_PATHS
from targets.progress.types import PATH_NAMES, TargetSpec

if TYPE_CHECKING:
    from pandas import DataFrame

LATELY = 3.0  # years the pace of late looks back
CURVED = {PATH_NAMES[number] for number in CURVED_PATHS}
DIGITS = 12  # significant; what lies behind them is the rounding of the machine

Row = dict[str, Any]
Series = tuple[Any, Any, bool]


def outlooks(
    targets: Sequence[TargetSpec],
    indicators: Mapping[str, IndicatorSpec],
    observations: "DataFrame",
    periods: Sequence[Period],
    members: Sequence[str],
    province: str,
    parents: Mapping[str, str] | None = None,
) -> "DataFrame":
    """One row for each target whose deadline lies after the last of `periods`, and each of its areas; arguments as `evaluate`.

    Columns: target, area, period looked ahead from (the last with a value within a year, else the last of all); method, reason, points;
    value at the deadline with low80, high80, low95, high95; chance; goal_level; required_pace and recent_pace with their reasons,
    pace_unit, recent_from, recent_to; last_value and last_period the forecast starts from; path, a list of all its points.
    The series are what the engine judges: whole years of flows, quarters of stocks, sums so far of cumulative targets, levels of cuts."""
    import pandas as pd

    from targets.progress.evaluate import evaluate
    from targets.progress.frames import cases

    last = max(periods)
    # Nothing is judged here, and the past may lie before any version of a rule set.
    ahead = [replace(target, versions=()) for target in targets if Period(target.target_year).end > last.end]
    if not ahead:
        return pd.DataFrame(columns=["target", "area", "period"])
    given = (members, province, parents)
    now = _where_they_stand(evaluate(ahead, indicators, observations, _year_up_to(last), *given))
    first = min((Period.parse(text).year for text in observations["period"].unique()), default=last.year)
    past = cases(ahead, indicators, observations, quarters(Period(first, "Q", 1), last), *given)
    specs = {target.code: indicators[target.indicator] for target in ahead}
    return pd.DataFrame([_outlook(series, now[key], specs[key[0]], is_whole=key[1] == province) for key, series in _series(past).items()])


def _year_up_to(last: Period) -> list[Period]:
    return quarters(last.year_before.next, last)


def _where_they_stand(results: "DataFrame") -> dict[tuple[str, str], Row]:
    """The last result with a value for each target and area; where none has one, the last of all."""
    known = results.assign(known=results["value"].notna()).sort_values(["known", "time"], kind="stable")
    return {(row["target"], row["area"]): row for row in known.to_dict("records")}  # the last one wins


def _series(past: "DataFrame") -> dict[tuple[str, str], Series]:
    """Times and values, by target and area, of the figures that stand for their own moment: whole years of flows, every quarter of stocks;
    and whether they are yearly. A sum over fewer areas than are due is comparable with no other."""
    which = past.groupby(["target", "area"], sort=False).ngroup().to_numpy()
    time, at, annual = (past[name].to_numpy(float) for name in ("time", "at", "annual"))
    partial = past["partial"].to_numpy(bool) & (past["source"] == "sum").to_numpy(bool)
    kept = np.flatnonzero((at == time) & np.isfinite(annual) & ~partial)
    kept = kept[np.argsort(which[kept], kind="stable")]
    yearly = set(which[at != time])
    first = np.flatnonzero(np.diff(which, prepend=-1) > 0)  # the row in which each begins
    keys = zip(past["target"].to_numpy()[first], past["area"].to_numpy()[first], strict=True)
    ends = np.searchsorted(which[kept], np.arange(1, len(first)))
    parts = np.split(kept, ends)
    return {key: (time[rows], annual[rows], number in yearly) for number, (key, rows) in enumerate(zip(keys, parts, strict=True))}


def _outlook(series: Series, now: Row, spec: IndicatorSpec, *, is_whole: bool) -> Row:
    """The outlook of one target in one area."""
    times, values, yearly = series
    reason = _why_none(now, is_whole)
    made = None if reason or not len(times) else _carried_on(times, values, yearly, now, spec)
    row = {"target": now["target"], "area": now["area"], "period": now["period"],
           "method": "", "reason": reason or TOO_FEW_POINTS, "points": 0 if reason else len(times),
           "last_value": values[-1] if len(times) else np.nan, "last_period": _period(times[-1]) if len(times) else "",
           "value": np.nan, "low80": np.nan, "high80": np.nan, "low95": np.nan, "high95": np.nan, "chance": np.nan, "path": [],
           "goal_level": now["goal_level"], "required_pace": now["required_pace"], "pace_unit": now["pace_unit"],
           "required_pace_reason": now["required_pace_reason"]}  # fmt: skip
    if made is not None:
        row |= _said(made, now)
    return row | _lately(times, values, now, reason)


def _why_none(now: Row, is_whole: bool) -> str:
    """Why this kind of target is not forecast; "" if it is."""
    if now["kind"] == "milestone":
        return "evidence_only"
    if now["kind"] in ("growth_yoy", "growth_cagr"):
        return "growth_rate"
    return "areas_counted" if now["aggregation"] == "all_of" and is_whole else ""


def _carried_on(times: Any, values: Any, yearly: bool, now: Row, spec: IndicatorSpec) -> Forecast:
    """The forecast at each year's or quarter's end after the last value, up to the deadline."""
    step = 1.0 if yearly else 0.25
    later = np.arange(times[-1] + step, now["deadline"] + step / 2, step)
    low = float(spec.minimum) if spec.minimum is not None else 0.0 if (values >= 0).all() else -np.inf
    high = float(spec.maximum) if spec.maximum is not None else spec.scale if spec.part_of_whole else np.inf
    growing = now["kind"] != "cumulative"
    return forecast(times, values, later, frequency="A" if yearly else "Q", bounds=(low, high), growing=growing)


def _said(made: Forecast, now: Row) -> Row:
    """What a forecast says, rounded to what is more than the machine's own dust."""
    row: Row = {"method": made.method, "reason": made.reason, "points": made.n}
    if not made.method:
        return row
    lines = {"value": made.median, "low80": made.low[0], "high80": made.high[0], "low95": made.low[1], "high95": made.high[1]}
    path = [
        {"period": _period(time), **{name: _rounded(line[place]) for name, line in lines.items()}} for place, time in enumerate(made.times)
    ]
    met = chance(made, _least(now), now["d"], strict=now["strict"])
    return row | {name: path[-1][name] for name in lines} | {"chance": np.nan if met is None else round(met, 2), "path": path}


def _least(now: Row) -> float:
    """What counts as meeting the goal: for a benchmark its near end."""
    goal = float(now["goal_level"])
    return goal - now["d"] * now["tolerance"] * abs(goal) if now["kind"] == "benchmark" else goal


def _lately(times: Any, values: Any, now: Row, reason: str) -> Row:
    """The yearly pace of the last years, at most LATELY and at least one, in the unit of the required pace."""
    row: Row = {"recent_pace": np.nan, "recent_reason": "", "recent_from": "", "recent_to": "", "pace_unit": now["pace_unit"]}
    if reason:
        return row | {"recent_reason": reason}
    back = np.flatnonzero((times >= times[-1] - LATELY - 1e-9) & (times <= times[-1] - 1 + 1e-9)) if len(times) else np.empty(0, int)
    if not len(back):
        return row | {"recent_reason": "under_one_year"}
    row["pace_unit"] = unit = now["pace_unit"] or ("percent" if now["path"] in CURVED and values[-1] * values[back[0]] > 0 else "unit")
    row |= {"recent_from": _period(times[back[0]]), "recent_to": _period(times[-1])}
    start, end, years = values[back[0]], values[-1], times[-1] - times[back[0]]
    if unit == "percent" and not start * end > 0:
        return row | {"recent_reason": "sign_change"}
    return row | {"recent_pace": _rounded(100 * ((end / start) ** (1 / years) - 1) if unit == "percent" else (end - start) / years)}


def _period(time: float) -> str:
    """The quarter that ends at a time: 2018.5 is the end of 2018-Q2."""
    quarter = round(time * 4) - 1
    return str(Period(quarter // 4, "Q", quarter % 4 + 1))


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
