"""From figures to cases: derivation, roll-up with coverage, year-to-date, baselines, deadlines - in a province P with a, b, c."""

import pandas as pd
import pytest

from indicators.periods import Period
from indicators.rows import IndicatorSpec
from targets.progress.evaluate import affected, evaluate
from targets.progress.frames import cases
from tests.targets.make_progress import BAROMETER, FIVE, make_indicators, make_observations, make_target, run

OUTPUT = IndicatorSpec("OUT", "flow", decimals=4)
FIRMS = IndicatorSpec("FIRMS", "stock", decimals=0)
ENERGY = IndicatorSpec("ENE", "flow", direction="down")
GDP = IndicatorSpec("GDP", "flow")
INTENSITY = IndicatorSpec("INT", "ratio", decimals=3, direction="down", rollup="ratio_of_sums", numerator="ENE", denominator="GDP")
DONE = IndicatorSpec("N", "stock", decimals=0)
DUE = IndicatorSpec("D", "stock", decimals=0, direction="none")
RATE = IndicatorSpec("RATE", "ratio", rollup="ratio_of_sums", numerator="N", denominator="D", scale=100.0)
PARTS = tuple(IndicatorSpec(code, "flow", decimals=4) for code in ("A", "B"))
TOTAL = IndicatorSpec("SUM", "flow", decimals=4, formula=("A", "B"), reported=False)
SHARE = IndicatorSpec("SHARE", "ratio", rollup="ratio_of_sums", numerator="SUM", denominator="GDP", scale=100.0)
STEP = IndicatorSpec("STEP", "milestone", rollup="milestone", decimals=0)
PUBLISHED = IndicatorSpec("PUB", "rate", rollup="none")
ALL = make_indicators(OUTPUT, FIRMS, ENERGY, GDP, INTENSITY, DONE, DUE, RATE, *PARTS, TOTAL, SHARE, STEP, PUBLISHED)
Q = ("Q1", "Q2", "Q3", "Q4")


def year_of(year: int, *figures: float) -> dict[str, float]:
    """Year-to-date figures of a year by quarter."""
    return {f"{year}-{q}": figure for q, figure in zip(Q, figures, strict=False)}


def test_ratio_is_summed_before_it_is_divided_never_a_mean_of_ratios() -> None:
    table = {"N": {"a": {"2014": 1}, "b": {"2014": 30}, "c": {"2014": 0}}, "D": {"a": {"2014": 2}, "b": {"2014": 100}, "c": {"2014": 0}}}
    results = run(make_target("T", "RATE", kind="ratio", goals={"P": 60.0, "a": 60.0, "c": 60.0}), ALL, table, "2014")
    assert results.loc[("P", "2014"), "value"] == pytest.approx(100 * 31 / 102)
    assert results.loc[("a", "2014"), "value"] == 50.0
    assert results.loc[("c", "2014"), "value_reason"] == "denominator_zero"


def test_only_areas_with_both_numerator_and_denominator_count() -> None:
    table = {"N": {"a": {"2014": 1}, "b": {"2014": 30}}, "D": {"a": {"2014": 2}, "b": {"2014": 100}, "c": {"2014": 50}}}
    province = run(make_target("T", "RATE", kind="ratio", goals={"P": 60.0}), ALL, table, "2014").iloc[0]
    assert province["value"] == pytest.approx(100 * 31 / 102)
    assert (province["reported"], province["due"], province["partial"]) == (2, 3, True)


def test_too_few_areas_withhold_the_province() -> None:
    table = {"N": {"a": {"2014": 1}}, "D": {"a": {"2014": 2}, "b": {"2014": 100}, "c": {"2014": 500}}}
    province = run(make_target("T", "RATE", kind="ratio", convention="direct", path="none", goals={"P": 60.0}), ALL, table, "2014").iloc[0]
    assert (province["status"], province["reason"], province["reported"]) == ("no_data", "coverage_too_low", 1)


def test_two_thirds_written_with_four_digits_is_still_two_thirds() -> None:
    province = run(make_target("T", "FIRMS", goals={"P": 9.0}), ALL, {"FIRMS": {"a": {"2014": 4}, "b": {"2014": 3}}}, "2014").iloc[0]
    assert (province["value"], province["partial"]) == (7.0, True)


