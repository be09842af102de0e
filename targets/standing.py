"""Where an area stands among the others, and what each quarter still to come must deliver. Plain: from results to ranks and quotas.

Messages carry %(name)s places and are marked for translation; whoever shows them writes the numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from indicators.marks import gettext_noop as _
from indicators.periods import Period
from targets.progress.types import Status

NO_SEASON = "no_year_before"  # what a part of a year says of the whole is not known
WORST_FIRST = (Status.OFF_TRACK, Status.AT_RISK, Status.NO_DATA, Status.ON_TRACK, Status.ACHIEVED)


@dataclass(frozen=True, slots=True)
class Rank:
    """A place among so many areas; `tied` where others share it."""

    place: int
    of: int
    tied: bool


def ranks(shares: Mapping[str, Decimal | None]) -> Mapping[str, Rank]:
    """Area → its rank by relative gap, the farthest ahead first; equal gaps share the better place. A gap is signed in the target's own
    direction, so more is better whatever the target asks. Areas without one have no rank, and one alone is not ranked."""
    known = sorted((share for share in shares.values() if share is not None), reverse=True)
    if len(known) < 2:
        return {}
    return {area: Rank(known.index(share) + 1, len(known), known.count(share) > 1) for area, share in shares.items() if share is not None}


def worst_first(one: Any) -> tuple[int, bool, Decimal]:
    """The order of a list of results: the worse status before the better, then the larger part of the way missing."""
    return WORST_FIRST.index(Status(one.status)), one.gap_share is None, one.gap_share or Decimal(0)


class Way(StrEnum):
    """In which terms the rest of the way is told."""

    AMOUNT = "amount"  # a flow: what a quarter has to bring
    ADDITION = "addition"  # a stock or sum: what a quarter has to add
    POINTS = "points"  # a share or another ratio: the difference a quarter has to make
    CUT = "cut"  # a reduction: the percentage a quarter has to save
    STAGE = "stage"
    AREAS = "areas"
    KEEP = "keep"  # the goal lies behind already, but counts at the deadline only
    REACHED = "reached"
    PASSED = "passed"
    LATER = "later"  # growth of a year that has not begun
    UNKNOWN = "unknown"


SENTENCES: Mapping[Way, str] = {
    Way.AMOUNT: _("What each remaining quarter must bring, so that the last year comes to the goal."),
    Way.ADDITION: _("What each remaining quarter must add until the goal is reached."),
    Way.POINTS: _("By how much the value must move each quarter until the goal is reached."),
    Way.CUT: _("By how many percent the value must fall each quarter until the goal is reached."),
    Way.STAGE: _("The stage still to be reached by the deadline."),
    Way.AREAS: _("The goal counts areas: so many have still to meet theirs."),
    Way.KEEP: _("The goal lies behind: it is enough not to fall back before the deadline."),
    Way.REACHED: _("The goal is reached: nothing more is asked."),
    Way.PASSED: _("The deadline is over: nothing can be delivered any more."),
    Way.LATER: _("The year whose growth counts has not begun."),
    Way.UNKNOWN: "",  # the result itself says why
}
# Of Way.KEEP, where the whole year is an estimate:
ON_COURSE = _("If the year goes on as it has, the goal is reached: it is enough to keep this pace.")
EVEN = "(%(goal)s − %(now)s) ÷ %(steps)s = %(each)s"
SHRINKING = "(%(goal)s ÷ %(now)s) ^ (1 ÷ %(steps)s) − 1 = %(each)s"


@dataclass(frozen=True, slots=True)
class Stretch:
    """The remaining quarters of one year, all alike: what each brings, together `total`; `year_total` is what the year then comes to, and
    `known` of it has been filed."""

    year: int
    quarters: int
    each: float
    total: float
    year_total: float
    known: float = 0.0


@dataclass(frozen=True, slots=True)
class Quota:
    """What is still to be done. `left` quarters remain; `each` is asked of every one of `steps` quarters to go from `now` to `goal`
    (`Way.CUT`: a fraction). A flow has its `stretches` year by year, and `each` is that of the first."""

    way: Way
    left: int = 0
    each: float | None = None
    now: float | None = None
    goal: float | None = None
    steps: int = 0
    stretches: tuple[Stretch, ...] = ()

    @property
    def formula(self) -> str:
        """The arithmetic with %(name)s places; "" where there is none, or where the stretches show it."""
        if self.each is None or self.stretches:
            return ""
        return SHRINKING if self.way == Way.CUT else EVEN


def quarters_left(period: Period, deadline: int) -> int:
    """Whole quarters between a period's end and the end of a year; none once it is over."""
    return max(0, (deadline - period.year) * 4 + 4 - (period.month + 2) // 3)


def quota_of(row: Mapping[str, Any], *, flow: bool, deadline: int) -> Quota:
    """What a row of `engine.assess` leaves to the quarters up to the end of the year `deadline`; `flow`: the target's indicator is filed
    year-to-date."""
    period, kind = Period.parse(row["period"]), str(row["kind"])
    left = quarters_left(period, deadline)
    if row["frozen"] or not left:
        return Quota(Way.PASSED)
    if row["status"] == Status.ACHIEVED:
        return Quota(Way.REACHED, left)
    if kind == "growth_yoy":
        return _growth(row, period, deadline, left)
    if row["reason"] == NO_SEASON and row["at"] != row["time"] and not (flow and period.year == deadline):
        return Quota(Way.UNKNOWN, left)
    if kind in ("level", "growth_cagr") and flow:
        return _flow(row, period, deadline, left)
    return _evenly(row, kind, left)


def _evenly(row: Mapping[str, Any], kind: str, left: int) -> Quota:
    """In equal steps from the value to the goal; in stages and areas no step is named."""
    now, goal = _number(row, "compared"), _number(row, "goal_level")
    if now is None or goal is None or row.get("value") is None:
        return Quota(Way.UNKNOWN, left)
    if kind == "milestone" or row.get("pooled") is not None:
        return Quota(Way.STAGE if kind == "milestone" else Way.AREAS, left, now=now, goal=goal)
    if row["d"] * (goal - now) <= 0:
        return Quota(Way.KEEP, left, now=now, goal=goal)
    steps = round((row["deadline"] - row["at"]) * 4) or left  # a year's ratio is compared at the year's end
    if kind == "reduction" and now > 0 and goal > 0:
        return Quota(Way.CUT, left, (goal / now) ** (1 / steps) - 1, now, goal, steps)
    way = Way.ADDITION if kind in ("level", "range", "cumulative") else Way.POINTS
    return Quota(way, left, (goal - now) / steps, now, goal, steps)


def _growth(row: Mapping[str, Any], period: Period, deadline: int, left: int) -> Quota:
    """The rest of a year that has to exceed the year before by so many percent."""
    base, figure, rate = (_number(row, name) for name in ("baseline_value", "figure", "goal"))
    if period.year < deadline:
        return Quota(Way.LATER, left)
    if base is None or figure is None or rate is None:
        return Quota(Way.UNKNOWN, left)
    return _amount(left, figure, base * (1 + rate / 100), deadline)


def _flow(row: Mapping[str, Any], period: Period, deadline: int, left: int) -> Quota:
    """Year by year from the present year's course along the required pace to the goal, which only the last year has to meet."""
    figure, annual, goal = (_number(row, name) for name in ("figure", "annual", "goal_level"))
    if row["kind"] == "growth_cagr":
        goal = _level_of_growth(row)
    if figure is None or goal is None:
        return Quota(Way.UNKNOWN, left)
    if period.year == deadline:
        return _amount(left, figure, goal, deadline)
    if annual is None:
        return Quota(Way.UNKNOWN, left)
    last = Stretch(deadline, 4, goal / 4, goal, goal)
    if row["d"] * (goal - annual) <= 0:
        return Quota(Way.KEEP, left, goal / 4, annual, goal, stretches=(last,))
    years = range(period.year + 1, deadline)
    totals = [_on_the_way(row, annual, goal, (year - period.year) / (deadline - period.year)) for year in years]
    stretches = [Stretch(year, 4, total / 4, total, total) for year, total in zip(years, totals, strict=True)] + [last]
    if rest := left - 4 * (deadline - period.year):
        stretches.insert(0, Stretch(period.year, rest, (annual - figure) / rest, annual - figure, annual, figure))
    return Quota(Way.AMOUNT, left, stretches[0].each, annual, goal, stretches=tuple(stretches))


def _amount(left: int, figure: float, goal: float, year: int) -> Quota:
    """The rest of the deadline's own year."""
    if figure >= goal:
        return Quota(Way.KEEP, left, now=figure, goal=goal)
    rest = goal - figure
    return Quota(Way.AMOUNT, left, rest / left, figure, goal, left, (Stretch(year, left, rest / left, rest, goal, figure),))


def _on_the_way(row: Mapping[str, Any], start: float, goal: float, part: float) -> float:
    """By an equal yearly rate where the engine's pace is one, else by equal amounts."""
    if row.get("pace_unit") == "percent" and start * goal > 0:
        return float(start * (goal / start) ** part)
    return start + (goal - start) * part


def _level_of_growth(row: Mapping[str, Any]) -> float | None:
    """What an average yearly growth since the baseline comes to at the deadline."""
    base, rate, since = (_number(row, name) for name in ("baseline_value", "goal", "baseline_time"))
    return None if base is None or rate is None or since is None else float(base * (1 + rate / 100) ** (row["deadline"] - since))


def numerator_needed(goal: float, numerator: float, denominator: float, scale: float) -> float:
    """By how much the numerator must still grow if the denominator stays as it is; below zero: must shrink."""
    return goal * denominator / scale - numerator


def _number(row: Mapping[str, Any], name: str) -> float | None:
    value = row.get(name)
    return None if value is None else float(value)
