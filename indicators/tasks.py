"""What workers do for this app. Each function takes its job row, can run twice, and only carries."""

from pathlib import Path

from accounts import clock
from indicators.history import events_until
from indicators.models import Submission
from indicators.models.history import replay
from jobs.models import Job


def check(job: Job) -> None:
    submission = Submission.objects.get(pk=job.payload["submission"])
    if submission.allows("check"):
        submission.validate()
    job.advance(1, 1)


def load_history(job: Job) -> None:
    """Replay the schedules named in the payload up to the clock's day; a worker that takes over goes on where the last one stopped.

    Assessments are asked for in batches: one after each hundred events and one at the end, so that pages fill while the past is loading.
    """
    events = events_until([Path(path) for path in job.payload["schedules"]], clock.today())
    approved: list[int] = job.payload.get("approved", [])
    for done, event in enumerate(events[job.done :], start=job.done + 1):
        if submission := replay(event):
            approved.append(submission.pk)
        if approved and (done % 100 == 0 or done == len(events)):
            Job.objects.enqueue("assess", {"submissions": approved})
            approved = []
        job.advance(done, len(events), approved=approved)