def test_published_provincial_figure_wins_over_the_sum() -> None:
    table = {"FIRMS": {"P": {"2014": 10}, "a": {"2014": 4, "2015": 4}, "b": {"2014": 3, "2015": 3}, "c": {"2014": 2, "2015": 2}}}
    results = run(make_target("T", "FIRMS", goals={"P": 9.0}), ALL, table, "2014", "2015")
    assert results["value"].tolist() == [10.0, 9.0]
    assert results["source"].tolist() == ["published", "sum"]


def test_formula_needs_every_part_and_names_the_missing_one() -> None:
    parts = {area: {"2014": 1.0} for area in "abc"}
    table = {"A": parts, "B": {"a": {"2014": 2.0}, "b": {"2014": 2.0}}}
    results = run(make_target("T", "SUM", goals={"P": 9.0, "a": 3.0, "c": 3.0}), ALL, table, "2014")
    assert results.loc[("P", "2014"), "value"] == 6.0
    assert results.loc[("a", "2014"), "value"] == 3.0
    assert results.loc[("c", "2014"), ["value_reason", "lacking"]].tolist() == ["input_missing", "B"]


def test_ratio_of_a_formula_reaches_down_to_its_parts() -> None:
    table = {"A": {"a": {"2014": 1.0}}, "B": {"a": {"2014": 2.0}}, "GDP": {"a": {"2014": 100.0}}}
    target = make_target("T", "SHARE", kind="ratio", scope=("a",), goals={"P": 2.4})
    assert run(target, ALL, table, "2014").iloc[0]["value"] == pytest.approx(3.0)


def test_years_without_a_denominator_are_no_data_and_nothing_is_joined_across() -> None:
    table = {"ENE": {"a": {"2015": 90.0, "2016": 95.0}}, "GDP": {"a": {"2015": 100.0}}}
    target = make_target("T", "INT", kind="ratio", scope=("a",), operator="<=", target_year=2020, goals={"P": 0.8, "a": 0.8})
    results = run(target, ALL, table, "2016")
    assert results["reason"].tolist() == ["input_missing", "input_missing"]
    assert results["lacking"].tolist() == ["GDP", "GDP"]


def test_year_to_date_is_a_quarter_of_the_year_per_quarter_without_history() -> None:
    table = {"OUT": {"P": year_of(2014, 10, 22, 33, 40)}}
    results = run(
        make_target("T", "OUT", baseline_rule="fixed", baseline_year=2013, baseline_value=30.0, goals={"P": 50.0}),
        ALL,
        table,
        "2014-Q1",
        "2014-Q2",
        "2014-Q4",
    )
    assert results["annual"].tolist() == [40.0, 44.0, 40.0]
    assert results["value"].tolist() == [10.0, 22.0, 40.0]
    assert results["expected"].tolist() == [10.0, 20.0, 40.0]  # 40 by the end of 2014 on the line from 30 to 50
    assert set(results["elapsed"]) == {0.5}


def test_year_to_date_takes_the_mean_share_of_up_to_three_complete_years() -> None:
    shares = {2010: (90, 95, 98, 100), 2011: (10, 40, 70, 100), 2012: (20, 50, 80, 100), 2013: (30, 60, 90, 100), 2014: (11,)}
    years = {period: value for year, figures in shares.items() for period, value in year_of(year, *figures).items()}
    target = make_target("T", "OUT", baseline_rule="actual_2010", goals={"P": 120.0})
    row = run(target, ALL, {"OUT": {"P": years}}, "2014-Q1").iloc[0]
    assert (row["share"], row["annual"]) == (pytest.approx(0.2), pytest.approx(55.0))


def test_sum_of_fewer_areas_does_not_disturb_the_usual_shares() -> None:
    usual = {**year_of(2013, 20, 50, 80, 100), **year_of(2014, 20)}
    table = {"OUT": {"a": usual, "b": usual, "c": {"2013-Q4": 100.0, "2014-Q1": 20.0}}}
    row = run(make_target("T", "OUT", goals={"P": 400.0}), ALL, table, "2014-Q1").iloc[0]
    assert (row["value"], row["share"]) == (60.0, 0.25)


def test_plain_shares_cancel_in_a_ratio_of_two_flows() -> None:
    table = {"ENE": {"a": {"2014-Q1": 25.0}}, "GDP": {"a": {**year_of(2013, 10, 40, 70, 100), "2014-Q1": 50.0}}}
    row = run(make_target("T", "INT", kind="ratio", scope=("a",), goals={"P": 1.0}), ALL, table, "2014-Q1").iloc[0]
    assert (row["value"], row["annual"], row["share"]) == (0.5, 0.5, 1.0)  # only one of the two has a history


