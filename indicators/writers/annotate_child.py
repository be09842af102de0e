"""Run as `python -I annotate_child.py`: a line of JSON and an .xlsx on standard input, the workbook with its findings on standard output.

A process of its own with hard limits in a folder of its own: what it opens was sent by somebody. The line of JSON is {"marks": [[sheet,
row, column, severity, text], …], "list": {"title": …, "lead": …, "headers": […], "rows": [[sheet, row, column, severity, text, …], …]}}.
A cell without a place has row 0. Any other exit than 0 means: not done. Values, formulas and their stored results stay as they are."""

import io
import json
import math
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from copy import copy
from typing import Any
from xml.sax.saxutils import escape

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.hyperlink import Hyperlink

MEMORY, CPU_SECONDS, LARGEST_FILE = 1 << 30, 20, 256 << 20
LIST, MARKS, AUTHOR = "校验结果", "_marks", "校验"
FILLS = {"error": "FFF6B5B0", "warning": "FFFAD7A0", "note": "FFC5DDF5"}
WIDTHS = (9, 16, 30, 54, 64, 22)
_FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"((?: s="[0-9]+")?)>(<f[^>]*?(?:/>|>[^<]*</f>))<v ?(?:/>|></v>)</c>')


def limit() -> None:
    """Memory, processor time, no core dump, small files only. A system that knows a limit not is no reason to stop."""
    limits = {"AS": MEMORY, "CPU": CPU_SECONDS, "CORE": 0, "FSIZE": LARGEST_FILE}
    for kind, value in ((getattr(resource, f"RLIMIT_{name}"), value) for name, value in limits.items()):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (value, value))


class Reader(ExcelReader):  # type: ignore[misc]  # the library has no types
    """Leaves the number behind a date a number: what is turned into a date and back may be another number."""

    def read_worksheets(self) -> None:
        self.wb._date_formats, self.wb._timedelta_formats = set(), set()
        super().read_worksheets()


def load(content: bytes, results: bool = False) -> Any:
    reader = Reader(io.BytesIO(content), data_only=results, rich_text=not results, keep_links=False)
    reader.read()
    return reader.wb


def cells(sheet: Any) -> Iterator[Any]:
    return (cell for row in sheet.iter_rows() for cell in row)


def stored_results(book: Any, content: bytes) -> dict[str, dict[str, tuple[str, str]]]:
    """Of each sheet with formulas: address → kind and text of the result stored beside it, which saving would lose."""
    formulas = {sheet.title: [cell.coordinate for cell in cells(sheet) if cell.data_type == "f"] for sheet in book.worksheets}
    if not any(formulas.values()):
        return {}
    values = load(content, results=True)
    kinds = {"b": "b", "e": "e", "n": "n"}
    return {
        title: {
            at: (kinds.get(cell.data_type, "str"), str(int(cell.value)) if cell.data_type == "b" else str(cell.value))
            for at in places
            if (cell := values[title][at]).value is not None
        }
        for title, places in formulas.items()
    }


def with_results(content: bytes, sheets: list[str], results: dict[str, dict[str, tuple[str, str]]]) -> bytes:
    """The saved workbook with each formula's result beside it again."""
    if not results:
        return content
    out = io.BytesIO()
    parts = {f"xl/worksheets/sheet{number}.xml": results.get(title, {}) for number, title in enumerate(sheets, start=1)}
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data, known = old.read(info), parts.get(info.filename)
            new.writestr(info, _refilled(data.decode(), known).encode() if known else data)
    return out.getvalue()


def _refilled(xml: str, known: dict[str, tuple[str, str]]) -> str:
    def filled(match: re.Match[str]) -> str:
        if match[1] not in known:
            return match[0]
        kind, text = known[match[1]]
        return f'<c r="{match[1]}"{match[2]} t="{kind}">{match[3]}<v>{escape(text)}</v></c>'

    return _FORMULA.sub(filled, xml)


def unmark(book: Any) -> None:
    """Takes off the fills and comments of the last time: the sheet of marks keeps of each cell the look and the comment it had."""
    if MARKS not in book.sheetnames:
        return
    for title, at, text, author in book[MARKS].iter_rows(min_col=1, max_col=4):
        if title.value in book.sheetnames and at.value:
            cell = book[title.value][at.value]
            if cell.fill.fgColor.rgb in FILLS.values():
                cell.fill = copy(at.fill)
            if not isinstance(cell, MergedCell):
                cell.comment = Comment(text.value, author.value or "") if text.value else None
    for name in (MARKS, LIST):
        if name in book.sheetnames:
            del book[name]


