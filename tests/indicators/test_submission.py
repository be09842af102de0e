"""The one way in: what is kept, what is refused, and who may move a submission where."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from accounts.errors import TransitionError
from accounts.models import AuditEntry, Bureau, User
from indicators.models import Entry, Observation, Submission, Upload
from jobs.models import Job
from tests.make import approve, explain_all, make_lines, make_workbook, send

PERIOD = "2015-Q4"


def good_workbook(**values: object) -> bytes:
    return make_workbook(make_lines("BUR-630200", "QH-Q", PERIOD, values), period=PERIOD)


def test_bytes_are_kept_exactly_with_their_sum(qinghai: SimpleNamespace) -> None:
    content = good_workbook()
    submission = send(content, qinghai.clerk)
    assert bytes(submission.upload.content) == content
    assert submission.upload.sha256 == __import__("hashlib").sha256(content).hexdigest()


def test_same_bytes_while_live_are_one_submission(qinghai: SimpleNamespace) -> None:
    content = good_workbook()
    first, new = Submission.objects.receive(content, "a.xlsx", by=qinghai.clerk, door="page")
    second, again = Submission.objects.receive(content, "b.xlsx", by=qinghai.clerk, door="api")
    assert (new, again) == (True, False)
    assert first == second
    assert Job.objects.filter(kind="check").count() == 1


def test_same_bytes_after_taking_back_are_a_new_submission(qinghai: SimpleNamespace) -> None:
    content = good_workbook()
    first = send(content, qinghai.clerk)
    first.withdraw(by=qinghai.clerk)
    assert send(content, qinghai.clerk) != first
    assert Upload.objects.count() == 1


def test_workbook_with_ten_faults_lists_ten_findings_and_stores_no_figure(qinghai: SimpleNamespace) -> None:
    lines = make_lines("BUR-630200", "QH-Q", PERIOD)
    place = {line[0]: number for number, line in enumerate(lines)}
    faults = {
        "A5": ("A5", "630200", "约三亿"),  # not_a_number
        "A6": ("A6", "630200", -1),  # out_of_bounds
        "A7": ("A7", "630200", 5, "", "万元"),  # unit_mismatch
        "A8": ("A8", "630100", 5),  # area_not_reported
        "B1": ("B1", "630200", 2.5),  # not_whole
        "B2": ("B2", "999999", 3),  # unknown_area
        "F1N": ("F1N", "630200", 99),  # part_exceeds_whole
        "K1": ("K1", "630200", "1234567890.1234567"),  # too_many_digits
    }
    for code, line in faults.items():
        lines[place[code]] = line
    lines += [("A1", "630200", 5), ("ZZ9", "630200", 5)]  # derived_indicator, unknown_indicator
    # the two rows with a wrong area leave their places empty; the proper rows stand too, so that only ten things are wrong
    lines += [("A8", "630200", 10), ("B2", "630200", 10)]
    submission = send(make_workbook(lines, period=PERIOD), qinghai.clerk)
    found = {(finding.rule, finding.cell.address) for finding in submission.findings.all()}
    row = {code: number + 6 for code, number in place.items()}
    end = len(lines) + 5
    assert found == {
        ("not_a_number", f"F{row['A5']}"),
        ("out_of_bounds", f"F{row['A6']}"),
        ("unit_mismatch", f"E{row['A7']}"),
        ("area_not_reported", f"C{row['A8']}"),
        ("not_whole", f"F{row['B1']}"),
        ("unknown_area", f"C{row['B2']}"),
        ("part_exceeds_whole", f"F{row['F1N']}"),
        ("too_many_digits", f"F{row['K1']}"),
        ("derived_indicator", f"A{end - 3}"),
        ("unknown_indicator", f"A{end - 2}"),
    }
    assert submission.state == Submission.State.REFUSED
    assert not Entry.objects.exists()
    assert not Observation.objects.exists()
    assert submission.upload.size > 0


def send_bulk(qinghai: SimpleNamespace, *figures: str, approved: bool = False) -> list[str]:
    """The province's bulk file of `indicator,area,period,value` lines; gives the rules that found something."""
    clerk, _ = User.objects.get_or_create(
        username="province", defaults={"role": User.Role.REPORTER, "bureau": Bureau.objects.get(code="BUR-630000")}
    )
    text = "\n".join(["form,BULK", "bureau,BUR-630000", "indicator,area,period,value", *figures])
    submission = send(text.encode(), clerk, "bulk.csv")
    if approved:
        submission.submit(by=clerk)
        submission.approve(by=qinghai.reviewer)
    return list(submission.findings.values_list("rule", flat=True))


def test_a_published_rate_is_held_against_approved_energy_and_product(qinghai: SimpleNamespace) -> None:
    terms = ("ENE,630000,2010,100", "GDPC2010,630000,2010,200", "ENE,630000,2011,107.5", "GDPC2010,630000,2011,224.2")
    assert send_bulk(qinghai, *terms, approved=True) == []
    assert send_bulk(qinghai, "ER,630000,2011,-4.1") == []
    assert send_bulk(qinghai, "ER,630000,2011,4.1") == ["intensity_identity"]


def test_a_part_is_held_against_an_approved_whole(qinghai: SimpleNamespace) -> None:
    assert send_bulk(qinghai, "H4D,630100,2015-Q4,10", approved=True) == []
    assert send_bulk(qinghai, "H4N,630100,2015-Q4,12") == ["part_exceeds_whole"]


