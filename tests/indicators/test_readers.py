"""Bytes to tables: honest files keep every cell, hostile ones are refused with a sentence and in no time."""

import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from indicators import readers
from indicators.readers import MAX_BYTES, Table, read, workbook
from indicators.readers.table import Refused
from indicators.readers.workbook import run_child
from indicators.workbooks import child
from indicators.workbooks.book import Refusal
from indicators.workbooks.xlsx import scan
from tests import make_ods, make_xls
from tests import make_workbooks as make

ROWS = [
    {"indicator": "A5", "area": "630200", "unit": "亿元", "value": 0.412, "note": "按快报数"},
    {"indicator": "A9", "area": "630200", "unit": "家", "value": 3, "note": None},
]
LAYOUT = {"form": "QH-Q", "bureau": "BUR-630200", "period": "2014-Q3"}


def only_table(content: bytes, filename: str, notes: tuple[str, ...] = ()) -> Table:
    reading = read(content, filename)
    assert tuple(finding.rule for finding in reading.findings) == notes
    (table,) = reading.tables
    return table


def refusal(content: bytes, filename: str = "figures.xlsx") -> str:
    """The code and the sentence a file is refused with; it is the only finding, an error, and takes no time to speak of."""
    begun = time.monotonic()
    reading = read(content, filename)
    assert time.monotonic() - begun < 5, "a refusal takes a second at most; five leaves room for a busy machine"
    (finding,) = reading.findings
    assert (finding.rule, finding.severity, finding.cell, reading.tables) == ("unreadable", "error", None, ())
    return f"{finding.params['code']}: {finding.message % finding.params}"


def refused_in_the_child(content: bytes) -> str:
    """Code and sentence of what the child would refuse before a library that can abort sees it; without the child, to save time."""
    begun = time.monotonic()
    with pytest.raises(Refusal) as caught:
        child.read(content)
    assert time.monotonic() - begun < 5
    finding = workbook.refused(caught.value.code, caught.value.params).finding
    return f"{finding.params['code']}: {finding.message % finding.params}"


def test_workbook_keeps_every_cell_where_it_stands() -> None:
    table = only_table(make.figures_workbook(ROWS, **LAYOUT), "三季度.XLSX")
    assert table.sheet == "填报表"
    assert table.rows[:3] == [
        ["表号", "QH-Q", None, None, None],
        ["填报单位", "BUR-630200", None, None, None],
        ["报告期", "2014-Q3", None, None, None],
    ]
    assert table.rows[4] == ["A5", "630200", "亿元", 0.412, "按快报数"]
    assert table.formulas == {}


def test_blank_rows_before_the_table_count() -> None:
    table = only_table(make.workbook({"表": [[], [], ["指标代码", "数值"], [], ["A5", 1]]}), "x.xlsx")
    assert (table.rows[2], table.rows[4]) == (["指标代码", "数值"], ["A5", 1.0])


def test_hidden_sheets_are_not_read() -> None:
    content = make.workbook({"填报表": [["a"]], "字典": [["b"]], "说明": [["c"]]}, hidden=["字典"])
    assert [table.sheet for table in read(content, "x.xlsx").tables] == ["填报表", "说明"]


def test_formulas_are_known_with_and_without_a_stored_value() -> None:
    content = make.workbook({"甲": [["a"]], "乙": [[None, ("=1+1", 2)], [("=1+2",), ('="x"', "x")]]})
    first, second = read(content, "x.xlsx").tables
    assert first.formulas == {}
    assert second.formulas == {(1, 2): True, (2, 1): False, (2, 2): True}
    assert second.rows == [[None, 2.0], [None, "x"]]


def test_formulas_written_with_a_namespace_prefix_are_found() -> None:
    def prefixed(data: bytes) -> bytes:
        return data.replace(b"<sheetData>", b'<sheetData xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">').replace(
            b'<c r="A1"><f>1+1</f><v>2</v></c>', b'<x:c r="A1"><x:f>1+1</x:f><x:v>2</x:v></x:c>'
        )

    assert only_table(make.changed(make.workbook({"甲": [[("=1+1", 2)]]}), {make.SHEET: prefixed}), "x.xlsx").formulas == {(1, 1): True}


