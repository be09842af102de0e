"""Decomposition: factors before and after, logarithmic means, weights, chained indices."""

from typing import Any

from targets.progress.decomposition import chained_product, chained_sum, divisia_factor, lmdi, log_mean, normalised, rebased
from tests.targets.vector_calls import Case

Table = list[list[float]]


def _neighbour(case: Case, code: str, step: int, side: str) -> Table | None:
    """What the period before or after says of the state between them: periods of one series share it."""
    name, number = code.rsplit("-", 1)
    other = case.rows.get(f"{name}-{int(number) + step}")
    return other.inputs[side] if other else None


def _states(case: Case, code: str) -> tuple[Table, Table]:
    """First and last state of one period; of a period that is not in the file, from its neighbours."""
    known = case.rows.get(code)
    first, last = (known.inputs["x0"], known.inputs["xT"]) if known else (_neighbour(case, code, -1, "xT"), _neighbour(case, code, 1, "x0"))
    assert first is not None
    assert last is not None
    return first, last


def factors(case: Case) -> dict[str, Any]:
    found = lmdi(case.inputs["x0"], case.inputs["xT"])
    return {
        "additive": found.additive.tolist(),
        "additive_total": found.after - found.before,
        "multiplicative": found.multiplicative.tolist(),
        "multiplicative_total": found.after / found.before,
    }


def chain(case: Case) -> dict[str, Any]:
    steps = [lmdi(*_states(case, code)) for code in case.inputs["use"]]
    additive = chained_sum([step.additive for step in steps])
    multiplicative = chained_product([step.multiplicative for step in steps])
    return {
        "additive": additive.tolist(),
        "total": chained_sum(additive),
        "multiplicative": multiplicative.tolist(),
        "multiplicative_total": chained_product(multiplicative),
    }


def mean(case: Case) -> dict[str, Any]:
    return {"L": log_mean(case.inputs["a"], case.inputs["b"])}


def weights(case: Case) -> dict[str, Any]:
    return {"normalised": normalised(case.inputs["log_mean_weights"]).tolist()}


def factor(case: Case) -> dict[str, Any]:
    return {"factor": divisia_factor(case.inputs["log_ratios"], case.inputs["weights"])}


def index(case: Case) -> dict[str, Any]:
    return {"index": rebased(case.inputs["years"], case.inputs["factors"], case.inputs["base_year"]).tolist()}
