from django.db import models
from django.urls import reverse

from accounts.models import Bureau, User
from indicators.models.form import ReportingForm


class ReportingTask(models.Model):
    """What one bureau owes for one form and period, and by when. Opened by the scheduler once the period has ended; its state is that of
    what was sent for it, so nothing is stored twice. `due_on` is the day fixed at its opening, `extended_to` the day a granted extension
    set in its place."""

    form = models.ForeignKey(ReportingForm, models.PROTECT, related_name="tasks")
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="tasks")
    period = models.CharField(max_length=10)
    due_on = models.DateField()
    extended_to = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["-due_on", "form", "bureau"]
        constraints = [models.UniqueConstraint(fields=["form", "bureau", "period"], name="task_once")]

    def __str__(self) -> str:
        return f"{self.bureau} {self.form_id} {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("indicators:task", args=[self.pk])


class Extension(models.Model):
    """A bureau's request for more time for one task, and the answer to it. Each has its reason; neither is ever deleted."""

    task = models.ForeignKey(ReportingTask, models.PROTECT, related_name="extensions")
    until = models.DateField()
    reason = models.CharField(max_length=500)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    granted = models.BooleanField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["task"], condition=models.Q(granted=None), name="extension_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.task} → {self.until}"
