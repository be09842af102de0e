"""The file handed back: the bureau's own workbook with its findings at the cells, its values untouched, uploaded again as it is."""

import csv
import io
import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from indicators.models import Submission, workbooks
from indicators.parsing import parse
from indicators.passport import SHEET as PASSPORT_SHEET
from indicators.readers import read
from indicators.readers.table import Table
from indicators.rows import Cell
from indicators.writers import annotate_child, annotated, plain
from indicators.writers.annotated import Mark, NotAnnotated, annotate
from indicators.writers.language import Language
from tests import make_ods
from tests.conftest import client_of
from tests.indicators.test_template import filled, opened, task
from tests.make import make_lines, make_workbook, send

ENGLISH = Language(False, str)
RED, AMBER, BLUE = annotate_child.FILLS.values()


def mark(at: Cell | None, severity: str = "error", found: str = "Too high.") -> Mark:
    return Mark(at, severity, "A5", found, "Mend it.", "Bounds")


@lru_cache
def bureaus_own() -> bytes:
    """A workbook as bureaus keep them: formulas with results, formats, merged and hidden parts, a validation, protection, a remark."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet, other, hidden = book.add_worksheet("填报表"), book.add_worksheet("O'Neil 表"), book.add_worksheet("底稿")
        date, free = book.add_format({"num_format": "yyyy-mm-dd", "bold": True}), book.add_format({"bg_color": "#FFFBE6", "locked": False})
        for place, text in enumerate(("指标代码", "地区代码", "数值", "说明")):
            sheet.write_string(0, place, text)
        sheet.write_row(1, 0, ["A5", "630200", 0.1 + 0.2])
        sheet.write_row(2, 0, ["A6", "630200"])
        sheet.write_formula(2, 2, "=SUM(C2,1)", free, 1.3)
        sheet.write_formula(3, 2, '=IF(TRUE,"<无>","")', None, "<无>")
        sheet.write_formula(4, 2, "=1/0", None, "#DIV/0!")
        sheet.write_formula(5, 2, "=TRUE", None, True)
        sheet.write_formula(6, 2, "=NOW()", None, "")
        sheet.write_number(7, 2, 41640.123456789, date)
        sheet.write_string(8, 2, "=not a formula")
        sheet.write_rich_string(9, 2, "12", book.add_format({"bold": True}), "万")
        sheet.merge_range("A11:B12", "合并")
        sheet.set_column("C:C", 31)
        sheet.set_row(8, 40, None, {"hidden": True})
        sheet.data_validation("C2", {"validate": "list", "source": ["1", "2"]})
        sheet.write_comment("A2", "旧批注", {"author": "老王"})
        sheet.protect("", {"select_locked_cells": False})
        other.write(0, 0, "x")
        hidden.write(0, 0, "底")
        hidden.very_hidden()
    return buffer.getvalue()


def seen(book: Any) -> dict[str, Any]:
    """All that must survive: values, formats, sizes, checks, protection, visibility; without fills and comments."""
    return {
        sheet.title: {
            "state": sheet.sheet_state,
            "cells": {
                cell.coordinate: (cell.value, cell.data_type, cell.number_format, cell.font.b, cell.protection.locked)
                for line in sheet.iter_rows()
                for cell in line
            },
            "widths": {name: (column.width, column.hidden) for name, column in sheet.column_dimensions.items()},
            "heights": {number: (row.height, row.hidden) for number, row in sheet.row_dimensions.items()},
            "merged": sorted(map(str, sheet.merged_cells.ranges)),
            "checks": [(rule.type, rule.formula1, str(rule.sqref)) for rule in sheet.data_validations.dataValidation],
            "protected": sheet.protection.sheet,
        }
        for sheet in book.worksheets
        if sheet.title not in (annotate_child.LIST, annotate_child.MARKS)
    }


def looks(content: bytes) -> dict[str, Any]:
    """Fill and comment of each cell."""
    return {
        f"{sheet.title}!{cell.coordinate}": (cell.fill.fgColor.rgb if cell.fill.fill_type else None, cell.comment and cell.comment.text)
        for sheet in opened(content).worksheets
        if sheet.title not in (annotate_child.LIST, annotate_child.MARKS)
        for line in sheet.iter_rows()
        for cell in line
    }


def handed_back(content: bytes, *marks: Mark) -> bytes:
    """What the limited process makes of it, without the process."""
    return annotate_child.annotate(annotated._job([(one, one.cell) for one in marks], "Findings", ENGLISH), content)


AT = Cell("填报表", 3, 3)


def test_values_formulas_and_everything_around_them_survive() -> None:
    before, after = bureaus_own(), handed_back(bureaus_own(), mark(AT), mark(Cell("填报表", 2, 1), "warning"))
    assert seen(opened(after)) == seen(opened(before))
    stored = (load_workbook(io.BytesIO(content), data_only=True)["填报表"] for content in (before, after))
    first, second = ([(cell.value, cell.data_type) for line in sheet.iter_rows() for cell in line] for sheet in stored)
    assert first == second


def test_a_formula_keeps_its_stored_result_so_that_the_file_is_read_as_before() -> None:
    def values(content: bytes) -> list[Any]:
        return [(row.value, row.text) for row in parse(read(content, "a.xlsx").tables).rows]

    assert values(handed_back(bureaus_own(), mark(AT))) == values(bureaus_own())


def test_a_number_in_a_date_format_stays_that_number() -> None:
    def stored(content: bytes) -> Any:
        return annotate_child.load(content)["填报表"]["C8"].value

    assert stored(handed_back(bureaus_own(), mark(AT))) == stored(bureaus_own()) == 41640.123456789


def test_each_cell_has_the_colour_of_its_worst_finding_and_all_that_was_said_of_it() -> None:
    there = Cell("填报表", 2, 3)
    at_one = (mark(AT, "note"), mark(AT, "error", "First."), mark(AT, "warning", "Second."))
    found = looks(handed_back(bureaus_own(), *at_one, mark(there, "warning"), mark(Cell("填报表", 2, 1), "note")))
    assert found["填报表!C3"][0] == RED
    assert "First." in found["填报表!C3"][1]
    assert "Second." in found["填报表!C3"][1]
    assert found["填报表!C2"] == (AMBER, "Warning · Too high.\nMend it.")
    assert found["填报表!A2"][0] == BLUE
    assert found["填报表!A2"][1].endswith("旧批注")


def test_the_sheet_in_front_lists_all_findings_with_links_and_is_the_only_one_chosen() -> None:
    book = opened(handed_back(bureaus_own(), mark(AT), mark(None, "warning", "A row is absent."), mark(Cell("O'Neil 表", 1, 1))))
    sheet = book.worksheets[0]
    assert sheet.title == "校验结果"
    assert book.active is sheet
    assert [other.sheet_view.tabSelected for other in book.worksheets] == [True, *[False] * (len(book.worksheets) - 1)]
    assert [sheet.cell(line, 2).hyperlink and sheet.cell(line, 2).hyperlink.location for line in (5, 6, 7)] == [
        "'填报表'!C3",
        None,
        "'O''Neil 表'!A1",
    ]
    assert sheet["D6"].value == "A row is absent."


def test_handing_back_twice_takes_off_the_marks_of_the_first_time() -> None:
    first = handed_back(bureaus_own(), mark(AT), mark(Cell("填报表", 2, 1), "warning"))
    again = handed_back(first, mark(Cell("填报表", 2, 3), "note"))
    found = looks(again)
    assert found["填报表!C3"] == ("FFFFFBE6", None)
    assert found["填报表!A2"] == (None, "旧批注")
    assert found["填报表!C2"][0] == BLUE
    assert opened(again).sheetnames.count("校验结果") == 1
    assert len(opened(again).sheetnames) == len(opened(first).sheetnames)
    third, once = looks(handed_back(again)), looks(bureaus_own())
    assert third == once


def test_a_sheet_of_that_name_which_is_the_bureaus_own_stays() -> None:
    book = Workbook()
    book.active.append(("指标代码", "数值"))
    own = book.create_sheet("校验结果")
    own["A1"] = "我们自己的"
    buffer = io.BytesIO()
    book.save(buffer)
    after = opened(handed_back(buffer.getvalue(), mark(Cell("Sheet", 1, 1))))
    assert after["校验结果"]["A1"].value == "我们自己的"
    assert after.worksheets[0].title == "校验结果1"


def test_an_error_can_be_reached_where_it_was_hidden_and_a_locked_cell_stays_locked() -> None:
    after = opened(handed_back(bureaus_own(), mark(Cell("填报表", 9, 3))))["填报表"]
    assert not after.row_dimensions[9].hidden
    assert after["C9"].protection.locked
    assert after.protection.sheet
    assert not after.protection.selectLockedCells


def test_a_finding_inside_a_merged_cell_stands_at_the_cell_it_belongs_to() -> None:
    assert looks(handed_back(bureaus_own(), mark(Cell("填报表", 12, 2))))["填报表!A11"][0] == RED


def test_what_was_found_is_never_a_formula_and_never_breaks_the_file() -> None:
    book = opened(handed_back(bureaus_own(), mark(AT, found="=cmd()\x01|<&>" + "长" * 40_000)))
    assert book.worksheets[0]["D5"].data_type == "s"
    assert book.worksheets[0]["D5"].value.startswith("=cmd()|<&>")


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_a_file_without_sheets_comes_back_as_a_workbook_with_the_same_cells(ending: str) -> None:
    rows = [["指标代码", "地区代码", "数值"], ["A5", "630200", "=1+1"], ["A6", "630200", "0.10"]]
    if ending == "csv":
        text = io.StringIO()
        csv.writer(text).writerows([["表号", "QH-Q"], *rows])
        content, at, expected = text.getvalue().encode("gb18030"), Cell("", 3, 3), "C3"
    else:
        named = [dict(zip(("indicator", "area", "value"), row, strict=True)) for row in rows[1:]]
        body = {"form": "QH-Q", "period": "2018-Q3", "rows": named}
        content, at, expected = json.dumps(body).encode(), Cell("", 1, 3), "C4"
    after = annotate(content, read(content, f"a.{ending}").tables, "", [mark(at)], "Findings", ENGLISH)
    assert looks(after)[f"填报表!{expected}"][0] == RED
    again = parse(read(after, "a.xlsx").tables)
    assert [(row.indicator, row.area, row.text) for row in again.rows] == [tuple(row) for row in rows[1:]]
    assert again.heading.form == "QH-Q"


def test_a_workbook_made_of_tables_keeps_merged_cells_hidden_rows_and_passport() -> None:
    table = Table("表", [["指标代码", "数值"], ["A5", 1.5], ["", True], [None, 7]], merged=[(2, 1, 3, 1), (3, 1, 4, 1)], hidden={3})
    book = opened(plain.write([table], "passport"))
    assert [[cell.value for cell in line] for line in book["表"].iter_rows()] == [
        ["指标代码", "数值"],
        ["A5", 1.5],
        [None, True],
        [None, 7],
    ]
    assert [str(area) for area in book["表"].merged_cells.ranges] == ["A2:A3"]
    assert book["表"].row_dimensions[3].hidden
    assert book[PASSPORT_SHEET]["A1"].value == "passport"
    assert book[PASSPORT_SHEET].sheet_state == "veryHidden"


def test_what_the_library_cannot_open_comes_back_with_its_cells() -> None:
    content = b"PK\x03\x04 xl/workbook.xml broken"
    assert looks(annotate(content, [Table("表", [["x"]])], "", [mark(Cell("表", 1, 1))], "", ENGLISH))["表!A1"][0] == RED


def test_what_is_too_large_or_was_never_read_is_said() -> None:
    table = Table("表", [["x"]])
    for content, tables, marks in (
        (bureaus_own(), [], [mark(AT)]),
        (bureaus_own(), [table], [mark(AT)] * (annotated.MAX_MARKS + 1)),
        (bureaus_own(), [replace(table, rows=[["x"] * 700] * 500)], [mark(AT)]),
    ):
        with pytest.raises(NotAnnotated):
            annotate(content, tables, "", marks, "", ENGLISH)


def test_the_child_opens_nothing_of_ours(tmp_path: Path) -> None:
    assert "indicators" not in Path(annotate_child.__file__).read_text().split('"""', 2)[2]


