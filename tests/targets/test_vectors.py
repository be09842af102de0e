"""Every published case, one test each: `QHENV_VECTORS` names the folder of case files (default: the project's copy).

A case names its method; the table METHODS says which function answers it. An unknown method or a missing answer fails."""

import csv
import json
import math
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.targets.vector_calls import Case, chinese, decompositions, forecasts, plausibility, progress, rollups, year_to_date

FOLDER = Path(os.environ.get("QHENV_VECTORS") or Path(__file__).parent.parent / "data" / "vectors")
NO_CASES = {"evidence.json"}  # facts that no formula yields
CSV_TOLERANCE = 1e-9

METHODS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "cagr_ratio": progress.open_sdg_judged,
    "cagr_ratio_open_sdg": progress.open_sdg_judged,
    "aggregate_scores": progress.aggregate_scores,
    "compare_conventions": progress.compare_conventions,
    "rollup_01": progress.to_target,
    "rollup_02": progress.to_target,
    "rollup_03": progress.to_target,
    "rollup_04": progress.goalposts,
    "rollup_05": progress.sdg_index,
    "rollup_06": progress.oecd_distance,
    "rollup_07": progress.oecd_distance,
    "rollup_08": progress.un_chart,
    "rollup_09": progress.escap,
    "assess_01": chinese.annual_veto,
    "assess_02": chinese.sheet,
    "assess_03": chinese.twin,
    "assess_04": chinese.grade,
    "assess_05": chinese.grade,
    "assess_06": chinese.warning,
    "assess_07": chinese.warning,
    "intensity_01": chinese.of_rates,
    "intensity_02": chinese.of_rates,
    "intensity_03": chinese.remaining,
    "intensity_04": chinese.remaining,
    "intensity_05": chinese.planned,
    "intensity_06": chinese.progress,
    "intensity_07": chinese.progress,
    "intensity_08": chinese.progress_inverse,
    "intensity_09": chinese.progress_inverse,
    "intensity_10": chinese.over,
    "intensity_11": chinese.over,
    "intensity_12": chinese.level_change,
    "intensity_13": chinese.level_change,
    "intensity_14": chinese.trap,
    "intensity_15": chinese.trap_required,
    "intensity_16": chinese.elasticity,
    "intensity_17": chinese.average_of_multiple,
    "intensity_18": chinese.identity,
    "intensity_19": chinese.identity_violation,
    "intensity_20": chinese.progress,
    "intensity_21": chinese.progress,
    "intensity_22": chinese.from_progress,
    "intensity_23": chinese.level_before,
    "arithmetic_01": chinese.parts_and_total,
    "arithmetic_02": chinese.parts_and_total,
    "arithmetic_03": chinese.growth_rate,
    "arithmetic_04": chinese.level_after,
    "arithmetic_05": chinese.base,
    "arithmetic_06": chinese.implied,
    "arithmetic_07": chinese.base,
    "arithmetic_08": chinese.sector,
    "arithmetic_09": chinese.growth_rate,
    "arithmetic_10": chinese.yearly_pace,
    "arithmetic_11": chinese.path("geometric"),
    "arithmetic_12": chinese.path("linear"),
    "arithmetic_13": chinese.park,
    "arithmetic_14": chinese.two_parts,
    "forecast_01": forecasts._simple,
    "forecast_02": forecasts._simple,
    "forecast_03": forecasts._simple_fitted,
    "forecast_04": forecasts._linear,
    "forecast_05": forecasts._exponential,
    "forecast_06": forecasts._damped_fitted,
    "forecast_07": forecasts._damped,
    "forecast_08": forecasts._robust,
    "forecast_09": forecasts._robust,
    "forecast_10": forecasts._confidence,
    "forecast_11": forecasts._prediction,
    "lmdi_01": decompositions.factors,
    "lmdi_02": decompositions.chain,
    "lmdi_03": decompositions.factors,
    "lmdi_04": decompositions.mean,
    "lmdi_05": decompositions.mean,
    "lmdi_06": decompositions.weights,
    "lmdi_07": decompositions.factor,
    "lmdi_08": decompositions.index,
    "rollup_20": rollups.ratio,
    "rollup_21": rollups.total,
    "rollup_22": rollups.total,
    "rollup_23": rollups.gap_filled,
    "rollup_24": rollups.growth,
    "rollup_25": rollups.weighted_mean,
    "outlier_01": plausibility.hidiroglou_berthelot,
    "outlier_02": plausibility.historical_trend,
    "outlier_03": plausibility.z_score,
    "outlier_04": plausibility.masking,
    "outlier_05": plausibility.largest_z,
    "outlier_06": plausibility.scale_error,
    "outlier_07": plausibility.power_of_ten,
    "outlier_08": plausibility.benford,
    "outlier_09": plausibility.benford_shares,
    "outlier_10": plausibility.whipple,
    "outlier_11": plausibility.whipple,
    "outlier_12": plausibility.heaping,
    "rollup_10": plausibility.additivity,
    "rollup_11": plausibility.additivity,
    "rollup_12": plausibility.additivity,
    "rollup_13": plausibility.additivity,
    "rollup_14": plausibility.additivity,
    "rollup_15": year_to_date.of_the_year,
    "rollup_16": year_to_date.of_the_year,
    "rollup_17": year_to_date.of_the_year,
    "rollup_18": year_to_date.of_the_year,
    "rollup_19": year_to_date.revised,
}


