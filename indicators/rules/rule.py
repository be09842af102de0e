"""What a rule says of itself, and how its findings are made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from indicators.rows import Cell, Finding, Row
from indicators.rules.context import Context

KEY = ("indicator", "area", "period")


@dataclass(frozen=True, slots=True)
class Rule:
    """One code of docs/upload-format.md section 5. `title` and `help` (what it means and how to mend it) make the help page.

    `column` is where its findings stand. `needs` names the parts of a row that must be sound for the check, `breaks` the part
    its findings make unsound for the checks after it; the parts are indicator, area, period and value."""

    code: str
    severity: str
    title: str
    help: str
    column: str = "value"
    needs: tuple[str, ...] = ()
    breaks: str = ""

    def finding(
        self, message: str, params: Mapping[str, object] | None = None, cell: Cell | None = None, indicator: str = "", area: str = ""
    ) -> Finding:
        """A finding of this rule; `message` is marked for translation, `params` fill its %(name)s places."""
        texts = {name: str(value) for name, value in (params or {}).items()}
        return Finding(self.code, self.severity, message, texts, cell, indicator, area)

    def at(self, row: Row, message: str, **params: object) -> Finding:
        """A finding at this rule's column of `row`. What a heading line is blamed for is said once, not once for every row under it."""
        cell = row.at(self.column)
        own_line = cell.row == row.cell.row
        indicator = row.indicator if own_line or "indicator" in self.needs else ""
        return self.finding(message, params, cell, indicator, row.area if own_line else "")


class RuleModule(Protocol):
    """The shape of every module in this folder that checks rows."""

    RULE: Rule

    def check(self, rows: Sequence[Row], context: Context) -> Iterable[Finding]: ...
