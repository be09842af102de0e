from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Case, Exists, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.errors import TransitionError
from accounts.models import AuditEntry, Bureau, User
from indicators.models.calendar_day import CalendarDay
from indicators.models.form import ReportingForm
from indicators.periods import Period
from indicators.working_days import is_working

if TYPE_CHECKING:
    from indicators.models.submission import SubmissionQuerySet

LONGEST_EXTENSION = timedelta(days=60)


class TaskState(models.TextChoices):
    """How far a bureau is with a task, in the order in which it gets there. That it is overdue is said beside it."""

    NOT_STARTED = "not_started", _("Not started")
    DRAFT = "draft", _("Being filled in")
    CHECKED = "checked", _("Checked, not yet sent")
    RETURNED = "returned", _("Returned with a reason")
    SUBMITTED = "submitted", _("Sent, waiting for review")
    APPROVED = "approved", _("Approved")


class ReportingTaskQuerySet(models.QuerySet["ReportingTask"]):
    def visible_to(self, user: User) -> "ReportingTaskQuerySet":
        """A reporter sees the own bureau's tasks; every other role sees all."""
        if user.role == User.Role.REPORTER:
            return self.filter(bureau=user.bureau_id) if user.bureau_id else self.none()
        return self

    def with_state(self) -> "ReportingTaskQuerySet":
        """Annotates `state` (a TaskState), derived from what was sent and drafted for the task, and `answered`: whether a file waits for
        review or is approved, so that nothing is owed. The newest file that was checked decides; a file that waits goes before it, and a
        correction not yet sent does not undo an approval."""
        from indicators.models.draft import Draft

        sent = _submissions().filter(task=OuterRef("pk"))
        newest = sent.filter(state__in=["checked", "returned", "approved"]).order_by("-arrived_at", "-pk").values("state")[:1]
        begun = Exists(sent.filter(state__in=["draft", "refused"])) | Exists(Draft.objects.filter(task=OuterRef("pk")).exclude(cells={}))
        return self.annotate(
            answered=Exists(sent.filter(state__in=["submitted", "approved"])),
            newest=Subquery(newest),
            state=Case(
                When(Exists(sent.filter(state="submitted")), then=Value(TaskState.SUBMITTED)),
                When(newest=TaskState.RETURNED, then=Value(TaskState.RETURNED)),
                When(Exists(sent.filter(state="approved")), then=Value(TaskState.APPROVED)),
                When(newest=TaskState.CHECKED, then=Value(TaskState.CHECKED)),
                When(begun, then=Value(TaskState.DRAFT)),
                default=Value(TaskState.NOT_STARTED),
                output_field=models.CharField(),
            ),
        )

    def for_lists(self) -> "ReportingTaskQuerySet":
        """With state, form and bureau, the earliest day first, in one query."""
        return self.with_state().select_related("form", "bureau").order_by(_LAST_DAY, "form__code", "bureau__code")

    def unanswered(self) -> "ReportingTaskQuerySet":
        """Of tasks with their state: those for which nothing was sent that waits or counts."""
        return self.filter(answered=False)

    def overdue(self, today: date) -> "ReportingTaskQuerySet":
        """Those of them whose last day is over."""
        return self.unanswered().alias(last=_LAST_DAY).filter(last__lt=today)

    def in_state(self, state: str, today: date) -> "ReportingTaskQuerySet":
        """Of tasks with their state: those in one, or the `overdue` ones."""
        return self.overdue(today) if state == "overdue" else self.filter(state=state)

    @transaction.atomic
    def open_due(self, today: date) -> list["ReportingTask"]:
        """Open what is owed and not open yet, and link what was sent for it before; returns the new tasks. Running it again opens nothing.
        One audit entry for a run that opened something."""
        here = set(self.values_list("form", "bureau", "period"))
        new = self._open(owed for owed in ReportingForm.objects.owed(today) if (owed[0].pk, owed[1].pk, str(owed[2])) not in here)
        _submissions().link_to_tasks()
        return new

    def of(self, form: ReportingForm, bureau: Bureau, period: str) -> "ReportingTask | None":
        """The bureau's task for a form and period, opened now if the scheduler has not come to it; None where nothing is owed."""
        wanted = self.filter(form=form, bureau=bureau, period=period)
        if not wanted.exists():
            owed = ReportingForm.objects.filter(pk=form.pk).owed(clock.today())
            self._open(one for one in owed if (one[1].pk, str(one[2])) == (bureau.pk, period))
        return wanted.first()

    def _open(self, owed: Iterable[tuple[ReportingForm, Bureau, Period]]) -> list["ReportingTask"]:
        differs, moment = CalendarDay.objects.differs(), clock.now()
        tasks = [
            ReportingTask(form=form, bureau=bureau, period=str(period), due_on=form.due_on(period, differs), opened_at=moment)
            for form, bureau, period in owed
        ]
        ReportingTask.objects.bulk_create(tasks, ignore_conflicts=True)  # another process may open the same at this moment
        new = list(ReportingTask.objects.filter(opened_at=moment).order_by("pk")) if tasks else []
        if new:
            data = {"opened": len(new), "tasks": [task.pk for task in new]}
            AuditEntry.objects.record(by=None, verb="open_tasks", about=new[0], data=data)
        return new


