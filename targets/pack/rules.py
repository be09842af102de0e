"""Rule sets of a pack as plain data, and what must hold of them: versions follow each other, levels cover the whole measure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from math import inf, isnan, nan
from typing import Any

from targets.pack.reading import Fault, Pack, PackRow
from targets.progress.barometer import RULE_2021
from targets.progress.types import METHODS, Level, RuleSet, version_at

Known = Mapping[str, frozenset[str]]
Version = tuple[str, Any]  # code and valid_from

PARAMETERS: Mapping[str, frozenset[str]] = {
    "pace": frozenset({"on_track", "at_risk", "milestone_risk", "milestone_off", "coverage"}),
    "warning_level": frozenset({"coverage"}),
    "completion_rate": frozenset(),
    "cagr_ratio": frozenset(),
    "twin_test": frozenset({"both", "schedule_only", "annual_only", "neither"}),
    "score_sheet": frozenset({"full", "step", "step_points", "least", "bonus", "bonus_cap", "measures"}),
}
OWN_STATUSES = "pace"  # its levels are the five statuses
BY_NAME: Mapping[str, frozenset[str]] = {  # levels without bounds, which the method gives by another test than its measure
    "cagr_ratio": frozenset({"achieved"}),
    "twin_test": frozenset({"both", "schedule_only", "annual_only", "neither"}),
}


def rule_sets(pack: Pack) -> Mapping[Version, RuleSet]:
    """Each dated version of a pack's rule sets as the engine takes it, by code and first day; levels lowest first."""
    return {key: _rule_set(rows, _levels_of(pack, key)) for key, rows in _versions(pack).items() if key[1] is not None}


def _rule_set(rows: Sequence[PackRow], levels: Sequence[PackRow]) -> RuleSet:
    code, first = rows[0]["code"], rows[0]["valid_from"]
    parameters = {row["parameter"]: float(row["value"]) for row in rows if row["parameter"] and row["value"] is not None}
    ordered = tuple(sorted(map(_level, levels), key=_place))
    return RuleSet(code, rows[0]["method"], parameters, f"{code}@{first:%Y-%m-%d}", ordered, first, rows[0]["valid_to"])


def _place(level: Level) -> tuple[bool, float, float]:
    return (isnan(level.lower), level.lower, level.upper)


def _level(row: PackRow) -> Level:
    words = (row["level"] or "", row["word_zh"] or "", row["word_en"] or "", row["colour"] or "", row["shape"] or "")
    lower, upper = row["lower"], row["upper"]
    if lower is None and upper is None:
        return Level(*words, lower=nan, upper=nan)
    return Level(
        *words,
        lower=-inf if lower is None else float(lower),
        lower_inclusive=lower is None or bool(row["lower_inclusive"]),
        upper=inf if upper is None else float(upper),
        upper_inclusive=bool(row["upper_inclusive"]),
    )


def _versions(pack: Pack) -> Mapping[Version, Sequence[PackRow]]:
    versions: dict[Version, list[PackRow]] = {}
    for row in pack["rule_sets"]:
        versions.setdefault((row["code"], row["valid_from"]), []).append(row)
    return versions


def _levels_of(pack: Pack, key: Version) -> Sequence[PackRow]:
    return [row for row in pack["rule_levels"] if (row["rule_set"], row["valid_from"]) == key]


def check_rule_sets(pack: Pack, known: Known) -> Iterator[Fault]:
    """All faults of rule sets and their levels."""
    versions = _versions(pack)
    for key, rows in versions.items():
        yield from _parameters(rows)
        yield from _same(rows)
        yield from _levels(rows, _levels_of(pack, key))
    yield from _dates(versions)
    for row in pack["rule_levels"]:
        if row["rule_set"] and row["valid_from"] and (row["rule_set"], row["valid_from"]) not in versions:
            yield row.fault("valid_from", f"“{row['rule_set']}” has no version of this date in rule_sets.csv of this pack")
    yield from _profiles(pack, known, versions)


def _parameters(rows: Sequence[PackRow]) -> Iterator[Fault]:
    asked = PARAMETERS.get(rows[0]["method"])
    if asked is None:
        return
    for row in rows:
        name = row["parameter"]
        if name and name not in asked and not (row["method"] == "twin_test" and _year(name)):
            yield row.fault(
                "parameter", f"parameter “{name}” is none of {', '.join(sorted(asked)) or 'those of this method, which has none'}"
            )
        if bool(name) != (not row.is_empty("value")):
            yield row.fault("value", "a parameter and its value stand together")
    given = {row["parameter"] for row in rows if row["parameter"]}
    if missing := asked - given:
        yield rows[-1].fault("parameter", f"“{rows[0]['code']}” has no {', '.join(sorted(missing))}")
    years = sorted(filter(None, map(_year, given)))
    if rows[0]["method"] == "twin_test" and (not years or years != list(range(1, len(years) + 1))):
        yield rows[-1].fault("parameter", f"“{rows[0]['code']}” needs its schedule: year_1, year_2 and so on, none left out")


def _year(name: str) -> int:
    """1 for year_1; 0 if it is no year of a schedule."""
    number = name.removeprefix("year_")
    return int(number) if name != number and number.isdecimal() else 0


