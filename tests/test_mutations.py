"""A thousand filled-in templates, each spoilt: no crash, and no figure stored that is not in its cell, unless a note says so."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from copy import copy
from datetime import date
from decimal import Decimal, InvalidOperation
from random import Random

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from accounts.models import Area, Bureau, User
from indicators.models import Indicator, ReportingForm, ReportingTask, Submission
from tests.conftest import client_of
from tests.make import make_lines
from tests.make_history import work_off

BUREAU, FORM, PERIOD, SEED = "BUR-632200", "QH-Q", "2018-Q3", 20181020
HEADER = ("指标代码", "指标名称", "地区代码", "地区", "计量单位", "上年同期", "上期", "数值", "数据来源", "说明")
SHEET, VALUE = "填报表", 8
Mutation = Callable[[Random, Worksheet], None]

TEXTS = (
    "12.5亿元", "1250万元", "3万", "3万家", "１２．５", "1,234", "1，234.5", " 12 ", "12\n", "12\u3000", "75%", "７５％", "—", "－",
    "-", "…", "无", "缺", "不适用", "n/a", "N/A",
    "保密", "未到期", "not yet due", "", " ", "\u3000", "'12", "'", "约12", "十二", "12~15", "(5)", "1e5", "1E-3", "+7", "−7", "-0",
    "00012", "12.", ".5", "1.2.3", "12,5",
    "1 250", "1\u2009250", "٣", "１,２３４", "三", "½", "²", "①", "12\u200b", "\ufeff12", "NaN", "Infinity", "1_000", "0x10", "True",
    "#DIV/0!", "#REF!", "#N/A", "=1+1", "@SUM(1)",
    "x" * 40_000, "9" * 400, "0." + "0" * 20 + "1", "1234567890.1234567", "0.1234567890123456", "2015年", "12元", "亿", "12.5亿亿",
    "1.5万亿元", "5百", "2十", "1/2", "12，34",
)  # fmt: skip
NUMBERS = (
    0, 1, -1, 0.5, 12, 1e15, 1e14, 123456789012345, 1234567890123456, 0.1 + 0.2, 1e-9, 1e-300, 1e300, -0.0, 100, 33.333333333333336,
    2**53 + 1, 10.0, 0.75, 4, 3.0000000000000004,
)  # fmt: skip
OTHERS = (True, False, date(2018, 9, 30), "=1+1", "=H7*2", "=1/0", "=\"12\"", "=A6")  # fmt: skip
FORMATS = ("0%", "0.00%", "#,##0", '0"亿元"', "@", "yyyy-mm-dd", "0.0E+00", "General", "#,##0,", '"无"', "[h]:mm")


def filled(template: bytes, form: str, period: str) -> bytes:
    """The template as a careful person sends it."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book[SHEET]
    usual = {(str(code), str(area)): value for code, area, value, *_ in make_lines(BUREAU, form, period, {"GDP": 900, "GDPC2015": 900})}
    for row in range(6, sheet.max_row + 1):
        key = (str(sheet.cell(row, 1).value), str(sheet.cell(row, 3).value))
        if key in usual:  # below the table there is a line to sign
            sheet.cell(row, VALUE).value = usual[key]
    return saved(book)


