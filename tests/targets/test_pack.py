"""The policy as data: complete, loaded as often as one likes, and refused as a whole where one cell is wrong."""

import csv
import shutil
from collections import Counter
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils.html import escape

from accounts.models import AuditEntry
from indicators.models import CalendarDay, Indicator, ReportingForm
from targets.models import Allocation, Plan, Target
from targets.models.loading import known_codes
from targets.pack import read_pack
from tests.conftest import DEMO, QINGHAI, client_of

FAULTY = Path(__file__).parents[1] / "data" / "pack_faulty"
SMALL = Path(__file__).parents[1] / "data" / "pack_small"
APPS = ("accounts", "jobs", "indicators", "targets", "reports")
Everything = dict[str, list[tuple[Any, ...]]]


def everything() -> Everything:
    """Every row of every table but the audit trail, with its key."""
    models = [model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True) if model is not AuditEntry]
    return {model._meta.label: sorted(model._default_manager.values_list(), key=repr) for model in models}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_loading_again_changes_nothing(db: None) -> None:
    before, loads = everything(), AuditEntry.objects.filter(verb="load_pack").count()
    for _ in range(2):
        for folder in (QINGHAI, DEMO):
            call_command("load_pack", folder, stdout=StringIO())
    assert everything() == before
    assert AuditEntry.objects.filter(verb="load_pack").count() > loads, "who loaded what is kept each time"


def test_changed_row_updates_the_one_with_its_code_and_no_other(db: None, tmp_path: Path) -> None:
    folder = shutil.copytree(QINGHAI, tmp_path / "pack")
    text = (folder / "targets.csv").read_text(encoding="utf-8")
    assert text.count("A1-2015,A1,industry,节能环保产业总产值") == 1
    (folder / "targets.csv").write_text(
        text.replace("A1-2015,A1,industry,节能环保产业总产值", "A1-2015,A1,industry,改名后的总产值"), encoding="utf-8"
    )
    before = everything()
    call_command("load_pack", folder, stdout=StringIO())
    after = everything()
    changed = {label for label in before if before[label] != after[label]}
    assert changed == {"targets.Target"}
    assert len(set(map(repr, after["targets.Target"])) - set(map(repr, before["targets.Target"]))) == 1
    assert Target.objects.get(code="A1-2015").name_zh == "改名后的总产值"


def test_all_faults_are_told_at_once_at_their_place_and_nothing_is_loaded(db: None) -> None:
    before = everything()
    with pytest.raises(CommandError) as refusal:
        call_command("load_pack", FAULTY, stdout=StringIO())
    told = str(refusal.value).splitlines()
    expected = [f"{row['file']}:{row['line']}:{row['column']}" for row in rows(FAULTY / "expected_faults.csv")]
    assert Counter(line.split(": ")[0] for line in told[1:]) == Counter(expected)
    assert told[0].startswith(f"{len(expected)} ")
    assert everything() == before


