"""The indicator is collected for such a period. A row that says it is not yet due may stand in any."""

from collections.abc import Iterator, Sequence

from indicators.marks import gettext_noop as _
from indicators.rows import ERROR, NOT_YET_DUE, Finding, IndicatorSpec, Row
from indicators.rules.context import Context
from indicators.rules.figures import period_of
from indicators.rules.rule import Rule

RULE = Rule(
    "period_frequency",
    ERROR,
    _("Wrong kind of period"),
    _(
        "Each indicator is collected by the year, the quarter or the month. Report it for such a period; "
        "a yearly figure of a quarterly indicator can only be sent with a yearly form or the bulk form."
    ),
    column="period",
    needs=("indicator", "period"),
    breaks="period",
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    for row in rows:
        spec = context.indicators[row.indicator]
        if row.status != NOT_YET_DUE and not collected_for(spec, row.period, yearly=context.bulk or context.frequency == "A"):
            yield RULE.at(row, _MESSAGES[spec.frequency], indicator=row.indicator, period=row.period)


_MESSAGES = {
    "A": _("%(indicator)s is collected by the year; %(period)s is not a year."),
    "Q": _("%(indicator)s is collected by the quarter; %(period)s is not a quarter. Write for example 2014-Q3."),
    "M": _("%(indicator)s is collected by the month; %(period)s is not a month. Write for example 2014-M7."),
}


def collected_for(spec: IndicatorSpec, period: str, *, yearly: bool) -> bool:
    """Whether a form takes the indicator for this period; `yearly`: also the year's figure of a quarterly one. As published: for any."""
    frequency = period_of(period).frequency
    return spec.frequency in (frequency, "P") or (yearly and (spec.frequency, frequency) == ("Q", "A"))
