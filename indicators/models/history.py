"""Loads the past through the same door as everything else, with the day each file arrived and became known."""

from datetime import datetime, time

from accounts import clock
from accounts.models import User
from indicators.history import DECIDE, Event
from indicators.models.entry import SubmissionFinding
from indicators.models.form import ReportingForm
from indicators.models.submission import Submission


def replay(event: Event) -> Submission | None:
    """Do one event of the past; returns the submission if it was approved. Doing it twice changes nothing."""
    clerk = User.objects.get(bureau__code=event.bureau, role=User.Role.REPORTER)
    if event.kind == DECIDE:
        return _decide(event, clerk)
    _arrive(event, clerk)
    return None


def _moment(event: Event, hour: int) -> datetime:
    return datetime.combine(event.day, time(hour), clock.ZONE)


def _arrive(event: Event, clerk: User) -> None:
    """As far as the file's action says, from wherever an interrupted loading left it."""
    moment = _moment(event, 10)
    submission = Submission.objects.filter(bureau=clerk.bureau, filename=event.path.name, arrived_at=moment).first()
    if submission is None:
        form = ReportingForm.objects.get(code=event.form)
        content = event.path.read_bytes()
        submission, _ = Submission.objects.receive(
            content, event.path.name, by=clerk, door="command", form=form, period=event.period, arrived_at=moment, check_now=True
        )
    if submission.allows("check"):
        submission.validate()
    if not submission.allows("submit") or event.action == "leave_checked":
        return
    open_warnings = submission.findings.filter(severity=SubmissionFinding.Severity.WARNING, explanation="")
    if event.explanation and (texts := {finding.pk: event.explanation for finding in open_warnings}):
        submission.explain(texts, by=clerk)
    submission.submit(by=clerk, at=moment)


def _decide(event: Event, clerk: User) -> Submission | None:
    """Approve or return; a file approved before an interruption is given back again, for nobody may have assessed it."""
    moment = _moment(event, 16)
    files = Submission.objects.filter(bureau=clerk.bureau, filename=event.path.name)
    if done := files.filter(state=Submission.State.APPROVED, known_at=moment).first():
        return done
    submission = files.waiting().order_by("-pk").first()
    if submission is None:
        return None
    reviewer = User.objects.filter(role=User.Role.REVIEWER).order_by("pk").first()
    assert reviewer is not None, "loading the past needs a reviewer"
    if event.action == "approve":
        submission.approve(by=reviewer, known_at=moment)
        return submission
    submission.return_for_changes(by=reviewer, reason=event.action.removeprefix("return:"), at=moment)
    return None
