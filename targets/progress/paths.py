"""Where a path asks a value to be: the share of the way planned by a time, and the value there. Formulas: docs/methods.md section 2."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Floats = Any  # a number, or a column of them


def linear_path(start: Floats, goal: Floats, share: Floats) -> Floats:
    return start + (goal - start) * share


def geometric_path(start: Floats, goal: Floats, share: Floats) -> Floats:
    return start * (goal / start) ** share


def flat_path(start: Floats, goal: Floats, share: Floats) -> Floats:
    return goal


# stepped: whole years only. schedule: the stated shares by year's end. rebased: from the last whole year's figure, not the baseline.
PATHS: dict[str, Callable[[Floats, Floats, Floats], Floats]] = {
    "linear": linear_path,
    "geometric": geometric_path,
    "stepped": linear_path,
    "schedule": geometric_path,
    "rebased": geometric_path,
    "none": flat_path,
}


def planned_share(path: str, schedule: Sequence[float], start: Floats, at: Floats, end: Floats) -> Floats:
    """Share of the way planned by `at` on the way from `start` to `end` (decimal years; shapes broadcast), at most 1.
    `schedule`: cumulative shares at equal steps of the way, the last 1 (0.2, 0.4, … for a five-year plan); straight between them, and
    without it even. A stepped path counts the steps that are over (years, where there is no schedule)."""
    elapsed = np.minimum((at - start) / (end - start), 1.0)
    steps = np.full(np.shape(elapsed), float(len(schedule))) if schedule else np.broadcast_to(end - start, np.shape(elapsed))
    if path == "stepped":
        elapsed = np.floor(elapsed * steps + 1e-9) / steps
    return np.interp(elapsed, np.linspace(0, 1, len(schedule) + 1), (0.0, *schedule)) if schedule else elapsed


def value_on(path: str, start: Floats, goal: Floats, share: Floats) -> Floats:
    """The value a path asks for; a curve between values of unlike sign is drawn as a line."""
    if PATHS[path] is not geometric_path:
        return PATHS[path](start, goal, share)
    start, goal = np.asarray(start, float), np.asarray(goal, float)
    curved = start * goal > 0
    with np.errstate(all="ignore"):
        return np.where(curved, geometric_path(start, goal, share), linear_path(start, goal, share))
