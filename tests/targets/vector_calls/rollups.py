"""Roll-up of members to a whole: targets/progress/rollup.py."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from targets.progress import rollup
from tests.targets.vector_calls import Case


def members(figures: list[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if figure is None else figure for figure in figures], float)


def plain(number: Any) -> float | None:
    return None if np.isnan(number) else float(number)


def ratio(case: Case) -> dict[str, Any]:
    parts = members(case.inputs["numerators"]), members(case.inputs["denominators"])
    whole = rollup.ratio(*parts)
    return {
        "value": plain(whole.if_covered(by_count=False)),
        "coverage": plain(whole.weighed),
        "simple_mean_wrong": plain(rollup.mean_of_ratios(*parts)),
    }


def total(case: Case) -> dict[str, Any]:
    whole = rollup.total(members(case.inputs["values"]))
    return {"value": plain(whole.if_covered()), "missing_share": 1 - float(whole.counted), "partial": bool(whole.partial)}


def gap_filled(case: Case) -> dict[str, Any]:
    current = members(case.inputs["cur"])
    filled = rollup.gap_filled(members(case.inputs["prev"]), current).members
    return {"imputed": plain(filled[np.isnan(current)].sum()), "total": plain(filled.sum())}


def growth(case: Case) -> dict[str, Any]:
    stated = rollup.growth_stands(np.array(case.inputs["available"]), case.inputs["members"])
    return {"value": case.inputs.get("growth") if stated else None, "withheld": not stated}


def weighted_mean(case: Case) -> dict[str, Any]:
    values, weights = members(case.inputs["values"]), members(case.inputs["weights"])
    return {"value": plain(rollup.weighted_mean(values, weights, case.inputs["threshold"]))}
