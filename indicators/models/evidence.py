from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext

from accounts import clock
from accounts.errors import TransitionError
from accounts.models import Area, AuditEntry, Bureau, User
from indicators.file_kinds import media_type
from indicators.models.form import ReportingForm
from indicators.models.indicator import Indicator
from indicators.models.project import Project
from indicators.models.task import ReportingTask
from indicators.models.upload import Upload
from indicators.periods import Period
from indicators.readers.table import Refused


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: User) -> "EvidenceQuerySet":
        """A clerk sees the own bureau's evidence; every other role sees all."""
        if user.role == User.Role.REPORTER:
            return self.filter(Q(task__bureau=user.bureau_id) | Q(project__bureau=user.bureau_id)) if user.bureau_id else self.none()
        return self

    def in_force(self) -> "EvidenceQuerySet":
        """What was not withdrawn."""
        return self.filter(withdrawn="")

    def evidenced(self, bureau: Bureau, form: ReportingForm, period: str) -> frozenset[tuple[str, str]]:
        """(indicator code, area code) of the figures of a task that have evidence."""
        attached = self.filter(task__bureau=bureau, task__form=form, task__period=period)
        return frozenset(attached.values_list("indicator__code", "area__code"))

    def for_lists(self) -> "EvidenceQuerySet":
        """With what a list shows, without the bytes."""
        return self.select_related("upload", "added_by", "indicator", "area").defer("upload__content")

    def add(
        self,
        content: bytes,
        filename: str,
        *,
        by: User,
        task: ReportingTask | None = None,
        figure: tuple[Indicator, Area] | None = None,
        project: Project | None = None,
    ) -> tuple["Evidence", bool]:
        """Attach a file to a figure of a task, or to a project. Returns the evidence and whether it is new: the same bytes at the same
        place are the evidence that is there. PermissionDenied for another bureau's clerk, TransitionError for a file that cannot be
        taken or a figure the task does not ask of the bureau."""
        owner = task or project
        assert owner is not None, "evidence of nothing"
        assert bool(task) == bool(figure), "a task's evidence names its figure, a project's has none"
        if not (by.can_report and by.bureau_id == owner.bureau_id):
            raise PermissionDenied(gettext("Only the reporting bureau itself can do this."))
        if task and figure not in figures_of(task):
            raise TransitionError(gettext("The task does not ask for this figure."))
        try:
            kind = media_type(content, filename)
        except Refused as refused:
            raise TransitionError(gettext(refused.message) % refused.params) from None
        indicator, area = figure or (None, None)
        place = {"task": task, "indicator": indicator, "area": area, "project": project}
        with transaction.atomic():
            Bureau.objects.select_for_update().get(pk=owner.bureau_id)  # two equal files at the same moment: one waits here
            upload = Upload.keep(content)
            same = self.in_force().filter(upload=upload, **place).first()
            if same:
                return same, False
            one = self.create(upload=upload, filename=filename[-200:], media_type=kind, added_by=by, added_at=clock.now(), **place)
            data = {"filename": one.filename, "sha256": upload.sha256, "size": upload.size, "about": str(owner)}
            if figure:
                data["figure"] = one.figure
            AuditEntry.objects.record(by=by, verb="add_evidence", about=one, data=data)
        return one, True


class Evidence(models.Model):
    """A file that stands behind a figure or milestone of a task, or behind a project: a decision, an acceptance report, a photograph.
    The bytes are kept unchanged with their SHA-256. It is withdrawn with a reason, never deleted."""

    upload = models.ForeignKey(Upload, models.PROTECT, related_name="+")
    filename = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    task = models.ForeignKey(ReportingTask, models.PROTECT, null=True, blank=True, related_name="evidence")
    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="evidence")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    withdrawn = models.CharField(max_length=500, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(task__isnull=False, project=None) | models.Q(task=None, project__isnull=False),
                name="evidence_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    def get_absolute_url(self) -> str:
        return reverse("indicators:evidence", args=[self.pk])

    @property
    def bureau_id(self) -> int:
        owner = self.task or self.project
        assert owner is not None  # the constraint above
        return owner.bureau_id

    @property
    def figure(self) -> str:
        """The figure as the grid names it: A5/630200; "" for a project's."""
        return f"{self.indicator.code}/{self.area.code}" if self.indicator and self.area else ""

    def can_be_withdrawn_by(self, user: User) -> bool:
        return not self.withdrawn and user.can_report and user.bureau_id == self.bureau_id

    def withdraw(self, *, by: User, reason: str) -> None:
        """The bureau takes it back. It counts no more, and stays readable as withdrawn, with the reason."""
        if not (by.can_report and by.bureau_id == self.bureau_id):
            raise PermissionDenied(gettext("Only the reporting bureau itself can do this."))
        if not reason.strip():
            raise TransitionError(gettext("Say why: the reason stays beside it."))
        with transaction.atomic():
            self.refresh_from_db(from_queryset=Evidence.objects.select_for_update())
            if self.withdrawn:
                raise TransitionError(gettext("This evidence is withdrawn already."))
            self.withdrawn = reason.strip()[:500]
            self.save(update_fields=["withdrawn"])
            AuditEntry.objects.record(by=by, verb="withdraw_evidence", about=self, data={"reason": self.withdrawn})


def figures_of(task: ReportingTask) -> list[tuple[Indicator, Area]]:
    """The figures a task asks of its bureau, in the order of the form."""
    items = task.form.items_asked(Period.parse(task.period)).filter(area__in=task.bureau.areas.all())
    return [(item.indicator, item.area) for item in items.select_related("indicator", "area").order_by("indicator__position", "area__code")]


def evidence_by_figure(found: Iterable[Evidence]) -> dict[tuple[int | None, int | None], list[Evidence]]:
    """(indicator, area) → evidence, by primary keys."""
    grouped: dict[tuple[int | None, int | None], list[Evidence]] = {}
    for one in found:
        grouped.setdefault((one.indicator_id, one.area_id), []).append(one)
    return grouped
