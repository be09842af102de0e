"""What is stored after many approvals is what one computation of everything would give; what is frozen stays."""

from types import SimpleNamespace
from typing import Any

import pytest

from accounts import clock
from accounts.models import AuditEntry
from indicators.models import Observation
from targets.models import Assessment, AssessmentRun
from targets.models.computing import assess, compute, touched_by
from tests.conftest import client_of
from tests.make import Line, approve, make_lines, make_workbook
from tests.make_history import work_off

Results = dict[tuple[str, str, str], dict[str, Any]]


def stored() -> Results:
    current = Assessment.objects.current().select_related("target", "area")
    return {(one.target.code, one.area.code, one.period): one.result for one in current}


def recomputed(targets: set[str]) -> Results:
    """Everything computed anew, of the targets that have been touched at all."""
    plain = (Assessment.of(row, AssessmentRun(), 0, 0).result for row in compute(as_of=clock.end_of(clock.today())).to_dict("records"))
    return {(row["target"], row["area"], row["period"]): row for row in plain if row["target"] in targets}


def quarter(period: str, **values: object) -> bytes:
    return make_workbook(make_lines("BUR-630200", "QH-Q", period, values), period=period)


def of_xining(period: str, **values: object) -> bytes:
    lines = make_lines("BUR-630100", "QH-Q", period, values)
    return make_workbook(lines, bureau="BUR-630100", period=period)


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QHENV_TODAY", "2016-10-20")


@pytest.mark.full
def test_incremental_results_equal_one_computation_of_everything(qinghai: SimpleNamespace) -> None:
    """Two bureaus, out of order, with a revision of an earlier quarter and one that comes after later ones."""
    files: list[tuple[bytes, Any]] = [
        (quarter("2014-Q4"), qinghai.clerk),
        (quarter("2015-Q4", K1=50), qinghai.clerk),
        (of_xining("2015-Q4"), qinghai.other_clerk),
        (quarter("2016-Q1"), qinghai.clerk),
        (quarter("2014-Q4", K1=20, A5=12, H4N=7), qinghai.clerk),  # a revision
        (of_xining("2014-Q4", A5=3), qinghai.other_clerk),  # late
        (quarter("2015-Q2"), qinghai.clerk),  # late
    ]
    for content, clerk in files:
        approve(content, clerk, qinghai.reviewer)
        work_off()
    kept = stored()
    assert len(kept) > 500
    anew = recomputed({target for target, _, _ in kept})
    missing = {key for key in anew.keys() - kept.keys() if key[1] in ("630000", "630100", "630200") and key[2] >= "2014-Q4"}
    assert missing == set()
    assert {key for key in kept if kept[key] != anew.get(key)} == set()


def test_baseline_that_comes_later_reaches_the_quarters_before_it(qinghai: SimpleNamespace) -> None:
    """The way of A5-2020 begins at the value of 2015: until that is known, a quarter of 2014 says so, and no longer."""
    approve(quarter("2014-Q4"), qinghai.clerk, qinghai.reviewer)
    work_off()
    before = stored()["A5-2020", "630200", "2014-Q4"]
    approve(quarter("2015-Q4"), qinghai.clerk, qinghai.reviewer)
    work_off()
    after = stored()["A5-2020", "630200", "2014-Q4"]
    assert (before["baseline_value"], before["expected_reason"]) == (None, "baseline_not_known")
    assert (after["baseline_value"], after["expected_reason"]) == (10, "window_not_open")


@pytest.mark.full
def test_assessing_everything_again_adds_nothing(qinghai: SimpleNamespace) -> None:
    approve(quarter("2015-Q4"), qinghai.clerk, qinghai.reviewer)
    assess(None, reason="all")
    count = Assessment.objects.count()
    assert assess(None, reason="all again").changed == 0
    assert Assessment.objects.count() == count


def test_approval_touches_what_rests_on_its_figures_and_nothing_else(qinghai: SimpleNamespace) -> None:
    """Only one figure is changed by the revision: only targets on it, in its area and the province, and no earlier quarter."""
    approve(quarter("2015-Q2"), qinghai.clerk, qinghai.reviewer)
    work_off()
    revision = approve(quarter("2015-Q2", K1=11), qinghai.clerk, qinghai.reviewer)
    touched = touched_by([revision.pk])
    assert touched is not None
    assert (touched.targets, touched.areas) == ({"K1-2015"}, {"630200", "630000"})
    work_off()
    run = AssessmentRun.objects.latest("pk")
    changed = {(one.target.code, one.area.code) for one in run.assessments.select_related("target", "area")}
    assert {("K1-2015", "630200")} <= changed <= {("K1-2015", "630200"), ("K1-2015", "630000")}
    assert min(run.assessments.values_list("period", flat=True)) == "2015-Q2"
    assert AuditEntry.objects.about(run).get().data["changed"] == run.changed


