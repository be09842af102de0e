"""What every reader hands on: tables of plain cells, or the reason why there are none."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from indicators.rows import Finding
from indicators.rules.reading import UNREADABLE
from indicators.workbooks.book import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Area

__all__ = ["MAX_CELLS", "MAX_COLUMNS", "MAX_ROWS", "Area", "Reading", "Refused", "Scalar", "Table"]

Scalar = str | float | int | bool | None


@dataclass(frozen=True)
class Table:
    """The cells of one sheet. `rows[0]` is line `first` of the file. `formulas` tells of each formula cell (1-based row and column)
    whether a result is stored beside it. `heading` holds form, bureau and period where the format keeps them outside the lines.
    `hidden` are the rows that are hidden or filtered away, `merged` the merged cells: first row and column, last row and column."""

    sheet: str
    rows: list[list[Scalar]]
    formulas: Mapping[tuple[int, int], bool] = field(default_factory=dict)
    first: int = 1
    heading: Mapping[str, str] = field(default_factory=dict)
    hidden: Collection[int] = frozenset()
    merged: Sequence[Area] = ()


@dataclass(frozen=True)
class Reading:
    """The tables of a file and notes on how they were read; or no table and one `unreadable` finding. `passport` is the text of cell A1
    of a workbook's sheet `_passport`, "" where there is none."""

    tables: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = ()
    passport: str = ""


class Refused(Exception):
    """A file that cannot or must not be read. `code` is one of docs/upload-format.md section 1, `message` an English sentence marked for
    translation that tells the fix."""

    def __init__(self, code: str, message: str, **params: object) -> None:
        super().__init__(message)
        self.code, self.message, self.params = code, message, params

    @property
    def finding(self) -> Finding:
        return UNREADABLE.finding(self.message, {**self.params, "code": self.code})
