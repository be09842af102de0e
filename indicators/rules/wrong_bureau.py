"""The heading names the bureau that sends the file."""

from collections.abc import Iterator, Sequence

from indicators.marks import gettext_noop as _
from indicators.rows import ERROR, Finding, Row
from indicators.rules.context import Context
from indicators.rules.rule import Rule

RULE = Rule(
    "wrong_bureau",
    ERROR,
    _("Wrong bureau"),
    _(
        "The heading of the file names another bureau than the one sending it. Check that the right file "
        "was chosen; if it was, correct the bureau's code."
    ),
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    for heading in context.headings:
        if heading.bureau and heading.bureau.upper() != context.bureau.upper():
            yield RULE.finding(
                _("The heading names bureau %(found)s, but the sender is %(expected)s. Choose the right file, or correct the code."),
                {"found": heading.bureau, "expected": context.bureau},
                heading.cells.get("bureau"),
            )
