"""Gathers the lines of a task's form from dictionary, form and approved figures."""

from decimal import Decimal

from indicators.form_rows import FormRow, before
from indicators.models.observation import Observation
from indicators.models.task import ReportingTask
from indicators.periods import Period
from indicators.rules.period_frequency import collected_for


def form_rows(task: ReportingTask) -> list[FormRow]:
    """What the form asks of the task's bureau in its period, in the dictionary's order, with the approved figures before it.
    Three queries, however long the form."""
    period, own = Period.parse(task.period), task.bureau.areas.all()
    items = task.form.items_asked(period).filter(area__in=own).select_related("indicator", "area")
    lines = list(items.order_by("indicator__position", "indicator__code", "area__code"))
    known = _known(task, [line.indicator_id for line in lines])
    rows = []
    for line in lines:
        spec, figures = line.indicator.spec(), known.get((line.indicator_id, line.area_id), {})
        rows.append(
            FormRow(
                spec=spec,
                indicator_name=line.indicator.name,
                area=line.area.code,
                area_name=line.area.short,
                unit=line.indicator.unit,
                note=line.indicator.in_language("note"),
                asked=collected_for(spec, task.period, yearly=task.form.frequency == "A"),
                previous=figures.get(str(period.previous)),
                year_before=figures.get(str(period.year_before)),
                history=before(task.period, figures, period.frequency),
            )
        )
    return rows


def _known(task: ReportingTask, indicators: list[int]) -> dict[tuple[int, int], dict[str, Decimal]]:
    """Approved figures of the bureau's areas: (indicator, area) → period → value."""
    found: dict[tuple[int, int], dict[str, Decimal]] = {}
    current = Observation.objects.current().filter(indicator__in=indicators, area__in=task.bureau.areas.all(), value__isnull=False)
    for indicator, area, period, value in current.values_list("indicator_id", "area_id", "period", "value"):
        assert value is not None  # filtered above
        found.setdefault((indicator, area), {})[period] = value
    return found
