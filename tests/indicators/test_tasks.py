"""What is due from whom and when: tasks open by themselves, their state follows from what was sent, more time is asked for and answered."""

from datetime import date, timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from accounts import clock
from accounts.errors import TransitionError
from accounts.models import AuditEntry, Bureau
from indicators.models import CalendarDay, Draft, Extension, ReportingForm, ReportingTask, Submission
from jobs.models import Job
from qhenv.celery import handlers, open_tasks
from tests.conftest import client_of
from tests.make import approve, explain_all, make_lines, make_workbook, send

PERIOD = "2018-Q3"
TODAY = "2018-10-20"
DUE = date(2018, 10, 22)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QHENV_TODAY", TODAY)


@pytest.fixture
def task(qinghai: SimpleNamespace) -> ReportingTask:
    """Haidong's third quarter of 2018, and nothing else of Haidong's."""
    ReportingTask.objects.open_due(clock.today())
    return ReportingTask.objects.get(form__code="QH-Q", bureau__code="BUR-630200", period=PERIOD)


def workbook(period: str = PERIOD, **values: object) -> bytes:
    return make_workbook(make_lines("BUR-630200", "QH-Q", period, dict(values)), period=period)


def now(task: ReportingTask) -> ReportingTask:
    return ReportingTask.objects.with_state().get(pk=task.pk)


def test_task_is_opened_for_each_form_bureau_and_period_that_asks_for_something(task: ReportingTask) -> None:
    quarters = 4 * 4 + 3  # from the first quarter of 2014, where the form's lines begin, to the last one that has ended
    of_haidong = ReportingTask.objects.filter(bureau__code="BUR-630200")
    assert of_haidong.filter(form__code="QH-Q").count() == quarters
    assert set(of_haidong.filter(form__code="QH-Y").values_list("period", flat=True)) == {"2010", "2011", "2012", "2013"}
    assert not ReportingTask.objects.filter(form__frequency="").exists(), "the bulk form asks for nothing"
    assert set(ReportingTask.objects.filter(form__code="QH-P").values_list("bureau__code", flat=True)) == {"BUR-630000"}


def test_due_day_is_counted_on_the_working_calendar_and_stays(task: ReportingTask) -> None:
    """20 days after 30 September 2018 is a Saturday."""
    assert task.due_on == DUE
    ReportingForm.objects.filter(code="QH-Q").update(due_days=40)
    ReportingTask.objects.open_due(clock.today())
    task.refresh_from_db()
    assert task.due_on == DUE


def test_opening_again_opens_nothing_and_leaves_no_entry(task: ReportingTask) -> None:
    entry = AuditEntry.objects.get(verb="open_tasks")
    assert entry.data["opened"] == len(entry.data["tasks"]) == ReportingTask.objects.count()
    assert ReportingTask.objects.open_due(clock.today()) == []
    assert AuditEntry.objects.filter(verb="open_tasks").count() == 1


def test_form_without_a_first_year_opens_its_latest_period_only(qinghai: SimpleNamespace) -> None:
    form = ReportingForm.objects.get(code="QH-P")
    form.items.update(valid_from=None)
    new = ReportingTask.objects.open_due(clock.today())
    assert [one.period for one in new if one.form_id == form.pk] == [PERIOD]


@pytest.mark.parametrize(("day", "opened"), [("2018-12-30", False), ("2018-12-31", True)])
def test_task_opens_on_the_day_its_period_ends(qinghai: SimpleNamespace, day: str, opened: bool) -> None:
    ReportingTask.objects.open_due(date.fromisoformat(day))
    assert ReportingTask.objects.filter(period="2018-Q4").exists() is opened


def test_scheduler_opens_what_is_due_through_a_job(qinghai: SimpleNamespace) -> None:
    open_tasks()
    job = Job.objects.get(kind="open_tasks")
    Job.objects.run(job.pk, handlers())
    job.refresh_from_db()
    assert (job.state, ReportingTask.objects.filter(period=PERIOD).count()) == ("done", 9)


def test_start_opens_what_is_due(qinghai: SimpleNamespace, settings: Any) -> None:
    settings.STATIC_ROOT = None
    call_command("prepare", no_history=True, stdout=StringIO())
    assert ReportingTask.objects.filter(period=PERIOD).exists()


