"""The value is between a third and three times the closest comparable earlier figure."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from indicators.marks import gettext_noop as _
from indicators.rows import WARNING, Finding, Row
from indicators.rules.context import Context
from indicators.rules.figures import earlier, plain, stated
from indicators.rules.rule import KEY, Rule

RULE = Rule(
    "jump",
    WARNING,
    _("Large change"),
    _("The value is more than three times, or less than a third of, an earlier one. Check it; if it is right, say what happened."),
    needs=(*KEY, "value"),
    breaks="value",
)

_FACTOR = 3


def is_jump(value: Decimal, before: Decimal) -> bool:
    """Whether `value` leaves the band around `before` (not zero); exactly three times or a third is within."""
    if before < 0:
        value, before = -value, -before
    return value > _FACTOR * before or _FACTOR * value < before


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    own = stated(rows)
    for row in rows:
        past = earlier(row, own, context)
        if past and row.value is not None and is_jump(row.value, past[1]):
            unit = context.indicators[row.indicator].unit
            yield RULE.at(
                row,
                _("%(value)s is far from the %(earlier)s of %(before)s. Check it; if it is right, say why."),
                value=plain(row.value, unit),
                earlier=plain(past[1], unit),
                before=past[0],
            )
