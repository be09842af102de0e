"""A published yearly change of energy per product is the one that follows from energy and product."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from indicators.marks import gettext_noop as _
from indicators.plausibility import contradicts, intensity_change
from indicators.rows import WARNING, Finding, Row
from indicators.rules.context import Context
from indicators.rules.figures import Stated, known_at_end, period_of, plain, same_end, stated
from indicators.rules.rule import KEY, Rule
from indicators.year_to_date import same_period_growth

RULE = Rule(
    "intensity_identity",
    WARNING,
    _("Rates contradict each other"),
    _(
        "The published yearly change of a ratio (energy per product) is not the one that follows from the growth of its numerator and its "
        "denominator: (1 + growth of the one) ÷ (1 + growth of the other) − 1, give or take 0.15 percentage points. Often a change in "
        "tonnes was taken for one in percent. Correct the figure that is wrong, or explain the difference."
    ),
    needs=(*KEY, "value"),
)

_Members = tuple[str, str, str]  # rate, numerator, denominator


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    own = stated(rows)
    by_member: dict[str, list[_Members]] = {}
    for rate, ratio in context.rates.items():
        members = (rate, *context.indicators[ratio].inputs)
        if len(members) == 3:
            for code in members:
                by_member.setdefault(code, []).append(members)
    for row in rows:
        for members in by_member.get(row.indicator, ()):
            if _place(members, row, own) is row:
                yield from _compare(row, members, own, context)


def _place(members: _Members, row: Row, own: Stated) -> Row | None:
    """Where a contradiction is said: at the rate or, where it does not stand in the file, at the first of numerator and denominator."""
    keys = [(code, row.area, period) for code in members for period in same_end(row.period)]
    return next((own[key] for key in keys if key in own), None)


def _compare(row: Row, members: _Members, own: Stated, context: Context) -> Iterator[Finding]:
    def value(code: str, period: str) -> Decimal | None:
        return known_at_end((code, row.area, period), own, context)

    year_before = str(period_of(row.period).year_before)
    rate = value(members[0], row.period)
    growths = [same_period_growth(value(code, row.period), value(code, year_before)) for code in members[1:]]
    energy, product = (None if growth is None else 100 * float(growth) for growth in growths)
    if rate is None or energy is None or product is None:
        return
    implied = intensity_change(energy, product)
    if implied is not None and contradicts(float(rate), implied):
        yield RULE.at(
            row,
            _(
                "%(rate)s is stated as %(stated)s, but %(numerator)s changed by %(energy)s and %(denominator)s by %(product)s, "
                "which makes %(implied)s. Correct the figure that is wrong, or explain the difference."
            ),
            rate=members[0],
            stated=plain(rate, "%"),
            numerator=members[1],
            energy=f"{energy:.2f} %",
            denominator=members[2],
            product=f"{product:.2f} %",
            implied=f"{implied:.2f} %",
        )