def test_missing_folder_is_one_sentence(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no such folder"):
        call_command("load_pack", tmp_path / "nowhere")
    with pytest.raises(CommandError, match="no file of a pack"):
        call_command("load_pack", tmp_path)


HOSTILE = {
    "not utf-8": ("sectors.csv", lambda data: data + "工业,工业,Industry\n".encode("gb18030")),
    "empty file": ("sectors.csv", lambda data: b""),
    "short line": ("targets.csv", lambda data: data + b"T9,VAL\n"),
    "infinity": ("targets.csv", lambda data: data.replace(b">=,40,", b">=,Infinity,")),
    "negative places": ("indicators.csv", lambda data: data.replace(b"up,sum,0,,,,,0,,Q", b"up,sum,-1,,,,,0,,Q")),
    "negative weight": ("allocations.csv", lambda data: data.replace(b",0.7,", b",1.3,").replace(b",0.3,", b",-0.3,")),
    "weight of an unknown area": ("allocations.csv", lambda data: data.replace(b"990200,0.3", b"990900,0.3")),
    "sum within itself": (
        "indicators.csv",
        lambda data: data.replace(b"flow,use,up,sum,2,,,,,0,,Q,reported", b"flow,use,up,sum,2,,,VAL,,0,,Q,derived"),
    ),
    "ratio of itself": ("indicators.csv", lambda data: data.replace(b"LOSS,SUP,,100", b"LKR,SUP,,100")),
    "area inside itself": ("areas.csv", lambda data: data.replace(b"prefecture,990000", b"prefecture,990100", 1)),
    "rule set without its coverage": (
        "rule_sets.csv",
        lambda data: b"\n".join(line for line in data.splitlines() if b"coverage" not in line),
    ),
    "plan that ends before it begins": ("plans.csv", lambda data: data.replace(b"2021,2025", b"2025,2021")),
    "split with more places than the count has": ("targets.csv", lambda data: data.replace(b">=,300,,,,,2021", b">=,,,,,,2021")),
    "code that no address can hold": ("targets.csv", lambda data: data.replace(b"T5,RULE", b"T 5/,RULE")),
    "code longer than its column": ("targets.csv", lambda data: data.replace(b"T5,RULE", b"T" * 21 + b",RULE")),
    "range without its upper end": ("targets.csv", lambda data: data.replace(b">=,20,30,", b">=,20,,")),
    "unknown baseline rule": ("targets.csv", lambda data: data.replace(b"zero_before_start", b"zero_sometime")),
}


@pytest.mark.parametrize("fault", HOSTILE)
def test_pack_that_could_not_be_worked_with_is_refused_with_a_place(db: None, tmp_path: Path, fault: str) -> None:
    folder = shutil.copytree(SMALL, tmp_path / "pack")
    name, change = HOSTILE[fault]
    data = (folder / name).read_bytes()
    assert change(data) != data, "the test changes nothing"
    (folder / name).write_bytes(change(data))
    _, faults = read_pack(folder, known_codes())
    assert faults
    assert all(one.file.endswith(".csv") and one.line >= 1 and one.column >= 1 for one in faults)


def test_policy_has_67_targets_57_with_a_number_and_10_milestones(db: None) -> None:
    plan = Plan.objects.get()
    kinds = Counter(plan.targets.values_list("kind", flat=True))
    assert kinds["milestone"] == 10
    assert kinds.total() - kinds["milestone"] == 57
    assert set(kinds) == set(Target.Kind.values)
    assert not plan.targets.exclude(kind="milestone").filter(value=None).exists()


def test_every_target_names_its_clause_indicator_sector_and_a_baseline_rule_in_words(db: None) -> None:
    for target in Target.objects.select_related("indicator", "sector"):
        assert target.clause
        assert target.name_zh != target.name_en
        assert target.target_year in (2015, 2020), target.code
        assert target.baseline_rule


def test_targets_are_those_of_the_table_and_their_indicators_exist(db: None) -> None:
    listed = rows(QINGHAI / "targets.csv")
    stored = {target.code: target for target in Target.objects.select_related("indicator", "sector")}
    assert set(stored) == {row["code"] for row in listed}
    for row in listed:
        target = stored[row["code"]]
        assert (target.indicator.code, target.sector.code, target.kind) == (row["indicator"], row["sector"], row["kind"])
        assert str(target.target_year) == row["target_year"]
        assert (f"{target.value.normalize():f}" if target.value is not None else "") == row["value"]
    assert set(Indicator.objects.values_list("code", flat=True)) == {row["code"] for row in rows(QINGHAI / "indicators.csv")}


def test_every_reported_indicator_of_a_target_is_asked_for_by_a_form(db: None) -> None:
    """What nobody is asked for can never be known."""
    specs = Indicator.objects.specs()

    def leaves(code: str) -> set[str]:
        return {code} if not specs[code].inputs else set().union(*map(leaves, specs[code].inputs))

    needed = set().union(*(leaves(code) for code in Target.objects.values_list("indicator__code", flat=True)))
    asked = {row["indicator"] for row in rows(QINGHAI / "forms.csv")}
    assert needed - asked == set()


@pytest.mark.full
def test_every_doubt_stands_beside_its_target(qinghai: SimpleNamespace) -> None:
    client = client_of(qinghai.leader)
    doubted = list(Target.objects.exclude(doubt_zh=""))
    assert len(doubted) >= 10
    for target in doubted:
        assert escape(target.doubt_zh) in client.get(target.get_absolute_url()).content.decode(), target.code
    client.cookies["django_language"] = "en"
    for target in doubted[:5]:
        assert escape(target.doubt_en) in client.get(target.get_absolute_url()).content.decode(), target.code


def test_every_allocation_is_named_versioned_and_marked_as_not_the_policys(qinghai: SimpleNamespace) -> None:
    assert set(Allocation.objects.values_list("name", "version")) == {
        (row["allocation"], row["version"]) for row in rows(DEMO / "allocations.csv")
    }
    client = client_of(qinghai.leader)
    client.cookies["django_language"] = "en"
    page = client.get("/targets/A1-2020/", {"area": "630200"}).content.decode()
    assert "allocated, not in the policy" in page


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        ("calendar.csv", "2018-09-29,workday", "2018-09-28,workday", "calendar.csv:"),
        ("calendar.csv", "2018-09-29,workday", "2018-09-29,feast", "is none of holiday, workday"),
        ("calendar.csv", "2018-09-29,workday", "2018-09-30,workday", "stands in line"),
        ("forms.csv", "Q,20,after_days_off,GDP,", "Q,20,working_days,GDP,", "all rows of a form say the same"),
        ("forms.csv", "Q,20,after_days_off,GDP,", "Q,20,soon,GDP,", "is none of calendar"),
        ("forms.csv", "Q,20,after_days_off,GDP,", "Q,-1,after_days_off,GDP,", "due_days lie between"),
        (
            "indicators.csv",
            'GDP,地区生产总值（现价）,"GDP, current prices",亿元,flow,economy,up,sum,2,,,,,0,,Q,reported,,,,',
            "",
            "only a reported stock",
        ),
    ],
)
def test_calendar_due_rules_and_register_are_checked(tmp_path: Path, file: str, before: str, after: str, told: str) -> None:
    folder = shutil.copytree(QINGHAI, tmp_path / "pack")
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(before) == 1
    (folder / file).write_text(text.replace(before, after or f"{before[:-1]}yes,"), encoding="utf-8")
    _, faults = read_pack(folder)
    assert any(told in str(fault) for fault in faults), faults


def test_calendar_due_rule_and_register_are_loaded(db: None) -> None:
    assert CalendarDay.objects.filter(kind="workday", day="2018-09-29").exists()
    assert set(ReportingForm.objects.filter(due_rule="after_days_off").values_list("code", flat=True)) == {"QH-Q", "QH-P", "QH-Y"}
    assert set(Indicator.objects.filter(registered=True).values_list("code", flat=True)) == {"H1", "H2", "H3", "I1", "I2", "I3"}
