"""A milestone called done names its evidence."""

from collections.abc import Iterator, Sequence

from indicators.marks import gettext_noop as _
from indicators.rows import STAGES, WARNING, Finding, Row
from indicators.rules.context import Context
from indicators.rules.rule import Rule

RULE = Rule(
    "milestone_without_evidence",
    WARNING,
    _("Done without evidence"),
    _("A milestone counts as done by a decision or another proof. Attach it to the task, or name it and its date in the note of the row."),
    needs=("indicator",),
)


def check(rows: Sequence[Row], context: Context) -> Iterator[Finding]:
    done = len(STAGES) - 1
    for row in rows:
        attached = (row.indicator, row.area) in context.evidenced
        if row.value == done and not row.note and not attached and context.indicators[row.indicator].kind == "milestone":
            yield RULE.at(
                row,
                _(
                    "%(indicator)s is reported as done, but without evidence. Attach the decision or proof to the task, "
                    "or write it and its date in the note."
                ),
                indicator=row.indicator,
            )