def test_ratio_with_history_takes_both_shares() -> None:
    table = {
        "ENE": {"a": {**year_of(2013, 25, 50, 75, 100), "2014-Q1": 25.0}},
        "GDP": {"a": {**year_of(2013, 20, 40, 70, 100), "2014-Q1": 25.0}},
    }
    row = run(make_target("T", "INT", kind="ratio", scope=("a",), goals={"P": 1.0}), ALL, table, "2014-Q1").iloc[0]
    assert (row["value"], row["annual"]) == (1.0, pytest.approx((25 / 0.25) / (25 / 0.20)))


def test_flow_over_stock_describes_the_whole_year() -> None:
    per_head = IndicatorSpec("PER", "ratio", rollup="ratio_of_sums", numerator="ENE", denominator="FIRMS")
    table = {"ENE": {"a": {"2014-Q2": 50.0}}, "FIRMS": {"a": {"2014-Q2": 10.0}}}
    target = make_target("T", "PER", kind="ratio", scope=("a",), goals={"P": 9.0})
    row = run(target, ALL | {"PER": per_head}, table, "2014-Q2").iloc[0]
    assert (row["value"], row["annual"], row["at"]) == (5.0, 10.0, 2015.0)


def test_year_wins_over_its_last_quarter_and_a_month_has_its_own_place() -> None:
    table = {"FIRMS": {"P": {"2014": 8, "2014-Q4": 7, "2014-M7": 5}}}
    results = run(make_target("T", "FIRMS", goals={"P": 9.0}), ALL, table, "2014-Q4", "2014", "2014-M7", "2014-Q3")
    assert results["value"].tolist()[:3] == [8.0, 8.0, 5.0]
    assert results["reason"].tolist()[3] == "no_value"


BASELINES = [
    # rule, indicator, fields -> baseline value and time for the province judged at 2015-Q2
    ("first_observation", "OUT", {}, 40.0, 2015.0),  # 2013 is not complete, 2014 is
    ("first_observation", "FIRMS", {}, 3.0, 2013.75),
    ("actual_2014", "OUT", {}, 40.0, 2015.0),
    ("previous_year", "OUT", {}, 40.0, 2015.0),
    ("zero_before_start", "FIRMS", {"period_start": 2014}, 0.0, 2014.0),
    ("fixed", "OUT", {"baseline_year": 2014}, 40.0, 2015.0),
    ("fixed", "OUT", {"baseline_year": 2010, "baseline_value": 25.0}, 25.0, 2011.0),
]


@pytest.mark.parametrize(("rule", "indicator", "fields", "value", "time"), BASELINES, ids=[f"{row[0]}-{row[1]}" for row in BASELINES])
def test_baseline_follows_the_targets_rule(rule: str, indicator: str, fields: dict[str, float], value: float, time: float) -> None:
    table = {
        "OUT": {"P": {"2013-Q3": 20, **year_of(2014, 9, 20, 30, 40), "2015-Q2": 24}},
        "FIRMS": {"P": {"2013-Q3": 3, "2014": 4, "2015-Q2": 5}},
    }
    row = run(make_target("T", indicator, baseline_rule=rule, goals={"P": 90.0}, **fields), ALL, table, "2015-Q2").iloc[0]
    assert (row["baseline_value"], row["baseline_time"]) == (value, time)


def test_stated_baseline_is_the_provinces_and_areas_use_their_own_figures() -> None:
    table = {"FIRMS": {"a": {"2012": 2, "2014": 3}, "b": {"2014": 3}, "c": {"2014": 3}}}
    target = make_target("T", "FIRMS", baseline_rule="fixed", baseline_year=2012, baseline_value=7.0, goals={"P": 20.0, "a": 5.0, "b": 5.0})
    results = run(target, ALL, table, "2014").droplevel("period")
    assert results["baseline_value"].tolist()[:2] == [7.0, 2.0]
    assert results.loc["b", "reason"] == "baseline_not_known"


def test_no_baseline_by_rule_is_named() -> None:
    row = run(make_target("T", "FIRMS", goals={"P": 9.0}), ALL, {"FIRMS": {"P": {"2014": 5}}}, "2014").iloc[0]
    assert row["reason"] == "no_baseline"


