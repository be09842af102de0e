"""The template workbook: made for one bureau, form and period, filled in by a person, read as it is, and recognised by its passport."""

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation
from openpyxl import load_workbook

from accounts.models import Bureau, User
from indicators.form_rows import FormRow, form_version
from indicators.models import FormItem, ReportingForm, ReportingTask, Submission, workbooks
from indicators.models.form_rows import form_rows
from indicators.parsing import parse
from indicators.passport import Passport, sign, verify
from indicators.periods import Period
from indicators.readers import read
from indicators.rows import MISSING, NOT_YET_DUE, IndicatorSpec
from indicators.rules import RULES
from indicators.writers import template
from indicators.writers.language import Language
from indicators.writers.template import Filled, Left, Template
from tests.conftest import client_of
from tests.make import approve, make_lines, make_workbook, send

KEY = b"a key of this installation"
PASSPORT = Passport("BUR-630200", "QH-Q", "0123456789ab", "2018-10-20", "2018-Q3")
CHINESE, ENGLISH = Language(True, str), Language(False, str)
VALUE = "H"


def task(bureau: str = "BUR-630200", period: str = "2018-Q3", form: str = "QH-Q") -> ReportingTask:
    return ReportingTask.objects.get_or_create(
        form=ReportingForm.objects.get(code=form),
        bureau=Bureau.objects.get(code=bureau),
        period=period,
        defaults={"due_on": date(2018, 10, 20), "opened_at": datetime(2018, 10, 1, tzinfo=UTC)},
    )[0]


def row(code: str = "A5", **more: Any) -> FormRow:
    spec = {name: more.pop(name) for name in ("kind", "unit", "decimals", "minimum", "maximum") if name in more}
    return FormRow(IndicatorSpec(code, **{"kind": "flow", "unit": "亿元", **spec}), "产值", "630200", "海东", **{"unit": "亿元", **more})


def made(*rows: FormRow, language: Language = CHINESE, **more: Any) -> bytes:
    line = sign(PASSPORT, KEY)
    return template.write(Template(("QH-Q", "季度报表"), ("BUR-630200", "海东"), ("2018-Q3", "三季度"), "", rows, line, language, **more))


def opened(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content))


def filled(content: bytes, values: dict[str, object], sheet: str = "填报表") -> bytes:
    """As a person would: type into cells and save."""
    book = opened(content)
    for address, value in values.items():
        book[sheet][address] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def numbers(content: bytes) -> dict[str, str]:
    """A different number into each open input cell of a template that takes one: within bounds, with the indicator's decimals."""
    sheet = opened(content)["填报表"]
    open_cells = [sheet[f"{VALUE}{line}"] for line in range(6, sheet.max_row + 1)]
    return {cell.coordinate: f"{place % 4}" for place, cell in enumerate(open_cells) if not cell.protection.locked}


# ── the passport ──


def test_a_passport_is_one_line_of_sorted_json_and_is_believed_with_its_own_key_only() -> None:
    line = sign(PASSPORT, KEY)
    assert list(json.loads(line)) == ["bureau", "form", "form_version", "issued", "mac", "period"]
    assert " " not in line
    assert verify(line, KEY) == PASSPORT
    assert verify(line, b"another key") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        "x" * 2_000,
        '{"mac": 1}',
        "[" * 900,
        '{"mac":"\\ud800","bureau":"","form":"","form_version":"","issued":"","period":""}',
    ],
)
def test_what_is_no_passport_is_none(text: str) -> None:
    assert verify(text, KEY) is None


def test_each_changed_word_of_a_passport_breaks_its_seal() -> None:
    said = json.loads(sign(PASSPORT, KEY))
    for name in said:
        assert verify(json.dumps({**said, name: said[name] + "0"}), KEY) is None, name
        assert verify(json.dumps({**said, name: 5}), KEY) is None, name


# ── the workbook ──


def test_the_layout_is_that_of_the_written_format() -> None:
    sheet = opened(made(row(year_before=Decimal("0.4"), previous=Decimal("0.3"))))["填报表"]
    assert [sheet.cell(5, column).value for column in range(1, 11)] == list(template.HEADERS[True])
    assert [[sheet.cell(line, column).value for column in (1, 2, 3)] for line in (2, 3, 4)] == [
        ["表号", "QH-Q", "季度报表"],
        ["填报单位", "BUR-630200", "海东"],
        ["报告期", "2018-Q3", "三季度"],
    ]
    assert [sheet.cell(6, column).value for column in range(1, 11)] == ["A5", "产值", "630200", "海东", "亿元", 0.4, 0.3, None, None, None]


