"""The Celery application and the one place that knows which job kind is done by which function."""

import os
from collections.abc import Callable, Mapping

from celery import Celery

from qhenv import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qhenv.settings")

broker.register()
app = Celery("qhenv")
app.config_from_object("django.conf:settings", namespace="CELERY")


def handlers() -> Mapping[str, Callable[..., None]]:
    """Job kind → function of the job. Imported late: the apps must be loaded first."""
    import indicators.tasks
    import targets.tasks

    return {
        "check": indicators.tasks.check,
        "assess": targets.tasks.assess,
        "load_history": indicators.tasks.load_history,
        "open_tasks": indicators.tasks.open_tasks,
    }


@app.task(name="jobs.run")
def run_job(pk: int) -> None:
    """Celery only carries the number; the row is the truth."""
    from jobs.models import Job

    Job.objects.run(pk, handlers())


@app.task(name="jobs.open_tasks")
def open_tasks() -> None:
    """Once a day: a job that opens what the bureaus owe."""
    from jobs.models import Job

    Job.objects.enqueue("open_tasks", {})


@app.task(name="jobs.reap")
def reap_jobs() -> None:
    """Send again what a dead worker or a lost message left behind."""
    from jobs.models import Job

    Job.objects.resend_stranded()
