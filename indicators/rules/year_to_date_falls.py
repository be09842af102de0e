"""A flow, filed year-to-date, does not fall within the year."""

from collections.abc import Iterator, Sequence

from indicators.marks import gettext_noop as _
from indicators.rows import ERROR, Finding, Row
from indicators.rules.context import Context
from indicators.rules.figures import known, period_of, plain, same_year_before, stated
from indicators.rules.rule import KEY, Rule
from indicators.year_to_date import falls, latest_before

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
        if spec.kind != "flow" or row.value is None:
            continue
        year = {period: known((row.indicator, row.area, str(period)), own, context) for period in same_year_before(row.period)}
        before = latest_before(period_of(row.period), year)
        if before and falls(row.value, before[1]):
            yield RULE.at(
                row,
                _("%(value)s is less than the %(earlier)s of %(before)s. File the sum since January."),
                value=plain(row.value, spec.unit),
                earlier=plain(before[1], spec.unit),
                before=before[0],
            )
