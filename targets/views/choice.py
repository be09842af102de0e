"""What a page is about, read from its address: which period, and what else there is to choose."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest

from accounts import clock
from accounts.models import Area
from indicators.models import CalendarDay, ReportingForm
from indicators.periods import Period, latest_quarter
from targets.models import Assessment, Plan


@dataclass(frozen=True, slots=True)
class Choice:
    """The period shown, the one before it, and all there are (newest first)."""

    period: Period
    periods: Sequence[Period]

    @property
    def previous(self) -> Period:
        return self.period.previous

    @property
    def earlier(self) -> Period | None:
        """The next older period there is something to see of."""
        return next((one for one in self.periods if one.end < self.period.end), None)

    @property
    def later(self) -> Period | None:
        return next((one for one in reversed(self.periods) if one.end > self.period.end), None)


def period_of(request: HttpRequest) -> Choice:
    """`?period=` or the default: the last quarter whose figures were due before today. Http404 if it is no period."""
    last = latest_quarter(clock.today())
    wanted = request.GET.get("period", "")
    try:
        period = Period.parse(wanted) if wanted else _default(last)
    except ValueError as error:
        raise Http404(str(error)) from error
    known = Assessment.objects.order_by().values_list("period", flat=True).distinct()
    return Choice(period, sorted({Period.parse(text) for text in known} | {period}, reverse=True))


def _default(last: Period) -> Period:
    differs = CalendarDay.objects.differs()
    due = max((form.due_on(last, differs) for form in ReportingForm.objects.filter(frequency="Q")), default=last.end)
    return last if due < clock.today() else last.previous


def the_plan() -> Plan | None:
    """The plan the pages show: the first one. Several plans share targets, areas and sectors pages by code."""
    return Plan.objects.select_related("area").first()


def areas_of(plan: Plan) -> Sequence[Area]:
    """The plan's own area and the prefectures of today inside it."""
    return [plan.area, *Area.objects.prefectures().filter(parent=plan.area, valid_to=None)]
