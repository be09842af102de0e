"""Where a bureau's area stands: its rank, what the quarters still to come must deliver, and the page that says so in one glance."""

from collections.abc import Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from accounts.models import User
from indicators.models import Observation
from indicators.periods import Period
from targets import standing
from targets.models import Assessment
from targets.numbers import number
from targets.standing import Quota, Rank, Way, numerator_needed, quarters_left, quota_of, ranks, worst_first
from targets.views.quota import quota_shown
from tests.conftest import client_of
from tests.make_history import part_of_the_past

PERIOD = "2014-Q4"
# 40 of 100 at the end of 2014, due by the end of 2015.
ROW: dict[str, Any] = {
    "period": "2014-Q4", "kind": "level", "status": "at_risk", "reason": "pace_at_risk", "frozen": False, "value": 40.0, "figure": 40.0,
    "annual": 40.0, "compared": 40.0, "goal": 100.0, "goal_level": 100.0, "d": 1.0, "at": 2015.0, "time": 2015.0, "deadline": 2016.0,
    "baseline_value": 20.0, "baseline_time": 2014.0, "pace_unit": "unit", "pooled": None,
}  # fmt: skip


def quota(flow: bool = False, deadline: int = 2015, **changes: Any) -> Quota:
    return quota_of({**ROW, **changes}, flow=flow, deadline=deadline)


def numbers(*shares: str | None) -> dict[str, Decimal | None]:
    return {chr(97 + place): None if share is None else Decimal(share) for place, share in enumerate(shares)}


def test_equal_gaps_share_a_rank_and_the_next_place_is_left_out() -> None:
    found = ranks(numbers("-0.1", "0.2", "-0.1", "-0.3", None))
    assert found == {"b": Rank(1, 4, False), "a": Rank(2, 4, True), "c": Rank(2, 4, True), "d": Rank(4, 4, False)}


def test_one_area_alone_is_not_ranked() -> None:
    assert ranks(numbers("-0.1", None)) == {}


def test_worst_status_comes_first_and_within_it_the_largest_gap() -> None:
    def one(status: str, share: str | None) -> SimpleNamespace:
        return SimpleNamespace(status=status, gap_share=None if share is None else Decimal(share))

    mixed = [one("on_track", "0.1"), one("off_track", None), one("at_risk", "-0.5"), one("off_track", "-0.2"), one("off_track", "-0.4")]
    told = [(each.status, each.gap_share and str(each.gap_share)) for each in sorted(mixed, key=worst_first)]
    assert told == [("off_track", "-0.4"), ("off_track", "-0.2"), ("off_track", None), ("at_risk", "-0.5"), ("on_track", "0.1")]


@pytest.mark.parametrize(
    ("period", "deadline", "left"),
    [("2014-Q4", 2015, 4), ("2015-Q3", 2015, 1), ("2015-Q4", 2015, 0), ("2014-M7", 2014, 1), ("2013", 2020, 28)],
)
def test_quarters_left_are_those_that_end_after_the_period(period: str, deadline: int, left: int) -> None:
    assert quarters_left(Period.parse(period), deadline) == left


def test_stock_asks_for_the_same_addition_each_quarter() -> None:
    found = quota(kind="cumulative")
    assert (found.way, found.left, found.each) == (Way.ADDITION, 4, 15.0)
    assert found.now is not None
    assert found.each is not None
    assert found.now + found.left * found.each == found.goal


def test_last_year_of_a_flow_asks_for_what_is_missing_of_the_goal() -> None:
    found = quota(flow=True, period="2015-Q2", figure=40.0, annual=90.0, at=2016.0, time=2015.5)
    assert (found.way, found.each) == (Way.AMOUNT, 30.0), "the season's estimate has no part in it"


def test_flow_goes_year_by_year_and_its_last_year_comes_to_the_goal() -> None:
    found = quota(flow=True, deadline=2017, period="2015-Q3", figure=30.0, annual=40.0, pace_unit="percent", goal_level=160.0)
    assert [(one.year, one.quarters, round(one.each, 9), round(one.year_total, 9)) for one in found.stretches] == [
        (2015, 1, 10.0, 40.0),
        (2016, 4, 20.0, 80.0),
        (2017, 4, 40.0, 160.0),
    ]
    assert sum(one.quarters for one in found.stretches) == found.left == 9


