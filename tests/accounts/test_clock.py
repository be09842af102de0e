"""One clock for deadlines and for what is known."""

import ast
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts import clock
from tests.conftest import client_of
from tests.make import make_lines, make_workbook, send

ROOT = Path(__file__).parents[2]
APPS = ("accounts", "jobs", "indicators", "targets", "reports", "qhenv")


def test_chosen_day_is_today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QHENV_TODAY", "2016-02-29")
    assert clock.today() == date(2016, 2, 29)
    assert clock.now().date() == date(2016, 2, 29)
    assert clock.now().tzinfo == ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize("text", ["2018-02-30", "yesterday", "20.10.2018"])
def test_day_that_is_none_is_an_error_and_not_today(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("QHENV_TODAY", text)
    with pytest.raises(ValueError):
        clock.today()


@pytest.mark.parametrize("unset", [True, False])
def test_without_a_chosen_day_it_is_the_real_day_in_china(monkeypatch: pytest.MonkeyPatch, unset: bool) -> None:
    """At 20:00 in London it is the next day in Xining."""
    monkeypatch.delenv("QHENV_TODAY") if unset else monkeypatch.setenv("QHENV_TODAY", "")
    with time_machine.travel(datetime(2020, 12, 31, 20, 0, tzinfo=ZoneInfo("UTC")), tick=False):
        assert clock.today() == date(2021, 1, 1)
        assert clock.now() == datetime(2021, 1, 1, 4, 0, tzinfo=clock.ZONE)


def test_known_on_a_day_includes_its_last_moment() -> None:
    end = clock.end_of(date(2018, 10, 20))
    assert end.date() == date(2018, 10, 20)
    assert end + timedelta(microseconds=1) == datetime(2018, 10, 21, tzinfo=clock.ZONE)


@pytest.mark.parametrize(("today", "late"), [("2016-01-20", False), ("2016-01-21", True)])
def test_deadline_is_held_against_the_clock(qinghai: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, today: str, late: bool) -> None:
    """The quarterly form is due 20 days after its quarter."""
    monkeypatch.setenv("QHENV_TODAY", today)
    submission = send(make_workbook(make_lines("BUR-630200", "QH-Q", "2015-Q4"), period="2015-Q4"), qinghai.clerk)
    assert submission.due_on == date(2016, 1, 20)
    assert submission.is_late is late


@pytest.mark.parametrize(("today", "shown"), [("2015-01-20", "2014-Q3"), ("2015-01-21", "2014-Q4"), ("2015-04-01", "2014-Q4")])
def test_pages_show_the_last_quarter_that_was_due(
    qinghai: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, today: str, shown: str
) -> None:
    monkeypatch.setenv("QHENV_TODAY", today)
    assert str(client_of(qinghai.leader).get("/").context["choice"].period) == shown


def test_quarter_that_has_not_ended_on_the_clocks_day_cannot_be_filed(qinghai: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QHENV_TODAY", "2015-12-30")
    submission = send(make_workbook(make_lines("BUR-630200", "QH-Q", "2015-Q4"), period="2015-Q4"), qinghai.clerk)
    assert set(submission.findings.values_list("rule", flat=True)) == {"future_period"}


def test_nobody_asks_another_clock_for_the_day() -> None:
    """`timezone.now` is for when a thing was recorded; what day it is, only the clock says."""
    others = []
    for path in (file for app in APPS for file in (ROOT / app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                asked = (node.value.id, node.attr)
                if asked in {("date", "today"), ("datetime", "today"), ("datetime", "now"), ("timezone", "localdate"), ("time", "time")}:
                    others.append(path.relative_to(ROOT).as_posix())
    assert set(others) == {"accounts/clock.py"}
