"""Progress ratios, scores and the other international schemes: targets/progress/{open_sdg,schemes,conventions}.py."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from targets.progress import open_sdg, schemes
from targets.progress.conventions import CONVENTIONS, Points, growth
from targets.progress.paths import value_on
from tests.targets.vector_calls import Case

INPUTS = ("base_year", "base_value", "current_year", "current_value", "target_year", "target", "direction", "limit", "sign")


def numbers(*given: Any) -> NDArray[np.float64]:
    return np.array([np.nan if number is None else number for number in given], float)


def plain(number: Any) -> float | None:
    return None if np.isnan(number) else float(number)


def open_sdg_judged(case: Case) -> dict[str, Any]:
    value, status, score, _ = open_sdg.judge(*(numbers(case.inputs.get(name)) for name in INPUTS))
    return {"progress_value": plain(value[0]), "status": open_sdg.STATUSES[status[0]], "score": plain(score[0])}


def aggregate_scores(case: Case) -> dict[str, Any]:
    if groups := case.inputs.get("groups"):
        each = np.repeat(range(len(groups)), [len(group) for group in groups])
        parts = open_sdg.aggregate(numbers(*(score for group in groups for score in group)), groups=each)
        whole = open_sdg.aggregate(parts.score, parts.status)
    else:
        status = [open_sdg.STATUSES.index(word or "not_available") for word in case.inputs["child_status"]]
        whole = open_sdg.aggregate(numbers(*case.inputs["child_scores"]), status)
    return {"score": plain(whole.score[0]), "status": open_sdg.STATUSES[whole.status[0]]}


def points_of(inputs: dict[str, Any]) -> Points:
    v0, t0, v, t, goal, end = (numbers(inputs.get(name)) for name in ("base", "base_year", "value", "year", "target", "target_year"))
    d = numbers(inputs["direction"]) if "direction" in inputs else schemes.direction(v0, goal)
    return Points(v0, t0, v, t, goal, end, d)


def compare_conventions(case: Case) -> dict[str, Any]:
    points = points_of(case.inputs)
    with np.errstate(all="ignore"):
        ratios = {name: plain(formula(points)[1][0]) for name, formula in CONVENTIONS.items()}
        gaps = {path: plain((points.v - value_on(path, points.v0, points.goal, points.elapsed))[0]) for path in ("linear", "geometric")}
        needed = plain(growth(points.goal / points.v, points.end - points.t)[0] * 100)
    return {
        "linear_share_over_time": ratios["linear_share"],
        "log_share_over_time": ratios["log_share"],
        "cagr_ratio": ratios["cagr_ratio"],
        "extrapolation_ratio": ratios["extrapolation"],
        "gap_linear": gaps["linear"],
        "gap_geometric": gaps["geometric"],
        "required_rate_pct": needed,
    }


def to_target(case: Case) -> dict[str, Any]:
    given = case.inputs
    shares = schemes.distance_to_target(numbers(*given["x"]), given["target"], given["direction"], given["cap"])
    return {"y": [plain(share) for share in shares]}


def goalposts(case: Case) -> dict[str, Any]:
    x, low, high, scale, d = (numbers(case.inputs[name]) for name in ("x", "low", "high", "scale", "direction"))
    return {"y": plain(schemes.goalposts(x, low, high, scale, d)[0])}


def sdg_index(case: Case) -> dict[str, Any]:
    return {"score": plain(schemes.sdg_index(*(numbers(case.inputs[name]) for name in ("x", "worst", "best")))[0])}


def oecd_distance(case: Case) -> dict[str, Any]:
    return {"distance": plain(schemes.oecd_distance(*(numbers(case.inputs[name]) for name in ("x", "target", "peer_sd", "direction")))[0])}


def un_chart(case: Case) -> dict[str, Any]:
    chart = schemes.un_chart(points_of(case.inputs))
    return {"extrapolated": plain(chart.extrapolated[0]), "ratio": plain(chart.ratio[0]), "score": int(chart.score[0]) or None}


def escap(case: Case) -> dict[str, Any]:
    status_index, gap, cls = schemes.escap(*(numbers(case.inputs[name]) for name in ("base", "current", "predicted", "target")))
    return {"status_index": plain(status_index[0]), "gap_pct": plain(gap[0]), "cls": schemes.ESCAP_CLASSES[cls[0]]}
