"""Where a sheet keeps what: its header row, its columns, and the merged cells that stand for several rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from unicodedata import normalize

from indicators.marks import gettext_noop as _
from indicators.readers.table import Scalar, Table
from indicators.rows import Cell, Finding
from indicators.rules import reading
from indicators.values import text_of

COLUMNS = {
    "指标代码": "indicator",
    "indicator": "indicator",
    "地区代码": "area",
    "area": "area",
    "报告期": "period",
    "period": "period",
    "计量单位": "unit",
    "unit": "unit",
    "数值": "value",
    "value": "value",
    "数据来源": "source",
    "source": "source",
    "数据版本": "vintage",
    "vintage": "vintage",
    "说明": "note",
    "note": "note",
}
_SHARED = ("indicator", "area", "period", "unit")  # the columns in which a merged cell stands for every row it covers
_HEADER_WITHIN, _HEADER_HEIGHT = 30, 5


@dataclass(frozen=True, slots=True)
class Layout:
    """The index of the first row of the header and of the first row under it; the index of each column by name; of each column in which
    merged cells stand for several rows: the row in which the cell begins, by the rows it covers below."""

    header: int
    body: int
    columns: Mapping[str, int]
    merged: Mapping[str, Mapping[int, int]] = field(default_factory=dict)


def find_layout(table: Table, findings: list[Finding]) -> Layout | None:
    """The header row of a table, or None. A known column that stands twice is a finding: which is meant is not guessed."""
    for index in range(min(len(table.rows), _HEADER_WITHIN)):
        body, names = _header_from(table, index)
        if not {"indicator", "value"} <= {name for name, _row, _column in names}:
            continue
        columns: dict[str, int] = {}
        for name, row, column in names:
            if name in columns:
                message, cell = (
                    _("The column %(column)s stands twice. Remove one of the two."),
                    Cell(table.sheet, row + table.first, column + 1),
                )
                findings.append(reading.NO_HEADER.finding(message, {"column": text_of(table.rows[row][column])}, cell))
                return None
            columns[name] = column
        return Layout(index, body, columns, _shared(table, columns, body + table.first))
    return None


def _header_from(table: Table, index: int) -> tuple[int, list[tuple[str, int, int]]]:
    """The header that begins in this row, if one does: the index of the row after it, and name, row and column of its known columns. It
    reaches down as far as the lowest of its merged cells."""
    reach = {(top, left): bottom for top, left, bottom, _right in table.merged if index < top - table.first + 1 <= index + _HEADER_HEIGHT}
    names, row, end = [], index, index
    while row <= end:
        for column, cell in enumerate(table.rows[row]):
            if cell is not None and (name := COLUMNS.get(name_of(cell))):
                names.append((name, row, column))
                end = max(end, reach.get((row + table.first, column + 1), 0) - table.first)
        end, row = min(end, index + _HEADER_HEIGHT - 1, len(table.rows) - 1), row + 1
    return end + 1, names


def _shared(table: Table, columns: Mapping[str, int], first: int) -> Mapping[str, Mapping[int, int]]:
    last = table.first + len(table.rows) - 1
    found = {name: dict(_covered(table, columns[name] + 1, first, last)) for name in _SHARED if name in columns and table.merged}
    return {name: rows for name, rows in found.items() if rows}


def _covered(table: Table, column: int, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Each row that a merged cell of this column covers but does not begin in, and the row it begins in."""
    end = first - 1
    for top, bottom in sorted((top, bottom) for top, left, bottom, _right in table.merged if left == column and bottom > top):
        if top <= end:  # merged cells do not overlap; where a file says so, the first counts
            continue
        end = min(bottom, last)
        yield from ((row, top) for row in range(top + 1, end + 1))


def name_of(cell: Scalar) -> str:
    """A header or label as it is compared: without spaces, case, full-width forms."""
    return "".join(normalize("NFKC", text_of(cell)).casefold().split())