def issued_template(client: Client, form: str, period: str) -> bytes:
    """The one the clerk downloads from the task."""
    task = ReportingTask.objects.of(ReportingForm.objects.get(code=form), Bureau.objects.get(code=BUREAU), period)
    assert task
    answer = client.get(f"/tasks/{task.pk}/template.xlsx")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def saved_elsewhere(content: bytes) -> bytes:
    """The same cells as another program saves them: texts in a table of their own."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        new = book.add_worksheet(sheet.title)
        if sheet.sheet_state == "veryHidden":
            new.very_hidden()
        for number, row in enumerate(sheet.values):
            for column, value in enumerate(row):
                new.write(number, column, value)
    book.close()
    return buffer.getvalue()


def a_row(random: Random, sheet: Worksheet) -> int:
    return random.randrange(6, max(7, sheet.max_row + 1))


def put(random: Random, sheet: Worksheet) -> None:
    """A few values are something else."""
    for _ in range(random.choice((1, 1, 2, 5))):
        pool = random.choice((TEXTS, NUMBERS, OTHERS))
        sheet.cell(a_row(random, sheet), VALUE).value = random.choice(pool)  # type: ignore[arg-type]


def put_quiet(random: Random, sheet: Worksheet) -> None:
    """Values the format reads: what is stored can be compared."""
    for _ in range(5):
        cell = sheet.cell(a_row(random, sheet), VALUE)
        cell.value = random.choice(("１０", " 10 ", "10", "1,000", "—", "保密", "10.0", 10, 9.000000000000002, "不适用", 0.1 * 3 * 100))


def put_format(random: Random, sheet: Worksheet) -> None:
    cell = sheet.cell(a_row(random, sheet), VALUE)
    cell.number_format = random.choice(FORMATS)
    cell.quotePrefix = random.random() < 0.2  # type: ignore[attr-defined]


def put_elsewhere(random: Random, sheet: Worksheet) -> None:
    """Something in a cell that is not the value's: code, area, unit, heading, note."""
    pool = random.choice(
        (TEXTS, NUMBERS, ("GDP", "ZZ", "H4N", 632200, "632200 ", "亿元", "万元", "gdp", "ＧＤＰ", None, "2018-Q3", "2018年三季度", "QH-P"))
    )
    sheet.cell(random.randrange(1, sheet.max_row + 1), random.randrange(1, 12)).value = random.choice(pool)  # type: ignore[arg-type]


def move_rows(random: Random, sheet: Worksheet) -> None:
    row = random.randrange(1, sheet.max_row)
    random.choice((lambda: sheet.insert_rows(row, random.randrange(1, 4)), lambda: sheet.delete_rows(row, random.randrange(1, 4)),
                   lambda: sheet.move_range(f"A{row}:J{row}", rows=sheet.max_row - row + random.randrange(1, 5))))()  # fmt: skip


def move_columns(random: Random, sheet: Worksheet) -> None:
    column = random.randrange(1, 11)
    random.choice(
        (lambda: sheet.insert_cols(column), lambda: sheet.delete_cols(column), lambda: swap(sheet, column, random.randrange(1, 11)))
    )()


def swap(sheet: Worksheet, one: int, other: int) -> None:
    for row in range(5, sheet.max_row + 1):
        first, second = sheet.cell(row, one), sheet.cell(row, other)
        first.value, second.value = second.value, first.value


def merge(random: Random, sheet: Worksheet) -> None:
    column, row = random.randrange(1, 11), random.randrange(1, 40)
    sheet.merge_cells(start_row=row, end_row=row + random.randrange(0, 4), start_column=column, end_column=column + random.randrange(0, 2))


def hide(random: Random, sheet: Worksheet) -> None:
    for _ in range(random.randrange(1, 6)):
        sheet.row_dimensions[a_row(random, sheet)].hidden = True
    sheet.column_dimensions[random.choice("ABCDEFGHIJ")].hidden = random.random() < 0.3


def sheets(random: Random, sheet: Worksheet) -> None:
    """Renamed, doubled, hidden, in another order, with a table more."""
    turn = random.randrange(6)
    if turn == 0:
        sheet.title = random.choice(("Sheet1", "校验结果", "a'b", "_passport2", "表" * 31))
    elif turn == 1:
        sheet.parent.copy_worksheet(sheet)
    elif turn == 2:
        sheet.sheet_state = random.choice(("hidden", "veryHidden"))
    elif turn == 3:
        sheet.parent.move_sheet(sheet, 1)
    elif turn == 4:
        extra = sheet.parent.create_sheet("补充")
        for line in (("表号", FORM), ("填报单位", BUREAU), ("报告期", PERIOD), HEADER, ("GDP", "", "632200", "", "", "", "", 900)):
            extra.append(line)
    else:
        for line in ((), HEADER, ("GDP", "", "632200", "", "", "", "", 7)):
            sheet.append(line)


def headings(random: Random, sheet: Worksheet) -> None:
    turn = random.randrange(4)
    if turn == 0:
        sheet.delete_rows(random.randrange(1, 6))
    elif turn == 1:
        sheet.cell(random.randrange(2, 5), 2).value = random.choice(
            ("", "QH-P", "BULK", "BUR-630100", "2018-Q2", "2018-Q4", "2018Q3", "2018年前三季度", "2019", 2018, "去年")
        )
    elif turn == 2:
        sheet.cell(5, random.randrange(1, 11)).value = random.choice(
            (None, "数值", "指标代码", "value", " 数值 ", "数 值", "其他", 5, "=1")
        )
    else:
        sheet.cell(random.randrange(2, 5), 1).value = random.choice((None, "报告期", "表号", "period", "其他"))


