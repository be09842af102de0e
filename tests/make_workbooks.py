"""Makes upload files for tests: honest ones by the office libraries, hostile ones by taking an honest one apart."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

HEADERS = ("指标代码", "指标名称", "地区代码", "地区", "报告期", "计量单位", "数值", "数据来源", "说明", "数据版本")
ENGLISH = ("indicator", "name", "area", "area_name", "period", "unit", "value", "source", "note", "vintage")
_NAMES = dict(zip(ENGLISH, HEADERS, strict=True))
COLUMNS = ("indicator", "area", "unit", "value", "note")


def heading_lines(form: str = "", bureau: str = "", period: str = "") -> list[list[Any]]:
    """The lines above the header row; what is not given is left out."""
    lines = (("表号", form), ("填报单位", bureau), ("报告期", period))
    return [[label, value] for label, value in lines if value]


def table_lines(
    rows: Sequence[Mapping[str, Any]], *, columns: Sequence[str] = COLUMNS, form: str = "", bureau: str = "", period: str = ""
) -> list[list[Any]]:
    """All lines of a sheet: heading, header row, one line per row; `rows` are dicts by English column name."""
    body = [[row.get(column) for column in columns] for row in rows]
    return [*heading_lines(form, bureau, period), [_NAMES[column] for column in columns], *body]


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = ()) -> bytes:
    """An .xlsx by XlsxWriter. A cell ("=1+1", 2) is a formula with its stored value, ("=1+1",) one without; texts stay texts."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for row, line in enumerate(lines):
                for column, cell in enumerate(line):
                    if isinstance(cell, tuple):
                        sheet.write_formula(row, column, cell[0], None, cell[1] if len(cell) > 1 else "")
                    elif cell is not None:
                        sheet.write(row, column, cell)
    return content.getvalue()


def figures_workbook(rows: Sequence[Mapping[str, Any]], *, sheet: str = "填报表", **layout: Any) -> bytes:
    """A workbook of one sheet with a bureau's figures; `layout` as in `table_lines`."""
    return workbook({sheet: table_lines(rows, **layout)})


def figures_csv(rows: Sequence[Mapping[str, Any]], *, encoding: str = "utf-8-sig", delimiter: str = ",", **layout: Any) -> bytes:
    """A bureau's figures as CSV; `layout` as in `table_lines`."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(table_lines(rows, **layout))
    return text.getvalue().encode(encoding)


def figures_json(rows: Sequence[Mapping[str, Any]], **heading: str) -> bytes:
    """A bureau's figures as the body of a request."""
    return json.dumps({**heading, "rows": list(rows)}, ensure_ascii=False).encode()


def changed(content: bytes, changes: Mapping[str, bytes | Callable[[bytes], bytes]]) -> bytes:
    """The zip with parts replaced, rewritten by a function, or added."""
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    for name, change in changes.items():
        parts[name] = change if isinstance(change, bytes) else change(parts[name])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return packed.getvalue()


def sheet_as_people_make_it() -> bytes:
    """Merged headers and keys, a hidden row, a percentage, formatted phantom rows, a passport: two rows of header, three of figures."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("填报表")
        sheet.merge_range("A1:A2", "指标代码")
        sheet.write_row("B2", ["数值", "报告期"])
        sheet.merge_range("A3:A5", "P1")
        for row, (value, period) in enumerate([(0.5, "2014-Q1"), (1, "2014-Q2"), (0.75, "2014-Q3")], start=2):
            shown = {0.75: "0.0%", 0.5: '0.0"%"'}.get(value)  # the second only looks like a percentage
            sheet.write(row, 1, value, book.add_format({"num_format": shown}) if shown else None)
            sheet.write(row, 2, period)
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.write_blank("F900", None, book.add_format({"bold": True}))
        passport = book.add_worksheet("_passport")
        passport.very_hidden()
        passport.write_string(0, 0, '{"p":1}')
        book.add_worksheet("校验结果").write(0, 0, "指标代码")
    return content.getvalue()


SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"


def honest() -> bytes:
    """A small workbook with nothing wrong: what the hostile ones are made from."""
    return figures_workbook([{"indicator": "A5", "area": "630200", "value": 0.412}], form="QH-Q", bureau="BUR-630200", period="2014-Q3")


def with_far_cell(place: str = "XFD1048576") -> bytes:
    """A cell at the far corner: a reader that lays out every cell between needs memory for 17 thousand million."""
    cell = f'<row><c r="{place}"><v>1</v></c></row></sheetData>'.encode()
    return changed(honest(), {SHEET: lambda data: data.replace(b"</sheetData>", cell)})


def with_string_count(count: int = 4_000_000_000) -> bytes:
    """Announces more shared strings than there are."""
    return changed(honest(), {STRINGS: lambda data: data.replace(b'uniqueCount="', f'uniqueCount="{count}" was="'.encode())})


def zip_bomb() -> bytes:
    """Unpacks to far more than it is."""
    cell = b'<row r="9"><c r="A9"><v>' + b"1" * 12_000_000 + b"</v></c></row></sheetData>"
    return changed(honest(), {SHEET: lambda data: data.replace(b"</sheetData>", cell)})


def lying_zip() -> bytes:
    """The zip bomb again, but its directory and its parts say they are small."""
    content = bytearray(zip_bomb())
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        size = archive.getinfo(SHEET).file_size.to_bytes(4, "little")
    return bytes(content.replace(size, (1000).to_bytes(4, "little")))


def with_macros() -> bytes:
    return changed(honest(), {"xl/vbaProject.bin": b"macro"})


def with_external_link() -> bytes:
    return changed(honest(), {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})


def with_embedding() -> bytes:
    return changed(honest(), {"xl/embeddings/oleObject1.bin": b"object"})


def with_doctype() -> bytes:
    """Billion laughs: ten entities, each ten of the one before."""
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    doctype = f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]>'.encode()
    return changed(honest(), {STRINGS: lambda data: data.replace(b"?>", b"?>" + doctype, 1).replace(b"A5", b"&a9;")})


def with_many_parts() -> bytes:
    return changed(honest(), {f"xl/media/{number}.xml": b"<x/>" for number in range(250)})


def encrypted_zip() -> bytes:
    """The flag that says: encrypted, set on every entry of the directory and before each part."""
    content = bytearray(honest())
    for mark, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = content.find(mark)
        while place >= 0:
            content[place + flags] |= 1
            place = content.find(mark, place + 4)
    return bytes(content)


def password_workbook() -> bytes:
    """What Excel makes of a workbook with a password: an OLE file that holds an encrypted package."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 1000


def old_xls() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000


def truncated() -> bytes:
    content = honest()
    return content[: len(content) // 2]
