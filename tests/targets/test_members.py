"""The province out of its areas: coverage by weight, bounds, its own figure beside theirs, nothing counted twice, nothing joined
across a break - in a province P with a, b, c."""

import csv
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from accounts.models import Area
from indicators.rows import IndicatorSpec
from targets.progress.explain import explain
from targets.progress.types import TargetSpec
from tests.targets.make_progress import make_indicators, make_target, run
from tests.targets.test_frames import ALL, year_of

Table = dict[str, dict[str, dict[str, float]]]
FIRMS = make_target("T", "FIRMS", goals={"P": 9.0})
RATE = make_target("T", "RATE", kind="ratio", convention="direct", path="none", goals={"P": 60.0})


def province(target: TargetSpec, table: Table, period: str = "2015") -> pd.Series:
    return run(target, ALL, table, period).loc[("P", period)]


def notes(row: pd.Series) -> list[str]:
    trace = explain(row)
    return [note % trace.params for note in trace.members]


def firms(last: float, /, **now: float) -> Table:
    """Firms of 2014 (in c as many as given first), and of 2015 in the areas named."""
    before = {"a": 10.0, "b": 10.0, "c": last}
    return {"FIRMS": {area: {"2014": value} | ({"2015": now[area]} if area in now else {}) for area, value in before.items()}}


def test_sum_is_withheld_when_the_missing_area_held_more_than_a_third_the_year_before() -> None:
    row = province(FIRMS, firms(11.0, a=11.0, b=12.0))
    assert (row["reason"], row["reported"], row["due"]) == ("coverage_too_low", 2, 3)
    assert row["coverage_weight"] == pytest.approx(20 / 31)
    assert "2 of 3 areas" not in "".join(notes(row))  # the sentence itself says so
    assert (explain(row).sentence % explain(row).params).startswith("For 2015 only 2.0 of 3.0 areas have reported, holding 0.645")


def test_sum_stands_with_its_bounds_when_the_missing_area_held_a_third_at_most() -> None:
    row = province(FIRMS, firms(10.0, a=11.0, b=12.0))
    assert row[["value", "low", "high", "bounds_reason"]].tolist() == [23.0, 34.0, 35.0, ""]
    assert (row["coverage_weight"], row["partial"]) == (pytest.approx(2 / 3), True)
    assert [note.split(",")[0] for note in notes(row)] == [
        "2.0 of 3.0 areas have reported.",
        "If the missing areas changed since the same period of the year before like one of those that reported",
    ]


def test_bounds_that_cannot_be_stated_say_why() -> None:
    table = firms(10.0, a=11.0, b=12.0)
    del table["FIRMS"]["c"]["2014"]
    row = province(FIRMS, table)
    assert (row["value"], row["bounds_reason"]) == (23.0, "no_year_before")
    assert pd.isna(row["low"])
    assert "cannot be said" in notes(row)[1]


def test_no_bounds_are_needed_where_every_area_has_reported() -> None:
    row = province(FIRMS, firms(10.0, a=11.0, b=12.0, c=13.0))
    assert (row["value"], row["coverage_weight"], row["bounds_reason"], notes(row)) == (36.0, 1.0, "", [])
    assert pd.isna(row["low"])


def test_ratio_is_weighed_by_its_denominators_of_now_or_of_the_last_complete_period() -> None:
    due = {"a": {"2014": 10.0, "2015": 60.0}, "b": {"2014": 10.0, "2015": 30.0}, "c": {"2014": 10.0, "2015": 10.0}}
    done = {area: {"2014": 5.0, "2015": 0.75 * due[area]["2015"]} for area in "ab"} | {"c": {"2014": 4.0}}
    now = province(RATE, {"N": done, "D": due})
    assert (now["value"], now["coverage_weight"]) == (75.0, pytest.approx(0.9))
    assert now[["low", "high"]].tolist() == pytest.approx([100 * (67.5 + 6) / 100] * 2)  # both others grew by half: 40 % to 60 %
    del due["c"]["2015"]
    assert province(RATE, {"N": done, "D": due})["coverage_weight"] == pytest.approx(2 / 3)


def test_flow_over_several_years_keeps_its_bounds() -> None:
    table = {"OUT": {area: {"2013": 10.0, "2014": 10.0, "2015": 11.0} for area in "abc"}}
    table["OUT"]["b"]["2015"] = 12.0
    del table["OUT"]["c"]["2015"]
    target = make_target("T", "OUT", kind="cumulative", baseline_rule="zero_before_start", period_start=2014, goals={"P": 80.0})
    assert province(target, table)[["value", "low", "high"]].tolist() == [53.0, 64.0, 65.0]


def test_missing_areas_leave_a_count_of_areas_open() -> None:
    table = {"N": {"a": {"2015": 10}, "b": {"2015": 1}}, "D": {area: {"2015": 10} for area in "ab"}}
    target = make_target(
        "T", "RATE", kind="ratio", convention="direct", path="none", aggregation="all_of", goals=dict.fromkeys("Pabc", 90.0)
    )
    row = province(target, table)
    assert row[["value", "low", "high"]].tolist() == [1.0, 1.0, 2.0]
    assert notes(row)[1] == "Whatever the missing areas report, between 1.0 and 2.0 areas meet the goal."


def test_published_figure_stands_beside_what_its_areas_come_to() -> None:
    table = firms(10.0, a=11.0, b=12.0, c=13.0)
    table["FIRMS"]["P"] = {"2015": 40.0}
    row = province(FIRMS, table)
    assert row[["value", "source", "sum_value", "residual", "partial"]].tolist() == [40.0, "published", 36.0, 4.0, False]
    assert notes(row) == ["The province's own published figure is used. Its areas together come to 36.0; published less areas is 4.0."]


