"""One result under other rules: the barometer, the twin test, the score sheet, the completion-rate scheme, Open SDG. The status stays that
of the target's own rule set.

A row is any mapping with the result's columns (docs/methods.md), also one read back from the database. Sentences are message ids with
%(name)s places; whoever shows them translates them and writes the numbers of `params` by their kind: percent (a fraction),
change (a fraction with its sign), score, count and word (a message id)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil, isfinite, isnan, nan
from typing import Any, NamedTuple

from indicators.marks import gettext_noop as _
from indicators.periods import Period
from targets.progress import barometer, intensity, open_sdg, score_sheet
from targets.progress.reasons import REASONS
from targets.progress.types import Level, RuleSet, version_at

Row = Mapping[str, Any]
KINDS = {
    "warning_level": ("reduction",),
    "twin_test": ("reduction",),
    "score_sheet": ("reduction",),
    "completion_rate": ("level", "range", "ratio", "reduction", "growth_yoy", "growth_cagr", "cumulative", "benchmark"),
    "cagr_ratio": ("level", "range", "ratio", "reduction", "cumulative", "benchmark"),
}
WHY_NOT: Mapping[str, str] = REASONS | {
    "measures_not_scored": _(
        "The points for measures come from an inspection and are not scored here, so the grade cannot be said; they can add up to "
        "%(measures)s."
    ),
    "other_span": _("The schedule is made for %(steps)s years, the target runs over %(years)s."),
}


class Number(NamedTuple):
    """A number of a sentence and how it is written."""

    value: float | str
    kind: str = "percent"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a rule set says of a result. `level` is None where it cannot be told: `reason` names why (a code of WHY_NOT, also beside
    points that stand). `measure` is what met the bounds, `margin` the distance to `better`, the next level: of the yearly change for the
    barometer, else of the measure (all fractions). `score`: points of the sheet or the score of the scheme. `provisional`: the year is
    not over."""

    rule_set: RuleSet
    level: Level | None = None
    score: float | None = None
    measure: float | None = None
    margin: float | None = None
    better: Level | None = None
    sentence: str = ""
    params: Mapping[str, Number] = field(default_factory=dict)
    veto: bool = False
    provisional: bool = False
    reason: str = ""


def day_of(row: Row) -> Any:
    """The last day of the period the result is judged at: its own, after the deadline the deadline's."""
    return Period.parse(str(row.get("judged_period") or row["period"])).end


def readings(row: Row, rule_sets: Iterable[RuleSet]) -> Sequence[Reading]:
    """A reading of the row for each rule set that has levels and applies to its shape, by the version in force at its period's end."""
    by_code: dict[str, list[RuleSet]] = {}
    for rule in rule_sets:
        by_code.setdefault(rule.code, []).append(rule)
    held = [version_at(versions, day_of(row)) for versions in by_code.values()]
    used = [rule for rule in held if rule and rule.levels and row["kind"] in KINDS.get(rule.method, ())]
    found = [READERS[rule.method](row, rule) for rule in sorted(used, key=lambda rule: list(READERS).index(rule.method))]
    return [replace(reading, provisional=bool(row.get("unfinished"))) for reading in found]


@dataclass(frozen=True, slots=True)
class Completion:
    """How much of a planned cut is done, in percent: in logarithms, as progress within a plan is counted, and linear, as final reports
    state it. Where it rose there is neither, only `change` (a fraction)."""

    logarithmic: float | None
    linear: float | None
    change: float | None
    reason: str


def completion(row: Row) -> Completion | None:
    """The completion of a reduction; None for other shapes."""
    if row["kind"] != "reduction":
        return None
    done, why = _done(row)
    if why or done > 0:
        return Completion(None, None, None if why else done / 100, why or "wrong_way")
    cut = -float(row["goal"])
    return Completion(float(intensity.log_progress(cut, done)), float(intensity.linear_completion(cut, done)), done / 100, "")


def _number(row: Row, name: str) -> float:
    value = row.get(name)
    return nan if value is None else float(value)


def _why(row: Row, *names: str) -> str:
    """The first reason why one of these numbers does not stand."""
    return next((str(row[f"{name}_reason"]) for name in names if row.get(f"{name}_reason")), "no_value")


def _done(row: Row) -> tuple[float, str]:
    """The change since the baseline in percent, as the year stands, and why it cannot be said."""
    change, blind = _number(row, "change"), str(row.get("progress_reason") or "")
    if isnan(change) or isnan(_number(row, "goal")):
        return nan, _why(row, "gap", "change")
    if blind not in ("", "wrong_way"):
        return nan, blind
    return 100 * change, ""


