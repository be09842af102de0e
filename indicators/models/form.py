from collections.abc import Iterator, Mapping
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Area, Bilingual, Bureau
from indicators.models.indicator import Indicator
from indicators.periods import Period, latest_ended
from indicators.working_days import Differs, due_day


class DueRule(models.TextChoices):
    """How the last day in time follows from the period's end and `due_days`."""

    CALENDAR = "calendar", _("calendar days")
    AFTER_HOLIDAYS = "after_holidays", _("calendar days, moved behind statutory holidays")
    AFTER_DAYS_OFF = "after_days_off", _("calendar days, moved to the next working day")
    WORKING_DAYS = "working_days", _("working days")


class ReportingFormQuerySet(models.QuerySet["ReportingForm"]):
    def owed(self, today: date) -> Iterator[tuple["ReportingForm", Bureau, Period]]:
        """What the bureaus of these forms owe: each form that has a frequency, each of its bureaus and each period that has ended and for
        which it asks something in the bureau's areas. Periods begin with the first year a line names; without any, only the latest one
        counts. Four queries, and one for each form."""
        areas = Area.objects.in_bulk()
        for form in self.exclude(frequency="").prefetch_related("bureaus__areas"):
            spans = form.items.values_list("area", "valid_from", "valid_to").distinct()
            lines = [(area, first or 0, until or 9999) for area, first, until in spans]
            last = latest_ended(form.frequency, today)
            years = [first for _, first, _ in lines if first]
            period = Period(min(years), form.frequency) if years else last
            while period <= last:
                asked = {area for area, first, until in lines if first <= period.year <= until and areas[area].stands_on(period.end)}
                yield from ((form, bureau, period) for bureau in form.bureaus.all() if asked & {area.pk for area in bureau.areas.all()})
                period = period.next


class ReportingForm(Bilingual):
    """What a bureau is asked for, how often and by when. Without a frequency it is the bulk form: it takes anything, asks for nothing."""

    code = models.CharField(max_length=20, unique=True)
    frequency = models.CharField(max_length=1, blank=True)
    due_days = models.PositiveSmallIntegerField(default=20)
    due_rule = models.CharField(max_length=15, choices=DueRule, default=DueRule.CALENDAR)
    bureaus = models.ManyToManyField(Bureau, related_name="forms")

    objects = ReportingFormQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    @property
    def is_bulk(self) -> bool:
        return not self.frequency

    def due_on(self, period: Period, differs: Differs) -> date:
        """The last day on which the figures of a period are in time, on a calendar of working days."""
        return due_day(period.end, self.due_days, self.due_rule, differs)

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
