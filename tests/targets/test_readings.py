"""One result under other rules: each reading worked by hand, none where the data is missing, and the status untouched."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from targets.models import Assessment, RuleLevel, RuleSet
from targets.pack import read_pack
from targets.pack.rules import rule_sets
from targets.progress.readings import READERS, Reading, completion, moved, readings
from tests.conftest import QINGHAI, client_of
from tests.make_history import part_of_the_past
from tests.targets.make_progress import NAN, judge_one

RULES = list(rule_sets(read_pack(QINGHAI)[0]).values())
CUT: dict[str, Any] = {
    "kind": "reduction", "convention": "log_share", "path": "geometric", "goal": 10.0, "d": -1.0, "baseline_value": 100.0,
    "baseline_time": 2011.0, "deadline": 2016.0, "decimals": 3,
}  # fmt: skip


def read(**changes: Any) -> dict[str, Reading]:
    """The readings of one case by the code of the rule set."""
    return {reading.rule_set.code: reading for reading in readings(dict(judge_one(**changes)), RULES)}


def cut(year: int, value: float, change: float, **changes: Any) -> dict[str, Reading]:
    return read(**{**CUT, "period": str(year), "year": year, "value": value, "yearly_change": change, **changes})


def levels(found: dict[str, Reading]) -> dict[str, str]:
    return {code: reading.level.code if reading.level else reading.reason for code, reading in found.items()}


@pytest.mark.parametrize(
    ("year", "value", "change", "expected"),
    [
        # planned: -2.0852 % a year; 20 % of the way in logarithms by 2011
        (2011, 109.44, 0.0944, ("1", "neither", "failed", "3", "deterioration")),
        (2011, 97.5, -0.025, ("3", "both", "measures_not_scored", "0", "substantial")),
        (2012, 97.5, 0.0, ("2", "neither", "failed", "2", "moderate")),
        (2012, 97.5, -0.03, ("3", "annual_only", "measures_not_scored", "2", "moderate")),
        (2014, 91.5, -0.01, ("2", "schedule_only", "failed", "0", "substantial")),
        (2014, 89.0, -0.03, ("3", "both", "measures_not_scored", "0", "achieved")),
    ],
)
def test_cut_is_read_under_every_rule(year: int, value: float, change: float, expected: tuple[str, ...]) -> None:
    rules = ("ndrc_barometer", "twin_test", "score_sheet", "local_completion_2010", "open_sdg")
    assert levels(cut(year, value, change)) == dict(zip(rules, expected, strict=True))


def test_points_of_the_matrix_and_of_the_sheet() -> None:
    missed = cut(2012, 97.5, -0.0105)
    assert (missed["twin_test"].score, missed["twin_test"].veto) == (0, True)
    assert (missed["score_sheet"].score, missed["score_sheet"].veto) == (20, True)
    kept = cut(2012, 97.5, -0.03)
    assert (kept["twin_test"].score, kept["twin_test"].veto) == (40, False)
    assert (kept["score_sheet"].score, kept["score_sheet"].veto) == (49, False)


def test_sheet_gives_no_grade_it_cannot_know_but_the_veto_is_known() -> None:
    kept, missed = cut(2012, 97.5, -0.03)["score_sheet"], cut(2012, 97.5, -0.01)["score_sheet"]
    assert (kept.level, kept.reason) == (None, "measures_not_scored")
    assert missed.level is not None
    assert (missed.level.word_zh, missed.reason) == ("未完成", "")


def test_margin_is_the_change_that_is_missing_to_the_next_level() -> None:
    rose = cut(2011, 109.44, 0.0944)["ndrc_barometer"]
    assert rose.margin == pytest.approx(0.0944, abs=1e-9)
    assert rose.better is not None
    assert rose.better.code == "2"
    short = cut(2012, 97.5, -0.01)["ndrc_barometer"]
    assert short.margin == pytest.approx(0.020852 - 0.01, abs=1e-6)
    assert cut(2012, 97.5, -0.03)["ndrc_barometer"].margin is None, "the best level has none above"


def test_completion_is_told_in_logarithms_and_linear_and_not_as_a_negative_percentage() -> None:
    done = completion(dict(judge_one(**CUT, year=2012, value=97.5, yearly_change=-0.01)))
    assert done is not None
    assert done.logarithmic == pytest.approx(24.029, abs=1e-3)
    assert done.linear == pytest.approx(25.0)
    rose = completion(dict(judge_one(**CUT, year=2011, value=109.44, yearly_change=0.0944)))
    assert rose is not None
    assert (rose.logarithmic, rose.linear, rose.reason) == (None, None, "wrong_way")
    assert rose.change == pytest.approx(0.0944)
    assert completion(dict(judge_one())) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"value": NAN}, "no_value"),
        ({"baseline_value": NAN}, "baseline_not_known"),
        ({"goal": NAN}, "no_goal"),
        ({"yearly_change": NAN, "unfinished": True}, "no_year_before"),
    ],
)
def test_what_is_not_known_has_its_reason_and_no_level(changes: dict[str, Any], reason: str) -> None:
    found = read(**{**CUT, "period": "2012", "year": 2012, "value": 97.5, "yearly_change": -0.01, **changes})
    assert set(levels(found).values()) == {reason}


def test_part_of_a_year_is_read_as_it_stands_and_marked_so() -> None:
    assert {reading.provisional for reading in cut(2012, 97.5, -0.03, unfinished=True).values()} == {True}
    assert {reading.provisional for reading in cut(2012, 97.5, -0.03).values()} == {False}


def test_schedule_of_five_years_says_nothing_of_a_target_over_four() -> None:
    assert levels(cut(2012, 97.5, -0.03, baseline_time=2012.0))["twin_test"] == "other_span"


def test_twin_test_ended_with_its_plan() -> None:
    late = cut(2017, 97.5, -0.03, baseline_time=2016.0, deadline=2021.0)
    assert "twin_test" not in late
    assert "ndrc_barometer" in late


@pytest.mark.parametrize(
    ("value", "completion_rate", "word"),
    [(100.0, "0", "substantial"), (94.0, "1", "substantial"), (80.0, "2", "moderate"), (62.0, "3", "limited"), (55.0, "3", "deterioration"),
     (120.0, "0", "achieved")],
)  # fmt: skip
def test_pace_target_has_a_completion_rate_and_an_open_sdg_word(value: float, completion_rate: str, word: str) -> None:
    assert levels(read(value=value)) == {"local_completion_2010": completion_rate, "open_sdg": word}


def test_open_sdg_score_is_the_published_formula() -> None:
    reading = read(value=80.0)["open_sdg"]
    ratio = ((80 / 60) ** (1 / 3) - 1) / (2 ** (1 / 5) - 1)
    assert reading.measure == pytest.approx(ratio)
    assert reading.score == pytest.approx(7.1429 * ratio - 4.2857)
    assert read(value=120.0)["open_sdg"].score == 5


def test_zero_base_has_no_growth_and_is_not_replaced_by_a_small_number() -> None:
    assert levels(read(baseline_value=0.0))["open_sdg"] == "zero_base"


def test_milestone_has_no_readings() -> None:
    assert read(kind="milestone", convention="evidence", path="none", goal=3.0, value=1.0, window_start=2014.0) == {}


def test_rule_set_without_levels_gives_no_reading() -> None:
    from dataclasses import replace

    bare = [replace(rule, levels=()) for rule in RULES]
    assert readings(dict(judge_one()), bare) == []


def test_every_rule_that_only_reads_has_its_reader() -> None:
    assert {rule.method for rule in RULES} - {"pace"} == set(READERS)


def test_who_moved_is_told_by_area_from_then_to_now() -> None:
    def row(area: str, change: float) -> dict[str, Any]:
        return dict(judge_one(**CUT, area=area, period="2012", year=2012, value=97.5, yearly_change=change))

    before, now = [row("a", -0.03), row("b", -0.03), row("c", NAN)], [row("a", 0.01), row("b", -0.04), row("c", 0.01)]
    assert [(area, then.code, level.code) for area, then, level in moved(now, before, RULES)] == [("a", "3", "1")]


@pytest.fixture(scope="module")
def past(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with part_of_the_past(django_db_blocker, "2015-02-20", "2010", "2011", "2013", "2014-Q3", "2014-Q4"):
        yield


def test_page_shows_a_level_by_word_colour_and_shape(past: None, qinghai: SimpleNamespace) -> None:
    client = client_of(qinghai.leader)
    client.cookies["django_language"] = "en"
    page = client.get("/targets/C1-2015/", {"period": "2011-Q4"}).content.decode()
    panel = page[page.index('id="rules"') :]
    worst = RuleLevel.objects.get(rule_set__code="ndrc_barometer", code="1")
    assert worst.word_en in panel
    assert f"level-{worst.colour}" in panel
    assert f"level.svg#{worst.shape}" in panel
    assert "none: it has risen by 9.44" in panel
    assert RuleSet.objects.get(code="ndrc_barometer").note_en in panel
    empty = client.get("/targets/C1-2015/", {"period": "2009-Q4"})
    assert empty.status_code == 200
    assert 'id="rules"' not in empty.content.decode()


def test_api_gives_readings_and_the_status_stays_that_of_the_targets_own_rule(past: None, qinghai: SimpleNamespace) -> None:
    client = client_of(qinghai.leader)
    client.cookies["django_language"] = "en"
    words = {"target": "C1-2015", "area": "630000", "period": "2011-Q4"}
    (listed,) = client.get("/api/v1/assessments", words).json()["results"]
    row = client.get(f"/api/v1/assessments/{listed['id']}").json()
    found = {reading["rule_set"]: reading for reading in row["readings"]}
    assert row["status"] == Assessment.objects.current().get(target__code="C1-2015", area__code="630000", period="2011-Q4").status
    assert (found["ndrc_barometer"]["level"], found["ndrc_barometer"]["colour"], found["ndrc_barometer"]["word"]) == (
        "1",
        "red",
        "very severe",
    )
    assert (found["twin_test"]["level"], found["twin_test"]["score"], found["twin_test"]["veto"]) == ("neither", 0, True)
    assert all((reading["level"] is None) == (reading["word"] is None) for reading in row["readings"])
    assert all(reading["level"] or reading["reason"] for reading in row["readings"])
