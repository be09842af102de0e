"""Charts by name. Each is a pure function from plain points to a Plotly figure as JSON-ready data."""

from collections.abc import Callable

from targets.charts import area_gap, attribution, sector_gap, status_counts, trajectory
from targets.charts.style import Figure

CHARTS: dict[str, Callable[..., Figure]] = {
    "trajectory": trajectory.figure,
    "area_gap": area_gap.figure,
    "attribution": attribution.figure,
    "sector_gap": sector_gap.figure,
    "status_counts": status_counts.figure,
}
