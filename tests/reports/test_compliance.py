"""One number, whatever it is read from: page, chart, workbook and CSV agree for every target."""

import csv
import io
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import AuditEntry
from indicators.models import Sector
from targets.models import Assessment, Target
from targets.models.units import decimals_of
from tests.conftest import client_of
from tests.make_history import part_of_the_past

PERIOD = "2014-Q4"
NUMBERS = {
    "Goal": "goal",
    "Expected by now": "expected",
    "Gap": "gap",
    "Gap, share of expected, %": "gap_share",
    "Progress, share of the way, %": "progress",
    "Required pace from here": "required_pace",
}


@pytest.fixture(scope="module", autouse=True)
def past(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with part_of_the_past(django_db_blocker, "2015-02-20", "2010", "2011", "2013", "2014-Q3", "2014-Q4"):
        yield


@pytest.fixture
def leader(qinghai: SimpleNamespace) -> Client:
    client = client_of(qinghai.leader)
    client.cookies["django_language"] = "en"
    return client


def now(area: str = "630000") -> dict[str, Assessment]:
    found = Assessment.objects.current().filter(period=PERIOD, area__code=area).select_related("target__indicator")
    return {one.target.code: one for one in found}


def of_csv(client: Client, **words: str) -> list[dict[str, str]]:
    text = client.get("/reports/compliance.csv", {"period": PERIOD, "area": "630000"} | words).content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline="")))
    start = next(place for place, line in enumerate(lines) if line[0] == "Target")
    return [dict(zip(lines[start], line, strict=True)) for line in lines[start + 1 :]]


def of_workbook(client: Client) -> list[dict[str, Any]]:
    content = client.get("/reports/compliance.xlsx", {"period": PERIOD, "area": "630000"}).content
    lines = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows()]
    start = next(place for place, line in enumerate(lines) if line[0] == "Target")
    return [dict(zip(lines[start], line, strict=True)) for line in lines[start + 1 :]]


