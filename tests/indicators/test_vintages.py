"""How final a figure is travels with it: from the cell through every format to the observation, the page and the API."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from indicators.models import Observation, Submission
from indicators.parsing import parse
from indicators.readers import read
from indicators.readers.table import Table
from indicators.vintages import VINTAGES, read_vintage
from targets.models import Assessment
from targets.models.trace import trace_of
from tests import make_workbooks as make
from tests.conftest import client_of
from tests.make import approve, send
from tests.make_history import work_off

WORDS = [
    ("", ""),
    ("—", ""),
    ("快报", "express"),
    ("快报数", "express"),
    (" 初步核算 ", "express"),
    ("Express", "express"),
    ("初步核实", "preliminary"),
    ("preliminary", "preliminary"),
    ("最终核实数", "final"),
    ("ＦＩＮＡＬ", "final"),
    ("年报", None),
    ("数", ""),
]
COLUMNS = ("indicator", "area", "value", "vintage")
HEAD: dict[str, Any] = {"form": "QH-Q", "bureau": "BUR-630200"}


@pytest.mark.parametrize(("word", "code"), WORDS)
def test_words_of_both_languages_are_read(word: str, code: str | None) -> None:
    assert read_vintage(word) == code


@pytest.mark.parametrize("kind", ["xlsx", "csv", "json"])
def test_it_means_the_same_through_every_format(kind: str) -> None:
    figures = [{"indicator": "A5", "area": "630200", "value": 1, "vintage": "快报"}, {"indicator": "A6", "area": "630200", "value": 2}]
    content = {
        "xlsx": lambda: make.figures_workbook(figures, columns=COLUMNS, period="2014-Q3"),
        "csv": lambda: make.figures_csv(figures, columns=COLUMNS, period="2014-Q3"),
        "json": lambda: make.figures_json(figures, period="2014-Q3"),
    }[kind]()
    found = parse(read(content, f"f.{kind}").tables)
    assert ([row.vintage for row in found.rows], found.findings) == (["express", ""], ())


def test_unknown_word_is_a_finding_at_its_cell() -> None:
    (found,) = parse([Table("表", [["指标代码", "数值", "报告期", "数据版本"], ["A5", 1, "2014", "终稿"]])]).findings
    assert (found.rule, found.severity, str(found.cell), found.params) == ("unknown_vintage", "error", "表!D2", {"found": "终稿"})


def test_every_vintage_has_a_word_for_people_and_fits_its_column() -> None:
    assert all(VINTAGES.values())
    assert max(map(len, VINTAGES)) <= Observation._meta.get_field("vintage").max_length


def figures(vintage: str, value: int, period: str) -> bytes:
    rows = [{"indicator": code, "area": "630200", "value": value, "vintage": vintage} for code in ("K1", "GDP")]
    return make.figures_workbook(rows, columns=COLUMNS, period=period, **HEAD)


def test_same_value_in_a_later_stage_is_a_revision(qinghai: SimpleNamespace) -> None:
    approve(figures("快报", 100, "2014-Q4"), qinghai.clerk, qinghai.reviewer)
    approve(figures("最终核实", 100, "2014-Q4"), qinghai.clerk, qinghai.reviewer)
    now = Observation.objects.current().get(indicator__code="K1", area__code="630200")
    assert now.supersedes is not None
    assert (now.value, now.vintage, now.supersedes.vintage) == (100, "final", "express")
    third = send(figures("最终核实数", 100, "2014-Q4"), qinghai.clerk)
    assert Observation.objects.count() == 4
    assert third.state == Submission.State.CHECKED


def test_unknown_word_refuses_the_file(qinghai: SimpleNamespace) -> None:
    submission = send(figures("终稿", 100, "2014-Q4"), qinghai.clerk)
    assert submission.state == Submission.State.REFUSED
    assert {(one.rule, one.cell.address) for one in submission.findings.filter(severity="error") if one.cell} == {
        ("unknown_vintage", "D5"),
        ("unknown_vintage", "D6"),
    }


def test_it_cannot_be_changed_in_the_database(qinghai: SimpleNamespace) -> None:
    approve(figures("快报", 100, "2014-Q4"), qinghai.clerk, qinghai.reviewer)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Observation.objects.update(vintage="final")


def test_it_stands_beside_the_figure_on_the_page_in_the_api_and_in_the_trace(
    qinghai: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QHENV_TODAY", "2016-01-20")
    approve(figures("最终核实", 100, "2014-Q4"), qinghai.clerk, qinghai.reviewer)
    sent = approve(figures("快报", 120, "2015-Q4"), qinghai.clerk, qinghai.reviewer)
    work_off()
    client = client_of(qinghai.clerk)
    assert client.get(f"/api/v1/submissions/{sent.pk}").json()["entries"][0]["vintage"] == "express"
    one = Assessment.objects.current().filter(area__code="630200", period="2015-Q4", target__indicator__code="K1").first()
    assert one is not None
    assert {line["vintage"] for line in client.get(f"/api/v1/assessments/{one.pk}").json()["inputs"]} >= {"express"}
    page = client.get(f"{one.target.get_absolute_url()}?area=630200&period=2015-Q4").content.decode()
    assert "快报" in page or "express" in page
    assert one.result["vintage"] == "express"
    assert trace_of(one).sentence
