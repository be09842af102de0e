"""Assessments, energy-intensity accounting and the policy's own arithmetic."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from math import isnan
from typing import Any

import numpy as np

from targets import arithmetic
from targets.arithmetic import Goal, reckon
from targets.pack import read_pack
from targets.pack.rules import rule_sets
from targets.progress import intensity, score_sheet
from targets.progress.barometer import warning_level
from targets.progress.paths import PATHS
from targets.progress.types import RuleSet
from tests.conftest import QINGHAI
from tests.targets.vector_calls import Case

Answer = dict[str, Any]


@cache
def rules() -> Mapping[str, RuleSet]:
    """The rule sets of the policy's pack."""
    pack, _ = read_pack(QINGHAI)
    return {rule.code: rule for rule in rule_sets(pack).values()}


@cache
def total(year: int) -> Decimal:
    """The policy's total output in a year, from its pack."""
    pack, _ = read_pack(QINGHAI)
    return next(Decimal(row["value"]) for row in pack["targets"] if row["code"] == f"A1-{year}")


def number(value: Any) -> Any:
    return None if value is None or isnan(value) else float(value)


def numbers(**values: Any) -> Answer:
    return {name: number(value) for name, value in values.items()}


def decimal(value: Any) -> Decimal:
    return Decimal(str(value))


def grade_word(place: int) -> str:
    return rules()["score_sheet"].levels[place].word_zh


# Assessments


def annual_veto(case: Case) -> Answer:
    """A plan may be stated as a range, "4.0~4.5"."""
    ends = [float(end) for end in re.findall(r"\d+(?:\.\d+)?", str(case.inputs["target_decline_pct"]))]
    met = bool(score_sheet.annual_met(ends[0], case.inputs["actual_decline_pct"], ends[-1]))
    grade = int(score_sheet.grade(np.nan, met, rules()["score_sheet"].levels))
    return {"met_target": met, "grade": None if grade < 0 else grade_word(grade)}


def sheet(case: Case) -> Answer:
    points, veto = score_sheet.sheet_points(case.inputs["completion_pct"], rules()["score_sheet"].parameters)
    return {"points": float(points), "veto": bool(veto)}


def twin(case: Case) -> Answer:
    parameters = rules()["twin_test"].parameters
    points, veto = score_sheet.twin_points(case.inputs["annual_met"], case.inputs["cumulative_on_schedule"], parameters)
    return {"points": float(points), "veto": bool(veto)}


def grade(case: Case) -> Answer:
    place = score_sheet.grade(case.inputs["total_score"], case.inputs["met_target"], rules()["score_sheet"].levels)
    return {"grade": None if place < 0 else grade_word(int(place))}


def warning(case: Case) -> Answer:
    return {"level": int(warning_level(case.inputs["intensity_change_pct"], case.inputs["required_pace_pct"]))}


# Energy intensity


def done(inputs: Mapping[str, Any]) -> Any:
    """What is done so far: rates to be compounded, or a cumulative change."""
    if "done_rates_pct" in inputs:
        return intensity.compounded(inputs["done_rates_pct"])
    return inputs.get("cumulative_pct", inputs.get("done_cumulative_pct"))


def of_rates(case: Case) -> Answer:
    rates = case.inputs["rates_pct"]
    return numbers(cumulative_pct=intensity.compounded(rates), avg_pct=intensity.average_annual(rates))


def remaining(case: Case) -> Answer:
    target, so_far = case.inputs["target_pct"], done(case.inputs)
    left = case.inputs.get("years_left", np.nan)
    return numbers(remaining_pct=intensity.remaining_total(target, so_far), avg_pct=intensity.remaining_annual(target, so_far, left))


def planned(case: Case) -> Answer:
    return numbers(avg_pct=intensity.planned_annual(case.inputs["target_pct"], case.inputs["years"]))


def progress(case: Case) -> Answer:
    target, so_far = case.inputs["target_pct"], done(case.inputs)
    share, met = intensity.log_progress(target, so_far), bool(intensity.achieved(target, so_far))
    earned = intensity.years_earned(target, so_far, case.inputs.get("years", np.nan))
    return {"achieved": met} | numbers(progress_pct=share, log_progress_pct=share, years_equiv=earned)


def progress_inverse(case: Case) -> Answer:
    cumulative = intensity.done_by_log_progress(case.inputs["target_pct"], case.inputs["progress_pct"])
    first = intensity.rate_before(cumulative, case.inputs.get("second_year_rate_pct", np.nan))
    return numbers(implied_rate_pct=cumulative, implied_first_year_rate_pct=first)


def over(case: Case) -> Answer:
    percent, points = intensity.over_fulfilment(case.inputs["target_pct"], case.inputs["actual_pct"])
    completion = intensity.linear_completion(case.inputs["target_pct"], case.inputs["actual_pct"])
    return numbers(over_pct=percent, over_points=points, completion_pct=completion)


def level_change(case: Case) -> Answer:
    return numbers(change_pct=intensity.change(case.inputs["v0"], case.inputs["v1"]))


def trap(case: Case) -> Answer:
    rates = case.inputs["rates_pct"]
    return numbers(correct_cumulative_pct=intensity.compounded(rates), press_additive_pct=intensity.sum_of_rates(rates))


