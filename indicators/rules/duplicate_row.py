"""A figure stands in the file once."""

from collections.abc import Iterator, Sequence

from indicators.marks import gettext_noop as _
from indicators.rows import ERROR, Finding, Row
from indicators.rules.context import Context
from indicators.rules.figures import stated
from indicators.rules.rule import KEY, Rule

RULE = Rule(
    "duplicate_row",
    ERROR,
    _("Duplicate row"),
    _(
        "The same indicator, area and period stands more than once, and the system does not guess "
        "which is meant. Keep one row and remove the others."
    ),
    needs=KEY,
    breaks="value",
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    first = stated(rows)
    for row in rows:
        original = first[row.indicator, row.area, row.period]
        if row is not original:
            yield RULE.at(
                row,
                _("%(indicator)s, area %(area)s, %(period)s already stands at %(first)s. Keep one of the two rows."),
                indicator=row.indicator,
                area=row.area,
                period=row.period,
                first=original.cell,
            )
