"""Distances, ratios, powers of ten, digits and sums of published cases."""

from decimal import Decimal
from statistics import fmean, median, stdev
from typing import Any

from indicators import digits, plausibility
from tests.targets.vector_calls import Case


def hidiroglou_berthelot(case: Case) -> dict[str, Any]:
    given = case.inputs
    found = plausibility.hidiroglou_berthelot(given["prev"], given["cur"], given["U"], given["A"], quartiles=7, least=3)
    return {
        "median_ratio": found.median_ratio,
        "bounds": found.bounds(given["C"]),
        "outlier_positions_1based": [place + 1 for place in found.outside(given["C"])],
        "scores": {str(place + 1): effect for place, effect in found.by_place.items()},
    }


def historical_trend(case: Case) -> dict[str, Any]:
    given, ids = case.inputs, case.inputs["ids"]
    found = plausibility.hidiroglou_berthelot(given["prev"], given["cur"], given["U"], given["A"], least=3)  # the publisher's least
    impute, exclude = given["C_impute"], given["C_exclude"]
    return {
        "bounds_impute": found.bounds(impute),
        "bounds_exclude": found.bounds(exclude),
        "effects": {ids[place]: effect for place, effect in found.by_place.items()},
        "impute": [ids[place] for place in found.outside(impute)],
        "exclude": [ids[place] for place in found.only_outside(exclude, impute)],
    }


def _uncut(printed: float) -> float:
    """The samples print mean and sd cut after the last decimal, not rounded (a z of 3.656 stands there as 3.6, and the bounds follow
    from no rounded reading): the middle of what the number may have been."""
    exponent = Decimal(repr(printed)).as_tuple().exponent
    return printed + float(Decimal("0.5").scaleb(int(exponent))) if isinstance(printed, float) else printed


def z_score(case: Case) -> dict[str, Any]:
    given = case.inputs
    found = plausibility.z_score(given["value"], _uncut(given["mean"]), _uncut(given["sd"]), given["threshold"])
    return {"abs_dev": found.deviation, "z": found.z, "lower": found.lower, "upper": found.upper, "outlier": found.outlier}


def masking(case: Case) -> dict[str, Any]:
    values = case.inputs["y"]
    mean, sd = fmean(values), stdev(values)
    furthest = max((plausibility.z_score(value, mean, sd) for value in values), key=lambda score: abs(score.z or 0))
    modified = max((plausibility.modified_z(value, values) for value in values), key=lambda score: abs(score.z or 0))
    return {
        "mean": mean,
        "sd": sd,
        "z_max": None if furthest.z is None else abs(furthest.z),
        "z_limit": plausibility.largest_z(len(values)),
        "flag_z3": furthest.outlier,
        "median": median(values),
        "mad": plausibility.absolute_deviation(values),
        "modified_z": modified.z,
        "flag_mod35": modified.outlier,
    }


def largest_z(case: Case) -> dict[str, Any]:
    count = case.inputs["n"]
    return {"sample_sd": plausibility.largest_z(count), "population_sd": plausibility.largest_z(count, population=True)}


def scale_error(case: Case) -> dict[str, Any]:
    given = case.inputs
    return {
        "flag": plausibility.scale_error(given["cur"], given["prev"], given["lower"], given["upper"]),
        "log10_ratio": plausibility.log10_ratio(given["cur"], given["prev"]),
    }


def power_of_ten(case: Case) -> dict[str, Any]:
    return {"k": plausibility.power_of_ten(case.inputs["cur"], case.inputs["prev"], case.inputs["tol_log10"])}


def benford(case: Case) -> dict[str, Any]:
    counts = next(value for name, value in case.inputs.items() if name.startswith("counts"))
    found = digits.benford_of_counts(counts)
    return {
        "mad": found.mad,
        "chi_square": found.chi_square,
        "ks_D": found.ks,
        "top_abs_dev": {str(digit): abs(deviation) for digit, deviation in found.deviations.items()},
        "conformity": found.conformity,
    }


def benford_shares(case: Case) -> dict[str, Any]:
    return {"p": [digits.benford_share(digit) for digit in case.inputs["digits"]]}


def whipple(case: Case) -> dict[str, Any]:
    given = case.inputs
    chosen = given.get("digits", given.get("digit", (0, 5)))
    chosen = (chosen,) if isinstance(chosen, int | float) else chosen
    return {"whipple": digits.whipple(given["counts_age_0_99"], given["age_min"], given["age_max"], chosen)}


def heaping(case: Case) -> dict[str, Any]:
    found = digits.heaping(case.inputs["n"], case.inputs["count_0"], case.inputs["count_5"])
    return {"share": found.share, "z": found.z, "flag_z3": found.heaped}


def additivity(case: Case) -> dict[str, Any]:
    """The sum of the parts, which must also lie within their rounding of the published total."""
    total = case.expected["total"]
    found = plausibility.additivity([Decimal(str(part)) for part in case.inputs["parts"]], Decimal(str(total)))
    assert found.adds
    return {"total": found.sum}
