import hashlib
import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils import timezone

from accounts.models.user import User
from accounts.source import current_source

CHAIN_LOCK = 0x71_68_65_6E_76  # "qhenv": one advisory lock keeps the chain in one line on PostgreSQL.


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def about(self, thing: models.Model) -> "AuditQuerySet":
        return self.filter(object_type=thing._meta.label, object_id=str(thing.pk))

    def record(self, *, by: User | None, verb: str, about: models.Model, data: dict[str, Any] | None = None) -> "AuditEntry":
        """Append one act to the chain, inside the act's own transaction: if it cannot be written, the act fails."""
        source = current_source()
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
            last = self.order_by("-number").values("number", "hash").first() or {"number": 0, "hash": ""}
            entry = AuditEntry(
                number=last["number"] + 1,
                at=timezone.now(),
                actor=by.username if by else "",
                role=by.role if by else "",
                verb=verb,
                object_type=about._meta.label,
                object_id=str(about.pk),
                door=source.door,
                address=source.address,
                data=json.loads(json.dumps(data or {}, cls=DjangoJSONEncoder)),
                previous_hash=last["hash"],
            )
            entry.hash = entry.digest()
            entry.save(force_insert=True)
        return entry

    def first_broken(self) -> "AuditEntry | None":
        """The first entry whose hash, link or number does not follow from the one before; None if the chain is whole."""
        number, previous = 0, ""
        for entry in self.order_by("number").iterator(chunk_size=5000):
            if entry.number != number + 1 or entry.previous_hash != previous or entry.digest() != entry.hash:
                return entry
            number, previous = entry.number, entry.hash
        return None


class AuditEntry(models.Model):
    """Who did what to which thing, when and from where. Append-only (triggers in the database); each carries the hash of the one before."""

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=15, blank=True)
    verb = models.CharField(max_length=40)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    door = models.CharField(max_length=12)
    address = models.CharField(max_length=45, blank=True)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        indexes = [models.Index(fields=["object_type", "object_id"])]

    def __str__(self) -> str:
        return f"{self.number} {self.actor} {self.verb} {self.object_type} {self.object_id}"

    def digest(self) -> str:
        """SHA-256 over the fields in fixed order as compact JSON with sorted keys, UTF-8."""
        body = [
            self.number,
            _stamp(self.at),
            self.actor,
            self.role,
            self.verb,
            self.object_type,
            self.object_id,
            self.door,
            self.address,
            self.data,
            self.previous_hash,
        ]
        text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _stamp(moment: datetime) -> str:
    return moment.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds")
