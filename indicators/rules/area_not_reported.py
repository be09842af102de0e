"""The bureau reports for the area."""

from collections.abc import Iterator, Sequence

from indicators.marks import gettext_noop as _
from indicators.rows import ERROR, Finding, Row
from indicators.rules.context import Context
from indicators.rules.rule import Rule

RULE = Rule(
    "area_not_reported",
    ERROR,
    _("Area of another bureau"),
    _("The sending bureau does not report for this area. Correct the area code, or leave the row to the bureau that does."),
    column="area",
    needs=("area",),
    breaks="area",
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    for row in rows:
        if row.area not in context.bureau_areas:
            yield RULE.at(
                row,
                _("%(bureau)s does not report for area %(found)s. Its areas: %(expected)s."),
                bureau=context.bureau,
                found=row.area,
                expected=", ".join(sorted(context.bureau_areas)),
            )
