"""How final the figures of a case are: the one judged, the one of the year before, the baseline."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from indicators.vintages import VINTAGES
from targets.progress.conventions import Bools, Floats
from targets.progress.series import DECEMBER, Figures
from targets.progress.types import TargetSpec

CODES = np.array([*VINTAGES, ""], object)  # the least final first; not stated last


def vintages_at(
    target: TargetSpec, figures: Figures, scope: tuple[str, ...], published: Bools, table: dict[str, Any], y: NDArray[Any], m: NDArray[Any]
) -> dict[str, NDArray[Any]]:
    """Codes of indicators.vintages, "" where nothing is stated or compared. `table`: the case's area, yearly_basis, baseline_time."""
    a = np.array([figures.place[area] for area in table["area"][:, 0]])[:, None]
    grid = of_province(figures, target.indicator, scope, published)
    last = np.where(table["yearly_basis"] == "previous_year", DECEMBER, m)
    before = np.where((table["yearly_basis"] == "") | (y == 0), np.nan, grid[a, np.maximum(y - 1, 0), last])
    return {
        "vintage": _words(grid[a, y, m]),
        "vintage_before": _words(before),
        "vintage_base": _words(_base(target, figures, grid, table, a)),
    }


def of_province(figures: Figures, code: str, scope: tuple[str, ...], published: Bools) -> Floats:
    """Place in CODES by area, year and month, NaN where nothing is stated. A sum is as final as the least final of its figures."""
    grid = figures.finality(code).copy()
    members = grid[[figures.place[area] for area in scope]]
    grid[0] = np.where(published[0], grid[0], np.fmin.reduce(members, axis=0, initial=np.nan))
    return grid


def _base(target: TargetSpec, figures: Figures, grid: Floats, table: dict[str, Any], a: NDArray[Any]) -> Floats:
    """Of the figure at the baseline's time; a baseline that is stated, or zero by rule, is no figure."""
    time = np.where((a == 0) & (target.baseline_value is not None), np.nan, table["baseline_time"])
    if target.baseline_rule == "zero_before_start":
        time = np.full_like(time, np.nan)
    month = np.round((np.nan_to_num(time, nan=figures.years.start) - figures.years.start) * 12).astype(int) - 1
    known = np.isfinite(time) & (month >= 0) & (month < grid.shape[1] * 12)
    return np.where(known, grid.reshape(len(grid), -1)[a, np.where(known, month, 0)], np.nan)


def _words(places: Floats) -> NDArray[Any]:
    return np.asarray(CODES[np.where(np.isnan(places), len(CODES) - 1, np.nan_to_num(places)).astype(int)])
