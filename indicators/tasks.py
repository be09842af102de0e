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
    """Replay the schedules named in the payload up to the clock's day; a worker that takes over goes on where the last one stopped."""
    events = events_until([Path(path) for path in job.payload["schedules"]], clock.today())
    for done, event in enumerate(events[job.done :], start=job.done + 1):
        replay(event)
        job.advance(done, len(events))
