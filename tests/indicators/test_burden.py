"""How much is asked, how much of it the system fills in, and how much of what is typed says nothing new."""

from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accounts import clock
from accounts.models import Bureau, User
from indicators.burden import Burden, Filing, Still, measure, never_changed
from indicators.form_rows import FormRow
from indicators.models import ReportingForm, ReportingTask
from indicators.models.burden import burden_of, meter_of
from indicators.rows import IndicatorSpec
from tests.conftest import client_of
from tests.make import approve, make_lines, make_workbook, send

NOON = datetime(2016, 1, 8, 12, tzinfo=clock.ZONE)
PERIOD, BEFORE = "2015-Q4", "2015-Q3"


def line(
    code: str, previous: int | None = None, year_before: int | None = None, *, asked: bool = True, registered: bool = False
) -> FormRow:
    spec = IndicatorSpec(code, "stock", registered=registered)
    known = (None if value is None else Decimal(value) for value in (previous, year_before))
    return FormRow(spec, code, "630200", "海东", asked=asked, previous=(both := list(known))[0], year_before=both[1])


def values(**figures: int) -> dict[tuple[str, str], Decimal]:
    return {(code, "630200"): Decimal(value) for code, value in figures.items()}


def minutes(after: float) -> datetime:
    return NOON + timedelta(minutes=after)


def test_what_is_typed_is_told_from_what_the_system_fills_in() -> None:
    lines = [line("A", 5, 4), line("B", 5), line("C"), line("D", 1, registered=True), line("E", asked=False)]
    found = measure(lines, values(A=5, B=6, C=7, D=1), [])
    assert (found.asked, found.typed, found.unchanged) == (4, 3, 1)
    assert found.prefilled == 5 * 5 + 4 + 2, "five cells a line, four earlier figures, one register sum, one not yet due"


def test_figure_that_is_not_asked_for_counts_as_typed_by_nobody() -> None:
    assert measure([line("A")], values(A=1, Z=2), []).typed == 1


def test_unchanged_is_a_share_of_what_was_typed() -> None:
    assert Burden(typed=4, unchanged=1).unchanged_share == 0.25
    assert Burden().unchanged_share is None


def test_files_count_until_the_first_approval_and_what_comes_later_is_a_correction() -> None:
    files = [
        Filing(minutes(0), minutes(10), returned=True),
        Filing(minutes(60), minutes(70), approved_at=minutes(80)),
        Filing(minutes(90), minutes(95), approved_at=minutes(99)),
    ]
    found = measure([], {}, reversed(files))
    assert (found.files, found.corrections, found.minutes) == (2, 2, 10)


def test_begun_minutes_count_and_the_past_tells_nothing_of_the_work() -> None:
    assert measure([], {}, [Filing(minutes(0), minutes(2.1))]).minutes == 3
    assert measure([], {}, [Filing(minutes(0))]).minutes is None
    assert measure([], {}, [Filing(minutes(0), minutes(0), loaded=True)]).minutes is None


def test_burdens_add_up_and_unknown_minutes_stay_unknown() -> None:
    total = Burden(3, 30, 2, 1, 0, 1, None) + Burden(5, 50, 5, 1, 1, 2, 9)
    assert total == Burden(8, 80, 7, 2, 1, 3, 9)
    assert (Burden() + Burden()).minutes is None


def test_only_what_never_moved_anywhere_is_a_candidate_to_drop() -> None:
    def known(*numbers: int) -> dict[str, Decimal]:
        return {f"2015-Q{place}": Decimal(number) for place, number in enumerate(numbers, start=1)}

    series = {
        ("STILL", "a"): known(3, 3, 3), ("STILL", "b"): known(4, 4), ("STILL", "c"): known(9),
        ("MOVED", "a"): known(3, 3, 3), ("MOVED", "b"): known(3, 4, 4),
        ("SHORT", "a"): known(3, 3),
    }  # fmt: skip
    assert never_changed(series, ["2015-Q1", "2015-Q2", "2015-Q3"]) == [Still("STILL", 2, 5)]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QHENV_TODAY", "2016-01-10")


