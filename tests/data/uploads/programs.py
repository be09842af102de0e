"""What programs put into files beside the figures, or write in ways of their own: all of it harmless, none of it changes a figure."""

import io
import re
import struct
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime

import xlsxwriter
from cases import Case, Row, expectations, table
from writers import Formula, Sheet, compound, ods_parts, pack, parts_of, text, xls_records, xlsx, xlsx_calculated

TWO = (Row("GDP", "630100", 10, "10"), Row("ENE", "630100", 20, "20"))
FIRST, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def picture() -> bytes:
    """A PNG of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(b"\0\0", 9)) + chunk(b"IEND", b"")


def decorated(what: str) -> bytes:
    """A workbook with a picture, a comment, a chart, a link or a list of choices."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": datetime(2018, 10, 20, tzinfo=UTC)})
    sheet = book.add_worksheet("填报表")
    for number, row in enumerate(table(TWO)):
        sheet.write_row(number, 0, row)
    if what == "picture":
        sheet.insert_image("K2", "logo.png", {"image_data": io.BytesIO(picture())})
    elif what == "comment":
        sheet.write_comment("F6", "请核对", {"author": "审核人"})
    elif what == "chart":
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=填报表!$F$6:$F$7"})
        sheet.insert_chart("K2", chart)
    elif what == "link":
        sheet.write_url("H6", "mailto:clerk@example.org", string="clerk@example.org")
    else:
        sheet.data_validation("G6:G7", {"validate": "list", "source": ["统计局", "发展改革委"]})
        sheet.autofilter("A5:H7")
        sheet.protect()
        book.define_name("合计", "=填报表!$F$6:$F$7")
    book.close()
    return buffer.getvalue()


def rewritten(part: str, old: bytes, new: bytes, content: bytes = b"") -> bytes:
    parts = parts_of(content or xlsx_calculated(Sheet(table(TWO))))
    changed = re.sub(old, new, parts[part])
    assert changed != parts[part], (part, old)
    return pack({**parts, part: changed}.items())


def companions() -> Iterator[Case]:
    known = expectations(TWO)
    for what in ("picture", "comment", "chart", "link", "list"):
        yield Case(f"with_{what}.xlsx", f"a workbook with a {what}", decorated(what), **known)
    plain = parts_of(xlsx(Sheet(table(TWO))))
    more = {"xl/printerSettings/printerSettings1.bin": bytes(64), "docProps/custom.xml": b"<Properties/>", "customXml/item1.xml": b"<x/>"}
    yield Case("with_settings.xlsx", "settings of a printer and properties of the program", pack({**plain, **more}.items()), **known)
    odd = {
        "Configurations2/": b"",
        "Thumbnails/thumbnail.png": picture(),
        "settings.xml": b"<settings/>",
        "meta.xml": b"<meta/>",
        "manifest.rdf": b"<rdf/>",
    }
    yield Case(
        "with_settings.ods", "what an office program adds to an .ods", pack({**ods_parts(Sheet(table(TWO))), **odd}.items()), **known
    )
    streams = {"Workbook": xls_records(Sheet(table(TWO))), "\x05SummaryInformation": b"x", "\x05DocumentSummaryInformation": b"y"}
    yield Case("with_summary.xls", "an .xls with its summary streams", compound(streams), **known)


def spellings() -> Iterator[Case]:
    known = expectations(TWO)
    yield Case(
        "rich_text.xlsx", "a text in several pieces", rewritten(STRINGS, rb"<t>GDP</t>", rb"<r><t>G</t></r><r><t>DP</t></r>"), **known
    )
    spoken = rewritten(STRINGS, rb"<t>GDP</t>", rb'<t>GDP</t><rPh sb="0" eb="1"><t>xx</t></rPh>')
    yield Case("phonetic.xlsx", "a text with its pronunciation, which is no part of it", spoken, **known)
    yield Case("exponent.xlsx", "a number cell stored with an exponent", rewritten(FIRST, rb"<v>10</v></c>", rb"<v>1E1</v></c>"), **known)
    yield Case("rows_without_number.xlsx", "rows that do not say their number", rewritten(FIRST, rb'<row r="\d+"', rb"<row"), **known)
    strict = {
        name: data.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name, data in parts_of(xlsx_calculated(Sheet(table(TWO)))).items()
    }
    yield Case("strict.xlsx", "the strict variant of .xlsx", pack(strict.items()), **known)
    rows = [Row("GDP", "630100", Formula('="12.5"&"亿元"', "12.5亿元"), "12.5", found=["formula_value", "unit_in_cell"])]
    yield Case(
        "formula_text.xlsx", "a formula whose stored value is a text with a unit", xlsx_calculated(Sheet(table(rows))), **expectations(rows)
    )
    rows = [Row("GDP", "630100", "12,5", found=["not_a_number"])]
    yield Case("decimal_comma.csv", "a decimal comma is no thousands mark", text(table(rows), ";").encode(), **expectations(rows, sheet=""))
    rows = [Row("GDP", "630100", 10, "10", note='=HYPERLINK("http://example.org")'), Row("ENE", "630100", "20", "20", note="@x")]
    yield Case(
        "formula_in_note.csv", "a note that looks like a formula is a text", text(table(rows)).encode(), **expectations(rows, sheet="")
    )


def merges() -> Iterator[Case]:
    rows = [Row("GDP", "630100", 10, "10"), Row("GDP", "632200", None, None, "O", found=["merged_cell@A"])]
    lines = table(rows)
    lines[6][0] = ""
    sheet = Sheet(lines, merged=["F6:F7", "A6:B7"])
    yield Case("merged_value.xlsx", "a merged value is that of its first row only", xlsx(sheet), **expectations(rows))
    remark = Sheet([*table(TWO), ["注：本表数据为快报数，请勿外传。"]], merged=["A8:H8"])
    yield Case("merged_remark.xlsx", "a remark under the table, merged over all columns", xlsx(remark), **expectations(TWO))
    hidden = [Row("GDP", "630100", "—", None, "O"), Row("ENE", "630100", 20, "20", found=["hidden_row"])]
    yield Case(
        "hidden_missing.xlsx",
        "a hidden row without a figure needs no note",
        xlsx(Sheet(table(hidden), hidden=[6, 7])),
        **expectations(hidden),
    )


def cases() -> Iterator[Case]:
    for group in (companions, spellings, merges):
        yield from group()