def test_error_cells_are_texts_and_not_empty() -> None:
    table = only_table(make.workbook({"甲": [["a", ("=1/0", "#DIV/0!")], ["b"], [None, ("=NA()", "#N/A")]]}), "x.xlsx")
    assert (table.rows[0], table.rows[2]) == (["a", "#DIV/0!"], [None, "#N/A"])


def test_formatted_rows_below_the_table_cost_nothing() -> None:
    blank = b"".join(b'<row r="%d"><c r="B%d" s="0"/></row>' % (row, row) for row in range(100, 20_000))
    content = make.changed(make.honest(), {make.SHEET: lambda data: data.replace(b"</sheetData>", blank + b"</sheetData>")})
    assert len(only_table(content, "x.xlsx").rows) == 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_both_encodings_and_with_each_delimiter(encoding: str, delimiter: str) -> None:
    notes = ("encoding_guessed",) if encoding == "gb18030" else ()
    table = only_table(make.figures_csv(ROWS, encoding=encoding, delimiter=delimiter, **LAYOUT), "figures.csv", notes)
    assert table.rows[0] == ["表号", "QH-Q"]
    assert table.rows[4] == ["A5", "630200", "亿元", "0.412", "按快报数"]


def test_json_rows_are_counted_from_one_and_numbers_stay_as_written() -> None:
    table = only_table(
        b'{"form": "QH-Q", "rows": [{"indicator": "A5", "value": 0.4120}, {"indicator": "A9", "value": 3, "note": "n"}]}', "x.json"
    )
    assert (table.first, table.heading) == (0, {"form": "QH-Q"})
    assert table.rows == [["indicator", "value", "note"], ["A5", "0.4120", None], ["A9", "3", "n"]]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (make.with_far_cell, "too_far: Sheet part xl/worksheets/sheet1.xml has content at XFD1048576"),
        (lambda: make.with_far_cell("A200001"), "A200001"),
        (lambda: make.with_far_cell("AAA1"), "AAA1"),
        (make.with_string_count, "damaged: "),
        (make.zip_bomb, "too_large: The workbook is far too large"),
        (make.lying_zip, "damaged: "),
        (make.with_many_parts, "too_large: "),
        (make.with_macros, "macros: The workbook has macros"),
        (make.with_external_link, "external_link: The workbook links to other files"),
        (make.with_embedding, "embedded: The workbook has other files embedded"),
        (make.with_doctype, "doctype: The workbook contains a document type"),
        (make.encrypted_zip, "encrypted: The workbook is protected by a password"),
        (make.password_workbook, "encrypted: "),
        (make.truncated, "damaged: "),
        (lambda: b"indicator,value\nA5,1\n", "not_workbook: The file is not an Excel workbook"),
        (lambda: make.changed(make.honest(), {make.BOOK: b"not xml"}), "damaged"),
        (lambda: make.changed(make.honest(), {make.SHEET: lambda data: data.decode().encode("utf-16")}), "damaged"),
    ],
)
def test_hostile_or_broken_workbooks_are_refused_with_the_fix(content: Callable[[], bytes], says: str) -> None:
    assert says in refused_in_the_child(content())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (make.with_far_cell, "too_far: Sheet part xl/worksheets/sheet1.xml has content at XFD1048576"),
        (make.with_macros, "macros: The workbook has macros"),
        (make.old_xls, "damaged: "),
        (lambda: make.changed(make.honest(), {make.SHEET: b"<worksheet><sheetData><row><c"}), "damaged: The workbook is damaged"),
        (lambda: make_xls.compound_file({"Workbook": make_xls.workbook_stream({"表": [[1.0]]})})[:3000], "damaged: "),
        (lambda: b"", "empty: The file is empty"),
        (lambda: b" \r\n", "empty"),
        (lambda: b"x" * (MAX_BYTES + 1), "too_large: The file is larger than 20 MB"),
    ],
)
def test_what_the_child_refuses_or_dies_of_is_one_finding(content: Callable[[], bytes], says: str) -> None:
    assert says in refusal(content())


def test_cells_at_the_very_limit_pass() -> None:
    assert list(scan(make.with_far_cell("ZZ200000"))) == ["填报表"]


def test_a_cell_far_out_that_hides_its_place_is_refused_all_the_same() -> None:
    cell = b'<row r="1048576"><c><v>1</v></c></row></sheetData>'
    assert "too_far: The workbook is too large" in refused_in_the_child(
        make.changed(make.honest(), {make.SHEET: lambda data: data.replace(b"</sheetData>", cell)})
    )


