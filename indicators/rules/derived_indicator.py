"""The indicator is one that is reported, not computed."""

from collections.abc import Iterator, Sequence

from indicators.marks import gettext_noop as _
from indicators.rows import ERROR, Finding, Row
from indicators.rules.context import Context
from indicators.rules.rule import Rule

RULE = Rule(
    "derived_indicator",
    ERROR,
    _("Computed indicator"),
    _(
        "The system computes this indicator from others, so that every rate has its numerator and "
        "denominator. Report the figures it is made of instead."
    ),
    column="indicator",
    needs=("indicator",),
    breaks="indicator",
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    for row in rows:
        spec = context.indicators[row.indicator]
        if not spec.reported:
            yield RULE.at(
                row,
                _("%(indicator)s is computed, not reported. Remove the row and report %(inputs)s."),
                indicator=row.indicator,
                inputs=", ".join(spec.inputs),
            )