def trap_required(case: Case) -> Answer:
    target, so_far, extra = (case.inputs[name] for name in ("target_pct", "done_cumulative_pct", "extra_pct"))
    return numbers(
        correct_required_year5_pct=intensity.remaining_total(target, so_far),
        press_additive_pct=intensity.remaining_by_subtraction(target, [so_far, extra]),
    )


def elasticity(case: Case) -> Answer:
    return numbers(elasticity=intensity.elasticity(case.inputs["energy_growth_pct"], case.inputs["gdp_growth_pct"]))


def average_of_multiple(case: Case) -> Answer:
    return numbers(avg_pct=intensity.growth_of_multiple(case.inputs["multiple"], case.inputs["years"]))


def identity(case: Case) -> Answer:
    """Energy growth may be stated as a growth or as the difference of two totals."""
    given = case.inputs
    if "energy_growth_pct" in given:
        energy = given["energy_growth_pct"]
    else:
        energy = intensity.growth_from_difference(given["energy_total_1e4tce"], given["energy_change_1e4tce"])
    return numbers(
        energy_growth_pct=energy,
        intensity_change_pct=intensity.intensity_change(energy, given.get("gdp_growth_pct", np.nan)),
        implied_gdp_growth_pct=intensity.implied_gdp_growth(energy, given.get("intensity_change_pct", np.nan)),
    )


def identity_violation(case: Case) -> Answer:
    growth = intensity.implied_gdp_growth(case.inputs["stated_energy_growth_pct"], case.inputs["stated_intensity_change_pct"])
    return numbers(implied_gdp_growth_pct=growth) | {"flag": bool(intensity.implausible(growth, *intensity.USUAL_GDP_GROWTH))}


def from_progress(case: Case) -> Answer:
    target, share = case.inputs["target_pct"], case.inputs["progress_pct"]
    return numbers(
        cumulative_if_log_pct=intensity.done_by_log_progress(target, share),
        cumulative_if_linear_pct=intensity.done_by_linear_completion(target, share),
    )


def level_before(case: Case) -> Answer:
    """Keys name their year: level_2014 and rate_2014_pct give level_2013."""
    (year,) = (int(name.removeprefix("level_")) for name in case.inputs if name.startswith("level_"))
    before = intensity.level_before(case.inputs[f"level_{year}"], case.inputs[f"rate_{year}_pct"])
    return numbers(**{f"level_{year - 1}": before})


# The policy's own arithmetic


def goal(value: Any, year: int = 0) -> Goal:
    return Goal("", decimal(value), year)


def parts_and_total(case: Case) -> Answer:
    done = reckon("sum", [goal(part) for part in case.inputs["parts"]], goal(case.inputs["total"]), None, None)
    return {"diff": float(done.difference or 0)}


def growth_rate(case: Case) -> Answer:
    rate = arithmetic.growth_rate(*(decimal(case.inputs[name]) for name in ("v0", "v1")), case.inputs["years"])
    return numbers(cagr_pct=rate)


def level_after(case: Case) -> Answer:
    level = arithmetic.level_after(decimal(case.inputs["v0"]), decimal(case.inputs["rate_pct"]), case.inputs["years"])
    over = {name: level - decimal(name.removeprefix("excess_over_")) for name in case.expected if name.startswith("excess_over_")}
    return numbers(level=level, **over)


def base(case: Case) -> Answer:
    years = case.inputs.get("years", 1)
    level = arithmetic.level_after(decimal(case.inputs["v1"]), decimal(case.inputs["rate_pct"]), -years)
    return numbers(base=level, v0=level)


def implied(case: Case) -> Answer:
    whole = arithmetic.implied_denominator(decimal(case.inputs["output"]), decimal(case.inputs["share_pct"]))
    return numbers(gdp=whole.value, gdp_low=whole.low, gdp_high=whole.high)


def sector(case: Case) -> Answer:
    first, last = decimal(case.inputs["v2015"]), decimal(case.inputs["v2020"])
    return numbers(
        cagr_pct=arithmetic.growth_rate(first, last, 2020 - 2015),
        share15_pct=arithmetic.share(first, total(2015)),
        share20_pct=arithmetic.share(last, total(2020)),
    )


def yearly_pace(case: Case) -> Answer:
    return numbers(avg_pct=intensity.planned_annual(case.inputs["target_pct"], case.inputs["years"]))


def path(name: str) -> Callable[[Case], Answer]:
    def points(case: Case) -> Answer:
        steps = np.arange(case.inputs["years"] + 1) / case.inputs["years"]
        return {"path": list(PATHS[name](float(case.inputs["v0"]), float(case.inputs["v1"]), steps))}

    return points


def park(case: Case) -> Answer:
    inside, whole = decimal(case.inputs["park"]), decimal(case.inputs["total"])
    added = reckon("overlap", [goal(inside)], goal(whole), None, None)
    return numbers(share_pct=arithmetic.share(inside, whole), total_if_wrongly_added=added.computed)


def two_parts(case: Case) -> Answer:
    parts = [goal(case.inputs[name]) for name in ("non_service", "service")]
    return numbers(total=reckon("sum", parts, goal(0), None, None).computed)
