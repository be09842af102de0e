from collections.abc import Mapping
from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Area, Bilingual, Bureau
from indicators.models.indicator import Indicator
from indicators.periods import Period


class DueRule(models.TextChoices):
    """How the last day in time follows from the period's end and `due_days`."""

    CALENDAR = "calendar", _("calendar days")
    AFTER_HOLIDAYS = "after_holidays", _("calendar days, moved behind statutory holidays")
    AFTER_DAYS_OFF = "after_days_off", _("calendar days, moved to the next working day")
    WORKING_DAYS = "working_days", _("working days")


class ReportingForm(Bilingual):
    """What a bureau is asked for, how often and by when. Without a frequency it is the bulk form: it takes anything, asks for nothing."""

    code = models.CharField(max_length=20, unique=True)
    frequency = models.CharField(max_length=1, blank=True)
    due_days = models.PositiveSmallIntegerField(default=20)
    due_rule = models.CharField(max_length=15, choices=DueRule, default=DueRule.CALENDAR)
    bureaus = models.ManyToManyField(Bureau, related_name="forms")

    class Meta:
        ordering = ["code"]

    @property
    def is_bulk(self) -> bool:
        return not self.frequency

    def due_on(self, period: Period) -> date:
        """The last day on which the figures of a period are in time."""
        return period.end + timedelta(days=self.due_days)

    def items_asked(self, period: Period) -> models.QuerySet["FormItem"]:
        """The lines of this form in a period, whoever reports them, among the areas that exist at its end."""
        in_force = Q(valid_from=None) | Q(valid_from__lte=period.year), Q(valid_to=None) | Q(valid_to__gte=period.year)
        return self.items.filter(*in_force, area__in=Area.objects.valid_on(period.end))

    def asked(self, period: Period) -> Mapping[str, frozenset[str]]:
        """Indicator code → codes of the areas this form asks it for in a period."""
        asked: dict[str, set[str]] = {}
        for indicator, area in self.items_asked(period).values_list("indicator__code", "area__code"):
            asked.setdefault(indicator, set()).add(area)
        return {indicator: frozenset(areas) for indicator, areas in asked.items()}


class FormItem(models.Model):
    """One line of a form: an indicator in an area, in the years it is asked for."""

    form = models.ForeignKey(ReportingForm, models.CASCADE, related_name="items")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    valid_from = models.PositiveSmallIntegerField(null=True, blank=True)
    valid_to = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "indicator", "area"], name="form_item_once")]

    def __str__(self) -> str:
        return f"{self.form_id} {self.indicator_id} {self.area_id}"
