"""Cases: one row per target, area and period, holding everything the engine needs to judge it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from indicators.periods import Period, quarters
from indicators.rows import IndicatorSpec
from targets.progress.conventions import Floats, meets
from targets.progress.paths import planned_share
from targets.progress.reasons import CODE, REASONS
from targets.progress.rollup import residual
from targets.progress.series import DECEMBER, Figures, Ints, Series, with_province
from targets.progress.types import TargetSpec, version_at
from targets.progress.vintages import vintages_at

if TYPE_CHECKING:
    from pandas import DataFrame

Columns = dict[str, Any]
Baseline = tuple[Floats, Floats, Ints]  # value, time, reason code; per area and year
UP = (">=", ">", "done")
OPERATORS = (*UP, "<=", "<")


def cases(
    targets: Sequence[TargetSpec],
    indicators: Mapping[str, IndicatorSpec],
    observations: "DataFrame",
    periods: Sequence[Period],
    members: Sequence[str],
    province: str,
    parents: Mapping[str, str] | None = None,
) -> "DataFrame":
    """One row per target, area and period (columns: docs/methods.md section 1).

    `observations` has the columns indicator, area, period, value (as filed) and may have vintage. Assessed are the province and each area
    of a target's scope (no scope: all `members`) that has a goal. `parents` names the area a park lies in, for reading only.
    A period after a target's deadline brings along, unasked, the deadline and the quarters since, which the result rests on.
    KeyError on an unknown indicator or area, ValueError on an unknown operator or baseline rule."""
    import pandas as pd

    scopes = {area for target in targets for area in target.scope}
    areas = (province, *dict.fromkeys([*members, *sorted(scopes - {province})]))
    figures = Figures(indicators, observations, areas, _years(targets, observations, periods))
    tables = [_cases_of(target, figures, periods, tuple(members), parents or {}) for target in targets]
    if not tables:
        return pd.DataFrame(columns=["target", "area", "period"])
    return pd.DataFrame({name: np.concatenate([table[name] for table in tables]) for name in tables[0]})


def _years(targets: Sequence[TargetSpec], observations: "DataFrame", periods: Sequence[Period]) -> range:
    """All years that data, periods, baselines and deadlines touch, and the one before."""
    years = {Period.parse(text).year for text in observations["period"].astype(str).unique()} | {period.year for period in periods}
    for target in targets:
        years |= {year for year in (target.baseline_year, target.period_start, target.target_year, _actual_year(target)) if year}
    return range(min(years, default=0) - 1, max(years, default=0) + 1)


def _actual_year(target: TargetSpec) -> int | None:
    """The year of `actual_2015`."""
    return int(target.baseline_rule.removeprefix("actual_")) if target.baseline_rule.startswith("actual_") else None


def _cases_of(
    target: TargetSpec, figures: Figures, periods: Sequence[Period], members: tuple[str, ...], parents: Mapping[str, str]
) -> Columns:
    if target.operator not in OPERATORS:
        raise ValueError(f"{target.code}: unknown operator {target.operator!r}")
    spec, scope = figures.indicators[target.indicator], target.scope or members
    series = figures.series(target.indicator, scope).covered(_coverage(target, figures))
    if target.kind == "cumulative" and series.flow:
        series = series.accumulated((target.period_start or figures.years.start) - figures.years.start)
    decimals, pooled = spec.decimals, series.filed[0].copy()
    if target.aggregation == "all_of":
        series = _counted(target, figures, series, scope, spec)
    areas = [figures.areas[0], *(area for area in scope if area in target.goals and area != figures.areas[0])]
    asked = _with_deadline(target, periods)
    a = np.array([figures.place[area] for area in areas])[:, None]
    y = np.array([period.year - figures.years.start for period in asked])[None, :]
    m = np.array([period.month - 1 for period in asked])[None, :]
    table = {"target": target.code, "area": np.array(areas, object)[:, None], "period": np.array([str(p) for p in asked], object)[None, :],
             "parent": np.array([parents.get(area, "") for area in areas], object)[:, None],
             "asked": np.array([period in set(periods) for period in asked])[None, :],
             **_words(target, asked), **_times(target, asked, series.flow), **_goals(target, areas, len(scope), decimals),
             **_figures_at(series, spec, a, y, m), **_baseline_at(target, figures, series, a, y),
             **_change_at(series, spec, a, y, m), "unfinished": _unfinished(target, figures, series) & (m != DECEMBER)}  # fmt: skip
    table |= _plan_at(target, figures, series, table, a, y)
    table |= vintages_at(target, figures, scope, series.published, table, y, m)
    table["pooled"] = np.where((a == 0) & (target.aggregation == "all_of"), pooled[y, m], np.nan)
    shape = (len(areas), len(asked))
    return {name: np.broadcast_to(_plain(column), shape).ravel() for name, column in table.items()}


def _plain(column: Any) -> NDArray[Any]:
    """A column as an array; words as objects, so that columns of many targets go together."""
    return np.asarray(column, object) if isinstance(column, str) else np.asarray(column)


def _with_deadline(target: TargetSpec, periods: Sequence[Period]) -> list[Period]:
    """The periods asked for and, if one lies after the deadline, the deadline itself and every quarter between."""
    deadline = Period(target.target_year)
    last = max(periods, default=deadline)
    if last.end <= deadline.end:
        return list(periods)
    between = quarters(Period(target.target_year + 1, "Q", 1), Period(last.year, "Q", (last.month + 2) // 3))
    between = [quarter for quarter in between if quarter.end <= last.end]
    ends = {period.end for period in periods}
    return [*periods, *(period for period in (deadline, *between) if period.end not in ends)]


def _words(target: TargetSpec, periods: Sequence[Period]) -> Columns:
    rules = np.array([target.rule_at(period.end).key for period in periods], object)[None, :]
    return {"indicator": target.indicator, "kind": target.kind, "convention": target.convention, "path": target.path,
            "rule_set": rules, "aggregation": target.aggregation}  # fmt: skip


def _coverage(target: TargetSpec, figures: Figures) -> float | Floats:
    """The least coverage by year and month; before the first version its own."""
    if len(target.versions) < 2:
        return target.rule_set.parameters["coverage"]
    ends = ([Period(year, "M", month).end for month in range(1, 13)] for year in figures.years)
    return np.array([[(version_at(target.versions, end) or target.versions[0]).parameters["coverage"] for end in year] for year in ends])


def _times(target: TargetSpec, periods: Sequence[Period], flow: bool) -> Columns:
    """A flow's figure stands for its whole year, so it is compared at the year's end; a stock's at the period's."""
    start = np.nan if target.period_start is None else float(target.period_start)
    times = np.array([period.time for period in periods])[None, :]
    ends = np.array([period.year + 1.0 for period in periods])[None, :]
    return {
        "time": times,
        "at": ends if flow else times,
        "deadline": Period(target.target_year).time,
        "window_start": start,
    }


def _goals(target: TargetSpec, areas: Sequence[str], due: int, decimals: int) -> Columns:
    """Goal and direction per area; where every area must meet it, the province's goal is the number of areas."""
    whole = np.array([area == areas[0] and target.aggregation == "all_of" for area in areas])[:, None]
    stated = np.array([_number(target.goals.get(area)) for area in areas])[:, None]
    high = np.array([_number(target.value_high) if area == areas[0] else np.nan for area in areas])[:, None]
    rises = target.operator in UP and target.kind != "reduction"
    return {"goal": np.where(whole, float(due), stated), "goal_high": np.where(whole, np.nan, high), "tolerance": target.tolerance,
            "d": np.where(whole | rises, 1.0, -1.0), "strict": ~whole & (target.operator in (">", "<")),
            "decimals": np.where(whole, 0, decimals)}  # fmt: skip


