"""What the engine takes and gives. Plain data; formulas and edge rules: docs/methods.md."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# Every word the engine knows, in the order of its internal numbers. A word that is not here is refused.
KINDS = ("level", "range", "ratio", "reduction", "growth_yoy", "growth_cagr", "cumulative", "benchmark", "milestone")
CONVENTION_NAMES = ("linear_share", "log_share", "cagr_ratio", "extrapolation", "direct", "evidence")
PATH_NAMES = ("linear", "geometric", "none")
METHODS = ("pace", "warning_level")


class Status(StrEnum):
    """The five statuses of a target, best first."""

    ACHIEVED = "achieved"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Thresholds as data: `method` pace or warning_level, `parameters` by name (docs/pack-format.md)."""

    code: str
    method: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    version: str = ""


@dataclass(frozen=True, slots=True)
class TargetSpec:
    """A target as the pack states it. `scope` holds area codes (empty: every prefecture of the province);
    `goals` the goal per area, the province's included, in the target's own unit (percent for reductions and growth;
    3, done, for milestones). The province is always assessed, any other area only with a goal. Years are calendar years.
    `tolerance` is the share of a benchmark that still counts as near (0.05 = 5 %). `period_start` is the first year
    that counts; where the target states none, hand in the plan's first year: milestones need it to know their window."""

    code: str
    indicator: str
    kind: str
    convention: str
    path: str
    baseline_rule: str
    target_year: int
    rule_set: RuleSet
    operator: str = ">="
    value: float | None = None
    value_high: float | None = None
    tolerance: float = 0.0
    baseline_year: int | None = None
    baseline_value: float | None = None
    period_start: int | None = None
    aggregation: str = "sum"
    scope: tuple[str, ...] = ()
    goals: Mapping[str, float] = field(default_factory=dict)
