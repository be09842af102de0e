"""What machines read of targets and results: every number or its reason, and the sentence that explains the status."""

from collections.abc import Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from targets.models import Assessment, Target
from tests.conftest import client_of
from tests.make_history import part_of_the_past

LIST = "/api/v1/assessments"
NUMBERS = ("value", "goal", "expected", "gap", "gap_share", "gap_linear", "progress", "required_pace")
FIELDS = {"id", "target", "area", "period", "status", "reason", "unit", *NUMBERS, "frozen", "late_fulfilment", "reasons", "trace"}


@pytest.fixture(scope="module", autouse=True)
def past(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with part_of_the_past(django_db_blocker, "2015-02-20", "2010", "2011", "2013", "2014-Q3", "2014-Q4"):
        yield


@pytest.fixture
def leader(qinghai: SimpleNamespace) -> Client:
    return client_of(qinghai.leader)


def listed(client: Client, **words: str) -> list[dict[str, Any]]:
    answer = client.get(LIST, words | {"limit": "2000"})
    assert answer.status_code == 200
    rows: list[dict[str, Any]] = answer.json()["results"]
    assert len(rows) == answer.json()["count"]
    return rows


@pytest.mark.parametrize(
    ("name", "word"), [("target", "A1-2015"), ("area", "630200"), ("period", "2014-Q4"), ("status", "no_data"), ("status", "on_track")]
)
def test_filter_keeps_what_it_names_and_nothing_else(leader: Client, name: str, word: str) -> None:
    within = {"target": "A1-2015"} if name == "area" else {"area": "630000"}
    rows, chosen = listed(leader, **within), listed(leader, **within | {name: word})
    assert 0 < len(chosen) < len(rows)
    assert chosen == [row for row in rows if row[name] == word]


def test_unknown_word_of_a_filter_finds_nothing(leader: Client) -> None:
    assert listed(leader, status="wonderful") == listed(leader, area="000000") == []


@pytest.mark.parametrize("kind", Target.Kind.values)
def test_every_shape_has_all_fields_a_sentence_and_a_reason_for_each_missing_number(leader: Client, kind: str) -> None:
    codes = set(Target.objects.filter(kind=kind).values_list("code", flat=True))
    rows = [row for area in ("630000", "630200") for row in listed(leader, period="2014-Q4", area=area) if row["target"] in codes]
    assert {row["target"] for row in rows} == codes
    for row in rows:
        assert set(row) == FIELDS
        assert row["reason"]
        assert len(row["trace"]["sentence"]) > 10
        assert "%(" not in str(row["trace"])
        missing = {name for name in NUMBERS if row[name] is None}
        assert missing <= set(row["reasons"]), row["target"]


@pytest.mark.parametrize("kind", Target.Kind.values)
def test_sentence_holds_the_value_the_status_rests_on(leader: Client, kind: str) -> None:
    rated = Assessment.objects.current().filter(target__kind=kind, period="2014-Q4", area__code="630000").exclude(status="no_data")
    codes = set(rated.values_list("target__code", flat=True)) - {None}
    rows = listed(leader, period="2014-Q4", area="630000")
    sentences = {row["target"]: row["trace"]["sentence"] for row in rows if row["target"] in codes}
    assert set(sentences) == codes
    if kind != Target.Kind.MILESTONE:
        assert all(any(character.isdigit() for character in text) for text in sentences.values())


def test_numbers_are_the_stored_ones(leader: Client) -> None:
    stored = Assessment.objects.current().get(target__code="A1-2015", area__code="630000", period="2014-Q4")
    (row,) = listed(leader, target="A1-2015", area="630000", period="2014-Q4")
    for name in NUMBERS:
        assert (None if row[name] is None else Decimal(row[name])) == getattr(stored, name)
    assert row["unit"] == "亿元"


@pytest.mark.parametrize("slash", ["", "/"])
def test_list_costs_the_same_however_many_are_asked_for(leader: Client, django_assert_num_queries: Any, slash: str) -> None:
    for limit in ("5", "200"):
        with django_assert_num_queries(4):  # session, user, count, page
            leader.get(LIST + slash, {"limit": limit})
        with django_assert_num_queries(4):
            leader.get(f"/api/v1/targets{slash}", {"limit": limit})


def test_targets_carry_clause_reading_and_doubt_in_both_languages(leader: Client) -> None:
    row = leader.get("/api/v1/targets/C1-2015").json()
    stored = Target.objects.get(code="C1-2015")
    for name in ("clause", "reading_zh", "reading_en", "doubt_zh", "doubt_en", "unit_zh", "unit_en"):
        assert row[name] == getattr(stored, name)
    assert row["doubt_zh"]
    assert leader.get("/api/v1/targets/NONE").status_code == 404


def test_results_are_read_only(leader: Client) -> None:
    for address in (LIST, "/api/v1/targets", "/api/v1/targets/C1-2015"):
        assert {leader.post(address).status_code, leader.put(address).status_code, leader.delete(address).status_code} == {405}
