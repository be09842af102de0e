"""Why a result is what it is: one sentence with its numbers, the steps with the numbers put in, and what cannot be said.

Needs no pandas: a row is any mapping with the result's columns, also one read back from the database (blank: None or NaN).
Sentences, names of steps and notes are English message ids with %(name)s places; whoever shows them translates them and writes
the numbers of `params` by their kind:
value (in the unit and decimals of the figure), count (areas), percent (a fraction; 0.1 is 10 %), points (percentage points),
pace (units a year), years, stage (0 to 3), period and text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from indicators.marks import gettext_noop as _
from indicators.periods import Period
from targets.progress.reasons import REASONS

Param = float | str
WITH_REASON = ("value", "expected", "gap", "gap_share", "progress", "required_pace")


@dataclass(frozen=True, slots=True)
class Step:
    """A line of arithmetic: its name (message id) and the formula with %(param)s places."""

    name: str
    formula: str


@dataclass(frozen=True, slots=True)
class Trace:
    """The explanation of one result. `members` are those of the notes that tell what a whole's figure rests on. `missing` says for each
    number that does not stand why (message ids)."""

    sentence: str
    params: Mapping[str, Param]
    kinds: Mapping[str, str]
    steps: tuple[Step, ...]
    notes: tuple[str, ...]
    members: tuple[str, ...]
    missing: Mapping[str, str]
    rule_set: str
    rule_version: str


PERCENTS = ("gap_share", "change", "progress", "elapsed", "ratio", "margin", "cut", "low_cut", "tolerance", "share", "time_left",
            "yearly_change", "planned_change", "planned_share", "coverage_weight")  # fmt: skip
VALUES = ("value", "baseline_value", "goal_level", "expected", "gap", "gap_linear", "compared", "figure", "annual", "year_before",
          "path_start", "sum_value", "residual", "low", "high")  # fmt: skip
COUNTS = ("reported", "due", "warning_level")


def explain(row: Mapping[str, Any]) -> Trace:
    """The trace of one row of `engine.assess`."""
    params, kinds = _params(row)
    reason = str(row["reason"])
    return Trace(
        sentence=REASONS[reason],
        params=params,
        kinds=kinds,
        steps=tuple(_steps(row, params)),
        notes=tuple(_notes(row, params)),
        members=tuple(_members(row)),
        missing={name: REASONS[str(row[f"{name}_reason"])] for name in WITH_REASON if row.get(f"{name}_reason")},
        rule_set=str(row["rule_set"]),
        rule_version=str(row.get("rule_version", "")),
    )


def _known(row: Mapping[str, Any], name: str) -> bool:
    value = row.get(name)
    return value is not None and isfinite(float(value))


def _params(row: Mapping[str, Any]) -> tuple[dict[str, Param], dict[str, str]]:
    """All numbers that stand, with their kinds. Rates (growth, the cut of a reduction) become fractions."""
    given = {"percent": PERCENTS, "value": VALUES, "count": COUNTS}
    kinds = {name: kind for kind, names in given.items() for name in names if _known(row, name)}
    params: dict[str, Param] = {name: float(row[name]) for name in kinds}
    if "due" in params:
        params["coverage_weight"], kinds["coverage_weight"] = _weight(row), "percent"
    if row.get("frozen"):  # the row's own figure is later than the one judged
        own = {"value": row.get("judged_value"), "figure": row.get("annual")}
        params = {name: number for name, number in params.items() if name not in own}
        params |= (judged := {name: float(number) for name, number in own.items() if number is not None and isfinite(number)})
        kinds = {name: kind for name, kind in kinds.items() if name not in own} | dict.fromkeys(judged, "value")
    for name in ("goal", "goal_high"):
        if _known(row, name):
            params[name], kinds[name] = float(row[name]), "value"
    _by_shape(row, params, kinds)
    _pace(row, params, kinds)
    _when(row, params, kinds)
    params["lacking"], kinds["lacking"] = str(row.get("lacking") or ""), "text"
    for name in ("vintage", "vintage_before", "vintage_base"):
        if row.get(name):
            params[name], kinds[name] = str(row[name]), "vintage"
    return params, kinds


def _by_shape(row: Mapping[str, Any], params: dict[str, Param], kinds: dict[str, str]) -> None:
    """Units that differ by shape: growth is a rate, a reduction's goal too, a milestone is a stage, "all of" counts areas."""
    growth = str(row["kind"]).startswith("growth")
    rates = ("value", "goal", "goal_level", "expected", "compared") if growth else ("goal",) if row["kind"] == "reduction" else ()
    for name in rates:
        if name in params:
            params[name], kinds[name] = float(params[name]) / 100, "percent"
    if growth:
        kinds |= {name: "points" for name in ("gap", "gap_linear") if name in params}
    special = "stage" if row["kind"] == "milestone" else "count" if row.get("aggregation") == "all_of" and _known(row, "pooled") else ""
    if special:
        kinds |= {name: special for name in (*VALUES, "goal") if name in params}
    if _known(row, "pooled"):
        params["pooled"], kinds["pooled"] = float(row["pooled"]), "value"


