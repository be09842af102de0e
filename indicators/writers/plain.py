"""The cells of any file as a workbook, so that a .csv, .xls, .ods or .json can be handed back like an .xlsx."""

import io
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

from indicators import passport
from indicators.readers.table import Scalar, Table
from indicators.rows import Cell
from indicators.writers.template import LABELS, SHEET

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_HEADING = ("form", "bureau", "period")
_WIDTH = 16
_LONGEST_NAME, _LONGEST_TEXT = 31, 32_767  # of a sheet, of a cell
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write(tables: Sequence[Table], passport_line: str = "") -> bytes:
    """One sheet per table with the same cells, formulas by their values; the passport on its own sheet, very hidden."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        for name, table in zip(_names(tables), tables, strict=True):
            sheet = book.add_worksheet(name)
            for place, label in enumerate(_stated(table)):
                sheet.write_string(place, 0, LABELS[True][_HEADING.index(label)])
                sheet.write_string(place, 1, table.heading[label])
            _cells(sheet, table)
        if passport_line:
            hidden = book.add_worksheet(passport.SHEET)
            hidden.write_string(0, 0, passport_line)
            hidden.very_hidden()
    return buffer.getvalue()


def cell_in(tables: Sequence[Table], cell: Cell) -> Cell:
    """Where a cell of the file stands in the workbook made of it: a file without sheets gets one, what JSON states outside its rows
    takes lines above them."""
    for name, table in zip(_names(tables), tables, strict=True):
        if table.sheet[:100] == cell.sheet[:100]:  # a stored cell keeps no more of it
            return replace(cell, sheet=name, row=cell.row + _shift(table))
    return cell


def _names(tables: Sequence[Table]) -> list[str]:
    """A name that a workbook takes for each table's sheet: other programs allow more letters, other signs and names alike but for case."""
    names: dict[str, str] = {passport.SHEET: ""}
    for table in tables:
        name = kept = _NOT_IN_NAMES.sub("_", table.sheet)[:_LONGEST_NAME] or SHEET
        number = 1
        while name.casefold() in names:
            number += 1
            name = f"{kept[: _LONGEST_NAME - 5]}~{number}"
        names[name.casefold()] = name
    return [*names.values()][1:]


def _stated(table: Table) -> list[str]:
    return [name for name in _HEADING if table.heading.get(name)]


def _shift(table: Table) -> int:
    """The lines a workbook has before line 0 of a table that begins there, beside its heading lines."""
    return len(_stated(table)) + (1 if table.first == 0 else 0)


def _cells(sheet: "Worksheet", table: Table) -> None:
    from xlsxwriter.exceptions import OverlappingRange

    for area in table.merged:  # before the cells: it blanks what it covers
        with suppress(OverlappingRange):
            sheet.merge_range(*(place - 1 for place in area), "")
    for hidden in table.hidden:
        sheet.set_row(hidden - 1, None, None, {"hidden": True})
    first, widest = table.first + _shift(table) - 1, max(map(len, table.rows), default=0)
    sheet.set_column(0, max(widest - 1, 0), _WIDTH)
    for line, row in enumerate(table.rows, start=first):
        for column, value in enumerate(row):
            _cell(sheet, line, column, value)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{Cell('', first + len(table.rows) + 1, max(widest, 1)).address}"})


def _cell(sheet: "Worksheet", line: int, column: int, value: Scalar) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(line, column, value)
    elif isinstance(value, int) or (isinstance(value, float) and isfinite(value)):
        sheet.write_number(line, column, value)
    elif value:
        sheet.write_string(line, column, str(value)[:_LONGEST_TEXT])
