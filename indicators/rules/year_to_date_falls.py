"""A flow, filed year-to-date, does not fall within the year."""

from collections.abc import Iterator, Sequence

from indicators.marks import gettext_noop as _
from indicators.rows import ERROR, Finding, Row
from indicators.rules.context import Context
from indicators.rules.figures import known, period_before, plain, stated
from indicators.rules.rule import KEY, Rule

RULE = Rule(
    "year_to_date_falls",
    ERROR,
    _("Year-to-date figure falls"),
    _(
        "Flows are filed from January to the end of the period, so a later figure of the same year cannot be lower. "
        "Often a single quarter was filed: add the quarters before. If the earlier figure was wrong, send its correction first."
    ),
    needs=(*KEY, "value"),
    breaks="value",
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    own = stated(rows)
    for row in rows:
        spec = context.indicators[row.indicator]
        before = period_before(row.period) if spec.kind == "flow" and row.value is not None else ""
        earlier = known((row.indicator, row.area, before), own, context) if before else None
        if earlier is not None and row.value is not None and row.value < earlier:
            yield RULE.at(
                row,
                _("%(value)s is less than the %(earlier)s of %(before)s. File the sum since January."),
                value=plain(row.value, spec.unit),
                earlier=plain(earlier, spec.unit),
                before=before,
            )