def _pace(row: Mapping[str, Any], params: dict[str, Param], kinds: dict[str, str]) -> None:
    if _known(row, "required_pace"):
        percent = row["pace_unit"] == "percent"
        params["required_pace"] = float(row["required_pace"]) / (100 if percent else 1)
        kinds["required_pace"] = "percent" if percent else "pace"


def _when(row: Mapping[str, Any], params: dict[str, Param], kinds: dict[str, str]) -> None:
    """Periods and spans of years."""
    params["period"] = str(row.get("judged_period") or str(Period.at(float(row["deadline"]))))
    params["late_period"], params["deadline"] = str(row.get("late_fulfilment") or ""), str(Period.at(float(row["deadline"])))
    kinds |= dict.fromkeys(("period", "late_period", "deadline"), "period")
    if _known(row, "baseline_time"):
        base, at, end = float(row["baseline_time"]), float(row["at"]), float(row["deadline"])
        params |= {"baseline_period": str(Period.at(base)), "years_done": at - base, "years": end - base}
        kinds |= {"baseline_period": "period", "years_done": "years", "years": "years"}
    params["years_left"], kinds["years_left"] = float(row["deadline"]) - float(row["at"]), "years"


STRAIGHT = "%(baseline_value)s + (%(goal_level)s − %(baseline_value)s) × %(elapsed)s"
CURVED = "%(baseline_value)s × (%(goal_level)s ÷ %(baseline_value)s) ^ %(elapsed)s"
EXPECTED = {"linear": STRAIGHT, "geometric": CURVED, "stepped": STRAIGHT, "schedule": CURVED, "rebased": CURVED}
PROGRESS = {
    "linear_share": "(%(compared)s − %(baseline_value)s) ÷ (%(goal_level)s − %(baseline_value)s) = %(progress)s",
    "extrapolation": "(%(compared)s − %(baseline_value)s) ÷ (%(goal_level)s − %(baseline_value)s) = %(progress)s",
    "log_share": "ln(%(compared)s ÷ %(baseline_value)s) ÷ ln(%(goal_level)s ÷ %(baseline_value)s) = %(progress)s",
    "cagr_ratio": "ln(%(compared)s ÷ %(baseline_value)s) ÷ ln(%(goal_level)s ÷ %(baseline_value)s) = %(progress)s",
    "direct": "%(compared)s ÷ %(goal_level)s = %(progress)s",
}
RATIO = {
    "linear_share": "%(progress)s ÷ %(elapsed)s = %(ratio)s",
    "log_share": "%(progress)s ÷ %(elapsed)s = %(ratio)s",
    "cagr_ratio": "((%(compared)s ÷ %(baseline_value)s) ^ (1 ÷ %(years_done)s) − 1) ÷ "
    "((%(goal_level)s ÷ %(baseline_value)s) ^ (1 ÷ %(years)s) − 1) = %(ratio)s",
    "schedule": "%(progress)s ÷ %(planned_share)s = %(ratio)s",
    "extrapolation": "(%(baseline_value)s × (%(compared)s ÷ %(baseline_value)s) ^ (1 ÷ %(elapsed)s) − %(baseline_value)s) ÷ "
    "(%(goal_level)s − %(baseline_value)s) = %(ratio)s",
}
FALLING_DIRECT = "%(goal_level)s ÷ %(compared)s = %(progress)s"
MARGIN = {
    "on_track": "%(ratio)s − %(cut)s = %(margin)s",
    "at_risk": "%(cut)s − %(ratio)s = %(margin)s",
    "off_track": "%(low_cut)s − %(ratio)s = %(margin)s",
}


