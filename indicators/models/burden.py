"""Gathers what the burden meter counts: lines asked, figures filed and files sent, in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounts import clock
from accounts.models import Bureau, User
from indicators.burden import Burden, Filing, Key, Still, measure, never_changed
from indicators.form_rows import FormRow
from indicators.models.entry import Entry
from indicators.models.form import FormItem, ReportingForm
from indicators.models.form_rows import form_rows
from indicators.models.indicator import Indicator
from indicators.models.observation import Observation
from indicators.models.submission import State, Submission
from indicators.models.task import ReportingTask
from indicators.periods import Period, latest_quarter
from indicators.rules.period_frequency import collected_for

QUARTERS = 8
FREQUENCIES = ("Q", "A", "M")  # forms without one take anything and ask for nothing
WEIGHT = (State.APPROVED, State.SUBMITTED, State.CHECKED, State.RETURNED, State.WITHDRAWN)  # whose figures count, the first before the rest
Values = Mapping[Key, Mapping[str, Decimal]]  # (indicator, area) → period → value
Sent = tuple[int, int, str]  # bureau, form, period


@dataclass(frozen=True, slots=True)
class Meter:
    """The burden of the last quarters, newest first, for each bureau a person may see and in total; a yearly form counts in the quarter
    that ends its year. `still`: indicators that never changed in the last quarters that have figures."""

    periods: Sequence[Period]
    by_bureau: Mapping[Bureau, Sequence[Burden]]
    total: Sequence[Burden]
    still: Sequence[tuple[Indicator, Still]]


def burden_of(task: ReportingTask) -> Burden:
    """What one task asks and what came of it so far. Four queries."""
    sent = list(task.form.submissions.filter(bureau=task.bureau, period=task.period).defer("reason"))
    counted = _counted(sent)
    given = Entry.objects.filter(submission=counted, period=task.period, value__isnull=False) if counted else Entry.objects.none()
    keys = given.values_list("indicator__code", "area__code", "value")
    values = {(indicator, area): value for indicator, area, value in keys if value is not None}
    return measure(form_rows(task), values, map(_filing, sent))


def meter_of(user: User) -> Meter:
    """The meter within the person's scope: a clerk's own bureau, everybody else's all that report."""
    last = latest_quarter(clock.today())
    periods = [last]
    while len(periods) < QUARTERS:
        periods.append(periods[-1].previous)
    found = Bureau.objects.filter(forms__frequency__in=FREQUENCIES).distinct().prefetch_related("areas", "forms")
    bureaus = list(found.filter(people=user) if user.role == User.Role.REPORTER else found)
    areas = {area.pk for bureau in bureaus for area in bureau.areas.all()}
    values = _approved(areas, periods)
    items = _items(bureaus)
    sent, given = _filed(user, bureaus)
    by_bureau = {
        bureau: [
            sum((_burden(bureau, form, period, items, values, sent, given) for form, period in _due(bureau, quarter)), Burden())
            for quarter in periods
        ]
        for bureau in bureaus
    }
    total = [sum((burdens[place] for burdens in by_bureau.values()), Burden()) for place in range(QUARTERS)]
    return Meter(periods, by_bureau, total, _still(values, items, bureaus, periods))


def _due(bureau: Bureau, quarter: Period) -> list[tuple[ReportingForm, Period]]:
    """The forms a bureau owes for the periods that end with this quarter."""
    ends = {"Q": quarter, "A": Period(quarter.year) if quarter.completes_year else None, "M": Period(quarter.year, "M", quarter.month)}
    return [(form, period) for form in bureau.forms.all() if not form.is_bulk and (period := ends[form.frequency])]


def _burden(
    bureau: Bureau,
    form: ReportingForm,
    period: Period,
    items: Mapping[int, Sequence[FormItem]],
    values: Values,
    sent: Mapping[Sent, Sequence[Submission]],
    given: Mapping[int, Mapping[Key, Decimal]],
) -> Burden:
    own = {area.pk for area in bureau.areas.all()}
    lines = [_line(item, form, period, values) for item in items.get(form.pk, []) if item.area_id in own and _in_force(item, period)]
    files = sent.get((bureau.pk, form.pk, str(period)), [])
    counted = _counted(files)
    return measure(lines, given.get(counted.pk, {}) if counted else {}, map(_filing, files))