@pytest.mark.parametrize("language", [CHINESE, ENGLISH])
def test_both_languages_are_read_and_only_the_first_sheet_holds_figures(language: Language) -> None:
    left = [Left("填报表!H9", "A9", "630200", "12", "来源", "说明", "原因")]
    reading = read(made(row(), row("D2", kind="milestone", unit=""), row("Y1", asked=False), language=language, left=left), "模板.xlsx")
    parsed = parse(reading.tables, frozenset({"D2"}))
    assert not parsed.findings
    assert [(one.form, one.bureau, one.period) for one in parsed.headings] == [("QH-Q", "BUR-630200", "2018-Q3")]
    assert [(one.indicator, one.area, one.unit, one.status) for one in parsed.rows] == [
        ("A5", "630200", "亿元", MISSING),
        ("D2", "630200", "", MISSING),
        ("Y1", "630200", "亿元", NOT_YET_DUE),
    ]
    assert verify(reading.passport, KEY) == PASSPORT


def test_only_value_source_and_note_can_be_typed_into_and_not_what_is_not_collected() -> None:
    book = opened(made(row(), row("Y1", asked=False)))
    sheet = book["填报表"]
    free = {cell.coordinate for line in sheet.iter_rows() for cell in line if not cell.protection.locked}
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert free == {"H6", "I6", "J6", "I7", "J7"}
    assert sheet["H7"].value == "未到期"
    assert book["_passport"].sheet_state == "veryHidden"
    assert book["填报说明"].sheet_state == "visible"


def test_a_number_is_held_to_its_bounds_but_the_words_stay_allowed() -> None:
    lines = (row(minimum=Decimal(0), maximum=Decimal(100), decimals=0), row("D2", kind="milestone"), row("X"))
    sheet = opened(made(*lines, language=CHINESE))["填报表"]
    by_cell = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert by_cell["H6"].type == "custom"
    assert "AND(H6>=0,H6<=100,H6=INT(H6))" in by_cell["H6"].formula1
    assert all(f"|{word}|" in by_cell["H6"].formula1 for word in ("无", "不适用", "保密", "未到期", "n/a"))
    assert by_cell["H7"].type == "list"
    assert "基本完成" in by_cell["H7"].formula1
    assert "AND(TRUE)" in by_cell["H8"].formula1
    assert all(len(rule.formula1) <= 255 and rule.allow_blank for rule in by_cell.values())


def test_beside_an_input_cell_stand_unit_and_last_figures_and_at_the_name_what_it_means() -> None:
    sheet = opened(made(row(note="不含税。", previous=Decimal("3214.50"), year_before=Decimal(60)), language=ENGLISH))["填报表"]
    (rule,) = sheet.data_validations.dataValidation
    assert "亿元" in rule.prompt
    assert "3,214.5" in rule.prompt
    assert ": 60" in rule.prompt
    assert "不含税。" in sheet["B6"].comment.text


def test_no_text_becomes_a_formula_or_a_link() -> None:
    content = made(replace(row(note="=1+1"), indicator_name="=cmd()"), filled={"A5/630200": Filled(None, "=2+2", "http://x", "@a")})
    sheet = opened(content)["填报表"]
    assert {sheet[at].data_type for at in ("B6", "H6", "I6", "J6")} == {"s"}
    assert sheet["I6"].hyperlink is None


