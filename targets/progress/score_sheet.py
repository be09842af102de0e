"""Score sheets of the energy-saving assessments. Every threshold comes in from a rule set's data (docs/pack-format.md).

Completion is actual over planned change in percent. Of the hundred points only those for the rate can be computed from figures; the
other sixty are given for measures by an inspection. Sources: docs/methods.md, section on other rules."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from targets.progress.barometer import DIGITS, Places, level_of
from targets.progress.conventions import Bools, Floats, meets
from targets.progress.intensity import RATE_DECIMALS
from targets.progress.types import Level


def annual_met(target_cut_pct: ArrayLike, actual_cut_pct: ArrayLike, target_cut_high_pct: ArrayLike = np.nan) -> Bools:
    """Is the year's cut, as printed, at least the one planned (both positive for a fall)? A plan stated as a range is met from its weaker
    end. What is not known is not met."""
    weaker = np.fmin(np.asarray(target_cut_pct, np.float64), target_cut_high_pct)
    actual, goal = np.broadcast_arrays(np.asarray(actual_cut_pct, np.float64), weaker)
    return meets(actual, goal, np.ones(goal.shape), np.zeros(goal.shape, bool), np.full(goal.shape, RATE_DECIMALS))


def sheet_points(completion_pct: ArrayLike, sheet: Mapping[str, float]) -> tuple[Floats, Bools]:
    """Points for a completion, and whether it falls under the veto. `sheet`: full (points at 100 %), step (percent), step_points (lost with
    each step below), least (percent below which nothing is given), bonus (points for each step above), bonus_cap.

    Our reading between the printed steps: a step counts when it is reached in full. 99 % has reached 90 % and scores as 90 %; 119 % is one
    full step over. The sheets print the steps only. Below 100 % the year's target is missed, which is the veto. NaN stays NaN."""
    completion = np.round(np.asarray(completion_pct, np.float64), DIGITS)
    steps = np.floor(np.round((completion - 100) / sheet["step"], DIGITS))
    over = np.minimum(sheet["bonus"] * steps, sheet["bonus_cap"])
    points = sheet["full"] + np.where(steps >= 0, over, sheet["step_points"] * steps)
    points = np.where(completion < sheet["least"], 0.0, points)
    return np.where(np.isnan(completion), np.nan, points), completion < 100


def schedule_of(parameters: Mapping[str, float]) -> tuple[float, ...]:
    """The cumulative progress asked for by the end of each year, in percent: the parameters year_1, year_2, … of a rule set."""
    years = sorted(int(name.removeprefix("year_")) for name in parameters if name.startswith("year_"))
    return tuple(parameters[f"year_{year}"] for year in years)


def on_schedule(progress_pct: ArrayLike, year: ArrayLike, schedule: Sequence[float]) -> Bools:
    """Has the cumulative progress reached what the schedule asks for by the end of this year (1 is the first) of the plan? A year outside
    the schedule, and progress that is not known, is not on schedule."""
    index = np.asarray(year, np.int64)
    asked = np.array([np.inf, *schedule, np.inf])[np.clip(index, 0, len(schedule) + 1)]
    return np.asarray(np.round(np.asarray(progress_pct, np.float64), DIGITS) >= asked)


def twin_points(annual: ArrayLike, cumulative: ArrayLike, twin: Mapping[str, float]) -> tuple[Floats, Bools]:
    """Points of the twin test: is the year's target met, and is cumulative progress on schedule? `twin`: both, schedule_only, annual_only,
    neither. The veto falls only where neither holds."""
    year, plan = np.asarray(annual, bool), np.asarray(cumulative, bool)
    both, neither = year & plan, ~(year | plan)
    points = np.where(both, twin["both"], np.where(plan, twin["schedule_only"], np.where(year, twin["annual_only"], twin["neither"])))
    return points.astype(np.float64), neither


def grade(total: ArrayLike, met_target: ArrayLike, grades: Sequence[Level]) -> Places:
    """The place in `grades` of a total score. Where the target is missed the veto gives the lowest grade, whatever the score; without a
    score and without a veto the grade is not known (-1)."""
    vetoed = ~np.asarray(met_target, bool)
    return level_of(np.where(vetoed, -np.inf, np.asarray(total, np.float64)), grades)