@pytest.mark.parametrize("content", [make.with_far_cell, make.with_string_count, lambda: b"", lambda: b"PK"])
def test_a_reader_that_aborts_takes_only_its_own_process_with_it(content: Callable[[], bytes]) -> None:
    with pytest.raises(Refused):
        run_child(content())


def test_one_long_text_shown_thousands_of_times_is_refused() -> None:
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (row, row) for row in range(1, 3_001))
    long_text = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + b"x" * 32_000 + b"</t></si></sst>"

    def filled(data: bytes) -> bytes:
        return data[: data.index(b"<sheetData>") + 11] + cells + data[data.index(b"</sheetData>") :]

    assert "too_large: " in refusal(make.changed(make.honest(), {make.SHEET: filled, make.STRINGS: long_text}))


@pytest.mark.parametrize(
    ("content", "filename", "says"),
    [
        (b"x", "figures.doc", 'ending: Files ending in ".doc"'),
        (b"x", "figures", 'ending: Files ending in ""'),
        (b"PK\x03\x04\0\0", "figures.csv", "encoding: "),
        ("指标代码".encode("utf-16"), "figures.csv", "UTF-8"),
        (b"\xff\xff\xff", "figures.csv", "encoding: The characters of the file are neither UTF-8 nor GB18030"),
        (b'a,"' + b"x" * 200_000, "figures.csv", "quotes: "),
        (b"\n" * 200_001 + b"a", "figures.csv", "too_large: The file has more than 200000 rows"),
        (b"," * 800, "figures.csv", "too_far: "),
        (b"{", "body.json", "not_json: The body is not valid JSON"),
        (b"[]", "body.json", "rows"),
        (b'{"rows": [1]}', "body.json", "rows"),
        (b'{"rows": [' + b"{}," * 250_000 + b"{}]}", "body.json", "more than 200000 rows"),
        (b"[" * 100_000, "body.json", "not valid JSON"),
        (b'{"rows": [{"indicator": "\\u0000", "value": 1}]}', "body.json", "characters: "),
        (b'{"rows": [{"indicator": "\\ud800", "value": 1}]}', "body.json", "characters: "),
        (b"\xff\xfe{}", "body.json", "not valid JSON"),
        (b'{"rows": [{"value": 1, "value": 2}]}', "body.json", 'not_json: The name "value" stands twice'),
        (b'{"rows": [{' + b",".join(b'"%d": 1' % n for n in range(700)) + b"}" + b",{}" * 20_000 + b"]}", "body.json", "too_large: "),
        (b'a,"b\nc,d\n', "figures.csv", "quotes: "),
        (b'a,"b\nc,d",e"\nf,"g\n', "figures.csv", "quotes: "),
    ],
)
def test_other_broken_files_are_refused_with_the_fix(content: bytes, filename: str, says: str) -> None:
    assert says in refusal(content, filename)


LINES = [
    ["指标代码", "数值", "说明"],
    ["A5", 1.5, " 快报 数"],
    ["A6", {"=": 2.0}],
    ["A7", {"=": None}],
    ["A8", {"=": "12亿元"}],
    ["A9", {"=": "#DIV/0!"}],
    ["P1", (0.125,)],
    ["P2", True],
]


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_the_other_workbooks_say_as_much_as_an_xlsx(kind: str) -> None:
    if kind == "xls":
        content = make_xls.workbook(
            {"字典": [["x"]], "填报表": LINES, "校验结果": [["y"]], "_passport": [['{"p":1}']]},
            hidden_sheets=["字典", "_passport"],
            hidden_rows=[3],
            merged=[(2, 1, 4, 1)],
        )
    else:
        merged = make_ods.cell("A5", 'table:number-rows-spanned="3" table:number-columns-spanned="1"')
        lines = [LINES[0], [merged, *LINES[1][1:]], make_ods.row(LINES[2], 'table:visibility="filter"'), *LINES[3:]]
        content = make_ods.workbook(
            {"字典": [["x"]], "填报表": lines, "校验结果": [["y"]], "_passport": [['{"p":1}']]}, hidden=["字典", "_passport"]
        )
    reading = read(content, f"figures.{kind}")
    (table,) = reading.tables
    assert (reading.passport, table.sheet, table.merged, table.hidden) == ('{"p":1}', "填报表", [(2, 1, 4, 1)], {3})
    assert [line[1] for line in table.rows] == ["数值", 1.5, 2.0, None, "12亿元", "#DIV/0!", "12.5%", True]
    assert table.formulas == {(3, 2): True, (4, 2): False, (5, 2): True, (6, 2): True}


