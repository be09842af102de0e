"""The area exists, and did at the end of the period: codes end and begin (632100 gave way to 630200 in 2013)."""

from collections.abc import Iterator, Sequence

from indicators.marks import gettext_noop as _
from indicators.rows import ERROR, Finding, Row
from indicators.rules.context import Context
from indicators.rules.figures import period_of
from indicators.rules.rule import Rule

RULE = Rule(
    "unknown_area",
    ERROR,
    _("Unknown area"),
    _(
        "The area code is missing, does not exist, or was not in force at the end of the period (areas are given new codes). "
        "Use the code that was in force then."
    ),
    column="area",
    breaks="area",
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    for row in rows:
        if not row.area:
            yield RULE.at(row, _("The row names no area. Fill in the area code."))
        elif row.area not in context.areas:
            yield RULE.at(row, _("There is no area %(found)s. Use a code of the list of areas."), found=row.area)
        elif row.period and row.area in context.area_dates and not _existed(row, context):
            yield RULE.at(
                row,
                _("The code %(found)s was not in force at the end of %(period)s. Use the code of that time."),
                found=row.area,
                period=row.period,
            )


def _existed(row: Row, context: Context) -> bool:
    first, last = context.area_dates[row.area]
    end = period_of(row.period).end
    return (first is None or first <= end) and (last is None or end <= last)
