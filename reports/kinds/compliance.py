"""The compliance table: every target in every area at one period, with what was asked, what is, and why the status is so."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.marks import gettext_noop as _
from reports.document import Column, Document, Value


@dataclass(frozen=True, slots=True)
class Line:
    """One target in one area. Numbers are as stored, `units` theirs by name (goal, value, gap, required_pace);
    `explanation` is the status's trace as a sentence, `arithmetic` its lines with the numbers put in, `rule` the rule set and version."""

    target: str
    name: str
    clause: str
    area_code: str
    area: str
    allocated: bool
    units: Mapping[str, str]
    goal: Decimal | None
    value: Decimal | None
    expected: Decimal | None
    gap: Decimal | None
    gap_share: Decimal | None
    progress: Decimal | None
    required_pace: Decimal | None
    status: str
    explanation: str
    arithmetic: str
    rule: str


TITLES: tuple[tuple[str, int], ...] = (
    (_("Target"), 10),
    (_("Name"), 36),
    (_("Clause"), 14),
    (_("Area code"), 10),
    (_("Area"), 18),
    (_("Goal set by"), 16),
    (_("Goal"), 12),
    (_("Unit of the goal"), 14),
    (_("Value"), 12),
    (_("Expected by now"), 12),
    (_("Unit of the value"), 14),
    (_("Gap"), 12),
    (_("Unit of the gap"), 14),
    (_("Gap, share of expected, %"), 16),
    (_("Progress, share of the way, %"), 16),
    (_("Required pace from here"), 16),
    (_("Unit of the pace"), 16),
    (_("Status"), 10),
    (_("Why"), 60),
    (_("Arithmetic"), 60),
    (_("Rule"), 20),
)


def document(lines: Sequence[Line], *, title: str, heading: Sequence[tuple[str, str]], translate: Callable[[str], str]) -> Document:
    """`heading` carries plan, period, as-of date and the demonstration mark; `translate` puts our own words into the reader's language."""
    columns = [Column(translate(name), width) for name, width in TITLES]
    by_policy, allocated = translate(_("the policy")), translate(_("allocated, not in the policy"))
    return Document(title, heading, columns, [_row(line, allocated if line.allocated else by_policy) for line in lines])


def _row(line: Line, set_by: str) -> Sequence[Value]:
    return (
        line.target,
        line.name,
        line.clause,
        line.area_code,
        line.area,
        set_by,
        line.goal,
        line.units["goal"],
        line.value,
        line.expected,
        line.units["value"],
        line.gap,
        line.units["gap"],
        _percent(line.gap_share),
        _percent(line.progress),
        line.required_pace,
        line.units["required_pace"],
        line.status,
        line.explanation,
        line.arithmetic,
        line.rule,
    )


def _percent(share: Decimal | None) -> Decimal | None:
    return None if share is None else share * 100
