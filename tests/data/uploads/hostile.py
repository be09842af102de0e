"""Files that cannot or must not be read. Bombs are small on disk: their parts are one piece repeated."""

import io
import struct
import zipfile
from collections.abc import Iterable, Iterator
from itertools import repeat

from cases import Case, Row, as_json, table
from writers import Sheet, compound, ods_parts, pack, parts_of, record, text, xls, xls_records, xlsx, xlsx_calculated

ROWS = (Row("GDP", "630100", 12.5), Row("ENE", "632200", 100))
SHEET = Sheet(table(ROWS))
FIRST, TYPES, BOOK, LINKS, STRINGS = (
    "xl/worksheets/sheet1.xml",
    "[Content_Types].xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
)
LAUGHS = b'<!DOCTYPE sst [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (new, b"&%c;" % old * 10) for old, new in zip(b"abcdefghi", b"bcdefghij", strict=True)
) + b"]>"  # fmt: skip
LOCAL = b'<!DOCTYPE workbook [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
MEGA = 1 << 20


def bad(name: str, code: str | tuple[str, ...], shows: str, content: bytes, **more: object) -> Case:
    return Case(name, shows, content, code=(code,) if isinstance(code, str) else code, hostile=True, **more)  # type: ignore[arg-type]


def changed(**new: bytes | Iterable[bytes]) -> bytes:
    """The plain workbook with parts replaced or added."""
    return pack({**parts_of(xlsx(SHEET)), **new}.items())


def with_strings(strings: bytes) -> bytes:
    """A workbook whose texts lie in a table of their own, with another such table."""
    return pack({**parts_of(xlsx_calculated(SHEET)), STRINGS: strings}.items())