@pytest.fixture
def two_quarters(qinghai: SimpleNamespace) -> SimpleNamespace:
    """Haidong's third and fourth quarter, approved; in the fourth only K1 moved."""
    for period, value in ((BEFORE, 80), (PERIOD, 90)):
        lines = make_lines("BUR-630200", "QH-Q", period, {"K1": value})
        approve(make_workbook(lines, period=period), qinghai.clerk, qinghai.reviewer)
    return qinghai


def task(period: str = PERIOD) -> ReportingTask:
    form, bureau = ReportingForm.objects.get(code="QH-Q"), Bureau.objects.get(code="BUR-630200")
    found, _new = ReportingTask.objects.get_or_create(
        form=form, bureau=bureau, period=period, defaults={"due_on": clock.today(), "opened_at": clock.now()}
    )
    return found


def test_task_says_how_much_of_it_said_nothing_new(two_quarters: SimpleNamespace, django_assert_num_queries: Any) -> None:
    asked = len(make_lines("BUR-630200", "QH-Q", PERIOD))
    owed = ReportingTask.objects.select_related("form", "bureau").get(pk=task().pk)
    with django_assert_num_queries(4):  # files, figures, and the two of the form's lines
        found = burden_of(owed)
    assert found.asked == found.typed + registered() == asked
    assert found.unchanged == found.typed - (0 if "K1" in registered_codes() else 1)
    assert (found.files, found.corrections) == (1, 0)


def registered_codes() -> set[str]:
    items = ReportingForm.objects.get(code="QH-Q").items.filter(indicator__registered=True, area__code="630200")
    return set(items.values_list("indicator__code", flat=True))


def registered() -> int:
    asked = make_lines("BUR-630200", "QH-Q", PERIOD)
    return sum(str(line[0]) in registered_codes() for line in asked)


def test_meter_agrees_with_the_task(two_quarters: SimpleNamespace) -> None:
    send(make_workbook(make_lines("BUR-630200", "QH-Q", PERIOD, {"K1": 91}), period=PERIOD), two_quarters.clerk)
    meter = meter_of(two_quarters.reviewer)
    own = next(burdens for bureau, burdens in meter.by_bureau.items() if bureau.code == "BUR-630200")
    quarter = [str(period) for period in meter.periods].index(BEFORE)
    assert own[quarter] == burden_of(task(BEFORE))
    assert meter.total[quarter].asked > own[quarter].asked
    assert meter.total[quarter].typed == own[quarter].typed, "no other bureau has sent anything"


def test_clerk_sees_the_own_bureau_everybody_else_all(two_quarters: SimpleNamespace) -> None:
    assert [bureau.code for bureau in meter_of(two_quarters.other_clerk).by_bureau] == ["BUR-630100"]
    assert len(meter_of(two_quarters.leader).by_bureau) == 9
    assert client_of(two_quarters.other_clerk).get("/tasks/burden/?bureau=BUR-630200").status_code == 404
    page = english(two_quarters.leader).get("/tasks/burden/?bureau=BUR-630200").content.decode()
    assert "of what was typed was the same as a quarter before" in page


def test_page_costs_the_same_however_many_bureaus(two_quarters: SimpleNamespace, django_assert_num_queries: Any) -> None:
    clerk, leader = client_of(two_quarters.clerk), client_of(two_quarters.leader)
    with django_assert_num_queries(10):  # session, user and bureau, bureaus, areas, forms, figures, lines, files, values
        clerk.get("/tasks/burden/")
    with django_assert_num_queries(9):  # a leader has no bureau
        leader.get("/tasks/burden/")
    assert Client().get("/tasks/burden/").status_code == 302


def english(person: User) -> Client:
    client = client_of(person)
    client.cookies["django_language"] = "en"
    return client