# ── through the door ──


def downloaded(submission: Submission, by: Any, language: str = "zh-hans") -> bytes:
    client = client_of(by)
    client.cookies["django_language"] = language
    answer = client.get(f"/submissions/{submission.pk}/returned.xlsx")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return bytes(answer.content)


def test_a_template_goes_up_comes_back_is_mended_and_goes_up_again(qinghai: SimpleNamespace) -> None:
    content = workbooks.template_of(task())
    sheet = opened(content)["填报表"]
    stages = {rule.sqref for rule in sheet.data_validations.dataValidation if rule.type == "list"}
    cells = {f"H{line}": 1 for line in range(6, sheet.max_row + 1) if not sheet[f"H{line}"].protection.locked}
    assert stages
    refused = send(filled(content, {**cells, "H6": "三百", "H7": -4}), qinghai.clerk)
    assert refused.state == Submission.State.REFUSED
    back = downloaded(refused, qinghai.clerk)
    found = looks(back)
    assert found["填报表!H6"][0] == found["填报表!H7"][0] == RED
    assert "三百" in found["填报表!H6"][1]
    mended = send(filled(back, {"H6": 300, "H7": 4}), qinghai.clerk)
    assert mended.state == Submission.State.CHECKED, [(one.cell, one.sentence) for one in mended.findings.all()]
    assert mended.entries.get(indicator__code="GDP").value == 300