def _unfinished(target: TargetSpec, figures: Figures, series: Series) -> bool:
    """Within the year, can the part filed not yet show that the goal is met? So it is for ceilings on flows, for flows over stocks, and
    for cuts, whose year is an estimate until it is over."""
    spec = figures.indicators[target.indicator]
    ceiling = spec.kind == "flow" and target.operator not in UP
    return series.flow and target.aggregation != "all_of" and (ceiling or target.kind == "reduction" or figures.mixes(spec.code))


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)


def _counted(target: TargetSpec, figures: Figures, series: Series, scope: tuple[str, ...], spec: IndicatorSpec) -> Series:
    """The province's figure as the number of areas that meet the goal, out of those due."""
    rows = np.array([figures.place[area] for area in scope])
    common = target.goals.get(figures.areas[0], target.value)
    goal = np.array([_number(target.goals.get(area, common)) for area in scope])[:, None, None]
    ahead = 1.0 if target.operator in UP else -1.0
    values = series.filed[rows]
    met = meets(
        values,
        goal,
        np.full(values.shape, ahead),
        np.full(values.shape, target.operator in (">", "<")),
        np.full(values.shape, spec.decimals),
    )
    known, reported = np.isfinite(values), np.isfinite(values).sum(0)
    count = np.where(known.any(0), met.sum(0).astype(float), np.nan)
    why = np.where(known.any(0), 0, np.where(series.why[0] > 0, series.why[0], CODE["no_value"]))
    changed = {"filed": count, "annual": count, "share": 1.0, "why": why, "published": False, "reported": reported,
               "weighed": reported / len(scope), "summed": np.nan, "low": count, "high": count + (len(scope) - reported),
               "unbounded": 0}  # fmt: skip
    grids: Columns = {name: with_province(getattr(series, name), top) for name, top in changed.items()}
    counted = replace(series, **grids)
    return counted.covered(_coverage(target, figures))


