"""Looking ahead: from the series the engine judges to the panel, the chart and the API."""

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.models import Bureau, User
from indicators.periods import Period, quarters
from targets.charts import trajectory
from targets.charts.points import ForecastPoint, Goal, PathPoint, Point
from targets.charts.style import quantity
from targets.models import Assessment, AssessmentRun, Outlook
from targets.models.computing import assess, look_ahead
from targets.progress import forecast
from targets.progress.outlook import outlooks
from targets.progress.outlook_words import METHODS, REASONS
from targets.progress.types import TargetSpec
from tests.conftest import client_of
from tests.make import approve, make_lines, make_workbook
from tests.make_history import work_off
from tests.targets.make_progress import make_observations, make_target
from tests.targets.test_charts import LABELS, named
from tests.targets.test_frames import ALL

HERE = "630200"
Q4 = ("2010-Q4", "2011-Q4", "2012-Q4", "2013-Q4")


def looked(target: TargetSpec, table: dict[str, dict[str, dict[str, float]]], last: str = "2013-Q4") -> dict[str, Any]:
    """The outlook of the province, or of area a where the province has none to look at."""
    found = outlooks([target], ALL, make_observations(table), [Period.parse(last)], ["a", "b", "c"], "P")
    return found.set_index("area").to_dict("index")


def by_area(values: dict[str, float]) -> dict[str, dict[str, float]]:
    return dict.fromkeys("abc", values)


def of_years(*values: float) -> dict[str, float]:
    return dict(zip(Q4, values, strict=False))


def goals(goal: float = 100.0) -> dict[str, float]:
    return {"P": goal, "a": goal}


def test_flow_is_carried_on_by_its_whole_years() -> None:
    """10, 20, 40, 80 double; the half year that is known as well (90) is no year and is left out."""
    table = {"OUT": by_area(of_years(10, 20, 40, 80) | {"2014-Q2": 90.0})}
    found = looked(make_target("T", "OUT", goals=goals(200), path="geometric"), table, "2014-Q2")
    assert found["P"]["value"] == pytest.approx(960)
    assert found["a"]["value"] == pytest.approx(320)
    assert [at["period"] for at in found["a"]["path"]] == ["2014-Q4", "2015-Q4"]
    assert (found["a"]["period"], found["a"]["last_period"], found["a"]["points"]) == ("2014-Q2", "2013-Q4", 4)
    assert (found["a"]["chance"], found["a"]["method"]) == (0.99, "theil_sen")


def test_stock_is_carried_on_by_quarters() -> None:
    values = {str(period): 3.0 + place for place, period in enumerate(quarters(Period(2012, "Q", 1), Period(2013, "Q", 4)))}
    found = looked(make_target("T", "FIRMS", goals=goals(18)), {"FIRMS": {"a": values}})["a"]
    assert (found["method"], found["points"]) == ("combined", 8)
    assert [at["period"] for at in found["path"]][::7] == ["2014-Q1", "2015-Q4"]
    assert found["value"] == pytest.approx(18, abs=1)


def test_sum_so_far_grows_by_amounts() -> None:
    """20 a year since 2012: the sums 20, 40 and what lies between reach 80 at the end of 2015, and do not double."""
    flow = {f"{year}-Q{n}": 5.0 * n for year in (2012, 2013) for n in (1, 2, 3, 4)}
    target = make_target("T", "OUT", kind="cumulative", period_start=2012, baseline_rule="zero_before_start", goals=goals(80))
    found = looked(target, {"OUT": {"a": flow}})["a"]
    assert (found["points"], found["last_value"]) == (8, 40)
    assert found["value"] == pytest.approx(80, rel=1e-6)


def test_cut_is_carried_on_as_a_level_and_its_chance_is_against_the_level_of_the_goal() -> None:
    """Energy falls by a twentieth a year from 2010 on: at the end of 2015 it is 0.95⁵ = 0.774 of it, a cut of 22.6 %."""
    table = {"ENE": {"a": of_years(100, 95, 90.25, 85.7375)}, "GDP": {"a": of_years(100, 100, 100, 100)}}
    found = {}
    for cut in (20.0, 25.0):
        target = make_target("T", "INT", kind="reduction", baseline_year=2010, baseline_rule="fixed", operator=">=", goals=goals(cut))
        found[cut] = looked(target, table)["a"]
    assert found[20.0]["value"] == pytest.approx(0.95**5)
    assert (found[20.0]["goal_level"], found[25.0]["goal_level"]) == pytest.approx((0.8, 0.75))
    assert (found[20.0]["chance"], found[25.0]["chance"]) == (0.99, 0.01)


