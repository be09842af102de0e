"""What the charts are drawn from: numbers, statuses, addresses, and words that are already translated."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a trajectory, in the unit of its labels. `value` None is a break; `url` opens on a click."""

    period: str
    end: date
    value: float | None
    status: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class PathPoint:
    """The value expected at the end of a period; None where the path has none."""

    period: str
    end: date
    value: float | None


@dataclass(frozen=True, slots=True)
class ForecastPoint:
    """The value forecast for the end of a period and the range it lies in with the stated likelihood; all alike where it is known."""

    period: str
    end: date
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Goal:
    """Where the path leads, due at `end`. `high` is the upper bound of a range."""

    period: str
    end: date
    value: float
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One area or target. `gap_share` is a fraction of the expected value, `gap` is in `unit`; both are negative when
    behind, whichever direction is the wanted one. Without a share the row shows `note` instead of a bar.
    Bars of one `group` follow each other."""

    label: str
    gap_share: float | None
    gap: float | None
    unit: str
    status: str
    url: str = ""
    note: str = ""
    decimals: int = 2
    group: str = ""


@dataclass(frozen=True, slots=True)
class Contribution:
    """A part of a gap in the unit of the labels, behind is negative; `rest` belongs to no single member. `share` of the gap as text."""

    label: str
    gap: float
    share: str = ""
    url: str = ""
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """One sector or area: how many of its targets have each status."""

    label: str
    counts: Mapping[str, int]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of a chart in the reader's language. `observed` names what is drawn or counted,
    `unit` is that of a trajectory's indicator or of a count, `year_end` names the end of a %(year)s."""

    observed: str
    expected: str
    goal: str
    gap: str
    gap_share: str
    behind: str
    ahead: str
    statuses: Mapping[str, str]
    forecast: str = ""
    forecast_range: str = ""
    unit: str = ""
    decimals: int = 2
    year_end: str = "%(year)s"
