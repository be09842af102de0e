"""Every value a figure ever had: what replaced what, who sent and approved it, and what of it a person may see."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from indicators.models import Observation, Submission
from targets.course import course_of
from tests.conftest import client_of
from tests.make import approve, make_lines, make_workbook, send

FILED, ADDRESS = "2015-Q4", "/figures/K1/630200/"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QHENV_TODAY", "2016-01-10")


def workbook(value: float, note: str = "", period: str = FILED) -> bytes:
    lines = [(*line, note) if line[0] == "K1" else line for line in make_lines("BUR-630200", "QH-Q", period, {"K1": value})]
    return make_workbook(lines, period=period)


@pytest.fixture
def corrected(qinghai: SimpleNamespace) -> SimpleNamespace:
    """Haidong's K1 of one quarter: 80, then corrected to 90."""
    approve(workbook(80), qinghai.clerk, qinghai.reviewer)
    approve(workbook(90, "台账更正"), qinghai.clerk, qinghai.reviewer)
    return qinghai


def english(person: User) -> Client:
    client = client_of(person)
    client.cookies["django_language"] = "en"
    return client


def versions(person: User) -> list[Any]:
    return [one for _period, some in english(person).get(ADDRESS).context["periods"] for one in some]


def test_correction_stands_above_what_it_replaced(corrected: SimpleNamespace) -> None:
    newer, older = versions(corrected.clerk)
    assert (newer.in_force, older.in_force) == (True, False)
    assert (newer.observation.value, newer.observation.supersedes.value) == (90, 80)
    page = english(corrected.clerk).get(ADDRESS).content.decode()
    assert "80.00 → " in page
    assert "1 correction" in page
    assert "台账更正" in page


def test_explanation_of_a_warning_travels_with_the_figure(corrected: SimpleNamespace) -> None:
    newer, _older = versions(corrected.reviewer)
    assert newer.entry.submission.findings.filter(row=newer.entry.row).exclude(explanation="").exists()
    assert len(newer.explanations) == 1


def test_clerk_of_another_bureau_sees_the_figure_and_not_the_submission(corrected: SimpleNamespace) -> None:
    page = english(corrected.other_clerk).get(ADDRESS).content.decode()
    assert "90.00" in page
    assert "of another bureau" in page
    assert "/submissions/" not in page.split("<main", 1)[1]
    assert all(not one.seen and not one.explanations for one in versions(corrected.other_clerk))


def test_value_that_waits_is_marked_and_seen_only_by_those_who_see_its_file(corrected: SimpleNamespace) -> None:
    waiting = send(workbook(95), corrected.clerk)
    assert waiting.state == Submission.State.CHECKED
    first = versions(corrected.clerk)[0]
    assert (first.observation, first.in_force, first.entry.value) == (None, False, 95)
    assert "1 not approved yet" in english(corrected.clerk).get(ADDRESS).content.decode()
    assert len(versions(corrected.reviewer)) == 3
    assert len(versions(corrected.other_clerk)) == 2
    waiting.withdraw(by=corrected.clerk)
    assert len(versions(corrected.clerk)) == 2


def test_computed_indicator_points_to_its_terms(qinghai: SimpleNamespace) -> None:
    page = english(qinghai.leader).get("/figures/J1/630200/").content.decode()
    assert "computed, not reported" in page
    assert 'href="/figures/J1N/630200/"' in page
    assert client_of(qinghai.leader).get("/figures/NONE/630200/").status_code == 404
    assert client_of(qinghai.leader).get("/figures/K1/999999/").status_code == 404


def test_submission_and_target_lead_to_the_history(corrected: SimpleNamespace) -> None:
    sent = Observation.objects.current().get(indicator__code="K1").entry.submission
    assert f'href="{ADDRESS}"' in client_of(corrected.clerk).get(sent.get_absolute_url()).content.decode()


def test_more_values_cost_no_more_queries(corrected: SimpleNamespace, django_assert_num_queries: Any) -> None:
    client = client_of(corrected.clerk)
    with django_assert_num_queries(10):  # session, user and bureau, indicator, area, figures, waiting, explanations, evidence, targets
        client.get(ADDRESS)
    send(workbook(97), corrected.clerk)
    approve(workbook(99, "再次更正"), corrected.clerk, corrected.reviewer)
    with django_assert_num_queries(10):
        client.get(ADDRESS)


def test_api_tells_the_history_of_a_figure(corrected: SimpleNamespace, django_assert_num_queries: Any) -> None:
    client = client_of(corrected.clerk)
    with django_assert_num_queries(4):  # session, user, count, page
        answer = client.get("/api/v1/figures", {"indicator": "K1", "area": "630200"})
    older, newer = answer.json()["results"]
    assert (older["value"], older["in_force"], older["before"]) == ("80", False, None)
    assert (newer["value"], newer["in_force"], newer["before"], newer["supersedes"]) == ("90", True, "80", older["id"])
    assert newer["submission"] == Submission.objects.latest("pk").pk
    seen = client_of(corrected.other_clerk).get("/api/v1/figures", {"indicator": "K1", "area": "630200"}).json()["results"]
    assert [one["submission"] for one in seen] == [None, None]


def test_api_wants_to_know_which_figure(qinghai: SimpleNamespace) -> None:
    answer = client_of(qinghai.clerk).get("/api/v1/figures", {"indicator": "K1"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["area"])
    assert Client().get("/api/v1/figures").status_code == 401


def test_flow_is_drawn_anew_each_year_from_zero_up() -> None:
    figures = {"2014-Q3": Decimal(30), "2014-Q4": Decimal(40), "2015-Q1": Decimal(10), "2015-Q2": Decimal(20), "2015": Decimal(99)}
    course = course_of(figures, "Q", flow=True)
    assert [len(line.split()) for line in course.lines] == [2, 2]
    assert course.lines[0].endswith(",2.00"), "the highest value touches the upper edge"
    assert (course.first, course.last) == (("2014-Q3", Decimal(30)), ("2015-Q2", Decimal(20)))
    assert (course.low, course.high) == (("2015-Q1", Decimal(10)), ("2014-Q4", Decimal(40)))


def test_stock_is_one_line_and_a_gap_in_time_stays_wide() -> None:
    course = course_of({"2014-Q1": Decimal(5), "2014-Q2": Decimal(6), "2015-Q1": Decimal(6)}, "Q", flow=False)
    places = [float(point.split(",")[0]) for point in course.lines[0].split()]
    assert places == pytest.approx([2.0, 26.0, 98.0])
    with pytest.raises(ValueError, match="two figures"):
        course_of({"2014-Q1": Decimal(5)}, "Q", flow=False)


def test_figures_that_never_move_lie_in_the_middle() -> None:
    assert {point.split(",")[1] for point in course_of({"2014": Decimal(5), "2015": Decimal(5)}, "A", flow=False).lines[0].split()} == {
        "14.00"
    }
