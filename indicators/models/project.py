from django.db import models

from accounts.models import Area, Bureau, User
from indicators.models.indicator import Indicator


class Project(models.Model):
    """A line of the register behind a cumulative indicator: one plant's retrofit or building, with its capacity in the indicator's unit.
    It counts from the day it is finished. A project that was entered in error is struck out with a reason, never deleted."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=200)
    plant = models.CharField(max_length=200)
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="projects")
    area = models.ForeignKey(Area, models.PROTECT, related_name="projects")
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="projects")
    capacity = models.DecimalField(max_digits=30, decimal_places=15)
    planned_on = models.DateField(null=True, blank=True)
    finished_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    struck_out = models.CharField(max_length=500, blank=True)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["indicator", "area", "finished_on", "code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
