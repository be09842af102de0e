"""The project register: sound rows only, all faults at once, every change in the audit chain, and a sum that the figure must equal."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import clock
from accounts.errors import TransitionError
from accounts.models import AuditEntry, Bureau
from indicators.models import Draft, Indicator, Project, ReportingForm, ReportingTask
from indicators.models.project import register_sums
from indicators.models.register import standings
from indicators.periods import Period
from indicators.readers import read
from indicators.readers.table import Table
from indicators.register import HEADINGS, Facts, ProjectRow, difference, faults, finished_sum
from indicators.register_file import read_register
from indicators.rows import ERROR, IndicatorSpec
from indicators.writers.register import WRITERS
from jobs.models import Job
from tests.conftest import client_of
from tests.indicators.make_rules import BULK, HAIDONG, SPECS, findings, found, line
from tests.make import approve, make_lines, make_workbook, send
from tests.make_history import work_off

FACTS = Facts({"H1", "H2"}, {"BUR-630200": {"630200"}, "BUR-630100": {"630100"}}, date(2018, 10, 20), {"X-1": "BUR-630100"}, {"S-1"})
ROW = ProjectRow(
    "H1-1", "脱硝改造", "唐湖电厂", "H1", "630200", Decimal("25.5"), "BUR-630200", date(2014, 12, 31), date(2015, 3, 1), "一期"
)
HEADER = list(HEADINGS)
LINE = ["H1-1", "脱硝改造", "唐湖电厂", "H1", "630200", 25.5, "2014-12-31", "2015-03-01", "一期"]


def reading(*lines: list[Any], header: list[str] = HEADER) -> tuple[list[ProjectRow], list[str]]:
    rows, found = read_register([Table("台账", [header, *lines])], FACTS, "BUR-630200")
    return rows, [f"{finding.cell} {finding.severity}" for finding in found]


def changed(**cells: Any) -> list[Any]:
    places = list(HEADINGS.values())
    made = list(LINE)
    for name, value in cells.items():
        made[places.index(name)] = value
    return made


def test_a_sound_line_is_a_project() -> None:
    assert reading(LINE) == ([ROW], [])


def test_a_file_is_read_with_english_headings_in_any_order_under_a_title() -> None:
    names = ["note", "finished_on", "planned_on", "capacity", "area", "indicator", "plant", "name", "code"]
    rows, found = read_register([Table("", [["Register"], [], names, LINE[::-1], []])], FACTS, "BUR-630200")
    assert (rows, found) == ([ROW], [])


@pytest.mark.parametrize("day", ["2015-03-01", "2015/3/1", "2015年3月1日", "2015.03.01", "2015-03-01 00:00:00", "２０１５-03-01"])
def test_a_date_is_read_as_it_is_usually_written(day: str) -> None:
    assert reading(changed(finished_on=day))[0][0].finished_on == date(2015, 3, 1)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (changed(code=""), "台账!A2 error"),
        (changed(code="a/b"), "台账!A2 error"),
        (changed(code="X-1"), "台账!A2 error"),
        (changed(code="S-1"), "台账!A2 error"),
        (changed(name=""), "台账!B2 error"),
        (changed(plant="厂" * 201), "台账!C2 error"),
        (changed(indicator="GDP"), "台账!D2 error"),
        (changed(area="630100"), "台账!E2 error"),
        (changed(capacity=0), "台账!F2 error"),
        (changed(capacity=-3), "台账!F2 error"),
        (changed(capacity=""), "台账!F2 error"),
        (changed(capacity="无"), "台账!F2 error"),
        (changed(capacity="约25"), "台账!F2 error"),
        (changed(capacity="1234567890123.4567"), "台账!F2 error"),
        (changed(planned_on="2015-02-30"), "台账!G2 error"),
        (changed(finished_on="2018-10-21"), "台账!H2 error"),
        (changed(finished_on="明年"), "台账!H2 error"),
        (changed(note="长" * 501), "台账!I2 error"),
        (changed(capacity="１２"), "台账!F2 note"),
    ],
)
def test_what_is_wrong_is_told_at_its_cell(line: list[Any], expected: str) -> None:
    assert reading(line)[1] == [expected]


def test_all_faults_of_a_file_are_told_at_once() -> None:
    lines = [LINE, changed(name="", capacity=0), changed(code="H1-2", finished_on="x")]
    assert reading(*lines)[1] == ["台账!A3 error", "台账!B3 error", "台账!F3 error", "台账!H4 error"]


def test_a_file_without_its_columns_or_projects_is_a_fault() -> None:
    assert reading(LINE, header=["a"] * 9)[1] == ["None error"]
    assert reading(LINE[:5] + [25], header=[*HEADER[:4], "x", "规模"])[1] == ["台账!A1 error"]
    assert reading()[1] == ["台账!A1 error"]


def test_a_file_of_another_bureau_is_a_fault_and_without_a_sender_each_row_names_its_own() -> None:
    header = [*HEADER, "bureau"]
    assert reading([*LINE, "BUR-630100"], header=header)[1] == ["台账!J2 error"]
    tables = [Table("", [header, [*LINE, "BUR-630200"], [*changed(code="H1-2", area="630100"), "BUR-630100"], [*changed(code="H1-3"), ""]])]
    rows, found = read_register(tables, FACTS)
    assert [row.bureau for row in rows] == ["BUR-630200", "BUR-630100", ""]
    assert [str(finding.cell) for finding in found] == ["J4"]


@pytest.mark.parametrize("ending", WRITERS)
def test_a_written_register_is_read_as_it_was(ending: str) -> None:
    open_one = replace(ROW, code="H1-2", capacity=Decimal("0.1"), planned_on=None, finished_on=None, note="")
    write, _media_type = WRITERS[ending]
    assert read_register(read(write([ROW, open_one]), f"a.{ending}").tables, FACTS, "BUR-630200") == ([ROW, open_one], [])


@pytest.mark.parametrize("ending", WRITERS)
def test_no_text_of_a_written_register_is_a_formula(ending: str) -> None:
    table = read(WRITERS[ending][0]([replace(ROW, name="=1+1")]), f"a.{ending}").tables[0]
    assert not table.formulas
    assert table.rows[1][1] in ("=1+1", "'=1+1")


def test_only_what_is_finished_by_the_day_is_summed() -> None:
    lines = [(date(2015, 6, 30), Decimal(60)), (date(2015, 7, 1), Decimal(54)), (None, Decimal(30))]
    assert finished_sum(lines, date(2015, 6, 30)) == (60, 1)
    assert finished_sum(lines, date(2015, 7, 1)) == (114, 2)
    assert finished_sum(lines, date(2014, 1, 1)) == (0, 0)


def test_figures_and_sums_are_compared_at_the_indicators_decimals() -> None:
    assert difference(Decimal("114.01"), Decimal("114.005"), 2) == 0
    assert difference(Decimal("114.01"), Decimal("114.004"), 2) == Decimal("0.01")
    assert difference(Decimal("114"), Decimal("114.4"), 0) == 0


REGISTERED = {**SPECS, "H1": IndicatorSpec("H1", "stock", "万千瓦", minimum=Decimal(0), registered=True)}
WITH = replace(
    BULK, indicators=REGISTERED, register={("H1", HAIDONG): [(date(2015, 9, 30), Decimal(114)), (date(2015, 10, 1), Decimal(5))]}
)


def test_a_figure_must_equal_the_sum_of_the_finished_projects() -> None:
    assert found([line("H1", 114)], WITH) == []
    (finding,) = findings([line("H1", 112.5)], WITH)
    assert (finding.rule, finding.severity, str(finding.cell)) == ("register_differs", ERROR, "E2")
    assert (
        dict(finding.params) == {"total": "114万千瓦", "number": "1", "value": "112.5万千瓦", "gap": "-1.5万千瓦"}
        or finding.params["number"] == "1"
    )
    assert found([line("H1", 119)], WITH) == [("register_differs", "E2")]
    assert found([line("H1", 119, period="2015-Q4")], WITH) == []
    assert found([line("H1", 5, period="2015-Q1")], WITH) == [("register_differs", "E2")]


def test_without_projects_or_a_register_nothing_is_compared() -> None:
    assert found([line("H1", 7)], replace(WITH, register={})) == []
    assert found([line("H1", 7)], replace(WITH, indicators=SPECS)) == []
    assert found([line("H1", "—")], WITH) == []


def test_a_figure_that_differs_is_not_also_compared_with_others() -> None:
    assert found([line("H1", 11.4)], WITH, {"H1 2015-Q2": 113}) == [("register_differs", "E2")]
    assert found([line("H1", 11.4)], replace(WITH, register={}), {"H1 2015-Q2": 113}) == [("unit_slip", "E2")]


@pytest.fixture
def registered(qinghai: SimpleNamespace) -> SimpleNamespace:
    Indicator.objects.filter(code__in=["H1", "H2"]).update(registered=True)
    return qinghai


def history(project: Project) -> list[tuple[str, Any]]:
    return [(entry.verb, entry.data["changes"]) for entry in AuditEntry.objects.about(project)]


def test_writing_the_same_twice_is_one_project_and_each_change_is_audited(registered: SimpleNamespace) -> None:
    assert Project.objects.load([ROW], by=registered.clerk) == (1, 0)
    assert Project.objects.load([ROW], by=registered.clerk) == (0, 0)
    assert Project.objects.load([replace(ROW, capacity=Decimal(30), note="")], by=registered.clerk) == (0, 1)
    project = Project.objects.get()
    assert history(project)[0] == ("change_project", {"capacity": ["25.5", "30"], "note": ["一期", ""]})
    assert history(project)[1][1]["finished_on"] == [None, "2015-03-01"]
    assert (project.capacity, project.note, project.changed_by) == (30, "", registered.clerk)


def test_only_the_own_bureau_writes(registered: SimpleNamespace) -> None:
    for user in (registered.other_clerk, registered.reviewer, registered.administrator):
        with pytest.raises(PermissionDenied):
            Project.objects.load([ROW], by=user)
    Project.objects.load([ROW], by=registered.clerk)
    for user in (registered.other_clerk, registered.reviewer):
        with pytest.raises(PermissionDenied):
            Project.objects.get().strike_out(by=user, reason="x")
    taken = replace(ROW, bureau="BUR-630100", area="630100")
    assert [name for name, _message, _params in faults(taken, Project.objects.facts())] == ["code"]
    with pytest.raises(TransitionError):
        Project.objects.load([taken], by=registered.other_clerk)


def test_a_project_struck_out_counts_no_more_and_stays(registered: SimpleNamespace) -> None:
    Project.objects.load([ROW, replace(ROW, code="H1-2", capacity=Decimal(4))], by=registered.clerk)
    haidong = Bureau.objects.get(code="BUR-630200")
    assert register_sums(haidong, Period.parse("2015-Q1")) == {("H1", "630200"): Decimal("29.5")}
    project = Project.objects.get(code="H1-1")
    client = client_of(registered.clerk)
    client.post(f"/projects/{project.pk}/strike/", {"reason": ""})
    assert not Project.objects.exclude(struck_out="").exists()
    client.post(f"/projects/{project.pk}/strike/", {"reason": "重复录入"})
    assert register_sums(haidong, Period.parse("2015-Q1")) == {("H1", "630200"): Decimal(4)}
    assert register_sums(haidong, Period.parse("2014-Q4")) == {("H1", "630200"): Decimal(0)}
    assert "重复录入" in client.get(project.get_absolute_url()).content.decode()
    assert client.post(project.get_absolute_url(), {"name": "x"}).status_code == 403
    with pytest.raises(TransitionError):
        Project.objects.load([ROW], by=registered.clerk)


FIELDS = {"code": "H1-7", "name": "低氮", "plant": "电厂", "indicator": "H1", "area": "630200", "capacity": "12.5"}


def test_a_project_is_entered_and_corrected_on_its_page(registered: SimpleNamespace) -> None:
    client = client_of(registered.clerk)
    assert client.post("/projects/new/", FIELDS).status_code == 302
    project = Project.objects.get()
    assert client.post("/projects/new/", FIELDS).status_code == 200
    assert client.post("/projects/new/", FIELDS | {"code": "H1-8", "capacity": "0", "finished_on": "2018-10-21"}).status_code == 200
    client.post(project.get_absolute_url(), FIELDS | {"code": "other", "finished_on": "2018-10-20"})
    project.refresh_from_db()
    assert (Project.objects.count(), project.code, project.finished_on) == (1, "H1-7", date(2018, 10, 20))
    page = client.get(project.get_absolute_url()).content.decode()
    assert "2018-10-20" in page
    assert str(registered.clerk) in page


def test_who_may_not_write_sees_no_form_and_other_clerks_see_nothing(registered: SimpleNamespace) -> None:
    Project.objects.load([ROW], by=registered.clerk)
    address = Project.objects.get().get_absolute_url()
    reviewer, stranger = client_of(registered.reviewer), client_of(registered.other_clerk)
    assert "<textarea" not in reviewer.get(address).content.decode()
    assert [reviewer.post(address, FIELDS).status_code, reviewer.get("/projects/new/").status_code] == [403, 403]
    assert [stranger.get(address).status_code, stranger.post(address, FIELDS).status_code] == [404, 404]
    assert "H1-1" in reviewer.get("/projects/").content.decode()
    assert "H1-1" not in stranger.get("/projects/").content.decode()
    assert "H1-1" not in stranger.get("/projects/register.csv").content.decode()


def upload(user: Any, content: bytes, name: str = "台账.csv") -> Any:
    return client_of(user).post("/projects/upload/", {"file": SimpleUploadedFile(name, content)})


def test_an_uploaded_register_is_taken_over_whole_or_not_at_all(registered: SimpleNamespace) -> None:
    write = WRITERS["csv"][0]
    bad = upload(registered.clerk, write([ROW, replace(ROW, code="H1-2", area="630100"), replace(ROW, code="H1-3", plant="")]))
    assert not Project.objects.exists()
    assert {"E3", "C4"} <= set(bad.content.decode().replace("<", ">").split(">"))
    assert upload(registered.clerk, b"", "a.csv").status_code == 200
    assert upload(registered.clerk, b"PK nothing", "a.xlsx").status_code == 200
    assert upload(registered.clerk, write([ROW, replace(ROW, code="H1-2")])).status_code == 302
    assert upload(registered.clerk, write([ROW, replace(ROW, code="H1-2", capacity=Decimal(7))])).status_code == 302
    second = Project.objects.get(code="H1-2")
    assert [changes.get("capacity") for _verb, changes in history(second)] == [["25.5", "7"], [None, "25.5"]]
    assert AuditEntry.objects.about(second).first().data["filename"] == "台账.csv"
    assert upload(registered.reviewer, b"x").status_code == 403


def test_what_is_downloaded_can_be_sent_back_and_changes_nothing(registered: SimpleNamespace) -> None:
    Project.objects.load([ROW, replace(ROW, code="H2-1", indicator="H2", finished_on=None)], by=registered.clerk)
    client = client_of(registered.clerk)
    for ending in WRITERS:
        content = client.get(f"/projects/register.{ending}").content
        assert upload(registered.clerk, content, f"a.{ending}").status_code == 302
    assert AuditEntry.objects.filter(verb="change_project").count() == 0
    assert "H2-1" not in client.get("/projects/register.csv?indicator=H1").content.decode()
    assert client.get("/projects/register.exe").status_code == 404


def test_a_sum_stands_beside_the_figure_of_its_own_period(registered: SimpleNamespace) -> None:
    approve(
        make_workbook(make_lines("BUR-630200", "QH-Q", "2015-Q1", {"H1": "25.5"}), period="2015-Q1"), registered.clerk, registered.reviewer
    )
    Project.objects.load([ROW, replace(ROW, code="H1-2", finished_on=date(2015, 4, 1), capacity=Decimal(4))], by=registered.clerk)
    send(make_workbook(make_lines("BUR-630200", "QH-Q", "2015-Q2", {"H1": "29.5"}), period="2015-Q2"), registered.clerk)
    Project.objects.load([replace(ROW, code="H1-3", finished_on=date(2015, 5, 1), capacity=Decimal(1))], by=registered.clerk)
    (one,) = standings(Project.objects.select_related("indicator", "area"), date(2018, 10, 20))
    assert (one.total, one.finished, one.under_way) == (Decimal("30.5"), 3, 0)
    assert one.approved
    assert (one.approved.period, one.approved.total, one.approved.gap) == ("2015-Q1", Decimal("25.5"), 0)
    period = Period.parse("2015-Q3")
    task = ReportingTask(pk=1, form=ReportingForm.objects.get(code="QH-Q"), bureau=registered.clerk.bureau, period=str(period))
    draft = Draft(task=task, cells={"H1/630200": {"value": "31"}, "A5/630200": {"value": "约"}}, updated_at=clock.now())
    (typed,) = standings(Project.objects.select_related("indicator", "area"), date(2018, 10, 20), [draft])
    assert typed.reported
    assert (typed.reported.period, typed.reported.gap) == ("2015-Q3", Decimal("0.50"))
    assert one.reported
    assert (one.reported.period, one.reported.total, one.reported.gap) == ("2015-Q2", Decimal("30.5"), Decimal("-1.00"))


def test_a_file_whose_figure_is_not_the_registers_is_refused(registered: SimpleNamespace) -> None:
    Project.objects.load([ROW], by=registered.clerk)
    lines = make_lines("BUR-630200", "QH-Q", "2015-Q1", {"H1": 25})
    refused = send(make_workbook(lines, period="2015-Q1"), registered.clerk)
    assert [finding.rule for finding in refused.findings.filter(severity="error")] == ["register_differs"]
    Project.objects.load([replace(ROW, capacity=Decimal(25))], by=registered.clerk)
    assert send(make_workbook(lines, period="2015-Q1"), registered.clerk, "again.xlsx").state == "checked"


def test_the_first_start_loads_the_register_as_it_stood_on_its_day(registered: SimpleNamespace, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("QHENV_TODAY", "2015-02-20")
    path = tmp_path / "projects.csv"
    rows = [[*LINE, "BUR-630200"], [*changed(code="H1-2", finished_on="2015-02-20", area="630100"), "BUR-630100"]]
    path.write_text("\n".join(",".join(map(str, row)) for row in [[*HEADER, "bureau"], *rows]), encoding="utf-8")
    for _time in range(2):
        Job.objects.enqueue("load_history", {"schedules": [], "register": str(path)})
        work_off()
    assert dict(Project.objects.values_list("code", "finished_on")) == {"H1-1": None, "H1-2": date(2015, 2, 20)}
    assert AuditEntry.objects.filter(verb="load_register").get().data == {"new": 2, "changed": 0, "filename": "projects.csv"}
    assert client_of(registered.clerk).get(Project.objects.get(code="H1-1").get_absolute_url()).status_code == 200


def test_programs_list_and_write_the_register(registered: SimpleNamespace) -> None:
    client, body = client_of(registered.clerk), {name: value for name, value in FIELDS.items() if name != "code"}
    answers = [client.put("/api/v1/projects/H1-7", body, "application/json") for _time in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[1].json()["capacity"] == "12.5"
    assert AuditEntry.objects.filter(verb__endswith="_project").count() == 1
    wrong = client.put("/api/v1/projects/H1-8", body | {"capacity": "0", "area": "630100", "plant": "x"}, "application/json")
    assert (wrong.status_code, sorted(wrong.json()["errors"])) == (400, ["area", "capacity"])
    assert client_of(registered.other_clerk).put("/api/v1/projects/H1-7", body, "application/json").status_code == 400
    assert client_of(registered.reviewer).put("/api/v1/projects/H1-7", body, "application/json").status_code == 403
    counts = [
        client_of(registered.reviewer).get(f"/api/v1/projects?{query}").json()["count"] for query in ("indicator=H1", "area=630100", "")
    ]
    assert [*counts, client_of(registered.other_clerk).get("/api/v1/projects").json()["count"]] == [1, 0, 1, 0]


def test_the_list_takes_a_fixed_number_of_queries(registered: SimpleNamespace) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, numbers = client_of(registered.clerk), []
    for count in (2, 40):
        Project.objects.load([replace(ROW, code=f"H1-{number}") for number in range(count)], by=registered.clerk)
        with CaptureQueriesContext(connection) as queries:
            client.get("/projects/")
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_texts_that_look_like_formulas_come_back_from_the_csv_as_they_were() -> None:
    row = replace(ROW, name="=一期", note="-", plant="'厂")
    tables = read(WRITERS["csv"][0]([row]), "register.csv").tables
    assert read_register(tables, FACTS, "BUR-630200") == ([row], [])


def test_file_with_far_too_many_projects_is_not_told_line_by_line() -> None:
    lines = [[f"P-{number}", "", "", "", "", "", "", "", ""] for number in range(6_000)]
    found = read_register([Table("台账", [HEADER, *lines])], FACTS, "BUR-630200")[1]
    assert len({finding.cell.row for finding in found if finding.cell}) == 5_001


def test_sending_a_register_again_looks_its_projects_up_in_a_fixed_number_of_queries(
    qinghai: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    rows = [replace(ROW, code=f"N-{number}") for number in range(20)]
    Project.objects.load(rows, by=qinghai.clerk)
    with django_assert_max_num_queries(8):
        assert Project.objects.load(rows, by=qinghai.clerk) == (0, 0)


def test_a_form_opened_before_somebody_else_saved_overwrites_nothing(registered: SimpleNamespace) -> None:
    Project.objects.load([replace(ROW, finished_on=None)], by=registered.clerk)
    project, client = Project.objects.get(), client_of(registered.clerk)
    opened = re.search(r'name="seen" value="([^"]+)"', client.get(project.get_absolute_url()).content.decode())
    assert opened
    Project.objects.load([ROW], by=registered.clerk)
    late = client.post(project.get_absolute_url(), FIELDS | {"seen": opened[1]})
    project.refresh_from_db()
    assert (late.status_code, project.finished_on) == (200, ROW.finished_on)
    again = re.search(r'name="seen" value="([^"]+)"', late.content.decode())
    assert again
    assert client.post(project.get_absolute_url(), FIELDS | {"seen": again[1]}).status_code == 302
