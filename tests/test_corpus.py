"""A corpus of upload files (tests/data/uploads), good, dirty and hostile: each through the real door, judged as the written format says."""

import json
import re
import runpy
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Bureau, User
from indicators.models import Submission
from tests.conftest import client_of
from tests.make_history import work_off

CORPUS = Path(__file__).parent / "data" / "uploads"
EXPECTED: dict[str, dict[str, Any]] = json.loads((CORPUS / "expected.json").read_text(encoding="utf-8"))
HOSTILE = [name for name, entry in EXPECTED.items() if entry.get("hostile")]
QUICK = HOSTILE[::8] + [name for name in EXPECTED if name not in HOSTILE][::12]
SECONDS = 3.0  # one is promised; the machine of a test may be busy
MEMORY = 50 * 1024  # kB
AT_THE_DOOR = {"empty", "too_large"}  # what the API may also answer at once with 400 (docs/api.md), where the bytes as sent tell it


@pytest.fixture(scope="module")
def times(request: pytest.FixtureRequest) -> Iterator[dict[str, float]]:
    """Seconds by file; the slowest are told at the end."""
    found: dict[str, float] = {}
    yield found
    slowest = sorted(found, key=lambda name: -found[name])[:5]
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        line = "slowest: " + ", ".join(f"{name} {found[name]:.2f} s" for name in slowest)
        request.config.get_terminal_writer().line(f"\n{line}")


def content(name: str) -> bytes:
    data = (CORPUS / "files" / name).read_bytes()
    return data.ljust(EXPECTED[name].get("pad", 0))


def clerk(bureau: str) -> User:
    found, _ = User.objects.get_or_create(
        username=f"clerk-{bureau}", defaults={"role": User.Role.REPORTER, "bureau": Bureau.objects.get(code=bureau)}
    )
    return found


def upload(name: str, client: Client) -> dict[str, Any]:
    """The submission after its check, as the API tells it; empty where the door did not take it."""
    entry = EXPECTED[name]
    if entry.get("body"):
        answer = client.post("/api/v1/submissions", content(name), content_type="application/json")
    else:
        answer = client.post("/api/v1/submissions", {"file": SimpleUploadedFile(name, content(name)), **entry.get("fields", {})})
    if answer.status_code == 400 and AT_THE_DOOR & set(entry.get("code", ())) and (entry.get("pad") or not content(name)):
        assert set(answer.json()["errors"]) == {"file"}
        return {}
    assert answer.status_code == 202, f"{name}: {answer.status_code} {answer.content.decode()[:500]}"
    work_off()
    found: dict[str, Any] = client.get(answer.headers["Location"]).json()
    return found


def approve(name: str, client: Client) -> None:
    """Explained where need be, submitted, and approved by somebody else."""
    submission = upload(name, client)
    address = f"/api/v1/submissions/{submission['id']}"
    assert client.post(f"{address}/submit").status_code == 200
    reviewer, _ = User.objects.get_or_create(username="reviewer-of-the-corpus", defaults={"role": User.Role.REVIEWER})
    assert client_of(reviewer).post(f"{address}/approve").status_code == 200
    work_off()


def told(submission: dict[str, Any]) -> dict[str, Any]:
    """What is compared: of a file as a whole no sheet is compared, the format names none."""
    findings = submission["findings"]
    return {
        "state": submission["state"],
        "findings": Counter((f["rule"], f["severity"], f["sheet"] if f["cell"] else "", f["cell"]) for f in findings),
        "values": Counter((e["indicator"], e["area"], e["period"], e["value"], e["status"], e["vintage"]) for e in submission["entries"]),
    }


def wanted(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "state": entry["state"],
        "findings": Counter(tuple(finding) for finding in entry["findings"]),
        "values": Counter(tuple(value) for value in entry["values"]),
    }


def differences(expected: dict[str, Any], got: dict[str, Any]) -> str:
    lines = [f"state: expected {expected['state']}, got {got['state']}"] if expected["state"] != got["state"] else []
    for what in ("findings", "values"):
        lines += [f"{what}: expected and not there: {each}" for each in (expected[what] - got[what]).elements()]
        lines += [f"{what}: there and not expected: {each}" for each in (got[what] - expected[what]).elements()]
    return "\n".join(lines)


def memory(kind: str) -> int:
    """Kilobytes of this process: now (VmRSS) or at most (VmHWM)."""
    found = re.search(rf"{kind}:\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    assert found
    return int(found[1])


def names(*, quick: bool, hostile: bool) -> list[Any]:
    """Every file, those beyond the quick selection marked slow."""
    chosen = [name for name in EXPECTED if (name in HOSTILE) == hostile and (name in QUICK) == quick]
    return [pytest.param(name, marks=[] if quick else pytest.mark.full) for name in chosen]


@pytest.mark.parametrize("name", names(quick=True, hostile=False) + names(quick=False, hostile=False))
def test_a_file_is_read_and_judged_as_the_format_says(name: str, db: None) -> None:
    entry = EXPECTED[name]
    client = client_of(clerk(entry["bureau"]))
    for before in entry.get("after", ()):
        approve(before, client)
    submission = upload(name, client)
    expected, got = wanted(entry), told(submission)
    assert expected == got, f"{name} ({entry['shows']})\n{differences(expected, got)}"
    if entry["state"] == "checked":
        assert submission["form"] == entry["form"], f"{name}: expected form {entry['form']}, got {submission['form']}"
    if "code" in entry:
        told_code(name, submission)


def told_code(name: str, submission: dict[str, Any]) -> None:
    code = Submission.objects.get(pk=submission["id"]).findings.get(rule="unreadable").params.get("code")
    assert code in EXPECTED[name]["code"], f"{name} ({EXPECTED[name]['shows']}): expected {' or '.join(EXPECTED[name]['code'])}, got {code}"


@pytest.mark.parametrize("name", names(quick=True, hostile=True) + names(quick=False, hostile=True))
def test_a_hostile_file_is_refused_within_a_second_and_harms_nothing(name: str, db: None, times: dict[str, float]) -> None:
    entry = EXPECTED[name]
    client, data = client_of(clerk(entry["bureau"])), content(name)
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # the highest use of memory counts from here
    before, began = memory("VmRSS"), time.perf_counter()
    submission = upload(name, client)
    seconds, grown = time.perf_counter() - began, memory("VmHWM") - before - 3 * len(data) // 1024
    times[name] = seconds
    assert seconds < SECONDS, f"{name} ({entry['shows']}): expected within a second, took {seconds:.1f} s"
    assert grown < MEMORY, f"{name} ({entry['shows']}): expected less than 50 MB more memory, got {grown // 1024} MB"
    if not submission:
        return
    expected, got = wanted(entry), told(submission)
    assert expected == got, f"{name} ({entry['shows']})\n{differences(expected, got)}"
    if "code" in entry:
        told_code(name, submission)


@pytest.mark.full
def test_the_corpus_is_what_its_script_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["make.py", str(tmp_path)])
    monkeypatch.setattr(sys, "path", [*sys.path])
    runpy.run_path(str(CORPUS / "make.py"), run_name="__main__")
    assert (tmp_path / "expected.json").read_bytes() == (CORPUS / "expected.json").read_bytes()
    for name in EXPECTED:
        assert (tmp_path / "files" / name).read_bytes() == (CORPUS / "files" / name).read_bytes(), name
    assert {path.name for path in (CORPUS / "files").iterdir()} == set(EXPECTED)
