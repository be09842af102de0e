"""Excel workbooks (.xlsx): looked through first, part by part, then read by calamine and made whole with what it does not tell."""

import re
from collections.abc import Iterator
from posixpath import join, normpath
from xml.etree import ElementTree  # document types, the way to harm it, are refused before it is used
from xml.parsers import expat
from xml.sax.saxutils import unescape

from indicators.workbooks import cells
from indicators.workbooks.book import MAX_COLUMNS, MAX_ROWS, Book, Marks, Place, Refusal, is_percent, marked
from indicators.workbooks.zipped import opened, parts

_FOREIGN = (
    (re.compile(r"vbaproject|xl/macrosheets/|xl/activex/", re.I), "macros"),
    (re.compile(r"xl/externallinks/", re.I), "external_link"),
    (re.compile(r"xl/embeddings/", re.I), "embedded"),
)
BOOK, _RELATIONS, _STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
_MAX_BOOK = 2 * 1024 * 1024  # a book that lists its sheets is small

# Only cells far out match: three letters, or six digits and more; their exact place is then looked at. One that is provably blank, a
# formatted cell without content, is nothing.
_FAR_CELL = re.compile(rb"\br\s*=\s*[\"']([A-Z]{3,}\d+|[A-Z]+[1-9]\d{5,})[\"'](?![^<>]{0,200}/>)(?![^<>]{0,199}[^<>/]></|></)", re.I)
# A row far out whose cells do not say where they are.
_FAR_ROW = re.compile(
    rb"<(?:\w+:)?row\b[^<>]*\br\s*=\s*[\"'](\d{6,})[\"'][^<>]*>\s*<(?:\w+:)?c(?:\s+[a-qs-z]\w*\s*=\s*[\"'][^<>\"']*[\"'])*+>(?!</)"
)
_FORMULA = re.compile(rb"<((?:\w+:)?)f[\s/>]")
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Z]+)(\d+)[\"']", re.I)
_STORED = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)")
_ERROR = re.compile(rb"\st\s*=\s*[\"']e[\"'][^>]*>")
_UNIQUE_COUNT = re.compile(rb"uniqueCount\s*=\s*[\"'](\d+)")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^<>]*)>")
_ROW_NUMBER = re.compile(rb"\br\s*=\s*[\"'](\d{1,7})[\"']")
_CELL_AT = re.compile(rb"<(?:\w+:)?c\b[^<>]*?\br\s*=\s*[\"']([A-Z]{1,3}\d{1,7})[\"']")
_ROW_AT = re.compile(rb"<(?:\w+:)?row\b[^<>]*?\br\s*=\s*[\"'](\d{1,7})[\"']")
_HIDDEN = re.compile(rb"\shidden\s*=\s*[\"'](?:1|true)[\"']")
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b([^<>]*)>")
_FORMAT_CODE = re.compile(rb"\bformatCode\s*=\s*(\"[^\"]*\"|'[^']*')")
_FORMAT_NUMBER = re.compile(rb"\bnumFmtId\s*=\s*[\"'](\d{1,5})[\"']")
_CELL_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs\b")
_CELL_FORMAT = re.compile(rb"<(?:\w+:)?xf\b([^<>]*)>|</(?:\w+:)?cellXfs>")
_PERCENT_FORMATS = frozenset({b"9", b"10"})  # 0% and 0.00%, which every workbook knows


def read(content: bytes) -> Book:
    """The workbook. Raises Refusal, and whatever calamine raises."""
    marks = scan(content)
    return marked(cells.read(content), marks)


def scan(content: bytes) -> dict[str, Marks]:
    """The marks of every sheet, by its name. Raises Refusal for what is no plain workbook of sane size."""
    book: dict[str, bytes] = {}
    found: dict[str, Marks] = {}
    percent_styles: list[bytes] = []
    with opened(content) as archive:
        for name, data in parts(archive, _FOREIGN, first=_STYLES.__eq__):
            # Readers reserve room for as many shared strings as the part announces; one takes five bytes (<si/>) at least.
            if any(int(count) * 5 > len(data) for count in _UNIQUE_COUNT.findall(data)):
                raise Refusal("damaged")
            if name in (BOOK, _RELATIONS):
                book[name] = data
            elif name == _STYLES:
                percent_styles = list(_percent_styles(data))
            elif b"sheetData" in data:
                found[name] = _scan_sheet(name, data, percent_styles)
        if len(book) != 2:
            raise Refusal("not_workbook")
        if any(len(data) > _MAX_BOOK for data in book.values()):
            raise Refusal("damaged")
        sheets = list(_sheet_parts(book[BOOK], book[_RELATIONS]))
    # Only parts called .xml have been looked through, and a name that stands twice would hide one sheet behind another.
    if not all(part.endswith(".xml") for _name, part in sheets) or len(dict(sheets)) != len(sheets):
        raise Refusal("damaged")
    return {name: found.get(part, Marks()) for name, part in sheets}


