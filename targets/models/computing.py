"""Brings the database's figures to the plain engine and its results back. The judging is done in targets/progress."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from accounts import clock
from accounts.models import Area, AuditEntry
from indicators.models import Indicator, Observation
from indicators.periods import Period, latest_quarter, quarters
from indicators.rows import IndicatorSpec
from targets.models.assessment import Assessment, AssessmentRun
from targets.models.plan import Plan, Target
from targets.progress.types import TargetSpec

if TYPE_CHECKING:
    import pandas as pd


def touched_by(submissions: Iterable[int]) -> set[str]:
    """Codes of the targets that the observations of these submissions can change."""
    from targets.progress.evaluate import affected

    changed = set(Observation.objects.filter(entry__submission__in=submissions).values_list("indicator__code", flat=True))
    return affected(Indicator.objects.specs(), Target.objects.specs(), changed)


def compute(codes: set[str] | None = None, *, as_of: datetime) -> "pd.DataFrame":
    """The engine's rows for these targets (all by default) over all areas and quarters, from what was known at `as_of`. Stores nothing."""
    import pandas as pd

    indicators = Indicator.objects.specs()
    frames = []
    for plan in Plan.objects.select_related("area"):
        chosen = plan.targets.all() if codes is None else plan.targets.filter(code__in=codes)
        specs = chosen.specs()
        if specs:
            frames.append(_compute_plan(plan, specs, indicators, as_of))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _compute_plan(plan: Plan, specs: Sequence[TargetSpec], indicators: dict[str, IndicatorSpec], as_of: datetime) -> "pd.DataFrame":
    import pandas as pd

    from targets.progress.evaluate import evaluate

    prefectures = Area.objects.prefectures().filter(parent=plan.area, valid_to=None)
    members = list(prefectures.values_list("code", flat=True))
    parents = dict(Area.objects.exclude(parent=None).values_list("code", "parent__code"))
    figures = _figures(as_of)
    last = latest_quarter(as_of.astimezone(clock.ZONE).date())
    regular = quarters(Period(plan.period_start, "Q", 1), last)
    frames = []
    for periods, some in _by_periods(plan, specs, regular):
        results = evaluate(some, indicators, figures, periods, members, plan.area.code, parents)
        if periods[0] < regular[0]:
            joined = evaluate(some, indicators, _under_successors(figures), periods, members, plan.area.code, parents)
            results = pd.concat([joined[joined["area"] == plan.area.code], results[results["area"] != plan.area.code]])
        frames.append(results)
    return pd.concat(frames, ignore_index=True)


def _under_successors(figures: "pd.DataFrame") -> "pd.DataFrame":
    """Figures of an area that is no more, under the code that followed. For the province's sums only: they need every member of the
    time, while the area's own series is never joined across its break."""
    followed = dict(Area.objects.exclude(succeeds=None).values_list("succeeds__code", "code"))
    return figures.assign(area=figures["area"].replace(followed))


def _by_periods(plan: Plan, specs: Sequence[TargetSpec], regular: list[Period]) -> Iterable[tuple[list[Period], list[TargetSpec]]]:
    """A target that began before the plan (2011 for the five-year cut) is also assessed at the end of each year before it."""
    groups: dict[int, list[TargetSpec]] = {}
    for spec in specs:
        groups.setdefault(min(spec.period_start or plan.period_start, plan.period_start), []).append(spec)
    for first, some in groups.items():
        yield [Period(year, "Q", 4) for year in range(first, plan.period_start)] + regular, some


def _figures(as_of: datetime) -> "pd.DataFrame":
    """Known figures as indicator, area, period, value. A year's figure stands at its fourth quarter, where a flow's year-to-date is the year."""
    import pandas as pd

    known = Observation.objects.as_of(as_of).filter(value__isnull=False).order_by("known_at", "pk")
    rows = known.values_list("indicator__code", "area__code", "period", "value")
    frame = pd.DataFrame.from_records([(i, a, p if "-" in p else f"{p}-Q4", float(v)) for i, a, p, v in rows], columns=["indicator", "area", "period", "value"])
    return frame.drop_duplicates(["indicator", "area", "period"], keep="last")


def assess(codes: set[str] | None, *, reason: str) -> AssessmentRun:
    """Compute these targets as known now and append what changed."""
    as_of = clock.end_of(clock.today())
    results = compute(codes, as_of=as_of)
    with transaction.atomic():
        run = AssessmentRun.objects.create(reason=reason, as_of=as_of, targets=sorted(codes) if codes is not None else [])
        if len(results):
            run.changed = Assessment.objects.append(run, results)
            run.save(update_fields=["changed"])
        AuditEntry.objects.record(by=None, verb="assess", about=run, data={"reason": reason, "changed": run.changed})
    return run
