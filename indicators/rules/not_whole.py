"""A count is a whole number."""

from collections.abc import Iterator, Sequence

from indicators.marks import gettext_noop as _
from indicators.rows import ERROR, Finding, Row
from indicators.rules.context import Context
from indicators.rules.figures import plain
from indicators.rules.rule import Rule

RULE = Rule(
    "not_whole",
    ERROR,
    _("Count is not whole"),
    _(
        "The indicator counts things (firms, boilers, vehicles) or stages, so its value has no "
        "fraction. Check the figure; often the unit is the reason."
    ),
    needs=("indicator",),
    breaks="value",
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    for row in rows:
        spec = context.indicators[row.indicator]
        if spec.decimals == 0 and row.value is not None and row.value % 1:
            yield RULE.at(
                row,
                _("%(value)s is not whole, but %(indicator)s is a count. Write a whole number."),
                value=plain(row.value, spec.unit),
                indicator=row.indicator,
            )