def test_file_finds_its_task_or_opens_it(qinghai: SimpleNamespace) -> None:
    assert not ReportingTask.objects.exists()
    first, second = send(workbook(), qinghai.clerk), send(workbook(A5=7), qinghai.clerk)
    assert first.task is not None
    assert first.task == second.task
    assert (first.task.period, first.task.bureau, first.task.due_on) == (PERIOD, qinghai.clerk.bureau, DUE)
    assert ReportingTask.objects.count() == 1


@pytest.mark.parametrize("period", ["2018-Q4", "2013-Q4"])
def test_file_for_a_period_that_is_not_owed_has_no_task(qinghai: SimpleNamespace, period: str) -> None:
    submission = send(make_workbook([("GDP", "630200", 1)], period=period), qinghai.clerk)
    assert submission.state == "refused" or submission.findings.exists()
    assert submission.task is None
    assert not ReportingTask.objects.exists()


def test_what_was_sent_before_tasks_existed_is_linked_at_the_next_opening(qinghai: SimpleNamespace) -> None:
    submission = send(workbook(), qinghai.clerk)
    Submission.objects.update(task=None)
    ReportingTask.objects.all().delete()
    ReportingTask.objects.open_due(clock.today())
    submission.refresh_from_db()
    assert submission.task is not None
    assert submission.task.period == PERIOD


def test_state_follows_what_was_sent(qinghai: SimpleNamespace, task: ReportingTask) -> None:
    assert now(task).state == "not_started"
    send(workbook(B2=6.5), qinghai.clerk)
    assert now(task).state == "draft", "a refused file only"
    send(workbook(), qinghai.clerk).withdraw(by=qinghai.clerk)
    assert now(task).state == "draft"
    second = send(workbook(), qinghai.clerk)
    assert now(task).state == "checked"
    explain_all(second, qinghai.clerk)
    second.submit(by=qinghai.clerk)
    assert now(task).state == "submitted"
    second.return_for_changes(by=qinghai.reviewer, reason="请核对")
    assert now(task).state == "returned"
    send(workbook(B2=6.5), qinghai.clerk)
    assert now(task).state == "returned", "a refused file does not mend what came back"
    third = approve(workbook(A5=7), qinghai.clerk, qinghai.reviewer)
    assert now(task).state == "approved"
    send(workbook(A5=8), qinghai.clerk)
    assert now(task).state == "approved", "a correction not sent yet undoes nothing"
    assert now(task).answered
    assert third.task == task


def test_typing_into_the_grid_begins_a_task_and_an_empty_draft_does_not(qinghai: SimpleNamespace, task: ReportingTask) -> None:
    draft = Draft.objects.create(task=task, updated_by=qinghai.clerk, updated_at=clock.now())
    assert now(task).state == "not_started"
    draft.cells = {"A5/630200": {"value": "1"}}
    draft.save()
    assert now(task).state == "draft"


def test_overdue_begins_after_the_last_day_and_ends_when_it_is_sent(qinghai: SimpleNamespace, task: ReportingTask) -> None:
    after = DUE + timedelta(days=3)
    assert now(task).overdue_by(DUE) == 0
    assert now(task).overdue_by(after) == 3
    assert task in ReportingTask.objects.with_state().overdue(after)
    assert task not in ReportingTask.objects.with_state().overdue(DUE)
    submission = send(workbook(), qinghai.clerk)
    assert now(task).overdue_by(after) == 3
    explain_all(submission, qinghai.clerk)
    submission.submit(by=qinghai.clerk)
    assert now(task).overdue_by(after) == 0
    submission.return_for_changes(by=qinghai.reviewer, reason="请核对")
    assert (now(task).state, now(task).overdue_by(after)) == ("returned", 3)


@pytest.mark.parametrize(("day", "late"), [("2018-10-22", False), ("2018-10-23", True)])
def test_file_is_late_after_the_working_day_it_was_due(
    qinghai: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, day: str, late: bool
) -> None:
    monkeypatch.setenv("QHENV_TODAY", day)
    assert send(workbook(), qinghai.clerk).is_late is late