def exact(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def stored(one: Assessment, name: str) -> Decimal | None:
    value: Decimal | None = getattr(one, name)
    return None if value is None else value * 100 if name in ("gap_share", "progress") else value


def test_csv_and_workbook_hold_every_target_with_the_stored_numbers(leader: Client) -> None:
    results, table, book = now(), of_csv(leader), of_workbook(leader)
    assert {row["Target"] for row in table} == set(results) == set(Target.objects.values_list("code", flat=True))
    assert len(table) == len(book) == len(results)
    for line, cells in zip(table, book, strict=True):
        one = results[line["Target"]]
        for title, name in NUMBERS.items():
            assert exact(line[title]) == stored(one, name), (line["Target"], title)
        assert exact(line["Value"]) == one.value
        for title, text in line.items():
            value = cells[title]
            assert (
                (float(text) == pytest.approx(value, abs=1e-12)) if isinstance(value, int | float) else (text.lstrip("'") == (value or ""))
            ), title


def test_every_number_stands_beside_its_unit(leader: Client) -> None:
    for line in of_csv(leader):
        for number, unit in (("Value", "Unit of the value"), ("Gap", "Unit of the gap"), ("Required pace from here", "Unit of the pace")):
            milestone = Target.objects.get(code=line["Target"]).kind == Target.Kind.MILESTONE
            assert not line[number] or line[unit] or milestone, (line["Target"], number)


def rows_of_page(client: Client) -> dict[str, str]:
    html = client.get("/reports/compliance/", {"period": PERIOD, "area": "630000"}).content.decode()
    rows = re.findall(r"<tr><th scope=\"row\".*?</tr>", html, re.DOTALL)
    texts = [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]
    codes = set(Target.objects.values_list("code", flat=True))
    return {next(word for word in text.split() if word in codes): text for text in texts}


def shown(value: Decimal, places: int) -> str:
    return f"{abs(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)):,f}"


def test_page_shows_the_same_numbers_rounded_to_their_indicators_places(leader: Client) -> None:
    page, results = rows_of_page(leader), now()
    assert set(page) == set(results)
    compared = 0
    for code, one in results.items():
        if one.target.kind == Target.Kind.MILESTONE or one.result.get("pooled") is not None:
            continue
        if one.value is not None:
            assert shown(one.value, decimals_of(one.target)) in page[code], (code, one.value)
            compared += 1
        if one.gap_share is not None:
            assert f"{shown(one.gap_share * 100, 1)} %" in page[code], (code, one.gap_share)
    assert compared > 25


def test_charts_draw_the_same_gaps(leader: Client) -> None:
    results, drawn = now(), {}
    for sector in Sector.objects.filter(targets__isnull=False).distinct():
        figure = leader.get(f"/sectors/{sector.code}/charts/gap.json", {"period": PERIOD}).json()
        for trace in figure["data"]:
            for share, (url, *_) in zip(trace["x"], trace["customdata"], strict=True):
                drawn[re.search(r"/targets/([^/]+)/", url)[1]] = share  # type: ignore[index]
    assert drawn == {code: pytest.approx(float(one.gap_share)) for code, one in results.items() if one.gap_share is not None}
    assert len(drawn) > 15


@pytest.mark.full
def test_trajectory_draws_the_same_values(leader: Client) -> None:
    """At the end of a year, when a year-to-date figure is the year's, rounded as the page rounds it."""
    compared = 0
    for code, one in now().items():
        if one.value is None or one.target.kind == Target.Kind.MILESTONE:
            continue
        figure = leader.get(f"/targets/{code}/charts/trajectory.json").json()
        points = [y for trace in figure["data"] for y in trace.get("y", []) if y is not None]
        places = max(one.target.indicator.decimals, 2)
        assert any(y == pytest.approx(float(one.value), abs=0.51 / 10**places) for y in points), code
        compared += 1
    assert compared > 10


def test_heading_says_plan_period_day_and_that_it_is_a_demonstration(leader: Client) -> None:
    words = {"period": PERIOD, "area": "630000"}
    text = leader.get("/reports/compliance.csv", words).content.decode("utf-8-sig")
    head = dict(line for line in csv.reader(text.splitlines()[1:5]) if len(line) == 2)
    assert (head["Period"], head["As known on"]) == (PERIOD, "2015-02-20")
    assert "Demonstration data" in head.values()
    leader.cookies["django_language"] = "zh-hans"
    chinese = leader.get("/reports/compliance.csv", words).content
    assert "演示数据" in chinese.decode("utf-8-sig")
    assert chinese.startswith(b"\xef\xbb\xbf")


def test_export_of_an_area_holds_its_rows_only_and_says_who_set_the_goal(leader: Client) -> None:
    rows = of_csv(leader, area="630200")
    assert {row["Area code"] for row in rows} == {"630200"}
    assert {row["Goal set by"] for row in rows} == {"allocated, not in the policy"}
    assert {row["Goal set by"] for row in of_csv(leader)} == {"the policy"}


def test_same_table_is_the_same_bytes(leader: Client) -> None:
    for ending in ("csv", "xlsx"):
        first, second = (leader.get(f"/reports/compliance.{ending}", {"period": PERIOD, "area": "630200"}) for _ in range(2))
        assert first.content == second.content
        assert f"compliance-{PERIOD}-20150220.{ending}" in first["Content-Disposition"]


def test_export_is_audited_and_unknown_kinds_are_not_there(leader: Client) -> None:
    before = AuditEntry.objects.filter(verb="export").count()
    leader.get("/reports/compliance.csv", {"period": PERIOD})
    entry = AuditEntry.objects.filter(verb="export").latest("number")
    assert AuditEntry.objects.filter(verb="export").count() == before + 1
    assert (entry.actor, entry.data["kind"]) == ("leader", "compliance")
    assert leader.get("/reports/compliance.pdf").status_code == 404
    assert leader.get("/reports/secrets.csv").status_code == 404


def test_pace_of_a_percentage_is_in_points_on_page_and_in_export_alike(leader: Client) -> None:
    code = next(
        one.target.code
        for one in now().values()
        if one.required_pace is not None and one.result["pace_unit"] == "unit" and one.target.indicator.unit_zh == "%"
    )
    (line,) = [line for line in of_csv(leader) if line["Target"] == code]
    assert line["Unit of the pace"] == "percentage points a year"
    assert "percentage points a year" in leader.get(f"/targets/{code}/", {"period": PERIOD}).content.decode()