def _figures_at(series: Series, spec: IndicatorSpec, a: NDArray[Any], y: NDArray[Any], m: NDArray[Any]) -> Columns:
    names = np.array([*series.inputs, ""], object)
    source = np.where(series.published[a, y, m], "published", np.where(a == 0, spec.rollup, "reported"))
    return {"figure": series.filed[a, y, m], "annual": series.annual[a, y, m], "share": series.share[a, y, m],
            "value_reason": np.array(list(REASONS), object)[series.why[a, y, m]], "lacking": names[series.lacking[a, y, m]],
            "reported": series.reported[a, y, m], "due": series.due[a, y, m], "partial": series.partial[a, y, m],
            "source": source, **_members_at(series, a, y, m)}  # fmt: skip


def _members_at(series: Series, a: NDArray[Any], y: NDArray[Any], m: NDArray[Any]) -> Columns:
    """What the areas hold of the weight, what they come to beside a published figure, and the bounds their silence leaves."""
    partial, published = series.partial[a, y, m], series.published[a, y, m]
    added = np.where(published, series.summed[a, y, m], np.nan)
    low, high = (np.where(partial, part[a, y, m], np.nan) for part in (series.low, series.high))
    unbounded = np.where(series.unbounded[a, y, m] > 0, series.unbounded[a, y, m], CODE["no_year_before"])
    return {"coverage_weight": np.where(published & np.isnan(added), np.nan, series.weighed[a, y, m]), "sum_value": added,
            "residual": residual(series.filed[a, y, m], added)[0], "low": low, "high": high,
            "bounds_reason": np.where(partial & np.isnan(low), np.array(list(REASONS), object)[unbounded], "")}  # fmt: skip


def _baseline_at(target: TargetSpec, figures: Figures, series: Series, a: NDArray[Any], y: NDArray[Any]) -> Columns:
    rule = BASELINES["actual" if target.baseline_rule.startswith("actual_") else target.baseline_rule]
    value, time, why = rule(target, figures, series)
    at = a, np.minimum(y, value.shape[1] - 1)
    return {"baseline_value": value[at], "baseline_time": time[at], "baseline_reason": np.array(list(REASONS), object)[why[at]]}


def _plan_at(target: TargetSpec, figures: Figures, series: Series, table: Columns, a: NDArray[Any], y: NDArray[Any]) -> Columns:
    """The share of the way planned by now, and where a re-based path starts: the last whole year's figure."""
    start, begun = np.full(table["baseline_time"].shape, np.nan), table["baseline_time"]
    if target.path == "rebased":
        value, time, _ = _previous_year(target, figures, series)
        start, begun = value[a, y], np.where(np.isfinite(value[a, y]), time[a, y], np.nan)
    with np.errstate(all="ignore"):
        share = planned_share(target.path, target.schedule, begun, table["at"], table["deadline"])
    return {"planned_share": share, "path_start": start}


