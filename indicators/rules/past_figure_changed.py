"""The value is the one already approved, where one is."""

from collections.abc import Iterator, Sequence

from indicators.marks import gettext_noop as _
from indicators.rows import WARNING, Finding, Row
from indicators.rules.context import Context
from indicators.rules.figures import plain
from indicators.rules.rule import KEY, Rule

RULE = Rule(
    "past_figure_changed",
    WARNING,
    _("Approved figure changed"),
    _(
        "An approved figure of the same indicator, area and period has another value. If this is a correction, give the reason; "
        "the earlier figure stays readable."
    ),
    needs=(*KEY, "value"),
    breaks="value",
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    for row in rows:
        approved = context.history.get((row.indicator, row.area), {}).get(row.period)
        if approved is not None and row.value is not None and row.value != approved:
            unit = context.indicators[row.indicator].unit
            yield RULE.at(
                row,
                _("The approved figure of %(period)s is %(approved)s, here it is %(value)s. Give the reason for the correction."),
                period=row.period,
                approved=plain(approved, unit),
                value=plain(row.value, unit),
            )
