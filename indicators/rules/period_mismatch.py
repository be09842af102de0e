"""The row is of the submission's period. The bulk form has none."""

from collections.abc import Iterator, Sequence

from indicators.marks import gettext_noop as _
from indicators.rows import ERROR, Finding, Row
from indicators.rules.context import Context
from indicators.rules.rule import Rule

RULE = Rule(
    "period_mismatch",
    ERROR,
    _("Wrong period"),
    _(
        "A submission of a form is for one period, and this row is of another. Correct the period, or "
        "send the row with the submission of its own period."
    ),
    column="period",
    needs=("period",),
    breaks="period",
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    if not context.period:
        return
    for row in rows:
        if row.period != context.period:
            yield RULE.at(
                row,
                _("The period is %(found)s, but this submission is for %(expected)s. Correct the period."),
                found=row.period,
                expected=context.period,
            )
