"""One worker at a time, no job forgotten, no failure silent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from celery import Celery, current_app
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts import clock
from accounts.models import User
from indicators.history import events_until
from indicators.models import Observation, ReportingForm, Submission
from indicators.models.history import replay
from jobs.models import LEASE, MOST_ATTEMPTS, Job, LeaseLost
from qhenv.celery import handlers
from targets.models import Assessment
from tests.conftest import client_of
from tests.make import make_lines, make_workbook
from tests.make_history import make_people, part_of_schedule, work_off


def state_of(job: Job) -> str:
    job.refresh_from_db()
    return job.state


def let_lease_run_out(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


@contextmanager
def broker(address: str, **options: Any) -> Iterator[Celery]:
    """Messages go to another broker meanwhile."""
    before = current_app._get_current_object()
    app = Celery("elsewhere", broker=address)
    app.conf.broker_transport_options = options
    app.set_current()
    try:
        yield app
    finally:
        before.set_current()
        app.close()


@pytest.fixture
def sent() -> Iterator[Callable[[], list[int]]]:
    """The numbers of the jobs told to the broker since last asked."""
    with broker("memory://") as app:

        def told() -> list[int]:
            with app.connection_for_read() as connection:
                queue, numbers = connection.SimpleQueue("celery"), []
                with suppress(queue.Empty):
                    while message := queue.get(block=False):
                        message.ack()
                        numbers.append(message.payload[0][0])
                return numbers

        told()  # what an earlier test left in this process's memory
        yield told


def test_job_is_taken_once(db: None) -> None:
    job = Job.objects.enqueue("check", {})
    first, second = Job.objects.claim(job.pk), Job.objects.claim(job.pk)
    assert first is not None
    assert (first.state, first.attempts, second) == (Job.State.RUNNING, 1, None)
    assert first.lease_until is not None
    assert first.lease_until > timezone.now() + LEASE / 2


@pytest.mark.parametrize("state", [Job.State.DONE, Job.State.FAILED])
def test_ended_job_is_never_taken_again(db: None, state: str) -> None:
    job = Job.objects.create(kind="check", state=state)
    assert Job.objects.claim(job.pk) is None
    Job.objects.run(job.pk, {})
    assert state_of(job) == state


def test_job_whose_lease_ran_out_is_taken_over_and_the_old_worker_must_stop(db: None) -> None:
    job = Job.objects.enqueue("check", {})
    old = Job.objects.claim(job.pk)
    let_lease_run_out(job)
    new = Job.objects.claim(job.pk)
    assert old is not None
    assert new is not None
    for act in (lambda: old.advance(1), lambda: old.finish(Job.State.DONE), lambda: old.finish(Job.State.FAILED, "x")):
        with pytest.raises(LeaseLost):
            act()
    new.advance(3, 5)
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.percent) == (Job.State.RUNNING, 3, 5, 60)


@pytest.mark.parametrize("ending", ["returns", "raises", "goes on"])
def test_worker_that_lost_its_job_changes_nothing_however_it_ends(db: None, ending: str) -> None:
    job = Job.objects.enqueue("long", {})

    def slow(mine: Job) -> None:
        let_lease_run_out(mine)
        assert Job.objects.claim(mine.pk), "another worker takes it"
        if ending == "raises":
            raise ValueError("late trouble")
        if ending == "goes on":
            mine.advance(1, 2)

    Job.objects.run(job.pk, {"long": slow})
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error, job.done) == (Job.State.RUNNING, 2, "", 0)


def test_progress_renews_the_lease(db: None) -> None:
    job = Job.objects.enqueue("long", {})
    mine = Job.objects.claim(job.pk)
    assert mine is not None
    let_lease_run_out(job)
    mine.advance(1, 2)
    job.refresh_from_db()
    assert job.lease_until is not None
    assert job.lease_until > timezone.now()
    assert Job.objects.claim(job.pk) is None


def test_failing_handler_marks_the_job_with_its_error(db: None) -> None:
    def broken(job: Job) -> None:
        job.advance(1, 2)
        raise ZeroDivisionError("nothing to divide by")

    job = Job.objects.enqueue("broken", {})
    Job.objects.run(job.pk, {"broken": broken})
    job.refresh_from_db()
    assert (job.state, job.error, job.done) == (Job.State.FAILED, "ZeroDivisionError: nothing to divide by", 1)
    assert job.finished_at is not None
    assert job.lease_until is None


def test_unknown_kind_fails_with_its_name(db: None) -> None:
    job = Job.objects.enqueue("dream", {})
    Job.objects.run(job.pk, handlers())
    assert state_of(job) == Job.State.FAILED
    assert "dream" in job.error


def test_job_that_kills_its_workers_is_given_up(db: None) -> None:
    job = Job.objects.create(kind="check", attempts=MOST_ATTEMPTS)
    Job.objects.run(job.pk, handlers())
    assert state_of(job) == Job.State.FAILED
    assert job.error


def test_message_is_sent_when_the_transaction_has_ended_and_not_before(
    db: None, sent: Callable[[], list[int]], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = Job.objects.enqueue("check", {})
        assert sent() == []
    assert sent() == [job.pk]


def test_job_of_an_act_that_failed_is_never_told(db: None, sent: Callable[[], list[int]], django_capture_on_commit_callbacks: Any) -> None:
    def act() -> None:
        with transaction.atomic():
            Job.objects.enqueue("check", {})
            raise PermissionDenied

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(PermissionDenied):
        act()
    assert sent() == []
    assert not Job.objects.exists()


def test_stranded_jobs_are_sent_again_and_no_others(db: None, sent: Callable[[], list[int]]) -> None:
    long_ago, soon = timezone.now() - timedelta(seconds=30), timezone.now() + LEASE
    fresh = Job.objects.create(kind="check")
    waiting, dead, working, done = (
        Job.objects.create(kind="check", state=state, lease_until=lease)
        for state, lease in (("queued", None), ("running", long_ago), ("running", soon), ("done", None))
    )
    Job.objects.exclude(pk=fresh.pk).update(created_at=long_ago)
    Job.objects.resend_stranded()
    assert sorted(sent()) == sorted([waiting.pk, dead.pk])
    assert {state_of(job) for job in (fresh, waiting)} == {"queued"}
    assert [state_of(job) for job in (working, done)] == ["running", "done"]


def test_dead_broker_does_not_fail_the_upload(qinghai: SimpleNamespace, tmp_path: Path, django_capture_on_commit_callbacks: Any) -> None:
    """The folder the messages go to is gone; the file is kept, and the job waits to be sent again."""
    gone = tmp_path / "gone"
    content = make_workbook(make_lines("BUR-630200", "QH-Q", "2015-Q4"), period="2015-Q4")
    (path := tmp_path / "海东.xlsx").write_bytes(content)
    with broker("filesystem://", data_folder_in=gone, data_folder_out=gone, control_folder=gone):
        with django_capture_on_commit_callbacks(execute=True) as told, path.open("rb") as file:
            answer = client_of(qinghai.clerk).post("/submissions/upload/", {"file": file})
        Job.objects.update(created_at=timezone.now() - timedelta(minutes=1))
        Job.objects.resend_stranded()
    assert len(told) == 1
    assert answer.status_code == 302
    assert list(Job.objects.values_list("kind", "state")) == [("check", "queued")]
    assert Submission.objects.get().state == Submission.State.DRAFT


def schedule_of_two_quarters() -> Path:
    """Haidong's years and first quarter of 2014, with a refused file and its mended one."""
    return part_of_schedule("resume", lambda row: row["bureau"] == "BUR-630200" and row["period"] in ("2010", "2013", "2014-Q1"))


