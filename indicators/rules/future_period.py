"""The period has ended."""

from collections.abc import Iterator, Sequence

from indicators.marks import gettext_noop as _
from indicators.rows import ERROR, Finding, Row
from indicators.rules.context import Context
from indicators.rules.figures import period_of
from indicators.rules.rule import Rule

RULE = Rule(
    "future_period",
    ERROR,
    _("Period not over"),
    _("A figure can only be reported when its period has ended. Correct the period, or wait for its last day."),
    column="period",
    needs=("period",),
    breaks="period",
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    running = {code for code in {row.period for row in rows} if period_of(code).end > context.today}
    for row in rows if running else ():
        if row.period in running:
            yield RULE.at(
                row,
                _("The period %(period)s ends on %(end)s and is not over yet. Correct the period."),
                period=row.period,
                end=period_of(row.period).end.isoformat(),
            )