def test_an_xlsx_says_where_it_is_merged_and_hidden_what_is_a_percentage_and_its_passport() -> None:
    content = make.sheet_as_people_make_it()
    reading = read(content, "f.xlsx")
    (table,) = reading.tables
    assert (reading.passport, table.merged, table.hidden) == ('{"p":1}', [(1, 1, 2, 1), (3, 1, 5, 1)], {4})
    assert [line[1] for line in table.rows] == [None, "数值", 0.5, 1.0, "75%"]


@pytest.mark.parametrize(("maker", "ending"), [(make.workbook, "ods"), (make_xls.workbook, "xlsx"), (make_ods.workbook, "xls")])
def test_a_workbook_is_read_as_what_it_is_whatever_its_ending(maker: Callable[..., bytes], ending: str) -> None:
    content = maker({"表": [["指标代码", "数值"], ["A5", 1.5]]})
    assert only_table(content, f"f.{ending}").rows == [["指标代码", "数值"], ["A5", 1.5]]


@pytest.mark.parametrize("maker", [make.workbook, make_xls.workbook, make_ods.workbook])
def test_a_sheet_of_findings_alone_is_no_sheet(maker: Callable[..., bytes]) -> None:
    assert "no_sheet: " in refused_in_the_child(maker({"校验结果": [["a"]]}))


def test_a_workbook_whose_sheets_are_all_hidden_is_no_sheet() -> None:
    assert "no_sheet: " in refused_in_the_child(make_ods.workbook({"表": [["a"]]}, hidden=["表"]))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (lambda: make_xls.workbook({"表": [[1.0]]}, more=make_xls.record(0x2F, b"\0" * 54)), "encrypted"),
        (lambda: make_xls.workbook({"表": [[1.0]]}, more=make_xls.record(0xD3)), "macros"),
        (lambda: make_xls.workbook({"表": [[1.0]]}, sheet_kind=1), "macros"),
        (lambda: make_xls.workbook({"表": [[1.0]]}, more=make_xls.record(0x1AE, b"\1\0\6\0\1\1b.xls")), "external_link"),
        (lambda: make_xls.workbook({"表": [[None] * 702 + [1.0]]}), "too_far"),
        (lambda: make_xls.compound_file({"Workbook": make_xls.workbook_stream({"表": [[1.0]]})}, ["_VBA_PROJECT_CUR"]), "macros"),
        (lambda: make_xls.compound_file({"Workbook": make_xls.workbook_stream({"表": [[1.0]]}), "Ctls": b"x"}), "macros"),
        (lambda: make_xls.compound_file({"Workbook": make_xls.workbook_stream({"表": [[1.0]]})}, ["MBD0012AB34"]), "embedded"),
        (lambda: make_xls.compound_file({"WordDocument": b"x"}), "not_workbook"),
        (lambda: make_xls.compound_file({"Workbook": make_xls.workbook_stream({"表": [["x" * 9000]]})[:7000]}), "damaged"),
        (lambda: b"\x09\x04\x06\0\0\0\x10\0", "not_workbook"),
        (lambda: b"<html><table><tr><td>A5</td></tr></table></html>", "not_workbook"),
    ],
)
def test_hostile_or_broken_old_workbooks_are_refused(content: Callable[[], bytes], says: str) -> None:
    assert refused_in_the_child(content()).startswith(f"{says}: ")


def ods_with(lines: list[object], **more: object) -> bytes:
    return make_ods.package(make_ods.sheet("表", lines), **more)  # type: ignore[arg-type]


