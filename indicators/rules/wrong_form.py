"""The heading names the form the submission is for."""

from collections.abc import Iterator, Sequence

from indicators.marks import gettext_noop as _
from indicators.rows import ERROR, Finding, Row
from indicators.rules.context import Context
from indicators.rules.rule import Rule

RULE = Rule(
    "wrong_form",
    ERROR,
    _("Wrong form"),
    _(
        "The heading of the file names another form than the one being sent. Take the template of "
        "this form, or send the file for the form it names."
    ),
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    for heading in context.headings:
        if heading.form and context.form and heading.form.upper() != context.form.upper():
            yield RULE.finding(
                _("The heading names form %(found)s, but this is a submission of form %(expected)s. Use the template of %(expected)s."),
                {"found": heading.form, "expected": context.form},
                heading.cells.get("form"),
            )
