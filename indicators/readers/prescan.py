"""Looks through an .xlsx before anything parses it: is it a plain workbook of sane size? Finds formulas and errors on the way."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import join, normpath
from xml.etree import ElementTree  # document types, the way to harm it, are refused before it is used

from indicators.marks import gettext_noop as _
from indicators.readers.table import MAX_COLUMNS, MAX_ROWS, Refused

MAX_ENTRIES, MAX_SIZE, MAX_RATIO, _CHUNK = 200, 64 * 1024 * 1024, 150, 1024 * 1024

# Parts that make a workbook more than figures, and the sentence each is refused with.
_FOREIGN = (
    (re.compile(r"vbaproject|xl/macrosheets/|xl/activex/", re.I), _("The workbook has macros. Save it as .xlsx without macros.")),
    (
        re.compile(r"xl/externallinks/", re.I),
        _("The workbook links to other files. Replace the linked cells by their values and save it again."),
    ),
    (re.compile(r"xl/embeddings/", re.I), _("The workbook has other files embedded. Remove them and save it again.")),
)
_NOT_WORKBOOK = _("The file is not an Excel workbook in spite of its ending. Open it in Excel or WPS and save it as .xlsx.")
_DAMAGED = _("The workbook is damaged. Open it in Excel or WPS and save it again as .xlsx.")
_TOO_LARGE = _("The workbook is far too large when unpacked. Copy the table alone into a new workbook and save it as .xlsx.")
_TOO_FAR = _(
    "Sheet part %(part)s has a cell at %(cell)s, beyond row %(rows)s or column ZZ. Delete the "
    "empty formatted rows and columns around the table."
)

_DOCTYPE = re.compile(rb"<!DOCTYPE|<!ENTITY")
_OTHER_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-?8|us-ascii)", re.I)
# Only cells far out match: three letters, or six digits and more; their exact place is then looked at.
_FAR_CELL = re.compile(rb"\br\s*=\s*[\"']([A-Z]{3,}\d+|[A-Z]+[1-9]\d{5,})[\"']", re.I)
_FORMULA = re.compile(rb"<((?:\w+:)?)f[\s/>]")
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Z]+)(\d+)[\"']", re.I)
_STORED = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)")
_ERROR = re.compile(rb"\st\s*=\s*[\"']e[\"'][^>]*>")
_UNIQUE_COUNT = re.compile(rb"uniqueCount\s*=\s*[\"'](\d+)")

_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"

Place = tuple[int, int]


@dataclass(frozen=True)
class Marks:
    """Of a sheet: its formula cells and whether a result is stored, and the cells that hold an error such as #DIV/0!."""

    formulas: dict[Place, bool] = field(default_factory=dict)
    errors: dict[Place, str] = field(default_factory=dict)


_ROOT = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def scan(content: bytes) -> dict[str, Marks]:
    """What a reader of values does not tell, by sheet name. Raises Refused for what is no plain workbook."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(_old_or_locked(content))
    if not content.startswith(b"PK"):
        raise Refused(_NOT_WORKBOOK)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _scan_parts(archive)
    except (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise Refused(_DAMAGED) from None


def _old_or_locked(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return _("The workbook is protected by a password. Remove the password and save it again.")
    return _("The file is an old .xls workbook. Open it in Excel or WPS and save it as .xlsx.")


def _scan_parts(archive: zipfile.ZipFile) -> dict[str, Marks]:
    _check_entries(archive.infolist())
    book: dict[str, bytes] = {}
    parts: dict[str, Marks] = {}
    size = 0
    for info in archive.infolist():
        data = _unpacked(archive, info, MAX_SIZE - size)
        size += len(data)
        if size > MAX_SIZE:
            raise Refused(_TOO_LARGE)
        if info.filename.lower().endswith((".xml", ".rels", ".vml")):
            _check_xml(data)
        if info.filename in (_BOOK, _RELATIONS):
            book[info.filename] = data
        elif b"sheetData" in data:
            parts[info.filename] = _scan_sheet(info.filename, data)
    if len(book) != 2:
        raise Refused(_NOT_WORKBOOK)
    sheets = list(_sheet_parts(book[_BOOK], book[_RELATIONS]))
    # Only parts called .xml have been looked through, and a name that stands twice would hide one sheet behind another.
    if not all(part.endswith(".xml") for _name, part in sheets) or len(dict(sheets)) != len(sheets):
        raise Refused(_DAMAGED)
    return {name: parts.get(part, Marks()) for name, part in sheets}


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    size, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    if len(entries) > MAX_ENTRIES or size > MAX_SIZE or size > MAX_RATIO * max(packed, 1):
        raise Refused(_TOO_LARGE)
    if len({entry.filename.lower() for entry in entries}) != len(entries):
        raise Refused(_DAMAGED)
    for entry in entries:
        if entry.flag_bits & 1:
            raise Refused(_("The workbook is protected by a password. Remove the password and save it again."))
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(_DAMAGED)
        for pattern, sentence in _FOREIGN:
            if pattern.search(entry.filename.replace("\\", "/")):
                raise Refused(sentence)


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int) -> bytes:
    """The part's bytes, at most a chunk more than `room`; its declared size is not believed."""
    data = bytearray()
    with archive.open(info) as part:
        while len(data) <= room and (chunk := part.read(_CHUNK)):
            data += chunk
    return bytes(data)