class ReportingTask(models.Model):
    """What one bureau owes for one form and period, and by when. Opened by the scheduler once the period has ended; its state is that of
    what was sent for it, so nothing is stored twice. `due_on` is the day fixed at its opening, `extended_to` the day a granted extension
    set in its place."""

    State = TaskState

    form = models.ForeignKey(ReportingForm, models.PROTECT, related_name="tasks")
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="tasks")
    period = models.CharField(max_length=10)
    due_on = models.DateField()
    extended_to = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField()

    objects = ReportingTaskQuerySet.as_manager()

    state: str  # by with_state()
    answered: bool

    class Meta:
        ordering = ["-due_on", "form", "bureau"]
        constraints = [models.UniqueConstraint(fields=["form", "bureau", "period"], name="task_once")]

    def __str__(self) -> str:
        return f"{self.bureau} {self.form_id} {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("indicators:task", args=[self.pk])

    @property
    def parsed_period(self) -> Period:
        return Period.parse(self.period)

    @property
    def last_day(self) -> date:
        """The last day in time: of the extension where one was granted."""
        return self.extended_to or self.due_on

    def get_state_display(self) -> str:
        return str(TaskState(self.state).label)

    def overdue_by(self, today: date) -> int:
        """Days since the last day, while nothing was sent that waits or counts; else 0. Needs with_state()."""
        return 0 if self.answered else max((today - self.last_day).days, 0)

    def is_of(self, user: User) -> bool:
        """Whether this person fills it in."""
        return user.can_report and user.bureau_id == self.bureau_id

    @transaction.atomic
    def ask_extension(self, *, until: date, reason: str, by: User) -> "Extension":
        """The bureau asks for more time: until a working day after the last day in force and not before today, at most 60 days on.

        PermissionDenied for anybody else; TransitionError where nothing is owed, a request is open already or the day cannot be.
        """
        if not self.is_of(by):
            raise PermissionDenied(gettext("Only the reporting bureau itself can do this."))
        task = ReportingTask.objects.select_for_update().get(pk=self.pk)
        if not ReportingTask.objects.filter(pk=self.pk).with_state().unanswered().exists():
            raise TransitionError(gettext("Nothing is owed for this task: more time is not needed."))
        if task.extensions.filter(granted=None).exists():
            raise TransitionError(gettext("You have asked already; the reviewers have not answered yet."))
        if fault := task._no_extension(until, reason):
            raise TransitionError(fault)
        asked = task.extensions.create(until=until, reason=reason.strip()[:500], asked_by=by, asked_at=clock.now())
        data = {"task": task.pk, "last_day": task.last_day, "until": until, "reason": asked.reason}
        AuditEntry.objects.record(by=by, verb="ask_extension", about=asked, data=data)
        return asked

    def _no_extension(self, until: date, reason: str) -> str:
        """Why this day or reason cannot be; "" if it can."""
        from_here = max(self.last_day, clock.today())
        if not reason.strip():
            return gettext("Say why you need more time: the reviewers decide on it.")
        if until <= self.last_day or until < clock.today():
            return gettext("Choose a day after %(day)s, the last day in force, and not before today.") % {"day": self.last_day}
        if until > from_here + LONGEST_EXTENSION:
            return gettext("At most 60 days more can be asked for: until %(day)s.") % {"day": from_here + LONGEST_EXTENSION}
        if not is_working(until, CalendarDay.objects.differs()):
            return gettext("%(day)s is not a working day. Choose a working day.") % {"day": until}
        return ""


class ExtensionQuerySet(models.QuerySet["Extension"]):
    def visible_to(self, user: User) -> "ExtensionQuerySet":
        """Those of the tasks the person sees."""
        return self.filter(task__in=ReportingTask.objects.visible_to(user))

    def waiting(self) -> "ExtensionQuerySet":
        return self.filter(granted=None)

    def for_lists(self) -> "ExtensionQuerySet":
        """With task and people, the open ones first."""
        chosen = self.select_related("task__form", "task__bureau", "asked_by", "decided_by")
        return chosen.order_by(models.F("granted").asc(nulls_first=True), "-asked_at", "-pk")


class Extension(models.Model):
    """A bureau's request for more time for one task, and the answer to it. Each has its reason; neither is ever deleted."""

    task = models.ForeignKey(ReportingTask, models.PROTECT, related_name="extensions")
    until = models.DateField()
    reason = models.CharField(max_length=500)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    granted = models.BooleanField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["task"], condition=models.Q(granted=None), name="extension_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.task} → {self.until}"

    @property
    def state(self) -> str:
        return {None: "asked", True: "granted", False: "refused"}[self.granted]

    def get_state_display(self) -> str:
        return {None: gettext("Asked for"), True: gettext("Granted"), False: gettext("Not granted")}[self.granted]

    @transaction.atomic
    def decide(self, *, granted: bool, answer: str, by: User) -> None:
        """A reviewer answers with a reason; granted, the day asked for is the task's last day from now on."""
        if not by.can_review:
            raise PermissionDenied(gettext("Only a reviewer can do this."))
        self.refresh_from_db(from_queryset=Extension.objects.select_for_update())
        if self.granted is not None:
            raise TransitionError(gettext("This request has been answered already."))
        if not answer.strip():
            raise TransitionError(gettext("Give a reason: the bureau sees it."))
        self.granted, self.answer, self.decided_by, self.decided_at = granted, answer.strip()[:500], by, clock.now()
        self.save()
        data: dict[str, Any] = {"task": self.task_id, "until": self.until, "answer": self.answer}
        if granted:
            data["before"] = self.task.last_day
            self.task.extended_to = self.until
            self.task.save(update_fields=["extended_to"])
        AuditEntry.objects.record(by=by, verb="grant_extension" if granted else "refuse_extension", about=self, data=data)


_LAST_DAY = Coalesce("extended_to", "due_on")


def _submissions() -> "SubmissionQuerySet":
    """What was sent; imported late, for a submission knows its task."""
    from indicators.models.submission import Submission

    return Submission.objects.all()
