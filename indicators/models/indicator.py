from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Bilingual
from indicators.rows import IndicatorSpec


class Sector(Bilingual):
    """A field of the policy: industry, air, sewage …"""

    code = models.CharField(max_length=30, unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def specs(self) -> dict[str, IndicatorSpec]:
        """The dictionary as plain data, by code."""
        return {indicator.code: indicator.spec() for indicator in self}


class Indicator(Bilingual):
    """A defined measurable series: what a number means, in which unit, and how areas add up. Reported, or derived from others."""

    class Kind(models.TextChoices):
        FLOW = "flow", _("flow, filed year-to-date")
        STOCK = "stock", _("stock, at the period's end")
        RATIO = "ratio", _("ratio")
        MILESTONE = "milestone", _("milestone stage")
        RATE = "rate", _("published rate")
        LEVEL_CODE = "level_code", _("published level")

    code = models.CharField(max_length=20, unique=True)
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="indicators")
    unit_zh = models.CharField(max_length=40, blank=True)
    unit_en = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    direction = models.CharField(max_length=6, choices=[("up", _("more is better")), ("down", _("less is better")), ("none", _("neither"))])
    rollup = models.CharField(max_length=15)
    decimals = models.PositiveSmallIntegerField(default=2)
    numerator = models.CharField(max_length=20, blank=True)
    denominator = models.CharField(max_length=20, blank=True)
    formula = models.JSONField(default=list, blank=True, help_text=_("codes that add up to this indicator"))
    scale = models.DecimalField(max_digits=12, decimal_places=4, default=1)
    minimum = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    maximum = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    frequency = models.CharField(max_length=1, default="Q")
    reported = models.BooleanField(default=True)
    part_of_whole = models.BooleanField(default=False)
    registered = models.BooleanField(default=False, help_text=_("the sum of the finished projects in the register"))
    rate_of = models.CharField(max_length=20, blank=True, help_text=_("the indicator whose yearly change this published rate states"))
    note_zh = models.CharField(max_length=600, blank=True)
    note_en = models.CharField(max_length=600, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]

    @property
    def unit(self) -> str:
        return self.unit_en if (get_language() or "").startswith("en") else self.unit_zh

    def spec(self) -> IndicatorSpec:
        return IndicatorSpec(
            code=self.code,
            kind=self.kind,
            unit=self.unit_zh,
            decimals=self.decimals,
            direction=self.direction,
            rollup=self.rollup,
            numerator=self.numerator,
            denominator=self.denominator,
            formula=tuple(self.formula),
            scale=float(self.scale),
            minimum=self.minimum,
            maximum=self.maximum,
            frequency=self.frequency,
            reported=self.reported,
            part_of_whole=self.part_of_whole,
            registered=self.registered,
        )
