"""Levels: which one a measure falls into, and the national energy-saving barometer. Numbers of different schemes are not comparable:
the barometer's 3 is its best level, the 3 of a local scheme its worst. Sources: docs/methods.md, section on other rules."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from targets.progress.conventions import Floats
from targets.progress.types import Level

Places = NDArray[np.int8]
DIGITS = 9  # of a measure that meets a bound

# The rule of 2021 in its own words, by the pace: rose instead of falling; fell, or stood still, short of the pace; kept it.
RULE_2021 = (Level("1", upper=0.0), Level("2", lower=0.0, upper=1.0), Level("3", lower=1.0))


def level_of(measure: ArrayLike, levels: Sequence[Level]) -> Places:
    """The place in `levels` of the one each measure falls into (any shape), -1 where the measure is not known or no level holds it.
    Measures are rounded to 9 digits before they meet a bound."""
    values = np.round(np.asarray(measure, np.float64), DIGITS)
    found = np.full(values.shape, -1, np.int8)
    for place, level in enumerate(levels):
        above = values >= level.lower if level.lower_inclusive else values > level.lower
        below = values <= level.upper if level.upper_inclusive else values < level.upper
        found = np.where(above & below, place, found).astype(np.int8)
    return found


def pace(change: ArrayLike, required: ArrayLike) -> Floats:
    """Change within a year over the change required (both signed, in one unit): 1 keeps the pace, below 0 it rose. NaN where no fall is
    required, for then there is no pace to fall short of."""
    done, asked = np.asarray(change, np.float64), np.asarray(required, np.float64)
    with np.errstate(all="ignore"):
        ratio = np.round(done / np.where(asked < 0, asked, np.nan), DIGITS)
    return np.where((np.round(done, DIGITS) == 0) & np.isfinite(ratio), 0.0, ratio)


def warning_level(change: ArrayLike, required: ArrayLike) -> Places:
    """The national warning level: 1 rose, 2 fell short of the required pace (no change included), 3 kept it; 0 where it cannot be told."""
    rose = np.round(np.asarray(change, np.float64), DIGITS) > 0
    return (level_of(np.where(rose, -np.inf, pace(change, required)), RULE_2021) + 1).astype(np.int8)


def margin(measure: float, level: Level) -> float | None:
    """How far a measure lies from the next better level, as a positive distance. Better is up: in each measure used here more is better.
    None in the best level, and in one that no measure gives."""
    return round(level.upper - measure, DIGITS) if np.isfinite(level.upper) else None
