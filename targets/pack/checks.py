"""What must hold between the rows of a pack. Each check yields every fault it finds."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from indicators.working_days import SATURDAY
from targets.pack.columns import FILES
from targets.pack.reading import Fault, Pack, PackRow
from targets.pack.rules import check_rule_sets

Known = Mapping[str, frozenset[str]]
_BASELINE = re.compile(r"fixed|first_observation|actual_\d{4}|previous_year|zero_before_start|none")
_CODE = re.compile(r"[-A-Za-z0-9_]+")
_LONGEST = {"areas": 12, "sectors": 30, "indicators": 20, "targets": 20}  # files whose codes stand in addresses, with their longest
_LEADS_TO = {"areas": ("parent",), "indicators": ("numerator", "denominator", "formula")}


def check_pack(pack: Pack, known: Known) -> Iterator[Fault]:
    """All faults between rows; a fault inside a cell has been told already and leaves None there."""
    for check in (
        _codes,
        _duplicates,
        _references,
        _loops,
        check_rule_sets,
        _plans,
        _scopes,
        _targets,
        _weights,
        _indicators,
        _calendar,
        _forms,
    ):
        yield from check(pack, known)


def _exists(code: str, file: str, pack: Pack, known: Known) -> bool:
    return code in pack.codes(file) or code in known.get(file, frozenset())


def _codes(pack: Pack, known: Known) -> Iterator[Fault]:
    for name, longest in _LONGEST.items():
        for row in pack[name]:
            if row["code"] and not (_CODE.fullmatch(row["code"]) and len(row["code"]) <= longest):
                yield row.fault("code", f"a code here is made of at most {longest} letters A-Z, a-z, digits, - and _")


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


def _listed(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if value else ()


def _loops(pack: Pack, known: Known) -> Iterator[Fault]:
    """What lies in itself, or is computed from itself, at any distance."""
    for name, columns in _LEADS_TO.items():
        next_to = {row["code"]: {code for column in columns for code in _listed(row[column])} for row in pack[name]}
        for row in pack[name]:
            for column in columns:
                if row["code"] in _reached(set(_listed(row[column])), next_to):
                    yield row.fault(column, f"leads back to “{row['code']}” itself")


def _reached(found: set[str], next_to: Mapping[str, set[str]]) -> set[str]:
    while more := {code for one in found for code in next_to.get(one, ())} - found:
        found |= more
    return found


def _plans(pack: Pack, known: Known) -> Iterator[Fault]:
    for row in pack["plans"]:
        if row["period_start"] and row["period_end"] and row["period_end"] < row["period_start"]:
            yield row.fault("period_end", "a plan does not end before it begins")


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
        if row["kind"] == "range" and row.is_empty("value_high"):
            yield row.fault("value_high", "a range needs its upper end")
        yield from _way(row)
        if row["allocation"] == "split" and row["allocation_key"] not in keys and "allocations" in pack.rows:
            yield row.fault("allocation_key", f"no weights for the key “{row['allocation_key'] or ''}” in allocations.csv")
        if several_plans and row["plan"] is None:
            yield row.fault("code", "name the plan in a column “plan”: this pack has not exactly one")


def _way(row: PackRow) -> Iterator[Fault]:
    if (row["kind"] == "milestone") != (row["convention"] == "evidence"):
        yield row.fault("convention", "milestones, and only they, are judged by evidence")
    if row["schedule"] and not _is_schedule(row["schedule"]):
        yield row.fault("schedule", "a schedule is rising shares in percent, the last 100, such as 20;40;60;80;100")


def _is_schedule(shares: Sequence[str]) -> bool:
    if not all(re.fullmatch(r"\d+(\.\d+)?", share) for share in shares):
        return False
    numbers = [Decimal(share) for share in shares]
    return numbers[-1] == 100 and all(earlier < later for earlier, later in pairwise(numbers))


def _weights(pack: Pack, known: Known) -> Iterator[Fault]:
    sums: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    last = {}
    for row in pack["allocations"]:
        if row["weight"] is not None:
            if not 0 <= row["weight"] <= 1:
                yield row.fault("weight", "a weight lies between 0 and 1")
            key = (row["allocation"], row["version"], row["key"])
            sums[key] += row["weight"]
            last[key] = row
    for key, total in sums.items():
        if total != 1:
            yield last[key].fault("weight", f"the weights of “{key[2]}” add up to {total}, not to 1")


def _indicators(pack: Pack, known: Known) -> Iterator[Fault]:
    for row in pack["indicators"]:
        if row["decimals"] is not None and not 0 <= row["decimals"] <= 9:
            yield row.fault("decimals", "decimals lie between 0 and 9")
        if row["kind"] == "ratio" and not (row["numerator"] and row["denominator"]):
            yield row.fault("numerator", "a ratio needs numerator and denominator")
        if row["register"] and (row["kind"], row["reported"]) != ("stock", "reported"):
            yield row.fault("register", "only a reported stock can be the sum of the finished projects in the register")
        if row["reported"] == "derived" and row["kind"] != "ratio" and not row["formula"]:
            yield row.fault("formula", "a derived indicator needs numerator and denominator, or a formula")


def _calendar(pack: Pack, known: Known) -> Iterator[Fault]:
    for row in pack["calendar"]:
        if row["kind"] == "workday" and row["day"] and row["day"].weekday() < SATURDAY:
            yield row.fault("day", "from Monday to Friday every day is worked that is no holiday; only a weekend day makes up for one")


def _forms(pack: Pack, known: Known) -> Iterator[Fault]:
    said: dict[str, tuple[object, ...]] = {}
    for row in pack["forms"]:
        if said.setdefault(row["form"], when := (row["frequency"], row["due_days"], row["due_rule"])) != when:
            yield row.fault("due_rule", "all rows of a form say the same frequency, due_days and due_rule")
        if row["due_days"] is not None and not 0 <= row["due_days"] <= 366:
            yield row.fault("due_days", "due_days lie between 0 and 366")
        for code in row["areas"]:
            if code not in ("prefectures", "province") and not _exists(code, "areas", pack, known):
                yield row.fault("areas", f"“{code}” is not an area; say prefectures, province or area codes")
        if row["indicator"] and not row["areas"]:
            yield row.fault("areas", "say for which areas the form asks this indicator")
