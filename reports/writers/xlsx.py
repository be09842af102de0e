"""Excel workbook: numbers as numbers, every text as text (never a formula or a link), the same document always the same bytes."""

import io
from datetime import UTC, datetime
from decimal import Decimal

from reports.document import Document

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write(document: Document) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        # A fixed moment: the bytes depend on the figures only.
        book.set_properties({"title": document.title, "created": datetime(2000, 1, 1, tzinfo=UTC)})
        bold = book.add_format({"bold": True, "font_size": 14})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        whole, broken = (book.add_format({"num_format": form, "valign": "top"}) for form in ("#,##0", "#,##0.######"))  # never "60."
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, document.title, bold)
        for line, (name, value) in enumerate(document.heading, start=1):
            sheet.write_string(line, 0, name)
            sheet.write_string(line, 1, value)
        top = len(document.heading) + 2
        for place, column in enumerate(document.columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(top, place, column.title, head)
        for line, row in enumerate(document.rows, start=top + 1):
            for place, cell in enumerate(row):
                if isinstance(cell, (Decimal, int)):
                    sheet.write_number(line, place, float(cell), broken if cell % 1 else whole)
                elif cell is not None:
                    sheet.write_string(line, place, cell, wrap)
        sheet.freeze_panes(top + 1, 2)
        sheet.autofilter(top, 0, top + len(document.rows), len(document.columns) - 1)
    return buffer.getvalue()
