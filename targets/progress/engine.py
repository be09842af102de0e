"""From cases to results: splits the rows by shape, judges each group in one go, freezes what is past its deadline."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from targets.progress.placing import NO_DATA, NUMBERS, OFF_TRACK, STATUSES, Columns
from targets.progress.reasons import CODE, REASONS
from targets.progress.shapes import SHAPES, Undecided
from targets.progress.types import CONVENTION_NAMES, KINDS, METHODS, PATH_NAMES, RuleSet

if TYPE_CHECKING:
    from pandas import DataFrame

# What a case holds (docs/methods.md section 1), by the way the engine reads it.
KEYS = ("target", "area", "period")
WORDS: dict[str, tuple[str, ...]] = {
    "kind": KINDS,
    "convention": CONVENTION_NAMES,
    "path": PATH_NAMES,
    "value_reason": tuple(REASONS),
    "baseline_reason": tuple(REASONS),
    "yearly_reason": tuple(REASONS),
}
FLOATS = ("time", "at", "deadline", "d", "figure", "annual", "share", "goal", "goal_high", "tolerance", "baseline_value", "baseline_time",
          "yearly_change", "window_start", "decimals", "planned_share", "path_start")  # fmt: skip
FLAGS = ("strict", "unfinished", "partial")
PARAMETERS = ("on_track", "at_risk", "milestone_risk", "milestone_off")

# What the judged row adds, besides the numbers with their reasons. At the deadline all of it is frozen but `value`.
CODED: dict[str, tuple[str, ...]] = {
    "convention_used": CONVENTION_NAMES,
    "convention_reason": tuple(REASONS),
    "status": STATUSES,
    "reason": tuple(REASONS),
}
EXTRA_FLOATS = ("compared", "planned_change", "time_left", "cut", "low_cut")
OWN = ("value", "value_reason")
OWN_INPUTS = ("target", "area", "period", "asked", "time", "figure", "lacking")


def judge(columns: Columns, kinds: NDArray[Any], methods: NDArray[Any]) -> Columns:
    """All result columns of all rows, as numbers. Undecided if a row has no shape, falls through its ladder or lacks a reason."""
    n = len(kinds)
    result: Columns = {name: np.full(n, np.nan) for name in (*NUMBERS, *EXTRA_FLOATS)}
    for name in (*CODED, *(f"{number}_reason" for number in NUMBERS), "warning_level"):
        result[name] = np.zeros(n, np.int8)
    result["convention_used"][:] = columns["convention"]
    result["met"], result["pace_in_percent"] = np.zeros(n, bool), np.zeros(n, bool)
    for (kind, method), shape in SHAPES.items():
        rows = np.flatnonzero((kinds == KINDS.index(kind)) & (methods == METHODS.index(method)))
        if rows.size:
            for name, column in shape({key: column[rows] for key, column in columns.items()}).items():
                if name in result:
                    result[name][rows] = column
    _insist(result)
    return result


def _insist(result: Columns) -> None:
    """No status by default, no missing number without its reason."""
    if (result["status"] == 0).any():
        raise Undecided(f"rows without a status: {np.flatnonzero(result['status'] == 0)[:5]}")
    for name in NUMBERS:
        bare = ~np.isfinite(result[name]) & (result[f"{name}_reason"] == 0)
        if bare.any():
            raise Undecided(f"rows without {name} and without a reason: {np.flatnonzero(bare)[:5]}")


def freeze(result: Columns, series: NDArray[Any], time: NDArray[Any], deadline: NDArray[Any]) -> Columns:
    """After its deadline a row shows the deadline's result. `series` numbers target x area; `judged` becomes the row whose
    result is shown (-1: no row for the deadline is known), `late` the row that first met the goal after it (-1: none)."""
    n = len(series)
    judged, late = np.arange(n), np.full(n, -1)
    after = np.flatnonzero(time > deadline)
    result["frozen"] = time > deadline
    if after.size:
        final = np.full(series.max() + 1, -1)
        on_time = np.flatnonzero(time == deadline)
        final[series[on_time]] = on_time
        first = np.full(series.max() + 1, -1)
        met = after[result["met"][after]]
        met = met[np.argsort(-time[met], kind="stable")]
        first[series[met]] = met
        judged[after] = final[series[after]]
        _copy(result, after, judged[after])
        candidate = first[series[after]]
        counts = (candidate >= 0) & (result["status"][after] == OFF_TRACK)
        counts &= time[candidate] <= time[after]
        late[after[counts]] = candidate[counts]
        result["reason"][after[counts]] = CODE["late_fulfilment"]
    result["judged"], result["late"] = judged, late
    return result


def _copy(result: Columns, rows: NDArray[Any], source: NDArray[Any]) -> None:
    """Take over the results of the deadline's rows; without such a row nothing is known of the deadline."""
    known = source >= 0
    lost = rows[~known]
    for name, column in result.items():
        if name not in (*OWN, "frozen", "met"):
            column[rows[known]] = column[source[known]]
    for name in NUMBERS:
        if name not in OWN:
            result[name][lost], result[f"{name}_reason"][lost] = np.nan, CODE["missing_at_deadline"]
    result["compared"][lost], result["warning_level"][lost] = np.nan, 0
    result["status"][lost], result["reason"][lost] = NO_DATA, CODE["missing_at_deadline"]


