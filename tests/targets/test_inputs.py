"""Which figures a result rests on: from its own period, its baseline, the year before, a sum's earlier years, a season's."""

from typing import Any

import pytest

from indicators.periods import Period
from targets.progress.inputs import periods_used

STOCK: dict[str, Any] = {"kind": "level", "period": "2018-Q2", "judged_period": "2018-Q2", "baseline_time": 2016.0, "share": 1.0,
                         "yearly_basis": "", "window_start": None}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "used"),
    [
        ({}, {"2018-Q2": "figure", "2015": "baseline", "2015-Q4": "baseline"}),
        ({"baseline_time": None}, {"2018-Q2": "figure"}),
        ({"baseline_time": 2014.25}, {"2018-Q2": "figure", "2014-Q1": "baseline"}),
        (
            {"baseline_time": None, "share": 0.5},
            {
                "2018-Q2": "figure",
                **dict.fromkeys(("2015", "2015-Q4", "2016", "2016-Q4", "2017", "2017-Q4", "2015-Q2", "2016-Q2", "2017-Q2"), "season"),
            },
        ),
        (
            {"kind": "growth_yoy", "baseline_time": None, "yearly_basis": "same_period"},
            {"2018-Q2": "figure", "2017-Q2": "year_before"},
        ),
        (
            {"kind": "reduction", "baseline_time": None, "yearly_basis": "previous_year", "warning_level": 1},
            {"2018-Q2": "figure", "2017": "year_before", "2017-Q4": "year_before"},
        ),
        ({"kind": "level", "baseline_time": None, "yearly_basis": "same_period"}, {"2018-Q2": "figure"}),
        (
            {"kind": "cumulative", "baseline_time": None, "window_start": 2016.0},
            {"2018-Q2": "figure", **dict.fromkeys(("2016", "2016-Q4", "2017", "2017-Q4"), "sum")},
        ),
        (
            {"judged_period": "2015", "baseline_time": 2014.0},  # frozen: the deadline's figure counts, its own is shown
            {"2015": "figure", "2015-Q4": "figure", "2018-Q2": "figure", "2013": "baseline", "2013-Q4": "baseline"},
        ),
    ],
)
def test_periods_a_result_rests_on(changes: dict[str, Any], used: dict[str, str]) -> None:
    assert periods_used(STOCK | changes) == used


@pytest.mark.parametrize("text", ["2015", "2018-Q1", "2018-Q3", "2018-M7", "2016-M11"])
def test_time_of_a_period_leads_back_to_it(text: str) -> None:
    period = Period.parse(text)
    assert Period.at(period.time) == period
