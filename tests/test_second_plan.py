"""Another province's plan goes the whole way on a system that has never heard of the first one."""

import ast
import csv
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook

from accounts.models import Area, Bureau, User
from indicators.models import FormItem, Indicator, ReportingForm, Sector, Submission
from targets.models import Allocation, ArithmeticCheck, Assessment, Plan, RuleSet, Target
from tests.conftest import QINGHAI, SMALL_PACK, client_of, load_packs
from tests.make import make_lines, make_workbook
from tests.make_history import work_off

ROOT = Path(__file__).parent.parent
PERIOD = "2022-Q4"
FILED = {"WTR": 900, "VAL": 20, "LOSS": 95, "SUP": 1000, "PIPE": 60, "TOWN": 8}


@pytest.fixture
def yunze(db: None, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Only the small plan, its three bureaus with a clerk each, a reviewer, a leader."""
    Area.objects.update(parent=None, succeeds=None)
    for model in (Allocation, ArithmeticCheck, Target, RuleSet, Plan, FormItem, ReportingForm, Indicator, Sector, Bureau, Area):
        model.objects.all().delete()
    load_packs(SMALL_PACK)
    monkeypatch.setenv("QHENV_TODAY", "2023-02-15")
    clerks = [User.objects.create_user(f"c-{b.code}", role="reporter", bureau=b) for b in Bureau.objects.order_by("code")]
    return SimpleNamespace(
        clerks=clerks, reviewer=User.objects.create_user("r", role="reviewer"), leader=User.objects.create_user("l", role="leader")
    )


def file_for(clerk: User, share: float) -> BytesIO:
    assert clerk.bureau is not None
    values: dict[str, object] = {code: value if code == "TOWN" else round(value * share, 1) for code, value in FILED.items()}
    lines = make_lines(clerk.bureau.code, "W-Q", PERIOD, values)
    file = BytesIO(make_workbook(lines, form="W-Q", bureau=clerk.bureau.code, period="2022年四季度"))
    file.name = f"{clerk.bureau.code}.xlsx"
    return file


def file_a_quarter(cast: SimpleNamespace) -> None:
    """Upload, check, send, approve and assess, all through the pages."""
    for clerk, share in zip(cast.clerks, (1, 0.7, 0.3), strict=True):
        client = client_of(clerk)
        client.post("/submissions/upload/", {"file": file_for(clerk, share)})
        work_off()
        submission = Submission.objects.get(bureau=clerk.bureau)
        assert submission.state == "checked", [finding.sentence for finding in submission.findings.all()]
        client.post(f"/submissions/{submission.pk}/submit/")
        client_of(cast.reviewer).post(f"/submissions/{submission.pk}/approve/")
    work_off()


def test_second_plan_goes_from_upload_to_export(yunze: SimpleNamespace) -> None:
    file_a_quarter(yunze)
    now = {one.target.code: one for one in Assessment.objects.current().filter(area__code="990000", period=PERIOD).select_related("target")}
    assert set(now) == set(Target.objects.values_list("code", flat=True))
    assert float(now["T3"].value or 0) == pytest.approx(100 * 95 / 1000)
    assert float(now["T8"].value or 0) == pytest.approx(20)
    assert all(one.reason for one in now.values())
    assert now["T5"].status != "no_data", "a stage was filed"
    client = client_of(yunze.leader)
    sheet = load_workbook(BytesIO(client.get("/reports/compliance.xlsx", {"period": PERIOD, "area": "990000"}).content)).worksheets[0]
    cells = {row[0].value: row for row in sheet.iter_rows()}
    assert set(Target.objects.values_list("code", flat=True)) <= set(cells)
    assert "云泽省节水行动方案" in {row[1].value for row in cells.values()}


@pytest.mark.full
def test_pages_of_the_second_plan_speak_of_it_alone(yunze: SimpleNamespace) -> None:
    file_a_quarter(yunze)
    client = client_of(yunze.leader)
    pages = ["/", "/targets/", "/areas/", "/sectors/", "/arithmetic/", "/submissions/", "/reports/compliance/", "/charts/status.json"]
    pages += [f"/targets/{code}/" for code in Target.objects.values_list("code", flat=True)]
    pages += [f"/areas/{code}/" for code in Area.objects.values_list("code", flat=True)]
    pages += [f"/sectors/{code}/" for code in Sector.objects.values_list("code", flat=True)]
    pages += [one.get_absolute_url() for one in Submission.objects.all()]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert not re.search(r"青海|海东|Qinghai|630000", answer.content.decode()), page
    assert "云泽省节水行动方案" in client.get("/").content.decode()
    assert "7.72 %" in client.get("/arithmetic/").content.decode()


def test_second_plan_beside_the_first_leaves_its_goals_alone(db: None) -> None:
    before = list(Allocation.objects.order_by("pk").values_list())
    load_packs(SMALL_PACK)
    kept = list(Allocation.objects.filter(target__plan__code="QH-2020").order_by("pk").values_list())
    assert kept == before
    assert Allocation.objects.filter(target__plan__code="YZ-WATER").count() > 0


EMPTY_SYSTEM = (
    "/",
    "/targets/",
    "/areas/",
    "/sectors/",
    "/arithmetic/",
    "/submissions/",
    "/reports/compliance/",
    "/reports/compliance.csv",
)


def test_system_without_any_plan_has_pages_all_the_same(yunze: SimpleNamespace) -> None:
    for model in (Allocation, ArithmeticCheck, Target, RuleSet, Plan):
        model.objects.all().delete()
    for page in (*EMPTY_SYSTEM, "/charts/status.json"):
        assert client_of(yunze.leader).get(page).status_code == 200, page


# What starts the demonstration has to say where its files lie, and a command's help may show an example.
MAY_NAME_IT = {"targets/management/commands/prepare.py", "targets/management/commands/list_targets.py"}
APPS = ("accounts", "jobs", "indicators", "targets", "reports", "qhenv")


def words_of_the_pack() -> set[str]:
    words: set[str] = set()
    for name in ("targets", "indicators", "areas", "forms", "plans"):
        with (QINGHAI / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            words |= {row.get("code") or row.get("form") or "" for row in csv.DictReader(file)}
    return words - {""}


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every text of a module but its documentation, with its line."""
    bodies = (node.body for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef))
    documentation = {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value


def test_no_code_knows_the_first_plan() -> None:
    words, found = words_of_the_pack(), []
    for path in sorted(file for app in APPS for file in (ROOT / app).rglob("*.py") if "migrations" not in file.parts):
        name = path.relative_to(ROOT).as_posix()
        for line, text in strings(ast.parse(path.read_text(encoding="utf-8"))):
            if name not in MAY_NAME_IT and (text in words - {"BULK"} or re.search(r"qinghai|青海|\b63[0-9]{4}\b|QH-", text, re.IGNORECASE)):
                found.append(f"{name}:{line}: {text[:60]}")
    assert found == []


def test_no_page_or_script_knows_the_first_plan() -> None:
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static" / "js").rglob("*.js"), *(ROOT / "static" / "css").rglob("*.css")]
    assert [
        file.name for file in files if re.search(r"qinghai|青海|\b63[0-9]{4}\b|QH-", file.read_text(encoding="utf-8"), re.IGNORECASE)
    ] == []
