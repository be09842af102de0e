"""Lines and smoothing, as the cases of forecast.json ask for them."""

from typing import Any

import numpy as np

from targets.progress.trends import Smoothed, ahead, fit, least_squares, smooth, smooth_exponential, theil_sen
from tests.targets.vector_calls import Case

STEPS = range(1, 11)


def _simple(case: Case) -> dict[str, Any]:
    y = case.inputs["y"]
    levels = smooth(y, case.inputs["alpha"], level=case.inputs.get("level0", y[0])).levels
    return {"levels": levels.tolist(), "forecast1": levels[-1]}


def _simple_fitted(case: Case) -> dict[str, Any]:
    y = case.inputs["y"]
    best = fit(y, np.linspace(0, 1, 20001), trend=False)
    levels = smooth(y, best.alpha, level=best.level).levels
    return {"alpha": best.alpha, "initial_level": best.level, "levels": levels.tolist(), "forecast1": levels[-1]}


def _path(case: Case, found: Smoothed, phi: float) -> list[float]:
    path: list[float] = ahead(found.levels[-1], found.slopes[-1], phi, STEPS).tolist()
    return path[: len(case.expected.get("forecast", path))]


def _linear(case: Case) -> dict[str, Any]:
    y = case.inputs["y"]
    found = smooth(y, case.inputs["alpha"], case.inputs["beta_star"], level=y[0], slope=y[1] - y[0])
    return {"forecast": _path(case, found, 1.0), "levels": found.levels.tolist(), "slopes": found.slopes.tolist()}


def _exponential(case: Case) -> dict[str, Any]:
    y = case.inputs["y"]
    level, growth = smooth_exponential(y, case.inputs["alpha"], case.inputs["beta_star"], level=y[0], growth=y[1] / y[0])
    return {"forecast": [level * growth**step for step in STEPS][: len(case.expected["forecast"])]}


def _damped_fitted(case: Case) -> dict[str, Any]:
    y = case.inputs["y"]
    best = fit(y, [case.inputs["alpha"]], [case.inputs["beta_star"]], np.linspace(0.8, 0.995, 20001))
    found = smooth(y, best.alpha, best.beta, best.phi, level=best.level, slope=best.slope)
    return {"forecast": _path(case, found, best.phi), "phi": best.phi}


def _damped(case: Case) -> dict[str, Any]:
    given = case.inputs
    found = smooth(given["y"], given["alpha"], given["beta_star"], given["phi"], level=given["level0"], slope=given["slope0"])
    return {
        "forecast": _path(case, found, given["phi"]),
        "level_first": found.levels[0],
        "level_last": found.levels[-1],
        "slope_last": found.slopes[-1],
        "mse": (found.errors**2).mean(),
    }


def _robust(case: Case) -> dict[str, Any]:
    line = theil_sen(case.inputs["x"], case.inputs["y"], 1 - case.inputs.get("alpha", 0.05))
    return {
        "slope": line.slope,
        "intercept_separate": line.separate,
        "intercept_joint": line.joint,
        "lower": line.low,
        "upper": line.high,
    }


def _least_squares(case: Case, *, of_mean: bool) -> dict[str, Any]:
    line = least_squares(case.inputs["x"], case.inputs["y"])
    low, high = line.interval(case.inputs["new_x"], case.inputs.get("level", 0.95), of_mean=of_mean)
    fitted = line.at(case.inputs["new_x"]).tolist()
    return {"intercept": line.intercept, "slope": line.slope, "fit": fitted, "lower": low.tolist(), "upper": high.tolist()}


def _confidence(case: Case) -> dict[str, Any]:
    return _least_squares(case, of_mean=True)


def _prediction(case: Case) -> dict[str, Any]:
    return _least_squares(case, of_mean=False)
