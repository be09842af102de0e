"""What people do to sheets: read all the same, and each time with a note that says so."""

from collections.abc import Iterator, Sequence

from cases import Case, Row, expectations, table
from writers import Sheet, ods, ods_parts, pack, parts_of, text, xls, xlsx, xlsx_calculated

REPAIRED = tuple(
    Row(code, "630100", raw, value, found=["number_repaired"])
    for code, raw, value in (
        ("GDP", "１２", "12"), ("GDPC2010", "１２．５", "12.5"), ("ENE", "1,234", "1234"), ("A5", "1，234.5", "1234.5"),
        ("A6", " 12 ", "12"),
        ("A7", "12\u3000", "12"), ("A8", "1,234,567.25", "1234567.25"), ("C2E", "\xa012", "12"), ("C2P", "１，２３４", "1234"),
    )
)  # fmt: skip
UNITS = tuple(
    Row(code, area, raw, value, found=["unit_in_cell"])
    for code, area, raw, value in (
        ("GDP", "630100", "12.5亿元", "12.5"), ("GDP", "630200", "12.5亿", "12.5"), ("GDP", "632200", "1250万元", "0.125"),
        ("GDP", "632300", "3万", "0.0003"),
        ("GDP", "632500", "1.5万亿元", "15000"), ("GDP", "632600", "2千万元", "0.2"), ("GDP", "632700", "125元", "0.00000125"),
        ("GDP", "632800", "3百万", "0.03"),
        ("B2", "630100", "3万", "30000"), ("B2", "630200", "3万家", "30000"), ("B2", "632200", "3家", "3"),
        ("B2", "632300", "3千", "3000"), ("B2", "632500", "5百家", "500"),
        ("SWR", "630000", "75%", "75"), ("SWR", "630100", "75.5％", "75.5"), ("ENE", "630100", "5万吨标准煤", "5"),
        ("ENE", "630200", "5万", "5"),
        ("ENE", "632200", "50000吨标准煤", "5"), ("ENE", "632300", "2百万吨标准煤", "200"), ("C3E", "630100", "1亿千瓦时", "10000"),
        ("I3", "630100", "3万吨/日", "3"),
        ("C3E", "630200", "3千瓦时", "0.0003"), ("C3E", "632200", "3亿千瓦时", "30000"), ("H1", "630100", "3万千瓦", "3"),
        ("H1", "630200", "30000千瓦", "3"), ("H1", "632200", "5千", "0.5"), ("H1", "632300", "2千万千瓦", "2000"),
        ("H6N", "630100", "3万辆", "3"), ("H6N", "630200", "30000辆", "3"), ("LP", "630100", "30000人", "3"),
        ("ENE", "632500", "12.5亿", "125000"), ("SWR", "630200", "12.5 %", "12.5"), ("K1", "630100", "1.5 万平方米", "1.5"),
        ("F3N", "630100", "2家次", "2"), ("F3D", "630100", "2十", "20"),
    )
)  # fmt: skip
BOTH = (
    Row("GDP", "630100", "1 250 万元", "0.125", found=["unit_in_cell"]),
    Row("GDP", "632200", "１２．５ 亿元", "12.5", found=["unit_in_cell"]),
)
RESIDUE = (
    Row("A5", "630100", 0.30000000000000004, "0.3", found=["number_repaired"]),
    Row("A6", "630100", 0.1 + 0.7, "0.8", found=["number_repaired"]),
)
KEYS = (
    Row("GDP", "630100", 10, "10"), Row("GDP", "630200", 11, "11", found=["merged_cell@A", "merged_cell@E"]),
    Row("GDP", "632200", 12, "12", found=["merged_cell@A", "merged_cell@E"]), Row("ENE", "632200", 13, "13", found=["merged_cell@C"]),
)  # fmt: skip
HIDDEN = (
    Row("GDP", "630100", 10, "10"), Row("GDP", "630200", 11, "11", found=["hidden_row"]), Row("GDP", "632200", 12, "12"),
    Row("ENE", "632200", 13, "13", found=["hidden_row"]),
)  # fmt: skip
TWO = (Row("GDP", "630100", 10, "10"), Row("ENE", "630100", 20, "20"))


