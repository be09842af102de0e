"""Excel 97-2003 workbooks (.xls): their records are walked first, then calamine reads the values."""

import re
from collections.abc import Iterator
from io import BytesIO
from struct import unpack_from

from indicators.workbooks import cells
from indicators.workbooks.book import MAX_COLUMNS, MAX_ROWS, Book, Marks, Place, Refusal, is_percent, marked

# Records of the format, by the names Microsoft's description gives them.
_BOF, _EOF, _FILEPASS, _CODEPAGE, _BOUNDSHEET, _OBPROJ = 0x809, 0x0A, 0x2F, 0x42, 0x85, 0xD3
_SUPBOOK, _EXTERNSHEET, _FORMAT, _XF = 0x1AE, 0x17, 0x41E, 0xE0
_ROW, _FORMULA, _STRING, _BOOLERR, _NUMBER, _RK, _MULRK, _LABEL, _LABELSST = 0x208, 0x06, 0x207, 0x205, 0x203, 0x27E, 0xBD, 0x204, 0xFD
_WITH_CONTENT = frozenset({_FORMULA, _BOOLERR, _NUMBER, _RK, _MULRK, _LABEL, _LABELSST})

_BIFF8 = 0x600
_WORKSHEET, _MACRO_SHEET, _MODULE = 0, 1, 6
_THIS_BOOK, _ADD_INS, _UNUSED = 0x0401, 0x3A01, 1  # what a link record says in place of the path of another file
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_FOREIGN = (
    (re.compile(r"^_VBA_PROJECT|^VBA$|^Macros$|^Ctls$", re.I), "macros"),
    (re.compile(r"^MBD[0-9A-F]{8}$", re.I), "embedded"),
    (re.compile(r"^LNK[0-9A-F]{8}$", re.I), "external_link"),
)


def read(content: bytes) -> Book:
    """The workbook. Raises Refusal, and whatever olefile and calamine raise."""
    marks = scan(content)  # first: what it refuses must not reach the other
    return marked(cells.read(content), marks)


def scan(content: bytes) -> dict[str, Marks]:
    """The marks of every sheet, by its name. Raises Refusal for what is no plain workbook, and whatever olefile raises for a broken one."""
    walk = _Walk()
    for kind, data, start in _records(_stream(content)):
        walk.see(kind, data, start)
    if len(walk.places) != len(walk.names) or len(set(walk.names.values())) != len(walk.names):
        raise Refusal("damaged")
    return {name: walk.marks[place] for place, name in walk.names.items()}


def _stream(content: bytes) -> bytes:
    """The one stream of the file that is the workbook."""
    if "EncryptedPackage".encode("utf-16-le") in content:  # an .xlsx with a password comes in this coat
        raise Refusal("encrypted")
    import olefile

    with olefile.OleFileIO(BytesIO(content)) as ole:
        for path in ole.listdir(streams=True, storages=True):
            for pattern, code in _FOREIGN:
                if pattern.search(path[-1]):
                    raise Refusal(code)
        name = next((name for name in ("Workbook", "Book") if ole.exists(name)), None)
        if name is None:
            raise Refusal("not_workbook")
        return bytes(ole.openstream(name).read())


