"""The project register as a file, in the columns in which it is read (docs/upload-format.md section 8)."""

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from indicators.register import HEADINGS, ProjectRow
from indicators.writers import listing

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDTHS = {"name": 36, "plant": 28, "note": 36}


def write_csv(rows: Sequence[ProjectRow]) -> bytes:
    """With a UTF-8 BOM (Excel in Chinese needs it) and no cell that a spreadsheet would take for a formula."""
    return listing.write([[*HEADINGS], *([_text(getattr(row, name)) for name in HEADINGS.values()] for row in rows)])


def _text(value: str | Decimal | date | None) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return "" if value is None else str(value)


def write_xlsx(rows: Sequence[ProjectRow]) -> bytes:
    """Numbers as numbers, dates as dates, every text as text."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("项目台账")
        for place, (heading, name) in enumerate(HEADINGS.items()):
            sheet.set_column(place, place, _WIDTHS.get(name, 14))
            sheet.write_string(0, place, heading, head)
            for line, row in enumerate(rows, start=1):
                value = getattr(row, name)
                if isinstance(value, Decimal):
                    sheet.write_number(line, place, float(value))
                elif isinstance(value, date):
                    sheet.write_datetime(line, place, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001 (a cell has no zone)
                elif value:
                    sheet.write_string(line, place, value)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(len(rows), 1), len(HEADINGS) - 1)
    return buffer.getvalue()


WRITERS: Mapping[str, tuple[Callable[[Sequence[ProjectRow]], bytes], str]] = {
    "csv": (write_csv, "text/csv; charset=utf-8"),
    "xlsx": (write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
