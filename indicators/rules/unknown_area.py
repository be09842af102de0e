"""The area has a code in force. Earlier years, too, are filed under the code in force."""

from collections.abc import Iterator, Sequence

from indicators.marks import gettext_noop as _
from indicators.rows import ERROR, Finding, Row
from indicators.rules.context import Context
from indicators.rules.rule import Rule

RULE = Rule(
    "unknown_area",
    ERROR,
    _("Unknown area"),
    _(
        "The area code is missing, does not exist, or is no longer in force (areas are given new codes). "
        "Use the code in force today, for figures of earlier years as well."
    ),
    column="area",
    breaks="area",
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    for row in rows:
        if not row.area:
            yield RULE.at(row, _("The row names no area. Fill in the area code."))
        elif row.area not in context.areas:
            yield RULE.at(row, _("There is no area %(found)s. Fill in the code in force today."), found=row.area)
