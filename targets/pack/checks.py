"""What must hold between the rows of a pack. Each check yields every fault it finds."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from targets.pack.columns import FILES
from targets.pack.reading import Fault, Pack

Known = Mapping[str, frozenset[str]]
_BASELINE = re.compile(r"fixed|first_observation|actual_\d{4}|previous_year|zero_before_start|none")


def check_pack(pack: Pack, known: Known) -> Iterator[Fault]:
    """All faults between rows; a fault inside a cell has been told already and leaves None there."""
    for check in (_duplicates, _references, _scopes, _targets, _weights, _ratios, _forms):
        yield from check(pack, known)


def _exists(code: str, file: str, pack: Pack, known: Known) -> bool:
    return code in pack.codes(file) or code in known.get(file, frozenset())


def _duplicates(pack: Pack, known: Known) -> Iterator[Fault]:
    for name, file in FILES.items():
        seen: dict[tuple[object, ...], int] = {}
        for row in pack[name]:
            key = tuple(row[column] for column in file.key)
            if key in seen:
                yield row.fault(file.key[0], f"{'/'.join(str(part) for part in key)} stands in line {seen[key]} already")
            seen.setdefault(key, row.line)


def _references(pack: Pack, known: Known) -> Iterator[Fault]:
    for name, file in FILES.items():
        for column in (column for column in file.columns if column.refers):
            for row in pack[name]:
                value = row[column.name]
                for code in value if isinstance(value, tuple) else (value,):
                    if code and not _exists(code, column.refers, pack, known):
                        yield row.fault(column.name, f"“{code}” is not in {column.refers}.csv")


def _scopes(pack: Pack, known: Known) -> Iterator[Fault]:
    for row in pack["targets"]:
        for code in (row["scope"] or "").split(";"):
            if code and code not in ("province", "each_region") and not _exists(code, "areas", pack, known):
                yield row.fault("scope", f"“{code}” is not an area; say province, each_region or area codes")


def _targets(pack: Pack, known: Known) -> Iterator[Fault]:
    keys = pack.codes("allocations")
    several_plans = len(pack["plans"]) != 1
    for row in pack["targets"]:
        if row["baseline_rule"] and not _BASELINE.fullmatch(row["baseline_rule"]):
            yield row.fault("baseline_rule", f"baseline_rule “{row['baseline_rule']}” is unknown")
        if row["baseline_rule"] == "fixed" and row["baseline_year"] is None:
            yield row.fault("baseline_year", "a fixed baseline needs its year")
        if row["baseline_rule"] == "zero_before_start" and row["period_start"] is None:
            yield row.fault("period_start", "counting from zero needs the first year of the count")
        if row["kind"] not in ("milestone", None) and row.is_empty("value"):
            yield row.fault("value", "a target that is not a milestone needs its value")
        if (row["kind"] == "milestone") != (row["convention"] == "evidence"):
            yield row.fault("convention", "milestones, and only they, are judged by evidence")
        if row["allocation"] == "split" and row["allocation_key"] not in keys and "allocations" in pack.rows:
            yield row.fault("allocation_key", f"no weights for the key “{row['allocation_key'] or ''}” in allocations.csv")
        if several_plans and row["plan"] is None:
            yield row.fault("code", "name the plan in a column “plan”: this pack has not exactly one")


def _weights(pack: Pack, known: Known) -> Iterator[Fault]:
    sums: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    last = {}
    for row in pack["allocations"]:
        if row["weight"] is not None:
            key = (row["allocation"], row["version"], row["key"])
            sums[key] += row["weight"]
            last[key] = row
    for key, total in sums.items():
        if total != 1:
            yield last[key].fault("weight", f"the weights of “{key[2]}” add up to {total}, not to 1")


def _ratios(pack: Pack, known: Known) -> Iterator[Fault]:
    for row in pack["indicators"]:
        if row["kind"] == "ratio" and not (row["numerator"] and row["denominator"]):
            yield row.fault("numerator", "a ratio needs numerator and denominator")
        if row["reported"] == "derived" and row["kind"] != "ratio" and not row["formula"]:
            yield row.fault("formula", "a derived indicator needs numerator and denominator, or a formula")


def _forms(pack: Pack, known: Known) -> Iterator[Fault]:
    for row in pack["forms"]:
        for code in row["areas"]:
            if code not in ("prefectures", "province") and not _exists(code, "areas", pack, known):
                yield row.fault("areas", f"“{code}” is not an area; say prefectures, province or area codes")
        if row["indicator"] and not row["areas"]:
            yield row.fault("areas", "say for which areas the form asks this indicator")