def _year(row: Row) -> tuple[float, float, str]:
    """Change within a year and the planned one (the equal yearly rate of the whole cut) in percent, and why they cannot be compared."""
    span = _number(row, "deadline") - _number(row, "baseline_time")
    change, planned = 100 * _number(row, "yearly_change"), float(intensity.planned_annual(-_number(row, "goal"), span))
    if row.get("gap_reason") or isnan(planned):
        return nan, nan, _why(row, "gap")
    if _number(row, "at") <= _number(row, "baseline_time"):
        return nan, planned, "window_not_open"
    if isnan(change):
        return nan, planned, _why(row, "yearly")
    return change, planned, "" if planned < 0 else "baseline_equals_goal"


def _banded(reading: Reading, measure: float, scale: float = 1) -> Reading:
    """With the level a measure falls into and the distance to the next better one; `scale` makes it a fraction."""
    levels = [level for level in reading.rule_set.levels if not isnan(level.lower)]
    place = int(barometer.level_of(measure, levels))
    if place < 0:
        return reading
    level, better = levels[place], levels[place + 1] if place + 1 < len(levels) else None
    margin = barometer.margin(measure, level)
    return replace(reading, level=level, measure=measure / scale, margin=None if margin is None else margin / scale, better=better)


def _forward(reading: Reading) -> Reading:
    """Without a distance where it moved the wrong way: how much of a negative share is short of a positive one says nothing."""
    return replace(reading, margin=None, better=None) if reading.measure is not None and reading.measure < 0 else reading


def _called(rule: RuleSet, code: str) -> Level | None:
    return next((level for level in rule.levels if level.code == code), None)


def warning(row: Row, rule: RuleSet) -> Reading:
    """The national barometer by the rule of 2021."""
    change, planned, why = _year(row)
    if why:
        return Reading(rule, reason=why)
    params = {"yearly_change": Number(change / 100, "change"), "planned_change": Number(planned / 100, "change")}
    sentence = (
        _("Within a year it rose instead of falling, by %(yearly_change)s; the pace asks for %(planned_change)s a year.")
        if change > 0
        else _("Within a year it changed by %(yearly_change)s; the pace asks for %(planned_change)s a year.")
    )
    reading = _banded(Reading(rule, sentence=sentence, params=params), float(barometer.pace(change / 100, planned / 100)))
    return reading if reading.margin is None else replace(reading, margin=-reading.margin * planned / 100)


def twin(row: Row, rule: RuleSet) -> Reading:
    """The year's target and the cumulative schedule, each met or not."""
    change, planned, why = _year(row)
    done, unknown = _done(row)
    schedule, years = score_sheet.schedule_of(rule.parameters), _number(row, "deadline") - _number(row, "baseline_time")
    if why or unknown:
        return Reading(rule, reason=why or unknown)
    if round(years) != len(schedule):
        return Reading(rule, reason="other_span", params={"steps": Number(len(schedule), "count"), "years": Number(years, "count")})
    year = ceil(_number(row, "at") - _number(row, "baseline_time") - 1e-9)
    progress = float(intensity.log_progress(-_number(row, "goal"), done))
    annual, cumulative = bool(score_sheet.annual_met(-planned, -change)), bool(score_sheet.on_schedule(progress, year, schedule))
    points, veto = score_sheet.twin_points(annual, cumulative, rule.parameters)
    cell = {(True, True): "both", (False, True): "schedule_only", (True, False): "annual_only", (False, False): "neither"}
    params = {
        "year": Number(year, "count"),
        "yearly_change": Number(change / 100, "change"),
        "planned_change": Number(planned / 100, "change"),
        "annual": Number(MET[annual], "word"),
        "progress": Number(progress / 100),
        "change": Number(done / 100),
        "asked": Number(schedule[year - 1] / 100),
        "cumulative": Number(MET[cumulative], "word"),
    }
    level = _called(rule, cell[annual, cumulative])
    return Reading(rule, level, float(points), sentence=TWIN[done > 0], params=params, veto=bool(veto))


MET = {True: _("met"), False: _("not met")}
TWIN = {
    False: _(
        "Year %(year)s of the plan. The year: %(yearly_change)s against %(planned_change)s, %(annual)s. The schedule: %(progress)s of the "
        "cut against %(asked)s, %(cumulative)s."
    ),
    True: _(
        "Year %(year)s of the plan. The year: %(yearly_change)s against %(planned_change)s, %(annual)s. The schedule asks for %(asked)s of "
        "the cut; instead it has risen by %(change)s since the baseline: %(cumulative)s."
    ),
}