def end_of_the_past() -> tuple[Any, ...]:
    figures = sorted(map(repr, Observation.objects.current().values_list("indicator__code", "area__code", "period", "value", "known_at")))
    results = sorted(map(repr, Assessment.objects.current().values_list("target__code", "area__code", "period", "status", "value", "gap")))
    return sorted(Submission.objects.values_list("filename", "state")), figures, results


UNBROKEN: list[Any] = []  # found once


@pytest.fixture
def unbroken(db: None, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, ...]:
    """What the past is like after a loading that nobody disturbed; taken back before the test's own."""
    monkeypatch.setenv("QHENV_TODAY", "2014-07-20")
    make_people()
    if not UNBROKEN:
        mark = transaction.savepoint()
        Job.objects.enqueue("load_history", {"schedules": [str(schedule_of_two_quarters())]})
        work_off()
        UNBROKEN.extend(end_of_the_past())
        transaction.savepoint_rollback(mark)
    assert len(UNBROKEN[0]) >= 4
    assert len(UNBROKEN[2]) > 50
    return tuple(UNBROKEN)


@pytest.mark.parametrize("events", [1, *(pytest.param(number, marks=pytest.mark.full) for number in (2, 5))])
def test_loading_goes_on_where_a_dead_worker_stopped(unbroken: tuple[Any, ...], events: int) -> None:
    """The worker dies right after an event, before or after it could tell."""
    schedule = schedule_of_two_quarters()
    job = Job.objects.enqueue("load_history", {"schedules": [str(schedule)]})
    past = events_until([schedule], clock.today())
    for event in past[:events]:
        replay(event)  # done, and nobody was told
    Job.objects.run(job.pk, handlers())
    assert (state_of(job), job.done, job.total) == (Job.State.DONE, len(past), len(past))
    work_off()
    assert end_of_the_past() == unbroken


