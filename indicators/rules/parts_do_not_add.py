"""A reported total is the sum of its reported parts, give or take rounding."""

from collections.abc import Iterator, Sequence

from indicators.marks import gettext_noop as _
from indicators.plausibility import additivity
from indicators.rows import WARNING, Finding, IndicatorSpec, Row
from indicators.rules.context import Context
from indicators.rules.figures import Key, Stated, known, plain, stated
from indicators.rules.rule import KEY, Rule

RULE = Rule(
    "parts_do_not_add",
    WARNING,
    _("Parts do not add up"),
    _(
        "A total and all the parts it is made of are reported for the same area and period, and their sum differs from the total by more "
        "than rounding explains (half a unit of the last digit for each part). Correct the figure that is wrong, or explain the difference."
    ),
    needs=(*KEY, "value"),
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    own = stated(rows)
    totals = [spec for spec in context.indicators.values() if spec.formula and spec.reported]
    by_member: dict[str, list[IndicatorSpec]] = {}
    for total in totals:
        for code in (total.code, *total.formula):
            by_member.setdefault(code, []).append(total)
    for key, row in own.items():
        for total in by_member.get(row.indicator, ()):
            if key == _place(total, key, own):
                yield from _compare(row, total, own, context)


def _place(total: IndicatorSpec, key: Key, own: Stated) -> Key | None:
    """Where a sum that fails is said: at the total or, where only parts stand in the file, at the first of them."""
    keys = [(code, *key[1:]) for code in (total.code, *total.formula)]
    return next((member for member in keys if member in own), None)


def _compare(row: Row, total: IndicatorSpec, own: Stated, context: Context) -> Iterator[Finding]:
    whole = known((total.code, row.area, row.period), own, context)
    parts = [known((code, row.area, row.period), own, context) for code in total.formula]
    values = [part for part in parts if part is not None]
    if whole is None or len(values) < len(parts):
        return
    coarsest = min(context.indicators[code].decimals for code in (total.code, *total.formula))
    found = additivity(values, whole, coarsest)
    if not found.adds:
        yield RULE.at(
            row,
            _("%(parts)s add up to %(sum)s, but %(total)s is %(whole)s. Correct the figure that is wrong, or explain the difference."),
            parts=" + ".join(total.formula),
            sum=plain(found.sum, total.unit),
            total=total.code,
            whole=plain(whole, total.unit),
        )