def mark(book: Any, marks: list[list[Any]]) -> None:
    """Fills and comments, worst finding first; what was there before is kept on a very hidden sheet."""
    kept = book.create_sheet(MARKS)
    kept.sheet_state = "veryHidden"
    said: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for title, row, column, severity, text in marks:
        if title in book.sheetnames:
            said.setdefault((title, _begin(book[title], row, column)), []).append((severity, clean(text)))
    for line, ((title, at), texts) in enumerate(said.items(), start=1):
        cell = book[title][at]
        worst = min((severity for severity, _text in texts), key=list(FILLS).index)
        before = [title, at, *([cell.comment.text, cell.comment.author] if cell.comment else ["", ""])]
        for place, text in enumerate(before, start=1):
            put(kept.cell(line, place), text)
        kept.cell(line, 2)._style = copy(cell._style)
        cell.fill = PatternFill("solid", fgColor=FILLS[worst])
        cell.comment = Comment("\n\n".join([*(text for _severity, text in texts), *filter(None, [before[2]])]), AUTHOR)
        if worst == "error":
            show(book[title], cell)
    for sheet in book.worksheets:
        for cell in (cell for cell in cells(sheet) if cell.comment):
            # Sizes are not read from the file; this one shows the whole text.
            cell.comment.width, cell.comment.height = 340, 34 + 18 * sum(1 + len(line) // 24 for line in cell.comment.text.splitlines())


def _begin(sheet: Any, row: int, column: int) -> str:
    """The address of a cell; of one merged away, that of the cell it belongs to."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        cell = next(sheet.cell(area.min_row, area.min_col) for area in sheet.merged_cells.ranges if cell.coordinate in area)
    return str(cell.coordinate)


def show(sheet: Any, cell: Any) -> None:
    """An error must be reachable: its row and column are shown, and its cell can be selected, locked or not."""
    if cell.row in sheet.row_dimensions:
        sheet.row_dimensions[cell.row].hidden = False
    if cell.column_letter in sheet.column_dimensions:
        sheet.column_dimensions[cell.column_letter].hidden = False
    sheet.protection.selectLockedCells = False


def list_findings(book: Any, listed: dict[str, Any]) -> None:
    """The sheet in front: every finding with a link to its cell."""
    sheet = book.create_sheet(LIST, 0)
    name = book._named_styles["Normal"].font.name
    put(sheet.cell(1, 1), listed["title"]).font = Font(name, 16, bold=True, color="FF1F2A37")
    put(sheet.cell(2, 1), listed["lead"]).font = Font(name, 10, color="FF5B6472")
    sheet.row_dimensions[1].height = 30
    for column, (text, width) in enumerate(zip(listed["headers"], WIDTHS, strict=True), start=1):
        head = put(sheet.cell(4, column), text)
        head.font, head.fill = Font(name, 10, bold=True), PatternFill("solid", fgColor="FFE8EDF3")
        sheet.column_dimensions[head.column_letter].width = width
    looks = Font(name, 10), Alignment(wrap_text=True, vertical="top"), Border(bottom=Side(style="thin", color="FFDDE3EA"))
    for number, (title, row, column, severity, *texts) in enumerate(listed["rows"], start=5):
        for place, text in enumerate(texts, start=1):
            cell = put(sheet.cell(number, place), text)
            cell.font, cell.alignment, cell.border = looks
        sheet.cell(number, 1).fill = PatternFill("solid", fgColor=FILLS[severity])
        sheet.row_dimensions[number].height = 6 + 15 * max(map(lines, texts, WIDTHS))
        if row and title in book.sheetnames:
            link(sheet.cell(number, 2), name, title, book[title].cell(row, column).coordinate)
    sheet.freeze_panes = sheet.cell(5, 1)
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight = True, 0
    # One sheet is chosen, never two: what is typed into a group of sheets lands in each of them.
    book.active = 0
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet


def lines(text: str, width: int) -> int:
    """How many lines a text takes in a column; a Chinese character is two wide."""
    return max(1, math.ceil(sum(2 if ord(letter) > 0x2E80 else 0.9 for letter in text) / width))


def link(cell: Any, name: str, title: str, at: str) -> None:
    quoted = title.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{at}")
    cell.font = Font(name, 10, color="FF1D4ED8", underline="single")


def put(cell: Any, text: str) -> Any:
    """A text that is never a formula."""
    cell._value, cell.data_type = clean(text), "s"
    return cell


def clean(text: str) -> str:
    return str(ILLEGAL_CHARACTERS_RE.sub("", text))[:32_000]


def annotate(job: dict[str, Any], content: bytes) -> bytes:
    book = load(content)
    results = stored_results(book, content)
    unmark(book)
    mark(book, job["marks"])
    list_findings(book, job["list"])
    out = io.BytesIO()
    book.save(out)
    return with_results(out.getvalue(), [sheet.title for sheet in book.worksheets], results)


if __name__ == "__main__":
    limit()
    head, _line_end, workbook = sys.stdin.buffer.read().partition(b"\n")
    sys.stdout.buffer.write(annotate(json.loads(head), workbook))
