from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Bilingual


class CalendarDayQuerySet(models.QuerySet["CalendarDay"]):
    def differs(self) -> dict[date, bool]:
        """Day → whether it is worked, for every day that differs from the week: what indicators/working_days.py reckons with."""
        return {day: kind == CalendarDay.Kind.WORKDAY for day, kind in self.order_by().values_list("day", "kind")}


class CalendarDay(Bilingual):
    """A day on which the working calendar differs from the week: a statutory holiday, or a weekend day that is worked to make up for
    one. Days that are not here are worked from Monday to Friday. `source` names the notice that says so."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("holiday")
        WORKDAY = "workday", _("make-up working day")

    day = models.DateField(unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    source = models.CharField(max_length=200, blank=True)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"
