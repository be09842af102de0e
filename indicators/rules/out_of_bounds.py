"""The value lies between the indicator's bounds; a milestone's stage between the first and the last."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from indicators.marks import gettext_noop as _
from indicators.rows import ERROR, STAGES, Finding, IndicatorSpec, Row
from indicators.rules.context import Context
from indicators.rules.figures import plain
from indicators.rules.rule import Rule

RULE = Rule(
    "out_of_bounds",
    ERROR,
    _("Value out of range"),
    _(
        "The value is below the least or above the greatest the indicator can take, such as a "
        "negative output. Check the figure and correct it."
    ),
    needs=("indicator",),
    breaks="value",
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    for row in rows:
        if row.value is None:
            continue
        spec = context.indicators[row.indicator]
        minimum, maximum = _bounds(spec)
        if minimum is not None and row.value < minimum:
            yield RULE.at(
                row,
                _("%(value)s is below %(bound)s, the least %(indicator)s can be. Correct the value."),
                value=plain(row.value, spec.unit),
                bound=plain(minimum, spec.unit),
                indicator=row.indicator,
            )
        elif maximum is not None and row.value > maximum:
            yield RULE.at(
                row,
                _("%(value)s is above %(bound)s, the most %(indicator)s can be. Correct the value."),
                value=plain(row.value, spec.unit),
                bound=plain(maximum, spec.unit),
                indicator=row.indicator,
            )


def _bounds(spec: IndicatorSpec) -> tuple[Decimal | None, Decimal | None]:
    if spec.kind == "milestone":
        return Decimal(0), Decimal(len(STAGES) - 1)
    return spec.minimum, spec.maximum
