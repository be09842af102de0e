from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext

from accounts import clock
from accounts.models import Area
from targets.models.assessment import AssessmentRun, superseding
from targets.models.plan import Target
from targets.progress.outlook_words import METHODS, REASONS

if TYPE_CHECKING:
    import pandas as pd

NUMBERS = ("value", "low80", "high80", "low95", "high95")
PACES = ("required_pace", "required_pace_reason", "pace_unit", "recent_pace", "recent_reason", "recent_from", "recent_to")
DATA = ("goal_level", *PACES, "last_period", "last_value", "path")


class OutlookQuerySet(models.QuerySet["Outlook"]):
    def in_force(self) -> "OutlookQuerySet":
        return self.filter(successor__isnull=True)

    def current(self) -> "OutlookQuerySet":
        """In force and still ahead: once its deadline is over, a target has a result and no outlook."""
        return self.in_force().filter(target__target_year__gte=clock.today().year)

    def for_pages(self) -> "OutlookQuerySet":
        return self.select_related("target__indicator", "target__plan", "area")

    def of(self, target: Target, area: Area) -> "Outlook | None":
        return self.current().for_pages().filter(target=target, area=area).first()

    def append(self, run: AssessmentRun, table: "pd.DataFrame") -> int:
        """Store what differs from the outlooks in force; each new row names the one it supersedes. Returns how many were new."""
        targets = dict(Target.objects.values_list("code", "pk"))
        areas = dict(Area.objects.values_list("code", "pk"))
        fresh = [Outlook.of(row, run, targets[row["target"]], areas[row["area"]]) for row in table.to_dict("records")]
        in_force = self.in_force().filter(target__code__in=set(table["target"]))
        new = superseding(fresh, in_force, lambda one: (one.target_id, one.area_id))
        Outlook.objects.bulk_create(new, batch_size=500)
        return len(new)


class Outlook(models.Model):
    """What the figures up to a period let expect of a target in an area at its deadline: a forecast with its ranges and the chance of
    meeting the goal, or the reason why there is none. Append-only, as assessments are; one is in force for each target and area.
    `data` holds the paces (units and reasons with them) and the forecast's path."""

    run = models.ForeignKey(AssessmentRun, models.PROTECT, related_name="outlooks")
    target = models.ForeignKey(Target, models.PROTECT, related_name="outlooks")
    area = models.ForeignKey(Area, models.PROTECT, related_name="outlooks")
    period = models.CharField(max_length=10)
    method = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    points = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=24, decimal_places=9, null=True)
    low80 = models.DecimalField(max_digits=24, decimal_places=9, null=True)
    high80 = models.DecimalField(max_digits=24, decimal_places=9, null=True)
    low95 = models.DecimalField(max_digits=24, decimal_places=9, null=True)
    high95 = models.DecimalField(max_digits=24, decimal_places=9, null=True)
    chance = models.DecimalField(max_digits=3, decimal_places=2, null=True)
    data = models.JSONField(default=dict)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="successor")

    objects = OutlookQuerySet.as_manager()

    class Meta:
        ordering = ["target__position", "area__code"]
        indexes = [models.Index(fields=["target", "area"])]
        constraints = [models.UniqueConstraint(fields=["target", "area"], condition=models.Q(supersedes=None), name="outlook_first_once")]

    def __str__(self) -> str:
        return f"{self.target_id} {self.area_id} {self.period}: {self.method or self.reason}"

    @classmethod
    def of(cls, row: dict[str, Any], run: AssessmentRun, target: int, area: int) -> "Outlook":
        return cls(
            run=run,
            target_id=target,
            area_id=area,
            period=row["period"],
            method=row["method"],
            reason=row["reason"],
            points=row["points"],
            chance=_decimal(row["chance"], "0.01"),
            data={name: _plain(row[name]) for name in DATA},
            **{name: _decimal(row[name], "1e-9") for name in NUMBERS},
        )

    def same_as(self, other: "Outlook") -> bool:
        """By what is stored exactly: the numbers' own columns are rounded by the database, the path in `data` ends with them."""
        names = ("period", "method", "reason", "points", "chance", "data")
        return all(getattr(self, name) == getattr(other, name) for name in names)

    @property
    def deadline(self) -> str:
        return f"{self.target.target_year}-Q4"

    @property
    def how(self) -> str:
        """The method in a few plain words; "" where there is no forecast."""
        return gettext(METHODS[self.method]) if self.method else ""

    @property
    def why_none(self) -> str:
        """Why there is no forecast; "" where there is one."""
        return gettext(REASONS[self.reason]) % {"points": self.points} if self.reason else ""

    @property
    def why_no_pace(self) -> str:
        """Why there is no pace of late; "" where there is one."""
        return gettext(REASONS[self.data["recent_reason"]])


def _plain(value: Any) -> Any:
    return None if value != value else value


def _decimal(value: float, places: str) -> Decimal | None:
    return None if value != value else Decimal(repr(float(value))).quantize(Decimal(places))