def _check_xml(data: bytes) -> None:
    if b"\0" in data[:200] or _OTHER_ENCODING.search(data[:200]):
        raise Refused(_DAMAGED)
    if b"<!" in data and _DOCTYPE.search(data):
        raise Refused(
            _("The workbook contains a document type declaration, which no office program writes. Copy the table into a new workbook.")
        )
    # Readers reserve room for as many shared strings as the part announces; one takes five bytes (<si/>) at least.
    if any(int(count) * 5 > len(data) for count in _UNIQUE_COUNT.findall(data)):
        raise Refused(_DAMAGED)


def _scan_sheet(name: str, data: bytes) -> Marks:
    for match in _FAR_CELL.finditer(data):
        row, column = _place(match[0])
        if row > MAX_ROWS or column > MAX_COLUMNS:
            raise Refused(_TOO_FAR, part=name, cell=match[1].decode(), rows=MAX_ROWS)
    return Marks(dict(_formulas(data)), dict(_errors(data)))


def _place(attribute: bytes) -> Place:
    match = _PLACE.search(attribute)
    if not match:
        raise Refused(_DAMAGED)
    column = 0
    for letter in match[1].upper():
        column = column * 26 + letter - 64
    return int(match[2]), column


def _formulas(data: bytes) -> Iterator[tuple[Place, bool]]:
    end = 0
    while match := _FORMULA.search(data, end):
        # Looking back to the last cell's end only, and on from this cell's: each byte is passed once, however the part is made.
        start, end = data.rfind(b"<" + match[1] + b"c", end, match.start()), data.find(b"</" + match[1] + b"c>", match.end())
        if start < 0 or end < 0:
            raise Refused(_DAMAGED)
        yield _place(data[start : data.find(b">", start)]), _STORED.search(data, match.end(), end) is not None


def _errors(data: bytes) -> Iterator[tuple[Place, str]]:
    end = 0 if b'"e"' in data or b"'e'" in data else len(data)
    while match := _ERROR.search(data, end):
        start, end = data.rfind(b"<", end, match.start()), data.find(b"c>", match.end())
        stored = _STORED.search(data, match.end(), end)
        if start < 0 or end < 0:
            raise Refused(_DAMAGED)
        yield _place(data[start : match.end()]), stored[1].decode() if stored else "#ERROR"


def _sheet_parts(workbook: bytes, relations: bytes) -> Iterator[tuple[str, str]]:
    """Sheet name and part, for each sheet."""
    tree = ElementTree.fromstring(relations)  # noqa: S314
    targets = {relation.get("Id", ""): relation.get("Target", "") for relation in tree}
    for element in ElementTree.fromstring(workbook).iter():  # noqa: S314
        if element.tag.rpartition("}")[2] == "sheet":
            target = targets.get(element.get(f"{_ROOT}id", ""), "")
            yield element.get("name", ""), target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
