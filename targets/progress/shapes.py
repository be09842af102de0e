"""One named function per target shape: which value is judged, when the goal counts as met, and the ladder to the status.

A ladder is read from the top: the first step that holds decides. A row no step decides is an error, never a default."""

from collections.abc import Callable

import numpy as np

from targets.progress.barometer import pace, warning_level
from targets.progress.conventions import Bools, Floats, meets
from targets.progress.placing import (
    ACHIEVED,
    AT_RISK,
    NO_DATA,
    NUMBERS,
    OFF_TRACK,
    ON_TRACK,
    Codes,
    Columns,
    base_reason,
    change_since_baseline,
    first_of,
    margin,
    nowhere,
    place,
    state,
)
from targets.progress.reasons import CODE

RATE_DECIMALS = 2  # cuts and growth rates are printed to two decimals of a percent
DONE = 3.0

Rung = tuple[Bools, int, int | Codes]


class Undecided(ValueError):
    """A row fell through its ladder: the engine has no rule for it."""


def climb(out: Columns, n: int, *rungs: Rung) -> Columns:
    """Status and reason of the first rung that holds."""
    out["status"] = first_of(n, *((mask, status) for mask, status, _ in rungs))
    out["reason"] = first_of(n, *((mask, reason) for mask, _, reason in rungs))
    return out


def is_final(c: Columns) -> Bools:
    """At the deadline or after: the figure then is the result."""
    return np.asarray(c["time"] >= c["deadline"])


def no_answer(c: Columns, missing: Codes) -> tuple[Rung, ...]:
    """First rungs of every ladder: no value (at the deadline named as such), no goal."""
    unknown = (missing > 0) & (missing != CODE["coverage_too_low"])
    return (
        (is_final(c) & unknown, NO_DATA, CODE["missing_at_deadline"]),
        (missing > 0, NO_DATA, missing),
        (np.isnan(c["goal"]), NO_DATA, CODE["no_goal"]),
    )


def no_comparison(out: Columns) -> tuple[Rung, ...]:
    """Rungs for rows whose place on the path cannot be told: no baseline, too early, no way to go."""
    why = out["ratio_reason"]
    lost = np.isin(why, (CODE["baseline_equals_goal"], CODE["slipped"]))
    return (why == CODE["baseline_met"], ON_TRACK, CODE["holding"]), (lost, OFF_TRACK, why), (why > 0, NO_DATA, why)


def by_pace(out: Columns, on_track: Floats, at_risk: Floats) -> tuple[Rung, ...]:
    """Last rungs: the ratio against the cuts of the rule set, worded as a pace or, compared directly, as a share of what is asked."""
    ratio, straight, known = out["ratio"], out["straight"], out["change_reason"] == 0
    on, risk, off = ratio >= on_track, ratio >= at_risk, ratio < at_risk
    return (
        (on & straight, ON_TRACK, CODE["share_on_track"]),
        (on, ON_TRACK, CODE["pace_on_track"]),
        (risk & straight, AT_RISK, CODE["share_at_risk"]),
        (risk, AT_RISK, CODE["pace_at_risk"]),
        (off & straight, OFF_TRACK, CODE["share_off_track"]),
        (off & out["worse"] & known, OFF_TRACK, CODE["wrong_way"]),
        (off & out["worse"], OFF_TRACK, CODE["moved_back"]),
        (off, OFF_TRACK, CODE["pace_off_track"]),
    )


def paced(c: Columns, goal: Floats, met: Bools, how: int | Codes) -> Columns:
    """The common ladder of level, ratio, range, cumulative and benchmark: met, missed, not comparable, by pace."""
    missing = c["value_reason"]
    out = place(c, c["figure"], c["annual"], goal, met, missing)
    out["met"] = met
    climb(out, len(met), *no_answer(c, missing), (met, ACHIEVED, how), (is_final(c), OFF_TRACK, CODE["deadline_missed"]),
          *no_comparison(out), *by_pace(out, c["on_track"], c["at_risk"]))  # fmt: skip
    margin(out, c["on_track"], c["at_risk"])
    return out


def reached(c: Columns, goal: Floats) -> Bools:
    """Does the figure as filed meet the goal? A floor may be reached within the year; a ceiling is kept only when it is over."""
    return meets(c["figure"], goal, c["d"], c["strict"], c["decimals"]) & ~c["unfinished"]


def level(c: Columns) -> Columns:
    """A total or count reaches a value."""
    return paced(c, c["goal"], reached(c, c["goal"]), CODE["goal_met"])


def ratio(c: Columns) -> Columns:
    """A share or intensity reaches a value."""
    return paced(c, c["goal"], reached(c, c["goal"]), CODE["goal_met"])


def cumulative(c: Columns) -> Columns:
    """A sum since the first year reaches a value; it starts from zero."""
    return paced(c, c["goal"], reached(c, c["goal"]), CODE["goal_met"])


