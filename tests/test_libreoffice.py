"""The template through another office program: filled in, saved by LibreOffice in each of its formats, uploaded as it is."""

import io
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook

from accounts.models import User
from indicators.models import Submission, workbooks
from indicators.models.form_rows import form_rows
from tests.indicators.test_returned import downloaded, looks
from tests.indicators.test_template import filled, of_template, task
from tests.make import send

SOFFICE = shutil.which("soffice")
FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "xls": "MS Excel 97", "ods": "calc8"}

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed (Debian: libreoffice-calc-nogui)"),
]


def saved_as(content: bytes, ending: str, folder: Path) -> bytes:
    """What LibreOffice makes of a workbook when a person opens and saves it."""
    source, out = folder / "模板.xlsx", folder / ending
    source.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [str(SOFFICE), profile, "--headless", "--convert-to", f"{ending}:{FILTERS[ending]}", "--outdir", str(out), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return (out / f"模板.{ending}").read_bytes()


def whole_template() -> tuple[bytes, dict[str, Decimal]]:
    """Haidong's template with a figure in each input cell, and these by cell."""
    asked = task()
    typed = {}
    for line, row in enumerate(form_rows(asked), start=6):
        if row.asked:
            value = Decimal(line % 3) if row.spec.kind == "milestone" else Decimal(line * 7_919).scaleb(-row.spec.decimals)
            typed[f"H{line}"] = min(value, row.spec.maximum) if row.spec.maximum is not None else value
    return filled(workbooks.template_of(asked), {at: float(value) for at, value in typed.items()}), typed


def uploaded(content: bytes, ending: str, by: User) -> Submission:
    return send(content, by, f"海东.{ending}")


@pytest.mark.parametrize("ending", FILTERS)
def test_a_template_saved_by_libreoffice_is_read_like_the_one_we_wrote(qinghai: SimpleNamespace, tmp_path: Path, ending: str) -> None:
    content, typed = whole_template()
    ours = uploaded(content, "xlsx", qinghai.clerk)
    theirs = uploaded(saved_as(content, ending, tmp_path), ending, qinghai.clerk)
    assert not of_template(theirs)
    assert [(one.rule, one.params, str(one.cell)) for one in theirs.findings.all()] == [
        (one.rule, one.params, str(one.cell)) for one in ours.findings.all()
    ]
    assert ours.state == theirs.state == Submission.State.CHECKED
    assert {f"H{entry.row}": entry.value for entry in theirs.entries.exclude(value=None)} == typed


@pytest.mark.parametrize("ending", FILTERS)
def test_a_refused_file_of_any_format_comes_back_is_mended_in_libreoffice_and_goes_through(
    qinghai: SimpleNamespace, tmp_path: Path, ending: str
) -> None:
    content, _typed = whole_template()
    refused = uploaded(saved_as(filled(content, {"H6": "三百"}), ending, tmp_path), ending, qinghai.clerk)
    assert refused.state == Submission.State.REFUSED
    back = downloaded(refused, qinghai.clerk)
    assert looks(back)["填报表!H6"][0] == "FFF6B5B0"
    mended = uploaded(saved_as(filled(back, {"H6": 300}), "xlsx", tmp_path), "xlsx", qinghai.clerk)
    assert mended.state == Submission.State.CHECKED, [(one.cell, one.sentence) for one in mended.findings.filter(severity="error")]
    assert not of_template(mended)


def test_marks_saved_by_libreoffice_are_taken_off_the_next_time(qinghai: SimpleNamespace, tmp_path: Path) -> None:
    content, _typed = whole_template()
    first = downloaded(uploaded(filled(content, {"H6": "三百"}), "xlsx", qinghai.clerk), qinghai.clerk)
    again = uploaded(saved_as(filled(first, {"H6": 300, "H7": "四百"}), "xlsx", tmp_path), "xlsx", qinghai.clerk)
    found = looks(downloaded(again, qinghai.clerk))
    assert found["填报表!H6"] == ("FFFFFBE6", None)
    assert found["填报表!H7"][0] == "FFF6B5B0"


def test_locks_checks_and_hidden_sheet_survive_libreoffice(qinghai: SimpleNamespace, tmp_path: Path) -> None:
    content, typed = whole_template()
    before, after = (load_workbook(io.BytesIO(one)) for one in (content, saved_as(content, "xlsx", tmp_path)))
    sheet = after["填报表"]
    assert sheet.protection.sheet
    assert after["_passport"].sheet_state != "visible"
    assert all(not sheet[at].protection.locked for at in typed)
    assert all(sheet[f"{column}6"].protection.locked for column in "ABCDEFG")
    kinds = [sorted(rule.type for rule in book["填报表"].data_validations.dataValidation) for book in (before, after)]
    assert set(kinds[0]) == set(kinds[1]) == {"custom", "list"}
    assert sheet["B6"].comment.text.startswith(str(sheet["B6"].value))
