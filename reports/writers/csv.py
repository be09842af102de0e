"""CSV with a UTF-8 BOM (Excel in Chinese needs it) and no cell that a spreadsheet would take for a formula."""

import csv
import io
from decimal import Decimal

from indicators.writers.listing import guarded
from reports.document import Document, Value


def write(document: Document) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([guarded(document.title)])
    writer.writerows([guarded(name), guarded(value)] for name, value in document.heading)
    writer.writerow([guarded(column.title) for column in document.columns])
    writer.writerows([_cell(value) for value in row] for row in document.rows)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def _cell(value: Value) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    return "" if value is None else guarded(str(value)) if isinstance(value, str) else str(value)


def plain(value: Decimal) -> str:
    """A number without exponent and without trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
