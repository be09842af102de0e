"""Files as people's programs write them, the same bytes each time: .xlsx (two programs), .xls, .ods, .csv, and their containers."""

import csv
import io
import re
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import xlsxwriter
import xlwt  # type: ignore[import-untyped]
from openpyxl.styles import PatternFill
from openpyxl.utils import range_boundaries

Rows = Sequence[Sequence[object]]
LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass
class Formula:
    """A formula cell with the value stored beside it; None: nothing is stored."""

    text: str
    stored: object = None


@dataclass
class Sheet:
    """One sheet: cells from A1, merged ranges, hidden rows (from 1), and whether it is seen ("visible", "hidden", "veryHidden")."""

    rows: Rows
    name: str = "填报表"
    merged: Sequence[str] = ()
    hidden: Sequence[int] = ()
    state: str = "visible"
    formats: Mapping[str, str] = field(default_factory=dict)  # number formats by cell address
    filled: str = ""  # a range of coloured cells without content


def pack(parts: Iterable[tuple[str, bytes | Iterable[bytes]]], *, stored: Sequence[str] = ()) -> bytes:
    """A zip of the parts in this order, without today's date in it. A part may come in pieces, so that it need not fit into memory."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            info = zipfile.ZipInfo(name, LONG_AGO)
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            with archive.open(info, "w", force_zip64=False) as out:
                for piece in [content] if isinstance(content, bytes) else content:
                    out.write(piece)
    return buffer.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def without_dates(content: bytes) -> bytes:
    dates = re.compile(rb"(<dcterms:\w+[^>]*>)[^<]*(</dcterms)")
    return pack((name, dates.sub(rb"\g<1>2018-10-20T00:00:00Z\2", data)) for name, data in parts_of(content).items())


def xlsx(*sheets: Sheet) -> bytes:
    """As openpyxl writes it: formulas have no stored value."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for given in sheets:
        sheet = book.create_sheet(given.name)
        for number, row in enumerate(given.rows, 1):
            for column, value in enumerate(row, 1):
                if value is not None and value != "":
                    sheet.cell(number, column, value.text if isinstance(value, Formula) else value)
        for area in given.merged:
            sheet.merge_cells(area)
        for number in given.hidden:
            sheet.row_dimensions[number].hidden = True
        for address, style in given.formats.items():
            sheet[address].number_format = style
        for row in sheet[given.filled] if given.filled else ():
            for cell in row:
                cell.fill = PatternFill("solid", fgColor="FFF2CC")
        sheet.sheet_state = given.state
    buffer = io.BytesIO()
    book.save(buffer)
    return without_dates(buffer.getvalue())