PUBLISHED = _("The province's own published figure is used, not the sum of its areas.")
BESIDE = _("The province's own published figure is used. Its areas together come to %(sum_value)s; published less areas is %(residual)s.")
BESIDE_SOME = _(
    "The province's own published figure is used. The %(reported)s of its %(due)s areas that reported come to %(sum_value)s; "
    "published less areas is %(residual)s."
)
BOUNDED = _(
    "If the missing areas changed since the same period of the year before like one of those that reported, "
    "the figure of all areas lies between %(low)s and %(high)s."
)
COUNTED = _("Whatever the missing areas report, between %(low)s and %(high)s areas meet the goal.")


def _steps(row: Mapping[str, Any], params: Mapping[str, Param]) -> Iterator[Step]:
    """The arithmetic in the order it was done; a step whose numbers do not all stand is left out (`missing` says why)."""
    for name, formula in _arithmetic(row):
        if formula and all(place in params for place in _places(formula)):
            yield Step(name, formula)


def _places(formula: str) -> list[str]:
    return [part.split(")s")[0] for part in formula.split("%(")[1:]]


def _arithmetic(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and formula of each step, "" where the shape has none."""
    used, rising = str(row["convention_used"]), float(row["d"]) > 0
    yield from _shape_steps(row)
    yield _("Expected by now"), _expected(row)
    difference = "%(value)s − %(expected)s" if rising else "%(expected)s − %(value)s"
    growth = str(row["kind"]).startswith("growth")
    yield _("Gap"), f"({difference}) × 100 = %(gap)s" if growth else f"{difference} = %(gap)s"
    yield _("Gap to a straight line"), _straight_gap(row)
    yield _("Gap as a share"), "" if growth else "%(gap)s ÷ |%(expected)s| = %(gap_share)s"
    yield _("Share of the way"), FALLING_DIRECT if used == "direct" and not rising else PROGRESS.get(_counted_as(row), "")
    yield _("Planned yearly change"), "(%(goal_level)s ÷ %(baseline_value)s) ^ (1 ÷ %(years)s) − 1 = %(planned_change)s"
    yield _("Pace"), "%(yearly_change)s ÷ %(planned_change)s = %(ratio)s" if _known(row, "planned_change") else RATIO.get(used, "")
    yield _("Distance to the next level"), MARGIN.get(str(row["status"]), "")
    yield _("Pace needed from here"), _needed(row)


def _counted_as(row: Mapping[str, Any]) -> str:
    """The convention of the share of the way: a schedule counts in logarithms where values have one sign, else along a line."""
    used = str(row["convention_used"])
    if used != "schedule":
        return used
    base, value, goal = (float(row.get(name) or 0) for name in ("baseline_value", "compared", "goal_level"))
    return "log_share" if base * value > 0 and base * goal > 0 else "linear_share"


def _shape_steps(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """How the value or the goal came about, where it is not simply the figure."""
    kind = str(row["kind"])
    if kind == "growth_yoy":
        now = "%(figure)s" if row.get("yearly_basis") == "same_period" else "%(annual)s"
        yield _("Growth within a year"), now + " ÷ %(year_before)s − 1 = %(value)s"
    elif kind == "growth_cagr":
        yield _("Growth a year since the baseline"), "(%(annual)s ÷ %(baseline_value)s) ^ (1 ÷ %(years_done)s) − 1 = %(value)s"
    else:
        yield _("Change since the baseline"), "%(compared)s ÷ %(baseline_value)s − 1 = %(change)s"
    if kind == "reduction":
        yield _("Goal from the planned cut"), "%(baseline_value)s × (1 − %(goal)s) = %(goal_level)s"


def _expected(row: Mapping[str, Any]) -> str:
    """The path's formula; a year's part where the figure is filed year-to-date."""
    if row["convention_used"] == "direct" or row["path"] == "none":
        return "%(goal_level)s = %(expected)s"
    path = str(row["path"])
    start = "path_start" if path == "rebased" else "baseline_value"
    curved = float(row.get("goal_level") or 0) * float(row.get(start) or 0) > 0
    formula = EXPECTED[path] if curved else STRAIGHT
    if _known(row, "planned_share") and path not in ("linear", "geometric"):
        formula = formula.replace("%(elapsed)s", "%(planned_share)s").replace("%(baseline_value)s", f"%({start})s")
    return (f"({formula}) × %(share)s" if float(row["share"]) != 1 else formula) + " = %(expected)s"


def _straight_gap(row: Mapping[str, Any]) -> str:
    """The linear gap stands beside that of any other path."""
    if row["convention_used"] == "direct" or row["path"] in ("linear", "none") or str(row["kind"]).startswith("growth"):
        return ""
    line = f"({STRAIGHT})" + (" × %(share)s" if float(row["share"]) != 1 else "")
    return (f"%(value)s − {line}" if float(row["d"]) > 0 else f"{line} − %(value)s") + " = %(gap_linear)s"


def _needed(row: Mapping[str, Any]) -> str:
    if row["kind"] == "growth_cagr":
        return ""
    if row["pace_unit"] == "percent":
        return "(%(goal_level)s ÷ %(compared)s) ^ (1 ÷ %(years_left)s) − 1 = %(required_pace)s"
    return "(%(goal_level)s − %(compared)s) ÷ %(years_left)s = %(required_pace)s"


def _members(row: Mapping[str, Any]) -> Iterator[str]:
    """What the province's figure rests on: the areas that reported, how far the others could move it, its own figure beside theirs."""
    if row.get("partial") and row["reason"] != "coverage_too_low":
        plain = round(float(row["reported"]) / float(row["due"]), 4) == round(_weight(row), 4)
        yield (
            _("%(reported)s of %(due)s areas have reported.")
            if plain
            else _("%(reported)s of %(due)s areas have reported, holding %(coverage_weight)s of the weight.")
        )
        if _known(row, "low"):
            yield COUNTED if _known(row, "pooled") else BOUNDED
        elif row.get("bounds_reason"):
            yield _("How far the missing areas could move the figure cannot be said.")
            yield REASONS[str(row["bounds_reason"])]
    if row.get("source") == "published":
        yield PUBLISHED if not _known(row, "sum_value") else BESIDE if row["reported"] == row["due"] else BESIDE_SOME


def _vintages(row: Mapping[str, Any]) -> Iterator[str]:
    """Growth and change between figures that are not equally final."""
    own, yearly = row.get("vintage"), str(row["kind"]) == "growth_yoy" or row.get("warning_level")
    if own and yearly and row.get("vintage_before") not in ("", None, own):
        yield _("The figure is %(vintage)s, that of the year before %(vintage_before)s; part of the change can come from revision.")
    if own and row["kind"] != "growth_yoy" and row.get("vintage_base") not in ("", None, own):
        yield _("The figure is %(vintage)s, the baseline %(vintage_base)s; part of the change can come from revision.")


def _weight(row: Mapping[str, Any]) -> float:
    """Share of the weight that has reported; by count in rows older than the weights."""
    return float(row["coverage_weight"] if _known(row, "coverage_weight") else float(row["reported"]) / float(row["due"] or 1))


def _notes(row: Mapping[str, Any], params: Mapping[str, Param]) -> Iterator[str]:
    """What a reader must know beside the sentence."""
    if row.get("convention_reason"):
        yield REASONS[str(row["convention_reason"])]
        yield _("The plain linear share is used instead.")
    growth = str(row["kind"]).startswith("growth")
    if not growth and _known(row, "share") and float(row["share"]) != 1 and "value" in params and "compared" in params:
        yield _("The value is what was filed so far this year, usually %(share)s of it; the whole year would be %(compared)s.")
    if _known(row, "pooled"):
        yield _("Areas that meet the goal are counted; all areas together stand at %(pooled)s.")
    yield from _members(row)
    yield from _vintages(row)
    if row.get("frozen"):
        yield _("The result is that of the deadline and does not change any more.")