@pytest.mark.parametrize("check_now", [False, pytest.param(True, marks=pytest.mark.full)])
def test_loading_goes_on_in_the_middle_of_a_file(unbroken: tuple[Any, ...], check_now: bool) -> None:
    """The worker dies when the file has been received, or received and checked, but not yet sent on."""
    schedule = schedule_of_two_quarters()
    first = events_until([schedule], clock.today())[0]
    clerk = User.objects.get(bureau__code=first.bureau)
    Submission.objects.receive(
        first.path.read_bytes(),
        first.path.name,
        by=clerk,
        door="command",
        form=ReportingForm.objects.get(code=first.form),
        period=first.period,
        arrived_at=datetime.combine(first.day, time(10), clock.ZONE),
        check_now=check_now,
    )
    Job.objects.filter(kind="check").delete()
    Job.objects.enqueue("load_history", {"schedules": [str(schedule)]})
    work_off()
    assert end_of_the_past() == unbroken


def test_progress_bar_is_seen_by_those_who_started_it_and_by_staff_only(qinghai: SimpleNamespace) -> None:
    job = Job.objects.enqueue("check", {}, by=qinghai.clerk)
    Job.objects.filter(pk=job.pk).update(state="running", done=3, total=10)
    for person, status in (("clerk", 200), ("other_clerk", 404), ("reviewer", 200), ("leader", 200)):
        assert client_of(getattr(qinghai, person)).get(f"/jobs/{job.pk}/").status_code == status
    answer = client_of(qinghai.clerk).get(f"/jobs/{job.pk}/")
    assert "hx-get" in answer.content.decode()
    assert "HX-Refresh" not in answer.headers
    Job.objects.filter(pk=job.pk).update(state="done")
    ended = client_of(qinghai.clerk).get(f"/jobs/{job.pk}/")
    assert ended["HX-Refresh"] == "true"
    assert "hx-get" not in ended.content.decode()


def test_bytes_whose_check_failed_can_be_sent_again(qinghai: SimpleNamespace) -> None:
    """A fault of ours must not lock a bureau's file out: the same bytes start a new check."""
    content = make_workbook(make_lines("BUR-630200", "QH-Q", "2015-Q4"), period="2015-Q4")
    submission, _ = Submission.objects.receive(content, "a.xlsx", by=qinghai.clerk, door="page")
    Job.objects.update(state=Job.State.FAILED, error="MemoryError")
    again, _ = Submission.objects.receive(content, "a.xlsx", by=qinghai.clerk, door="page")
    work_off()
    again.refresh_from_db()
    assert again.state == Submission.State.CHECKED
