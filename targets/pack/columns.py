"""The columns of each file of a pack, as docs/pack-format.md lists them."""

from collections.abc import Mapping
from dataclasses import dataclass

from targets.progress.types import COLOURS, CONVENTION_NAMES, KINDS, METHODS, PATH_NAMES, READ_ONLY_METHODS, SHAPES


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: text, int, number, date, yes or codes (a ;-list). `words`: the only values allowed. `refers`: whose codes it names."""

    name: str
    required: bool = False
    kind: str = "text"
    words: tuple[str, ...] = ()
    refers: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """`key`: the columns that identify a row; `code`: the column other files refer to."""

    key: tuple[str, ...]
    columns: tuple[Column, ...]
    code: str = "code"


def _must(name: str, kind: str = "text", words: tuple[str, ...] = (), refers: str = "") -> Column:
    return Column(name, True, kind, words, refers)


def _may(name: str, kind: str = "text", words: tuple[str, ...] = (), refers: str = "") -> Column:
    return Column(name, False, kind, words, refers)


_NAMES = (_must("name_zh"), _must("name_en"))
_NOTES = (_may("note_zh"), _may("note_en"))

# In loading order: a file refers only to files above it, or to itself.
FILES: Mapping[str, File] = {
    "areas": File(
        ("code",),
        (
            _must("code"),
            *_NAMES,
            _must("short_zh"),
            _must("kind", words=("province", "prefecture", "county", "park")),
            _may("parent", refers="areas"),
            _may("valid_from", "date"),
            _may("valid_to", "date"),
            _may("succeeds", refers="areas"),
            *_NOTES,
        ),
    ),
    "units": File(("unit",), (_must("unit"), _must("name_en")), code="unit"),
    "sectors": File(("code",), (_must("code"), *_NAMES)),
    "indicators": File(
        ("code",),
        (
            _must("code"),
            *_NAMES,
            _may("unit", refers="units"),
            _must("kind", words=("flow", "stock", "ratio", "milestone", "rate", "level_code")),
            _must("sector", refers="sectors"),
            _must("direction", words=("up", "down", "none")),
            _must("rollup", words=("sum", "ratio_of_sums", "milestone", "none")),
            _must("decimals", "int"),
            _may("numerator", refers="indicators"),
            _may("denominator", refers="indicators"),
            _may("formula", "codes", refers="indicators"),
            _may("scale", "number"),
            _may("min", "number"),
            _may("max", "number"),
            _must("frequency", words=("Q", "A", "P")),
            _must("reported", words=("reported", "derived")),
            _may("part_of_whole", "yes"),
            _may("rate_of", refers="indicators"),
            _may("register", "yes"),
            *_NOTES,
        ),
    ),
    "rule_sets": File(
        ("code", "valid_from", "parameter"),
        (
            _must("code"),
            *_NAMES,
            _must("valid_from", "date"),
            _may("valid_to", "date"),
            _must("method", words=(*METHODS, *READ_ONLY_METHODS)),
            _may("parameter"),
            _may("value", "number"),
            *_NOTES,
        ),
    ),
    "rule_levels": File(
        ("rule_set", "valid_from", "level"),
        (
            _must("rule_set", refers="rule_sets"),
            _must("valid_from", "date"),
            _must("level"),
            _must("word_zh"),
            _must("word_en"),
            _must("colour", words=COLOURS),
            _must("shape", words=SHAPES),
            _may("lower", "number"),
            _may("lower_inclusive", "yes"),
            _may("upper", "number"),
            _may("upper_inclusive", "yes"),
        ),
        code="rule_set",
    ),
    "plans": File(
        ("code",),
        (
            _must("code"),
            *_NAMES,
            _must("area", refers="areas"),
            _may("issuer_zh"),
            _may("issuer_en"),
            _may("reference"),
            _must("period_start", "int"),
            _must("period_end", "int"),
            _must("version"),
            *_NOTES,
        ),
    ),
    "targets": File(
        ("code",),
        (
            _must("code"),
            _may("plan", refers="plans"),
            _must("indicator", refers="indicators"),
            _must("sector", refers="sectors"),
            *_NAMES,
            _must("clause"),
            _must("kind", words=KINDS),
            _may("unit", refers="units"),
            _may("operator", words=(">=", ">", "<=", "<", "done")),
            _may("value", "number"),
            _may("value_high", "number"),
            _may("tolerance", "number"),
            _may("baseline_year", "int"),
            _may("baseline_value", "number"),
            _may("period_start", "int"),
            _must("target_year", "int"),
            _must("scope"),
            _must("wording", words=("ensure", "complete", "reach", "strive", "promote", "foster", "approach", "expected")),
            _must("aggregation", words=("sum", "ratio_of_sums", "all_of", "milestone", "derived")),
            _must("convention", words=CONVENTION_NAMES),
            _may("schedule", "codes"),
            _must("path", words=PATH_NAMES),
            _must("baseline_rule"),
            _must("allocation", words=("split", "same", "none")),
            _may("allocation_key"),
            _must("profile", refers="rule_sets"),
            _must("date_basis", words=("stated", "assumed")),
            _must("binding", words=("binding", "expected")),
            _may("headline", "yes"),
            _may("reading_zh"),
            _may("reading_en"),
            _may("doubt_zh"),
            _may("doubt_en"),
        ),
    ),
    "allocations": File(
        ("allocation", "version", "key", "area"),
        (_must("allocation"), _must("version"), *_NAMES, _must("key"), _must("area", refers="areas"), _must("weight", "number"), *_NOTES),
        code="key",
    ),
    "arithmetic": File(
        ("code",),
        (
            _must("code"),
            *_NAMES,
            _must("check", words=("sum", "growth", "implied_denominator", "overlap")),
            _may("clause"),
            _may("parts", "codes", refers="targets"),
            _must("whole", refers="targets"),
            _may("stated", "number"),
            _may("unit"),
            _may("observed", refers="indicators"),
            *_NOTES,
        ),
    ),
    "calendar": File(("day",), (_must("day", "date"), _must("kind", words=("holiday", "workday")), *_NAMES, _may("source")), code="day"),
    "forms": File(
        ("form", "indicator"),
        (
            _must("form"),
            *_NAMES,
            _may("frequency", words=("Q", "A")),
            _must("due_days", "int"),
            _may("due_rule", words=("calendar", "after_holidays", "after_days_off", "working_days")),
            _may("indicator", refers="indicators"),
            _may("areas", "codes"),
            _may("valid_from", "int"),
            _may("valid_to", "int"),
        ),
        code="form",
    ),
    "bureaus": File(("code",), (_must("code"), *_NAMES, _must("areas", "codes", refers="areas"), _may("forms", "codes", refers="forms"))),
}