def test_flow_above_its_goal_is_only_to_be_kept() -> None:
    found = quota(flow=True, deadline=2017, period="2015-Q3", figure=30.0, annual=140.0)
    assert (found.way, found.each) == (Way.KEEP, 25.0)


def test_part_of_a_year_whose_season_nobody_knows_promises_nothing_for_later_years() -> None:
    blind = {"period": "2014-Q3", "reason": "no_year_before", "status": "no_data", "at": 2015.0, "time": 2014.75}
    assert quota(flow=True, **blind).way == Way.UNKNOWN
    assert quota(flow=True, deadline=2014, **blind).each == 60.0, "within the deadline's own year the rest is certain"


def test_ratio_of_a_year_moves_from_the_years_end_on() -> None:
    row = {**ROW, "kind": "ratio", "period": "2015-Q2", "compared": 52.0, "goal_level": 60.0, "at": 2016.0, "deadline": 2018.0}
    found = quota_of(row, flow=False, deadline=2017)
    assert (found.way, found.left, found.steps, found.each) == (Way.POINTS, 10, 8, 1.0)


def test_reduction_is_told_in_percent_that_compound_to_the_goal() -> None:
    found = quota(kind="reduction", compared=2.0, goal_level=1.8, d=-1.0)
    assert found.way == Way.CUT
    assert found.each is not None
    assert 2.0 * (1 + found.each) ** 4 == pytest.approx(1.8)


@pytest.mark.parametrize(
    ("changes", "way"),
    [
        ({"status": "achieved"}, Way.REACHED),
        ({"frozen": True}, Way.PASSED),
        ({"period": "2015-Q4"}, Way.PASSED),
        ({"kind": "ratio", "compared": 120.0}, Way.KEEP),
        ({"kind": "ratio", "compared": None}, Way.UNKNOWN),
        ({"kind": "ratio", "goal_level": None}, Way.UNKNOWN),
        ({"kind": "milestone", "compared": 1.0, "goal_level": 3.0}, Way.STAGE),
        ({"kind": "ratio", "pooled": 71.0, "compared": 3.0, "goal_level": 8.0}, Way.AREAS),
        ({"kind": "growth_yoy"}, Way.LATER),
    ],
)
def test_each_end_of_the_way_is_called_by_its_name(changes: dict[str, Any], way: Way) -> None:
    assert quota(**changes).way == way


def test_growth_of_a_year_is_told_as_the_amount_it_takes() -> None:
    found = quota(flow=True, kind="growth_yoy", period="2015-Q2", goal=5.0, baseline_value=100.0, figure=45.0)
    assert (found.way, found.goal, found.each) == (Way.AMOUNT, 105.0, 30.0)


def test_numerator_still_missing_is_told_at_todays_denominator() -> None:
    assert numerator_needed(100.0, 60.0, 80.0, 100.0) == 20.0


