import logging
import socket
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from accounts.models import User

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 5
log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another worker took the job over; this one must stop without writing more."""


class JobQuerySet(models.QuerySet["Job"]):
    def enqueue(self, kind: str, payload: dict[str, Any], *, by: User | None = None) -> "Job":
        """Insert the job in the caller's transaction; a worker hears of it on commit. A dead broker is no error: the reaper sends again."""
        job = self.create(kind=kind, payload=payload, created_by=by)
        transaction.on_commit(job.send)
        return job

    def active(self) -> "JobQuerySet":
        return self.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])

    def visible_to(self, user: User) -> "JobQuerySet":
        """A reporter sees the jobs the own bureau started, everybody else sees all."""
        if user.role == User.Role.REPORTER:
            return self.filter(Q(created_by=user) | Q(created_by__bureau=user.bureau_id, created_by__bureau__isnull=False))
        return self

    def claim(self, pk: int) -> "Job | None":
        """Take a queued job, or one whose worker's lease ran out, by one conditional UPDATE; None if somebody else has it."""
        now = timezone.now()
        free = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, lease_until__lt=now)
        taken = self.filter(free, pk=pk).update(
            state=Job.State.RUNNING, attempts=F("attempts") + 1, lease_until=now + LEASE, worker=f"{socket.gethostname()}", started_at=now
        )
        return self.get(pk=pk) if taken else None

    def run(self, pk: int, handlers: Mapping[str, Callable[["Job"], None]]) -> None:
        """Do job `pk` if it is free. A failing handler marks the row failed with its error; the lease covers a dying worker."""
        job = self.claim(pk)
        if job is None:
            return
        if job.attempts > MOST_ATTEMPTS:
            job.finish(Job.State.FAILED, "its workers died too often")
            return
        try:
            error = job.do(handlers)
            job.finish(Job.State.FAILED if error else Job.State.DONE, error)
        except LeaseLost:
            log.warning("job %s was taken over", pk)

    def resend_stranded(self) -> None:
        """Send queued jobs nobody took for five seconds, and running ones whose lease ran out."""
        now = timezone.now()
        waiting = Q(state=Job.State.QUEUED, created_at__lt=now - timedelta(seconds=5))
        dead = Q(state=Job.State.RUNNING, lease_until__lt=now)
        for job in self.filter(waiting | dead).order_by("pk")[:50]:
            job.send()


class Job(models.Model):
    """Work that takes time. The row is the truth (state, progress, lease); Celery only tells a worker its number."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    kind = models.CharField(max_length=30)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=100, blank=True)
    error = models.TextField(blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "kind"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("jobs:job", args=[self.pk])

    @property
    def is_active(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    def do(self, handlers: Mapping[str, Callable[["Job"], None]]) -> str:
        """Do the work; what went wrong in words, or "". LeaseLost if another worker has taken it over meanwhile."""
        try:
            handlers[self.kind](self)
        except LeaseLost:
            raise
        except Exception as error:
            log.exception("job %s (%s) failed", self.pk, self.kind)
            return f"{type(error).__name__}: {error}"
        return ""

    def send(self) -> None:
        try:
            current_app.send_task("jobs.run", [self.pk], retry=False)
        except (OperationalError, OSError) as error:
            log.warning("broker not reached, job %s waits for the reaper: %s", self.pk, error)

    def advance(self, done: int, total: int | None = None, **kept: Any) -> None:
        """Tell progress and renew the lease; `kept` goes into the payload for whoever takes over. LeaseLost if somebody has."""
        self.done, self.total, self.payload = done, self.total if total is None else total, self.payload | kept
        self._write(done=self.done, total=self.total, payload=self.payload, lease_until=timezone.now() + LEASE)

    def finish(self, state: str, error: str = "") -> None:
        self.state, self.error = state, error
        self._write(state=state, error=error, finished_at=timezone.now(), lease_until=None)

    def _write(self, **fields: Any) -> None:
        mine = Job.objects.filter(pk=self.pk, state=Job.State.RUNNING, attempts=self.attempts)
        if not mine.update(**fields):
            raise LeaseLost(str(self))
