"""Cases and worlds for the tests of the engine: one literal row with sensible values, changed by keyword."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from indicators.periods import Period
from indicators.rows import IndicatorSpec
from targets.progress.engine import assess
from targets.progress.evaluate import evaluate
from targets.progress.types import RuleSet, TargetSpec

FIVE = RuleSet(
    "five_status", "pace", {"on_track": 0.95, "at_risk": 0.6, "coverage": 0.6667, "milestone_risk": 0.5, "milestone_off": 0.25}, "2014"
)
BAROMETER = RuleSet("barometer", "warning_level", {"coverage": 0.6667}, "2011")
RULES = {rule.code: rule for rule in (FIVE, BAROMETER)}
NAN = float("nan")

# 60 in 2015, 120 asked for in 2020, 80 at the end of 2018.
CASE: dict[str, Any] = {
    "target": "T", "area": "P", "period": "2018", "kind": "level", "convention": "linear_share", "path": "linear",
    "rule_set": "five_status", "aggregation": "sum", "time": 2019.0, "at": 2019.0, "deadline": 2021.0, "window_start": NAN,
    "unfinished": False, "goal": 120.0, "goal_high": NAN, "tolerance": 0.0, "d": 1.0, "strict": False, "decimals": 2, "figure": 80.0,
    "annual": 80.0, "share": 1.0, "value_reason": "", "lacking": "", "reported": 1, "due": 1, "partial": False, "source": "reported",
    "baseline_value": 60.0, "baseline_time": 2016.0, "baseline_reason": "", "yearly_change": NAN,
    "yearly_reason": "no_year_before", "yearly_basis": "", "year_before": NAN, "pooled": NAN,
    "planned_share": NAN, "path_start": NAN,
}  # fmt: skip


def make_case(**changes: Any) -> dict[str, Any]:
    """A case; `value` sets figure and whole year at once, a missing value or baseline gets its reason, years set the times."""
    case = {**CASE, **changes}
    if "value" in changes:
        case["figure"] = case["annual"] = case.pop("value")
    if case["figure"] != case["figure"] and "value_reason" not in changes:
        case["value_reason"] = "no_value"
    if case["baseline_value"] != case["baseline_value"] and "baseline_reason" not in changes:
        case["baseline_reason"] = "baseline_not_known"
    if "year" in changes:
        case["time"] = case["at"] = case.pop("year") + 1.0
    if case["yearly_change"] == case["yearly_change"]:
        case["yearly_reason"] = ""
    return case


def judge_cases(cases: Iterable[dict[str, Any]]) -> pd.DataFrame:
    return assess(pd.DataFrame(list(cases)), RULES)


def judge_one(**changes: Any) -> Any:
    """The result row of one case."""
    return judge_cases([make_case(**changes)]).iloc[0]


def make_target(code: str, indicator: str, **changes: Any) -> TargetSpec:
    fields = {
        "kind": "level",
        "convention": "linear_share",
        "path": "linear",
        "baseline_rule": "none",
        "target_year": 2015,
        "rule_set": FIVE,
    }
    return TargetSpec(code, indicator, **{**fields, **changes})


def make_indicators(*specs: IndicatorSpec) -> dict[str, IndicatorSpec]:
    return {spec.code: spec for spec in specs}


def make_observations(table: dict[str, dict[str, dict[str, float]]]) -> pd.DataFrame:
    """{indicator: {area: {period: value}}} as the engine takes it."""
    rows = [(i, a, p, v) for i, areas in table.items() for a, values in areas.items() for p, v in values.items()]
    return pd.DataFrame(rows, columns=["indicator", "area", "period", "value"])


def run(
    target: TargetSpec, indicators: dict[str, IndicatorSpec], table: dict[str, dict[str, dict[str, float]]], *periods: str
) -> pd.DataFrame:
    """Results of one target in a province P with the prefectures a, b and c, by (area, period)."""
    results = evaluate(
        [target], indicators, make_observations(table), [Period.parse(p) for p in periods], ["a", "b", "c"], "P", {"park": "a"}
    )
    return results.set_index(["area", "period"])
