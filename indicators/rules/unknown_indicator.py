"""The indicator exists."""

from collections.abc import Iterator, Sequence
from unicodedata import normalize

from indicators.marks import gettext_noop as _
from indicators.rows import ERROR, Finding, Row
from indicators.rules.context import Context
from indicators.rules.rule import Rule

RULE = Rule(
    "unknown_indicator",
    ERROR,
    _("Unknown indicator"),
    _(
        "The code in the indicator column is not in the dictionary, or the cell is empty. Copy the code "
        "from the template or from the list of indicators."
    ),
    column="indicator",
    breaks="indicator",
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    for row in rows:
        if row.indicator not in context.indicators:
            yield _finding(row, context)


def _finding(row: Row, context: Context) -> Finding:
    meant = normalize("NFKC", row.indicator).upper()
    if not row.indicator:
        return RULE.at(row, _("The row has no indicator code. Fill it in, or clear the row."))
    if meant in context.indicators:
        return RULE.at(row, _("There is no indicator %(found)s. Write %(meant)s."), found=row.indicator, meant=meant)
    return RULE.at(row, _("There is no indicator %(found)s. Copy the code from the template."), found=row.indicator)
