"""What workers do for this app. Each function takes its job row, can run twice, and only carries."""

from jobs.models import Job
from targets.models.computing import assess as assess_targets
from targets.models.computing import touched_by


def assess(job: Job) -> None:
    """Assess what the approved submissions touch. Jobs of the same kind that still wait are done in the same stroke."""
    waiting = Job.objects.filter(kind="assess", state=Job.State.QUEUED).exclude(pk=job.pk)
    also = [other for pk in waiting.values_list("pk", flat=True) if (other := Job.objects.claim(pk))]
    submissions = sorted({pk for one in [job, *also] for pk in one.payload["submissions"]})
    job.advance(0, 1)
    if touched := touched_by(submissions):
        assess_targets(touched, reason=f"submissions {', '.join(map(str, submissions))}"[:200])
    job.advance(1, 1)
    for other in also:
        other.finish(Job.State.DONE)
