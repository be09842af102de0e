"""The small picture of a figure's course: places in a box of 100 by 28, for templates that draw with lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.periods import Period

WIDTH, HEIGHT, EDGE = 100.0, 28.0, 2.0


@dataclass(frozen=True, slots=True)
class Course:
    """Lines as `points` of a polyline each, the place of the last value, and the values worth naming as (period, value)."""

    lines: Sequence[str]
    end: str
    first: tuple[str, Decimal]
    last: tuple[str, Decimal]
    low: tuple[str, Decimal]
    high: tuple[str, Decimal]


def course_of(figures: Mapping[str, Decimal], frequency: str, flow: bool) -> Course:
    """The course of the figures of one kind of period, at least two. A flow within the year starts anew each year, and so does its line;
    its box begins at zero. Gaps in time stay as wide as they are. ValueError for fewer than two."""
    named = sorted((Period.parse(code), value) for code, value in figures.items())
    known = [(period, value) for period, value in named if period.frequency == frequency]
    if len(known) < 2:
        raise ValueError("a course needs two figures")
    start, end = known[0][0].time, known[-1][0].time
    values = [value for _, value in known]
    low, high = float(min(values)), float(max(values))
    bottom = min(low, 0.0) if flow else low

    def place(period: Period, value: Decimal) -> str:
        x = EDGE + (WIDTH - 2 * EDGE) * (period.time - start) / (end - start)
        y = (HEIGHT / 2) if high == bottom else EDGE + (HEIGHT - 2 * EDGE) * (high - float(value)) / (high - bottom)
        return f"{x:.2f},{y:.2f}"

    lines: dict[int, list[str]] = {}
    for period, value in known:
        lines.setdefault(period.year if flow and frequency != "A" else 0, []).append(place(period, value))
    at = {name: (str(period), value) for name, (period, value) in _named(known).items()}
    return Course([" ".join(points) for points in lines.values()], place(*known[-1]).replace(",", " "), **at)


def _named(known: Sequence[tuple[Period, Decimal]]) -> Mapping[str, tuple[Period, Decimal]]:
    """First and last by time; of equal extremes the later."""
    by_value = sorted(known, key=lambda one: (one[1], one[0]))
    return {"first": known[0], "last": known[-1], "low": min(known, key=lambda one: one[1]), "high": by_value[-1]}