def test_published_figure_is_not_compared_with_too_few_areas() -> None:
    table = firms(10.0, a=11.0, b=12.0)
    table["FIRMS"]["P"] = {"2015": 40.0}
    some = province(FIRMS, table)
    assert some[["value", "sum_value", "residual", "reported"]].tolist() == [40.0, 23.0, 17.0, 2]
    assert "The 2.0 of its 3.0 areas that reported come to 23.0" in notes(some)[0]
    few = province(FIRMS, {"FIRMS": {"P": {"2015": 40.0}, "a": {"2015": 11.0}}})
    assert pd.isna(few["sum_value"])
    assert notes(few) == ["The province's own published figure is used, not the sum of its areas."]


def test_published_ratio_stands_beside_the_ratio_of_the_sums() -> None:
    table = {"N": {area: {"2015": 30.0} for area in "abc"}, "D": {area: {"2015": 50.0} for area in "abc"}, "RATE": {"P": {"2015": 63.0}}}
    assert province(RATE, table)[["value", "sum_value", "residual"]].tolist() == [63.0, 60.0, 3.0]


def test_rows_from_before_the_weights_explain_themselves_by_count() -> None:
    row = province(FIRMS, firms(11.0, a=11.0, b=12.0)).drop(["coverage_weight", "low", "high", "bounds_reason", "sum_value", "residual"])
    assert explain(row).params["coverage_weight"] == pytest.approx(2 / 3)


def test_park_lies_in_its_prefecture_and_is_never_added_to_it() -> None:
    table = {"FIRMS": {"a": {"2015": 5.0}, "b": {"2015": 4.0}, "c": {"2015": 3.0}, "park": {"2015": 2.0}}}
    results = run(make_target("T", "FIRMS", goals={"P": 9.0, "a": 3.0}), ALL, table, "2015")
    assert results["value"].tolist() == [12.0, 5.0]


def test_output_of_the_parks_is_not_in_the_total_and_services_are_in_it_once() -> None:
    total = IndicatorSpec("A1", "flow", decimals=4, formula=("A5", "B3"), reported=False)
    known = make_indicators(total, *(IndicatorSpec(code, "flow", decimals=4) for code in ("A5", "B3", "E2")))
    table = {code: {area: {"2015": value} for area in "abc"} for code, value in (("A5", 10.0), ("B3", 2.0))}
    table["E2"] = {"park": {"2015": 7.0}}
    row = run(make_target("T", "A1", goals={"P": 36.0}), known, table, "2015").iloc[0]
    assert row["value"] == 36.0


def test_two_price_bases_are_two_series_that_nothing_joins() -> None:
    old, new = (IndicatorSpec(f"GDPC{year}", "flow") for year in (2010, 2015))
    table = {"GDPC2010": {"P": year_of(2015, 25, 50, 75, 100)}, "GDPC2015": {"P": {"2016-Q2": 60.0, "2016": 130.0}}}
    known = make_indicators(old, new)
    growth = make_target("T", "GDPC2015", kind="growth_yoy", convention="direct", path="none", target_year=2016, goals={"P": 5.0})
    assert run(growth, known, table, "2016").iloc[0]["value_reason"] == "no_year_before"
    level = make_target("T", "GDPC2015", baseline_rule="actual_2015", target_year=2016, goals={"P": 150.0})
    halfway, year = (row for _, row in run(level, known, table, "2016-Q2", "2016").iterrows())
    assert (halfway["share"], halfway["baseline_value_reason"], year["yearly_reason"]) == (0.5, "baseline_not_known", "no_year_before")
    early = make_target("T", "GDPC2015", baseline_rule="first_observation", target_year=2016, goals={"P": 150.0})
    assert run(early, known, table, "2016-Q2").iloc[0]["baseline_value_reason"] == ""
    assert run(early, known, table, "2016-Q2").iloc[0]["baseline_value"] == 130.0


def test_two_codes_of_one_place_are_two_areas_that_nothing_joins() -> None:
    table = {"FIRMS": {"old": {"2011": 5.0, "2012": 6.0}, "new": {"2013": 7.0}}}
    target = make_target("T", "FIRMS", baseline_rule="first_observation", scope=("new",), goals={"P": 9.0, "new": 9.0})
    for _, row in run(target, ALL, table, "2013").iterrows():
        assert (row["yearly_reason"], row["baseline_value"], row["coverage_weight"]) == ("no_year_before", 7.0, 1.0)
    before = run(target, ALL, table, "2012")
    assert set(before["value_reason"]) == {"no_value"}


def test_policys_own_total_has_services_in_it_and_the_parks_output_nowhere() -> None:
    with (Path(__file__).parents[2] / "fixtures" / "qinghai" / "indicators.csv").open(encoding="utf-8", newline="") as file:
        formulas = {row["code"]: row["formula"].split(";") for row in csv.DictReader(file) if row["formula"]}
    assert formulas["A1"] == ["A5", "A6", "A7", "A8", "B3"]
    assert not any("E2" in parts for parts in formulas.values())


def test_members_of_the_province_are_its_prefectures_and_no_parks(qinghai: SimpleNamespace) -> None:
    members = Area.objects.prefectures().filter(parent__code="630000")
    parks = Area.objects.filter(parent__in=members)
    assert parks.exists()
    assert not set(members) & set(parks)
