from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from accounts.models import Area
from indicators.models.entry import Entry, VintageField
from indicators.models.indicator import Indicator
from indicators.periods import Period

if TYPE_CHECKING:
    from indicators.models.submission import Submission


class ObservationQuerySet(models.QuerySet["Observation"]):
    def as_of(self, moment: datetime) -> "ObservationQuerySet":
        """What was known at that moment: later figures, and revisions that came later, are left out."""
        superseded_then = Observation.objects.filter(supersedes=models.OuterRef("pk"), known_at__lte=moment)
        return self.filter(~models.Exists(superseded_then), known_at__lte=moment)

    def current(self) -> "ObservationQuerySet":
        """The figures in force: nothing supersedes them."""
        return self.filter(successor__isnull=True)

    def record(self, submission: "Submission") -> list["Observation"]:
        """Append the approved figures. An unchanged figure stays as it is; a changed one supersedes it and both stay for ever."""
        entries = list(submission.entries.select_related("indicator", "area"))
        keys = {
            "indicator__in": {e.indicator_id for e in entries},
            "area__in": {e.area_id for e in entries},
            "period__in": {e.period for e in entries},
        }
        in_force = {(o.indicator_id, o.area_id, o.period): o for o in self.current().filter(**keys)}
        new = []
        for entry in entries:
            earlier = in_force.get((entry.indicator_id, entry.area_id, entry.period))
            if earlier and (earlier.value, earlier.status, earlier.vintage) == (entry.value, entry.status, entry.vintage):
                continue
            new.append(Observation.of(entry, submission, earlier))
        Observation.objects.bulk_create(new)
        return new


class Observation(VintageField):
    """An approved value for indicator × area × period, as filed (year-to-date for flows). Append-only: a revision is a new row that
    names the one it supersedes. `recorded_at` is the real moment, `known_at` the clock's; only historical loading sets it earlier."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="observations")
    area = models.ForeignKey(Area, models.PROTECT, related_name="observations")
    period = models.CharField(max_length=10)
    period_end = models.DateField()
    value = models.DecimalField(max_digits=30, decimal_places=15, null=True)
    status = models.CharField(max_length=1)
    source = models.CharField(max_length=300, blank=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="observation")
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="successor")
    recorded_at = models.DateTimeField(auto_now_add=True)
    known_at = models.DateTimeField()

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "area", "period_end", "pk"]
        indexes = [models.Index(fields=["indicator", "area", "period"])]
        constraints = [
            # One first figure per key; every later one hangs on exactly one earlier (OneToOne): the history is one line.
            models.UniqueConstraint(
                fields=["indicator", "area", "period"], condition=models.Q(supersedes=None), name="observation_first_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.area_id} {self.period} = {self.value}"

    @classmethod
    def of(cls, entry: Entry, submission: "Submission", earlier: "Observation | None") -> "Observation":
        assert submission.known_at is not None, "an approved submission knows when it became known"
        return cls(
            indicator=entry.indicator,
            area=entry.area,
            period=entry.period,
            period_end=Period.parse(entry.period).end,
            value=entry.value,
            status=entry.status,
            source=entry.source,
            vintage=entry.vintage,
            entry=entry,
            supersedes=earlier,
            known_at=submission.known_at,
        )