def passport(random: Random, sheet: Worksheet) -> None:
    found = sheet.parent["_passport"] if "_passport" in sheet.parent.sheetnames else sheet.parent.create_sheet("_passport")
    old = str(found["A1"].value or "{}")
    found["A1"].value = random.choice((
        "", "{}", "[]", "x", old[:-2], old + " ", old.replace("2018-Q3", "2018-Q2"), old.replace("632200", "630100"),
        old.replace("a", "b"), "9" * 5000, old.upper(), None,
    ))  # fmt: skip
    found.sheet_state = random.choice(("veryHidden", "hidden", "visible"))


def dress(random: Random, sheet: Worksheet) -> None:
    """What does not change a figure: colours, comments, widths, formats far down, names."""
    cell = sheet.cell(a_row(random, sheet), VALUE)
    cell.fill = PatternFill("solid", fgColor="FF0000")
    cell.comment = Comment("请核对", "我")
    sheet.cell(random.randrange(100, 5000), random.randrange(1, 60)).fill = copy(cell.fill)
    sheet.auto_filter.ref = "A5:J60"
    sheet.freeze_panes = "A6"


BOOKS: tuple[Mutation, ...] = (
    put, put_quiet, move_rows, put_quiet, move_columns, put, merge, put_quiet, hide, put_format, sheets, headings, put, passport, dress,
    put_elsewhere,
)  # fmt: skip
ROWS_STAND = (put, put_quiet, put_format, dress)


def spoil(random: Random, data: bytes) -> bytes:
    """Bytes turned, cut, doubled or swapped."""
    turn, place = random.randrange(5), random.randrange(len(data))
    length = random.choice((1, 4, 40, 400))
    if turn == 0:
        return data[:place] + bytes([data[place] ^ 1 << random.randrange(8)]) + data[place + 1 :]
    if turn == 1:
        return data[:place]
    if turn == 2:
        return data[: place + length] + data[place:]
    if turn == 3:
        return data[:place] + data[place + length :]
    return data[:place] + random.randbytes(length) + data[place + length :]


def spoil_part(random: Random, data: bytes) -> bytes:
    """The same to one part inside an intact zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = random.choice([name for name in parts if "theme" not in name])
    parts[name] = spoil(random, parts[name])
    if random.random() < 0.1:
        del parts[name]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def digits(random: Random, data: bytes) -> bytes:
    """A number written another way in the sheet's XML: what is stored must follow."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = next(name for name in parts if "worksheets/sheet" in name)
    places = list(re.finditer(rb"<v>(\d+)</v>", parts[name]))
    chosen = random.choice(places)
    new = random.choice(
        (
            b"1E1",
            b"1.0E+2",
            b"10.0000",
            b" 10",
            b"+10",
            b"10.",
            b"1e400",
            b"NaN",
            b"",
            b"-0",
            b"010",
            b"1,0",
            b"0x10",
            b"10 ",
            b"9.9999999999999999",
            b"1\xc2\xa00",
        )
    )
    parts[name] = parts[name][: chosen.start(1)] + new + parts[name][chosen.end(1) :]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return buffer.getvalue()


