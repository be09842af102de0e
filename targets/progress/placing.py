"""The numbers of a row: where the value stands on its path, how fast it goes, and why a number cannot stand."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from targets.progress.conventions import CONVENTIONS, GROWING, Bools, Floats, Points
from targets.progress.paths import linear_path, value_on
from targets.progress.reasons import CODE
from targets.progress.types import CONVENTION_NAMES, PATH_NAMES, Status

Columns = dict[str, NDArray[Any]]
Codes = NDArray[np.int8]

STATUSES = ("", *Status)  # internal number 0: not decided yet, which never leaves the engine
ACHIEVED, ON_TRACK, AT_RISK, OFF_TRACK, NO_DATA = range(1, 6)

NUMBERS = ("value", "baseline_value", "goal_level", "expected", "gap", "gap_share", "gap_linear", "change", "progress", "elapsed",
           "ratio", "required_pace", "margin")  # fmt: skip
DIRECT = CONVENTION_NAMES.index("direct")
SCHEDULE = CONVENTION_NAMES.index("schedule")
LINEAR = CONVENTION_NAMES.index("linear_share")
REBASED_PATH = PATH_NAMES.index("rebased")
CURVED_PATHS = tuple(PATH_NAMES.index(name) for name in ("geometric", "schedule", "rebased"))  # asked for as a yearly rate

Step = tuple[Bools, int | Codes]


def first_of(n: int, *steps: Step) -> Codes:
    """Per row the code of the first step whose mask holds, 0 where none does."""
    found = np.zeros(n, np.int8)
    for mask, code in reversed(steps):
        found = np.where(mask, code, found).astype(np.int8)
    return found


def state(out: Columns, name: str, numbers: Floats, why: Codes) -> None:
    """Store a number with the reason why it cannot stand; the number is blank exactly where there is a reason."""
    why = np.where(np.isinf(numbers) & (why == 0), CODE["too_large"], why).astype(np.int8)
    out[name] = np.where(why > 0, np.nan, numbers)
    out[f"{name}_reason"] = why


def nowhere(n: int, reason: str) -> Codes:
    return np.full(n, CODE[reason], np.int8)


def base_reason(c: Columns) -> Codes:
    """Why the row has no usable baseline: none by rule, not known, not before the deadline; 0 if it has one."""
    return first_of(
        len(c["d"]),
        (c["baseline_reason"] > 0, c["baseline_reason"]),
        (c["deadline"] <= c["baseline_time"], CODE["baseline_after_deadline"]),
    )


def share_and_pace(points: Points, convention: NDArray[Any]) -> tuple[Floats, Floats, Codes, Codes]:
    """Share of the way, pace ratio, the convention used, and why it is not the target's own: growth needs values of one sign, so
    where they are zero or change sign the linear share stands in, openly (never a nudged 0.001)."""
    n = len(convention)
    with_base = np.isfinite(points.v0) & np.isfinite(points.v) & np.isfinite(points.goal)
    grows = np.isin(convention, [CONVENTION_NAMES.index(name) for name in GROWING])
    barred = grows & with_base & ~((points.v * points.v0 > 0) & (points.goal * points.v0 > 0))
    why = first_of(n, (barred & (points.v0 == 0), CODE["zero_base"]), (barred, CODE["sign_change"]))
    used = np.where(barred, LINEAR, convention)
    progress, ratio = np.full(n, np.nan), np.full(n, np.nan)
    for name, formula in CONVENTIONS.items():
        rows = np.flatnonzero(used == CONVENTION_NAMES.index(name))
        if rows.size:
            progress[rows], ratio[rows] = formula(points.at(rows))
    return progress, ratio, used.astype(np.int8), why


def on_path(start: Floats, goal: Floats, path: NDArray[Any], share: Floats) -> Floats:
    """Value the paths ask for at a share of the way."""
    expected = np.full(len(share), np.nan)
    for number, name in enumerate(PATH_NAMES):
        rows = np.flatnonzero(path == number)
        if rows.size:
            expected[rows] = value_on(name, start[rows], goal[rows], share[rows])
    return expected


def place(c: Columns, shown: Floats, value: Floats, goal: Floats, met: Bools, missing: Codes) -> Columns:
    """All numbers of rows judged by pace. `shown` is the value as filed, `value` the same for the whole year, `goal` its goal,
    all in one unit; `missing` says why there is no value. Expected and gap are given as filed (times the part of the year)."""
    n, out = len(value), {}
    points = Points(c["baseline_value"], c["baseline_time"], value, c["at"], goal, c["deadline"], c["d"], c["planned_share"])
    straight = c["convention"] == DIRECT
    based = base_reason(c)
    early, no_goal = points.t < points.t0, np.isnan(goal)
    elapsed = np.minimum(points.elapsed, 1.0)
    out["compared"] = value
    state(out, "value", shown, missing)
    state(out, "baseline_value", points.v0, c["baseline_reason"])
    no_level = first_of(n, (np.isnan(c["goal"]), CODE["no_goal"]), (no_goal & (based > 0), based), (no_goal, CODE["zero_base"]))
    state(out, "goal_level", goal, no_level)
    state(out, "elapsed", elapsed, first_of(n, (based > 0, based), (early, CODE["window_not_open"])))
    asked = first_of(n, (no_goal, no_level), (~straight & (based > 0), based), (~straight & early, CODE["window_not_open"]))
    path = np.where(straight, PATH_NAMES.index("none"), c["path"])
    start = np.where(path == REBASED_PATH, c["path_start"], points.v0)
    asked = first_of(n, (asked > 0, asked), ((path == REBASED_PATH) & np.isnan(start), CODE["no_year_before"]))
    expected = on_path(start, goal, path, np.minimum(points.scheduled, 1.0)) * c["share"]
    line = np.where(straight, goal, linear_path(points.v0, goal, elapsed)) * c["share"]
    gap = c["d"] * (shown - expected)
    no_gap = first_of(n, (asked > 0, asked), (missing > 0, missing))
    state(out, "expected", expected, asked)
    state(out, "gap", gap, no_gap)
    state(out, "gap_linear", c["d"] * (shown - line), no_gap)
    state(out, "gap_share", gap / np.abs(expected), first_of(n, (no_gap > 0, no_gap), (expected == 0, CODE["expected_zero"])))
    change_since_baseline(out, points.v0, value, based, missing)
    _pace(c, out, points, no_gap, straight)
    required_pace(c, out, points, met, first_of(n, (no_goal, no_level), (missing > 0, missing)))
    return out


def change_since_baseline(out: Columns, base: Floats, value: Floats, based: Codes, missing: Codes) -> None:
    """The change of the figure since its baseline as a fraction, whatever the target asks for."""
    signs = (base == 0, CODE["zero_base"]), (base * value < 0, CODE["sign_change"])
    state(out, "change", value / base - 1, first_of(len(base), (based > 0, based), (missing > 0, missing), *signs))


def _pace(c: Columns, out: Columns, points: Points, no_gap: Codes, straight: Bools) -> None:
    """Share of the way and pace ratio with the convention used. Where the baseline meets the goal already there is no way to go."""
    n = len(no_gap)
    progress, ratio, used, swapped = share_and_pace(points, c["convention"])
    met_before = ~straight & (points.d * (points.v0 - points.goal) >= 0)
    kept = met_before & (points.d * (points.v - points.goal) >= 0)  # by the year's figure, or the year so far scaled to it
    nothing_to_go = (
        (kept, CODE["baseline_met"]),
        (met_before & (points.v0 == points.goal), CODE["baseline_equals_goal"]),
        (met_before, CODE["slipped"]),
    )
    far = (straight & ~(points.goal > 0), CODE["goal_not_positive"]), (straight & ~np.isfinite(progress), CODE["sign_change"])
    why = first_of(n, (no_gap > 0, no_gap), *nothing_to_go, *far)
    short = np.isin(used, [CONVENTION_NAMES.index(name) for name in GROWING]) & (points.t - points.t0 < 1 - 1e-9)
    out["convention_used"], out["convention_reason"] = used, np.where(why > 0, 0, swapped).astype(np.int8)
    out["straight"] = straight
    out["worse"] = ~straight & (points.d * (points.v - points.v0) < 0)
    state(out, "progress", progress, why)
    unopened = ~straight & (points.t <= points.t0)
    undue = (used == SCHEDULE) & (points.scheduled <= 0)
    state(
        out,
        "ratio",
        np.round(ratio, 9),
        first_of(n, (why > 0, why), (unopened, CODE["window_not_open"]), (short, CODE["under_one_year"]), (undue, CODE["nothing_due"])),
    )


def required_pace(c: Columns, out: Columns, points: Points, met: Bools, lacking: Codes) -> None:
    """Yearly pace from here to the goal: percent a year on a curved path with values of one sign, else units a year."""
    left = points.end - points.t
    percent = np.isin(c["path"], CURVED_PATHS) & (points.goal * points.v > 0)
    growth = 100 * ((points.goal / points.v) ** (1 / left) - 1)
    why = first_of(
        len(left),
        (c["time"] >= points.end, CODE["deadline_passed"]),
        (lacking > 0, lacking),
        (met, CODE["goal_met"]),
        (left <= 0, CODE["last_year"]),
    )
    state(out, "required_pace", np.where(percent, growth, (points.goal - points.v) / left), why)
    out["pace_in_percent"] = percent & (out["required_pace_reason"] == 0)


def margin(out: Columns, on_track: Floats, at_risk: Floats) -> None:
    """Distance of the ratio to the next better cut; for on track the cushion above its own lower cut. The cuts go with the row."""
    out["cut"], out["low_cut"] = on_track, at_risk
    status, ratio = out["status"], out["ratio"]
    distance = np.where(status == ON_TRACK, ratio - on_track, np.where(status == AT_RISK, on_track - ratio, at_risk - ratio))
    paced = np.isin(status, (ON_TRACK, AT_RISK, OFF_TRACK)) & np.isfinite(ratio) & (out["reason"] != CODE["deadline_missed"])
    state(out, "margin", np.asarray(np.round(distance, 9)), first_of(len(status), (~paced, CODE["no_pace"])))
