"""docs/targets.md says what the pack says and what the engine does."""

import random
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import Area
from indicators.models import Indicator
from indicators.periods import Period
from targets.models import Target
from targets.pack import read_pack
from targets.pack.listing import listing, no_data_cases
from targets.progress.evaluate import evaluate
from targets.progress.reasons import REASONS
from tests.conftest import QINGHAI, SMALL_PACK

PAGE = Path(__file__).parents[2] / "docs" / "targets.md"
PACK, _ = read_pack(QINGHAI)
CASES: Mapping[str, Mapping[str, str]] = {str(row["code"]): no_data_cases(row, PACK) for row in PACK["targets"]}


def test_page_in_the_docs_is_what_the_pack_gives(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("list_targets", QINGHAI)

    assert capsys.readouterr().out == PAGE.read_text(), "run: ./qh manage list_targets fixtures/qinghai > docs/targets.md"


def test_every_target_stands_on_the_page_once_with_its_clause_and_its_doubt() -> None:
    sections = re.split(r"^### ", PAGE.read_text(), flags=re.MULTILINE)[1:]
    by_code = {section.split()[0]: section for section in sections}

    assert sorted(by_code) == sorted(CASES)
    assert len(sections) == 67
    for row in PACK["targets"]:
        said = [row["name_zh"], row["name_en"], row["clause"], row["reading_en"], row["reading_zh"], row["doubt_en"], row["doubt_zh"]]
        assert [text for text in said if text and text not in by_code[row["code"]]] == []


def test_another_plan_makes_its_own_page() -> None:
    pack, faults = read_pack(SMALL_PACK)

    assert faults == []
    assert "at most 9 %" in listing(pack)


@pytest.mark.django_db
def test_every_reason_the_engine_gives_for_no_data_stands_on_the_page() -> None:
    """Figures with gaps of every kind: whatever leaves a target without data has been said of it."""
    import pandas as pd

    chance, indicators, targets, members = random.Random(67), Indicator.objects.specs(), Target.objects.specs(), _prefectures()
    periods = [Period(2014, "Q", 2), *(Period(year, "Q", 4) for year in range(2014, 2021))]
    places = [*members, *Area.objects.filter(kind="park").values_list("code", flat=True)]
    told = dict.fromkeys(CASES, frozenset[str]())
    for kept in (0.3, 0.9):
        rows = [
            (code, area, str(period), chance.choice((0, 1, 2, 3, 3)) if spec.kind == "milestone" else chance.choice((0, 10, 20, 40)))
            for code, spec in indicators.items()
            if not spec.inputs
            for area in places
            for period in [Period(2010, "Q", 4), *periods]
            if chance.random() < kept
        ]
        figures = pd.DataFrame(rows, columns=["indicator", "area", "period", "value"])
        results = evaluate(targets, indicators, figures, periods, members, "630000")
        blank = results[results["status"] == "no_data"]
        for code, reasons in blank.groupby("target")["reason"]:
            told[str(code)] |= frozenset(map(str, reasons.unique()))

    assert {code: unsaid for code, reasons in told.items() if (unsaid := reasons - CASES[code].keys())} == {}


def test_every_reason_on_the_page_is_one_the_engine_knows() -> None:
    assert {reason for cases in CASES.values() for reason in cases} <= REASONS.keys()


def _prefectures() -> list[str]:
    return list(Area.objects.prefectures().filter(valid_to=None).values_list("code", flat=True))
