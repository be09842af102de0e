"""Where a target's value, expected value and goal lie on a bullet bar. Reads the engine's row; draws nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ROOM = 92.0  # percent of the bar up to its farthest mark: the goal's flag needs the rest


@dataclass(frozen=True, slots=True)
class Bullet:
    """Marks in percent of the bar's length, None where there is nothing to mark. The bar runs `width` from `start`;
    `zero` is marked where values lie on both sides of it."""

    start: float = 0.0
    width: float | None = None
    expected: float | None = None
    goal: float | None = None
    zero: float | None = None


def bullet_of(row: Mapping[str, Any]) -> Bullet:
    """The bar of one row of `engine.assess`. A flow's year-to-date figure is drawn as its whole year, a reduction as
    the cut since its baseline in percent (left of zero where it rose); a milestone has no bar."""
    if row["kind"] == "milestone":
        return Bullet()
    value, expected, goal = _on_one_scale(row)
    known = [number for number in (value, expected, goal) if number is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    if low == high:
        return Bullet()
    room = ROOM if low == 0 else ROOM - 4

    def place(number: float | None) -> float | None:
        return None if number is None else round(ROOM - room + (number - low) / (high - low) * room, 2)

    zero, end = place(0.0) or 0.0, place(value)
    return Bullet(
        start=zero if end is None else min(zero, end),
        width=None if end is None else round(abs(end - zero), 2),
        expected=place(expected),
        goal=place(goal),
        zero=zero if low < 0 else None,
    )


def _on_one_scale(row: Mapping[str, Any]) -> tuple[float | None, float | None, float | None]:
    """Value, expected value and goal, comparable with each other."""
    value, expected, goal = row.get("compared"), row.get("expected"), row.get("goal_level")
    if expected is not None and row.get("share") and not row["kind"].startswith("growth"):
        expected = expected / row["share"]
    if row["kind"] != "reduction":
        return value, expected, row.get("goal") if goal is None else goal
    base = row.get("baseline_value")
    cuts = [None if not base or level is None else (1 - level / base) * 100 for level in (value, expected)]
    return cuts[0], cuts[1], row.get("goal")