def _whole_years(value: Floats, time: Floats) -> Baseline:
    value, time = np.broadcast_arrays(value, time)
    known = np.isfinite(value)
    return np.where(known, value, np.nan), np.where(known, time, np.nan), np.where(known, 0, CODE["baseline_not_known"])


def _fixed(target: TargetSpec, figures: Figures, series: Series) -> Baseline:
    """A stated year: the province's stated value, else what was observed at its end."""
    year = _actual_year(target) or target.baseline_year
    value = np.full(series.annual.shape[:2], np.nan)
    if year is not None:
        value[:] = series.annual[:, year - figures.years.start, DECEMBER][:, None]
        if target.baseline_value is not None:
            value[0] = target.baseline_value
    return _whole_years(value, np.full(value.shape, np.nan if year is None else year + 1.0))


def _first_observation(target: TargetSpec, figures: Figures, series: Series) -> Baseline:
    """The first complete year of a flow, the first figure of a stock."""
    grid = series.annual[:, :, DECEMBER:] if series.flow else series.annual
    line = grid.reshape(len(grid), -1)
    first, steps = np.isfinite(line).argmax(1), grid.shape[2]
    value = line[np.arange(len(line)), first]
    time = figures.years.start + first // steps + (first % steps + 1) / steps
    return _whole_years(np.broadcast_to(value[:, None], grid.shape[:2]), time[:, None].astype(float))


def _previous_year(target: TargetSpec, figures: Figures, series: Series) -> Baseline:
    """The year before the one judged."""
    value = np.full(series.annual.shape[:2], np.nan)
    value[:, 1:] = series.annual[:, :-1, DECEMBER]
    return _whole_years(value, np.array(figures.years, float)[None, :])


def _zero_before_start(target: TargetSpec, figures: Figures, series: Series) -> Baseline:
    """Zero at the end of the year before the first year that counts."""
    return _whole_years(np.zeros(series.annual.shape[:2]), np.full(series.annual.shape[:2], _number(target.period_start)))


def _none(target: TargetSpec, figures: Figures, series: Series) -> Baseline:
    blank = np.full(series.annual.shape[:2], np.nan)
    return blank, blank, np.full(blank.shape, CODE["no_baseline"])


BASELINES = {
    "fixed": _fixed,
    "actual": _fixed,
    "first_observation": _first_observation,
    "previous_year": _previous_year,
    "zero_before_start": _zero_before_start,
    "none": _none,
}


def _change_at(series: Series, spec: IndicatorSpec, a: NDArray[Any], y: NDArray[Any], m: NDArray[Any]) -> Columns:
    """Change within a year as a fraction: against the same period of the year before, else whole year against whole year. A part of
    a year without its like in the year before is compared with nothing: seasons would pass for change."""
    last = np.maximum(y - 1, 0)
    whole = series.published | (series.reported == series.due) | (spec.rollup == "ratio_of_sums")
    same, year = series.filed[a, last, m], np.where(series.flow & (m != DECEMBER), np.nan, series.annual[a, last, DECEMBER])
    uneven = ~whole[a, y, m] | ~np.where(np.isfinite(same), whole[a, last, m], whole[a, last, DECEMBER])
    by_period = np.isfinite(same)
    base, value = np.where(by_period, same, year), np.where(by_period, series.filed[a, y, m], series.annual[a, y, m])
    with np.errstate(all="ignore"):
        change = np.where((base > 0) & ~uneven, value / base - 1, np.nan)
    why = np.select([np.isfinite(change), np.isnan(base), base == 0, base < 0, uneven],
                    ["", "no_year_before", "zero_base", "sign_change", "coverage_changed"], "no_year_before")  # fmt: skip
    basis = np.where(np.isnan(change), "", np.where(by_period, "same_period", "previous_year"))
    return {"yearly_change": change, "yearly_reason": why, "yearly_basis": basis, "year_before": base}
