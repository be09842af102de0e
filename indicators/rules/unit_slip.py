"""The value is not off by a power of ten against the closest comparable earlier figure."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import log10

from indicators.marks import gettext_noop as _
from indicators.rows import WARNING, Finding, Row
from indicators.rules.context import Context
from indicators.rules.figures import earlier, plain, stated
from indicators.rules.rule import KEY, Rule

RULE = Rule(
    "unit_slip",
    WARNING,
    _("Probably another unit"),
    _(
        "The value is about ten, a hundred or ten thousand times (or that part of) an earlier one, as happens when the unit is mistaken. "
        "Compare the unit; correct the value, or explain it."
    ),
    needs=(*KEY, "value"),
    breaks="value",
)

_TOLERANCE = 0.15


def power_of_ten(value: Decimal, before: Decimal) -> int:
    """The power of ten by which `value` is off against `before` (docs/upload-format.md section 5), 0 for none."""
    ratio = float(value / before)
    if ratio <= 0:
        return 0
    power = round(log10(ratio))
    return power if abs(log10(ratio) - power) <= _TOLERANCE else 0


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    own = stated(rows)
    for row in rows:
        past = earlier(row, own, context)
        power = power_of_ten(row.value, past[1]) if past and row.value is not None else 0
        if past and power and row.value is not None:
            unit = context.indicators[row.indicator].unit
            yield RULE.at(
                row,
                _("%(value)s is about %(factor)s times the %(earlier)s of %(before)s. Check the unit: correct the value, or explain it."),
                value=plain(row.value, unit),
                factor=plain(Decimal(10) ** power),
                earlier=plain(past[1], unit),
                before=past[0],
            )