def numbers_of(cases: "DataFrame", rule_sets: Mapping[str, RuleSet]) -> tuple[Columns, NDArray[Any]]:
    """Cases as plain arrays, words as their numbers, with the parameters of each row's rule set; and the rule sets' methods.
    ValueError on a word the engine does not know, KeyError on a rule set it was not given."""
    import pandas as pd

    columns: Columns = {name: cases[name].to_numpy(np.float64, na_value=np.nan) for name in FLOATS}
    columns |= {name: cases[name].to_numpy(bool) for name in FLAGS}
    for name, words in WORDS.items():
        which, found = pd.factorize(cases[name].to_numpy(object), use_na_sentinel=False)
        if unknown := set(found) - set(words):
            raise ValueError(f"unknown {name}: {sorted(map(str, unknown))}")
        columns[name] = np.array([words.index(word) for word in found], np.int8)[which]
    which, codes = pd.factorize(cases["rule_set"].to_numpy(object))
    used = [rule_sets[code] for code in codes]
    for name in PARAMETERS:
        columns[name] = np.array([rule.parameters.get(name, np.nan) for rule in used], float)[which]
    return columns, np.array([METHODS.index(rule.method) for rule in used], np.int8)[which]


def assess(cases: "DataFrame", rule_sets: Mapping[str, RuleSet]) -> "DataFrame":
    """Results for all cases, one row each in the same order: the case's columns, then those of docs/methods.md section 1.
    Undecided if a row finds no rule; ValueError or KeyError as `numbers_of`."""
    with np.errstate(all="ignore"):
        columns, methods = numbers_of(cases, rule_sets)
        result = judge(columns, columns["kind"], methods)
        series = _numbered(cases)
        result = freeze(result, series, columns["time"], columns["deadline"])
    return _as_frame(cases, result, rule_sets)


def _numbered(cases: "DataFrame") -> NDArray[Any]:
    """A number for each target and area, the same in all its rows."""
    import pandas as pd

    target, area = (pd.factorize(cases[name].to_numpy(object)) for name in ("target", "area"))
    return np.asarray(pd.factorize(target[0] * len(area[1]) + area[0])[0])


@cache
def _dtype(names: tuple[str, ...]) -> Any:
    import pandas as pd

    return pd.CategoricalDtype(list(names))


def _judged_inputs(cases: "DataFrame", judged: NDArray[Any]) -> "DataFrame":
    """The inputs the shown results rest on: those of the deadline for rows after it, but for the row's own keys and figure."""
    rows = np.where(judged >= 0, judged, np.arange(len(cases)))
    if (rows == np.arange(len(cases))).all():
        return cases
    own = {name: cases[name] for name in OWN_INPUTS if name in cases}
    return cases.take(rows).set_axis(cases.index).assign(**own)


def _as_frame(cases: "DataFrame", result: Columns, rule_sets: Mapping[str, RuleSet]) -> "DataFrame":
    """Numbers back to words, beside the cases."""
    import pandas as pd

    def words(codes: NDArray[Any], names: tuple[str, ...]) -> Any:
        return pd.Categorical.from_codes(codes, dtype=_dtype(names), validate=False)

    period = cases["period"].to_numpy(object)
    inputs = _judged_inputs(cases, result["judged"])
    given = {name: inputs[name].array for name in inputs if name not in ("value_reason", "baseline_reason", "baseline_value")}
    made: dict[str, Any] = {name: result[name] for name in (*NUMBERS, *EXTRA_FLOATS, "warning_level", "frozen")}
    made |= {f"{name}_reason": words(result[f"{name}_reason"], tuple(REASONS)) for name in NUMBERS}
    made |= {name: words(result[name], names) for name, names in CODED.items()}
    made["pace_unit"] = np.where(result["pace_in_percent"], "percent", np.where(result["required_pace_reason"] == 0, "unit", ""))
    made["late_fulfilment"] = np.where(result["late"] >= 0, period[result["late"]], "")
    made["judged_period"] = np.where(result["judged"] >= 0, period[result["judged"]], "")
    made["judged_value"] = np.where(result["judged"] >= 0, result["value"][result["judged"]], np.nan)
    rule = [rule_sets[key] for key in cases["rule_set"]]
    made["rule_version"], given["rule_set"] = [one.version for one in rule], [one.code for one in rule]
    return pd.DataFrame(given | made, index=cases.index)
