from collections.abc import Callable, Hashable, Iterable
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Area
from indicators.periods import Period
from targets.models.plan import Target

if TYPE_CHECKING:
    import pandas as pd

NUMBERS = ("value", "goal", "expected", "gap", "gap_share", "gap_linear", "progress", "required_pace")


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def current(self) -> "AssessmentQuerySet":
        return self.filter(successor__isnull=True)

    def for_pages(self) -> "AssessmentQuerySet":
        return self.select_related("target__indicator", "target__sector", "area")

    def at(self, period: Period | str) -> "AssessmentQuerySet":
        return self.filter(period=str(period))

    def append(self, run: "AssessmentRun", results: "pd.DataFrame") -> int:
        """Store what differs from the results in force; each new row names the one it supersedes. Returns how many were new."""
        targets = dict(Target.objects.values_list("code", "pk"))
        areas = dict(Area.objects.values_list("code", "pk"))
        scope = {
            f"{name}__in": set(results[column])
            for name, column in (("target__code", "target"), ("area__code", "area"), ("period", "period"))
        }
        fresh = [Assessment.of(row, run, targets[row["target"]], areas[row["area"]]) for row in results.to_dict("records")]
        new = superseding(fresh, self.current().filter(**scope), lambda one: (one.target_id, one.area_id, one.period))
        Assessment.objects.bulk_create(new, batch_size=500)
        return len(new)


def superseding(fresh: Iterable[Any], in_force: Iterable[Any], key: Callable[[Any], Hashable]) -> list[Any]:
    """Of the fresh rows those that differ from the row in force of the same key; each names the one it supersedes."""
    earlier = {key(one): one for one in in_force}
    new = []
    for one in fresh:
        one.supersedes = earlier.get(key(one))
        if one.supersedes is None or not one.supersedes.same_as(one):
            new.append(one)
    return new


class AssessmentRun(models.Model):
    """One computation: why, as known when, over what, and how many results were new."""

    reason = models.CharField(max_length=200)
    as_of = models.DateTimeField()
    targets = models.JSONField(default=list)
    recorded_at = models.DateTimeField(auto_now_add=True)
    changed = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.pk}: {self.reason}"


class Assessment(models.Model):
    """What the engine says of a target in an area at the end of a period. Append-only: a later result supersedes, nothing is edited.
    `result` is the engine's whole row (inputs, reasons, margin); the columns repeat what lists filter and show."""

    class Status(models.TextChoices):
        ACHIEVED = "achieved", _("Achieved")
        ON_TRACK = "on_track", _("On track")
        AT_RISK = "at_risk", _("At risk")
        OFF_TRACK = "off_track", _("Off track")
        NO_DATA = "no_data", _("No data")

    run = models.ForeignKey(AssessmentRun, models.PROTECT, related_name="assessments")
    target = models.ForeignKey(Target, models.PROTECT, related_name="assessments")
    area = models.ForeignKey(Area, models.PROTECT, related_name="assessments")
    period = models.CharField(max_length=10)
    period_end = models.DateField()
    status = models.CharField(max_length=10, choices=Status)
    reason = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=24, decimal_places=9, null=True)
    goal = models.DecimalField(max_digits=24, decimal_places=9, null=True)
    expected = models.DecimalField(max_digits=24, decimal_places=9, null=True)
    gap = models.DecimalField(max_digits=24, decimal_places=9, null=True)
    gap_share = models.DecimalField(max_digits=24, decimal_places=9, null=True)
    gap_linear = models.DecimalField(max_digits=24, decimal_places=9, null=True)
    progress = models.DecimalField(max_digits=24, decimal_places=9, null=True)
    required_pace = models.DecimalField(max_digits=24, decimal_places=9, null=True)
    frozen = models.BooleanField(default=False)
    late_fulfilment = models.CharField(max_length=10, blank=True)
    result = models.JSONField(default=dict)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="successor")

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["target__position", "area__code", "period_end"]
        indexes = [models.Index(fields=["period", "area"]), models.Index(fields=["target", "area", "period"])]
        constraints = [
            models.UniqueConstraint(fields=["target", "area", "period"], condition=models.Q(supersedes=None), name="assessment_first_once")
        ]

    def __str__(self) -> str:
        return f"{self.target_id} {self.area_id} {self.period}: {self.status}"

    @classmethod
    def of(cls, row: dict[str, Any], run: AssessmentRun, target: int, area: int) -> "Assessment":
        plain = {name: _plain(value) for name, value in row.items()}
        numbers = {name: _decimal(plain.get(name)) for name in NUMBERS}
        return cls(
            run=run,
            target_id=target,
            area_id=area,
            period=plain["period"],
            period_end=Period.parse(plain["period"]).end,
            status=plain["status"],
            reason=plain["reason"],
            frozen=bool(plain["frozen"]),
            late_fulfilment=plain["late_fulfilment"] or "",
            result=plain,
            **numbers,
        )

    def same_as(self, other: "Assessment") -> bool:
        return self.result == other.result


def _plain(value: Any) -> Any:
    """A JSON value: numpy scalars become Python's, what is not finite becomes null."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return round(value, 9) if isfinite(value) else None
    return None if value is None else value if isinstance(value, (bool, int, str)) else str(value)


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(repr(float(value))).quantize(Decimal("1e-9"))
