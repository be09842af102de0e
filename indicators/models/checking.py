"""Brings the database's facts to the plain checks: one file in, one verdict out. Writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from accounts import clock
from accounts.models import Area
from indicators.marks import gettext_noop as _
from indicators.models.evidence import Evidence
from indicators.models.form import ReportingForm
from indicators.models.indicator import Indicator
from indicators.models.observation import Observation
from indicators.models.passports import check_passport
from indicators.models.project import Project
from indicators.parsing import parse
from indicators.periods import Period
from indicators.readers import read
from indicators.rows import ERROR, Finding, Heading, IndicatorSpec, Row
from indicators.rules import check_all
from indicators.rules.context import Context
from indicators.telling import Tell, part, silent

if TYPE_CHECKING:
    from indicators.models.submission import Submission


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the machine says of a file: all findings, and the rows that become entries if none is an error."""

    findings: Sequence[Finding]
    rows: Sequence[Row] = ()
    form: ReportingForm | None = None
    period: str = ""
    indicators: Mapping[str, int] = field(default_factory=dict)  # code → primary key
    areas: Mapping[str, int] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        return any(finding.severity == ERROR for finding in self.findings)


def judge(submission: "Submission", tell: Tell = silent) -> Verdict:
    """Read, parse and check a submission's bytes against dictionary, form and approved figures."""
    reading = read(bytes(submission.upload.content), submission.filename)
    specs = Indicator.objects.specs()
    milestones = frozenset(code for code, spec in specs.items() if spec.kind == "milestone")
    parsed = parse(reading.tables, milestones, submission.period, {code: spec.unit for code, spec in specs.items()}, part(tell, 0.1, 0.6))
    findings = [*reading.findings, *parsed.findings]
    if not parsed.headings:  # nothing could be read, and that is the one thing to say
        return Verdict(findings, form=submission.form, period=submission.period)
    form, period = _form(submission, parsed.heading), submission.period or parsed.heading.period
    if form is None:
        return Verdict([*findings, _no_form(parsed.heading)], period=period)
    findings += check_passport(reading.passport, submission, form, period)
    context = _context(submission, form, period, parsed.rows, specs)
    rows = context.complete(parsed.rows)
    findings += check_all(rows, parsed.headings, context, part(tell, 0.6, 1))
    keys = dict(Indicator.objects.values_list("code", "pk"))
    return Verdict(findings, rows, form, "" if form.is_bulk else period, keys, dict(Area.objects.values_list("code", "pk")))


def judge_again(submission: "Submission") -> list[Finding]:
    """What the checks find now in the stored entries of a submission that passed them: the register, its evidence and the approved
    figures may have changed since. What depends on the file alone is not looked at again."""
    assert submission.form is not None, "a checked submission has its form"
    entries = submission.entries.select_related("indicator", "area")
    rows = [entry.row_of() for entry in entries]
    context = _context(submission, submission.form, submission.period, rows, Indicator.objects.specs())
    return check_all(rows, (), context)


def _context(
    submission: "Submission", form: ReportingForm, period: str, rows: Sequence[Row], specs: Mapping[str, IndicatorSpec]
) -> Context:
    """What the rows of a submission are checked against."""
    rates = dict(Indicator.objects.exclude(rate_of="").values_list("code", "rate_of"))
    day = submission.arrived_at.astimezone(clock.ZONE).date()
    areas = {area.code: area for area in Area.objects.all()}
    asked = form.asked(Period.parse(period)) if period and not form.is_bulk else {}
    return Context(
        form=form.code,
        form_items=asked,
        frequency=form.frequency,
        bulk=form.is_bulk,
        bureau=submission.bureau.code,
        bureau_areas=frozenset(submission.bureau.areas.values_list("code", flat=True)),
        indicators=specs,
        areas=frozenset(areas),
        area_dates={code: (area.valid_from, area.last_day) for code, area in areas.items() if area.valid_from or area.valid_to},
        period="" if form.is_bulk else period,
        today=day,
        history=_history(rows, specs, rates),
        rates=rates,
        register=Project.objects.filter(indicator__code__in={row.indicator for row in rows}).lines(),
        evidenced=Evidence.objects.in_force().evidenced(submission.bureau, form, period),
    )


def _form(submission: "Submission", heading: Heading) -> ReportingForm | None:
    return submission.form or ReportingForm.objects.filter(code=heading.form, bureaus=submission.bureau).first()


def _no_form(heading: Heading) -> Finding:
    message = _(
        "The file does not say which of your forms it answers (found “%(found)s”). "
        "Put the form's code beside “form” at the top, or choose the form when you upload."
    )
    return Finding("wrong_form", ERROR, message, {"found": heading.form}, heading.cells.get("form"))


def _compared(rows: Sequence[Row], specs: Mapping[str, IndicatorSpec], rates: Mapping[str, str]) -> set[str]:
    """The indicators in the file and those a check looks at beside them: of a ratio its terms and its published rates, of a total its
    parts."""
    named = {row.indicator for row in rows}
    together = [{code, *spec.inputs, *(rate for rate in rates if rates[rate] == code)} for code, spec in specs.items() if spec.inputs]
    return named.union(*(codes for codes in together if codes & named))


def _history(
    rows: Sequence[Row], specs: Mapping[str, IndicatorSpec], rates: Mapping[str, str]
) -> Mapping[tuple[str, str], Mapping[str, Decimal]]:
    """Approved figures of all that is compared, in the areas of the file, by (indicator, area) then period."""
    wanted = Observation.objects.current().filter(
        indicator__code__in=_compared(rows, specs, rates), area__code__in={row.area for row in rows}, value__isnull=False
    )
    history: dict[tuple[str, str], dict[str, Decimal]] = {}
    for indicator, area, period, value in wanted.values_list("indicator__code", "area__code", "period", "value"):
        assert value is not None  # filtered above
        history.setdefault((indicator, area), {})[period] = value
    return history