def test_extension_moves_the_last_day_for_file_and_task(
    qinghai: SimpleNamespace, task: ReportingTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = task.ask_extension(until=date(2018, 10, 31), reason="数据尚未汇总", by=qinghai.clerk)
    assert (now(task).last_day, asked.state) == (DUE, "asked")
    asked.decide(granted=True, answer="同意", by=qinghai.reviewer)
    assert (now(task).last_day, now(task).due_on, asked.state) == (date(2018, 10, 31), DUE, "granted")
    monkeypatch.setenv("QHENV_TODAY", "2018-10-31")
    assert not send(workbook(), qinghai.clerk).is_late
    verbs = AuditEntry.objects.filter(object_type="indicators.Extension").order_by("number").values_list("verb", "actor")
    assert list(verbs) == [("ask_extension", "clerk"), ("grant_extension", "reviewer")]


def test_refused_extension_changes_nothing_but_is_kept_with_its_reason(qinghai: SimpleNamespace, task: ReportingTask) -> None:
    asked = task.ask_extension(until=date(2018, 10, 31), reason="人手不足", by=qinghai.clerk)
    asked.decide(granted=False, answer="时间充足", by=qinghai.reviewer)
    assert now(task).last_day == DUE
    with pytest.raises(TransitionError):
        asked.decide(granted=True, answer="改主意", by=qinghai.reviewer)
    again = task.ask_extension(until=date(2018, 10, 24), reason="再次申请", by=qinghai.clerk)
    assert [one.state for one in task.extensions.all()] == ["asked", "refused"]
    assert again.pk != asked.pk


@pytest.mark.parametrize(
    ("until", "reason"),
    [
        (DUE, "x"),
        (date(2018, 10, 19), "x"),
        (date(2018, 10, 27), "x"),  # a Saturday
        (date(2018, 12, 24), "x"),  # more than 60 days
        (date(2018, 10, 31), "  "),
    ],
)
def test_extension_that_cannot_be_is_refused_in_a_sentence(qinghai: SimpleNamespace, task: ReportingTask, until: date, reason: str) -> None:
    with pytest.raises(TransitionError):
        task.ask_extension(until=until, reason=reason, by=qinghai.clerk)
    assert not Extension.objects.exists()


def test_only_one_request_is_open_and_none_once_nothing_is_owed(qinghai: SimpleNamespace, task: ReportingTask) -> None:
    asked = task.ask_extension(until=date(2018, 10, 31), reason="x", by=qinghai.clerk)
    with pytest.raises(TransitionError):
        task.ask_extension(until=date(2018, 11, 1), reason="x", by=qinghai.clerk)
    asked.decide(granted=False, answer="x", by=qinghai.reviewer)
    approve(workbook(), qinghai.clerk, qinghai.reviewer)
    with pytest.raises(TransitionError):
        task.ask_extension(until=date(2018, 11, 1), reason="x", by=qinghai.clerk)


def test_nobody_asks_for_another_bureau_and_nobody_but_a_reviewer_answers(qinghai: SimpleNamespace, task: ReportingTask) -> None:
    for person in (qinghai.other_clerk, qinghai.reviewer, qinghai.leader, qinghai.administrator):
        with pytest.raises(PermissionDenied):
            task.ask_extension(until=date(2018, 10, 31), reason="x", by=person)
    asked = task.ask_extension(until=date(2018, 10, 31), reason="x", by=qinghai.clerk)
    for person in (qinghai.clerk, qinghai.leader, qinghai.auditor, qinghai.administrator):
        with pytest.raises(PermissionDenied):
            asked.decide(granted=True, answer="x", by=person)


def test_clerk_lands_on_the_tasks_and_others_on_the_overview(qinghai: SimpleNamespace) -> None:
    client = client_of(qinghai.clerk)
    client.logout()
    answer = client.post("/login/", {"username": "clerk", "password": "pass"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/tasks/"
    client.logout()
    answer = client.post("/login/", {"username": "leader", "password": "pass"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/"


def test_home_says_what_is_due_what_came_back_and_what_waits(qinghai: SimpleNamespace, task: ReportingTask) -> None:
    back = send(workbook(), qinghai.clerk)
    explain_all(back, qinghai.clerk)
    back.submit(by=qinghai.clerk)
    back.return_for_changes(by=qinghai.reviewer, reason="请核对第15行的单位")
    waits = send(workbook("2018-Q2"), qinghai.clerk)
    explain_all(waits, qinghai.clerk)
    waits.submit(by=qinghai.clerk)
    answer = client_of(qinghai.clerk).get("/tasks/")
    assert "请核对第15行的单位" in answer.content.decode()
    context = answer.context
    assert [line.task.period for line in context["returned"]] == [PERIOD]
    assert [line.task.period for line in context["waiting"]] == ["2018-Q2"]
    line = context["returned"][0]
    assert (line.left, line.working, line.overdue, line.file) == (2, 1, 0, back)
    due = [line.task for line in context["due"]]
    assert task not in due
    assert [one.last_day for one in due] == sorted(one.last_day for one in due)


def test_clerk_sees_the_own_tasks_only(qinghai: SimpleNamespace, task: ReportingTask) -> None:
    asked = task.ask_extension(until=date(2018, 10, 31), reason="海东的理由", by=qinghai.clerk)
    other = client_of(qinghai.other_clerk)
    assert other.get(f"/tasks/{task.pk}/").status_code == 404
    assert other.post(f"/tasks/{task.pk}/extension/", {"until": "2018-10-31", "reason": "x"}).status_code == 404
    assert other.post(f"/extensions/{asked.pk}/grant/", {"answer": "x"}).status_code == 404
    assert "海东的理由" not in other.get("/extensions/").content.decode()
    assert other.get(f"/api/v1/tasks/{task.pk}").status_code == 404
    assert {row["bureau"] for row in other.get("/api/v1/tasks").json()["results"]} == {"BUR-630100"}


def test_reviewer_sees_every_bureau_and_filters_by_state(qinghai: SimpleNamespace, task: ReportingTask) -> None:
    send(workbook(), qinghai.clerk)
    client = client_of(qinghai.reviewer)
    context = client.get("/tasks/").context
    assert str(context["period"]) == PERIOD
    assert len(context["matrix"]) == Bureau.objects.count()
    assert {code: number for code, _, number in context["states"]} == {"not_started": 8, "checked": 1}
    (bureau,) = client.get("/tasks/", {"state": "checked"}).context["matrix"]
    assert bureau == qinghai.clerk.bureau
    assert client.get("/tasks/", {"period": "soon"}).status_code == 404
    earlier = client.get("/tasks/").context["earlier_lines"]
    assert earlier
    assert all(line.overdue for line in earlier)


def test_task_says_why_it_is_due_on_its_day(qinghai: SimpleNamespace, task: ReportingTask) -> None:
    client = client_of(qinghai.clerk)
    why = client.get(f"/tasks/{task.pk}/").context["why"]
    assert (why.counted, why.due, why.fixed) == (date(2018, 10, 20), DUE, False)
    assert why.off == [(date(2018, 10, 20), ""), (date(2018, 10, 21), "")]
    day = CalendarDay.objects.create(day=DUE, kind="holiday", name_zh="节日", name_en="a holiday")
    why = client.get(f"/tasks/{task.pk}/").context["why"]
    assert why.fixed, "the day was fixed when the task was opened"
    assert why.off[-1] == (DUE, day.name)


def test_year_without_data_is_named_on_the_page(qinghai: SimpleNamespace, task: ReportingTask) -> None:
    CalendarDay.objects.filter(day__year=2018).delete()
    client = client_of(qinghai.clerk)
    for address in ("/tasks/", f"/tasks/{task.pk}/"):
        answer = client.get(address)
        assert 2018 in answer.context["without_data"]
        assert "2018" in answer.content.decode()
    client = client_of(qinghai.clerk)


def test_file_is_sent_from_the_tasks_page_without_naming_form_or_period_in_it(qinghai: SimpleNamespace, task: ReportingTask) -> None:
    content = make_workbook(make_lines("BUR-630200", "QH-Q", PERIOD), form="", period="")
    file = SimpleUploadedFile("海东.xlsx", content)
    answer = client_of(qinghai.clerk).post("/submissions/upload/", {"file": file, "form": task.form_id, "period": task.period})
    assert answer.status_code == 302
    submission = Submission.objects.get()
    submission.validate()
    assert (submission.state, submission.task) == ("checked", task)


def test_extension_goes_through_the_pages(qinghai: SimpleNamespace, task: ReportingTask) -> None:
    clerk, reviewer = client_of(qinghai.clerk), client_of(qinghai.reviewer)
    for wrong in ({}, {"until": "soon", "reason": "x"}, {"until": "2018-02-30", "reason": "x"}, {"until": "2018-10-27", "reason": "x"}):
        answer = clerk.post(f"/tasks/{task.pk}/extension/", wrong, follow=True)
        assert 'class="message message-error"' in answer.content.decode(), wrong
    clerk.post(f"/tasks/{task.pk}/extension/", {"until": "2018-10-31", "reason": "数据尚未汇总"})
    asked = Extension.objects.get()
    assert "数据尚未汇总" in reviewer.get("/extensions/").content.decode()
    assert reviewer.post(f"/extensions/{asked.pk}/maybe/", {"answer": "x"}).status_code == 404
    assert clerk.post(f"/extensions/{asked.pk}/grant/", {"answer": "x"}).status_code == 403
    reviewer.post(f"/extensions/{asked.pk}/grant/", {"answer": "同意，下不为例", "next": "list"})
    page = clerk.get(f"/tasks/{task.pk}/").content.decode()
    assert "同意，下不为例" in page
    assert "2018-10-31" in page


def test_pages_of_tasks_cost_a_fixed_number_of_queries(
    qinghai: SimpleNamespace, task: ReportingTask, django_assert_max_num_queries: Any
) -> None:
    for value in range(3):
        send(workbook(A5=value), qinghai.clerk)
    for person, address, most in (
        (qinghai.clerk, "/tasks/", 8),
        (qinghai.reviewer, "/tasks/", 10),
        (qinghai.clerk, f"/tasks/{task.pk}/", 18),
        (qinghai.reviewer, "/extensions/", 4),
        (qinghai.reviewer, "/api/v1/tasks", 4),
    ):
        client = client_of(person)
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200, address


def test_program_reads_what_is_asked(qinghai: SimpleNamespace, task: ReportingTask) -> None:
    approve(workbook("2018-Q2", A5=1.25), qinghai.clerk, qinghai.reviewer)
    client = client_of(qinghai.clerk)
    rows = client.get("/api/v1/tasks", {"period": PERIOD, "state": "not_started"}).json()
    assert rows["count"] == 1
    one = rows["results"][0]
    assert {name: one[name] for name in ("form", "bureau", "period", "state", "due_on", "extended_to", "late")} == {
        "form": "QH-Q",
        "bureau": "BUR-630200",
        "period": PERIOD,
        "state": "not_started",
        "due_on": "2018-10-22",
        "extended_to": None,
        "late": False,
    }
    assert "rows" not in one
    asked = {row["indicator"]: row for row in client.get(f"/api/v1/tasks/{task.pk}").json()["rows"]}
    own = set(task.bureau.areas.values_list("code", flat=True))
    assert set(asked) == {indicator for indicator, areas in task.form.asked(task.parsed_period).items() if areas & own}
    assert (asked["A5"]["area"], asked["A5"]["unit"], asked["A5"]["previous"], asked["A5"]["year_before"]) == (
        "630200",
        "亿元",
        "1.25",
        None,
    )


@pytest.mark.parametrize("given", [{"state": "soon"}, {"period": "soon"}])
def test_program_that_asks_for_an_unknown_state_or_period_is_told(qinghai: SimpleNamespace, given: dict[str, str]) -> None:
    answer = client_of(qinghai.clerk).get("/api/v1/tasks", given)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, list(given))


def test_program_lists_what_is_overdue(qinghai: SimpleNamespace, task: ReportingTask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QHENV_TODAY", "2018-10-23")
    found = client_of(qinghai.leader).get("/api/v1/tasks", {"state": "overdue", "period": PERIOD, "bureau": "BUR-630200"}).json()
    assert [(one["id"], one["late"]) for one in found["results"]] == [(task.pk, True)]
