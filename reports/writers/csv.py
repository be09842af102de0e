"""CSV with a UTF-8 BOM (Excel in Chinese needs it) and no cell that a spreadsheet would take for a formula."""

import csv
import io
from decimal import Decimal

from reports.document import Document, Value

_TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def write(document: Document) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([_text(document.title)])
    writer.writerows([_text(name), _text(value)] for name, value in document.heading)
    writer.writerow([_text(column.title) for column in document.columns])
    writer.writerows([_cell(value) for value in row] for row in document.rows)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def _cell(value: Value) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    return "" if value is None else _text(str(value)) if isinstance(value, str) else str(value)


def _text(text: str) -> str:
    return f"'{text}" if text.startswith(_TRIGGERS) else text


def plain(value: Decimal) -> str:
    """A number without exponent and without trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