def test_near_a_benchmark_is_near_enough() -> None:
    table = {"ENE": {"a": of_years(200, 180, 160, 140)}, "GDP": {"a": of_years(100, 100, 100, 100)}}
    target = make_target("T", "INT", kind="benchmark", operator="<=", goals=goals(1.0), convention="linear_share")
    near = TargetSpec(**{name: getattr(target, name) for name in target.__slots__} | {"tolerance": 0.2})
    assert looked(near, table)["a"]["chance"] > looked(target, table)["a"]["chance"]


def test_sum_of_fewer_areas_than_are_due_is_no_point_of_the_series() -> None:
    table = {"OUT": {"a": of_years(1, 2, 3, 4), "b": of_years(1, 2, 3, 4), "c": {"2011-Q4": 9.0}}}
    found = looked(make_target("T", "OUT", goals=goals()), table)
    assert (found["P"]["points"], found["a"]["points"]) == (1, 4)


def test_share_of_a_whole_stays_within_it() -> None:
    rate = {"N": {"a": of_years(70, 80, 90, 99)}, "D": {"a": of_years(100, 100, 100, 100)}}
    spec = dict(ALL)
    spec["RATE"] = type(ALL["RATE"])(**{n: getattr(ALL["RATE"], n) for n in ALL["RATE"].__slots__} | {"part_of_whole": True})
    target = make_target("T", "RATE", kind="ratio", goals=goals(100))
    found = outlooks([target], spec, make_observations(rate), [Period.parse("2013-Q4")], ["a"], "P").set_index("area").loc["a"]
    assert (found["value"], found["high80"]) == (100, 100)


@pytest.mark.parametrize(
    ("changes", "indicator", "area", "reason"),
    [
        ({"kind": "milestone", "operator": "done", "convention": "evidence", "path": "none"}, "STEP", "P", "evidence_only"),
        ({"kind": "growth_yoy", "convention": "direct", "path": "none", "baseline_rule": "previous_year"}, "OUT", "P", "growth_rate"),
        ({"kind": "growth_cagr", "convention": "direct", "baseline_rule": "fixed", "baseline_year": 2010}, "OUT", "P", "growth_rate"),
        ({"aggregation": "all_of", "kind": "ratio"}, "RATE", "P", "areas_counted"),
        ({"aggregation": "all_of", "kind": "ratio"}, "RATE", "a", "too_few_points"),
        ({}, "OUT", "a", "too_wild"),
        ({}, "FIRMS", "a", "too_few_points"),
    ],
)
def test_what_cannot_be_forecast_says_why(changes: dict[str, Any], indicator: str, area: str, reason: str) -> None:
    table = {"OUT": by_area(of_years(1, 900, 1, 800)), "STEP": by_area(of_years(1, 1, 2, 2)), "FIRMS": by_area(of_years(1, 2, 3))}
    found = looked(make_target("T", indicator, goals=goals(), **changes), table)[area]
    assert (found["method"], found["reason"], found["path"]) == ("", reason, [])
    assert pd.isna(found["value"])
    assert pd.isna(found["chance"])


def test_every_word_the_outlook_says_has_its_sentence() -> None:
    assert {forecast.TOO_FEW_POINTS, forecast.TOO_WILD, "", "evidence_only", "growth_rate", "areas_counted"} < set(REASONS)
    assert set(METHODS) == {"", "constant", "theil_sen", "combined"}


def test_target_whose_deadline_is_over_has_no_outlook() -> None:
    table = {"OUT": by_area(of_years(1, 2, 3, 4))}
    for year, rows in ((2012, 0), (2013, 0), (2014, 2)):
        assert len(looked(make_target("T", "OUT", target_year=year, goals=goals()), table)) == rows


