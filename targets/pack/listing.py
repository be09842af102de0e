"""A pack's targets as a page of Markdown (docs/targets.md): what each asks for, how it is read and judged, when nothing can be said."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from targets import words
from targets.pack.reading import Pack, PackRow

HEAD = """# The targets of {plan} {name}

Made from the pack by `./qh manage list_targets`; a test holds it to the pack. Words: [pack-format.md](pack-format.md); formulas, statuses
and reason codes: [methods.md](methods.md). {total} targets: {judged} with a number or a benchmark, {milestones} milestones.

The goals below the province are not in the policy: a named, versioned demonstration allocation makes them. Reasons that speak of the
baseline count until the goal is met or the deadline has come; for cuts and growth they always count. Areas are judged like the
province, by their own figures."""

OPERATORS: Mapping[str, str] = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than"}
METHODS: Mapping[str, str] = {"pace": "pace", "warning_level": "warning level (the change within a year)"}
AGGREGATIONS: Mapping[str, str] = {
    "sum": "sum of the areas",
    "ratio_of_sums": "summed numerators over summed denominators",
    "all_of": "number of areas that meet the goal, out of all",
    "milestone": "lowest stage of the areas",
    "derived": "computed from the province's own sums",
}
GROWING = ("log_share", "cagr_ratio")


def listing(pack: Pack) -> str:
    """The page. Needs a faultless pack that holds all it refers to, not an overlay."""
    plan, targets = pack["plans"][0], pack["targets"]
    milestones = sum(target["kind"] == "milestone" for target in targets)
    head = HEAD.format(plan=plan["code"], name=plan["name_zh"], total=len(targets), judged=len(targets) - milestones, milestones=milestones)
    sectors = {row["code"]: f"## {row['name_en']} {row['name_zh']}" for row in pack["sectors"]}
    parts = [head]
    for code, title in sectors.items():
        own = [target for target in targets if target["sector"] == code]
        parts += [title, *(_target(target, pack) for target in own)] if own else []
    return "\n\n".join(parts) + "\n"


def _target(target: PackRow, pack: Pack) -> str:
    lines = [f"### {target['code']} {target['name_en']} {target['name_zh']}", ""]
    lines += [f"- **{name}**: {text}" for name, text in _facts(target, pack) if text]
    lines += ["- **No data when**", *(f"  - `{code}`: {why}" for code, why in no_data_cases(target, pack).items())]
    return "\n".join(lines)


def _facts(target: PackRow, pack: Pack) -> Iterator[tuple[str, str]]:
    assumed = "" if target["date_basis"] == "stated" else " (year assumed, not in the text)"
    yield "Goal", f"{target['kind']}, {_goal(target, pack)} by the end of {target['target_year']}{assumed}"
    yield "Clause", f"{target['clause']}; {words.WORDING[target['wording']]}; {words.BINDING[target['binding']]}"
    yield "Baseline", baseline(target, pack)
    yield "Path", "" if target["path"] == "none" else f"{words.PATHS[target['path']]} (`{target['path']}`)"
    method = METHODS[_by(pack, "rule_sets", target["profile"])["method"]]
    convention = target["convention"]
    yield "Judged by", f"{words.CONVENTIONS[convention]} (`{convention}`); status by {method}, rule set `{target['profile']}`"
    yield "Province", f"{AGGREGATIONS[target['aggregation']]} (`{target['aggregation']}`)"
    yield "Areas", f"{_scope(target, pack)}; {_allocation(target)}"
    yield "Figures", _figures(target["indicator"], pack)
    yield "Reading", target["reading_en"]
    yield "读法", target["reading_zh"]
    yield "Doubt", target["doubt_en"]
    yield "存疑", target["doubt_zh"]


def _by(pack: Pack, file: str, code: str, column: str = "code") -> PackRow:
    return next(row for row in pack[file] if row[column] == code)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _goal(target: PackRow, pack: Pack) -> str:
    if target["kind"] == "milestone":
        return "done"
    value = _plain(target["value"])
    unit = f"{target['unit']} ({_by(pack, 'units', target['unit'], 'unit')['name_en']})" if target["unit"] != "%" else "%"
    if target["kind"] == "reduction":
        return f"a cut of {OPERATORS[target['operator']]} {value} {unit}"
    if target["value_high"] is not None:
        return f"{value} to {_plain(target['value_high'])} {unit}"
    near = f", within {_plain(target['tolerance'] * 100)} % of it counts as met" if target["tolerance"] else ""
    return f"{OPERATORS[target['operator']]} {value} {unit}{near}"


def baseline(target: PackRow, pack: Pack) -> str:
    """The rule for the start of the path in words; a milestone has none. A stock starts from its first figure, a flow needs a full year."""
    rule = target["baseline_rule"]
    if target["kind"] == "milestone":
        return ""
    if rule == "first_observation" and not _is_flow(target["indicator"], pack):
        return "the first figure observed, as the clause names none (`first_observation`)"
    value = "" if target["baseline_value"] is None else f", {_plain(target['baseline_value'])}"
    return f"{words.baseline(rule) % {'year': _base_year(target)}}{value} (`{rule}`)"


def _base_year(target: PackRow) -> int:
    """The year a `fixed` or `actual_…` baseline stands at; 0 for the other rules."""
    rule = target["baseline_rule"]
    return int(rule[-4:]) if rule.startswith("actual_") else target["baseline_year"] if rule == "fixed" else 0


def _scope(target: PackRow, pack: Pack) -> str:
    own = _own_areas(target)
    if own:
        return ", ".join(f"{_by(pack, 'areas', code)['name_en']} ({code})" for code in own)
    return "every prefecture" if target["scope"] == "each_region" else "the whole province"


def _own_areas(target: PackRow) -> Sequence[str]:
    return [code for code in target["scope"].split(";") if code not in ("province", "each_region")]


def _allocation(target: PackRow) -> str:
    texts = {
        "split": f"goals per area split by the key `{target['allocation_key']}`",
        "same": "the same goal in each area",
        "none": "no goals per area",
    }
    return texts[target["allocation"]]


def _inputs(code: str, pack: Pack) -> Sequence[str]:
    """What an indicator is computed from in one step; empty for a reported one."""
    row = _by(pack, "indicators", code)
    return row["formula"] or [part for part in (row["numerator"], row["denominator"]) if part]


def _leaves(code: str, pack: Pack) -> Sequence[str]:
    inputs = _inputs(code, pack)
    return list(dict.fromkeys(leaf for part in inputs for leaf in _leaves(part, pack))) if inputs else [code]


def _is_flow(code: str, pack: Pack) -> bool:
    row = _by(pack, "indicators", code)
    return row["kind"] == "flow" or (row["kind"] == "ratio" and any(_is_flow(part, pack) for part in _inputs(code, pack)))


def _figures(code: str, pack: Pack) -> str:
    row, inputs = _by(pack, "indicators", code), _inputs(code, pack)
    how = f" = {' + '.join(inputs)}" if row["formula"] else f" = {row['numerator']} ÷ {row['denominator']}" if inputs else ""
    scale = f" × {_plain(row['scale'])}" if inputs and row["scale"] not in (None, 1) else ""
    unit = f" in {row['unit']}" if row["unit"] else ""
    forms: dict[str, list[str]] = {}
    for leaf in _leaves(code, pack):
        asking = dict.fromkeys(form["form"] for form in pack["forms"] if form["indicator"] == leaf)
        forms.setdefault(" and ".join(asking) or "no form", []).append(leaf)
    filed = "; ".join(f"{', '.join(leaves)} filed by {form}" for form, leaves in forms.items())
    return f"`{code}`{how}{scale}{unit}; {filed}"


def no_data_cases(target: PackRow, pack: Pack) -> dict[str, str]:
    """Reason code → when nothing can be said of this target, in words. These are all the reasons its status can be "no data" for."""
    found = dict(_without_figure(target, pack))
    found |= dict(_without_baseline(target, pack))
    found["missing_at_deadline"] = f"no figure is known for the end of {target['target_year']}; this stays so for ever"
    return found


def _without_figure(target: PackRow, pack: Pack) -> Iterator[tuple[str, str]]:
    row, inputs = _by(pack, "indicators", target["indicator"]), _inputs(target["indicator"], pack)
    if inputs:
        yield "input_missing", f"{' or '.join(inputs)} is missing (for the province: in every area)"
    yield "no_value", "no area has all it takes" if inputs else "no figure is known for the period"
    if row["denominator"]:
        yield "denominator_zero", f"{row['denominator']} is zero"
    due = len(_own_areas(target))
    if due != 1 and row["rollup"] != "none":
        coverage = next(rule["value"] for rule in pack["rule_sets"] if (rule["code"], rule["parameter"]) == (target["profile"], "coverage"))
        partly = "; or it is done in some while others have not reported" if target["kind"] == "milestone" else _by_weight(target)
        which = f"of these {due} areas" if due else "of all prefectures"
        yield "coverage_too_low", f"fewer than {_plain(coverage * 100)} % {which} have reported{partly}"


def _by_weight(target: PackRow) -> str:
    return "" if target["aggregation"] == "all_of" else "; or those that have hold less than that of the weight"


def _without_baseline(target: PackRow, pack: Pack) -> Iterator[tuple[str, str]]:
    rule, year, flow = target["baseline_rule"], target["target_year"], _is_flow(target["indicator"], pack)
    if rule == "first_observation":
        first = "full year" if flow else "figure"
        yield "baseline_after_deadline", f"the first {first} known does not lie before the end of {year}"
        yield "window_not_open", f"at the first {first} itself and before it"
    if rule == "first_observation" and flow:
        yield "baseline_not_known", "no full year is known yet"
    if rule == "previous_year":
        yield "window_not_open", f"before {year}, the only year judged"
    if base := _base_year(target):
        yield "baseline_not_known", f"the figure of {base} is not known"
    if base and base >= _first_year(target, pack):
        yield "window_not_open", f"up to the end of {base}"
    if rule == "zero_before_start" and target["period_start"] > _first_year(target, pack):
        yield "window_not_open", f"before {target['period_start']}"
    if target["convention"] in GROWING and not flow:
        yield "under_one_year", "within a year of the baseline"
    yield from _without_change(target)


def _first_year(target: PackRow, pack: Pack) -> int:
    """The first year the target is assessed in: its own, or the plan's where that is earlier."""
    start = int(pack["plans"][0]["period_start"])
    return min(target["period_start"] or start, start)


def _without_change(target: PackRow) -> Iterator[tuple[str, str]]:
    """What growth and cuts need besides."""
    if target["kind"] in ("growth_yoy", "reduction"):
        yield "no_year_before", "no comparable figure of the year before is known"
    if target["kind"] == "growth_yoy":
        yield "coverage_changed", "not all areas reported in both years, so the sums cannot be compared"
    if target["kind"] in ("growth_yoy", "growth_cagr", "reduction"):
        yield "zero_base", "the figure to compare with is zero"
    if target["kind"] == "growth_cagr":
        yield "sign_change", "the value is zero"
