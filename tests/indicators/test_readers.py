"""Bytes to tables: honest files keep every cell, hostile ones are refused with a sentence and in no time."""

import random
import time
from collections.abc import Callable

import pytest

from indicators.readers import MAX_BYTES, Table, read
from indicators.readers.prescan import scan
from indicators.readers.table import Refused
from indicators.readers.xlsx import run_child
from tests import make_workbooks as make

ROWS = [
    {"indicator": "A5", "area": "630200", "unit": "亿元", "value": 0.412, "note": "按快报数"},
    {"indicator": "A9", "area": "630200", "unit": "家", "value": 3, "note": None},
]
LAYOUT = {"form": "QH-Q", "bureau": "BUR-630200", "period": "2014-Q3"}


def only_table(content: bytes, filename: str) -> Table:
    reading = read(content, filename)
    assert reading.findings == ()
    (table,) = reading.tables
    return table


def refusal(content: bytes, filename: str = "figures.xlsx") -> str:
    """The sentence a file is refused with; it is the only finding, an error, and takes no time to speak of."""
    begun = time.monotonic()
    reading = read(content, filename)
    assert time.monotonic() - begun < 5, "a refusal takes a second at most; five leaves room for a busy machine"
    (finding,) = reading.findings
    assert (finding.rule, finding.severity, finding.cell, reading.tables) == ("unreadable", "error", None, ())
    return finding.message % finding.params


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
    table = only_table(make.figures_csv(ROWS, encoding=encoding, delimiter=delimiter, **LAYOUT), "figures.csv")
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
        (make.with_far_cell, "XFD1048576"),
        (lambda: make.with_far_cell("A200001"), "A200001"),
        (lambda: make.with_far_cell("AAA1"), "AAA1"),
        (make.with_string_count, "damaged"),
        (make.zip_bomb, "too large"),
        (make.lying_zip, "damaged"),
        (make.with_many_parts, "too large"),
        (make.with_macros, "macros"),
        (make.with_external_link, "links to other files"),
        (make.with_embedding, "embedded"),
        (make.with_doctype, "document type"),
        (make.encrypted_zip, "password"),
        (make.password_workbook, "password"),
        (make.old_xls, ".xls workbook"),
        (make.truncated, "damaged"),
        (lambda: b"indicator,value\nA5,1\n", "not an Excel workbook"),
        (lambda: make.changed(make.honest(), {make.SHEET: b"<worksheet><sheetData><row><c"}), "cannot be read"),
        (lambda: make.changed(make.honest(), {make.BOOK: b"not xml"}), "damaged"),
        (lambda: make.changed(make.honest(), {make.SHEET: lambda data: data.decode().encode("utf-16")}), "damaged"),
        (lambda: b"", "empty"),
        (lambda: b" \r\n", "empty"),
        (lambda: b"x" * (MAX_BYTES + 1), "20 MB"),
    ],
)
def test_hostile_or_broken_workbooks_are_refused_with_the_fix(content: Callable[[], bytes], says: str) -> None:
    assert says in refusal(content())


def test_cells_at_the_very_limit_pass() -> None:
    assert list(scan(make.with_far_cell("ZZ200000"))) == ["填报表"]


def test_a_cell_far_out_that_hides_its_place_is_refused_all_the_same() -> None:
    cell = b'<row r="1048576"><c><v>1</v></c></row></sheetData>'
    assert "too large" in refusal(make.changed(make.honest(), {make.SHEET: lambda data: data.replace(b"</sheetData>", cell)}))


@pytest.mark.parametrize("content", [make.with_far_cell, make.with_string_count, lambda: b"", lambda: b"PK"])
def test_a_reader_that_aborts_takes_only_its_own_process_with_it(content: Callable[[], bytes]) -> None:
    with pytest.raises(Refused):
        run_child(content())


def test_one_long_text_shown_thousands_of_times_is_refused() -> None:
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (row, row) for row in range(1, 3_001))
    long_text = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + b"x" * 32_000 + b"</t></si></sst>"

    def filled(data: bytes) -> bytes:
        return data[: data.index(b"<sheetData>") + 11] + cells + data[data.index(b"</sheetData>") :]

    assert "too large" in refusal(make.changed(make.honest(), {make.SHEET: filled, make.STRINGS: long_text}))


@pytest.mark.parametrize(
    ("content", "filename", "says"),
    [
        (b"x", "figures.xls", '".xls"'),
        (b"x", "figures", '""'),
        (b"PK\x03\x04\0\0", "figures.csv", "ending .xlsx"),
        ("指标代码".encode("utf-16"), "figures.csv", "UTF-8"),
        (b"\xff\xff\xff", "figures.csv", "neither UTF-8 nor GB18030"),
        (b'a,"' + b"x" * 200_000, "figures.csv", "quotation mark"),
        (b"\n" * 200_001 + b"a", "figures.csv", "more than 200000 rows"),
        (b"," * 800, "figures.csv", "702 columns"),
        (b"{", "body.json", "not valid JSON"),
        (b"[]", "body.json", "rows"),
        (b'{"rows": [1]}', "body.json", "rows"),
        (b'{"rows": [' + b"{}," * 250_000 + b"{}]}", "body.json", "more than 200000 rows"),
        (b"[" * 100_000, "body.json", "not valid JSON"),
        (b'{"rows": [{"indicator": "\\u0000", "value": 1}]}', "body.json", "characters"),
        (b'{"rows": [{"indicator": "\\ud800", "value": 1}]}', "body.json", "characters"),
        (b"\xff\xfe{}", "body.json", "not valid JSON"),
    ],
)
def test_other_broken_files_are_refused_with_the_fix(content: bytes, filename: str, says: str) -> None:
    assert says in refusal(content, filename)


def test_damage_at_random_never_raises() -> None:
    """The prescan alone: what it lets through goes to a child that may die."""
    content, dice, refused = make.honest(), random.Random(2014), 0
    for _round in range(400):
        damaged = bytearray(content)
        for _fault in range(dice.randint(1, 8)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        try:
            scan(bytes(damaged))
        except Refused:
            refused += 1
    assert refused > 200