@pytest.mark.parametrize(
    ("path", "values", "pace", "unit", "first"),
    [
        ("linear", (10, 20, 26, 34), 8.0, "unit", "2010-Q4"),
        ("geometric", (10, 20, 40, 80), 100.0, "percent", "2010-Q4"),
        ("linear", (None, 20, 26, 34), 7.0, "unit", "2011-Q4"),
        ("linear", (None, None, None, 34), None, "", ""),
        ("geometric", (0, 20, 40, 80), None, "percent", "2010-Q4"),
    ],
)
def test_pace_of_late_is_that_of_three_years_in_the_unit_of_the_pace_needed(
    path: str, values: tuple[float | None, ...], pace: float | None, unit: str, first: str
) -> None:
    known = {period: value for period, value in zip(Q4, values, strict=True) if value is not None}
    found = looked(make_target("T", "OUT", path=path, goals=goals()), {"OUT": {"a": known}})["a"]
    assert found["recent_pace"] == (pytest.approx(pace) if pace is not None else pytest.approx(float("nan"), nan_ok=True))
    assert (found["recent_from"], found["recent_reason"] == "") == (first, pace is not None)
    assert found["required_pace_reason"] == "" or found["pace_unit"] in ("", "unit", "percent")
    assert unit in ("", found["pace_unit"])


def test_it_looks_ahead_from_the_last_period_with_a_value() -> None:
    table = {"FIRMS": {"a": {f"2013-Q{n}": float(n) for n in (1, 2, 3)}, "b": {"2013-Q4": 1.0}}}
    assert looked(make_target("T", "FIRMS", goals=goals()), table)["a"]["period"] == "2013-Q3"
    assert looked(make_target("T", "FIRMS", goals=goals()), {"FIRMS": {"b": {"2009-Q4": 1.0}}})["a"]["period"] == "2013-Q4"


# The chart.
POINTS = [Point(f"{year}-Q4", date(year, 12, 31), value, "on_track") for year, value in ((2012, 10.0), (2013, 14.0))]
PATH = [PathPoint("2012-Q4", date(2012, 12, 31), 10.0), PathPoint("2015-Q4", date(2015, 12, 31), 20.0)]
GOAL = Goal("2015-Q4", date(2015, 12, 31), 20.0)
AHEAD = [ForecastPoint("2013-Q4", date(2013, 12, 31), 14.0, 14.0, 14.0), ForecastPoint("2015-Q4", date(2015, 12, 31), 22.0, 15.0, 300.0)]


def test_chart_shows_the_forecast_behind_path_and_goal_in_its_range() -> None:
    figure = trajectory.figure(POINTS, PATH, GOAL, LABELS, AHEAD)
    band, line = figure["data"][:2]
    assert (list(line["x"]), list(line["y"])) == (["2013-12-31", "2015-12-31"], [14.0, 22.0])
    assert (list(band["y"]), band["fill"]) == ([14.0, 300.0, 15.0, 14.0], "toself")
    known, last, low, high = (quantity(value, "tce", 3) for value in (14.0, 22.0, 15.0, 300.0))
    assert [text for _url, _period, text in line["customdata"]] == [known, f"{last} ({low} – {high})"]
    assert named(figure, "expected")["line"]["dash"] != line["line"]["dash"]


def test_wide_range_does_not_flatten_the_rest_of_the_chart() -> None:
    low, high = trajectory.figure(POINTS, PATH, GOAL, LABELS, AHEAD)["layout"]["yaxis"]["range"]
    assert 0 < low < 10
    assert 28 < high < 40


