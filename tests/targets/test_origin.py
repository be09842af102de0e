"""Where gaps come from, from the approved figures to page, chart and API: one set of numbers that adds up everywhere."""

from collections.abc import Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accounts.models import Area
from indicators.models import Indicator, Observation
from indicators.periods import Period
from targets.models import Assessment, Target
from targets.models.attributing import Behind, Moved, Origin, by_area, by_sector, moved
from targets.progress.decomposition import energy_intensity
from targets.views.moved import moved_shown
from targets.views.origin import shown
from tests.conftest import client_of
from tests.make_history import part_of_the_past

PERIOD, QUARTER, PROVINCE = "2014-Q4", "2014-Q3", "630000"


@pytest.fixture(scope="module", autouse=True)
def past(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with part_of_the_past(django_db_blocker, "2015-02-20", "2010", "2011", "2013", "2014-Q3", "2014-Q4"):
        yield


@pytest.fixture
def leader(qinghai: SimpleNamespace) -> Client:
    client = client_of(qinghai.leader)
    client.cookies["django_language"] = "en"
    return client


def origin(code: str, period: str = PERIOD, area: str = PROVINCE) -> tuple[Assessment, Origin | None, Origin | None]:
    results = list(Assessment.objects.current().filter(target__code=code, period=period).for_pages())
    whole = next(one for one in results if one.area.code == area)
    behind = Behind(Target.objects.for_pages().select_related("plan__area").get(code=code), Period.parse(period))
    return whole, by_area(whole, results, behind) if area == PROVINCE else None, by_sector(whole)


def what_moved(code: str, period: str = PERIOD) -> Moved | None:
    return moved(Behind(Target.objects.for_pages().select_related("plan__area").get(code=code), Period.parse(period)))


@pytest.mark.parametrize("period", [QUARTER, PERIOD])
def test_parts_of_every_gap_add_up_to_it_exactly_and_as_shown(db: None, period: str) -> None:
    told = 0
    for code in Target.objects.values_list("code", flat=True):
        whole, *both = origin(code, period)
        for by, one in zip(("area", "sector"), both, strict=True):
            if one is None or one.attribution is None:
                assert one is None or one.why_none
                continue
            told += 1
            assert sum(part.gap for part in one.attribution.parts) == whole.gap
            rows = shown(whole, by, one)
            if not rows.rows:
                assert rows.why_none
                assert not any(part.gap for part in one.attribution.parts)
                continue
            assert sum(row.gap for row in rows.rows) == rows.total
            assert whole.gap is not None
            assert rows.total == whole.gap.quantize(Decimal(1).scaleb(-rows.decimals), "ROUND_HALF_UP")
            percents = [row.percent for row in rows.rows]
            assert None in percents or abs(sum(share for share in percents if share) - 100) <= Decimal("0.1")
            if target_is_complete(whole):
                assert not {part.reason for part in one.attribution.remainders} & {"newer", "published", "not_allocated"}, code
    assert told > 30


def target_is_complete(whole: Assessment) -> bool:
    return whole.result["source"] != "published" and whole.target.kind != "range"


def test_city_without_a_figure_is_named(db: None) -> None:
    results = list(Assessment.objects.current().filter(target__code="A5-2015", period=PERIOD).for_pages())
    silent = next(one for one in results if one.area.code == "632800")
    silent.gap = silent.value = None
    whole = next(one for one in results if one.area.code == PROVINCE)
    found = by_area(whole, results, Behind(whole.target, Period.parse(PERIOD)))
    assert found is not None
    assert found.attribution is not None
    assert {part.reason: part.about for part in found.attribution.remainders}["no_data"] == ("632800",)
    assert any("Haixi" in note or "海西" in note for note in shown(whole, "area", found).notes)


def test_shares_of_a_ratio_come_from_numerators_and_denominators(db: None) -> None:
    whole, found, _ = origin("K2-2015")
    assert found is not None
    assert found.attribution is not None
    assert whole.expected is not None
    figures = Observation.objects.current().filter(period=PERIOD, area__parent__code=PROVINCE)
    upper, lower = ({one.area.code: one.value or Decimal(0) for one in figures.filter(indicator__code=code).select_related("area")}
                    for code in ("K2N", "K2D"))  # fmt: skip
    for part in found.attribution.members:
        by_hand = (100 * upper[part.code] - whole.expected * lower[part.code]) / sum(lower.values())
        assert part.gap == pytest.approx(by_hand, abs=Decimal("2e-9"))


def test_sectors_are_the_formulas_own_parts_with_the_same_deadline_and_the_park_is_none_of_them(db: None) -> None:
    _, _, found = origin("A1-2015")
    assert found is not None
    assert set(found.members) == {"A5-2015", "A6-2015", "A7-2015", "A8-2015", "B3-2015"}
    assert origin("E2-2020")[2] is None
    assert origin("B4-2020")[2] is None, "its parts are due in 2015"
    assert origin("A4-2020")[1:] == (None, None), "a growth is no sum"
    assert origin("H6-2015")[1] is None, "a count of areas is no sum"


def test_city_has_sectors_but_no_cities(db: None) -> None:
    whole, areas, sectors = origin("A1-2015", area="630100")
    assert areas is None
    assert sectors is not None
    assert sectors.attribution is not None
    assert sum(part.gap for part in sectors.attribution.parts) == whole.gap


def test_target_without_allocated_goals_says_so(db: None) -> None:
    whole, found, _ = origin("A9-2020")
    assert found is not None
    assert (found.attribution, found.why_none) == (None, "no_goals" if whole.gap is not None else "no_gap")
    assert shown(whole, "area", found).why_none


def test_intensity_moved_as_the_cities_figures_say(db: None) -> None:
    found = what_moved("C1-2015")
    assert found is not None
    assert (found.first, found.last, len(found.areas)) == (2010, 2014, 8)
    assert found.movement is not None
    filed = Observation.objects.current().filter(indicator__code__in=["ENE", "GDPC2010"]).select_related("area", "indicator")
    codes = {"632100": "630200"}  # Haidong, before it became a city
    values = {(one.indicator.code, one.period, codes.get(one.area.code, one.area.code)): float(one.value or 0) for one in filed}

    def column(code: str, period: str) -> list[float]:
        return [values[code, period, area.code] for area in found.areas]

    by_hand = energy_intensity(column("ENE", "2010"), column("GDPC2010", "2010"), column("ENE", PERIOD), column("GDPC2010", PERIOD))
    assert found.movement.direct.effects == pytest.approx(by_hand.effects)
    whole = Assessment.objects.current().get(target__code="C1-2015", area__code=PROVINCE, period=PERIOD)
    assert found.movement.direct.after == pytest.approx(float(whole.value or 0))
    assert found.movement.direct.before == pytest.approx(whole.result["baseline_value"])
    assert found.movement.chained(4) is None, "2012 is not in this part of the past"
    assert [year for year, step in found.movement.by_year(4) if step] == [2011, 2014]


def test_quarter_looks_back_to_the_last_whole_year(db: None) -> None:
    found = what_moved("C1-2015", QUARTER)
    assert found is not None
    assert found.last == 2013
    assert what_moved("C1-2015", "2010-Q4") is None
    assert what_moved("K2-2015") is None
    assert what_moved("A1-2015") is None


def test_missing_figures_of_a_city_are_named_instead_of_a_number(db: None, leader: Client) -> None:
    target = Target.objects.for_pages().select_related("plan__area").get(code="C1-2015")
    nowhere = Area.objects.create(
        code="639900", name_zh="无数", short_zh="无数", name_en="Nowhere", kind="prefecture", parent=target.plan.area
    )
    behind = Behind(target, Period.parse(PERIOD))
    found = moved(behind)
    assert found is not None
    assert found.movement is None
    assert {(code, area.code, year) for code, area, year in found.lacking} == {
        (code, nowhere.code, year) for code in ("ENE", "GDPC2010") for year in (2010, 2014)
    }
    sentences = moved_shown(behind, found).why_none
    assert len(sentences) == 4
    page = leader.get("/targets/C1-2015/", {"period": PERIOD}).content.decode()
    assert "is missing for Nowhere" in page
    assert leader.get("/api/v1/targets/C1-2015/attribution", {"period": PERIOD}).json()["intensity"]["lacking"][0] == [
        "ENE",
        "639900",
        2010,
    ]


def test_published_figures_of_the_whole_are_held_against_the_cities(db: None, leader: Client) -> None:
    behind = Behind(Target.objects.for_pages().select_related("plan__area").get(code="C1-2015"), Period.parse(PERIOD))
    found = moved(behind)
    assert found is not None
    assert found.published is None
    other = Moved(found.first, found.last, found.areas, found.movement, (2.3, 2.1))
    assert any("-0.2000" in sentence.replace("−", "-") for sentence in moved_shown(behind, other).sentences)


def test_page_chart_and_api_tell_the_same_numbers(leader: Client) -> None:
    answer = leader.get("/api/v1/targets/A1-2015/attribution", {"period": QUARTER}).json()
    assert (answer["target"], answer["area"], answer["period"], answer["unit"]) == ("A1-2015", PROVINCE, QUARTER, "亿元")
    assert sum(Decimal(part["gap"]) for part in answer["by_area"]["parts"]) == Decimal(answer["gap"])
    assert sum(Decimal(part["gap"]) for part in answer["by_sector"]["parts"]) == Decimal(answer["gap"])
    page = leader.get("/targets/A1-2015/", {"period": QUARTER})
    areas, sectors = page.context["origins"]
    assert "Where the gap comes from" in page.content.decode()
    for one, told in ((areas, answer["by_area"]), (sectors, answer["by_sector"])):
        exact = {part["code"]: Decimal(part["gap"]) for part in told["parts"] if part["code"]}
        assert len(exact) == len([row for row in one.rows if not row.rest])
        figure = leader.get("/targets/A1-2015/charts/attribution.json", {"period": QUARTER, "by": one.by}).json()
        drawn = sorted(x for trace in figure["data"] for x in trace["x"])
        assert drawn == sorted([float(one.total), *(float(row.gap) for row in one.rows)])
    moved_api = leader.get("/api/v1/targets/C1-2015/attribution", {"period": PERIOD}).json()["intensity"]
    whole = leader.get("/targets/C1-2015/", {"period": PERIOD}).context["moved"].whole
    assert [f"{Decimal(moved_api['whole'][name]):+.4f}".replace("-", "−") for name in ("structure", "intensity")] == list(whole[:2])
    assert moved_api["chained"] is None
    assert moved_api["years"]["2012"] is None
    assert set(moved_api["areas"]) == {area.code for area in Area.objects.prefectures().filter(valid_to=None)}


@pytest.mark.parametrize(
    "address",
    [
        "/targets/H6-2015/charts/attribution.json",
        "/targets/A1-2015/charts/attribution.json?by=colour",
        "/targets/A1-2015/charts/attribution.json?area=999999",
        "/targets/A1-2015/charts/attribution.json?area=630100",
        "/targets/NONE/charts/attribution.json",
        "/api/v1/targets/NONE/attribution",
        "/api/v1/targets/A1-2015/attribution?area=999999",
        "/api/v1/targets/A1-2015/attribution?period=soon",
    ],
)
def test_what_is_not_there_is_not_found(leader: Client, address: str) -> None:
    assert leader.get(address).status_code == 404


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/targets/A1-2015/charts/attribution.json?by=sector", 7),
        ("/targets/C1-2015/charts/attribution.json", 10),
        ("/api/v1/targets/A1-2015/attribution", 7),
        ("/api/v1/targets/C1-2015/attribution", 10),
    ],
)
def test_attribution_costs_a_fixed_number_of_queries(leader: Client, django_assert_max_num_queries: Any, address: str, most: int) -> None:
    with django_assert_max_num_queries(most):
        assert leader.get(f"{address}{'&' if '?' in address else '?'}period={QUARTER}").status_code == 200


def test_stranger_is_refused_and_nothing_can_be_written(leader: Client) -> None:
    assert Client().get("/api/v1/targets/C1-2015/attribution").status_code == 401
    assert Client().get("/targets/C1-2015/charts/attribution.json").status_code == 302
    assert leader.post("/api/v1/targets/C1-2015/attribution").status_code == 405


def test_schema_describes_the_attribution(leader: Client) -> None:
    schema = leader.get("/api/v1/schema/", headers={"accept": "application/vnd.oai.openapi+json"}).json()
    described = schema["paths"]["/api/v1/targets/{code}/attribution/"]["get"]
    assert {one["name"] for one in described["parameters"]} == {"code", "area", "period"}
    assert "by_area" in schema["components"]["schemas"]["Attribution"]["properties"]


def test_intensity_without_any_figure_names_all_it_needs(db: None) -> None:
    Indicator.objects.filter(code="C1").update(numerator="SWV")
    found = what_moved("C1-2015")
    assert found is not None
    assert found.movement is None
    assert {code for code, _, _ in found.lacking} == {"SWV"}
