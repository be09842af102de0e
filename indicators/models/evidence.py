from django.db import models
from django.urls import reverse

from accounts.models import Area, User
from indicators.models.indicator import Indicator
from indicators.models.project import Project
from indicators.models.task import ReportingTask
from indicators.models.upload import Upload


class Evidence(models.Model):
    """A file that stands behind a figure or milestone of a task, or behind a project: a decision, an acceptance report, a photograph.
    The bytes are kept unchanged with their SHA-256. It is withdrawn with a reason, never deleted."""

    upload = models.ForeignKey(Upload, models.PROTECT, related_name="+")
    filename = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    task = models.ForeignKey(ReportingTask, models.PROTECT, null=True, blank=True, related_name="evidence")
    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="evidence")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    withdrawn = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(task__isnull=False, project=None) | models.Q(task=None, project__isnull=False),
                name="evidence_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    def get_absolute_url(self) -> str:
        return reverse("indicators:evidence", args=[self.pk])
