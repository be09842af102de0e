from targets.views.area import area, area_list
from targets.views.arithmetic import arithmetic
from targets.views.charts import area_gaps, attribution, sector_gaps, status_counts, target_gaps, trajectory
from targets.views.figure_history import figure_history
from targets.views.overview import overview
from targets.views.own_standing import own_standing
from targets.views.sector import sector, sector_list
from targets.views.target import target, target_list

__all__ = [
    "area",
    "area_gaps",
    "area_list",
    "arithmetic",
    "attribution",
    "figure_history",
    "overview",
    "own_standing",
    "sector",
    "sector_gaps",
    "sector_list",
    "status_counts",
    "target",
    "target_gaps",
    "target_list",
    "trajectory",
]
