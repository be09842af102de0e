"""All rules, in the order they run, and the one function that runs them. A new rule: a module here, an entry, its test."""

from collections.abc import Sequence
from dataclasses import replace

from indicators.rows import Cell, Finding, Heading, Row
from indicators.rules import (
    area_not_reported,
    derived_indicator,
    duplicate_row,
    future_period,
    indicator_not_in_form,
    intensity_identity,
    jump,
    milestone_without_evidence,
    missing_value,
    not_whole,
    out_of_bounds,
    part_exceeds_whole,
    parts_do_not_add,
    passport,
    past_figure_changed,
    period_frequency,
    period_mismatch,
    reading,
    register_differs,
    unit_mismatch,
    unit_slip,
    unknown_area,
    unknown_indicator,
    wrong_bureau,
    wrong_form,
    year_to_date_falls,
)
from indicators.rules.context import Context
from indicators.rules.rule import Rule, RuleModule
from indicators.telling import Tell, silent

__all__ = ["MODULES", "RULES", "Context", "Rule", "check_all"]

# The order matters: a part of a row found wrong by one is not looked at again by those after it that need it. So of the last
# four, the comparisons with other figures, only the first that applies speaks.
MODULES: tuple[RuleModule, ...] = (
    wrong_form,
    wrong_bureau,
    unknown_indicator,
    derived_indicator,
    unknown_area,
    area_not_reported,
    indicator_not_in_form,
    future_period,
    period_mismatch,
    period_frequency,
    duplicate_row,
    unit_mismatch,
    out_of_bounds,
    not_whole,
    register_differs,
    part_exceeds_whole,
    parts_do_not_add,
    intensity_identity,
    milestone_without_evidence,
    missing_value,
    year_to_date_falls,
    unit_slip,
    jump,
    past_figure_changed,
)
# Every code there is, those of reader and parser first: what the help page lists.
RULES: tuple[Rule, ...] = (*reading.RULES, *passport.RULES, *(module.RULE for module in MODULES))

_Line = tuple[str, int]


def check_all(rows: Sequence[Row], headings: Sequence[Heading], context: Context, tell: Tell = silent) -> list[Finding]:
    """Everything the rules find in `rows`, sorted by cell, what has no cell last. What reader and parser found comes on top."""
    context = replace(context, headings=tuple(headings))
    broken: dict[str, set[_Line]] = {"indicator": set(), "area": set(), "period": _without_period(rows), "value": set()}
    found: dict[tuple[str, Cell | None, str, str], Finding] = {}
    for number, module in enumerate(MODULES):
        tell(number / len(MODULES))
        sound = _sound(rows, [broken[part] for part in module.RULE.needs if broken[part]])
        cells = set()
        for finding in module.check(sound, context):
            found.setdefault((finding.rule, finding.cell, finding.indicator, finding.area), finding)
            cells.add(finding.cell)
        if module.RULE.breaks and cells:
            broken[module.RULE.breaks].update(_line(row) for row in sound if row.at(module.RULE.column) in cells)
    return sorted(found.values(), key=_place)


def _line(row: Row) -> _Line:
    return row.cell.sheet, row.cell.row


def _without_period(rows: Sequence[Row]) -> set[_Line]:
    return {_line(row) for row in rows if not row.period}


def _sound(rows: Sequence[Row], broken: Sequence[set[_Line]]) -> Sequence[Row]:
    if not broken:
        return rows
    unsound = set[_Line]().union(*broken)
    return [row for row in rows if _line(row) not in unsound]


def _place(finding: Finding) -> tuple[bool, str, int, int]:
    cell = finding.cell
    return (False, cell.sheet, cell.row, cell.column) if cell else (True, "", 0, 0)
