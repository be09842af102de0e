"""Bytes of an upload to tables of cells. A new format: a module with `read`, an entry, a sample and its test."""

from collections.abc import Callable
from pathlib import PurePath

from indicators.marks import gettext_noop as _
from indicators.readers import csv, json_rows, workbook
from indicators.readers.table import Reading, Refused, Table

__all__ = ["MAX_BYTES", "READERS", "Reading", "Table", "read"]

MAX_BYTES = 20 * 1024 * 1024

# Which of the three a workbook is, its content says.
READERS: dict[str, Callable[[bytes], Reading]] = {
    ".xlsx": workbook.read,
    ".xls": workbook.read,
    ".ods": workbook.read,
    ".csv": csv.read,
    ".json": json_rows.read,
}


def read(content: bytes, filename: str) -> Reading:
    """The tables of a file, told apart by its ending. Never raises for bad content: one `unreadable` finding says what to do, and its
    parameter `code` why."""
    try:
        reading = _reader(content, filename)(content)
        _check_characters(reading.tables)
        return reading
    except Refused as refused:
        return Reading(findings=(refused.finding,))


def _reader(content: bytes, filename: str) -> Callable[[bytes], Reading]:
    ending = PurePath(filename).suffix.lower()
    if ending not in READERS:
        message = _('Files ending in "%(ending)s" are not read. Save the file as one of: %(endings)s.')
        raise Refused("ending", message, ending=ending, endings=", ".join(READERS))
    if len(content) > MAX_BYTES:
        raise Refused("too_large", _("The file is larger than 20 MB. Remove pictures and other sheets, or send it in parts."))
    if not content.strip():
        raise Refused("empty", _("The file is empty. Check that it was saved, and choose it again."))
    return READERS[ending]


def _check_characters(tables: tuple[Table, ...]) -> None:
    """No zero character and no half of a character pair: a database cannot keep them."""
    texts = [text for table in tables for row in table.rows for text in row if isinstance(text, str)]
    headings = [text for table in tables for text in (table.sheet, *table.heading.values())]
    whole = "".join(texts + headings)
    try:
        whole.encode()
    except UnicodeEncodeError:
        whole = "\0"
    if "\0" in whole:
        raise Refused("characters", _("The file contains characters that no text can have. Type the texts anew and save it again."))
