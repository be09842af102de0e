"""What the engine takes and gives. Plain data; formulas and edge rules: docs/methods.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from math import inf

# Every word the engine knows, in the order of its internal numbers. A word that is not here is refused.
KINDS = ("level", "range", "ratio", "reduction", "growth_yoy", "growth_cagr", "cumulative", "benchmark", "milestone")
CONVENTION_NAMES = ("linear_share", "log_share", "cagr_ratio", "extrapolation", "schedule", "direct", "evidence")
PATH_NAMES = ("linear", "geometric", "stepped", "schedule", "rebased", "none")
HISTORY = 3  # complete earlier years whose mean gives a period's part of the year
METHODS = ("pace", "warning_level")
READ_ONLY_METHODS = ("completion_rate", "cagr_ratio", "twin_test", "score_sheet")  # give readings beside a status, never the status

# How a level is shown beside its word: a colour of the pages' tokens and a shape of static/icons/level.svg.
COLOURS = ("green", "blue", "yellow", "orange", "red")
SHAPES = ("circle", "square", "diamond", "hexagon", "triangle")


class Status(StrEnum):
    """The five statuses of a target, best first."""

    ACHIEVED = "achieved"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a rule set: its number or grade code, its word in both languages, colour and shape, and the bounds between which the
    rule set's measure lies in it (infinite: open; NaN: the level is given by its name, not by a measure)."""

    code: str
    word_zh: str = ""
    word_en: str = ""
    colour: str = ""
    shape: str = ""
    lower: float = -inf
    lower_inclusive: bool = True
    upper: float = inf
    upper_inclusive: bool = False


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One dated version of thresholds as data: `method`, `parameters` by name and `levels`, lowest first (docs/pack-format.md). It holds
    from `valid_from` to the day before `valid_to` (None: no limit)."""

    code: str
    method: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    version: str = ""
    levels: tuple[Level, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def key(self) -> str:
        """Tells versions of all rule sets apart."""
        return f"{self.code} {self.version}".strip()

    def holds(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


def version_at(versions: Sequence[RuleSet], day: date) -> RuleSet | None:
    """The version in force on a day: of those that hold then the one that began last; None if none holds."""
    holding = [version for version in versions if version.holds(day)]
    return max(holding, key=lambda version: version.valid_from or date.min, default=None)


@dataclass(frozen=True, slots=True)
class TargetSpec:
    """A target as the pack states it. `scope` holds area codes (empty: every prefecture of the province);
    `goals` the goal per area, the province's included, in the target's own unit (percent for reductions and growth;
    3, done, for milestones). The province is always assessed, any other area only with a goal. Years are calendar years.
    `tolerance` is the share of a benchmark that still counts as near (0.05 = 5 %). `period_start` is the first year
    that counts; where the target states none, hand in the plan's first year: milestones need it to know their window.
    `schedule`: cumulative shares of the way due at equal steps, the last 1; empty where the way is even.
    `versions`: all dated versions of the rule set; empty: `rule_set` alone, whatever the date."""

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
    schedule: tuple[float, ...] = ()
    goals: Mapping[str, float] = field(default_factory=dict)
    versions: tuple[RuleSet, ...] = ()

    def rule_at(self, end: date) -> RuleSet:
        """The version by which a period with this last day is judged; after the deadline it is the deadline's. ValueError if none holds."""
        if not self.versions:
            return self.rule_set
        day = min(end, date(self.target_year, 12, 31))
        version = version_at(self.versions, day)
        if version is None:
            raise ValueError(f"{self.code}: no version of the rule set {self.rule_set.code} holds on {day}")
        return version
