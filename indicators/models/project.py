from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils.translation import gettext

from accounts import clock
from accounts.errors import TransitionError
from accounts.models import Area, AuditEntry, Bureau, User
from indicators.models.indicator import Indicator
from indicators.periods import Period
from indicators.register import Facts, Line, ProjectRow, finished_sum


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: User) -> "ProjectQuerySet":
        """A clerk sees the own bureau's projects; every other role sees all."""
        if user.role == User.Role.REPORTER:
            return self.filter(bureau=user.bureau_id) if user.bureau_id else self.none()
        return self

    def counted(self) -> "ProjectQuerySet":
        """Those not struck out."""
        return self.filter(struck_out="")

    def finished(self, day: date) -> "ProjectQuerySet":
        return self.counted().filter(finished_on__lte=day)

    def lines(self) -> dict[tuple[str, str], list[Line]]:
        """(indicator code, area code) → finished on and capacity of each project that counts."""
        found: dict[tuple[str, str], list[Line]] = {}
        for indicator, area, day, capacity in self.counted().values_list("indicator__code", "area__code", "finished_on", "capacity"):
            found.setdefault((indicator, area), []).append((day, capacity))
        return found

    def facts(self) -> Facts:
        """What projects are checked against today."""
        areas: dict[str, set[str]] = {}
        for bureau, area in Bureau.objects.values_list("code", "areas__code"):
            areas.setdefault(bureau, set()).add(area)
        there = list(Project.objects.values_list("code", "bureau__code", "struck_out"))
        return Facts(
            indicators=frozenset(Indicator.objects.filter(registered=True).values_list("code", flat=True)),
            areas=areas,
            today=clock.today(),
            owners={code: bureau for code, bureau, _reason in there},
            struck=frozenset(code for code, _bureau, reason in there if reason),
        )

    def load(self, rows: Sequence[ProjectRow], *, by: User | None, source: Mapping[str, Any] | None = None) -> tuple[int, int]:
        """Write sound rows (`indicators.register.faults` finds nothing), all or none: a code that exists is its project. Returns how
        many are new and how many changed; what is the same stays untouched.

        A person may write the own bureau's only, and each project leaves an audit entry with old and new values beside `source`.
        Without a person (the first start) one entry stands for all.
        """
        if by and not (by.can_report and by.bureau and all(row.bureau == by.bureau.code for row in rows)):
            raise PermissionDenied(gettext("Only the reporting bureau itself can do this."))
        keys = _Keys()
        with transaction.atomic():
            list(Bureau.objects.select_for_update().filter(code__in={row.bureau for row in rows}))  # of two writers one waits here
            known = self.filter(code__in=[row.code for row in rows]).select_related("indicator", "area")
            there = {project.code: project for project in known}
            owners = {row.code: keys.bureaus[row.bureau] for row in rows}
            if any(project.struck_out or project.bureau_id != owners[code] for code, project in there.items()):
                raise TransitionError(gettext("The register was changed meanwhile. Look at it again and repeat what you did."))
            written: list[tuple[Project, dict[str, list[Any]]]] = []
            for row in rows:
                project = there.get(row.code) or Project(code=row.code, bureau_id=keys.bureaus[row.bureau])
                if changes := project._take(row, keys, by):
                    written.append((project, changes))
            new = [project for project, _changes in written if project.pk is None]
            if new:
                _create(new)
            if by:
                for project, changes in written:
                    verb = "add_project" if project.code not in there else "change_project"
                    AuditEntry.objects.record(by=by, verb=verb, about=project, data={"changes": changes, **(source or {})})
            Project.objects.bulk_update([project for project, _changes in written if project.code in there], _WRITTEN)
            changed = len(written) - len(new)
            if written and not by:
                data = {"new": len(new), "changed": changed, **(source or {})}
                AuditEntry.objects.record(by=None, verb="load_register", about=written[0][0], data=data)
        return len(new), changed


class _Keys:
    """Codes to primary keys."""

    def __init__(self) -> None:
        self.bureaus = dict(Bureau.objects.values_list("code", "pk"))
        self.indicators = {indicator.code: indicator for indicator in Indicator.objects.filter(registered=True)}
        self.areas = {area.code: area for area in Area.objects.all()}


_TEXTS = ("name", "plant", "capacity", "planned_on", "finished_on", "note")
_WRITTEN = ("indicator", "area", *_TEXTS, "changed_by", "changed_at")


def _create(projects: list["Project"]) -> None:
    """Insert new projects. TransitionError where another bureau has used one of their codes in the same moment."""
    try:
        with transaction.atomic():
            Project.objects.bulk_create(projects)
    except IntegrityError:
        raise TransitionError(gettext("The register was changed meanwhile. Look at it again and repeat what you did.")) from None


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

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "area", "finished_on", "code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("indicators:project", args=[self.pk])

    def row(self) -> ProjectRow:
        """As plain data. Needs indicator, area and bureau."""
        codes: dict[str, Any] = {"indicator": self.indicator.code, "area": self.area.code, "bureau": self.bureau.code}
        return ProjectRow(code=self.code, **codes, **{name: getattr(self, name) for name in _TEXTS})

    def can_be_changed_by(self, user: User) -> bool:
        return user.can_report and user.bureau_id == self.bureau_id and not self.struck_out

    def strike_out(self, *, by: User, reason: str) -> None:
        """Entered in error: it counts no more, and stays readable with the reason."""
        if not (by.can_report and by.bureau_id == self.bureau_id):
            raise PermissionDenied(gettext("Only the reporting bureau itself can do this."))
        if not reason.strip():
            raise TransitionError(gettext("Say why: the reason stays beside it."))
        with transaction.atomic():
            self.refresh_from_db(from_queryset=Project.objects.select_for_update())
            if self.struck_out:
                raise TransitionError(gettext("This project is struck out already."))
            self.struck_out, self.changed_by, self.changed_at = reason.strip()[:500], by, clock.now()
            self.save(update_fields=["struck_out", "changed_by", "changed_at"])
            changes = {"struck_out": ["", self.struck_out]}
            AuditEntry.objects.record(by=by, verb="strike_project", about=self, data={"changes": changes})

    def _take(self, row: ProjectRow, keys: _Keys, by: User | None) -> dict[str, list[Any]]:
        """Set the fields to those of the row; field → old and new value of what that changed."""
        new = {name: getattr(row, name) for name in _TEXTS}
        new |= {"indicator": keys.indicators[row.indicator], "area": keys.areas[row.area]}
        changes: dict[str, list[Any]] = {}
        for name, value in new.items():
            old = getattr(self, name) if self.pk else None
            if old != value:
                changes[name] = [_told(old), _told(value)]
                setattr(self, name, value)
        if changes:
            self.changed_by, self.changed_at = by, clock.now()
        return changes


def _told(value: Any) -> Any:
    """A value as the audit chain keeps it: codes for things, plain numbers."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.code if isinstance(value, Indicator | Area) else value


def register_sums(bureau: Bureau, period: Period) -> dict[tuple[str, str], Decimal]:
    """What the register gives for the figures of a bureau's areas at the end of a period: (indicator code, area code) → sum. Only where
    the area has a project of the indicator."""
    lines = Project.objects.filter(area__in=bureau.areas.all()).lines()
    return {key: finished_sum(projects, period.end)[0] for key, projects in lines.items()}