FAR = make_ods.cell(1, 'table:number-columns-repeated="16384"')
LINKED = make_ods.cell(1, "table:formula=\"of:=['file:///b.ods'#$Sheet1.A1]\"")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (lambda: ods_with([[FAR]]), "too_far"),
        (lambda: ods_with([make_ods.row([1], 'table:number-rows-repeated="1048576"')]), "too_far"),
        (lambda: ods_with([make_ods.row([1] * 600, 'table:number-rows-repeated="200000"')]), "too_large"),
        (lambda: ods_with([make_ods.row([make_ods.cell("x", 'table:number-columns-repeated="-1"')])]), "damaged"),
        (lambda: ods_with([["a"]], parts={"Basic/Standard/Module1.xml": b"<x/>"}), "macros"),
        (lambda: ods_with([["a"]], parts={"Scripts/python/x.py": b"x"}), "macros"),
        (lambda: ods_with([["a"]], parts={"Object 1/content.xml": b"<x/>"}), "embedded"),
        (lambda: ods_with([["a"]], parts={"Object 1": b"x"}), "embedded"),
        (lambda: ods_with([["a"]], listed="<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"), "encrypted"),
        (lambda: ods_with([["a"]], parts={"encrypted-package": b"x"}), "encrypted"),
        (lambda: ods_with([[LINKED]]), "external_link"),
        (lambda: ods_with(['<table:table-source xlink:href="b.ods"/>']), "external_link"),
        (lambda: ods_with([["a"]], parts={make_ods.CONTENT: b"<?xml version='1.0'?><!DOCTYPE x><x/>"}), "doctype"),
        (lambda: ods_with([["a"]], parts={make_ods.CONTENT: b"<x"}), "damaged"),
        (lambda: ods_with([["a"]], parts={"styles.xml": b"<x/>" + b" " * 30_000_000}), "too_large"),
        (lambda: ods_with([["a"]], parts={f"Pictures/{n}.png": b"x" for n in range(250)}), "too_large"),
        (lambda: ods_with([["a"]])[:700], "damaged"),
        (lambda: make.changed(ods_with([["a"]]), {make_ods.CONTENT: lambda data: data.decode().encode("utf-16")}), "damaged"),
    ],
)
def test_hostile_or_broken_opendocument_files_are_refused(content: Callable[[], bytes], says: str) -> None:
    assert refused_in_the_child(content()).startswith(f"{says}: ")


def test_an_opendocument_chart_notes_and_repeats_do_no_harm() -> None:
    note = "<office:annotation><text:p>remark</text:p></office:annotation>"
    noted = (
        f'<table:table-cell office:value-type="string">{note}<text:p>a<text:s text:c="2"/>b</text:p><text:p>c</text:p></table:table-cell>'
    )
    lines = [[noted, make_ods.cell("x", 'table:number-columns-repeated="2"')], make_ods.row([1], 'table:number-rows-repeated="2"')]
    chart = '<manifest:file-entry manifest:full-path="Object 1/" manifest:media-type="application/vnd.oasis.opendocument.chart"/>'
    content = ods_with(lines, parts={"Object 1/content.xml": b"<x/>"}, listed=chart)
    assert only_table(content, "f.ods").rows == [["a  b\nc", "x", "x"], [1.0], [1.0]]


def test_formatted_cells_without_content_are_nothing_however_far_out() -> None:
    blank = b"".join(b'<row r="%d"><c r="A%d" s="1"/><c r="XFD%d"></c></row>' % (n, n, n) for n in range(1_040_000, 1_048_577))
    content = make.changed(make.honest(), {make.SHEET: lambda data: data.replace(b"</sheetData>", blank + b"</sheetData>")})
    assert len(only_table(content, "f.xlsx").rows) == 5


def test_every_code_of_the_documentation_is_given() -> None:
    text = (Path(__file__).parents[2] / "docs" / "upload-format.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(\w+)` \|", text.split("| code | why |")[1].split("Numbers carry")[0], re.MULTILINE))
    folder = Path(readers.__file__).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in (*folder.glob("*.py"), *(folder.parent / "workbooks").glob("*.py")))
    given = set(re.findall(r"(?:Refused|Refusal)\(\s*\"(\w+)\"", sources))
    assert documented - given <= {"embedded", "macros", "external_link"}, "those three stand in tables of names"
    assert given <= documented


def test_damage_at_random_never_raises() -> None:
    """The prescan alone: what it lets through goes to a child that may die."""
    content, dice, refused = make.honest(), random.Random(2014), 0
    for _round in range(400):
        damaged = bytearray(content)
        for _fault in range(dice.randint(1, 8)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        try:
            scan(bytes(damaged))
        except Refusal:
            refused += 1
    assert refused > 200