def with_part(name: str, data: bytes, kind: str = "", relation: str = "") -> bytes:
    """The plain workbook with one more part, declared as programs do."""
    parts = parts_of(xlsx(SHEET))
    if kind:
        parts[TYPES] = parts[TYPES].replace(b"</Types>", f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'.encode())
    if relation:
        target = name.removeprefix("xl/")
        kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        near = f'<Relationship Id="rId99" Type="{kinds}/{relation}" Target="{target}"/></Relationships>'
        parts[LINKS] = parts[LINKS].replace(b"</Relationships>", near.encode())
    return pack({**parts, name: data}.items())


def edited(part: str, old: bytes, new: bytes) -> bytes:
    before = parts_of(xlsx(SHEET))[part]
    assert old in before, (part, old)
    return changed(**{part: before.replace(old, new, 1)})


def endings() -> Iterator[Case]:
    good = xlsx(SHEET)
    yield bad("empty.csv", "empty", "no bytes", b"")
    yield bad("blank.csv", "empty", "nothing but blanks", b" \r\n\t\r\n  \n")
    yield bad("empty.xlsx", "empty", "a workbook without bytes", b"")
    yield bad("blank.json", "empty", "blanks as JSON", b"   \n")
    for name in ("report.pdf", "table.txt", "book.xlsm", "book.xlsx.exe", "without_ending"):
        yield bad(name, "ending", "an ending that is none of the format's", good)
    yield bad("text.xlsx", "not_workbook", "a CSV under .xlsx", text(table(ROWS)).encode())
    yield bad(
        "page.xls",
        "not_workbook",
        "a web page under .xls, as some systems export it",
        b"<html><body><table><tr><td>GDP</td></tr></table></body></html>",
    )
    old = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>'
    yield bad("xml2003.xls", "not_workbook", "a workbook as one XML file under .xls", old)
    yield bad("picture.ods", "not_workbook", "a picture under .ods", b"\x89PNG\r\n\x1a\n" + bytes(64))
    yield bad("zip_in_zip.xlsx", "not_workbook", "a zip that holds a workbook", pack([("book.xlsx", good)]))
    letter = {
        TYPES: b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "word/document.xml": b"<document/>",
    }
    yield bad("letter.xlsx", "not_workbook", "a letter of a word processor under .xlsx", pack(letter.items()))
    yield bad("compound.xls", "not_workbook", "a compound file without a workbook in it", compound({"WordDocument": b"letter"}))
    yield bad("large.csv", "too_large", "more than 20 MB (filled up with blanks when sent)", text(table(ROWS)).encode(), pad=22_000_000)
    yield bad("large.xlsx", "too_large", "more than 20 MB (filled up when sent)", good, pad=22_000_000)


def bombs() -> Iterator[Case]:
    head, tail = parts_of(xlsx(SHEET))[FIRST].split(b"</sheetData>")
    row = b"<row><c><v>1</v></c></row>"
    rows = [head, *repeat(row * 1000, 3000), b"</sheetData>", tail]
    yield bad("three_million_rows.xlsx", ("too_large", "too_far"), "three million rows", changed(**{FIRST: rows}))
    cell = [head, b'<row r="20"><c r="A20" t="inlineStr"><is><t>', *repeat(b"a" * MEGA, 400), b"</t></is></c></row></sheetData>", tail]
    yield bad("one_cell_400_mb.xlsx", "too_large", "one cell of 400 MB", changed(**{FIRST: cell}))
    said = b'count="4000000000" uniqueCount="4000000000"'
    huge = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ' + said + b"><si><t>a</t></si></sst>"
    yield bad("unique_count.xlsx", "damaged", "four thousand million shared strings said, one there", with_strings(huge))
    for address, row_number in (("XFD1048576", 1048576), ("AAA7", 7), ("A200001", 200001)):
        far = f'<row r="{row_number}"><c r="{address}"><v>1</v></c></row></sheetData>'.encode()
        yield bad(f"far_{address}.xlsx", "too_far", f"a figure in {address}", edited(FIRST, b"</sheetData>", far))
    yield bad("parts_250.xlsx", "too_large", "250 parts", changed(**{f"xl/media/image{n}.png": b"x" for n in range(250)}))
    yield bad(
        "ratio.xlsx", "too_large", "a part of 30 MB that compresses a thousandfold", changed(**{"xl/media/a.bin": repeat(b"\0" * MEGA, 30)})
    )
    yield bad(
        "billion_laughs.xlsx",
        "doctype",
        "entities that multiply",
        with_strings(b'<?xml version="1.0"?>' + LAUGHS + b"<sst>&j;</sst>"),
    )
    yield bad(
        "external_entity.xlsx", "doctype", "an entity that names a file of the server", edited(BOOK, b"<workbook", LOCAL + b"<workbook")
    )
    sixteen = ('<?xml version="1.0" encoding="UTF-16"?>' + LAUGHS.decode() + "<sst>&j;</sst>").encode("utf-16")
    yield bad("laughs_utf16.xlsx", ("doctype", "damaged"), "the same, hidden in UTF-16", with_strings(sixteen))
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    filled = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    yield bad("repeated.ods", "too_far", "a figure repeated to XFD1048576", pack(ods_parts(SHEET, tail=filled).items()))
    yield bad("laughs.ods", "doctype", "entities that multiply", pack(ods_parts(SHEET, doctype=LAUGHS.decode()).items()))
    many = b"x\n" * 200_001
    yield bad("many_rows.csv", "too_large", "200,001 rows of CSV", many)


def guests() -> Iterator[Case]:
    macro = "application/vnd.ms-office.vbaProject"
    yield bad("macros.xlsx", "macros", "a VBA project", with_part("xl/vbaProject.bin", bytes(64), macro, "vbaProject"))
    yield bad(
        "macro_sheet.xlsx",
        "macros",
        "an Excel 4 macro sheet",
        with_part("xl/macrosheets/sheet1.xml", b"<macrosheet/>", "application/vnd.ms-excel.macrosheet+xml"),
    )
    yield bad(
        "activex.xlsx",
        "macros",
        "an ActiveX control",
        with_part("xl/activeX/activeX1.xml", b"<ocx/>", "application/vnd.ms-office.activeX+xml"),
    )
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
    yield bad(
        "external_link.xlsx",
        "external_link",
        "a link to another workbook",
        with_part("xl/externalLinks/externalLink1.xml", link, kind, "externalLink"),
    )
    yield bad("embedded.xlsx", "embedded", "an embedded object", with_part("xl/embeddings/oleObject1.bin", compound({"x": b"x"})))
    yield bad("embedded_book.xlsx", "embedded", "an embedded workbook", with_part("xl/embeddings/book.xlsx", xlsx(SHEET)))
    basic = {**ods_parts(SHEET), "Basic/Standard/Module1.xml": b"<module/>", "Basic/script-lc.xml": b"<libraries/>"}
    yield bad("macros.ods", "macros", "Basic macros", pack(basic.items()))
    yield bad("scripts.ods", "macros", "a script", pack({**ods_parts(SHEET), "Scripts/python/run.py": b"print()"}.items()))
    yield bad("embedded.ods", "embedded", "an embedded object", pack({**ods_parts(SHEET), "Object 1/content.xml": b"<x/>"}.items()))
    yield bad("macros.xls", "macros", "a VBA project in an .xls", compound({"Workbook": xls_records(SHEET)}, ["_VBA_PROJECT_CUR"]))
    stream = bytearray(xls_records(SHEET, Sheet([["x"]], "宏")))
    second = record(stream, 0x85)
    second += 4 + struct.unpack_from("<H", stream, second + 2)[0]
    stream[second + 4 + 5] = 1
    yield bad("macro_sheet.xls", "macros", "an Excel 4 macro sheet in an .xls", compound({"Workbook": bytes(stream)}))


def locked() -> Iterator[Case]:
    good = xlsx(SHEET)
    flagged = bytearray(good)
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = flagged.find(mark)
        while place >= 0:
            flagged[place + offset] |= 1
            place = flagged.find(mark, place + 4)
    yield bad("zip_encrypted.xlsx", "encrypted", "a zip that says its parts are encrypted", bytes(flagged))
    yield bad(
        "encrypted.xlsx",
        "encrypted",
        "a workbook with a password",
        compound({"EncryptionInfo": bytes(64), "EncryptedPackage": bytes(9000)}),
    )
    yield bad("encrypted.xls", "encrypted", "an .xls with a password", compound({"Workbook": _with_password(xls_records(SHEET))}))
    parts = ods_parts(SHEET)
    manifest = parts["META-INF/manifest.xml"].replace(
        b'media-type="text/xml"/>',
        b'media-type="text/xml" manifest:size="9"><manifest:encryption-data manifest:checksum="x"/></manifest:file-entry>',
    )
    yield bad(
        "encrypted.ods",
        "encrypted",
        "an .ods with a password",
        pack({**parts, "META-INF/manifest.xml": manifest, "content.xml": bytes(range(256))}.items()),
    )


def _with_password(stream: bytes) -> bytes:
    after = 4 + struct.unpack_from("<H", stream, 2)[0]
    return stream[:after] + struct.pack("<HHHHH", 0x2F, 6, 0, 0x1234, 0x5678) + stream[after:]


def damaged() -> Iterator[Case]:
    good, old = xlsx(SHEET), xls(SHEET)
    for share in (10, 50, 98):
        yield bad(f"cut_{share}.xlsx", "damaged", f"cut off after {share} percent", good[: len(good) * share // 100])
    for length in (100, 600, len(old) // 2, len(old) - 700):
        yield bad(f"cut_{length}.xls", "damaged", f"cut off after {length} bytes", old[:length])
    odd = pack(ods_parts(SHEET).items())
    yield bad("cut_half.ods", "damaged", "cut off in the middle", odd[: len(odd) // 2])
    yield bad("half_sheet.xlsx", "damaged", "a sheet whose XML breaks off", changed(**{FIRST: parts_of(good)[FIRST][:600]}))
    yield bad(
        "half_content.ods",
        "damaged",
        "content that breaks off",
        pack({**ods_parts(SHEET), "content.xml": ods_parts(SHEET)["content.xml"][:900]}.items()),
    )
    place = good.find(b"PK\3\4", good.find(FIRST.encode()) - 40)
    start = place + 30 + len(FIRST) + 20
    yield bad(
        "flipped.xlsx", "damaged", "a bit turned inside the sheet's part", good[:start] + bytes([good[start] ^ 0x10]) + good[start + 1 :]
    )
    parts = parts_of(good)
    without = {name: data for name, data in parts.items() if name != FIRST}
    yield bad("no_sheet_part.xlsx", "damaged", "a sheet that is named but not there", pack(without.items()))
    yield bad("lying_size.xlsx", ("damaged", "too_large"), "a directory that says 100 bytes of a part of 100 MB", _lying(100))
    yield bad("duplicate_names.xlsx", "damaged", "two parts of one name", _twice(FIRST, parts[FIRST].replace(b"12.5", b"99.5")))
    cell = parts[FIRST][parts[FIRST].index(b'<c r="F6"') :]
    cell = cell[: cell.index(b"</c>") + 4]
    again = edited(FIRST, cell, cell + cell.replace(b"12.5", b"99"))
    yield bad("cell_twice.xlsx", "damaged", "two values in one cell: which one counts?", again)
    row = parts[FIRST][parts[FIRST].index(b'<row r="6"') :]
    row = row[: row.index(b"</row>") + 6]
    yield bad("row_twice.xlsx", "damaged", "a row twice, with another value", edited(FIRST, row, row + row.replace(b"12.5", b"99")))
    yield bad("part_above.xlsx", "damaged", "a part named ..", changed(**{"../../etc/cron.d/x": b"x"}))
    yield bad("part_absolute.xlsx", "damaged", "a part with an absolute name", changed(**{"/etc/cron.d/x": b"x"}))
    yield bad(
        "nested_deep.xlsx",
        ("damaged", "too_large"),
        "XML nested 100,000 deep",
        with_strings(b"<sst>" + b"<si>" * 100_000 + b"</si>" * 100_000 + b"</sst>"),
    )
    hidden = edited(BOOK, b'state="visible"', b'state="hidden"')
    yield Case("all_hidden.xlsx", "every sheet is hidden", hidden, code=("no_sheet",))
    yield Case("all_hidden.ods", "every sheet is hidden", pack(ods_parts(Sheet(SHEET.rows, state="hidden")).items()), code=("no_sheet",))


def _lying(said: int) -> bytes:
    """The plain workbook with one more part whose size in both directories is not the real one."""
    name = b"xl/media/a.bin"
    content = bytearray(changed(**{name.decode(): repeat(b"\0" * MEGA, 100)}))
    real = struct.pack("<I", 100 * MEGA)
    for mark, size_at, name_at in ((b"PK\3\4", 22, 30), (b"PK\1\2", 24, 46)):
        place = content.find(mark)
        while content[place + name_at : place + name_at + len(name)] != name:
            place = content.find(mark, place + 4)
        content[place + size_at : place + size_at + 4] = struct.pack("<I", said)
    while (described := content.find(b"PK\7\x08")) >= 0 and content[described + 12 : described + 16] == real:
        content[described + 12 : described + 16] = struct.pack("<I", said)
    return bytes(content)


def _twice(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO(xlsx(SHEET))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo("y" * len(name), (1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(info, data)
    return buffer.getvalue().replace(b"y" * len(name), name.encode())


def texts() -> Iterator[Case]:
    lines = text(table(ROWS))
    yield bad("nul.csv", ("characters", "encoding"), "a zero character", lines.replace("亿元", "亿\0元").encode())
    yield bad("utf16.csv", "encoding", "UTF-16", lines.encode("utf-16"))
    yield bad("utf16_bare.csv", ("encoding", "characters"), "UTF-16 without byte order mark", lines.encode("utf-16-le"))
    yield bad("workbook.csv", "encoding", "a workbook under .csv", xlsx(SHEET))
    yield bad("latin.csv", "encoding", "neither UTF-8 nor GB18030", lines.encode().replace("亿元".encode(), b"\xff\xfe\xff"))
    yield bad("quote_open.csv", "quotes", "a quotation mark that is never closed", lines.replace("12.5", '"12.5').encode())
    yield bad("wide_row.csv", "too_far", "a row of 50,000 cells", b"x," * 50_000)
    yield bad("surrogate.json", "characters", "half of a pair", as_json(ROWS).replace("亿元".encode(), rb"\ud800"))
    yield bad("nul.json", "characters", "a zero character", as_json(ROWS).replace("亿元".encode(), rb"\u0000"))
    yield bad("deep.json", "not_json", "nested 100,000 deep", b"[" * 100_000 + b"]" * 100_000)
    yield bad(
        "deep_row.json",
        "not_json",
        "a value nested 20,000 deep",
        b'{"form":"BULK","rows":[{"value":' + b"[" * 20_000 + b"]" * 20_000 + b"}]}",
    )
    yield bad("nan.json", "not_json", "NaN is no JSON", as_json(ROWS).replace(b": 12.5", b": NaN"))
    yield bad("infinity.json", "not_json", "Infinity is no JSON", as_json(ROWS).replace(b": 12.5", b": -Infinity"))
    twice = as_json(ROWS).replace(b'"value": 12.5', b'"value": 99, "value": 12.5')
    yield bad("name_twice.json", "not_json", "a name twice in a row: which one counts?", twice)
    for name, content in (("list", b"[]"), ("word", b'"GDP"'), ("open", b'{"form": "BULK", "rows": ['), ("no_rows", b'{"form": "BULK"}'),
                          ("rows_no_list", b'{"form": "BULK", "rows": {"a": 1}}'), ("row_no_object", b'{"form": "BULK", "rows": [1, 2]}'),
                          ("tail", b'{"form": "BULK", "rows": []} {}')):  # fmt: skip
        yield bad(f"{name}.json", "not_json", "not the JSON of the format", content)
    yield bad("workbook.json", ("not_json", "encoding", "characters"), "a workbook under .json", xlsx(SHEET))


def cases() -> Iterator[Case]:
    for group in (endings, bombs, guests, locked, damaged, texts):
        yield from group()