def _check_form(data: bytes) -> None:
    """Well-formed, so that no search below runs from tag to tag without an end. Raises ExpatError."""
    expat.ParserCreate().Parse(data, True)


def _scan_sheet(name: str, data: bytes, percent_styles: list[bytes]) -> Marks:
    _check_form(data)
    for match in _FAR_CELL.finditer(data):
        row, column = _place(match[0])
        if row > MAX_ROWS or column > MAX_COLUMNS:
            raise Refusal("too_far", part=name, cell=match[1].decode(), rows=MAX_ROWS)
    if any(int(match[1]) > MAX_ROWS for match in _FAR_ROW.finditer(data)):
        raise Refusal("too_far", rows=MAX_ROWS)
    for pattern in (_CELL_AT, _ROW_AT):
        places = pattern.findall(data)
        if len(set(places)) != len(places):
            raise Refusal("damaged")  # the same place twice: which of the two holds is not guessed
    return Marks(dict(_formulas(data)), dict(_errors(data)), list(_percents(data, percent_styles)), list(_hidden(data)))


def _place(attribute: bytes) -> Place:
    match = _PLACE.search(attribute)
    if not match:
        raise Refusal("damaged")
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
            raise Refusal("damaged")
        yield _place(data[start : data.find(b">", start)]), _STORED.search(data, match.end(), end) is not None


def _errors(data: bytes) -> Iterator[tuple[Place, str]]:
    end = 0 if b'"e"' in data or b"'e'" in data else len(data)
    while match := _ERROR.search(data, end):
        start, end = data.rfind(b"<", end, match.start()), data.find(b"c>", match.end())
        stored = _STORED.search(data, match.end(), end)
        if start < 0 or end < 0:
            raise Refusal("damaged")
        yield _place(data[start : match.end()]), stored[1].decode() if stored else "#ERROR"


def _hidden(data: bytes) -> Iterator[int]:
    if b"hidden" not in data:
        return
    number = 0
    for match in _ROW.finditer(data):
        stated = _ROW_NUMBER.search(match[1])
        number = int(stated[1]) if stated else number + 1
        if _HIDDEN.search(match[1]):
            yield number


def _percent_styles(data: bytes) -> Iterator[bytes]:
    """The numbers of the cell styles that show a number as a percentage."""
    _check_form(data)
    formats = set(_PERCENT_FORMATS)
    for match in _FORMAT.finditer(data):
        number, code = _FORMAT_NUMBER.search(match[1]), _FORMAT_CODE.search(match[1])
        if number and code and is_percent(unescape(code[1][1:-1].decode(errors="replace"), {"&quot;": '"', "&apos;": "'"})):
            formats.add(number[1])
    begin = _CELL_FORMATS.search(data)
    for place, match in enumerate(_CELL_FORMAT.finditer(data, begin.end() if begin else len(data))):
        if match[1] is None:
            return
        number = _FORMAT_NUMBER.search(match[1])
        if number and number[1] in formats:
            yield b"%d" % place


def _percents(data: bytes, styles: list[bytes]) -> Iterator[Place]:
    if not styles:
        return
    for match in re.finditer(rb"<(?:\w+:)?c\b([^<>]{0,200}\bs\s*=\s*[\"'](?:" + b"|".join(styles) + rb")[\"'][^<>]{0,200})(?<!/)>", data):
        if _PLACE.search(match[1]):
            yield _place(match[1])


def _sheet_parts(workbook: bytes, relations: bytes) -> Iterator[tuple[str, str]]:
    """Sheet name and part, for each sheet."""
    tree = ElementTree.fromstring(relations)  # noqa: S314
    targets = {relation.get("Id", ""): relation.get("Target", "") for relation in tree}
    for element in ElementTree.fromstring(workbook).iter():  # noqa: S314
        if element.tag.rpartition("}")[2] == "sheet":
            target = targets.get(next((value for name, value in element.attrib.items() if name.endswith("}id")), ""), "")
            yield element.get("name", ""), target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