def test_the_marks_speak_the_readers_language(qinghai: SimpleNamespace) -> None:
    submission = send(make_workbook(make_lines("BUR-630200", "QH-Q", "2018-Q3", {"GDP": -5}), period="2018-Q3"), qinghai.clerk)
    english, chinese = (opened(downloaded(submission, qinghai.clerk, language)).worksheets[0] for language in ("en", "zh-hans"))
    assert (english["A5"].value, chinese["A5"].value) == ("Error", "错误")
    assert "is below" in english["D5"].value
    assert "is below" not in chinese["D5"].value


def test_only_who_may_see_a_submission_gets_its_files(qinghai: SimpleNamespace) -> None:
    submission = send(make_workbook([("GDP", "630200", -5)], period="2018-Q3"), qinghai.clerk)
    for name in ("returned.xlsx", "carried.xlsx", "findings.csv"):
        address = f"/submissions/{submission.pk}/{name}"
        assert client_of(qinghai.reviewer).get(address).status_code == 200, name
        assert client_of(qinghai.other_clerk).get(address).status_code == 404, name


def test_a_file_that_cannot_be_marked_sends_to_its_page_and_the_list(qinghai: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    submission = send(make_workbook([("=GDP", "630200", -5)], period="2018-Q3"), qinghai.clerk)
    monkeypatch.setattr(annotated, "MAX_MARKS", 0)
    client = client_of(qinghai.clerk)
    answer = client.get(f"/submissions/{submission.pk}/returned.xlsx", follow=True)
    assert "too large to be marked" in answer.content.decode() or "无法在文件中标注" in answer.content.decode()
    listed = client.get(f"/submissions/{submission.pk}/findings.csv").content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(listed)))) == submission.findings.count() + 1
    assert not [cell for line in csv.reader(io.StringIO(listed)) for cell in line if cell.startswith("=")]


