"""A workbook with a passport is held to it: made by this installation, for this bureau, form and period, in the form's present version."""

from collections.abc import Iterator

from indicators.marks import gettext_noop as _
from indicators.passport import Passport, verify
from indicators.rows import ERROR, Finding
from indicators.rules.rule import Rule

FOREIGN_TEMPLATE = Rule(
    "foreign_template",
    ERROR,
    _("Template of somebody else"),
    _(
        "The template was made for another bureau, by another installation, or its hidden seal was changed. "
        "Download your own template with the values carried over, check them and send that."
    ),
)
STALE_TEMPLATE = Rule(
    "stale_template",
    ERROR,
    _("Template out of date"),
    _(
        "The template was made for another form or period, or the form has changed since. "
        "Download the current template with your values carried over, check them and send that."
    ),
)
RULES = (FOREIGN_TEMPLATE, STALE_TEMPLATE)


def check(text: str, key: bytes, expected: Passport) -> Iterator[Finding]:
    """What is wrong with a file's passport, at most one finding. `expected` is the one a template for it would carry today; its day
    of issue does not matter."""
    passport = verify(text, key)
    if passport is None:
        message = _("The template's seal is not valid. Download your own template with the values carried over and send that.")
        yield FOREIGN_TEMPLATE.finding(message)
    elif passport.bureau != expected.bureau:
        message = _("The template was made for %(found)s, not for %(expected)s. Download your own template with the values carried over.")
        yield FOREIGN_TEMPLATE.finding(message, {"found": passport.bureau, "expected": expected.bureau})
    elif (passport.form, passport.period) != (expected.form, expected.period):
        message = _(
            "The template was made for %(found)s, but the file is sent for %(expected)s. "
            "Download the current template with your values carried over, check them and send that."
        )
        found, wanted = (f"{one.form} {one.period}".strip() for one in (passport, expected))
        yield STALE_TEMPLATE.finding(message, {"found": found, "expected": wanted})
    elif passport.form_version != expected.form_version:
        message = _(
            "The form has changed since this template was made on %(issued)s. "
            "Download the current template with your values carried over, check them and send that."
        )
        yield STALE_TEMPLATE.finding(message, {"issued": passport.issued})