def cells() -> Iterator[Case]:
    for name, shows, rows in (
        ("repaired", "full-width digits, thousands marks and spaces", REPAIRED),
        ("units", "multipliers and units in the value's cell", UNITS),
        ("units_and_spaces", "a unit behind a number that itself needs repair", BOTH),
    ):
        yield Case(f"{name}.xlsx", shows, xlsx(Sheet(table(rows))), **expectations(rows))
        yield Case(f"{name}.csv", shows, text(table(rows)).encode(), **expectations(rows, sheet=""))
    yield Case("units.ods", "multipliers and units in .ods", ods(Sheet(table(UNITS))), **expectations(UNITS))
    yield Case(
        "repaired.xls", "full-width digits, thousands marks and spaces in .xls", xls(Sheet(table(REPAIRED))), **expectations(REPAIRED)
    )
    parts = parts_of(xlsx(Sheet(table(RESIDUE))))  # the writer keeps 16 digits, Excel 17
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(b"<v>0.3</v>", b"<v>0.30000000000000004</v>")
    yield Case("residue.xlsx", "remains of binary arithmetic in number cells", pack(parts.items()), **expectations(RESIDUE))
    yield Case("residue.xls", "remains of binary arithmetic in number cells of .xls", xls(Sheet(table(RESIDUE))), **expectations(RESIDUE))


def merged() -> Iterator[Case]:
    lines = _merge(table(KEYS), ["A6:A8", "E6:E8", "C8:C9"])
    sheet = Sheet(lines, merged=["A6:A8", "E6:E8", "C8:C9"])
    for name, content in (("merged_keys.xlsx", xlsx(sheet)), ("merged_keys.xls", xls(sheet)), ("merged_keys.ods", ods(sheet))):
        yield Case(name, "a merged indicator, area or unit stands for every row it covers", content, **expectations(KEYS))
    rows = [
        Row("GDP", "630100", 9, "9", period="2014-Q4", means="2014-Q4"),
        Row("ENE", "630100", 8, "8", period="2014-Q4", means="2014-Q4", found=["merged_cell@I"]),
    ]
    sheet = Sheet(_merge(table(rows, period=None), ["I6:I7"]), merged=["I6:I7"])
    yield Case("merged_period.xlsx", "a merged period stands for every row it covers", xlsx(sheet), **expectations(rows, ""))
    lines = table(TWO)
    deep = [*lines[:4], lines[4], ["", "", "", "", "", "本期"], *lines[5:]]
    yield Case("merged_header_rows.xlsx", "header cells merged over two rows",
    xlsx(Sheet(deep, merged=[f"{column}5:{column}6" for column in "ABCDEGH"])),
               **expectations(TWO, first=7))  # fmt: skip
    wide = [[*line[:6], "", *line[6:]] if len(line) > 5 else line for line in lines]
    yield Case(
        "merged_header_columns.xlsx",
        "a header cell merged over two columns names the first",
        xlsx(Sheet(wide, merged=["F5:G5"])),
        **expectations(TWO),
    )
    yield Case("merged_header.ods", "header cells merged over two rows, in .ods",
    ods(Sheet(deep, merged=[f"{column}5:{column}6" for column in "ABCDEGH"])),
               **expectations(TWO, first=7))  # fmt: skip
    title = Sheet(lines, merged=["A1:H1"])
    yield Case("merged_title.xlsx", "a merged title", xlsx_calculated(title), **expectations(TWO))


def _merge(lines: list[list[object]], areas: Sequence[str]) -> list[list[object]]:
    """Without what stands in the covered cells."""
    for area in areas:
        column, first, last = "ABCDEFGHIJ".index(area[0]), int(area[1]), int(area[4])
        for row in range(first, last):
            lines[row][column] = ""
    return lines


