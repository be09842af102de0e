"""Arranges assessments for the eye: counts, the matrix, who moved. Plain arranging; no judging and no database."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from targets.progress.types import Status

RANK = {status: rank for rank, status in enumerate(Status)}
Key = tuple[str, str]  # target code, area code


@dataclass(frozen=True, slots=True)
class Move:
    """A target that changed its level in an area between two periods."""

    target: Any
    area: Any
    before: str
    after: str

    @property
    def is_better(self) -> bool:
        return RANK[Status(self.after)] < RANK[Status(self.before)]


@dataclass(frozen=True, slots=True)
class Count:
    """How many have a status, and how many more than in the period before."""

    status: str
    number: int
    change: int


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A target and its assessment per area, in the order of the areas; None where it is not for the area."""

    target: Any
    cells: Sequence[Any]


def judged(assessment: Any) -> Decimal | None:
    """The value a status rests on: the period's own, after the deadline that of the deadline; None if it is not known."""
    value = assessment.result.get("judged_value") if assessment.frozen else assessment.value
    return None if value is None else Decimal(str(value))


def by_key(assessments: Iterable[Any]) -> Mapping[Key, Any]:
    return {(one.target.code, one.area.code): one for one in assessments}


def count_statuses(now: Iterable[Any], before: Iterable[Any]) -> Sequence[Count]:
    """Counts in the order of the statuses, every status present."""
    present, past = Counter(one.status for one in now), Counter(one.status for one in before)
    return [Count(status.value, present[status], present[status] - past[status]) for status in Status]


def moves(now: Mapping[Key, Any], before: Mapping[Key, Any]) -> Sequence[Move]:
    """Level changes, the better ones first; coming from or going to 'no data' is no move."""
    changed = [
        Move(one.target, one.area, before[key].status, one.status)
        for key, one in now.items()
        if key in before and before[key].status != one.status
    ]
    rated = [move for move in changed if Status.NO_DATA not in (move.before, move.after)]
    return sorted(rated, key=lambda move: (not move.is_better, move.area.code, move.target.position))


def matrix(assessments: Mapping[Key, Any], targets: Iterable[Any], areas: Sequence[Any]) -> Mapping[Any, Sequence[MatrixRow]]:
    """Sector → one row per target with a cell per area."""
    groups: dict[Any, list[MatrixRow]] = {}
    for target in targets:
        cells = [assessments.get((target.code, area.code)) for area in areas]
        groups.setdefault(target.sector, []).append(MatrixRow(target, cells))
    return groups


def by_year(assessments: Iterable[Any]) -> Mapping[int, Sequence[Any]]:
    """Due year → its assessments, the open year first, each worst first by the gap's share, those without a share last."""
    groups: dict[int, list[Any]] = {}
    for one in assessments:
        groups.setdefault(one.target.target_year, []).append(one)
    worst_first = {year: sorted(group, key=lambda one: (one.gap_share is None, one.gap_share)) for year, group in groups.items()}
    return dict(sorted(worst_first.items(), reverse=True))
