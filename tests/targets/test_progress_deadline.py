"""A deadline freezes the result; what comes later is named late."""

import pandas as pd

from tests.targets.make_progress import NAN, judge_cases, make_case


def make_years(values: dict[int, float], **changes: float) -> pd.DataFrame:
    return judge_cases(make_case(value=value, year=year, period=str(year), **changes) for year, value in values.items()).set_index("period")


def test_result_is_frozen_at_the_deadline_and_meeting_it_later_is_named_late() -> None:
    years = make_years({2020: 110.0, 2021: 115.0, 2022: 121.0, 2023: 118.0})
    assert years["status"].tolist() == ["off_track"] * 4
    assert years["reason"].tolist() == ["deadline_missed", "deadline_missed", "late_fulfilment", "late_fulfilment"]
    assert years["late_fulfilment"].tolist() == ["", "", "2022", "2022"]
    assert years["frozen"].tolist() == [False, True, True, True]
    assert years["value"].tolist() == [110.0, 115.0, 121.0, 118.0]
    assert years["judged_value"].tolist() == [110.0] * 4
    assert years["gap"].tolist() == [-10.0] * 4
    assert set(years["judged_period"]) == {"2020"}


def test_falling_back_after_the_deadline_takes_nothing_away() -> None:
    years = make_years({2020: 120.0, 2021: 90.0})
    assert years["status"].tolist() == ["achieved", "achieved"]
    assert years["late_fulfilment"].tolist() == ["", ""]


def test_missing_figure_at_the_deadline_is_no_data_for_ever() -> None:
    years = make_years({2020: NAN, 2021: 125.0})
    assert years["status"].tolist() == ["no_data", "no_data"]
    assert years["reason"].tolist() == ["missing_at_deadline"] * 2
    assert make_years({2021: 125.0})["reason"].tolist() == ["missing_at_deadline"]
