"""The form asks for the indicator in the area. The bulk form takes all."""

from collections.abc import Iterator, Sequence

from indicators.marks import gettext_noop as _
from indicators.rows import ERROR, Finding, Row
from indicators.rules.context import Context
from indicators.rules.rule import Rule

RULE = Rule(
    "indicator_not_in_form",
    ERROR,
    _("Not asked for by the form"),
    _("The form does not ask for this indicator in this area. Remove the row; figures outside a form go through the bulk form."),
    column="indicator",
    needs=("indicator", "area"),
    breaks="indicator",
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    if context.bulk:
        return
    for row in rows:
        if row.area not in context.form_items.get(row.indicator, ()):
            yield RULE.at(
                row,
                _("Form %(form)s does not ask for %(indicator)s in area %(area)s. Remove the row."),
                form=context.form,
                indicator=row.indicator,
                area=row.area,
            )
