"""The browser's grid on the server: who may type, what is merged, what is said, and how it goes through the one door."""

import json
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accounts import clock
from accounts.models import AuditEntry, Bureau, User
from indicators.drafts import BadChange, Change, comparable, merge, read_changes, trend_points
from indicators.form_rows import FormRow
from indicators.models import Draft, Indicator, Observation, ReportingForm, ReportingTask, Submission
from indicators.models.form_rows import form_rows
from indicators.rows import IndicatorSpec
from tests.conftest import client_of
from tests.make import explain_all, make_lines, send

KEY = "A5/630200"


@pytest.fixture
def task(qinghai: SimpleNamespace) -> ReportingTask:
    return task_of("2018-Q3")


def task_of(period: str) -> ReportingTask:
    form, bureau = ReportingForm.objects.get(code="QH-Q"), Bureau.objects.get(code="BUR-630200")
    defaults = {"due_on": date(2018, 10, 22), "opened_at": clock.now()}
    return ReportingTask.objects.get_or_create(form=form, bureau=bureau, period=period, defaults=defaults)[0]


def address(task: ReportingTask, part: str = "") -> str:
    return f"/tasks/{task.pk}/grid/{part}"


def ask(client: Client, task: ReportingTask, part: str, user: User, **body: object) -> Any:
    return client.post(address(task, part), json.dumps({"user": user.pk, **body}), content_type="application/json")


def type_in(user: User, task: ReportingTask, text: str, was: str = "", key: str = KEY, column: str = "value", version: int = 0) -> Any:
    changes = [{"key": key, "column": column, "text": text, "was": was}]
    return ask(client_of(user), task, "cells", user, version=version, changes=changes)


def fill(task: ReportingTask, user: User, **special: str) -> Draft:
    """Everything the form asks, as make_lines would."""
    lines = make_lines("BUR-630200", "QH-Q", task.period, special)
    changes = [Change(f"{code}/{area}", "value", str(value)) for code, area, value, *_ in lines]
    asked = {row.key for row in form_rows(task) if row.asked}
    return Draft.objects.save_cells(task, [change for change in changes if change.key in asked], 0, by=user).draft


def test_what_two_windows_type_into_different_cells_is_merged() -> None:
    cells, conflicts = merge({"A/1": {"value": "1"}}, [Change("A/1", "note", "x", ""), Change("B/1", "value", "2", "")])
    assert (cells, conflicts) == ({"A/1": {"value": "1", "note": "x"}, "B/1": {"value": "2"}}, [])


def test_same_cell_changed_twice_is_a_conflict_and_the_same_change_twice_is_none() -> None:
    there = {"A/1": {"value": "1"}}
    assert merge(there, [Change("A/1", "value", "2", "")]) == (there, [Change("A/1", "value", "2", "")])
    assert merge(there, [Change("A/1", "value", "1", "")]) == (there, [])
    assert merge(there, [Change("A/1", "value", "2")], stale=True)[1]
    assert not merge(there, [Change("A/1", "value", "2")])[1]


def test_emptied_cell_leaves_nothing_behind() -> None:
    assert merge({"A/1": {"value": "1"}}, [Change("A/1", "value", "", "1")]) == ({}, [])


@pytest.mark.parametrize(
    "stated",
    [
        {},
        ["x"],
        [{"key": "Z/1", "column": "value", "text": "1"}],
        [{"key": "A/1", "column": "unit", "text": "1"}],
        [{"key": "A/1", "column": "value", "text": 1}],
        [{"key": "A/1", "column": "value", "text": "1" * 101}],
        [{"key": "A/1", "column": "note", "text": "a\0b"}],
        [{"key": "A/1", "column": "note", "text": "\ud800"}],
        [{"key": ["A/1"], "column": "value", "text": "1"}],
    ],
)
def test_change_no_page_sends_is_refused_with_a_sentence(stated: object) -> None:
    with pytest.raises(BadChange, match=r"\w+ .*\."):
        read_changes(stated, {"A/1"})


