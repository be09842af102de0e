"""Everything the form asks of the bureau has a value. A row that is there in another period is not called absent."""

from collections.abc import Iterator, Sequence

from indicators.marks import gettext_noop as _
from indicators.rows import MISSING, NOT_YET_DUE, WARNING, Finding, Row
from indicators.rules.context import Context
from indicators.rules.period_frequency import collected_for
from indicators.rules.rule import Rule

RULE = Rule(
    "missing_value",
    WARNING,
    _("Figure missing"),
    _(
        "The form asks for a figure that the file does not give. Fill it in, or explain why "
        "there is none; write 0 where the figure is zero."
    ),
    needs=("indicator", "area"),
)


_MESSAGES = {
    MISSING: _("%(indicator)s has no value. Fill it in, or explain why there is none."),
    NOT_YET_DUE: _("%(indicator)s is said to be not yet due, but the form asks for it now. Fill it in, or explain why there is none."),
}


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    absent = _asked(context)
    asked = set(absent)
    for row in rows:
        absent.pop((row.indicator, row.area), None)
        if row.status in _MESSAGES and (row.indicator, row.area) in asked:
            yield RULE.at(row, _MESSAGES[row.status], indicator=row.indicator)
    for indicator, area in absent:
        yield RULE.finding(
            _("%(indicator)s of area %(area)s is not in the file. Add the row, or explain why there is none."),
            {"indicator": indicator, "area": area},
            indicator=indicator,
            area=area,
        )


def _asked(context: Context) -> dict[tuple[str, str], None]:
    """Indicator and area of every figure the form asks of this bureau, in the form's order."""
    if context.bulk:
        return {}
    return {
        (code, area): None
        for code, areas in context.form_items.items()
        if code in context.indicators
        and (not context.period or collected_for(context.indicators[code], context.period, yearly=context.frequency == "A"))
        for area in sorted(areas & context.bureau_areas)
    }
