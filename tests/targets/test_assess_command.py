"""The engine for any series: manage.py assess and assess_series. No test here may touch a database, and pytest-django sees to it."""

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from targets.progress.standalone import assess_series
from targets.progress.table import MADE, PATH_OF, BadSeries, Fault, read_series
from tests.targets.make_progress import judge_one

ROOT = Path(__file__).parent.parent.parent
PUBLISHED = ROOT / "tests" / "data" / "vectors" / "progress_cagr_statcan.csv"
NAN = float("nan")
HEADER = "id,base_year,base_value,current_year,current_value,target_year,target,direction"
ROW: dict[str, Any] = {
    "id": "产值", "base_year": 2015, "base_value": 60.0, "current_year": 2018, "current_value": 80.0, "target_year": 2020, "target": 120.0,
    "direction": 1,
}  # fmt: skip


def judged(profile: str = "five_status", **changes: Any) -> Any:
    return assess_series(pd.DataFrame([{**ROW, **changes}]), profile).iloc[0]


def faults_of(*rows: dict[str, Any]) -> list[str]:
    with pytest.raises(BadSeries) as caught:
        assess_series(pd.DataFrame(list(rows)))
    return [str(fault) for fault in caught.value.faults]


def run(content: str | bytes, folder: Path, *words: str) -> str:
    """What the command writes to the screen."""
    file, screen = folder / "series.csv", io.StringIO()
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    call_command("assess", str(file), *words, stdout=screen)
    return screen.getvalue()


def test_the_engine_says_the_same_as_for_a_target() -> None:
    for convention, path in PATH_OF.items():
        row, target = judged(convention=convention), judge_one(convention=convention, path=path)
        pairs = {
            "expected": "expected",
            "gap": "gap",
            "gap_linear": "gap_linear",
            "progress_value": "ratio",
            "required_rate": "required_pace",
        }
        assert {name: row[name] for name in pairs} == {name: target[other] for name, other in pairs.items()}
        assert (row["status"], row["reason"]) == (target["status"], target["reason"])


@pytest.mark.parametrize(
    ("changes", "value", "status", "rate", "reason"),
    [
        ({}, 0.555555556, "off_track", 20, "pace_off_track"),
        ({"convention": "log_share"}, 0.691729165, "at_risk", 22.4744871, "pace_at_risk"),
        ({"convention": "cagr_ratio"}, 0.676822661, "at_risk", 22.4744871, "pace_at_risk"),
        ({"convention": "cagr_ratio", "base_value": 0}, 1.111111111, "on_track", 22.4744871, "pace_on_track; linear: zero_base"),
        ({"convention": "log_share", "current_value": -1}, -1.694444444, "off_track", 60.5, "moved_back; linear: sign_change"),
        ({"direction": "down"}, NAN, "achieved", NAN, "goal_met; progress_value: baseline_met"),
        ({"current_value": 120}, 1.666666667, "achieved", NAN, "goal_met"),
        ({"current_year": 2020}, 0.333333333, "off_track", NAN, "deadline_missed; required_rate: deadline_passed"),
        ({"current_year": 2021}, NAN, "off_track", NAN, "deadline_missed; progress_value, required_rate: deadline_passed"),
        ({"current_year": 2021, "current_value": 120}, NAN, "achieved", NAN, "goal_met; progress_value, required_rate: deadline_passed"),
        ({"current_year": 2018.5}, 0.476190476, "off_track", 26.666666667, "pace_off_track"),
        ({"base_value": None, "base_year": None}, NAN, "no_data", 20, "baseline_not_known"),
        ({"current_value": None, "current_year": None}, NAN, "no_data", NAN, "no_value"),
        ({"target": None, "target_year": None}, NAN, "no_data", NAN, "no_goal"),
        ({"convention": "log_share", "current_year": 2015.5}, NAN, "no_data", 9.428738, "under_one_year"),
    ],
)
def test_five_statuses(changes: dict[str, Any], value: float, status: str, rate: float, reason: str) -> None:
    row = judged(**changes)
    assert (row["status"], row["reason"]) == (status, reason)
    assert [row["progress_value"], row["required_rate"]] == pytest.approx([value, rate], rel=1e-6, nan_ok=True)
    assert pd.isna(row["score"])


def test_nothing_is_expected_by_a_year_that_is_not_given() -> None:
    row = judged(current_value=None, current_year=None)
    assert row[["expected", "gap", "gap_linear"]].isna().all()
    assert judged(current_value=None)["expected"] == 96


def test_open_sdg_says_the_published_status_of_every_published_series() -> None:
    frame, odd = read_series(PUBLISHED.read_bytes())
    found = assess_series(frame, "open_sdg", odd)
    assert found["status"].tolist() == frame["expected_status"].tolist()
    for name in ("progress_value", "score"):
        assert found[name].tolist() == pytest.approx(pd.to_numeric(frame[f"expected_{name}"]).tolist(), abs=1e-9, nan_ok=True)


def test_open_sdg_judges_by_growth_and_shows_the_same_expected_value() -> None:
    row, ours = judged("open_sdg", convention="linear_share"), judged(convention="cagr_ratio")
    assert (row["status"], row["reason"]) == ("moderate_progress", "rate_ratio")
    assert row["score"] == pytest.approx(7.1429 * row["progress_value"] - 4.2857)
    assert [row[name] for name in ("expected", "gap", "gap_linear", "required_rate")] == [
        ours[name] for name in ("expected", "gap", "gap_linear", "required_rate")
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"target": 0, "direction": -1}, "target_zero_replaced; linear: sign_change"),
        ({"target": None, "target_year": None}, "rate_alone; expected, gap, required_rate: no_goal"),
        ({"current_year": 2021}, "target_year_passed; required_rate: deadline_passed"),
    ],
)
def test_open_sdg_names_what_it_replaced_and_what_is_blank(changes: dict[str, Any], reason: str) -> None:
    assert judged("open_sdg", **changes)["reason"] == reason