def test_warning_must_be_explained_before_sending(qinghai: SimpleNamespace) -> None:
    lines = [line for line in make_lines("BUR-630200", "QH-Q", PERIOD) if line[0] != "K1"]
    submission = send(make_workbook(lines, period=PERIOD), qinghai.clerk)
    assert list(submission.findings.values_list("rule", flat=True)) == ["missing_value"]
    with pytest.raises(TransitionError):
        submission.submit(by=qinghai.clerk)
    explain_all(submission, qinghai.clerk)
    submission.submit(by=qinghai.clerk)
    assert submission.state == Submission.State.SUBMITTED


def test_nobody_reviews_what_they_sent_and_only_reviewers_review(qinghai: SimpleNamespace) -> None:
    submission = send(good_workbook(), qinghai.clerk)
    submission.submit(by=qinghai.clerk)
    for person in (qinghai.clerk, qinghai.leader, qinghai.auditor, qinghai.administrator):
        with pytest.raises(PermissionDenied):
            submission.approve(by=person)
    Submission.objects.update(sent_by=qinghai.reviewer)
    submission.refresh_from_db()
    with pytest.raises(TransitionError):
        submission.approve(by=qinghai.reviewer)
    assert not Observation.objects.exists()


def test_clerk_of_another_bureau_can_do_nothing_with_it(qinghai: SimpleNamespace) -> None:
    submission = send(good_workbook(), qinghai.clerk)
    for act in (submission.submit, submission.withdraw):
        with pytest.raises(PermissionDenied):
            act(by=qinghai.other_clerk)
    assert not Submission.objects.visible_to(qinghai.other_clerk).exists()


def test_leader_cannot_send_figures(qinghai: SimpleNamespace) -> None:
    with pytest.raises(PermissionDenied):
        Submission.objects.receive(b"x", "a.xlsx", by=qinghai.leader, door="page")


def test_return_needs_a_reason_and_the_mended_file_is_a_new_submission(qinghai: SimpleNamespace) -> None:
    submission = send(good_workbook(), qinghai.clerk)
    submission.submit(by=qinghai.clerk)
    with pytest.raises(TransitionError):
        submission.return_for_changes(by=qinghai.reviewer, reason="  ")
    submission.return_for_changes(by=qinghai.reviewer, reason="K1请核对")
    assert (submission.state, submission.reason) == (Submission.State.RETURNED, "K1请核对")
    assert send(good_workbook(), qinghai.clerk).pk


def test_revision_supersedes_only_the_changed_figure_and_keeps_both(qinghai: SimpleNamespace) -> None:
    first = approve(good_workbook(K1=100), qinghai.clerk, qinghai.reviewer)
    count = Observation.objects.count()
    second = approve(good_workbook(K1=120), qinghai.clerk, qinghai.reviewer)
    assert second.revises == first
    assert Observation.objects.count() == count + 1
    now = Observation.objects.current().get(indicator__code="K1", area__code="630200")
    assert (now.value, now.supersedes.value) == (120, 100)
    assert list(second.findings.values_list("rule", flat=True)) == ["past_figure_changed"]


def test_figures_as_known_on_a_day_before_the_revision_are_the_old_ones(qinghai: SimpleNamespace) -> None:
    first = approve(good_workbook(K1=100), qinghai.clerk, qinghai.reviewer)
    approve(good_workbook(K1=120), qinghai.clerk, qinghai.reviewer)
    then = Observation.objects.as_of(first.known_at).get(indicator__code="K1")
    assert then.value == 100


@pytest.mark.parametrize("move", ["validate", "submit", "withdraw", "approve", "return"])
def test_wrong_move_is_refused_and_changes_nothing(qinghai: SimpleNamespace, move: str) -> None:
    submission = approve(good_workbook(), qinghai.clerk, qinghai.reviewer)
    entries = AuditEntry.objects.count()
    acts = {
        "validate": submission.validate,
        "submit": lambda: submission.submit(by=qinghai.clerk),
        "withdraw": lambda: submission.withdraw(by=qinghai.clerk),
        "approve": lambda: submission.approve(by=qinghai.second_reviewer),
        "return": lambda: submission.return_for_changes(by=qinghai.reviewer, reason="x"),
    }
    with pytest.raises(TransitionError):
        acts[move]()
    assert Submission.objects.get().state == Submission.State.APPROVED
    assert AuditEntry.objects.count() == entries


def test_every_step_leaves_one_entry_in_the_chain(qinghai: SimpleNamespace) -> None:
    before = AuditEntry.objects.count() + 1  # that its task was opened
    submission = approve(good_workbook(), qinghai.clerk, qinghai.reviewer)
    verbs = list(AuditEntry.objects.about(submission).order_by("number").values_list("verb", flat=True))
    assert verbs == ["receive", "check", "explain", "submit", "approve"]
    assert AuditEntry.objects.count() == before + 5
    assert AuditEntry.objects.first_broken() is None


def test_observation_cannot_be_changed_or_deleted_in_the_database(qinghai: SimpleNamespace) -> None:
    approve(good_workbook(), qinghai.clerk, qinghai.reviewer)
    for act in (lambda: Observation.objects.update(value=1), lambda: Observation.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()


def test_refused_approval_leaves_no_figure_behind(qinghai: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    submission = send(good_workbook(), qinghai.clerk)
    submission.submit(by=qinghai.clerk)
    with pytest.raises(TypeError), transaction.atomic():
        submission.approve(by=qinghai.reviewer, known_at=object())  # type: ignore[arg-type]
    submission.refresh_from_db()
    assert submission.state == Submission.State.SUBMITTED
    assert not Observation.objects.exists()


def test_a_file_with_a_header_and_no_row_is_checked_with_every_figure_missing(qinghai: SimpleNamespace) -> None:
    submission = send(make_workbook([], period="2018-Q3"), qinghai.clerk)
    assert (submission.state, submission.entries.count()) == (Submission.State.CHECKED, 0)
    assert set(submission.findings.values_list("rule", flat=True)) == {"missing_value"}