@pytest.mark.parametrize(("rule", "operator"), [("last_moon", ">="), ("none", "=>")])
def test_unknown_rule_or_operator_is_refused(rule: str, operator: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        run(make_target("T", "FIRMS", baseline_rule=rule, operator=operator, goals={"P": 9.0}), ALL, {"FIRMS": {"P": {"2014": 5}}}, "2014")


def test_growth_compares_the_same_period_of_the_year_before() -> None:
    target = make_target("T", "OUT", kind="growth_yoy", convention="direct", path="none", baseline_rule="previous_year", goals={"P": 5.0})
    table = {"OUT": {"P": {**year_of(2014, 10, 20, 30, 40), **year_of(2015, 11, 22, 33, 41)}}}
    results = run(target, ALL, table, "2014-Q4", "2015-Q1", "2015-Q4")
    assert results["value"].tolist()[1:] == pytest.approx([10.0, 2.5])
    assert results["reason"].tolist() == ["window_not_open", "share_on_track", "deadline_missed"]
    assert results["yearly_basis"].tolist()[1:] == ["same_period", "same_period"]


def test_growth_of_sums_is_not_compared_between_different_areas() -> None:
    target = make_target("T", "OUT", kind="growth_yoy", convention="direct", path="none", baseline_rule="previous_year", goals={"P": 5.0})
    table = {"OUT": {"a": {"2014": 10, "2015": 11}, "b": {"2014": 10, "2015": 11}, "c": {"2014": 10}}}
    row = run(target, ALL, table, "2015").iloc[0]
    assert (row["value_reason"], row["reason"]) == ("coverage_changed", "missing_at_deadline")


def intensity_table() -> dict[str, dict[str, dict[str, float]]]:
    levels = {2010: 100.0, 2011: 109.44, 2012: 105.0, 2013: 100.0}
    quarters = {**year_of(2014, 24, 48, 72, 95), **year_of(2015, 22, 45, 67, 89.9)}
    ene = {area: {**{str(y): v for y, v in levels.items()}, **quarters} for area in "abc"}
    gdp = {area: {**{str(y): 100.0 for y in levels}, **year_of(2014, 25, 50, 75, 100), **year_of(2015, 25, 50, 75, 100)} for area in "abc"}
    return {"ENE": ene, "GDP": gdp}


def test_intensity_story_from_the_rise_of_2011_to_the_deadline() -> None:
    target = make_target("C1", "INT", kind="reduction", convention="log_share", path="geometric", baseline_rule="fixed", baseline_year=2010,
                         rule_set=BAROMETER, goals={"P": 10.0, "a": 10.0})  # fmt: skip
    periods = ("2010", "2011", "2012", "2014-Q1", "2015-Q2", "2015", "2018-Q3")
    province = run(target, ALL, intensity_table(), *periods).loc["P"]
    assert province["status"].tolist() == ["no_data", "off_track", "on_track", "no_data", "on_track", "achieved", "achieved"]
    assert province["reason"].tolist() == ["window_not_open", "wrong_way", "level_3", "no_year_before", "level_3", "cut_met", "cut_met"]
    assert province["change"].tolist()[1] == pytest.approx(0.0944)
    assert province["yearly_basis"].tolist()[2:6] == ["same_period", "", "same_period", "same_period"]
    assert province.loc["2018-Q3", ["frozen", "judged_period", "value_reason"]].tolist() == [True, "2015", "input_missing"]
    assert province.loc["2018-Q3", "judged_value"] == pytest.approx(0.899)


def test_ceiling_is_kept_only_when_the_year_is_over_but_a_floor_may_be_reached_before() -> None:
    table = {"OUT": {"P": {"2013": 120, **year_of(2014, 20, 40, 60, 80)}}}
    ceiling = make_target("T", "OUT", operator="<=", baseline_rule="first_observation", goals={"P": 90.0})
    assert run(ceiling, ALL, table, "2014-Q3", "2014")["status"].tolist() == ["on_track", "achieved"]
    floor = make_target("T", "OUT", baseline_rule="zero_before_start", period_start=2013, goals={"P": 50.0})
    assert run(floor, ALL, table, "2014-Q1", "2014-Q3")["status"].tolist() == ["on_track", "achieved"]


def test_flow_over_stock_meets_a_goal_only_with_the_whole_year() -> None:
    per_head = IndicatorSpec("PER", "ratio", rollup="ratio_of_sums", numerator="ENE", denominator="FIRMS")
    table = {"ENE": {"a": {"2013": 150.0, "2014-Q2": 40.0, "2014": 80.0}}, "FIRMS": {"a": {"2013": 10.0, "2014-Q2": 10.0, "2014": 10.0}}}
    target = make_target("T", "PER", kind="ratio", operator="<=", baseline_rule="first_observation", scope=("a",), goals={"P": 9.0})
    assert run(target, ALL | {"PER": per_head}, table, "2014-Q2", "2014")["status"].tolist() == ["on_track", "achieved"]


def test_late_fulfilment_is_seen_though_only_the_present_is_asked_for() -> None:
    table = {"FIRMS": {"P": {"2013": 3, "2015": 7, "2016-Q2": 8, "2016-Q3": 9, "2017-Q1": 8}}}
    target = make_target("T", "FIRMS", baseline_rule="first_observation", goals={"P": 9.0})
    alone = run(target, ALL, table, "2017-Q1")
    assert len(alone) == 1
    assert alone.iloc[0][["status", "reason", "late_fulfilment", "value", "judged_value"]].tolist() == [
        "off_track",
        "late_fulfilment",
        "2016-Q3",
        8.0,
        7.0,
    ]
    together = run(target, ALL, table, "2015", "2016-Q1", "2016-Q2", "2016-Q3", "2016-Q4", "2017-Q1")
    pd.testing.assert_series_equal(together.loc[("P", "2017-Q1")], alone.loc[("P", "2017-Q1")])
    assert together["late_fulfilment"].tolist() == ["", "", "", "2016-Q3", "2016-Q3", "2016-Q3"]


def test_figure_missing_at_the_deadline_is_no_data_however_good_it_is_later() -> None:
    table = {"FIRMS": {"P": {"2013": 3, "2016-Q3": 9}}}
    row = run(make_target("T", "FIRMS", baseline_rule="first_observation", goals={"P": 9.0}), ALL, table, "2016-Q3").iloc[0]
    assert (row["status"], row["reason"], row["late_fulfilment"]) == ("no_data", "missing_at_deadline", "")


def test_goal_for_every_area_is_counted_with_the_pooled_ratio_beside() -> None:
    table = {"N": {"a": {"2014": 9}, "b": {"2014": 10}, "c": {"2014": 1}}, "D": {area: {"2014": 10} for area in "abc"}}
    target = make_target(
        "T", "RATE", kind="ratio", convention="direct", path="none", aggregation="all_of", goals=dict.fromkeys("Pabc", 90.0)
    )
    results = run(target, ALL, table, "2014").droplevel("period")
    assert results.loc["P", ["value", "goal", "status"]].tolist() == [2.0, 3.0, "at_risk"]
    assert results.loc["P", "pooled"] == pytest.approx(100 * 20 / 30)
    assert results.loc[["a", "b", "c"], "status"].tolist() == ["achieved", "achieved", "off_track"]
    assert results["pooled"].isna().tolist() == [False, True, True, True]


def test_every_area_must_report_before_all_of_them_meet_the_goal() -> None:
    table = {"N": {"a": {"2015": 10}, "b": {"2015": 10}}, "D": {area: {"2015": 10} for area in "ab"}}
    target = make_target(
        "T", "RATE", kind="ratio", convention="direct", path="none", aggregation="all_of", goals=dict.fromkeys("Pabc", 90.0)
    )
    row = run(target, ALL, table, "2015").loc[("P", "2015")]
    assert row[["value", "goal", "status", "partial"]].tolist() == [2.0, 3.0, "off_track", True]


def test_scope_of_parks_and_of_some_prefectures_is_summed_alone() -> None:
    table = {"FIRMS": {"a": {"2014": 100}, "b": {"2014": 5}, "park": {"2014": 4}}}
    parks = run(make_target("T", "FIRMS", scope=("park",), goals={"P": 9.0, "park": 9.0}), ALL, table, "2014")
    assert parks["value"].tolist() == [4.0, 4.0]
    assert parks.loc[("park", "2014"), "parent"] == "a"
    some = run(make_target("T", "FIRMS", scope=("a", "b"), goals={"P": 9.0}), ALL, table, "2014")
    assert some["value"].tolist() == [105.0]


def test_cumulative_goal_on_a_flow_adds_whole_years_and_the_part_filed() -> None:
    table = {"OUT": {"P": {**year_of(2013, 9, 9, 9, 9), **year_of(2014, 10, 20, 30, 40), **year_of(2015, 10, 25)}}}
    target = make_target("T", "OUT", kind="cumulative", baseline_rule="zero_before_start", period_start=2014, goals={"P": 80.0})
    results = run(target, ALL, table, "2013", "2014-Q2", "2014", "2015-Q2")
    assert results["value"].tolist()[1:] == [20.0, 40.0, 65.0]
    assert results["expected"].tolist()[1:] == [20.0, 40.0, 60.0]
    assert results["reason"].tolist()[1:] == ["pace_on_track"] * 3


def test_provinces_milestone_stands_at_the_lowest_stage() -> None:
    target = make_target(
        "T", "STEP", kind="milestone", convention="evidence", path="none", operator="done", period_start=2014, goals={"P": 3.0, "a": 3.0}
    )
    every = run(target, ALL, {"STEP": {"a": {"2014": 3}, "b": {"2014": 1}, "c": {"2014": 2}}}, "2014")
    assert every["value"].tolist() == [1.0, 3.0]
    assert every["reason"].tolist() == ["milestone_under_way", "milestone_done"]
    some = run(target, ALL, {"STEP": {"a": {"2014": 3}, "b": {"2014": 3}}}, "2014")
    assert some["reason"].tolist() == ["coverage_too_low", "milestone_done"]


def test_published_rate_is_never_added_up() -> None:
    row = run(make_target("T", "PUB", kind="ratio", goals={"P": 9.0}), ALL, {"PUB": {"a": {"2014": 4.0}}}, "2014").iloc[0]
    assert row["reason"] == "no_value"


def test_only_the_province_and_areas_with_a_goal_are_assessed() -> None:
    table = {"FIRMS": {area: {"2014": 1} for area in "abc"}}
    assert run(make_target("T", "FIRMS", goals={"P": 9.0, "b": 3.0}), ALL, table, "2014").index.get_level_values("area").tolist() == [
        "P",
        "b",
    ]
    without = run(make_target("T", "FIRMS", kind="benchmark", operator="<="), ALL, table, "2014")
    assert without["reason"].tolist() == ["no_goal"]


def test_nothing_observed_is_no_data_everywhere() -> None:
    results = run(make_target("T", "INT", kind="ratio", goals={"P": 9.0, "a": 9.0}), ALL, {}, "2014", "2015-Q3")
    assert set(results["reason"]) == {"input_missing"}


def test_cases_say_what_they_bring_along_unasked() -> None:
    target = make_target("T", "FIRMS", goals={"P": 9.0})
    table = cases([target], ALL, make_observations({"FIRMS": {"P": {"2015": 9}}}), [Period(2016, "Q", 2)], ["a"], "P")
    assert table["period"].tolist() == ["2016-Q2", "2015", "2016-Q1"]
    assert table["asked"].tolist() == [True, False, False]


def test_many_targets_are_judged_in_one_table() -> None:
    targets = [make_target("T1", "FIRMS", goals={"P": 9.0}), make_target("T2", "OUT", goals={"P": 9.0}, target_year=2020)]
    results = evaluate(
        targets, ALL, make_observations({"FIRMS": {"P": {"2015": 9}}, "OUT": {"P": {"2015": 8}}}), [Period(2015)], ["a"], "P"
    )
    assert results[["target", "status"]].to_numpy().tolist() == [["T1", "achieved"], ["T2", "no_data"]]
    assert evaluate([], ALL, make_observations({}), [Period(2015)], ["a"], "P").empty


def test_changed_figure_touches_every_target_that_rests_on_it() -> None:
    targets = [make_target("share", "SHARE"), make_target("sum", "SUM"), make_target("rate", "RATE"), make_target("intensity", "INT")]
    assert affected(ALL, targets, {"A"}) == {"share", "sum"}
    assert affected(ALL, targets, {"GDP"}) == {"share", "intensity"}
    assert affected(ALL, targets, {"D", "ENE"}) == {"rate", "intensity"}
    assert affected(ALL, targets, {"FIRMS"}) == set()
    assert FIVE.method == "pace"
