"""CSV: UTF-8 with or without BOM, else GB18030, the encoding Chinese office programs save in."""

import csv
import io

from indicators.marks import gettext_noop as _
from indicators.readers.table import MAX_COLUMNS, MAX_ROWS, Refused, Scalar, Table

_DELIMITERS = ",;\t"
_LINES_TO_LOOK_AT = 30


def read(content: bytes) -> tuple[Table, ...]:
    """One table without a sheet name; every cell is text. Raises Refused."""
    text = _decoded(content)
    rows: list[list[Scalar]] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            if len(rows) == MAX_ROWS or len(line) > MAX_COLUMNS:
                raise Refused(
                    _("The file has more than %(rows)s rows or %(columns)s columns. Send it in parts."), rows=MAX_ROWS, columns=MAX_COLUMNS
                )
            rows.append([*line])
    except csv.Error:
        raise Refused(
            _("The rows of the CSV file cannot be told apart: a quotation mark is probably not closed. Save it again from Excel or WPS.")
        ) from None
    return (Table("", rows),)


def _decoded(content: bytes) -> str:
    if b"\0" in content:
        raise Refused(_('The file is not a CSV text file. Give a workbook the ending .xlsx; save a text file as "CSV UTF-8".'))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(_('The characters of the file are neither UTF-8 nor GB18030. Save it as "CSV UTF-8".'))


def _delimiter(text: str) -> str:
    """The mark that stands most often in one of the first lines: the header row has many, other lines have few."""
    lines = text[:100_000].splitlines()[:_LINES_TO_LOOK_AT]
    return max(_DELIMITERS, key=lambda mark: max((line.count(mark) for line in lines), default=0))