def test_the_paper_copy_fits_across_repeats_its_header_and_has_lines_to_sign() -> None:
    sheet = opened(made(row()))["填报表"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == ("landscape", 9, 0)
    assert sheet.print_title_rows == "$5:$5"
    assert sheet.freeze_panes == "C6"
    assert sheet["A8"].value.startswith("Filled in by")


@pytest.mark.parametrize("value", ["0.1", "123456789012345", "0.000000000000001", "-99999999.9999999", "0"])
def test_a_carried_value_is_exact(value: str) -> None:
    parsed = parse(read(made(row(), filled={"A5/630200": Filled(Decimal(value))}), "a.xlsx").tables)
    assert parsed.rows[0].value == Decimal(value)


# ── from the database ──


def test_every_template_of_the_demonstration_filled_in_is_read_as_it_was_typed(db: None) -> None:
    read_back = 0
    for bureau in Bureau.objects.filter(forms__frequency="Q").distinct():
        for form in bureau.forms.filter(frequency="Q"):
            asked = ReportingTask(form=form, bureau=bureau, period="2018-Q3")
            content = workbooks.template_of(asked)
            rows = form_rows(asked)
            typed = {f"{VALUE}{line}": _typed(one, line) for line, one in enumerate(rows, start=6) if one.asked}
            parsed = parse(
                read(filled(content, {at: float(value) for at, value in typed.items()}), "a.xlsx").tables, workbooks._milestones()
            )
            assert not parsed.findings, bureau
            assert {one.cell.address: one.value for one in parsed.rows if one.value is not None} == typed
            assert [(one.indicator, one.area) for one in parsed.rows] == [(one.indicator, one.area) for one in rows]
            read_back += len(typed)
    assert read_back > 500


def _typed(one: FormRow, line: int) -> Decimal:
    if one.spec.kind == "milestone":
        return Decimal(line % 4)
    return Decimal(line * 7_654_321 % 1_000_003).scaleb(-one.spec.decimals)


@pytest.mark.parametrize(("user", "status"), [("clerk", 200), ("other_clerk", 404), ("reviewer", 200), ("auditor", 200)])
def test_the_template_is_for_the_clerk_of_its_bureau_and_for_who_sees_all(qinghai: SimpleNamespace, user: str, status: int) -> None:
    assert client_of(getattr(qinghai, user)).get(f"/tasks/{task().pk}/template.xlsx").status_code == status


def test_the_file_is_called_after_place_form_and_period(qinghai: SimpleNamespace) -> None:
    answer = client_of(qinghai.clerk).get(f"/tasks/{task().pk}/template.xlsx")
    with translation.override("zh-hans"):
        assert workbooks.file_name(task("BUR-630100")).startswith("西宁")
        assert workbooks.file_name(ReportingTask.objects.get(bureau__code="BUR-630200")) == "海东-节能环保目标季度报表-2018-Q3.xlsx"
    assert "filename" in answer["Content-Disposition"]
    assert "%E6%B5%B7%E4%B8%9C" in answer["Content-Disposition"]


def test_a_template_shows_the_approved_figures_before_it(qinghai: SimpleNamespace) -> None:
    for period, value in (("2017-Q3", 312.4), ("2018-Q2", 198.7)):
        lines = make_lines("BUR-630200", "QH-Q", period, {"GDP": value})
        approve(make_workbook(lines, period=period), qinghai.clerk, qinghai.reviewer)
    sheet = opened(workbooks.template_of(task()))["填报表"]
    assert [sheet[at].value for at in ("A6", "F6", "G6")] == ["GDP", 312.4, 198.7]


# ── held to its passport ──


def uploaded(content: bytes, by: User, period: str = "") -> Submission:
    submission, _ = Submission.objects.receive(content, "模板.xlsx", by=by, door="page", period=period, check_now=True)
    return submission


def of_template(submission: Submission) -> list[str]:
    rules = [finding.rule for finding in submission.findings.all()]
    return [rule for rule in rules if rule in ("foreign_template", "stale_template")]


def test_its_own_template_is_no_finding(qinghai: SimpleNamespace) -> None:
    content = workbooks.template_of(task())
    submission = uploaded(filled(content, {at: int(value) for at, value in numbers(content).items()}), qinghai.clerk)
    assert not of_template(submission)
    assert submission.form is not None
    assert (submission.form.code, submission.period) == ("QH-Q", "2018-Q3")


def test_another_bureaus_template_and_a_touched_seal_are_foreign(qinghai: SimpleNamespace) -> None:
    others = uploaded(workbooks.template_of(task("BUR-630100")), qinghai.clerk)
    line = opened(workbooks.template_of(task()))["_passport"]["A1"].value.replace('"2018-Q3"', '"2018-Q2"')
    touched = uploaded(filled(workbooks.template_of(task("BUR-630200", "2018-Q1")), {"A1": line}, "_passport"), qinghai.clerk)
    for submission in (others, touched):
        assert submission.state == Submission.State.REFUSED
        assert of_template(submission) == ["foreign_template"]


def test_last_quarters_template_is_stale_and_the_current_one_is_offered_with_its_values(qinghai: SimpleNamespace) -> None:
    old = workbooks.template_of(task(period="2018-Q2"))
    content = filled(old, {"H6": 312.4, "I6": "统计局", "J6": "初步数", "H7": "保密", "H8": "不知道", "B4": "2018-Q3"})
    submission = uploaded(content, qinghai.clerk)
    assert of_template(submission) == ["stale_template"]
    client = client_of(qinghai.clerk)
    assert f"/submissions/{submission.pk}/carried.xlsx" in client.get(submission.get_absolute_url()).content.decode()
    carried = client.get(f"/submissions/{submission.pk}/carried.xlsx").content
    sheet = opened(carried)["填报表"]
    assert [sheet[at].value for at in ("B4", "H6", "I6", "J6", "H7", "H8")] == ["2018-Q3", 312.4, "统计局", "初步数", "保密", "不知道"]
    assert not of_template(uploaded(carried, qinghai.clerk))


def test_a_template_older_than_its_form_is_stale(qinghai: SimpleNamespace) -> None:
    content = workbooks.template_of(task())
    FormItem.objects.filter(form__code="QH-Q", indicator__code="A5", area__code="630200").delete()
    submission = uploaded(filled(content, {"H8": 4.5}), qinghai.clerk)
    assert of_template(submission) == ["stale_template"]
    left = opened(client_of(qinghai.clerk).get(f"/submissions/{submission.pk}/carried.xlsx").content)["未带入数据"]
    assert [cell.value for cell in left[5]][:4] == ["填报表!H8", "A5", "630200", "4.5 亿元"]


def test_what_has_no_place_in_the_current_template_is_listed(qinghai: SimpleNamespace) -> None:
    lines: list[Any] = [
        ("GDP", "630200", 5),
        ("GDP", "630200", 6),
        ("A1", "630200", 7),
        ("A5", "630200", 800, "", "万元"),
        ("ENE", "630100", 9),
    ]
    submission = send(make_workbook(lines, period="2018-Q3"), qinghai.clerk)
    book = opened(client_of(qinghai.clerk).get(f"/submissions/{submission.pk}/carried.xlsx").content)
    assert book["填报表"]["H6"].value == 5
    listed = [(line[1].value, line[3].value) for line in book["未带入数据"].iter_rows(min_row=5)]
    assert listed == [("GDP", "6 亿元"), ("A1", "7 亿元"), ("A5", "800 万元"), ("ENE", "9 万吨标准煤")]


def test_there_is_no_current_template_for_the_bulk_form_or_of_another_bureau(qinghai: SimpleNamespace) -> None:
    submission = send(make_workbook([("GDP", "630200", 5)], form="NO-SUCH", period="2018-Q3"), qinghai.clerk)
    assert client_of(qinghai.clerk).get(f"/submissions/{submission.pk}/carried.xlsx").status_code == 404
    assert client_of(qinghai.other_clerk).get(f"/submissions/{submission.pk}/carried.xlsx").status_code == 404


def test_the_version_of_a_form_changes_with_what_it_asks_and_with_nothing_else() -> None:
    rows = [row(), row("A6")]
    same = [replace(rows[0], note="neu", previous=Decimal(4)), rows[1]]
    assert form_version(rows) == form_version(same) != form_version(rows[:1])


def test_both_rules_are_on_the_help_page() -> None:
    assert {"foreign_template", "stale_template"} <= {rule.code for rule in RULES}


def test_a_period_is_spelled_with_the_months_it_covers() -> None:
    with translation.override("zh-hans"):
        assert [workbooks._words(Period.parse(code)) for code in ("2018", "2018-Q3", "2018-M7")] == [
            "2018年",
            "2018年三季度（1—9月）",
            "2018年7月（1—7月）",
        ]
    with translation.override("en"):
        assert workbooks._words(Period.parse("2018-Q3")) == "2018 Q3 (January to September)"
