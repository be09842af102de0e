from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext

from accounts import clock
from accounts.errors import TransitionError
from accounts.models import AuditEntry, User
from indicators.drafts import COLUMNS, Change, body_of, merge
from indicators.form_rows import FormRow
from indicators.models.checking import Verdict, judge
from indicators.models.form_rows import form_rows
from indicators.models.task import ReportingTask
from indicators.models.upload import Upload
from indicators.parsing import parse
from indicators.readers import read

if TYPE_CHECKING:
    from indicators.models.submission import Submission


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of a saving: the draft as it is now, the changes it did not take because somebody else had changed the same cell, and
    whether others had saved since the window last heard of it."""

    draft: "Draft"
    conflicts: Sequence[Change]
    moved_on: bool


class DraftQuerySet(models.QuerySet["Draft"]):
    def of(self, task: ReportingTask, *, by: User, lock: bool = False) -> "Draft":
        """The draft of a task; an empty one, not yet stored, where nothing is typed. `lock`: two windows that save take turns.

        PermissionDenied for anybody but the bureau's own clerk.
        """
        if not task.is_of(by):
            raise PermissionDenied(gettext("Only the reporting bureau itself can do this."))
        if lock:
            ReportingTask.objects.select_for_update().get(pk=task.pk)
        return self.filter(task=task).first() or Draft(task=task)

    @transaction.atomic
    def save_cells(self, task: ReportingTask, changes: Sequence[Change], version: int, *, by: User) -> Saved:
        """Merge what one window typed, cell by cell. `version` is the draft it last heard of. Not audited: sending is.

        PermissionDenied for anybody but the bureau's own clerk, TransitionError while the task is answered.
        """
        draft = self.of(task, by=by, lock=True)
        draft.require_open()
        moved_on = draft.version != version
        cells, conflicts = merge(draft.cells, changes, stale=moved_on)
        if cells != draft.cells:
            draft.keep(cells, by=by)
        return Saved(draft, conflicts, moved_on)

    @transaction.atomic
    def take_over(self, task: ReportingTask, *, by: User) -> int:
        """Fill an empty draft with what the task's last file said, if that did not get through, or start the correction of what is
        approved from its figures; returns the number of lines. TransitionError where there is nothing to take over."""
        draft = self.of(task, by=by, lock=True)
        source = draft.offered()
        if source is None:
            raise TransitionError(gettext("There is no file whose figures could be taken over."))
        if draft.is_answered:
            draft.corrects = source
        cells = written_in(source, form_rows(task))
        draft.keep(cells, by=by)
        data = {"task": task.pk, "submission": source.pk, "lines": len(cells)}
        AuditEntry.objects.record(by=by, verb="take_over", about=draft, data=data)
        return len(cells)


class Draft(models.Model):
    """What a bureau has typed into the browser's grid for a task and not yet sent. Only a draft: it may be overwritten, and becomes a
    submission through the one door when it is sent. `cells` maps "A5/630200" to {"value", "source", "note"}, texts as typed, what is
    empty left out; `version` grows with each saving. `corrects` is the approved submission somebody has begun to correct in it: without
    that, a task that is answered takes no more typing."""

    task = models.OneToOneField(ReportingTask, models.CASCADE, related_name="draft")
    cells = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    corrects = models.ForeignKey("indicators.Submission", models.PROTECT, null=True, blank=True, related_name="+")
    updated_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.task} v{self.version}"

    def keep(self, cells: dict[str, dict[str, str]], *, by: User) -> None:
        self.cells, self.version = cells, self.version + 1
        self.updated_by, self.updated_at = by, clock.now()
        self.save()

    @property
    def answer(self) -> "Submission | None":
        """The task's newest submission that waits for review or is approved."""
        return _sent(self.task, "submitted", "approved")

    @property
    def is_answered(self) -> bool:
        """Whether the task takes no typing: it has its answer, and nobody has begun to correct that."""
        return self.answer is not None and self.answer.pk != self.corrects_id

    def require_open(self) -> None:
        if self.is_answered:
            raise TransitionError(gettext("These figures have been sent. Take them back, or start a correction once they are approved."))

    def offered(self) -> "Submission | None":
        """The submission whose figures may be taken over: the approved one for a correction; else, into an empty draft, the task's last
        one if it was refused, returned or taken back."""
        if self.is_answered:
            return self.answer if self.answer and self.answer.state == "approved" else None
        last = _sent(self.task)
        return last if last and not self.cells and last.state in {"refused", "returned", "withdrawn"} else None

    def content(self, rows: Sequence[FormRow]) -> bytes:
        """The body it would be sent as; `rows` are those of the task's form."""
        return body_of(self.task.form.code, self.task.bureau.code, self.task.period, rows, self.cells, self.corrects_id)

    def judge(self, rows: Sequence[FormRow], *, by: User) -> Verdict:
        """What the check of an upload would say of it now. Stores nothing."""
        from indicators.models.submission import Submission

        return judge(Submission(upload=Upload(content=self.content(rows)), arrived_at=clock.now(), sent_by=by, **self._door()))

    def send(self, *, by: User) -> "Submission":
        """Give it to the one door; the draft stays, so that what does not get through can be mended. TransitionError where nothing is
        typed or the task is answered."""
        from indicators.models.submission import Submission

        self.require_open()
        if not self.cells:
            raise TransitionError(gettext("Nothing is typed in yet. Fill in the figures, then send them."))
        door = self._door()
        submission, _ = Submission.objects.receive(
            self.content(form_rows(self.task)), door["filename"], by=by, door=door["door"], form=door["form"], period=door["period"]
        )
        return submission

    def _door(self) -> dict[str, Any]:
        """What a submission made of it says of itself."""
        task = self.task
        return {"filename": f"{task.period}.json", "form": task.form, "bureau": task.bureau, "period": task.period, "door": "grid"}


def _sent(task: ReportingTask, *states: str) -> "Submission | None":
    """The newest submission for a task, in these states or in any."""
    sent = task.submissions.filter(state__in=states) if states else task.submissions.all()
    return sent.select_related("upload").order_by("-arrived_at", "-pk").first()


def written_in(submission: "Submission", rows: Sequence[FormRow]) -> dict[str, dict[str, str]]:
    """What a file says of the lines that are asked, as written there. Lines of other areas, indicators or periods are left out."""
    parsed = parse(read(bytes(submission.upload.content), submission.filename).tables, period=submission.period)
    asked, found = {row.key for row in rows if row.asked}, {}
    for row in parsed.rows:
        key = f"{row.indicator}/{row.area or _only_area(rows)}"
        if key in asked and row.period == submission.period:
            texts = {"value": row.text, "source": row.source, "note": row.note}
            found[key] = {column: text[: COLUMNS[column]] for column, text in texts.items() if text}
    return {key: texts for key, texts in found.items() if texts}


def _only_area(rows: Sequence[FormRow]) -> str:
    areas = {row.area for row in rows}
    return areas.pop() if len(areas) == 1 else ""
