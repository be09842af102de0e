"""OpenDocument spreadsheets (.ods): one pass over their content, which says everything a table needs."""

import re
from collections.abc import Mapping
from math import isfinite
from xml.parsers import expat

from indicators.workbooks.book import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_MERGES,
    MAX_ROWS,
    PASSPORT,
    Book,
    Cell,
    Refusal,
    Sheet,
    as_percent,
    is_table,
)
from indicators.workbooks.zipped import opened, parts

_FOREIGN = (
    (re.compile(r"^(Basic|Scripts|Dialogs)/", re.I), "macros"),
    (re.compile(r"^encrypted-package$", re.I), "encrypted"),
)
_OBJECT = re.compile(r"^(Object [^/]*)(/|$)", re.I)
_LISTED = re.compile(rb"<[^<>]*opendocument\.chart\"[^<>]*>")
_FOLDER = re.compile(rb"full-path=\"(Object [^/\"]*)/\"")
_MANIFEST, CONTENT = "META-INF/manifest.xml", "content.xml"

_NAMES = {
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0": "draw",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext",
}
_LINKS = {"table:table-source", "table:cell-range-source", "table:dde-link", "office:dde-source"}
# What stands in or beside a cell and is not its content.
_ASIDE = {"office:annotation", "table:tracked-changes", "table:shapes", "office:forms"}
_OTHER_FILE = re.compile(r"\['[^']*'#")  # a formula that names a sheet of another file
_MARKS = {"text:tab": "\t", "text:line-break": "\n"}
_MAX_SPACES = 1_000


def read(content: bytes) -> Book:
    """The workbook. Raises Refusal."""
    with opened(content) as archive:
        charts: set[str] = set()
        for name, data in parts(archive, _FOREIGN, first=_MANIFEST.__eq__):
            if name == _MANIFEST:
                if b"encryption-data" in data:
                    raise Refusal("encrypted")
                charts = {match[1].decode() for entry in _LISTED.findall(data) for match in _FOLDER.finditer(entry)}
            elif (match := _OBJECT.match(name)) and match[1] not in charts:
                raise Refusal("embedded")
            elif name == CONTENT:
                found = data
        return _Content().read(found)


