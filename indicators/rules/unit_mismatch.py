"""The unit given is the indicator's."""

from collections.abc import Iterator, Sequence
from unicodedata import normalize

from indicators.marks import gettext_noop as _
from indicators.rows import ERROR, Finding, Row
from indicators.rules.context import Context
from indicators.rules.rule import Rule

RULE = Rule(
    "unit_mismatch",
    ERROR,
    _("Wrong unit"),
    _("The unit in the row is not the one the indicator is kept in. Convert the value to the indicator's unit and correct the unit."),
    column="unit",
    needs=("indicator",),
    breaks="value",
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    for row in rows:
        expected = context.indicators[row.indicator].unit
        if row.unit and row.unit != expected and normalize("NFKC", row.unit) != normalize("NFKC", expected):
            yield RULE.at(
                row,
                _("The unit is %(found)s, but %(indicator)s is kept in %(expected)s. Convert the value and correct the unit."),
                found=row.unit,
                indicator=row.indicator,
                expected=expected or "—",
            )