def test_an_unreadable_file_offers_no_workbook(qinghai: SimpleNamespace) -> None:
    submission = send(b"nothing", qinghai.clerk)
    page = client_of(qinghai.clerk).get(submission.get_absolute_url()).content.decode()
    assert "returned.xlsx" not in page
    assert "carried.xlsx" not in page


def test_a_returned_workbook_keeps_what_a_person_added_to_it(db: None) -> None:
    book = opened(make_workbook([("GDP", "630200", -5)], period="2018-Q3"))
    sheet = book["填报表"]
    sheet["F6"].fill, sheet["H6"].comment = PatternFill("solid", fgColor="FF00FF00"), Comment("问过", "老王")
    buffer = io.BytesIO()
    book.save(buffer)
    first = handed_back(buffer.getvalue(), mark(Cell("填报表", 6, 6)))
    assert looks(first)["填报表!F6"][0] == RED
    second = looks(handed_back(filled(first, {"F6": 5})))
    assert second["填报表!F6"] == ("FF00FF00", None)
    assert second["填报表!H6"][1] == looks(first)["填报表!H6"][1] == "问过"


NAMES = ("季度:数据/表", "表" * 150, "x" * 40 + "1", "X" * 40 + "2", "'a'", "_Passport")


@pytest.mark.django_db
def test_sheet_names_of_other_programs_are_made_ones_a_workbook_takes(qinghai: SimpleNamespace) -> None:
    line = ["指标代码", "地区代码", "数值"], ["A5", "630200", "abc"]
    content = make_ods.workbook(dict.fromkeys(NAMES, line))
    submission = send(content, qinghai.clerk, "海东.ods")
    answer = client_of(qinghai.clerk).get(f"/submissions/{submission.pk}/returned.xlsx")
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(answer.content))
    sheets = book.worksheets[1 : len(NAMES) + 1]
    assert [sheet["C2"].value for sheet in sheets] == ["abc"] * len(NAMES)
    assert len({sheet.title.casefold() for sheet in sheets}) == len(NAMES)
    assert max(len(sheet.title) for sheet in sheets) <= 31


def test_a_number_that_is_none_and_a_text_too_long_for_a_cell_are_kept_as_far_as_a_workbook_can() -> None:
    made = read(plain.write([Table("表", [[float("nan"), float("inf"), "x" * 40_000]])]), "a.xlsx").tables[0]
    assert made.rows[0] == ["nan", "inf", "x" * 32_767]