def test_file_that_changes_no_figure_starts_no_computation(qinghai: SimpleNamespace) -> None:
    lines = make_lines("BUR-630200", "QH-Q", "2015-Q2")
    approve(make_workbook(lines, period="2015-Q2"), qinghai.clerk, qinghai.reviewer)
    work_off()
    runs, figures = AssessmentRun.objects.count(), Observation.objects.count()
    again: list[Line] = [(*line, "再报一次") for line in lines]
    approve(make_workbook(again, period="2015-Q2"), qinghai.clerk, qinghai.reviewer)
    work_off()
    assert (AssessmentRun.objects.count(), Observation.objects.count()) == (runs, figures)


def test_result_of_the_deadline_is_frozen_and_meeting_it_later_is_named_so(qinghai: SimpleNamespace) -> None:
    """K1-2015 asks for a stock at the end of 2015: missed then, met by the second quarter of 2016."""
    for period, worked in (("2015-Q4", 1), ("2016-Q1", 2), ("2016-Q2", 100000)):
        approve(quarter(period, K1=worked), qinghai.clerk, qinghai.reviewer)
    work_off()
    results = {one.period: one for one in Assessment.objects.current().filter(target__code="K1-2015", area__code="630200")}
    assert (results["2015-Q4"].status, results["2015-Q4"].late_fulfilment) == ("off_track", "")
    frozen = results["2016-Q2"]
    assert (frozen.status, frozen.frozen, frozen.late_fulfilment) == ("off_track", True, "2016-Q2")
    assert frozen.gap == results["2015-Q4"].gap
    assert results["2016-Q1"].late_fulfilment == ""
    client = client_of(qinghai.leader)
    client.cookies["django_language"] = "en"
    page = client.get("/targets/K1-2015/", {"area": "630200", "period": "2016-Q2"}).content.decode()
    assert "Late fulfilment" in page


def test_later_result_supersedes_and_the_earlier_stays_readable(qinghai: SimpleNamespace) -> None:
    for worked in (10, 20):
        approve(quarter("2015-Q2", K1=worked), qinghai.clerk, qinghai.reviewer)
        work_off()
    chosen = Assessment.objects.filter(target__code="K1-2015", area__code="630200", period="2015-Q2")
    assert sorted(float(one.value or 0) for one in chosen) == [10, 20]
    now = chosen.current().get()
    assert now.supersedes is not None
    assert (float(now.value or 0), float(now.supersedes.value or 0)) == (20, 10)


def test_figures_approved_before_the_plan_begins_are_no_fault(qinghai: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = make_lines("BUR-630200", "QH-Y", "2010")
    approve(make_workbook(lines, form="QH-Y", period="2010"), qinghai.clerk, qinghai.reviewer)
    monkeypatch.setenv("QHENV_TODAY", "2011-04-10")
    assert assess(None, reason="before the plan").changed == 0
    monkeypatch.setenv("QHENV_TODAY", "2013-02-10")
    assess(None, reason="still before it")
    assert set(Assessment.objects.values_list("period", flat=True)) <= {"2011-Q4", "2012-Q4"}


@pytest.fixture
def figures_of_a_year(qinghai: SimpleNamespace) -> SimpleNamespace:
    approve(quarter("2015-Q4"), qinghai.clerk, qinghai.reviewer)
    return qinghai


@pytest.mark.full
def test_no_status_comes_from_nowhere(figures_of_a_year: SimpleNamespace) -> None:
    """Every result has a status, its reason and, where a number is missing, the reason of that."""
    assess(None, reason="all")
    numbers = ("value", "goal", "expected", "gap", "gap_share", "progress", "required_pace")
    for one in Assessment.objects.current().select_related("target"):
        assert one.status in Assessment.Status.values
        assert one.reason
        bare = [name for name in numbers if getattr(one, name) is None and not one.result.get(f"{name}_reason")]
        assert bare == [], (one.target.code, one.period)