# Stored, shown, sent.
@pytest.fixture(scope="module")
def past(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Four quarters of one bureau, approved and assessed: for all tests of this module, then taken back."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setenv("QHENV_TODAY", "2016-02-20")
        clerk = User.objects.create_user("past-clerk", role="reporter", bureau=Bureau.objects.get(code="BUR-630200"))
        reviewer = User.objects.create_user("past-reviewer", role="reviewer")
        for number, period in enumerate(("2014-Q4", "2015-Q2", "2015-Q3", "2015-Q4")):
            lines = make_lines("BUR-630200", "QH-Q", period, {"B1": 6 + number // 2, "B2": 4})
            approve(make_workbook(lines, period=period), clerk, reviewer)
        work_off()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def reader(past: None, qinghai: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("QHENV_TODAY", "2016-02-20")
    return client_of(qinghai.leader)


def stored(target: str, area: str = HERE) -> Outlook:
    return Outlook.objects.current().get(target__code=target, area__code=area)


def test_assessing_stores_an_outlook_for_each_open_target_and_area_and_none_for_others(reader: Client) -> None:
    found = Outlook.objects.current()
    open_ones = Assessment.objects.current().filter(target__target_year=2020, period="2015-Q4")
    assert sorted(found.values_list("target", "area")) == sorted(open_ones.values_list("target", "area"))
    for one in found:
        assert (one.method == "") == (one.reason != "") == (one.value is None) == (one.chance is None)
    companies = stored("B4-2020")
    assert (companies.method, companies.points, companies.period) == ("theil_sen", 4, "2015-Q4")
    assert stored("A5-2020").reason == "too_few_points"
    assert stored("D3-2020").reason == "evidence_only"


def test_looking_ahead_again_adds_nothing_and_a_change_supersedes(reader: Client) -> None:
    run = AssessmentRun.objects.latest("pk")
    count, table = Outlook.objects.count(), look_ahead({"B4-2020"}, as_of=run.as_of, areas={HERE, "630000"})
    assert Outlook.objects.append(run, table) == 0
    before = stored("B4-2020")
    assert Outlook.objects.append(run, table.assign(points=9)) == len(table)
    after = stored("B4-2020")
    assert (after.supersedes, after.points, Outlook.objects.count()) == (before, 9, count + len(table))
    Outlook.objects.append(run, table.assign(period="2016-Q1"))
    assert stored("B4-2020").supersedes == after  # one is in force, whatever period it looks ahead from


def test_database_refuses_to_change_an_outlook(reader: Client) -> None:
    for statement in ("UPDATE targets_outlook SET points = 1", "DELETE FROM targets_outlook"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.full
def test_assessing_everything_again_adds_no_outlook(reader: Client) -> None:
    assess(None, reason="all")
    count = Outlook.objects.count()
    assess(None, reason="all again")
    assert Outlook.objects.count() == count


def page(client: Client, address: str) -> str:
    client.cookies["django_language"] = "en"
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_page_shows_both_paces_the_forecast_its_range_and_the_chance(reader: Client) -> None:
    shown, one = page(reader, f"/targets/B4-2020/?area={HERE}"), stored("B4-2020")
    assert one.chance is not None
    for text in ("<h2>Outlook</h2>", "Pace needed from here", "Pace of late", "Forecast for the end of 2020", "80 % likely: "):
        assert text in shown
    assert f"about {round(one.chance * 100)} %" in shown
    assert METHODS["theil_sen"] in shown
    assert "Made from 4 values." in shown
    assert "enterprises a year" in shown


@pytest.mark.parametrize(
    ("target", "area", "sentence"),
    [
        ("D3-2020", HERE, REASONS["evidence_only"]),
        ("A4-2020", "630000", REASONS["growth_rate"]),
        ("A5-2020", HERE, "A forecast needs at least four comparable values; 2 are known."),
    ],
)
def test_page_says_why_there_is_no_forecast(reader: Client, target: str, area: str, sentence: str) -> None:
    shown = page(reader, f"/targets/{target}/?area={area}")
    assert sentence in shown
    assert "Chance of meeting the goal" not in shown


def test_no_outlook_is_shown_once_the_deadline_is_over(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Outlook" not in page(reader, "/targets/B1-2015/")
    monkeypatch.setenv("QHENV_TODAY", "2021-01-05")
    assert "Outlook" not in page(reader, f"/targets/B4-2020/?period=2015-Q4&area={HERE}")
    assert not [trace for trace in reader.get(f"/targets/B4-2020/charts/trajectory.json?area={HERE}").json()["data"] if trace.get("fill")]


def test_trajectory_leads_from_the_last_figure_to_the_deadline(reader: Client) -> None:
    band, line = reader.get(f"/targets/B4-2020/charts/trajectory.json?area={HERE}").json()["data"][:2]
    assert band["fill"] == "toself"
    assert (line["x"][0], line["x"][-1], len(line["x"])) == ("2015-12-31", "2020-12-31", 21)
    value = stored("B4-2020").value
    assert value is not None
    assert line["y"][-1] == pytest.approx(float(value), abs=0.01)


def test_api_gives_the_outlook_with_its_path(reader: Client) -> None:
    answer = reader.get("/api/v1/outlooks", {"target": "B4-2020", "area": HERE}).json()
    (row,) = answer["results"]
    one = stored("B4-2020")
    assert (row["value"], row["chance"], row["method"]) == (f"{one.value:.9f}", f"{one.chance:.2f}", "theil_sen")
    assert row["path"][-1]["period"] == row["deadline"] == "2020-Q4"
    assert row["path"][-1]["low80"] == row["low80"]
    assert (row["pace_unit"], row["unit"]) == ("unit", "家")
    (none,) = reader.get("/api/v1/outlooks", {"target": "D3-2020", "area": HERE}).json()["results"]
    assert (none["value"], none["chance"], none["reason"], none["path"]) == (None, None, "evidence_only", [])
    assert none["explanation"]
    assert reader.get("/api/v1/outlooks", {"period": "1999-Q1"}).json()["count"] == 0