def seen() -> Iterator[Case]:
    sheet = Sheet(table(HIDDEN), hidden=[7, 9])
    for name, content in (("hidden_rows.xlsx", xlsx(sheet)), ("hidden_rows.xls", xls(sheet)), ("hidden_rows.ods", ods(sheet))):
        yield Case(name, "rows hidden or filtered away are read and say so", content, **expectations(HIDDEN))
    first, second = (Row("GDP", "630100", 10, "10"),), (Row("ENE", "630100", 20, "20"),)
    both = expectations(first)
    both["values"] += expectations(second)["values"]
    pair = (Sheet(table(first)), Sheet(table(second), "能源"), Sheet([["填报说明"], ["请按季度填报。"]], "填报说明"))
    for name, content in (("two_sheets.xlsx", xlsx(*pair)), ("two_sheets.xls", xls(*pair)), ("two_sheets.ods", ods(*pair))):
        yield Case(name, "every visible sheet with a header row is read", content, **both)
    for state, end in (("hidden", "xlsx"), ("veryHidden", "xlsx"), ("hidden", "xls"), ("hidden", "ods")):
        program = {"xlsx": xlsx, "xls": xls, "ods": ods}[end]
        unseen = program(Sheet(table(first)), Sheet(table(second), "旧表", state=state))
        yield Case(f"sheet_{state.lower()}.{end}", "a hidden sheet is not read", unseen, **expectations(first))


def phantoms() -> Iterator[Case]:
    yield Case(
        "phantom_cells.xlsx", "2,000 formatted rows without content", xlsx(Sheet(table(TWO), filled="A1:P2000")), **expectations(TWO)
    )
    plain = parts_of(xlsx(Sheet(table(TWO))))
    place = "xl/worksheets/sheet1.xml"
    for name, shows, old, new in (
        ("phantom_rows", "a formatted row at the very end of the sheet", b"</sheetData>",
        b'<row r="1048576" s="1" customFormat="1" ht="20"/></sheetData>'),
        ("phantom_columns", "all 16,384 columns formatted", b"<sheetData>",
        b'<cols><col min="1" max="16384" width="9" style="1"/></cols><sheetData>'),
        ("phantom_far_cell", "a formatted cell without content at the end of the sheet", b"</sheetData>",
         b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'),
    ):  # fmt: skip
        changed = plain[place].replace(old, new)
        assert changed != plain[place]
        yield Case(f"{name}.xlsx", shows, pack({**plain, place: changed}.items()), **expectations(TWO))
    tail = (
        '<table:table-row table:number-rows-repeated="1048560"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    yield Case(
        "phantom_repeated.ods",
        "blank cells repeated to the end of the sheet",
        pack(ods_parts(Sheet(table(TWO)), tail=tail).items(), stored=["mimetype"]),
        **expectations(TWO),
    )


def csvs() -> Iterator[Case]:
    rows = [Row("GDP", "630100", 10, "10", note='说“明”,"引号"\n第二行'), Row("ENE", "630100", 20, "20")]
    yield Case(
        "quoted.csv",
        "doubled quotation marks, commas and a line break inside a cell",
        text(table(rows)).encode(),
        **expectations(rows, sheet=""),
    )
    rows = [Row("GDP", "630100", 10, "10", note="x" * 140_000, found=["text_cut@H"])]
    yield Case("long_note.csv", "a note of 140,000 characters", text(table(rows)).encode(), **expectations(rows, sheet=""))
    yield Case("all_quoted.csv", "every cell in quotation marks",
    "\r\n".join(",".join(f'"{cell}"' for cell in line) for line in table(TWO)).encode(),
               **expectations(TWO, sheet=""))  # fmt: skip


def cases() -> Iterator[Case]:
    for group in (cells, merged, seen, phantoms, csvs):
        yield from group()