class _Content:
    """Walks content.xml once. Rows and columns are counted from 1; what repeats without content is only counted."""

    def __init__(self) -> None:
        self.book, self.names = Book([]), set[str]()
        self.style, self.hidden_styles = "", set[str]()
        self.sheet: Sheet | None = None
        self.visible = False
        self.aside = self.cells = 0
        self.row, self.column = 1, 1
        self.line: list[Cell] = []
        self.formulas: dict[int, bool] = {}
        self.attributes: Mapping[str, str] = {}
        self.cell: Mapping[str, str] | None = None
        self.text: list[str] | None = None
        self.paragraphs = 0

    def read(self, data: bytes) -> Book:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        parser.CharacterDataHandler = self._characters
        parser.Parse(data, True)
        return self.book

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        name = _short(name)
        if name in _LINKS:
            raise Refusal("external_link")
        if self.aside or name in _ASIDE or name.startswith("draw:"):
            self.aside += 1
            return
        if name in ("table:table-cell", "table:covered-table-cell"):
            self.cell, self.text, self.paragraphs = {_short(key): value for key, value in attributes.items()}, [], 0
        elif self.text is not None:
            self._begin_text(name, attributes)
        elif name == "table:table-row":
            self.attributes, self.column, self.line, self.formulas = {_short(k): v for k, v in attributes.items()}, 1, [], {}
        elif name == "table:table":
            self._begin_sheet({_short(key): value for key, value in attributes.items()})
        elif name == "style:style":
            self.style = next((value for key, value in attributes.items() if _short(key) == "style:name"), "")
        elif name == "style:table-properties" and any(_short(k) == "table:display" and v == "false" for k, v in attributes.items()):
            self.hidden_styles.add(self.style)

    def _begin_text(self, name: str, attributes: dict[str, str]) -> None:
        assert self.text is not None
        if name == "text:p":
            if self.paragraphs:
                self.text.append("\n")
            self.paragraphs += 1
        elif name == "text:s":
            count = next((int(value) for key, value in attributes.items() if _short(key) == "text:c"), 1)
            self.text.append(" " * min(count, _MAX_SPACES))
        elif name in _MARKS:
            self.text.append(_MARKS[name])

    def _characters(self, text: str) -> None:
        if self.text is not None and self.paragraphs and not self.aside:
            self.text.append(text)

    def _end(self, name: str) -> None:
        if self.aside:
            self.aside -= 1
            return
        name = _short(name)
        if name in ("table:table-cell", "table:covered-table-cell"):
            self._end_cell()
        elif name == "table:table-row":
            self._end_row()
        elif name == "table:table":
            self._end_sheet()

    def _begin_sheet(self, attributes: Mapping[str, str]) -> None:
        name = attributes.get("table:name", "")
        if self.sheet is not None or name in self.names:
            raise Refusal("damaged")
        self.names.add(name)
        self.sheet, self.row = Sheet(name), 1
        self.visible = attributes.get("table:style-name", "") not in self.hidden_styles

    def _end_sheet(self) -> None:
        sheet, self.sheet = self.sheet, None
        assert sheet is not None
        sheet.hidden = [row for row in sheet.hidden if row <= len(sheet.rows)]
        if sheet.name == PASSPORT:
            first = sheet.rows[0][0] if sheet.rows and sheet.rows[0] else None
            self.book.passport = "" if first is None else str(first)
        elif self.visible and is_table(sheet.name):
            self.book.sheets.append(sheet)

    def _end_cell(self) -> None:
        if self.cell is None or self.text is None or self.sheet is None:
            raise Refusal("damaged")
        cell, text, self.cell, self.text = self.cell, "".join(self.text), None, None
        repeated, value = _count(cell, "columns-repeated"), _value(cell, text)
        formula = cell.get("table:formula")
        if formula and _OTHER_FILE.search(formula):
            raise Refusal("external_link")
        down, across = _count(cell, "rows-spanned"), _count(cell, "columns-spanned")
        if (down > 1 or across > 1) and len(self.sheet.merged) < MAX_MERGES:
            self.sheet.merged.append((self.row, self.column, self.row + down - 1, self.column + across - 1))
        if value is not None or formula:
            if self.column + repeated - 1 > MAX_COLUMNS:
                raise Refusal("too_far", rows=MAX_ROWS)
            self.line.extend([None] * (self.column - 1 - len(self.line)))
            self.line.extend([value] * repeated)
            if formula:
                self.formulas.update(dict.fromkeys(range(self.column, self.column + repeated), value is not None))
        self.column += repeated

    def _end_row(self) -> None:
        if self.sheet is None:
            raise Refusal("damaged")
        repeated, rows = _count(self.attributes, "rows-repeated"), self.sheet.rows
        last = self.row + repeated - 1
        if self.line:
            self.cells += len(self.line) * repeated
            if last > MAX_ROWS:
                raise Refusal("too_far", rows=MAX_ROWS)
            if self.cells > MAX_CELLS:
                raise Refusal("too_large")
            rows.extend([] for _blank in range(self.row - 1 - len(rows)))
            rows.extend([*self.line] for _copy in range(repeated))
            for row in range(self.row, last + 1) if self.formulas else ():
                self.sheet.formulas.update({(row, column): stored for column, stored in self.formulas.items()})
        if self.attributes.get("table:visibility", "visible") != "visible":
            self.sheet.hidden.extend(range(self.row, min(last, MAX_ROWS) + 1))
        self.row = last + 1


def _short(name: str) -> str:
    """`table:table-row` for the name with its whole namespace; a name of no namespace known here is none of ours."""
    space, _blank, local = name.partition(" ")
    return f"{_NAMES.get(space, '')}:{local}"


def _count(attributes: Mapping[str, str], what: str) -> int:
    number = int(attributes.get(f"table:number-{what}", "1"))
    if number < 1:
        raise Refusal("damaged")
    return number


def _value(cell: Mapping[str, str], text: str) -> Cell:
    """The cell's value; None where it has none."""
    kind = cell.get("office:value-type", "")
    if cell.get("calcext:value-type") == "error":
        return text or "#ERROR"
    if kind in ("float", "currency", "percentage") and "office:value" in cell:
        number = float(cell["office:value"])
        if not isfinite(number):
            return text or cell["office:value"]
        return as_percent(number) if kind == "percentage" else number
    if kind == "boolean":
        return cell.get("office:boolean-value") == "true"
    if kind in ("date", "time"):
        return cell.get(f"office:{kind}-value") or text or None
    return text or cell.get("office:string-value") or None