def xlsx_calculated(*sheets: Sheet) -> bytes:
    """As XlsxWriter writes it: formulas have a stored value, merged cells are written out."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(2018, 10, 20, tzinfo=UTC)})
    for given in sheets:
        sheet = book.add_worksheet(given.name)
        for number, row in enumerate(given.rows):
            for column, value in enumerate(row):
                if isinstance(value, Formula):
                    sheet.write_formula(number, column, value.text, None, "" if value.stored is None else value.stored)
                elif value is not None and value != "":
                    sheet.write(number, column, value)
        for area in given.merged:
            left, top, right, bottom = range_boundaries(area)
            assert left is not None
            assert top is not None
            sheet.merge_range(area, given.rows[top - 1][left - 1])
            assert (right, bottom) != (left, top)
        for number in given.hidden:
            sheet.set_row(number - 1, None, None, {"hidden": True})
    book.close()
    return buffer.getvalue()


def _xls_book(sheets: Sequence[Sheet]) -> "xlwt.Workbook":
    book = xlwt.Workbook(encoding="utf-8")
    for given in sheets:
        sheet = book.add_sheet(given.name, cell_overwrite_ok=True)
        for number, row in enumerate(given.rows):
            for column, value in enumerate(row):
                if value is not None and value != "":
                    sheet.write(number, column, value)
        for area in given.merged:
            left, top, right, bottom = range_boundaries(area)
            assert None not in (left, top, right, bottom)
            sheet.merge(top - 1, bottom - 1, left - 1, right - 1)  # type: ignore[operator]
        for number in given.hidden:
            sheet.row(number - 1).hidden = True
        sheet.visibility = {"visible": 0, "hidden": 1, "veryHidden": 2}[given.state]
    return book


def xls(*sheets: Sheet) -> bytes:
    buffer = io.BytesIO()
    _xls_book(sheets).save(buffer)
    return buffer.getvalue()


def xls_records(*sheets: Sheet) -> bytes:
    """The stream `Workbook` of such a file, without its container."""
    return bytes(_xls_book(sheets).get_biff_data())


def record(stream: bytes, kind: int) -> int:
    """Where the first record of a kind begins in the stream of an .xls."""
    place = 0
    while True:
        found, length = struct.unpack_from("<HH", stream, place)
        if found == kind:
            return place
        place += 4 + length


ODS_KIND = "application/vnd.oasis.opendocument.spreadsheet"
ODS_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
)


def _ods_cell(value: object, spans: str) -> str:
    if value is None or value == "":
        return f"<table:table-cell{spans}/>"
    formula = ""
    if isinstance(value, Formula):
        formula, value = f" table:formula={quoteattr('of:' + value.text)}", value.stored
        if value is None:
            return f"<table:table-cell{spans}{formula}/>"
    if isinstance(value, (int, float)):
        said = f'office:value-type="float" office:value="{value!r}"'
        return f"<table:table-cell{spans}{formula} {said}><text:p>{value!r}</text:p></table:table-cell>"
    return f'<table:table-cell{spans}{formula} office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'


def _ods_sheet(given: Sheet, tail: str) -> str:
    spans, covered = {}, set()
    for area in given.merged:
        left, top, right, bottom = range_boundaries(area)
        spans[top, left] = f' table:number-rows-spanned="{bottom - top + 1}" table:number-columns-spanned="{right - left + 1}"'  # type: ignore[operator]
        covered |= {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)} - {(top, left)}  # type: ignore[operator, arg-type]
    lines = []
    for number, row in enumerate(given.rows, 1):
        cells = (
            "<table:covered-table-cell/>" if (number, column) in covered else _ods_cell(value, spans.get((number, column), ""))
            for column, value in enumerate(row, 1)
        )
        seen = ' table:visibility="filter"' if number in given.hidden else ""
        lines.append(f"<table:table-row{seen}>{''.join(cells) or '<table:table-cell/>'}</table:table-row>")
    style = "seen" if given.state == "visible" else "unseen"
    return f'<table:table table:name={quoteattr(given.name)} table:style-name="{style}">{"".join(lines)}{tail}</table:table>'


def ods_parts(*sheets: Sheet, tail: str = "", doctype: str = "") -> dict[str, bytes]:
    """The parts of an OpenDocument spreadsheet; `tail` stands behind the last row of each sheet."""
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table"><style:table-properties table:display="{shown}"/></style:style>'
        for name, shown in (("seen", "true"), ("unseen", "false"))
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<office:document-content {ODS_NAMES} office:version="1.2">'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>"
        f"{''.join(_ods_sheet(sheet, tail) for sheet in sheets)}</office:spreadsheet></office:body></office:document-content>"
    )
    return {
        "mimetype": ODS_KIND.encode(),
        "content.xml": content.encode(),
        "META-INF/manifest.xml": (
            '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_KIND}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
        ).encode(),
    }


def ods(*sheets: Sheet) -> bytes:
    return pack(ods_parts(*sheets).items(), stored=["mimetype"])


def text(rows: Rows, delimiter: str = ",") -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()


def compound(streams: Mapping[str, bytes], storages: Sequence[str] = ()) -> bytes:
    """A compound file (the container of .xls) with these streams and empty storages. Streams are filled up to 4096 bytes, so that
    no table of small streams is needed."""
    size, free, end = 512, 0xFFFFFFFF, 0xFFFFFFFE
    body, chain, entries = b"", [], []
    for name, data in streams.items():
        data = data.ljust(4096, b"\0")
        count = -(-len(data) // size)
        entries.append((name, 2, len(chain), len(data)))
        chain += [*range(len(chain) + 1, len(chain) + count), end]
        body += data.ljust(count * size, b"\0")
    entries += [(name, 1, 0, 0) for name in storages]
    directory = b""
    for number, (name, kind, start, length) in enumerate([("Root Entry", 5, end, 0), *entries]):
        encoded = name.encode("utf-16-le") + b"\0\0"
        right = number + 1 if 0 < number < len(entries) else free
        child = 1 if number == 0 else free
        directory += struct.pack("<64sHBBIII16sIQQIQ", encoded, len(encoded), kind, 1, free, right, child, b"", 0, 0, 0, start, length)
    directory = directory.ljust(-(-len(directory) // size) * size, b"\0")
    first, count = len(chain), len(directory) // size
    chain += [*range(first + 1, first + count), end]
    table = len(chain)
    needed = -(-(table + 1) // 128)
    while -(-(table + needed) // 128) > needed:
        needed += 1
    chain += [0xFFFFFFFD] * needed
    chain += [free] * (needed * 128 - len(chain))
    head = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        b"",
        0,
        needed,
        first,
        0,
        4096,
        end,
        0,
        end,
        0,
    )
    places = [*range(table, table + needed), *[free] * (109 - needed)]
    return head + struct.pack("<109I", *places) + body + directory + struct.pack(f"<{len(chain)}I", *chain)