@pytest.fixture(scope="module", autouse=True)
def past(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with part_of_the_past(django_db_blocker, "2015-02-20", "2010", "2011", "2013", "2014-Q3", "2014-Q4"):
        yield


@pytest.fixture
def clerk(qinghai: SimpleNamespace) -> Client:
    return english(qinghai.clerk)


def english(person: User) -> Client:
    client = client_of(person)
    client.cookies["django_language"] = "en"
    return client


def context_of(client: Client, **words: str) -> Any:
    return client.get("/standing/", {"period": PERIOD, **words}).context


def test_clerk_sees_the_own_areas_and_no_other(clerk: Client) -> None:
    context = context_of(clerk)
    assert context["area"].code == "630200"
    assert {area.code for area in context["areas"]} == {"630200", "P-HD"}
    assert clerk.get("/standing/", {"period": PERIOD, "area": "630100"}).status_code == 404
    assert "goals allocated, not in the policy" in clerk.get("/standing/", {"period": PERIOD}).content.decode()


def test_everybody_else_chooses_among_all_areas(qinghai: SimpleNamespace) -> None:
    context = context_of(english(qinghai.leader), area="632800")
    assert context["area"].code == "632800"
    assert len(context["areas"]) == 11
    assert context_of(english(qinghai.leader))["is_whole"]


def test_every_target_of_the_area_stands_there_once_worst_first(clerk: Client) -> None:
    context = context_of(clerk)
    rows = [*context["open"], *context["over"]]
    expected = Assessment.objects.current().filter(area__code="630200", period=PERIOD)
    assert sorted(row.one.pk for row in rows) == sorted(expected.values_list("pk", flat=True))
    order = [worst_first(row.one) for row in context["open"]]
    assert order == sorted(order)
    page = clerk.get("/standing/", {"period": PERIOD}).content.decode()
    assert all(f'href="{row.one.target.get_absolute_url()}?area=630200&amp;period={PERIOD}"' in page for row in rows)


def test_rank_counts_the_areas_that_are_farther_ahead(clerk: Client) -> None:
    for row in context_of(clerk)["open"]:
        others = Assessment.objects.current().filter(target=row.one.target, period=PERIOD).exclude(area__code="630000")
        if row.rank is None:
            assert row.why_no_rank
            continue
        assert row.rank.of == others.filter(gap_share__isnull=False).count()
        assert row.rank.place == 1 + others.filter(gap_share__gt=row.one.gap_share).count()


def test_whole_is_not_ranked_among_its_parts(qinghai: SimpleNamespace) -> None:
    client = english(qinghai.leader)
    assert all(row.rank is None and row.why_no_rank for row in context_of(client)["open"])
    assert ">Rank<" not in client.get("/standing/", {"period": PERIOD}).content.decode()


def test_quotas_lead_to_the_goal(clerk: Client) -> None:
    rows = {row.one.target.code: row for row in context_of(clerk)["open"]}
    cumulative, flow = rows["K1-2015"], rows["A5-2015"]
    each = (cumulative.one.goal - cumulative.one.value) / 4
    assert cumulative.quota.head == f"+{each:.2f}"
    assert cumulative.quota.lines[0][1].startswith("(88.00 − ")
    assert flow.quota.lines[-1][1] == f"{flow.one.goal:.2f} ÷ 4 = {flow.one.goal / 4:.3f} ×100 m yuan"


@pytest.mark.django_db
def test_estimate_of_the_year_is_said_where_the_pace_is_enough() -> None:
    one = Assessment.objects.for_pages().filter(area__code="630200", period=PERIOD, target__code="K1-2015").get()
    one.result = {**one.result, "kind": "ratio", "figure": 45.0, "compared": 95.0, "goal_level": 88.0}
    with override("en"):
        shown = quota_shown(one, {})
    assert shown.sentence == standing.ON_COURSE
    assert shown.lines == [("What the year so far comes to as a whole year", "95.00 ×10,000 m²")]


def test_share_of_stocks_says_how_much_is_still_missing(clerk: Client) -> None:
    row = next(row for row in context_of(clerk)["open"] if row.one.target.code == "J1-2015")
    figures = Observation.objects.current().filter(area__code="630200", period=PERIOD)
    done, all_of_them = (figures.get(indicator__code=code).value for code in ("J1N", "J1D"))
    assert done is not None
    assert all_of_them is not None
    assert row.quota.lines[-1][1].startswith("50.00 ÷ 100 × ")
    assert row.quota.lines[-1][1].split(" = ")[1].split(" ")[0] == number(all_of_them / 2 - done, 0)


def test_last_approved_quarter_says_what_it_brought(clerk: Client, qinghai: SimpleNamespace) -> None:
    effect = context_of(clerk)["effect"]
    assert (effect.submission.bureau.code, effect.submission.period) == ("BUR-630200", PERIOD)
    assert effect.new == Observation.objects.filter(entry__submission=effect.submission, supersedes=None).count() > 50
    assert all(move.area.code == "630200" for move in effect.moves)
    assert context_of(english(qinghai.leader))["effect"] is None, "a whole moves by the figures of many"


def test_page_costs_the_same_for_every_area(clerk: Client, qinghai: SimpleNamespace, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(13) as few:
        clerk.get("/standing/", {"period": PERIOD, "area": "P-HD"})
    with django_assert_num_queries(len(few)):
        clerk.get("/standing/", {"period": PERIOD})
    assert Client().get("/standing/").status_code == 302


def test_period_without_results_says_what_to_do(clerk: Client) -> None:
    assert "No target has a result here" in clerk.get("/standing/", {"period": "2009-Q1"}).content.decode()
