"""The installation's seal on templates: the key, a new passport, the judgement of one that came back."""

import hmac
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.conf import settings

from accounts import clock
from indicators.form_rows import form_version
from indicators.models.form import ReportingForm
from indicators.models.form_rows import form_rows
from indicators.models.task import ReportingTask
from indicators.passport import Passport
from indicators.rows import Finding
from indicators.rules import passport as rule

if TYPE_CHECKING:
    from indicators.models.submission import Submission

__all__ = ["check_passport", "passport_key", "passport_of", "task_of"]


def passport_key() -> bytes:
    """The key of this installation's passports: from its secret, for this purpose only."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"qhenv.template.passport", "sha256")


def passport_of(task: ReportingTask, version: str) -> Passport:
    """The passport of a template made today."""
    return Passport(
        bureau=task.bureau.code, form=task.form.code, form_version=version, issued=clock.today().isoformat(), period=task.period
    )


def task_of(submission: "Submission", form: ReportingForm | None, period: str) -> ReportingTask | None:
    """The task a file answers, as lines to fill in; not from the database, which may not have opened it. None where form or period is
    not known, or the form asks for nothing."""
    if form is None or form.is_bulk or not period:
        return None
    return ReportingTask(form=form, bureau=submission.bureau, period=period)


def check_passport(text: str, submission: "Submission", form: ReportingForm | None, period: str) -> Iterator[Finding]:
    """What is wrong with the passport of a file; nothing for a file without one."""
    if text:
        task = task_of(submission, form, period)
        version = form_version(form_rows(task)) if task else ""
        expected = Passport(submission.bureau.code, form.code if form else "", version, "", period if task else "")
        yield from rule.check(text, passport_key(), expected)
