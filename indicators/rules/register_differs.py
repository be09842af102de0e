"""A figure backed by the project register is the sum of the projects finished by then."""

from collections.abc import Iterator, Sequence

from indicators.marks import gettext_noop as _
from indicators.periods import Period
from indicators.register import difference, finished_sum
from indicators.rows import ERROR, Finding, Row
from indicators.rules.context import Context
from indicators.rules.figures import plain
from indicators.rules.rule import KEY, Rule

RULE = Rule(
    "register_differs",
    ERROR,
    _("Differs from the project register"),
    _(
        "The figure is the sum of the projects in the register that were finished by the end of the period, and it is another. "
        "Correct the figure, or enter the missing project or its date in the register; then check again."
    ),
    needs=(*KEY, "value"),
    breaks="value",
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    for row in rows:
        spec, lines = context.indicators[row.indicator], context.register.get((row.indicator, row.area))
        if not spec.registered or not lines or row.value is None:
            continue
        total, number = finished_sum(lines, Period.parse(row.period).end)
        if gap := difference(row.value, total, spec.decimals):
            yield RULE.at(
                row,
                _(
                    "The register gives %(total)s from %(number)s finished projects, here it is %(value)s: a difference of %(gap)s. "
                    "Correct the figure or the register."
                ),
                total=plain(total, spec.unit),
                number=number,
                value=plain(row.value, spec.unit),
                gap=plain(gap, spec.unit),
            )
