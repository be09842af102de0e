"""What a workbook may hold, why one is refused, and what its sheets are handed on as."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

# No honest file of figures is larger; what is, costs memory and time before anyone has looked at it.
MAX_ROWS, MAX_COLUMNS = 200_000, 702
MAX_CELLS, MAX_TEXT, MAX_MERGES = 4_000_000, 32_000_000, 100_000
MAX_PARTS, MAX_SIZE, MAX_RATIO = 200, 64 * 1024 * 1024, 150

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')  # in a number format, what is shown as it stands
PASSPORT, RESULTS = "_passport", "校验结果"  # the sheets the system itself puts into a workbook

Cell = str | float | int | bool | None
Place = tuple[int, int]  # row and column, both counted from 1
Area = tuple[int, int, int, int]  # first row, first column, last row, last column


class Refusal(Exception):
    """A workbook that cannot or must not be read; `code` is one of docs/upload-format.md section 1."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True)
class Marks:
    """Of a sheet, what its values do not tell: formula cells and whether a result is stored; errors such as #DIV/0! and other results, by
    their cell; cells in a percentage format; hidden rows."""

    formulas: dict[Place, bool] = field(default_factory=dict)
    results: dict[Place, Cell] = field(default_factory=dict)
    percents: list[Place] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)


@dataclass
class Sheet:
    """A visible sheet: its cells from row 1 and column A on; of each formula cell whether a result is stored; the numbers of its hidden
    rows; its merged cells. Dates are ISO texts, errors texts such as #DIV/0!, percentages texts such as 12.5%."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    formulas: dict[Place, bool] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)

    def mark(self, marks: "Marks") -> None:
        """Add what the reader of the values did not tell."""
        for row, column in marks.percents:
            line = self.rows[row - 1] if row <= len(self.rows) else []
            value = line[column - 1] if column <= len(line) else None
            if isinstance(value, float | int) and not isinstance(value, bool):
                line[column - 1] = as_percent(value)
        # Where an error stands the reader saw an empty cell, and an error must not pass for a missing figure.
        for place, result in marks.results.items():
            self._put(place, result)
        self.formulas, self.hidden = marks.formulas, [row for row in marks.hidden if row <= len(self.rows)]

    def _put(self, place: Place, value: Cell) -> None:
        row, column = place
        if row > MAX_ROWS or column > MAX_COLUMNS:
            raise Refusal("too_far", rows=MAX_ROWS)
        self.rows.extend([] for _missing in range(row - len(self.rows)))
        line = self.rows[row - 1]
        line.extend([None] * (column - len(line)))
        line[column - 1] = value


@dataclass
class Book:
    """A workbook's visible sheets in their order, and the text of its passport ("" where it has none)."""

    sheets: list[Sheet]
    passport: str = ""


def marked(book: Book, marks: Mapping[str, Marks]) -> Book:
    """The book with the marks of each of its sheets."""
    for sheet in book.sheets:
        if sheet.name not in marks:
            raise Refusal("damaged")  # the two readings disagree about what is in the file
        sheet.mark(marks[sheet.name])
    return book


def is_table(name: str) -> bool:
    """Whether a visible sheet of this name may hold a table of figures."""
    return name not in (PASSPORT, RESULTS)


def is_percent(code: str) -> bool:
    """Whether a number format multiplies by a hundred: it has a percent sign that is neither quoted nor escaped."""
    return "%" in _LITERAL.sub("", code)


def as_percent(value: float) -> str:
    """A number in a percentage format as the program shows it: 0.125 is 12.5%. What lies behind the 15th digit is binary arithmetic's."""
    number = Decimal(f"{value:.15g}").scaleb(2)
    return f"{number.normalize() if number else 0:f}%"