def range_(c: Columns) -> Columns:
    """Met from the weaker end on; beyond the stronger end it is more than fulfilled, which is no failure."""
    ends = c["goal"], np.where(np.isnan(c["goal_high"]), c["goal"], c["goal_high"])
    weak = np.where(c["d"] > 0, np.fmin(*ends), np.fmax(*ends))
    strong = np.where(c["d"] > 0, np.fmax(*ends), np.fmin(*ends))
    weak = np.where(np.isnan(c["goal"]), np.nan, weak)
    beyond = reached({**c, "strict": np.ones(len(weak), bool)}, strong)
    how = first_of(len(weak), (np.isnan(c["goal_high"]), CODE["goal_met"]), (beyond, CODE["range_exceeded"]), (~beyond, CODE["range_met"]))
    return paced(c, weak, reached(c, weak), how)


def benchmark(c: Columns) -> Columns:
    """Level with a benchmark, or near it: within the stored tolerance (a share of the benchmark)."""
    goal, exact = c["goal"], reached(c, c["goal"])
    near = reached(c, goal - c["d"] * c["tolerance"] * np.abs(goal))
    return paced(c, goal, exact | near, np.where(exact, CODE["benchmark_met"], CODE["benchmark_near"]).astype(np.int8))


def cut(c: Columns) -> tuple[Columns, tuple[Rung, ...]]:
    """Numbers and first rungs of a reduction: an intensity falls by a percentage of its baseline. The value is the intensity,
    the stated goal the cut in percent. Above the baseline no share of the way is stated: it moved the wrong way."""
    base, value, missing = c["baseline_value"], c["annual"], c["value_reason"]
    goal = np.where(base > 0, base * (1 - c["goal"] / 100), np.nan)
    done = np.where(base > 0, 100 * (1 - value / base), np.nan)
    met = (
        meets(done, c["goal"], -c["d"], c["strict"], np.full(len(done), RATE_DECIMALS)) & (c["at"] > c["baseline_time"]) & ~c["unfinished"]
    )
    out = place(c, c["figure"], value, goal, met, missing)
    out["met"], n = met, len(met)
    for name in ("progress", "ratio"):
        why = out[f"{name}_reason"]
        blind = c["unfinished"] & (c["yearly_reason"] == CODE["no_year_before"])  # a part of a year whose season nothing tells
        state(out, name, out[name], first_of(n, (why > 0, why), (blind, c["yearly_reason"]), (value > base, CODE["wrong_way"])))
    based = base_reason(c)
    return out, (
        *no_answer(c, missing),
        (based > 0, NO_DATA, based),
        (~(base > 0), NO_DATA, CODE["zero_base"]),
        (met, ACHIEVED, CODE["cut_met"]),
        (is_final(c), OFF_TRACK, CODE["deadline_missed"]),
        (c["at"] <= c["baseline_time"], NO_DATA, CODE["window_not_open"]),
    )


def reduction(c: Columns) -> Columns:
    """A cut judged by its pace along the path."""
    out, known = cut(c)
    wrong = out["ratio_reason"] == CODE["wrong_way"]
    climb(out, len(wrong), *known, (wrong, OFF_TRACK, CODE["wrong_way"]), *no_comparison(out), *by_pace(out, c["on_track"], c["at_risk"]))
    margin(out, c["on_track"], c["at_risk"])
    return out


def reduction_by_level(c: Columns) -> Columns:
    """A cut judged by its warning level: within a year it rose (1), fell short of the planned yearly pace (2), or kept it (3).
    The ratio is the year's change over the planned one, so level 3 begins at 1 and level 2 at 0."""
    out, known = cut(c)
    n, change = len(c["d"]), np.round(c["yearly_change"], 9)
    planned = (out["goal_level"] / c["baseline_value"]) ** (1 / (c["deadline"] - c["baseline_time"])) - 1
    why = first_of(
        n,
        (out["gap_reason"] > 0, out["gap_reason"]),
        (c["at"] <= c["baseline_time"], CODE["window_not_open"]),
        (np.isnan(change), c["yearly_reason"]),
        (planned >= 0, CODE["baseline_equals_goal"]),
        (np.isnan(planned), CODE["sign_change"]),
        (change > 0, CODE["wrong_way"]),
    )
    out["planned_change"] = planned
    state(out, "ratio", pace(c["yearly_change"], planned), why)
    step, rose = out["ratio"], why == CODE["wrong_way"]
    out["warning_level"] = np.where((why == 0) | rose, warning_level(c["yearly_change"], planned), 0).astype(np.int8)
    climb(out, n, *known,
          (rose & (c["annual"] > c["baseline_value"]), OFF_TRACK, CODE["wrong_way"]),
          (rose, OFF_TRACK, CODE["level_1"]),
          *no_comparison(out),
          (change == 0, AT_RISK, CODE["level_2_no_change"]),
          (step < 1, AT_RISK, CODE["level_2"]),
          (step >= 1, ON_TRACK, CODE["level_3"]))  # fmt: skip
    margin(out, np.ones(n), np.zeros(n))
    return out


