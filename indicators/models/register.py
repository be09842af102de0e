"""What the project register says beside the figures: for each indicator and area that has projects."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.urls import reverse

from accounts.models import Area
from indicators.models.draft import Draft
from indicators.models.entry import Entry
from indicators.models.indicator import Indicator
from indicators.models.observation import Observation
from indicators.models.project import Project
from indicators.models.submission import Submission
from indicators.periods import Period
from indicators.register import Line, difference, finished_sum
from indicators.values import read_value

REPORTED = (Submission.State.CHECKED, Submission.State.SUBMITTED)
Key = tuple[str, str]  # indicator code, area code


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure with the register's sum at the end of its period; `gap` is figure minus sum at the indicator's decimals. `link` leads to
    where the figure stands."""

    value: Decimal
    period: str
    total: Decimal
    gap: Decimal
    link: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The register of one indicator in one area on a day: its sums, the approved figure and the one on its way, where there are any."""

    indicator: Indicator
    area: Area
    total: Decimal
    finished: int
    under_way: int
    planned: Decimal  # capacity under way
    approved: Beside | None
    reported: Beside | None

    @property
    def differs(self) -> bool:
        return any(beside is not None and beside.gap != 0 for beside in (self.approved, self.reported))


@dataclass(frozen=True, slots=True)
class _Stated:
    """A figure, the moment it was written, and where it stands."""

    key: Key
    value: Decimal
    period: Period
    at: datetime
    link: str


def standings(projects: Sequence[Project], day: date, drafts: Iterable[Draft] = ()) -> list[Standing]:
    """One line per indicator and area of the projects, which all count: those that differ first. `drafts` are what the reader has
    typed and not sent. Two queries, however many there are."""
    groups: dict[Key, list[Project]] = {}
    for project in projects:
        groups.setdefault((project.indicator.code, project.area.code), []).append(project)
    approved = _last(_approved(groups))
    reported = _last([*_reported(groups), *_typed(drafts)])
    found = []
    for key, members in groups.items():
        lines: list[Line] = [(project.finished_on, project.capacity) for project in members]
        indicator, (total, finished) = members[0].indicator, finished_sum(lines, day)
        found.append(
            Standing(
                indicator=indicator,
                area=members[0].area,
                total=total,
                finished=finished,
                under_way=len(lines) - finished,
                planned=sum((capacity for _day, capacity in lines), Decimal(0)) - total,
                approved=_beside(approved.get(key), lines, indicator.decimals),
                reported=_beside(reported.get(key), lines, indicator.decimals),
            )
        )
    return sorted(found, key=lambda one: not one.differs)


def _approved(keys: Iterable[Key]) -> Iterator[_Stated]:
    figures = Observation.objects.current().filter(**_of(keys), value__isnull=False)
    for one in figures.select_related("indicator", "area", "entry__submission"):
        assert one.value is not None, "filtered above"
        sent = one.entry.submission
        yield _Stated((one.indicator.code, one.area.code), one.value, Period.parse(one.period), one.known_at, sent.get_absolute_url())


def _reported(keys: Iterable[Key]) -> Iterator[_Stated]:
    figures = Entry.objects.filter(**_of(keys), value__isnull=False, submission__state__in=REPORTED)
    for one in figures.select_related("indicator", "area", "submission"):
        assert one.value is not None, "filtered above"
        sent = one.submission
        yield _Stated((one.indicator.code, one.area.code), one.value, Period.parse(one.period), sent.arrived_at, sent.get_absolute_url())


def _typed(drafts: Iterable[Draft]) -> Iterator[_Stated]:
    for draft in drafts:
        for name, cells in draft.cells.items():
            indicator, _slash, area = name.partition("/")
            value, _status, _found = read_value(cells.get("value", ""))
            if value is not None:
                link = reverse("indicators:grid", args=[draft.task_id])
                yield _Stated((indicator, area), value, draft.task.parsed_period, draft.updated_at, link)


def _of(keys: Iterable[Key]) -> dict[str, set[str]]:
    return {"indicator__code__in": {indicator for indicator, _area in keys}, "area__code__in": {area for _indicator, area in keys}}


def _last(figures: Iterable[_Stated]) -> dict[Key, _Stated]:
    """Of each indicator and area the figure of the last period; of one period the one written last."""
    return {one.key: one for one in sorted(figures, key=lambda one: (one.period, one.at))}


def _beside(stated: _Stated | None, lines: Sequence[Line], decimals: int) -> Beside | None:
    if stated is None:
        return None
    total, _number = finished_sum(lines, stated.period.end)
    return Beside(stated.value, str(stated.period), total, difference(stated.value, total, decimals), stated.link)
