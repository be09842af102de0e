from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models.bilingual import Bilingual


class AreaQuerySet(models.QuerySet["Area"]):
    def valid_on(self, day: date) -> "AreaQuerySet":
        """Areas that existed on that day (632100 gave way to 630200 in 2013)."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day))

    def prefectures(self) -> "AreaQuerySet":
        return self.filter(kind=Area.Kind.PREFECTURE)


class Area(Bilingual):
    """What a figure is about: GB/T 2260 code, or a code of ours for a park. Codes identify, names do not (海南 names two places)."""

    class Kind(models.TextChoices):
        PROVINCE = "province", _("Province")
        PREFECTURE = "prefecture", _("Prefecture")
        COUNTY = "county", _("County")
        PARK = "park", _("Park")

    code = models.CharField(max_length=12, unique=True)
    short_zh = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    succeeds = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="successors")
    note_zh = models.CharField(max_length=400, blank=True)
    note_en = models.CharField(max_length=400, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    @property
    def short(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.short_zh

    def stands_on(self, day: date) -> bool:
        """Whether the area existed on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)

    @property
    def last_day(self) -> date | None:
        """`valid_to` is the first day on which the area is no more."""
        return self.valid_to - timedelta(days=1) if self.valid_to else None


class Bureau(Bilingual):
    """Who reports: an office and the areas it reports for."""

    code = models.CharField(max_length=20, unique=True)
    areas = models.ManyToManyField(Area, related_name="bureaus")

    class Meta:
        ordering = ["code"]
