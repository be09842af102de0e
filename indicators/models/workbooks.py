"""Gathers from the database what the workbooks for a bureau are made of: the template, the current one with the values of an earlier
file, and the file handed back with its findings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from accounts.models import Area, User
from indicators.form_rows import FormRow, form_version
from indicators.models import passports
from indicators.models.entry import SubmissionFinding
from indicators.models.form_rows import form_rows
from indicators.models.indicator import Indicator
from indicators.models.passports import passport_key, passport_of
from indicators.models.submission import Submission
from indicators.models.task import ReportingTask
from indicators.parsing import parse
from indicators.passport import sign
from indicators.periods import Period
from indicators.readers import read
from indicators.rules import RULES, passport
from indicators.writers import annotated, template
from indicators.writers.carrying import carry
from indicators.writers.language import Language
from indicators.writers.template import Filled, Left, Template

_HELP = {rule.code: (rule.title, rule.help) for rule in RULES}


def task_of(submission: Submission) -> ReportingTask | None:
    """The task a checked submission answers: the one that was opened, else its lines all the same; None where its form or period is not
    known or the form asks for nothing."""
    unsaved = passports.task_of(submission, submission.form, submission.period)
    if unsaved is None:
        return None
    opened = ReportingTask.objects.filter(form=unsaved.form, bureau=unsaved.bureau, period=unsaved.period)
    return opened.select_related("form", "bureau").first() or unsaved


@dataclass(frozen=True, slots=True)
class Offer:
    """Which workbooks a submission's page offers: the file with its findings; where it came in a template that is not the current one,
    that one with its values."""

    returned: bool = False
    carried: bool = False


def offered(submission: Submission, user: User) -> Offer:
    """What the page of a submission offers a person; the current template only to the bureau itself."""
    found = set(submission.findings.order_by().values_list("rule", flat=True).distinct())
    if submission.state == Submission.State.DRAFT or "unreadable" in found:
        return Offer()
    renew = user.bureau_id == submission.bureau_id and found & {rule.code for rule in passport.RULES}
    return Offer(bool(found), bool(renew) and passports.task_of(submission, submission.form, submission.period) is not None)


def template_of(task: ReportingTask) -> bytes:
    """The template workbook of a task, in the language in use."""
    return template.write(_template(task, form_rows(task)))


def carried(submission: Submission, task: ReportingTask) -> bytes:
    """The current template of a submission's task (see `task_of`) with the values of its file."""
    rows = form_rows(task)
    units = dict(Indicator.objects.values_list("code", "unit_zh"))
    parsed = parse(read(bytes(submission.upload.content), submission.filename).tables, _milestones(), submission.period, units)
    filled, left = carry(parsed.rows, rows, submission.period, gettext)
    return template.write(_template(task, rows, filled, left))


def returned(submission: Submission) -> bytes:
    """The submission's own workbook with the findings at its cells. Raises NotAnnotated."""
    content = bytes(submission.upload.content)
    reading = read(content, submission.filename)
    findings = list(submission.findings.all())
    title = gettext("Findings: %(file)s") % {"file": submission.filename}
    return annotated.annotate(content, reading.tables, reading.passport, _marks(findings), title, _language())


def findings_table(submission: Submission) -> Iterator[Sequence[str]]:
    """The findings as lines of texts, the header first: for a file that is too large to be marked."""
    yield [gettext(name) for name in annotated.HEADERS]
    for mark in _marks(list(submission.findings.all())):
        yield [gettext(annotated.SEVERITIES[mark.severity]), str(mark.cell or ""), mark.about, mark.found, mark.help, mark.title]


def file_name(task: ReportingTask) -> str:
    """海东-节能环保目标季度报表-2018-Q3.xlsx: the bureau's first area, the form, the period."""
    first = task.bureau.areas.filter(pk__in=Area.objects.valid_on(Period.parse(task.period).end)).order_by("code").first()
    return f"{first.short if first else task.bureau.code}-{task.form.name}-{task.period}.xlsx"


def _template(task: ReportingTask, rows: Sequence[FormRow], filled: dict[str, Filled] | None = None, left: Sequence[Left] = ()) -> Template:
    due = task.extended_to or task.due_on if task.pk else None
    return Template(
        form=(task.form.code, task.form.name),
        bureau=(task.bureau.code, task.bureau.name),
        period=(task.period, _words(Period.parse(task.period))),
        due=due.isoformat() if due else "",
        rows=rows,
        passport=sign(passport_of(task, form_version(rows)), passport_key()),
        language=_language(),
        filled=filled or {},
        left=left,
    )


def _language() -> Language:
    return Language(not (get_language() or "").startswith("en"), gettext)


def _words(period: Period) -> str:
    """A period and the months its amounts cover: 2018年三季度（1—9月）, 2018 Q3 (January to September)."""
    chinese = _language().chinese
    if period.frequency == "A":
        return f"{period.year}年" if chinese else f"{period.year}"
    months = f"（1—{period.month}月）" if chinese else f" (January to {period.end:%B})"
    if period.frequency == "M":
        return f"{period.year}年{period.month}月{months}" if chinese else f"{period.end:%B} {period.year}{months}"
    return f"{period.year}年{'一二三四'[period.number - 1]}季度{months}" if chinese else f"{period.year} Q{period.number}{months}"


def _milestones() -> frozenset[str]:
    return frozenset(Indicator.objects.filter(kind=Indicator.Kind.MILESTONE).values_list("code", flat=True))


def _marks(findings: Sequence[SubmissionFinding]) -> list[annotated.Mark]:
    names = {indicator.code: indicator.name for indicator in Indicator.objects.filter(code__in={one.indicator for one in findings})}
    marks = []
    for one in findings:
        title, help_text = (gettext(text) for text in _HELP.get(one.rule, (one.rule, "")))
        about = " ".join(filter(None, (one.indicator, names.get(one.indicator, ""), one.area)))
        marks.append(annotated.Mark(one.cell, one.severity, about, one.sentence, help_text, title))
    return marks
