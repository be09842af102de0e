from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.errors import TransitionError
from accounts.models import AuditEntry, Bureau, User
from indicators.models.checking import Verdict, judge, judge_again
from indicators.models.entry import Entry, SubmissionFinding
from indicators.models.form import ReportingForm
from indicators.models.observation import Observation
from indicators.models.task import ReportingTask
from indicators.models.upload import Upload
from indicators.periods import Period
from indicators.telling import Tell, part, silent
from jobs.models import Job


class State(models.TextChoices):
    DRAFT = "draft", _("Being checked")
    REFUSED = "refused", _("Refused: errors to mend")
    CHECKED = "checked", _("Checked, not yet sent")
    SUBMITTED = "submitted", _("Sent, waiting for review")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned with a reason")
    WITHDRAWN = "withdrawn", _("Taken back")


# The one transition table: move → states it may start from. Everything not listed is refused.
MOVES: Mapping[str, tuple[State, ...]] = {
    "check": (State.DRAFT,),
    "explain": (State.CHECKED,),
    "submit": (State.CHECKED,),
    "withdraw": (State.CHECKED, State.SUBMITTED),
    "return": (State.SUBMITTED,),
    "approve": (State.SUBMITTED,),
}
LIVE = (State.DRAFT, State.CHECKED, State.SUBMITTED, State.APPROVED)


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, user: User) -> "SubmissionQuerySet":
        """A reporter sees the own bureau's submissions; every other role sees all."""
        if user.role == User.Role.REPORTER:
            return self.filter(bureau=user.bureau_id) if user.bureau_id else self.none()
        return self

    def live(self) -> "SubmissionQuerySet":
        return self.filter(state__in=LIVE)

    def waiting(self) -> "SubmissionQuerySet":
        return self.filter(state=State.SUBMITTED)

    def for_lists(self) -> "SubmissionQuerySet":
        """With what a list shows, in a fixed number of queries."""
        counts = {
            f"{severity}s": models.Count("findings", filter=models.Q(findings__severity=severity))
            for severity in ("error", "warning", "note")
        }
        return self.select_related("bureau", "form", "task", "sent_by", "decided_by").annotate(**counts).order_by("-arrived_at", "-pk")

    def link_to_tasks(self) -> int:
        """Give what was sent for a form and period its task, where there is one and it has none; returns how many. One query."""
        tasks = ReportingTask.objects.filter(
            form=models.OuterRef("form"), bureau=models.OuterRef("bureau"), period=models.OuterRef("period")
        )
        alone = self.filter(models.Exists(tasks), task=None)
        return alone.update(task=models.Subquery(tasks.values("pk")[:1]))

    def receive(
        self,
        content: bytes,
        filename: str,
        *,
        by: User,
        door: str,
        form: ReportingForm | None = None,
        period: str = "",
        arrived_at: datetime | None = None,
        check_now: bool = False,
    ) -> tuple["Submission", bool]:
        """The one way in. Keeps the bytes and starts their check; returns the submission and whether it is new.

        The same bytes for the same bureau while the first is live are that first submission. `arrived_at` may be earlier than now for
        historical loading only (audited beside the real moment). PermissionDenied for a person without a bureau to report for,
        ValueError for a period that is none.
        """
        period = str(Period.parse(period)) if period else ""
        if not by.can_report or by.bureau is None:
            raise PermissionDenied(gettext("Only a bureau's clerk can send figures, and only for the own bureau."))
        with transaction.atomic():
            Bureau.objects.select_for_update().get(pk=by.bureau.pk)  # two equal uploads at the same moment: one waits here
            upload = Upload.keep(content)
            same = self.live().filter(bureau=by.bureau, upload=upload).first()
            if same:
                same.check_again_if_lost(by=by)
                return same, False
            submission = self.create(
                upload=upload,
                filename=filename[:200],
                bureau=by.bureau,
                form=form,
                period=period,
                door=door,
                sent_by=by,
                arrived_at=arrived_at or clock.now(),
            )
            AuditEntry.objects.record(
                by=by,
                verb="receive",
                about=submission,
                data={"filename": filename, "sha256": upload.sha256, "size": upload.size, "arrived_at": submission.arrived_at},
            )
            if not check_now:
                submission.start_check(by=by)
        if check_now:
            submission.validate()
        return submission, True