def _records(stream: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Kind, content and place of each record."""
    start = 0
    while start + 4 <= len(stream):
        kind, size = unpack_from("<HH", stream, start)
        if start + 4 + size > len(stream):
            raise Refusal("damaged")
        if kind or size:  # the last block is filled up with zeros
            yield kind, stream[start + 4 : start + 4 + size], start
        start += 4 + size


class _Walk:
    """What the records passed so far say. A sheet begins at a BOF record whose place the list of sheets has named; a chart within a
    sheet is a BOF within, and is passed over."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}  # by the place of the sheet's first record
        self.marks: dict[int, Marks] = {}
        self.places: set[int] = set()
        self.depth, self.biff8, self.encoding = 0, True, "cp1252"
        self.formats, self.percent_styles, self.styles = {9, 10}, set[int](), 0
        self.sheet: Marks | None = None
        self.waiting: Place | None = None  # the formula whose text is the next STRING record

    def see(self, kind: int, data: bytes, start: int) -> None:
        if kind == _BOF:
            self.depth += 1
            if self.depth == 1:
                self.biff8 = unpack_from("<H", data)[0] == _BIFF8
                self.sheet = self.marks.get(start)
                self.places |= {start} & self.marks.keys()
        elif kind == _EOF:
            self.depth -= 1
        elif self.depth == 1 and self.sheet is not None:
            self._in_sheet(self.sheet, kind, data)
        elif self.depth == 1:
            self._in_globals(kind, data)

    def _in_globals(self, kind: int, data: bytes) -> None:
        if kind == _FILEPASS:
            raise Refusal("encrypted")
        if kind == _OBPROJ:
            raise Refusal("macros")
        if kind == _CODEPAGE:
            page = unpack_from("<H", data)[0]
            self.encoding = "utf-16-le" if page == 1200 else f"cp{page}"
        elif kind == _BOUNDSHEET:
            self._list_sheet(data)
        elif (kind == _SUPBOOK and _is_other_file(data)) or (kind == _EXTERNSHEET and not self.biff8 and data[1:2] == b"\x01"):
            raise Refusal("external_link")
        elif kind == _FORMAT and is_percent(self._text(data[2:] if self.biff8 else data[2:3] + b"\0" + data[3:])):
            self.formats.add(unpack_from("<H", data)[0])
        elif kind == _XF:
            if unpack_from("<H", data, 2)[0] in self.formats:
                self.percent_styles.add(self.styles)
            self.styles += 1

    def _list_sheet(self, data: bytes) -> None:
        place, _state, kind = unpack_from("<IBB", data)
        if kind in (_MACRO_SHEET, _MODULE):
            raise Refusal("macros")
        self.names[place], self.marks[place] = self._text(data[6:7] + b"\0" + data[7:]), Marks()

    def _in_sheet(self, sheet: Marks, kind: int, data: bytes) -> None:
        if kind == _ROW:
            row, flags = unpack_from("<H", data)[0], unpack_from("<H", data, 12)[0]
            if flags & 0x20:
                sheet.hidden.append(row + 1)
        elif kind == _STRING and self.waiting:
            sheet.formulas[self.waiting] = True
            sheet.results[self.waiting], self.waiting = self._text(data), None
        elif kind in _WITH_CONTENT:
            self._cell(sheet, kind, data)

    def _cell(self, sheet: Marks, kind: int, data: bytes) -> None:
        row, column, style = unpack_from("<HHH", data)
        place = row + 1, column + 1
        if row >= MAX_ROWS or column >= MAX_COLUMNS:
            raise Refusal("too_far", rows=MAX_ROWS)
        if kind == _MULRK:
            styles = unpack_from("<" + "H4x" * ((len(data) - 6) // 6), data, 4)
            sheet.percents.extend((row + 1, column + 1 + number) for number, one in enumerate(styles) if one in self.percent_styles)
        elif kind in (_NUMBER, _RK, _FORMULA) and style in self.percent_styles:
            sheet.percents.append(place)
        if kind == _BOOLERR and data[7]:
            sheet.results[place] = _ERRORS.get(data[6], "#ERROR")
        elif kind == _FORMULA:
            self._formula(sheet, place, data[6:14])

    def _formula(self, sheet: Marks, place: Place, result: bytes) -> None:
        """A result is a number, or its first byte says what else it is: 0 a text that follows, 1 true or false, 2 an error, 3 nothing."""
        what = result[0] if result[6:8] == b"\xff\xff" else None
        self.waiting = place if what == 0 else None
        sheet.formulas[place] = what not in (0, 3)
        if what == 1:
            sheet.results[place] = bool(result[2])
        elif what is not None:
            sheet.results[place] = _ERRORS.get(result[2], "#ERROR") if what == 2 else None

    def _text(self, data: bytes) -> str:
        """A text with its length in two bytes before it; since BIFF8 a byte between says whether its characters take one byte or two."""
        length = unpack_from("<H", data)[0]
        if not self.biff8:
            return data[2 : 2 + length].decode(self.encoding, "replace")
        wide = data[2] & 1
        return data[3 : 3 + length * 2].decode("utf-16-le", "replace") if wide else data[3 : 3 + length].decode("latin-1")


def _is_other_file(data: bytes) -> bool:
    return unpack_from("<H", data, 2)[0] not in (_THIS_BOOK, _ADD_INS, _UNUSED)
