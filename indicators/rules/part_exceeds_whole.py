"""The part is not larger than the whole: numerator and denominator of a ratio marked as part of a whole."""

from collections.abc import Iterator, Sequence

from indicators.marks import gettext_noop as _
from indicators.rows import ERROR, Finding, IndicatorSpec, Row
from indicators.rules.context import Context
from indicators.rules.figures import Key, Stated, known, plain, stated
from indicators.rules.rule import KEY, Rule

RULE = Rule(
    "part_exceeds_whole",
    ERROR,
    _("Part larger than the whole"),
    _(
        "Of a rate such as boilers converted of boilers due, the part is larger than the whole in the same area and period. "
        "Correct one of the two."
    ),
    needs=KEY,
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    own = stated(rows)
    by_input: dict[str, list[IndicatorSpec]] = {}
    for ratio in context.indicators.values():
        if ratio.part_of_whole and ratio.numerator:
            by_input.setdefault(ratio.numerator, []).append(ratio)
            by_input.setdefault(ratio.denominator, []).append(ratio)
    for key, row in own.items():
        for ratio in by_input.get(row.indicator, ()):
            yield from _compare(key, row, ratio, own, context)


def _compare(key: Key, row: Row, ratio: IndicatorSpec, own: Stated, context: Context) -> Iterator[Finding]:
    part_key, whole_key = (ratio.numerator, *key[1:]), (ratio.denominator, *key[1:])
    if key == whole_key and part_key in own:
        return  # said at the numerator
    part, whole = known(part_key, own, context), known(whole_key, own, context)
    if part is not None and whole is not None and part > whole:
        unit = context.indicators[row.indicator].unit
        yield RULE.at(
            row,
            _("%(part)s is %(part_value)s, more than the whole it belongs to: %(whole)s is %(whole_value)s. Correct one of the two."),
            part=ratio.numerator,
            part_value=plain(part, unit),
            whole=ratio.denominator,
            whole_value=plain(whole, unit),
        )
