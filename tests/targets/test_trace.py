"""One explanation everywhere: page, API and report give the same texts, and every figure leads back to its file."""

import csv
import io
from collections.abc import Iterator
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pandas import DataFrame

from targets.models import Assessment, AssessmentRun, Target
from targets.templatetags.figures import raised
from tests.conftest import client_of
from tests.make_history import part_of_the_past

PERIOD = "2016-Q4"  # every shape has a status by then

pytestmark = pytest.mark.full


@pytest.fixture(scope="module", autouse=True)
def past(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with part_of_the_past(django_db_blocker, "2017-02-20", "2010", "2014-Q4", "2015-Q4", PERIOD):
        yield


def judged(kind: str) -> Assessment:
    """A result of the shape that has a status, the one with the most numbers."""
    found = Assessment.objects.current().filter(target__kind=kind, period=PERIOD).exclude(status="no_data").order_by("area__code")
    first = found.exclude(required_pace=None).first() or found.first()
    assert first is not None, kind
    return first


def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.parametrize("kind", Target.Kind.values)
def test_page_api_and_report_explain_every_shape_alike(qinghai: SimpleNamespace, kind: str) -> None:
    one = judged(kind)
    leader = english(client_of(qinghai.leader))
    answer = leader.get(f"/api/v1/assessments/{one.pk}", headers={"accept-language": "en"})
    assert answer.status_code == 200
    trace = answer.json()["trace"]
    assert trace["steps"] or kind == Target.Kind.MILESTONE
    assert trace["rule_version"]

    page = unescape(leader.get(one.target.get_absolute_url(), {"area": one.area.code, "period": PERIOD}).content.decode())
    for text in (
        trace["sentence"],
        trace["rule_version"],
        *trace["notes"],
        *(unescape(raised(step["formula"])) for step in trace["steps"]),
    ):
        assert text in page

    table = leader.get("/reports/compliance.csv", {"period": PERIOD, "area": one.area.code}).content.decode("utf-8-sig")
    line = next(line for line in csv.reader(io.StringIO(table)) if line and line[0] == one.target.code)
    assert trace["sentence"] in line
    assert trace["rule_version"] in line
    for step in trace["steps"]:
        assert any(f"{step['name']}: {step['formula']}" in cell for cell in line)


@pytest.mark.parametrize("kind", Target.Kind.values)
def test_every_figure_a_result_rests_on_leads_to_its_cell(qinghai: SimpleNamespace, kind: str) -> None:
    one = judged(kind)
    leader = client_of(qinghai.leader)
    inputs = leader.get(f"/api/v1/assessments/{one.pk}").json()["inputs"]
    assert any(row["role"] == "figure" and row["period"] in (PERIOD, one.result["judged_period"], "2016") for row in inputs)
    page = leader.get(one.target.get_absolute_url(), {"area": one.area.code, "period": PERIOD}).content.decode()
    assert all(row["cell"] and row["page"] in page for row in inputs)
    address, anchor = inputs[0]["page"].split("#")
    assert f'id="{anchor}"' in leader.get(address).content.decode()


def test_margin_says_how_far_the_next_level_is(qinghai: SimpleNamespace) -> None:
    paced = Assessment.objects.current().filter(period=PERIOD, target__kind="level", status__in=("on_track", "at_risk")).first()
    assert paced is not None
    trace = client_of(qinghai.leader).get(f"/api/v1/assessments/{paced.pk}").json()["trace"]
    assert trace["margin"]
    assert any(trace["margin"] in step["formula"] for step in trace["steps"])


def test_clerk_sees_the_figures_but_not_the_files_of_others(qinghai: SimpleNamespace) -> None:
    one = Assessment.objects.current().get(target__code="A1-2015", area__code="630000", period=PERIOD)
    inputs = client_of(qinghai.clerk).get(f"/api/v1/assessments/{one.pk}").json()["inputs"]
    own = {bool(row["page"]) for row in inputs if row["area"] == "630200"}
    others = {bool(row["page"]) for row in inputs if row["area"] not in ("630200", "630000")}
    assert (own, others) == ({True}, {False})


def test_result_that_was_superseded_keeps_its_address(qinghai: SimpleNamespace) -> None:
    first = judged("level")
    run = AssessmentRun.objects.create(reason="again", as_of=first.run.as_of)
    assert Assessment.objects.append(run, DataFrame([first.result | {"reason": "range_met"}])) == 1
    assert client_of(qinghai.auditor).get(f"/api/v1/assessments/{first.pk}").json()["reason"] == first.reason
    assert client_of(qinghai.auditor).get("/api/v1/assessments/999999").status_code == 404


def test_after_the_deadline_a_missing_figure_is_named_with_its_own_period(qinghai: SimpleNamespace) -> None:
    late = Assessment.objects.current().filter(frozen=True, period=PERIOD, value=None).exclude(result__value_reason="").first()
    assert late is not None
    page = (
        english(client_of(qinghai.leader)).get(late.target.get_absolute_url(), {"area": late.area.code, "period": PERIOD}).content.decode()
    )
    assert "For 2016 Q4" in page
    assert f"For {late.target.target_year} Q4 the figure cannot" not in page