def _number(text: str) -> Any:
    try:
        return float(text) if text else None
    except ValueError:
        return text


def _of_csv(path: Path) -> Iterator[Case]:
    """The CSV has one column per input; columns expected_… are what is expected."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            plain = {name: _number(text) for name, text in row.items() if name not in ("id", "method_id", "indicator", "origin", "source")}
            expected = {name.removeprefix("expected_"): value for name, value in plain.items() if name.startswith("expected_")}
            inputs = {name: value for name, value in plain.items() if not name.startswith("expected_")}
            yield Case(row["id"], row["method_id"], inputs, expected, CSV_TOLERANCE)


def _of_json(path: Path) -> list[Case]:
    rows: dict[str, Case] = {}
    for row in json.loads(path.read_text(encoding="utf-8"))["vectors"]:
        rows[row["id"]] = Case(row["id"], row["method_id"], row["inputs"], row["expected"], row.get("tol", 0), rows)
    return list(rows.values())


def all_cases() -> list[Any]:
    files = sorted(path for path in FOLDER.iterdir() if path.suffix in (".csv", ".json") and path.name not in NO_CASES)
    return [
        pytest.param(case, id=f"{path.stem}:{case.id}") for path in files for case in (_of_csv if path.suffix == ".csv" else _of_json)(path)
    ]


def differences(found: Any, expected: Any, tol: Any, where: str) -> Iterator[str]:
    """Where the answer is not the published one."""
    if isinstance(expected, dict):
        for name, value in expected.items():
            if not isinstance(found, dict) or name not in found:
                yield f"{where}.{name}: no answer"
            else:
                yield from differences(found[name], value, tol.get(name, 0) if isinstance(tol, dict) else tol, f"{where}.{name}")
    elif isinstance(expected, list):
        if len(found) != len(expected):
            yield f"{where}: {len(found)} answers for {len(expected)}"
        for place, (one, value) in enumerate(zip(found, expected, strict=False)):
            yield from differences(one, value, tol, f"{where}[{place}]")
    elif isinstance(expected, bool | str) or expected is None:
        missing = isinstance(found, float) and math.isnan(found)
        if (None if missing else found) != expected:
            yield f"{where}: {found!r}, published {expected!r}"
    elif found is None or not abs(float(found) - expected) <= float(tol) + 1e-12:
        yield f"{where}: {found!r}, published {expected!r} within {tol}"


@pytest.mark.parametrize("case", all_cases())
def test_published_case(case: Case) -> None:
    assert case.method_id in METHODS, f"no function answers the method {case.method_id}"
    wrong = list(differences(METHODS[case.method_id](case), case.expected, case.tol, case.id))
    assert not wrong, "\n".join(wrong)


def test_there_are_cases() -> None:
    assert len(all_cases()) > 300