def test_small_line_of_a_flow_compares_the_same_quarter_of_each_year() -> None:
    past = tuple((f"{year}-Q{quarter}", year + quarter) for year in (2016, 2017) for quarter in (1, 2, 3, 4))
    flow = FormRow(IndicatorSpec("A", "flow"), "A", "1", "x", history=past)  # type: ignore[arg-type]
    stock = FormRow(IndicatorSpec("A", "stock"), "A", "1", "x", history=past)  # type: ignore[arg-type]
    assert [code for code, _ in comparable(flow, 3)] == ["2016-Q3", "2017-Q3"]
    assert len(comparable(stock, 3)) == 8
    assert trend_points([1, 3]) == [(0, 24), (100, 4)]
    assert trend_points([1]) == ()


def test_page_shows_every_line_with_unit_and_past_and_a_labelled_input(task: ReportingTask, qinghai: SimpleNamespace) -> None:
    past = fill(task_of("2017-Q3"), qinghai.clerk).send(by=qinghai.clerk)
    past.validate()
    explain_all(past, qinghai.clerk)
    past.submit(by=qinghai.clerk)
    past.approve(by=qinghai.reviewer)
    page = client_of(qinghai.clerk).get(address(task)).content.decode()
    rows = form_rows(task)
    assert page.count('class="line"') == sum(row.asked for row in rows)
    assert all(f'data-key="{row.key}"' in page for row in rows)
    line = page.split(f'data-key="{KEY}"')[1].split("</tr>")[0]
    assert "10.00" in line
    assert "亿元" in line
    assert f'name="{KEY}:value"' in line
    assert "(亿元)" in line


def test_typed_cells_are_kept_and_shown_again(task: ReportingTask, qinghai: SimpleNamespace) -> None:
    answer = type_in(qinghai.clerk, task, " 12.5 ")
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert Draft.objects.get(task=task).cells == {KEY: {"value": "12.5"}}
    assert 'value="12.5"' in client_of(qinghai.clerk).get(address(task)).content.decode()


def test_conflict_says_what_stands_there_and_saves_the_other_cells(task: ReportingTask, qinghai: SimpleNamespace) -> None:
    type_in(qinghai.clerk, task, "1")
    changes = [
        {"key": KEY, "column": "value", "text": "2", "was": ""},
        {"key": KEY, "column": "note", "text": "because", "was": ""},
    ]
    answer = ask(client_of(qinghai.clerk), task, "cells", qinghai.clerk, version=0, changes=changes)
    (conflict,) = answer.json()["conflicts"]
    assert (answer.status_code, conflict["mine"], conflict["theirs"]) == (409, "2", "1")
    assert Draft.objects.get(task=task).cells == {KEY: {"value": "1", "note": "because"}}
    assert answer.json()["cells"] == {KEY: {"value": "1", "note": "because"}}


def test_only_the_own_clerk_types_and_only_as_the_person_the_page_is_of(task: ReportingTask, qinghai: SimpleNamespace) -> None:
    assert type_in(qinghai.other_clerk, task, "1").status_code == 404
    assert type_in(qinghai.reviewer, task, "1").status_code == 403
    assert client_of(qinghai.reviewer).get(address(task)).status_code == 403
    answer = ask(client_of(qinghai.clerk), task, "cells", qinghai.reviewer, version=0, changes=[])
    assert (answer.status_code, Draft.objects.count()) == (403, 0)
    signed_out = ask(Client(), task, "cells", qinghai.clerk, version=0, changes=[])
    assert (signed_out.status_code, signed_out["Content-Type"]) == (401, "application/problem+json")