class Submission(models.Model):
    """One upload of one bureau on its way: the file, what it says, what was found, and where it stands."""

    State = State

    upload = models.ForeignKey(Upload, models.PROTECT, related_name="submissions")
    filename = models.CharField(max_length=200)
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="submissions")
    form = models.ForeignKey(ReportingForm, models.PROTECT, null=True, blank=True, related_name="submissions")
    period = models.CharField(max_length=10, blank=True)
    task = models.ForeignKey(ReportingTask, models.PROTECT, null=True, blank=True, related_name="submissions")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    door = models.CharField(max_length=10)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    revises = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="revisions")
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    arrived_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    known_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-arrived_at", "-pk"]
        indexes = [models.Index(fields=["state"]), models.Index(fields=["bureau", "period"])]
        constraints = [
            models.UniqueConstraint(fields=["bureau", "upload"], condition=models.Q(state__in=LIVE), name="submission_live_once"),
        ]

    def __str__(self) -> str:
        return f"{self.bureau} {self.period} {self.filename}"

    def get_absolute_url(self) -> str:
        return reverse("indicators:submission", args=[self.pk])

    @property
    def parsed_period(self) -> Period | None:
        return Period.parse(self.period) if self.period else None

    @property
    def due_on(self) -> date | None:
        """The last day in time of the task it answers, with an extension that was granted; None without a task."""
        return self.task.last_day if self.task else None

    @property
    def is_late(self) -> bool:
        """Whether it arrived after the last day in time."""
        return self.due_on is not None and self.arrived_at.astimezone(clock.ZONE).date() > self.due_on

    def allows(self, move: str) -> bool:
        return self.state in MOVES[move]

    def can_be_sent_by(self, user: User) -> bool:
        return self.allows("submit") and user.can_report and user.bureau_id == self.bureau_id

    def can_be_withdrawn_by(self, user: User) -> bool:
        return self.allows("withdraw") and user.can_report and user.bureau_id == self.bureau_id

    def can_be_decided_by(self, user: User) -> bool:
        return self.allows("approve") and user.can_review and user.pk != self.sent_by_id

    def start_check(self, *, by: User) -> None:
        self.job = Job.objects.enqueue("check", {"submission": self.pk}, by=by)
        self.save(update_fields=["job"])

    def check_again_if_lost(self, *, by: User) -> None:
        """A check that stopped by an error must not block its bytes for ever: sending them again starts it anew."""
        if self.allows("check") and (self.job is None or self.job.state == Job.State.FAILED):
            self.start_check(by=by)

    def validate(self, tell: Tell = silent) -> None:
        """Read, parse and check the file; store ALL findings, and the entries unless an error refuses it. DRAFT → CHECKED or REFUSED."""
        verdict = judge(self, part(tell, 0, 0.7))  # reads in a child process: before the transaction, so that no lock waits for it
        with self._moving("check", by=None) as record:
            self.form, self.period = verdict.form, verdict.period
            self.task = self._task()
            self.revises = self._earlier_approved()
            self.state = State.REFUSED if verdict.refused else State.CHECKED
            self._store(verdict)
            record |= {"state": self.state, "findings": len(verdict.findings), "entries": 0 if verdict.refused else len(verdict.rows)}

    def explain(self, texts: Mapping[int, str], *, by: User) -> None:
        """Answer warnings: finding number → the bureau's words, which travel with the figure."""
        self._require(user_is_of_bureau=by)
        with self._moving("explain", by=by) as record:
            for finding in self.findings.filter(pk__in=texts, severity=SubmissionFinding.Severity.WARNING):
                finding.explanation = texts[finding.pk].strip()[:500]
                finding.save(update_fields=["explanation"])
                record[str(finding.pk)] = finding.explanation

    def submit(self, *, by: User, at: datetime | None = None) -> None:
        """The bureau sends it. Every warning must have been explained. `at` is for loading the past, as in `receive`."""
        self._require(user_is_of_bureau=by)
        if at is None and self.allows("submit"):
            self._require_still_sound(("error", "warning"))
        with self._moving("submit", by=by):
            open_warnings = self.findings.filter(severity=SubmissionFinding.Severity.WARNING, explanation="").count()
            if open_warnings:
                raise TransitionError(
                    gettext("%(count)d warnings have no explanation yet. Explain each, or mend the file and upload it again.")
                    % {"count": open_warnings}
                )
            self.state, self.submitted_at = State.SUBMITTED, at or clock.now()

    def withdraw(self, *, by: User) -> None:
        """The bureau takes back what is not approved yet."""
        self._require(user_is_of_bureau=by)
        with self._moving("withdraw", by=by):
            self.state = State.WITHDRAWN

    def return_for_changes(self, *, by: User, reason: str, at: datetime | None = None) -> None:
        """A reviewer sends it back with a reason; the bureau mends and uploads again."""
        self._require(reviewer=by)
        if not reason.strip():
            raise TransitionError(gettext("Say why it goes back: the bureau must know what to mend."))
        with self._moving("return", by=by) as record:
            self.state, self.reason = State.RETURNED, reason.strip()[:1000]
            self.decided_by, self.decided_at = by, at or clock.now()
            record["reason"] = self.reason

    def approve(self, *, by: User, known_at: datetime | None = None) -> None:
        """A reviewer who is not the sender accepts: the figures become observations, and a job assesses the targets they touch.

        `known_at` is for loading the past: it dates the figures, and the loader itself asks for the assessment of many approvals at once.
        """
        self._require(reviewer=by)
        if known_at is None and self.allows("approve"):
            self._require_still_sound(("error",))
        with self._moving("approve", by=by) as record:
            self.known_at = known_at or clock.now()
            self.state, self.decided_by, self.decided_at = State.APPROVED, by, self.known_at
            new = Observation.objects.record(self)
            record |= {"known_at": self.known_at, "observations": len(new)}
            if new and known_at is None:
                self.job = Job.objects.enqueue("assess", {"submissions": [self.pk]}, by=by)

    @contextmanager
    def _moving(self, move: str, *, by: User | None) -> Iterator[dict[str, Any]]:
        """One transaction around a move: the row is locked and read again, the state checked, the row saved, the audit entry written."""
        with transaction.atomic():
            self.refresh_from_db(from_queryset=Submission.objects.select_for_update())
            if not self.allows(move):
                raise TransitionError(gettext("Not possible: this submission is now “%(state)s”.") % {"state": self.get_state_display()})
            record: dict[str, Any] = {}
            yield record
            self.save()
            AuditEntry.objects.record(by=by, verb=move, about=self, data=record)

    def _require(self, *, user_is_of_bureau: User | None = None, reviewer: User | None = None) -> None:
        if user_is_of_bureau and not (user_is_of_bureau.can_report and user_is_of_bureau.bureau_id == self.bureau_id):
            raise PermissionDenied(gettext("Only the reporting bureau itself can do this."))
        if reviewer and not reviewer.can_review:
            raise PermissionDenied(gettext("Only a reviewer can do this."))
        if reviewer and reviewer.pk == self.sent_by_id:
            raise TransitionError(gettext("Nobody reviews what they sent themselves."))

    def _task(self) -> ReportingTask | None:
        if self.form is None or self.form.is_bulk or not self.period:
            return None
        return ReportingTask.objects.of(self.form, self.bureau, self.period)

    def _require_still_sound(self, severities: Sequence[str]) -> None:
        """Nothing that the check rests on (register, evidence, earlier figures) has changed so that it would find something new."""
        known = set(self.findings.values_list("rule", "indicator", "area"))
        for finding in judge_again(self):
            if finding.severity in severities and (finding.rule, finding.indicator, finding.area) not in known:
                raise TransitionError(
                    gettext("What the check rests on has changed since: %(finding)s The bureau takes the file back and sends it again.")
                    % {"finding": gettext(finding.message) % finding.params}
                )

    def _earlier_approved(self) -> "Submission | None":
        if self.form is None or self.form.is_bulk:
            return None
        return (
            Submission.objects.filter(bureau=self.bureau, form=self.form, period=self.period, state=State.APPROVED)
            .order_by("-known_at", "-pk")
            .first()
        )

    def _store(self, verdict: Verdict) -> None:
        notes = {(row.cell.sheet, row.cell.row): row.note for row in verdict.rows} if verdict.findings else {}
        SubmissionFinding.objects.bulk_create(
            SubmissionFinding(
                submission=self,
                **SubmissionFinding.fields_of(finding, notes.get((finding.cell.sheet, finding.cell.row), "") if finding.cell else ""),
            )
            for finding in verdict.findings
        )
        if not verdict.refused:
            Entry.objects.append(self, verdict.rows, verdict.indicators, verdict.areas)
