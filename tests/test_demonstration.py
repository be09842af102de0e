"""The made-up past, loaded through the one door: what the checks find is what was planted, no more and no less."""

from collections import Counter
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db.models import Count

from accounts.models import AuditEntry
from indicators.models import Observation, Submission
from jobs.models import Job
from targets.models import Assessment, Target
from tests.conftest import client_of
from tests.make_history import PUBLISHED, load, made, make_people, part_of_schedule, table, work_off

Found = Counter[tuple[str, str, str, str, str]]


def arrived_files() -> dict[tuple[str, str, str], str]:
    return {(row["bureau"], Path(row["file"]).name, row["received_on"]): row["file"] for row in table(made() / "schedule.csv")}


def found_of_history() -> tuple[set[str], Found]:
    """The generated files that are in, and every finding in them."""
    files, findings, loaded = arrived_files(), Counter(), set()
    for submission in Submission.objects.filter(door="command").select_related("bureau").prefetch_related("findings"):
        key = (submission.bureau.code, submission.filename, f"{submission.arrived_at:%Y-%m-%d}")
        if key in files:
            loaded.add(files[key])
            findings.update((files[key], f.sheet, f.cell.address if f.cell else "", f.rule, f.severity) for f in submission.findings.all())
    return loaded, findings


def planted_in(files: set[str]) -> Found:
    rows = table(made() / "manifest.csv")
    return Counter((row["file"], row["sheet"], row["cell"], row["rule"], row["severity"]) for row in rows if row["file"] in files)


def replay_until(day: str, monkeypatch: pytest.MonkeyPatch) -> Job:
    monkeypatch.setenv("QHENV_TODAY", day)
    make_people()
    return load(PUBLISHED, made() / "schedule.csv")


def held_to_the_manifest(day: str) -> None:
    expected = {row["file"] for row in table(made() / "schedule.csv") if row["received_on"] <= day}
    loaded, found = found_of_history()
    assert loaded == expected
    assert found == planted_in(loaded)


def held_to_the_schedule(day: str) -> None:
    """Every file stands where its action says it should stand on that day."""
    states = {"approve": "approved", "none": "refused", "leave_checked": "checked", "leave_submitted": "submitted"}
    files = arrived_files()
    actions = {row["file"]: row for row in table(made() / "schedule.csv")}
    for submission in Submission.objects.filter(door="command").exclude(form__code="BULK").select_related("bureau"):
        row = actions[files[submission.bureau.code, submission.filename, f"{submission.arrived_at:%Y-%m-%d}"]]
        wanted = "returned" if row["action"].startswith("return:") else states[row["action"]]
        open_still = row["action"] == "approve" and row["approved_on"] > day
        assert submission.state == ("submitted" if open_still else wanted), row


def held_to_the_truth(day: str) -> None:
    """The figures in force are those of the last approved file, digit for digit as the spreadsheet keeps them."""
    approved = {row["file"] for row in table(made() / "schedule.csv") if row["approved_on"] and row["approved_on"] <= day}
    truth = {
        (row["indicator"], row["area"], row["period"]): float(row["value"])
        for row in table(made() / "truth.csv")
        if row["file"] in approved
    }
    known = Observation.objects.current().exclude(entry__submission__form__code="BULK").filter(value__isnull=False)
    figures = {(i, a, p): float(value) for i, a, p, value in known.values_list("indicator__code", "area__code", "period", "value")}
    assert figures == truth


@pytest.mark.full
def test_first_years_are_found_and_decided_as_planted(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    job = replay_until("2014-04-30", monkeypatch)
    assert (job.state, job.done) == (Job.State.DONE, job.total)
    for held in (held_to_the_manifest, held_to_the_schedule, held_to_the_truth):
        held("2014-04-30")
    assert not Submission.objects.filter(findings__severity="error").exclude(state=Submission.State.REFUSED).exists()
    assert not Observation.objects.filter(entry__submission__state=Submission.State.REFUSED).exists()
    assert AuditEntry.objects.first_broken() is None


def test_the_past_keeps_two_times_apart(db: None) -> None:
    """When a figure became known is set by the schedule; when it was recorded is the real moment, and the trail has both."""
    make_people()
    load(part_of_schedule("haidong", lambda row: (row["bureau"], row["period"]) == ("BUR-630200", "2010")))
    observation = Observation.objects.filter(period="2010").select_related("entry__submission").first()
    assert observation is not None
    assert f"{observation.known_at:%Y}" == "2011"
    assert observation.recorded_at.year > 2020
    entry = AuditEntry.objects.about(observation.entry.submission).get(verb="approve")
    assert entry.data["known_at"].startswith("2011-")
    assert entry.at.year > 2020


@pytest.mark.full
class TestWholeHistory:
    """Everything until the demonstration's day."""

    @pytest.fixture(autouse=True)
    def _loaded(self, qinghai: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cast = qinghai
        qinghai.clerk.delete()  # the past has a clerk for each bureau
        qinghai.other_clerk.delete()
        replay_until("2018-10-20", monkeypatch)

    def test_it_is_found_decided_assessed_and_goes_on(self, subtests: pytest.Subtests) -> None:
        for held in (held_to_the_manifest, held_to_the_schedule, held_to_the_truth):
            with subtests.test(held.__name__):
                held("2018-10-20")
        with subtests.test("every target has a status with a reason"):
            self.every_target_has_a_status()
        with subtests.test("ten findings"):
            self.faulty_file_lists_ten_findings()
        with subtests.test("Haidong moves"):
            self.mended_file_moves_haidong_onto_its_path()

    def every_target_has_a_status(self) -> None:
        province = Assessment.objects.current().filter(period="2018-Q2", area__code="630000")
        assert set(province.values_list("target__code", flat=True)) == set(Target.objects.values_list("code", flat=True))
        without = province.filter(status="no_data").values_list("target__code", "reason")
        assert all(reason for _, reason in without)
        assert province.exclude(status="no_data").count() >= 60, list(without)
        assert not Assessment.objects.current().values("target", "area", "period").annotate(n=Count("pk")).filter(n__gt=1).exists()

    def upload(self, name: str) -> Submission:
        clerk = Submission.objects.filter(bureau__code="BUR-630200").select_related("sent_by")[0].sent_by
        file = BytesIO((made() / "try" / name).read_bytes())
        file.name = name
        client_of(clerk).post("/submissions/upload/", {"file": file})
        work_off()
        return Submission.objects.get(filename=name)

    def faulty_file_lists_ten_findings(self) -> None:
        figures = Observation.objects.count()
        submission = self.upload("海东-2018Q3-有错误.xlsx")
        found = Counter(
            (f"try/{submission.filename}", f.sheet, f.cell.address if f.cell else "", f.rule, f.severity) for f in submission.findings.all()
        )
        assert found == planted_in({f"try/{submission.filename}"})
        assert found.total() == 10
        assert (submission.state, submission.entries.count(), Observation.objects.count()) == ("refused", 0, figures)

    def mended_file_moves_haidong_onto_its_path(self) -> None:
        standing = Assessment.objects.current().filter(target__code="K2-2020", area__code="630200")
        assert standing.get(period="2018-Q2").status == "at_risk"
        submission = self.upload("海东-2018Q3-改好.xlsx")
        assert (submission.state, submission.findings.count()) == ("checked", 0)
        client_of(submission.sent_by).post(f"/submissions/{submission.pk}/submit/")
        client_of(self.cast.reviewer).post(f"/submissions/{submission.pk}/approve/")
        work_off()
        assert standing.get(period="2018-Q3").status == "on_track"
        assert standing.get(period="2018-Q2").status == "at_risk"
