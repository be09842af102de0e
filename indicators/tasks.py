"""What workers do for this app. Each function takes its job row, can run twice, and only carries."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from accounts import clock
from indicators.history import events_until
from indicators.models import Project, ReportingTask, Submission
from indicators.models.history import replay
from indicators.readers import read
from indicators.register_file import read_register
from indicators.rows import ERROR
from indicators.telling import now_and_then
from jobs.models import Job


def check(job: Job) -> None:
    submission = Submission.objects.get(pk=job.payload["submission"])
    if submission.allows("check"):
        submission.validate(now_and_then(lambda share: job.advance(round(100 * share), 100)))
    job.advance(100, 100)


def open_tasks(job: Job) -> None:
    """What the bureaus owe as of the clock's day."""
    ReportingTask.objects.open_due(clock.today())
    job.advance(1, 1)


def load_history(job: Job) -> None:
    """Load the project register and replay the schedules named in the payload up to the clock's day; a worker that takes over goes on where
    the last one stopped.

    Assessments are asked for in batches: one after each hundred events and one at the end, so that pages fill while the past is loading.
    """
    if not job.done:
        _load_register(Path(job.payload.get("register", "")))
    events = events_until([Path(path) for path in job.payload["schedules"]], clock.today())
    approved: list[int] = job.payload.get("approved", [])
    for done, event in enumerate(events[job.done :], start=job.done + 1):
        if submission := replay(event):
            approved.append(submission.pk)
        if approved and (done % 100 == 0 or done == len(events)):
            Job.objects.enqueue("assess", {"submissions": approved})
            approved = []
        job.advance(done, len(events), approved=approved)


def _load_register(path: Path) -> None:
    """The projects of a file with a column `bureau`, as they stood on the clock's day: what was finished later is still under way. Nothing
    where there is no file; ValueError for one with faults."""
    if not path.is_file():
        return
    facts = Project.objects.facts()
    rows, found = read_register(read(path.read_bytes(), path.name).tables, replace(facts, today=date.max))
    if faults := [f"{finding.cell}: {finding.message % finding.params}" for finding in found if finding.severity == ERROR]:
        raise ValueError("; ".join(faults[:20]))
    known = [replace(row, finished_on=None) if row.finished_on and row.finished_on > facts.today else row for row in rows]
    Project.objects.load(known, by=None, source={"filename": path.name})