def sheet(row: Row, rule: RuleSet) -> Reading:
    """The points for the year's rate; a grade only where the veto gives it."""
    change, planned, why = _year(row)
    if why:
        return Reading(rule, reason=why)
    rate = float(intensity.linear_completion(planned, change))
    points, veto = score_sheet.sheet_points(rate, rule.parameters)
    place = int(score_sheet.grade(nan, not veto, rule.levels))
    params = {
        "completion": Number(rate / 100),
        "yearly_change": Number(change / 100, "change"),
        "planned_change": Number(planned / 100, "change"),
        "points": Number(float(points), "score"),
        "full": Number(rule.parameters["full"], "count"),
        "measures": Number(rule.parameters["measures"], "count"),
    }
    sentence = SHEET["rose" if change > 0 else "missed" if veto else "met"]
    reason = "" if veto else "measures_not_scored"
    level = rule.levels[place] if veto else None
    return Reading(rule, level, float(points), sentence=sentence, params=params, veto=bool(veto), reason=reason)


SHEET = {
    "met": _(
        "The year's completion is %(completion)s (%(yearly_change)s against %(planned_change)s): %(points)s points, where full "
        "completion gives %(full)s."
    ),
    "missed": _(
        "The year's completion is %(completion)s (%(yearly_change)s against %(planned_change)s): %(points)s points, where full "
        "completion gives %(full)s. The year's target is missed, and the veto decides, whatever the measures."
    ),
    "rose": _(
        "Within a year it changed by %(yearly_change)s, against %(planned_change)s: %(points)s points, where full completion gives "
        "%(full)s. The year's target is missed, and the veto decides, whatever the measures."
    ),
}


def completion_rate(row: Row, rule: RuleSet) -> Reading:
    """A local scheme by the completion of the pace due by now: the pace the status rests on, of a cut the logarithmic one."""
    if row["kind"] == "reduction":
        done, why = _done(row)
        elapsed = _number(row, "elapsed")
        pace = float(intensity.log_progress(-_number(row, "goal"), done)) / 100 / elapsed if elapsed > 0 else nan
        why = why or ("" if isfinite(pace) else _why(row, "elapsed", "progress"))
    else:
        pace = _number(row, "ratio")
        why = _why(row, "ratio") if isnan(pace) else ""
    if why:
        return Reading(rule, reason=why)
    sentence = _("The pace due by now is completed to %(completion)s.") if pace >= 0 else _("It moved the wrong way; nothing is completed.")
    return _forward(_banded(Reading(rule, sentence=sentence, params={"completion": Number(pace)}), 100 * pace, 100))


def growth_ratio(row: Row, rule: RuleSet) -> Reading:
    """Open SDG: achieved over required yearly growth. A zero is not replaced here: growth from it is not defined."""
    if row["kind"] == "reduction" and (blind := _done(row)[1]):
        return Reading(rule, reason=blind)
    names = ("baseline_time", "baseline_value", "at", "compared", "deadline", "goal_level", "d")
    given = [_number(row, name) for name in names]
    judged = open_sdg.judge(*given)
    status, why, ratio = (column[0] for column in (judged.status, judged.reason, judged.progress_value))
    score, word = float(judged.score[0]), open_sdg.REASONS[why]
    if word in SDG_REASONS or status == open_sdg.NOT_AVAILABLE:
        return Reading(rule, reason=SDG_REASONS.get(word) or _why(row, "gap", "baseline_value", "goal_level"))
    if status == open_sdg.ACHIEVED:
        return Reading(rule, _called(rule, "achieved"), score, sentence=_("The value meets the goal."))
    sentence = _("The yearly growth since the baseline is %(ratio)s of what the goal needs.")
    return _forward(_banded(Reading(rule, score=score, sentence=sentence, params={"ratio": Number(float(ratio))}), float(ratio)))


SDG_REASONS = {
    "target_zero_replaced": "sign_change",
    "base_zero_replaced": "zero_base",
    "zeros_replaced": "zero_base",
    "signs_differ": "sign_change",
    "one_point": "window_not_open",
    "under_one_year": "under_one_year",
    "no_way_to_go": "baseline_equals_goal",
    "too_large": "too_large",
}

READERS: Mapping[str, Callable[[Row, RuleSet], Reading]] = {
    "warning_level": warning,
    "twin_test": twin,
    "score_sheet": sheet,
    "completion_rate": completion_rate,
    "cagr_ratio": growth_ratio,
}


def moved(now: Iterable[Row], before: Iterable[Row], rule_sets: Sequence[RuleSet]) -> Iterator[tuple[str, Level, Level]]:
    """Areas whose warning level is another than in the period before: area code, level then, level now."""
    warnings = [rule for rule in rule_sets if rule.method == "warning_level"]

    def levels(rows: Iterable[Row]) -> dict[str, Level]:
        found = {str(row["area"]): reading.level for row in rows for reading in readings(row, warnings)}
        return {area: level for area, level in found.items() if level}

    then, today = levels(before), levels(now)
    for area, level in today.items():
        if area in then and then[area].code != level.code:
            yield area, then[area], level
