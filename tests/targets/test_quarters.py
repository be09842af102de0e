"""What a quarter adds to its year: derived from what was filed, labelled as such, and never where it cannot be known."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from targets.models import Assessment, Target
from targets.views.quarters import quarters_of
from tests.conftest import client_of
from tests.make_history import part_of_the_past


@pytest.fixture(scope="module", autouse=True)
def past(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with part_of_the_past(django_db_blocker, "2015-02-20", "2010", "2011", "2013", "2014-Q3", "2014-Q4"):
        yield


def results(code: str, area: str) -> list[Assessment]:
    found = Assessment.objects.current().filter(target__code=code, area__code=area).for_pages().order_by("period_end")
    return list(found)


@pytest.mark.django_db
def test_last_quarter_is_the_year_less_what_was_filed_before_it() -> None:
    target = Target.objects.get(code="A5-2015")
    rows = {row.period: row for row in quarters_of(target, results("A5-2015", "630100"))}
    filed = {period: float(row.filed.replace(",", "")) for period, row in rows.items()}
    assert set(rows) == {"2014-Q3", "2014-Q4"}
    assert float(rows["2014-Q4"].single) == pytest.approx(filed["2014-Q4"] - filed["2014-Q3"], abs=0.02)
    assert rows["2014-Q4"].annual == rows["2014-Q4"].filed


@pytest.mark.django_db
def test_quarter_behind_a_gap_is_not_derived() -> None:
    rows = {row.period: row for row in quarters_of(Target.objects.get(code="A5-2015"), results("A5-2015", "630100"))}
    assert rows["2014-Q3"].single == ""
    assert rows["2014-Q3"].growth == "", "no third quarter of the year before is known"


@pytest.mark.django_db
def test_stocks_and_shares_are_not_taken_apart() -> None:
    for code in ("B1-2015", "A2-2015", "C1-2015", "A3-2015"):
        assert quarters_of(Target.objects.get(code=code), results(code, "630000")) == []


def test_page_labels_what_is_derived(qinghai: SimpleNamespace) -> None:
    client = client_of(qinghai.leader)
    client.cookies["django_language"] = "en"
    page = client.get("/targets/A5-2015/", {"area": "630100", "period": "2014-Q4"}).content.decode()
    assert "Single quarter, derived" in page
    assert "As filed, year to date" in page
    assert "Single quarter, derived" not in client.get("/targets/B1-2015/").content.decode()