@pytest.mark.parametrize("body", ["", "[]", "{", '{"user": 1}', "\xff"])
def test_body_that_is_none_is_a_problem_and_no_crash(task: ReportingTask, qinghai: SimpleNamespace, body: str) -> None:
    body = body.replace("1}", f"{qinghai.clerk.pk}}}")
    answer = client_of(qinghai.clerk).post(address(task, "cells"), body.encode("latin-1"), content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_unknown_line_is_a_problem_with_a_sentence(task: ReportingTask, qinghai: SimpleNamespace) -> None:
    answer = type_in(qinghai.clerk, task, "1", key="A5/630100")
    assert (answer.status_code, "A5/630100" in answer.json()["detail"]) == (400, True)


def test_check_says_what_an_upload_of_the_same_figures_would(task: ReportingTask, qinghai: SimpleNamespace) -> None:
    draft = fill(task, qinghai.clerk, A5="abc", A6="1,234")
    found = ask(client_of(qinghai.clerk), task, "check", qinghai.clerk).json()["findings"]
    assert Submission.objects.count() == 0
    submission = draft.send(by=qinghai.clerk)
    submission.validate()
    stored = [(one.rule, one.severity, one.sentence) for one in submission.findings.all()]
    assert sorted((one["rule"], one["severity"], one["sentence"]) for one in found) == sorted(stored)
    assert {("A5/630200", "value", "not_a_number"), ("A6/630200", "value", "number_repaired")} <= {
        (one["key"], one["column"], one["rule"]) for one in found
    }


def test_note_typed_at_a_warning_explains_it(task: ReportingTask, qinghai: SimpleNamespace) -> None:
    fill(task, qinghai.clerk, A5="")
    type_in(qinghai.clerk, task, "停产检修", column="note", version=1)
    found = ask(client_of(qinghai.clerk), task, "check", qinghai.clerk).json()["findings"]
    assert [one["explained"] for one in found if one["key"] == KEY and one["rule"] == "missing_value"] == [True]
    submission = Draft.objects.get(task=task).send(by=qinghai.clerk)
    submission.validate()
    assert submission.findings.get(indicator="A5", rule="missing_value").explanation == "停产检修"


def test_sending_goes_through_the_one_door_and_is_audited(task: ReportingTask, qinghai: SimpleNamespace) -> None:
    fill(task, qinghai.clerk)
    answer = client_of(qinghai.clerk).post(address(task, "send"))
    submission = Submission.objects.get()
    assert answer.url == f"/submissions/{submission.pk}/"
    assert (submission.door, submission.filename, submission.period) == ("grid", "2018-Q3.json", "2018-Q3")
    assert AuditEntry.objects.filter(verb="receive", object_id=str(submission.pk)).exists()
    submission.validate()
    assert submission.state == Submission.State.CHECKED
    assert submission.entries.count() == sum(row.asked for row in form_rows(task))
    assert Draft.objects.get(task=task).cells  # stays, so that it can be mended


def test_empty_draft_is_not_sent(task: ReportingTask, qinghai: SimpleNamespace) -> None:
    answer = client_of(qinghai.clerk).post(address(task, "send"))
    assert (answer.url, Submission.objects.count()) == (address(task), 0)


def test_task_that_is_answered_takes_typing_only_as_a_correction(task: ReportingTask, qinghai: SimpleNamespace) -> None:
    fill(task, qinghai.clerk)
    first = Draft.objects.get(task=task).send(by=qinghai.clerk)
    first.validate()
    explain_all(first, qinghai.clerk)
    first.submit(by=qinghai.clerk)
    client = client_of(qinghai.clerk)
    assert type_in(qinghai.clerk, task, "7", was="10").status_code == 409
    assert "sheet" not in client.get(address(task)).content.decode().split("<main")[1]
    client.post(address(task), {"take_over": "1"})
    assert type_in(qinghai.clerk, task, "7", was="10").status_code == 409  # not before it is approved

    first.approve(by=qinghai.reviewer)
    client.post(address(task), {"take_over": "1"})
    assert type_in(qinghai.clerk, task, "7", was="10").status_code == 200
    second = Draft.objects.get(task=task).send(by=qinghai.clerk)
    second.validate()
    assert second.revises == first
    explain_all(second, qinghai.clerk)
    second.submit(by=qinghai.clerk)
    assert type_in(qinghai.clerk, task, "8", was="7").status_code == 409
    second.approve(by=qinghai.reviewer)
    assert Observation.objects.current().get(indicator__code="A5", area__code="630200", period="2018-Q3").value == 7


def test_figures_of_a_refused_file_can_be_taken_over_into_an_empty_draft(task: ReportingTask, qinghai: SimpleNamespace) -> None:
    lines = ["表号,QH-Q", "报告期,2018-Q3", "指标代码,地区代码,数值,说明", 'A5,630200,"12,5万",说明文字', "A6,630100,3,"]
    file = send("\n".join(lines).encode(), qinghai.clerk, "海东.csv")
    assert file.state == Submission.State.REFUSED
    client = client_of(qinghai.clerk)
    assert file.filename in client.get(address(task)).content.decode()
    client.post(address(task), {"take_over": "1"})
    assert Draft.objects.get(task=task).cells == {KEY: {"value": "12,5万", "note": "说明文字"}}
    assert 'name="take_over"' not in client.get(address(task)).content.decode()


def test_without_scripts_the_table_is_saved_whole_and_an_older_page_overwrites_nothing(
    task: ReportingTask, qinghai: SimpleNamespace
) -> None:
    client = client_of(qinghai.clerk)
    client.post(address(task), {"version": "0", f"{KEY}:value": "5", "save": "1"})
    assert Draft.objects.get(task=task).cells == {KEY: {"value": "5"}}
    stale = client.post(address(task), {"version": "0", f"{KEY}:value": "6", "A6/630200:value": "1", "save": "1"})
    assert 'value="6"' in stale.content.decode()  # shown, with a warning
    assert Draft.objects.get(task=task).cells == {KEY: {"value": "5"}, "A6/630200": {"value": "1"}}
    sent = client.post(address(task), {"version": "2", f"{KEY}:value": "6", "send": "1"})
    assert sent.url == f"/submissions/{Submission.objects.get().pk}/"


def test_submission_that_came_from_the_grid_leads_back_to_it_until_it_is_sent(task: ReportingTask, qinghai: SimpleNamespace) -> None:
    fill(task, qinghai.clerk, A5="abc")
    submission = Draft.objects.get(task=task).send(by=qinghai.clerk)
    submission.validate()
    assert submission.state == Submission.State.REFUSED
    assert address(task) in client_of(qinghai.clerk).get(submission.get_absolute_url()).content.decode()
    type_in(qinghai.clerk, task, "10", was="abc", version=1)
    mended = Draft.objects.get(task=task).send(by=qinghai.clerk)
    mended.validate()
    explain_all(mended, qinghai.clerk)
    mended.submit(by=qinghai.clerk)
    assert address(task) not in client_of(qinghai.clerk).get(mended.get_absolute_url()).content.decode()


def test_line_that_is_not_due_is_shown_locked_takes_no_typing_and_is_not_sent(task: ReportingTask, qinghai: SimpleNamespace) -> None:
    Indicator.objects.filter(code="A5").update(frequency="A")
    line = client_of(qinghai.clerk).get(address(task)).content.decode().split(f'data-key="{KEY}"')[1].split("</tr>")[0]
    assert "<input" not in line
    assert "未到期" in line or "Not due yet" in line
    assert type_in(qinghai.clerk, task, "1").status_code == 400
    sent = fill(task, qinghai.clerk).send(by=qinghai.clerk)
    assert b'"A5"' not in bytes(sent.upload.content)
    sent.validate()
    assert not sent.findings.filter(indicator="A5").exists()


def test_correction_back_to_earlier_figures_is_a_submission_of_its_own(task: ReportingTask, qinghai: SimpleNamespace) -> None:
    clerk, sent = qinghai.clerk, []
    first = fill(task, clerk).cells[KEY]["value"]
    for now, then in (("11", first), (first, "11")):
        sent.append(send_draft(task, qinghai))
        Draft.objects.take_over(task, by=clerk)
        assert type_in(clerk, task, now, was=then, version=Draft.objects.get().version).status_code == 200
    sent.append(send_draft(task, qinghai))
    assert [one.entries.get(indicator__code="A5").value for one in sent] == [Decimal(first), 11, Decimal(first)]
    current = Observation.objects.current().get(indicator__code="A5", area__code="630200", period=task.period)
    assert current.value == Decimal(first)


def send_draft(task: ReportingTask, cast: SimpleNamespace) -> Submission:
    """Checked, explained, sent and approved."""
    submission = Draft.objects.of(task, by=cast.clerk).send(by=cast.clerk)
    submission.validate()
    explain_all(submission, cast.clerk)
    submission.submit(by=cast.clerk)
    submission.approve(by=cast.reviewer)
    return submission


@pytest.mark.parametrize("body", ["[" * 100_000, '{"version": ' + "9" * 5000 + "}", "{", b"\xff"])
def test_body_that_is_no_json_is_answered_with_a_problem(task: ReportingTask, qinghai: SimpleNamespace, body: str | bytes) -> None:
    assert client_of(qinghai.clerk).post(address(task, "cells"), body, content_type="application/json").status_code == 400
