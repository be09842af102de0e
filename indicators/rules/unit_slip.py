"""The value is not off by a power of ten against the closest comparable earlier figure."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from indicators.marks import gettext_noop as _
from indicators.plausibility import confused_unit, power_of_ten
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

_SLIP = _(
    "%(value)s is about %(factor)s times (10 to the power of %(power)s) the %(earlier)s of %(before)s. "
    "Check the unit: correct the value, or explain it."
)
_SLIP_BETWEEN = _(
    "%(value)s is about %(factor)s times (10 to the power of %(power)s) the %(earlier)s of %(before)s, as when %(unit)s "
    "and %(other)s are confused. Check the unit: correct the value, or explain it."
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    own = stated(rows)
    for row in rows:
        past = earlier(row, own, context)
        power = power_of_ten(row.value, past[1]) if past else None
        if past and power and row.value is not None:
            unit = context.indicators[row.indicator].unit
            other = confused_unit(unit, power)
            yield RULE.at(
                row,
                _SLIP_BETWEEN if other else _SLIP,
                value=plain(row.value, unit),
                factor=plain(Decimal(10) ** power),
                power=power,
                earlier=plain(past[1], unit),
                before=past[0],
                unit=unit,
                other=other,
            )
