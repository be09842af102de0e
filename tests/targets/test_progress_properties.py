"""What always holds of the engine, whatever the numbers."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from targets.progress.conventions import published
from targets.progress.placing import NUMBERS
from tests.targets.make_progress import NAN, judge_cases, make_case
from tests.targets.test_progress import RANK, SHARED

numbers = st.floats(-200, 200, allow_nan=False).map(lambda x: round(x, 3))
conventions = st.sampled_from(["linear_share", "log_share", "cagr_ratio", "extrapolation", "schedule", "direct"])
times = st.sampled_from([2016.5, 2018.0, 2020.5, 2021.0])
changes_of_a_year = st.floats(-0.3, 0.3)
draw = st.tuples(st.sampled_from([*SHARED]), numbers, numbers, numbers, numbers, changes_of_a_year, changes_of_a_year, times, conventions)
better = st.lists(draw, min_size=30, max_size=30)


@settings(max_examples=15, deadline=None)
@given(better)
def test_better_value_never_gives_a_worse_status(draws: list[tuple[str, float, float, float, float, float, float, float, str]]) -> None:
    rows = []
    for shape, base, goal, one, two, change, other, time, convention in draws:
        fixed = {key: SHARED[shape][key] for key in ("kind", "convention", "path", "rule_set", "d", "tolerance") if key in SHARED[shape]}
        if shape in ("level", "range", "benchmark", "cumulative"):
            fixed["convention"] = convention
        d = fixed.get("d", 1.0)
        goal = abs(goal) / 4 if shape in ("reduction", "warning") else goal
        values, changes = sorted([one, two], reverse=d > 0), sorted([change, other], reverse=d > 0)
        for value, step in zip(values, changes, strict=True):  # the better one first
            rows.append(
                make_case(**fixed, baseline_value=base, goal=goal, value=value, yearly_change=step, time=time, at=time, area=str(len(rows)))
            )
    statuses = judge_cases(rows)["status"].tolist()
    for good, bad in zip(statuses[::2], statuses[1::2], strict=True):
        if "no_data" not in (good, bad):
            assert RANK[good] <= RANK[bad]


scaled = st.lists(st.tuples(numbers, numbers, numbers, conventions, st.sampled_from([1.0, -1.0])), min_size=30, max_size=30)


@settings(max_examples=10, deadline=None)
@given(scaled)
def test_another_unit_changes_no_ratio(draws: list[tuple[float, float, float, str, float]]) -> None:
    def rows(factor: float, decimals: int) -> list[dict[str, object]]:
        return [make_case(baseline_value=b * factor, goal=g * factor, value=v * factor, convention=c, d=d, decimals=decimals, area=str(n))
                for n, (b, g, v, c, d) in enumerate(draws)]  # fmt: skip

    plain, thousands = judge_cases(rows(1, 6)), judge_cases(rows(1000, 3))
    assert plain["status"].tolist() == thousands["status"].tolist()
    for name in ("ratio", "progress", "gap_share", "change", "margin"):
        np.testing.assert_allclose(plain[name], thousands[name], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("value", "decimals", "printed"), [(2.675, 2, 2.68), (-2.675, 2, -2.68), (0.125, 2, 0.13), (1.005, 2, 1.01), (7.0, 0, 7.0)]
)
def test_values_are_printed_half_away_from_zero(value: float, decimals: int, printed: float) -> None:
    assert published(np.array([value]), np.array([decimals]))[0] == printed


GRID = {
    "kind": [*SHARED], "value": [NAN, -5.0, 0.0, 3.0, 95.0, 120.0], "baseline_value": [NAN, 0.0, -40.0, 60.0, 120.0],
    "goal": [NAN, 0.0, 120.0], "time": [2016.0, 2016.25, 2021.0, 2022.0], "d": [1.0, -1.0], "yearly_change": [NAN, -0.2, 0.0, 0.1],
}  # fmt: skip


def test_no_number_is_missing_without_a_reason_and_no_status_without_one() -> None:
    rows = []
    for shape, value, base, goal, time, d, change in product(*GRID.values()):
        fixed = {key: SHARED[shape][key] for key in ("kind", "convention", "path", "rule_set") if key in SHARED[shape]}
        rows.append(
            make_case(
                **fixed, value=value, baseline_value=base, goal=goal, time=time, at=time, d=d, yearly_change=change, area=str(len(rows))
            )
        )
    results = judge_cases(rows)
    assert len(results) > 10_000
    assert (results["status"] != "").all()
    assert (results["reason"] != "").all()
    for name in NUMBERS:
        assert (results[name].isna() == (results[f"{name}_reason"] != "")).all(), name
        assert np.isfinite(results[name].dropna()).all(), name
