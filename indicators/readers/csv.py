"""CSV: UTF-8 with or without BOM, else GB18030, the encoding Chinese office programs save in."""

import csv
import io

from indicators.marks import gettext_noop as _
from indicators.readers.table import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Reading, Refused, Scalar, Table
from indicators.rules.reading import ENCODING_GUESSED

_DELIMITERS = ",;\t"
_LINES_TO_LOOK_AT = 30
csv.field_size_limit(1 << 25)  # as long as a file may be: else a long text would pass for a quotation mark that is not closed
_TOO_MANY = _("The file has more than %(rows)s rows or %(columns)s columns. Send it in parts.")


def read(content: bytes) -> Reading:
    """One table without a sheet name; every cell is text. Raises Refused."""
    text, guessed = _decoded(content)
    rows: list[list[Scalar]] = []
    cells = 0
    try:
        # Strict: a quotation mark that is not closed would else take all rows after it into one cell.
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True):
            cells += len(line)
            if len(rows) == MAX_ROWS or cells > MAX_CELLS:
                raise Refused("too_large", _TOO_MANY, rows=MAX_ROWS, columns=MAX_COLUMNS)
            if len(line) > MAX_COLUMNS:
                raise Refused("too_far", _TOO_MANY, rows=MAX_ROWS, columns=MAX_COLUMNS)
            rows.append(line)  # type: ignore[arg-type]
    except csv.Error:
        raise Refused(
            "quotes",
            _("The rows of the CSV file cannot be told apart: a quotation mark is probably not closed. Save it again from Excel or WPS."),
        ) from None
    note = _("The file is not UTF-8 and was read as GB18030. Check that its texts look right; nothing else is needed.")
    return Reading((Table("", rows),), (ENCODING_GUESSED.finding(note),) if guessed else ())


def _decoded(content: bytes) -> tuple[str, bool]:
    """The text, and whether its encoding had to be guessed."""
    if b"\0" in content:
        message = _('The file is not a CSV text file. Give a workbook the ending .xlsx; save a text file as "CSV UTF-8".')
        raise Refused("encoding", message)
    for encoding, guessed in (("utf-8-sig", False), ("gb18030", True)):
        try:
            return content.decode(encoding), guessed
        except UnicodeDecodeError:
            continue
    raise Refused("encoding", _('The characters of the file are neither UTF-8 nor GB18030. Save it as "CSV UTF-8".'))


def _delimiter(text: str) -> str:
    """The mark that stands most often in one of the first lines: the header row has many, other lines have few."""
    lines = text[:100_000].splitlines()[:_LINES_TO_LOOK_AT]
    return max(_DELIMITERS, key=lambda mark: max((line.count(mark) for line in lines), default=0))
