"""The engine for any series, without targets, areas or a database: a table in, the same table with its verdicts out.

Columns and profiles: docs/methods.md. Both profiles place every row with the one engine; they differ in who says the status."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from targets.progress import engine, open_sdg
from targets.progress.conventions import Floats
from targets.progress.placing import STATUSES, Codes, Columns
from targets.progress.reasons import CODE, REASONS
from targets.progress.table import NUMBERS, PATH_OF, Fault, checked
from targets.progress.types import CONVENTION_NAMES, KINDS, METHODS, PATH_NAMES

if TYPE_CHECKING:
    from pandas import DataFrame

ON_TRACK, AT_RISK = 0.95, 0.60
DECIMALS = 9  # how a value is printed is not known here: it is compared with its target as it stands, but for binary dust
WORDS = tuple(REASONS)


class Verdict(NamedTuple):
    """What a profile says of each row: number, word, score, its reason as a place in `words`, and why the engine's ratio, where that is
    the number, cannot stand (a place in the engine's reasons)."""

    progress_value: Floats
    status: NDArray[Any]
    score: Floats
    reason: Codes
    words: tuple[str, ...]
    lacking: Codes


def _five_status(given: Columns, placed: Columns) -> Verdict:
    """Our own statuses by the ratio of the row's convention, which ends with the target year; they have no score."""
    none, passed = np.full(len(given["d"]), np.nan), given["current_year"] > given["target_year"]
    ratio, why = np.where(passed, np.nan, placed["ratio"]), placed["ratio_reason"]
    why = np.where(passed & (why == 0), CODE["deadline_passed"], why).astype(np.int8)
    return Verdict(ratio, np.array(STATUSES, object)[placed["status"]], none, placed["reason"], WORDS, why)


def _open_sdg(given: Columns, placed: Columns) -> Verdict:
    """Words and scores of Open SDG, by the growth since the base whatever convention the row names."""
    value, status, score, reason = open_sdg.judge(*(given[name] for name in (*NUMBERS, "d", "limit", "sign")))
    return Verdict(value, np.array(open_sdg.STATUSES, object)[status], score, reason, open_sdg.REASONS, np.zeros_like(reason))


PROFILES: dict[str, Callable[[Columns, Columns], Verdict]] = {"five_status": _five_status, "open_sdg": _open_sdg}


def assess_series(frame: "DataFrame", profile: str = "five_status", known: Sequence[Fault] = ()) -> "DataFrame":
    """The table with the columns table.MADE added; its own columns are carried through. Cells are numbers or text, blank is not given.
    `known`: faults found on reading it. BadSeries with all faults; ValueError on an unknown profile."""
    if profile not in PROFILES:
        raise ValueError(f"profile “{profile}” is none of {', '.join(PROFILES)}")
    given = checked(frame, known)
    rows = level_rows(given, by_growth=profile == "open_sdg")
    kinds, methods = (np.full(len(frame), place, np.int8) for place in (KINDS.index("level"), METHODS.index("pace")))
    with np.errstate(all="ignore"):
        placed = _undated(given, engine.judge(rows, kinds, methods))
        verdict = PROFILES[profile](given, placed)
        reason = _told(verdict, _straightened(rows), placed)
    made = {name: placed[name] for name in ("expected", "gap", "gap_linear")}
    made |= {"progress_value": verdict.progress_value, "status": verdict.status, "score": verdict.score}
    return frame.assign(**made, required_rate=placed["required_pace"], reason=reason)


def level_rows(given: Columns, by_growth: bool = False) -> Columns:
    """The engine's columns of series that are to reach a level, their years taken as they are. `by_growth`: all rows by cagr_ratio."""
    n = len(given["d"])
    convention = np.full(n, "cagr_ratio", object) if by_growth else given["convention"]
    rows: Columns = {name: np.full(n, np.nan) for name in (*engine.FLOATS, *engine.PARAMETERS)}
    rows |= {name: np.zeros(n, bool) for name in engine.FLAGS}
    rows |= {name: np.zeros(n, np.int8) for name in engine.WORDS}
    rows |= {"d": given["d"], "figure": given["current_value"], "annual": given["current_value"], "share": np.ones(n)}
    rows |= {"goal": given["target"], "baseline_value": given["base_value"], "baseline_time": given["base_year"]}
    rows |= {"decimals": np.full(n, DECIMALS), "on_track": np.full(n, ON_TRACK), "at_risk": np.full(n, AT_RISK)}
    rows["time"] = rows["at"] = np.where(np.isnan(given["current_year"]), given["base_year"], given["current_year"])
    rows["deadline"] = np.where(np.isnan(given["target_year"]), np.inf, given["target_year"])
    rows["value_reason"] = np.where(np.isnan(given["current_value"]), CODE["no_value"], 0).astype(np.int8)
    rows["baseline_reason"] = np.where(np.isnan(given["base_value"]), CODE["baseline_not_known"], 0).astype(np.int8)
    for name, path in PATH_OF.items():
        named = convention == name
        rows["convention"][named], rows["path"][named] = CONVENTION_NAMES.index(name), PATH_NAMES.index(path)
    return rows


def _undated(given: Columns, placed: Columns) -> Columns:
    """Without a current year nothing is expected by now: such rows were placed at their base."""
    rows = np.isnan(given["current_year"])
    placed["expected"][rows] = np.nan
    placed["expected_reason"][rows & (placed["expected_reason"] == 0)] = CODE["no_value"]
    return placed


def _straightened(rows: Columns) -> Codes:
    """Why a line stands in for growth (path, ratio of the engine, and the pace in units a year): values that cannot grow into each
    other; else 0."""
    base, value, goal = rows["baseline_value"], rows["annual"], rows["goal"]
    unlike = (rows["path"] == PATH_NAMES.index("geometric")) & ((base * goal <= 0) | (value * goal <= 0))
    return np.where(unlike, np.where(base == 0, CODE["zero_base"], CODE["sign_change"]), 0).astype(np.int8)


def _told(verdict: Verdict, straightened: Codes, placed: Columns) -> NDArray[Any]:
    """Per row the reason of its status, then what else is not as asked for and why: `pace_on_track; linear: zero_base`."""
    others = {"linear": straightened, "expected": placed["expected_reason"], "gap": placed["gap_reason"],
              "progress_value": verdict.lacking, "required_rate": placed["required_pace_reason"]}  # fmt: skip
    codes = np.stack([verdict.reason, *others.values()]).astype(np.int64)
    key = (codes << 8 * np.arange(len(codes))[:, None]).sum(0)
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    texts = [_sentence(verdict.words[code], dict(zip(others, rest, strict=True))) for code, *rest in codes[:, first].T]
    return np.array(texts, object)[which]


def _sentence(reason: str, others: dict[str, int]) -> str:
    """Columns blank for the reason of the status itself are not told again."""
    columns: dict[str, list[str]] = {}
    for name, code in others.items():
        if code and WORDS[code] != reason:
            columns.setdefault(WORDS[code], []).append(name)
    return "; ".join([reason, *(f"{', '.join(names)}: {why}" for why, names in columns.items())])
