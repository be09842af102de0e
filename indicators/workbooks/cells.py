"""Values of .xlsx and .xls workbooks, by calamine. Only for the limited child process: a crafted workbook can abort it."""

from io import BytesIO
from typing import Any

from indicators.workbooks.book import MAX_CELLS, MAX_COLUMNS, MAX_MERGES, MAX_ROWS, PASSPORT, Book, Cell, Refusal, Sheet, is_table


def read(content: bytes) -> Book:
    """The visible worksheets with values and merged cells; formulas, errors and hidden rows are for the caller to add. Raises Refusal, and
    whatever calamine raises for a damaged file."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = CalamineWorkbook.from_filelike(BytesIO(content))
    known = workbook.sheets_metadata
    shown = [sheet.name for sheet in known if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet]
    passport = ""
    if any(sheet.name == PASSPORT for sheet in known):
        lines = workbook.get_sheet_by_name(PASSPORT).to_python(skip_empty_area=False, nrows=1)
        passport = str(lines[0][0]) if lines and lines[0] else ""
    return Book([_sheet(workbook, name) for name in shown if is_table(name)], passport)


def _sheet(workbook: Any, name: str) -> Sheet:
    sheet = workbook.get_sheet_by_name(name)
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        raise Refusal("too_far", rows=MAX_ROWS)
    merged = sheet.merged_cell_ranges or []
    if sheet.total_height * sheet.total_width > MAX_CELLS or len(merged) > MAX_MERGES:
        raise Refusal("too_large")
    rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    return Sheet(name, rows, merged=[(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in merged])


def _cell(value: Any) -> Cell:
    """A cell as JSON can say it; an empty one is None, a date or time its ISO text."""
    if value == "":
        return None
    return value if isinstance(value, str | bool | int | float) else str(value)