def _same(rows: Sequence[PackRow]) -> Iterator[Fault]:
    for row in rows[1:]:
        for name in ("method", "valid_to"):
            if row[name] != rows[0][name]:
                yield row.fault(name, f"differs from line {rows[0].line}, which is the same version")


def _dates(versions: Mapping[Version, Sequence[PackRow]]) -> Iterator[Fault]:
    """A version ends where the next begins; one that names no end ends there by itself."""
    dated = [rows[0] for (_, first), rows in versions.items() if first is not None]
    for row in dated:
        if row["valid_to"] is not None and row["valid_to"] <= row["valid_from"]:
            yield row.fault("valid_to", "a version does not end before it begins; valid_to is the first day it no longer holds")
    for row, following in pairwise(sorted(dated, key=lambda row: (row["code"] or "", row["valid_from"]))):
        if row["code"] == following["code"] and row["valid_to"] not in (None, following["valid_from"]):
            fault = "overlaps with" if row["valid_to"] > following["valid_from"] else "leaves a gap before"
            yield row.fault("valid_to", f"{fault} the version of {following['valid_from']} in line {following.line}")


def _levels(rows: Sequence[PackRow], levels: Sequence[PackRow]) -> Iterator[Fault]:
    method, code = rows[0]["method"], rows[0]["code"]
    if levels and method == OWN_STATUSES:
        yield levels[0].fault("rule_set", "the levels of method pace are the five statuses; its bounds are on_track and at_risk")
    elif not levels and method not in (*METHODS, None):
        yield rows[0].fault("code", f"“{code}” has no levels in rule_levels.csv")
    elif levels and all(row[name] is not None or row.is_empty(name) for row in levels for name in ("lower", "upper")):
        named, measured = [row for row in levels if isnan(_level(row).lower)], [row for row in levels if not isnan(_level(row).lower)]
        yield from _named(rows[0], named)
        yield from _bounds(measured) if measured else ()
        if method == "warning_level" and {_key(row) for row in levels} != {_bounds_of(level) for level in RULE_2021}:
            yield levels[0].fault("lower", "warning levels are 1 below a pace of 0, 2 from 0 to below 1, 3 from 1 on")


def _named(version: PackRow, named: Sequence[PackRow]) -> Iterator[Fault]:
    """Levels without bounds are exactly those the method gives by name."""
    asked = BY_NAME.get(version["method"], frozenset())
    if missing := asked - {row["level"] for row in named}:
        yield version.fault("code", f"rule_levels.csv has no level without bounds named {', '.join(sorted(missing))}")
    for row in named:
        if row["level"] not in asked:
            yield row.fault("lower", "a level of this method needs a bound")


def _key(row: PackRow) -> tuple[Any, ...]:
    return _bounds_of(_level(row))


def _bounds_of(level: Level) -> tuple[Any, ...]:
    return level.code, level.lower, level.lower_inclusive, level.upper, level.upper_inclusive


def _bounds(levels: Sequence[PackRow]) -> Iterator[Fault]:
    """Together the levels hold every value once."""
    ordered = sorted(levels, key=lambda row: _place(_level(row)))
    for row in ordered:
        level = _level(row)
        if level.lower > level.upper or (level.lower == level.upper and not (level.lower_inclusive and level.upper_inclusive)):
            yield row.fault("upper", "no value lies between these bounds")
    if not ordered[0].is_empty("lower"):
        yield ordered[0].fault("lower", "no level lies below; leave the lower bound of the lowest level empty")
    if not ordered[-1].is_empty("upper"):
        yield ordered[-1].fault("upper", "no level lies above; leave the upper bound of the highest level empty")
    for below, above in pairwise(ordered):
        one, other = _level(below), _level(above)
        shared = one.upper == other.lower and one.upper_inclusive and other.lower_inclusive
        if one.upper > other.lower or shared:
            yield above.fault("lower", f"overlaps with the level in line {below.line}")
        elif one.upper < other.lower or not (one.upper_inclusive or other.lower_inclusive):
            yield above.fault("lower", f"leaves a gap above the level in line {below.line}")


def _profiles(pack: Pack, known: Known, versions: Mapping[Version, Sequence[PackRow]]) -> Iterator[Fault]:
    """A status needs a method that gives one, and a version that holds from the target's first period to its deadline. Versions that are
    already in the database are not seen here."""
    specs = rule_sets(pack)
    plans = [row for row in pack["plans"] if row["period_start"]]
    for row in pack["targets"]:
        own = [specs[key] for key in specs if key[0] == row["profile"]]
        if any(rule.method not in (*METHODS, None) for rule in own):
            yield row.fault("profile", f"“{row['profile']}” gives readings, no status; a profile has the method {' or '.join(METHODS)}")
        elif own and row["profile"] not in known.get("rule_sets", ()):
            missing = next((day for day in _days(row, plans) if version_at(own, day) is None), None)
            if missing:
                yield row.fault("profile", f"no version of “{row['profile']}” holds on {missing}")


def _days(target: PackRow, plans: Sequence[PackRow]) -> Iterator[date]:
    """The last days of a target's first and last periods."""
    start = next((plan["period_start"] for plan in plans if target["plan"] in (None, plan["code"])), None)
    if start and target["period_start"] and target["period_start"] < start:
        yield date(target["period_start"], 12, 31)
    elif start:
        yield date(start, 3, 31)
    if target["target_year"]:
        yield date(target["target_year"], 12, 31)
