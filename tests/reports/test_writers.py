"""A document becomes a file: text stays text, numbers stay numbers, the same document the same bytes."""

import csv
import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from reports.document import Column, Document, Value
from reports.writers import WRITERS

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    '=HYPERLINK("http://x.example","x")',
    "http://x.example",
    "=cmd|'/c calc'!A1",
]
MARK = b"\xef\xbb\xbf"


def document(rows: list[list[Value]], title: str = "合规表", heading: tuple[tuple[str, str], ...] = (("计划", "示例"),)) -> Document:
    width = max((len(row) for row in rows), default=1)
    return Document(title, heading, [Column(f"列{place}") for place in range(width)], rows)


def csv_rows(content: bytes) -> list[list[str]]:
    assert content.startswith(MARK)
    assert not content.removeprefix(MARK).startswith(MARK)
    return list(csv.reader(io.StringIO(content.removeprefix(MARK).decode("utf-8"), newline="")))


@pytest.mark.parametrize("ending", sorted(WRITERS))
def test_same_document_gives_the_same_bytes(ending: str) -> None:
    write, _ = WRITERS[ending]
    made = document([["A1", Decimal("1.5"), 3, None, "文"]])
    assert write(made) == write(document([["A1", Decimal("1.5"), 3, None, "文"]]))
    assert write(made) != write(document([["A1", Decimal("1.6"), 3, None, "文"]]))


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    made = document([[text, Decimal(1)]], title=text, heading=((text, text),))
    for row in csv_rows(WRITERS["csv"][0](made)):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")) for cell in row)
    sheet = load_workbook(io.BytesIO(WRITERS["xlsx"][0](made))).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)
    kept = sheet.cell(sheet.max_row, 1).value
    assert kept.replace("_x000D_", "\r") == text  # as Excel writes a carriage return


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("60.000000000"), "60"),
        (Decimal("-8.930000000"), "-8.93"),
        (Decimal("0.100000000"), "0.1"),
        (Decimal("0E-9"), "0"),
        (Decimal("1E+3"), "1000"),
        (Decimal("123456789012345"), "123456789012345"),
        (Decimal("0.000000001"), "0.000000001"),
        (7, "7"),
        (None, ""),
    ],
)
def test_number_is_written_out_and_is_a_number_in_the_workbook(value: Value, written: str) -> None:
    made = document([["x", value]])
    assert csv_rows(WRITERS["csv"][0](made))[-1] == ["x", written]
    cell = load_workbook(io.BytesIO(WRITERS["xlsx"][0](made))).worksheets[0].cell(5, 2)
    assert cell.value == (None if value is None else float(written))
    assert cell.data_type == "n"


@pytest.mark.parametrize(
    ("value", "form"), [(Decimal("60.000"), "#,##0"), (Decimal("2.4"), "#,##0.######"), (60, "#,##0"), (Decimal("-0.5"), "#,##0.######")]
)
def test_whole_number_shows_no_point_in_a_spreadsheet(value: Value, form: str) -> None:
    """Excel shows 60 in the form #,##0.###### as “60.”."""
    cell = load_workbook(io.BytesIO(WRITERS["xlsx"][0](document([["x", value]])))).worksheets[0].cell(5, 2)
    assert cell.number_format == form


@pytest.mark.parametrize("text", ["含,逗号", '含"引号"', "两\n行", "含;分号", "  空格 ", "𠮷"])
def test_awkward_text_comes_back_as_it_was(text: str) -> None:
    made = document([[text, "x"]])
    assert csv_rows(WRITERS["csv"][0](made))[-1] == [text, "x"]
    assert load_workbook(io.BytesIO(WRITERS["xlsx"][0](made))).worksheets[0].cell(5, 1).value == text


@pytest.mark.parametrize("ending", sorted(WRITERS))
def test_document_without_rows_is_a_file_with_its_heading(ending: str) -> None:
    content = WRITERS[ending][0](document([]))
    assert content
    if ending == "csv":
        assert csv_rows(content) == [["合规表"], ["计划", "示例"], ["列0"]]