@pytest.mark.parametrize("word", [1, "1", "+1", "1.0", "positive", "UP", " up "])
def test_direction_up(word: object) -> None:
    assert judged(direction=word)["status"] == "off_track"


@pytest.mark.parametrize("word", [-1, "-1", -1.0, "negative", "down"])
def test_direction_down(word: object) -> None:
    assert judged(direction=word)["status"] == "achieved"


def test_all_faults_come_at_once_with_line_and_column() -> None:
    assert faults_of(
        {**ROW, "convention": "evidence", "limit": "x", "sign": 1},
        {**ROW, "target_year": 2015, "direction": 0, "current_value": "1,000", "sign": -1},
        {**ROW, "id": " ", "base_year": None, "target": float("inf"), "sign": 2},
    ) == [
        "line 2, convention: “evidence” is none of linear_share, log_share, cagr_ratio, extrapolation, direct",
        "line 2, limit: “x” is not a number",
        "line 3, current_value: “1,000” is not a number",
        "line 3, direction: “0” is not 1 or -1 (positive, negative, up, down)",
        "line 3, id: “产值” stands in line 2 already",
        "line 3, sign: -1 belongs to a negative base_value, and only there",
        "line 3, target_year: 2015 is not after base_year 2015",
        "line 4, base_year: this cell is empty, but base_value is given",
        "line 4, id: this cell is empty",
        "line 4, sign: “2” is not 1 or -1",
        "line 4, target: “inf” is not a number",
    ]


def test_a_faulty_header_is_told_with_the_faults_below_it() -> None:
    row = {name: value for name, value in ROW.items() if name not in ("target", "id")} | {"status": "x", "base_value": "nan"}
    assert faults_of(row) == [
        "line 1, id: this column is missing",
        "line 1, status: this column is made here; rename or remove it",
        "line 1, target: this column is missing",
        "line 2, base_value: “nan” is not a number",
    ]
    twice = pd.DataFrame([[*ROW.values(), 1]], columns=[*ROW, "direction"])
    with pytest.raises(BadSeries, match="line 1, direction: this column stands twice"):
        assess_series(twice)


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(ValueError, match="five_status, open_sdg"):
        judged("sdg")


def test_no_rows_give_no_rows() -> None:
    assert assess_series(pd.DataFrame(columns=list(ROW))).columns.tolist() == [*ROW, *MADE]


def test_the_command_adds_its_columns_and_carries_the_others_through(tmp_path: Path) -> None:
    lines = run(f'{HEADER},备注\nGDP,2015,60,2018,080.0,2020,120,up,"一,二"\n', tmp_path).splitlines()
    assert lines == [
        f"{HEADER},备注,{','.join(MADE)}",
        'GDP,2015,60,2018,080.0,2020,120,up,"一,二",96.0,-16.0,-16.0,0.555555556,off_track,,20.0,pace_off_track',
    ]


@pytest.mark.parametrize(("encoding", "written"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "utf-8-sig")])
def test_files_of_excel_come_back_as_excel_reads_them(encoding: str, written: str, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    content = f"{HEADER}\r\n产值,2015,60,2018,80,2020,120,1\r\n".encode(encoding)
    assert run(content, tmp_path, "--out", str(out), "--profile", "open_sdg") == ""
    text = out.read_bytes().decode(written)
    assert text.startswith("id,base_year")
    assert "\n产值,2015,60," in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "series.csv"]


@pytest.mark.parametrize(
    ("content", "sentences"),
    [
        (b"", ["no series"]),
        (HEADER.encode() + b"\n\n", ["no series"]),
        (b"PK\x03\x04\0\0", ["not a CSV text file"]),
        (b"\xff\xff\xff", ["neither UTF-8 nor GB18030"]),
        (
            f"{HEADER}\na,2015\n\nb,x,1,2018,2,2020,3,1\n".encode(),
            ["2 faults, nothing written", "line 2, cells: 2 where", "line 4, base_year"],
        ),
    ],
)
def test_bad_files_are_refused_with_every_fault_and_leave_the_old_result(content: bytes, sentences: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("old")
    with pytest.raises(CommandError) as caught:
        run(content, tmp_path, "--out", str(out))
    assert all(sentence in str(caught.value) for sentence in sentences)
    assert out.read_text() == "old"


def test_files_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere.csv"):
        call_command("assess", str(tmp_path / "nowhere.csv"))
    with pytest.raises(CommandError, match="nofolder"):
        run(f"{HEADER}\na,2015,1,2018,2,2020,3,1\n", tmp_path, "--out", str(tmp_path / "nofolder" / "out.csv"))
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("assess", "any.csv", "--profile", "sdg")


def test_the_command_runs_where_no_database_answers() -> None:
    environment = {**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    words = [sys.executable, "manage.py", "assess", str(PUBLISHED), "--profile", "open_sdg"]
    found = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=True)
    assert found.stdout.splitlines()[1].endswith("moderate_progress,2.150695437409637,-5.023764352015069,rate_ratio")


def test_faults_print_with_line_and_column() -> None:
    assert str(Fault(3, "target", "this cell is empty")) == "line 3, target: this cell is empty"
