"""Figures the state has published: through the one door, each with its source, and read for what they are."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from indicators.models import Observation, Submission
from targets.models import Assessment
from targets.models.trace import trace_of
from tests.conftest import QINGHAI, client_of
from tests.make_history import part_of_the_past, table


@pytest.fixture(scope="module", autouse=True)
def past(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with part_of_the_past(django_db_blocker, "2018-10-20", "2010", "2011"):
        yield


def test_every_published_file_came_through_the_door_and_was_approved(db: None) -> None:
    schedule = [row for row in table(QINGHAI / "published" / "schedule.csv") if row["published_on"] <= "2018-10-20"]
    states = dict(Submission.objects.filter(form__code="BULK").values_list("filename", "state"))
    assert states == {row["file"]: "approved" for row in schedule}
    assert not Submission.objects.filter(form__code="BULK", findings__severity="error").exists()


def test_every_published_figure_names_its_source_and_its_cell(db: None) -> None:
    published = Observation.objects.filter(entry__submission__form__code="BULK").select_related("entry")
    assert published.count() >= 25
    assert [one for one in published if not one.source or one.entry.cell is None] == []


def test_published_figures_are_stored_as_printed(db: None) -> None:
    known = {(o.indicator.code, o.area.code, o.period): o.value for o in Observation.objects.select_related("indicator", "area")}
    for file in sorted((QINGHAI / "published").glob("gdp-*.csv")):
        lines = [line.split(",") for line in file.read_text(encoding="utf-8-sig").splitlines()[3:]]
        for indicator, _, area, _, period, _, value, *_ in lines:
            if period <= "2017":
                assert known[indicator, area, period] == Decimal(value), (file.name, period)
    assert known["ER", "630000", "2011"] == Decimal("9.44")
    assert known["GDP", "630000", "2015"] == Decimal("2011.0")


def test_source_stands_on_the_page_beside_the_figure(qinghai: SimpleNamespace) -> None:
    figure = Observation.objects.get(indicator__code="ER", period="2011")
    page = client_of(qinghai.leader).get(figure.entry.submission.get_absolute_url()).content.decode()
    assert figure.source in page
    assert "9.44" in page


def energy_intensity() -> Assessment:
    return Assessment.objects.current().get(target__code="C1-2015", area__code="630000", period="2011-Q4")


def test_rise_of_2011_is_a_move_the_wrong_way_and_no_progress(db: None) -> None:
    now = energy_intensity()
    assert now.status == "off_track"
    assert now.progress is None, "a rise is never a share of the cut reached"
    assert now.result["progress_reason"]
    assert now.result["change"] == pytest.approx(0.0944, abs=0.00005)
    assert "9.44" in trace_of(now).sentence


@pytest.mark.parametrize(("language", "words"), [("en", "wrong way"), ("zh-hans", "9.44")])
def test_page_says_the_wrong_way_with_the_published_rate(qinghai: SimpleNamespace, language: str, words: str) -> None:
    client = client_of(qinghai.leader)
    client.cookies["django_language"] = language
    for page in ("/targets/C1-2015/?period=2011-Q4", "/reports/compliance/?period=2011-Q4&area=630000"):
        text = client.get(page).content.decode()
        assert words in text, page
        assert "9.44" in text, page


def test_export_has_no_progress_number_for_a_move_the_wrong_way(qinghai: SimpleNamespace) -> None:
    client = client_of(qinghai.leader)
    client.cookies["django_language"] = "en"
    text = client.get("/reports/compliance.csv", {"period": "2011-Q4", "area": "630000"}).content.decode("utf-8-sig")
    lines = list(csv.reader(text.splitlines()))
    (titles,) = [line for line in lines if line[0] == "Target"]
    (line,) = [dict(zip(titles, line, strict=True)) for line in lines if line[0] == "C1-2015"]
    assert "9.44" in line["Why"]
    assert line["Progress, share of the way, %"] == ""


def test_published_rate_and_computed_ratio_are_kept_apart_and_agree(db: None) -> None:
    """The rate is an indicator of its own; the ratio comes from energy and product; neither overwrites the other."""
    energy, product = (
        {
            year: sum(
                Observation.objects.filter(indicator__code=code, period=year, area__parent__code="630000").values_list("value", flat=True)
            )
            for year in ("2010", "2011")
        }
        for code in ("ENE", "GDPC2010")
    )
    rise = (energy["2011"] / product["2011"]) / (energy["2010"] / product["2010"]) - 1
    assert float(rise) == pytest.approx(0.0944, abs=0.00005)
    assert energy_intensity().value == pytest.approx(energy["2011"] / product["2011"], abs=Decimal("1e-8"))
    published = Observation.objects.get(indicator__code="ER", period="2011")
    assert float(published.value or 0) == pytest.approx(100 * float(rise), abs=0.005)
    assert published.supersedes is None


def test_published_rate_stands_beside_the_computed_one_chain_linked(qinghai: SimpleNamespace) -> None:
    context = client_of(qinghai.leader).get("/targets/C1-2015/?period=2011-Q4").context
    first, second = context["rates"]["years"][:2]
    assert (first.year, first.published) == (2011, pytest.approx(0.0944))
    assert first.computed == pytest.approx(first.published, abs=0.00005)
    assert second.published_since is None, "2012 was not published: nothing is chained across it"