def growth(c: Columns, value: Floats, missing: Codes, closed: Bools) -> Columns:
    """A yearly rate in percent against the rate asked for. It counts as met only at the deadline, when the year or the span is closed."""
    decimals = np.full(len(value), RATE_DECIMALS)
    c = {**c, "share": np.ones(len(value)), "figure": value, "annual": value, "value_reason": missing}
    met = meets(value, c["goal"], c["d"], c["strict"], decimals) & (c["time"] == c["deadline"])
    out = place(c, value, value, c["goal"], met, missing)
    out["met"] = met
    climb(out, len(value), (closed, NO_DATA, CODE["window_not_open"]), *no_answer(c, missing), (met, ACHIEVED, CODE["growth_met"]),
          (is_final(c), OFF_TRACK, CODE["deadline_missed"]), *no_comparison(out), *by_pace(out, c["on_track"], c["at_risk"]))  # fmt: skip
    margin(out, c["on_track"], c["at_risk"])
    return out


def growth_yoy(c: Columns) -> Columns:
    """Growth of one year over the year before; within the year, of the same period. Other years are not judged."""
    missing = first_of(len(c["d"]), (c["value_reason"] > 0, c["value_reason"]), (np.isnan(c["yearly_change"]), c["yearly_reason"]))
    out = growth(c, 100 * c["yearly_change"], missing, c["at"] < c["deadline"])
    change_since_baseline(out, c["baseline_value"], c["annual"], base_reason(c), c["value_reason"])
    why = first_of(len(missing), (is_final(c), CODE["deadline_passed"]), (missing > 0, missing), (missing == 0, CODE["single_year"]))
    state(out, "required_pace", out["required_pace"], why)
    out["pace_in_percent"][:] = False
    return out


def growth_cagr(c: Columns) -> Columns:
    """Compound yearly growth since the baseline. The required pace is what the years left need for the whole span's rate."""
    base, based = c["baseline_value"], base_reason(c)
    years = c["at"] - c["baseline_time"]
    value = 100 * ((c["annual"] / base) ** (1 / years) - 1)
    missing = first_of(len(base), (c["value_reason"] > 0, c["value_reason"]), (based > 0, based), (years <= 0, CODE["window_not_open"]),
                       (base == 0, CODE["zero_base"]), (~((base > 0) & (c["annual"] > 0)), CODE["sign_change"]),
                       (years < 1 - 1e-9, CODE["under_one_year"]))  # fmt: skip
    out = growth(c, value, missing, (based == 0) & (years <= 0))
    change_since_baseline(out, c["baseline_value"], c["annual"], base_reason(c), c["value_reason"])
    span, left = c["deadline"] - c["baseline_time"], c["deadline"] - c["at"]
    needed = 100 * ((base * (1 + c["goal"] / 100) ** span / c["annual"]) ** (1 / left) - 1)
    why = out["required_pace_reason"]
    state(out, "required_pace", needed, first_of(len(base), (why > 0, why), (np.isnan(needed), CODE["sign_change"])))
    out["pace_in_percent"] = out["required_pace_reason"] == 0
    return out


def milestone(c: Columns) -> Columns:
    """A stage from 0 (not begun) to 3 (done), judged by evidence. Not begun, it is judged by the share of its time left."""
    stage, missing = c["figure"], c["value_reason"]
    n = len(stage)
    met, begun = stage >= DONE, stage >= 1
    done_in_part = met & c["partial"]
    missing = np.where(done_in_part, CODE["coverage_too_low"], missing).astype(np.int8)
    met = met & ~c["partial"]
    start = c["window_start"]
    left = np.round((c["deadline"] - c["time"]) / (c["deadline"] - start), 9)
    out: Columns = {"compared": stage, "met": met, "time_left": left, "cut": c["milestone_risk"], "low_cut": c["milestone_off"]}
    for name in NUMBERS:
        state(out, name, np.full(n, np.nan), nowhere(n, "evidence_only"))
    state(out, "value", stage, missing)
    state(out, "goal_level", np.full(n, DONE), nowhere(n, ""))
    return climb(out, n, *no_answer({**c, "goal": np.full(n, DONE)}, missing),
                 (met, ACHIEVED, CODE["milestone_done"]),
                 (is_final(c), OFF_TRACK, CODE["deadline_missed"]),
                 (begun, ON_TRACK, CODE["milestone_under_way"]),
                 (np.isnan(left), NO_DATA, CODE["window_not_known"]),
                 (left < c["milestone_off"], OFF_TRACK, CODE["milestone_off_track"]),
                 (left < c["milestone_risk"], AT_RISK, CODE["milestone_at_risk"]),
                 (left >= c["milestone_risk"], ON_TRACK, CODE["milestone_waiting"]))  # fmt: skip


SHAPES: dict[tuple[str, str], Callable[[Columns], Columns]] = {
    ("level", "pace"): level,
    ("range", "pace"): range_,
    ("ratio", "pace"): ratio,
    ("reduction", "pace"): reduction,
    ("reduction", "warning_level"): reduction_by_level,
    ("growth_yoy", "pace"): growth_yoy,
    ("growth_cagr", "pace"): growth_cagr,
    ("cumulative", "pace"): cumulative,
    ("benchmark", "pace"): benchmark,
    ("milestone", "pace"): milestone,
}
