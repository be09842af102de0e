"""A clerk's quarter through HTTP, from the task to the approval: nothing is typed twice, everything wrong is said at once, at its cell."""

import io
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from indicators.models import Observation, ReportingTask, Submission
from jobs.models import Job
from tests.conftest import client_of
from tests.make import make_lines
from tests.make_history import work_off

PERIOD = "2015-Q4"
VALUE, NOTE = 8, 10  # columns H and J of the template


def open_book(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content))


def saved(book: Any, name: str) -> io.BytesIO:
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = name
    return file


def row_of(sheet: Worksheet, indicator: str) -> int:
    return next(line[0].row for line in sheet.iter_rows(min_row=6) if line[0].value == indicator)


def upload(clerk: Client, task: ReportingTask, file: io.BytesIO) -> Submission:
    """As the task's page posts it, with form and period given; then what a worker does."""
    answer = clerk.post("/submissions/upload/", {"file": file, "form": task.form_id, "period": task.period})
    assert answer.status_code == 302, answer.content.decode()
    work_off()
    return Submission.objects.latest("pk")


def found(submission: Submission) -> set[tuple[str, str]]:
    return {(finding.cell.address if finding.cell else "", finding.rule) for finding in submission.findings.exclude(severity="note")}


def test_a_quarter_from_the_task_to_the_approval(qinghai: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QHENV_TODAY", "2016-01-11")
    clerk, reviewer = client_of(qinghai.clerk), client_of(qinghai.reviewer)

    # the task opens, and the clerk's home says what is due and when
    Job.objects.enqueue("open_tasks", {})
    work_off()
    task = ReportingTask.objects.get(form__code="QH-Q", bureau__code="BUR-630200", period=PERIOD)
    home = clerk.get("/tasks/").content.decode()
    assert task.get_absolute_url() in home
    assert f"{task.due_on}" in home
    assert task.get_absolute_url() not in client_of(qinghai.other_clerk).get("/tasks/").content.decode()

    # the template is downloaded and filled in, with five slips a person makes
    template = clerk.get(f"/tasks/{task.pk}/template.xlsx")
    assert template.status_code == 200
    book = open_book(template.getvalue())
    sheet = book["填报表"]
    values = {indicator: value for indicator, _area, value, *_rest in make_lines("BUR-630200", "QH-Q", PERIOD)}
    asked = [line[0].value for line in sheet.iter_rows(min_row=6, max_col=1) if line[0].value in values]
    assert set(asked) == set(values)
    for indicator in asked:
        sheet.cell(row_of(sheet, indicator), VALUE).value = values[indicator]
    places = {code: f"H{row_of(sheet, code)}" for code in ("A5", "A6", "F1N", "B1", "K1", "GDP")}
    sheet[places["A5"]].value = "约12"
    sheet[places["F1N"]].value = 11  # of 10 due
    sheet[places["B1"]].value = 3.5  # a count
    sheet[places["K1"]].value = None
    sheet[places["GDP"]].value = "1,234.5"
    sheet[places["A6"]].value = "0.5亿元"

    # everything wrong is said at once, each at its cell, and nothing is stored
    first = upload(clerk, task, saved(book, "海东.xlsx"))
    assert first.state == Submission.State.REFUSED
    wrong = {
        (places["A5"], "not_a_number"),
        (places["F1N"], "part_exceeds_whole"),
        (places["B1"], "not_whole"),
        (places["K1"], "missing_value"),
    }
    assert found(first) == wrong
    assert {(f.cell.address, f.rule) for f in first.findings.filter(severity="note")} == {
        (places["GDP"], "number_repaired"),
        (places["A6"], "unit_in_cell"),
    }
    assert not first.entries.exists()
    page = clerk.get(first.get_absolute_url()).content.decode()
    assert all(cell in page for cell, _rule in wrong)
    assert f"/submissions/{first.pk}/returned.xlsx" in page

    # the clerk's own workbook comes back with the cells marked; mended there, it uploads as it is
    back = open_book(clerk.get(f"/submissions/{first.pk}/returned.xlsx").getvalue())
    assert back.sheetnames[0] == "校验结果"
    sheet = back["填报表"]
    for place, _rule in wrong:
        assert sheet[place].comment is not None
    assert sheet[places["A5"]].value == "约12"
    assert sheet[places["A5"]].fill.fgColor.rgb != sheet[places["K1"]].fill.fgColor.rgb  # an error is not a warning
    sheet[places["A5"]].value, sheet[places["F1N"]].value, sheet[places["B1"]].value = 12, 9, 3
    second = upload(clerk, task, saved(back, "海东-改.xlsx"))
    assert second.state == Submission.State.CHECKED
    assert found(second) == {(places["K1"], "missing_value")}

    # a warning is explained, and only then it can be sent
    clerk.post(f"/submissions/{second.pk}/submit/")
    second.refresh_from_db()
    assert second.state == Submission.State.CHECKED
    warning = second.findings.get(rule="missing_value")
    clerk.post(f"/submissions/{second.pk}/submit/", {f"explanation-{warning.pk}": "改造面积待住建局核定。"})
    second.refresh_from_db()
    assert second.state == Submission.State.SUBMITTED
    assert second.task == task
    assert not second.is_late

    # the reviewer sees figures and reason; approved, the figures are in force and the task is done
    assert "改造面积待住建局核定。" in reviewer.get(second.get_absolute_url()).content.decode()
    reviewer.post(f"/submissions/{second.pk}/approve/")
    work_off()
    kept = Observation.objects.current().filter(area__code="630200", period=PERIOD)
    assert kept.get(indicator__code="A5").value == 12
    assert kept.get(indicator__code="A6").value == Decimal("0.5")
    assert kept.get(indicator__code="GDP").value == Decimal("1234.5")
    assert kept.get(indicator__code="K1").status == "O"
    figures = clerk.get("/figures/A5/630200/").content.decode()
    assert second.get_absolute_url() in figures
    assert clerk.get("/standing/").status_code == 200


def test_last_quarters_template_is_answered_with_the_current_one_and_its_values(
    qinghai: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QHENV_TODAY", "2016-01-11")
    clerk = client_of(qinghai.clerk)
    Job.objects.enqueue("open_tasks", {})
    work_off()
    tasks = ReportingTask.objects.filter(form__code="QH-Q", bureau__code="BUR-630200")
    task, before = tasks.get(period=PERIOD), tasks.get(period="2015-Q3")
    book = open_book(clerk.get(f"/tasks/{before.pk}/template.xlsx").getvalue())
    sheet = book["填报表"]
    values = {indicator: value for indicator, _area, value, *_rest in make_lines("BUR-630200", "QH-Q", PERIOD)}
    for indicator, value in values.items():
        sheet.cell(row_of(sheet, indicator), VALUE).value = value
    sheet.cell(row_of(sheet, "A5"), NOTE).value = "含新投产企业"

    stale = upload(clerk, task, saved(book, "旧表.xlsx"))
    assert stale.state == Submission.State.REFUSED
    assert stale.findings.filter(rule="stale_template").count() == 1
    carried = clerk.get(f"/submissions/{stale.pk}/carried.xlsx")
    current = open_book(carried.getvalue())["填报表"]
    assert current.cell(row_of(current, "A5"), VALUE).value == values["A5"]
    assert current.cell(row_of(current, "A5"), NOTE).value == "含新投产企业"

    file = io.BytesIO(carried.getvalue())
    file.name = "新表.xlsx"
    mended = upload(clerk, task, file)
    assert mended.state == Submission.State.CHECKED
    assert {e.indicator.code: e.value for e in mended.entries.select_related("indicator") if e.status == "A"} == values