def _line(item: FormItem, form: ReportingForm, period: Period, values: Values) -> FormRow:
    """The line as the form's own gathering makes it, without what only people read."""
    spec = item.indicator.spec()
    known = values.get((spec.code, item.area.code), {})
    return FormRow(
        spec=spec,
        indicator_name="",
        area=item.area.code,
        area_name="",
        asked=collected_for(spec, str(period), yearly=form.frequency == "A"),
        previous=known.get(str(period.previous)),
        year_before=known.get(str(period.year_before)),
    )


def _in_force(item: FormItem, period: Period) -> bool:
    """As `ReportingForm.items_asked` has it, for lines that are in memory."""
    years = (item.valid_from or 0) <= period.year <= (item.valid_to or period.year)
    return years and item.area.stands_on(period.end)


def _items(bureaus: Iterable[Bureau]) -> dict[int, list[FormItem]]:
    """Form → its lines."""
    forms = {form.pk for bureau in bureaus for form in bureau.forms.all()}
    found: dict[int, list[FormItem]] = {}
    for item in FormItem.objects.filter(form__in=forms).select_related("indicator", "area"):
        found.setdefault(item.form_id, []).append(item)
    return found


def _approved(areas: set[int], periods: Sequence[Period]) -> Values:
    """Figures in force of the quarters shown and of the year and quarter before each."""
    since = periods[-1].year_before.previous.end
    current = Observation.objects.current().filter(area__in=areas, value__isnull=False, period_end__gte=since)
    found: dict[Key, dict[str, Decimal]] = {}
    for indicator, area, period, value in current.order_by().values_list("indicator__code", "area__code", "period", "value"):
        assert value is not None  # filtered above
        found.setdefault((indicator, area), {})[period] = value
    return found


def _filed(user: User, bureaus: Sequence[Bureau]) -> tuple[Mapping[Sent, Sequence[Submission]], Mapping[int, Mapping[Key, Decimal]]]:
    """Files by what they answer, and the values of those that count."""
    chosen = Submission.objects.visible_to(user).filter(bureau__in=bureaus, form__frequency__in=FREQUENCIES)
    sent: dict[Sent, list[Submission]] = {}
    for one in chosen.order_by("arrived_at", "pk").only(
        "bureau", "form", "period", "state", "door", "arrived_at", "submitted_at", "decided_at"
    ):
        assert one.form_id is not None
        sent.setdefault((one.bureau_id, one.form_id, one.period), []).append(one)
    counted = [best.pk for files in sent.values() if (best := _counted(files))]
    given: dict[int, dict[Key, Decimal]] = {}
    entries = Entry.objects.filter(submission__in=counted, value__isnull=False).order_by()
    for submission, indicator, area, value in entries.values_list("submission", "indicator__code", "area__code", "value"):
        assert value is not None
        given.setdefault(submission, {})[indicator, area] = value
    return sent, given


def _counted(files: Sequence[Submission]) -> Submission | None:
    """The first that was approved: what the bureau typed for the task; else the farthest one on its way. A revision is counted as such."""
    with_figures = [one for one in files if one.state in WEIGHT]
    return min(with_figures, key=lambda one: (WEIGHT.index(State(one.state)), one.arrived_at), default=None)


def _filing(one: Submission) -> Filing:
    return Filing(
        arrived_at=one.arrived_at,
        submitted_at=one.submitted_at,
        approved_at=one.decided_at if one.state == State.APPROVED else None,
        returned=one.state == State.RETURNED,
        loaded=one.door == "command",
    )


def _still(
    values: Values, items: Mapping[int, Sequence[FormItem]], bureaus: Sequence[Bureau], periods: Sequence[Period]
) -> list[tuple[Indicator, Still]]:
    """Only what is still asked for by the quarter says anything about dropping it."""
    forms = {form.pk for bureau in bureaus for form in bureau.forms.all() if form.frequency == "Q"}
    asked = {
        (item.indicator.code, item.area.code): item.indicator
        for form in forms
        for item in items.get(form, [])
        if _in_force(item, periods[0]) and collected_for(item.indicator.spec(), str(periods[0]), yearly=False)
    }
    known = {key: figures for key, figures in values.items() if key in asked}
    quarters = {code for figures in known.values() for code in figures if Period.parse(code).frequency == "Q"}
    latest = sorted(quarters, key=Period.parse)[-QUARTERS:]  # the last one may be on its way still
    found = never_changed(known, latest) if len(latest) == QUARTERS else []
    named = {indicator.code: indicator for indicator in asked.values()}
    return [(named[one.indicator], one) for one in found]