def mutations(start: bytes, count: int) -> Iterator[tuple[str, bool, bytes]]:
    """Name, whether all rows still stand where they stood, and the bytes."""
    others = (start, saved_elsewhere(start))
    for number in range(count):
        random = Random(SEED + number)
        turn = number % 5
        if turn >= 3:
            spoiler = (spoil, spoil_part, digits)[number // 5 % 3]
            yield f"{number} {spoiler.__name__}", False, spoiler(random, random.choice(others))
            continue
        book = openpyxl.load_workbook(io.BytesIO(start))
        sheet = book[SHEET]
        chosen = [random.choice(BOOKS) for _ in range(random.choice((1, 1, 2)))]
        for each in chosen:
            each(random, sheet)
        yield f"{number} {'+'.join(each.__name__ for each in chosen)}", all(each in ROWS_STAND for each in chosen), saved(book)


def as_number(value: object) -> Decimal | None:
    """What a cell says without any repair, as a number."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        return Decimal(repr(value) if isinstance(value, (int, float)) else str(value))
    except InvalidOperation:
        return None


def silent_changes(content: bytes, submission: Submission) -> list[str] | None:
    """Entries that differ from their cells and have no note there; None where openpyxl cannot read the file."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    except Exception:  # whatever it raises: there is no second opinion
        return None
    codes = {*Indicator.objects.values_list("code", flat=True), *Area.objects.values_list("code", flat=True)}
    said = {(found.sheet, found.row, found.column) for found in submission.findings.filter(severity="note")}
    merged = {(found.sheet, found.row) for found in submission.findings.filter(rule="merged_cell")}
    wrong = []
    for entry in submission.entries.select_related("indicator", "area"):
        place = (entry.sheet, entry.row, entry.column)
        sheet = book[entry.sheet]
        cell = sheet.cell(entry.row, entry.column).value
        number = as_number(cell)
        if place not in said and (entry.value != number if entry.value is not None else number is not None):
            wrong.append(f"{place}: cell {cell!r}, stored {entry.value}")
        texts = {str(each.value).strip() for each in sheet[entry.row]}
        if (entry.sheet, entry.row) not in merged and texts & codes - {entry.indicator.code, entry.area.code}:
            wrong.append(f"{place}: stored as {entry.indicator.code} of {entry.area.code}, the row says {texts}")
    return wrong


def attempt(content: bytes, client: Client) -> Submission:
    """Through the door and the check: always an answer, always an end."""
    answer = client.post("/api/v1/submissions", {"file": SimpleUploadedFile("海北.xlsx", content)})
    assert answer.status_code in (200, 202), f"{answer.status_code} {answer.content.decode()[:300]}"
    work_off()
    return Submission.objects.get(pk=answer.json()["id"])


def run(count: int, form: str = FORM, period: str = PERIOD) -> Counter[str]:
    """All mutations, counted by what became of them; the first fault ends the run."""
    clerk = User.objects.create_user("mutating", role=User.Role.REPORTER, bureau=Bureau.objects.get(code=BUREAU))
    client = client_of(clerk)
    start = filled(issued_template(client, form, period), form, period)
    counts: Counter[str] = Counter()
    asked, faults = len(make_lines(BUREAU, form, period)), []
    first = attempt(start, client)
    assert first.state == Submission.State.CHECKED, [(each.cell, each.rule, each.params) for each in first.findings.all()]
    assert first.entries.count() == asked
    assert silent_changes(start, first) == []
    book = openpyxl.load_workbook(io.BytesIO(start))
    book[SHEET].cell(7, VALUE).value = 77
    assert len(silent_changes(saved(book), first) or ()) == 1, "a changed cell is seen"
    for name, stands, content in mutations(start, count):
        submission = attempt(content, client)
        assert submission.state in (Submission.State.CHECKED, Submission.State.REFUSED), f"{name}: {submission.state}"
        rules = set(submission.findings.values_list("rule", flat=True))
        counts[submission.state] += 1
        counts["unreadable"] += "unreadable" in rules
        counts["notes"] += submission.findings.filter(severity="note").count()
        if submission.state == Submission.State.CHECKED:
            wrong = silent_changes(content, submission)
            counts["without a second opinion"] += wrong is None
            counts["figures compared"] += 0 if wrong is None else submission.entries.count()
            faults += [f"{name}: {each}" for each in wrong or ()]
            if stands and submission.entries.count() != asked:
                faults.append(f"{name}: {submission.entries.count()} rows of {asked}")
    assert not faults, f"{len(faults)} silent changes:\n" + "\n".join(faults[:40])
    return counts


def test_twenty_mutations_change_no_figure_silently(db: None) -> None:
    counts = run(20, "QH-Y", "2013")  # six rows: quick
    assert counts["checked"] > 3
    assert counts["refused"] > 3


@pytest.mark.full
def test_a_thousand_mutations_change_no_figure_silently(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    counts = run(1000)
    with capsys.disabled():
        print("\nmutations:", ", ".join(f"{name} {number}" for name, number in counts.items()))  # noqa: T201 (figures of the run)
    assert counts["checked"] > 100
    assert counts["refused"] > 100
    assert counts["figures compared"] > 5000
