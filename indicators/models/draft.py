from django.db import models

from accounts.models import User
from indicators.models.task import ReportingTask


class Draft(models.Model):
    """What a bureau has typed into the browser's grid for a task and not yet sent. Only a draft: it may be overwritten, and becomes a
    submission through the one door when it is sent. `cells` maps "A5/630200" to {"value", "source", "note"}, texts as typed; `version`
    grows with each saving, so that two windows cannot overwrite each other unseen."""

    task = models.OneToOneField(ReportingTask, models.CASCADE, related_name="draft")
    cells = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    updated_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.task} v{self.version}"
