"""Evidence: only plain files of the named kinds are taken, by the own bureau, unchanged; withdrawn ones stay readable."""

import io
import zipfile
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AuditEntry, Bureau
from indicators.file_kinds import KINDS, MAX_BYTES, media_type
from indicators.models import Evidence, Indicator, Project, ReportingForm, ReportingTask, Upload
from indicators.models.evidence import figures_of
from indicators.readers.table import Refused
from indicators.register import ProjectRow
from tests.conftest import client_of
from tests.make import explain_all, make_lines, make_workbook, number, send

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(20)
JPG = b"\xff\xd8\xff\xe0" + bytes(20)
TYPES = "[Content_Types].xml"


def archive(parts: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return buffer.getvalue()


DOCX = archive({TYPES: "<Types/>", "word/document.xml": "<document/>"})
XLSX = archive({TYPES: "<Types/>", "xl/workbook.xml": "<workbook/>"})
OFD = archive({"OFD.xml": "<OFD/>"})
GOOD = {"批复.pdf": PDF, "照片.JPG": JPG, "照片.png": PNG, "报告.docx": DOCX, "表.xlsx": XLSX, "公文.ofd": OFD}


def test_each_kind_is_told_by_ending_and_content() -> None:
    assert [media_type(content, name) for name, content in GOOD.items()] == [kind.media_type for kind in KINDS.values()]


HOSTILE = {
    "ending": ("run.exe", PDF, "ending"),
    "no ending": ("file", PDF, "ending"),
    "page as picture": ("a.png", b"<html><script>", "content"),
    "picture as pdf": ("a.pdf", PNG, "content"),
    "pdf as picture": ("a.jpg", PDF, "content"),
    "docx as xlsx": ("a.xlsx", DOCX, "content"),
    "archive as ofd": ("a.ofd", XLSX, "content"),
    "cut pdf": ("a.pdf", PDF[:20], "content"),
    "empty": ("a.pdf", b"", "content"),
    "script": ("a.pdf", PDF.replace(b"/Catalog", b"/Catalog/S/JavaScript "), "active"),
    "escaped script": ("a.pdf", PDF.replace(b"/Catalog", b"/Catalog/S/J#61vaScript "), "active"),
    "launch": ("a.pdf", PDF.replace(b"/Catalog", b"/Catalog/S/Launch/F"), "active"),
    "macros": ("a.docx", archive({TYPES: "", "word/document.xml": "", "word/vbaProject.bin": "x"}), "macros"),
    "macro type": ("a.docx", archive({TYPES: "ms-word.document.macroEnabled.main+xml", "word/document.xml": ""}), "macros"),
    "embedded program": ("a.docx", archive({TYPES: "", "word/document.xml": "", "word/embeddings/oleObject1.bin": "x"}), "macros"),
    "bomb": ("a.xlsx", archive({TYPES: "", "xl/workbook.xml": "", "xl/a.xml": "0" * 20_000_000}), "too_large"),
    "cut archive": ("a.docx", DOCX[:-30], "damaged"),
    "changed byte": ("a.docx", DOCX.replace(b"word/document.xml", b"word/documents.xm", 1), "damaged"),
    "large": ("a.pdf", PDF + bytes(MAX_BYTES), "too_large"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_other_files_are_refused_with_a_code(case: str) -> None:
    name, content, code = HOSTILE[case]
    with pytest.raises(Refused) as refused:
        media_type(content, name)
    assert refused.value.code == code


def test_a_name_in_a_pdf_that_only_begins_like_an_action_is_no_action() -> None:
    assert media_type(PDF.replace(b"/Catalog", b"/Catalog/Launches 1/JavaScriptless 2"), "a.pdf") == "application/pdf"


@pytest.fixture
def task(qinghai: SimpleNamespace) -> ReportingTask:
    from accounts import clock

    form, bureau = ReportingForm.objects.get(code="QH-Q"), Bureau.objects.get(code="BUR-630200")
    return ReportingTask.objects.create(form=form, bureau=bureau, period="2015-Q4", due_on=clock.today(), opened_at=clock.now())


def attach(task: ReportingTask, user: Any, content: bytes = PDF, name: str = "批复.pdf", figure: str = "A5/630200") -> Any:
    return client_of(user).post(f"/tasks/{task.pk}/evidence/", {"figure": figure, "file": SimpleUploadedFile(name, content)})


def said(response: Any) -> str:
    return " ".join(str(message) for message in response.wsgi_request._messages)


def test_a_file_is_attached_kept_unchanged_and_audited(task: ReportingTask, qinghai: SimpleNamespace) -> None:
    assert attach(task, qinghai.clerk).status_code == 302
    one = Evidence.objects.get()
    assert (bytes(one.upload.content), one.filename, one.figure, one.added_by) == (PDF, "批复.pdf", "A5/630200", qinghai.clerk)
    entry = AuditEntry.objects.about(one).get()
    assert (entry.verb, entry.data["sha256"], entry.data["figure"]) == ("add_evidence", one.upload.sha256, "A5/630200")


def test_the_same_bytes_at_the_same_figure_are_the_same_evidence(task: ReportingTask, qinghai: SimpleNamespace) -> None:
    attach(task, qinghai.clerk)
    assert "批复.pdf" in said(attach(task, qinghai.clerk, name="again.pdf"))
    assert Evidence.objects.count() == 1
    attach(task, qinghai.clerk, figure="A6/630200")
    assert (Evidence.objects.count(), Upload.objects.count()) == (2, 1)


def test_a_refused_file_and_a_figure_not_asked_for_leave_nothing(task: ReportingTask, qinghai: SimpleNamespace) -> None:
    assert said(attach(task, qinghai.clerk, content=b"MZ"))
    assert said(attach(task, qinghai.clerk, figure="A5/630100"))
    assert said(client_of(qinghai.clerk).post(f"/tasks/{task.pk}/evidence/", {"figure": "A5/630200"}))
    assert (Evidence.objects.count(), Upload.objects.count()) == (0, 0)


def test_only_the_own_bureau_attaches(task: ReportingTask, qinghai: SimpleNamespace) -> None:
    assert attach(task, qinghai.other_clerk).status_code == 404
    assert attach(task, qinghai.reviewer).status_code == 403
    assert not Evidence.objects.exists()


def test_it_is_handed_out_as_a_download_of_its_own_type_to_those_who_may_see_it(task: ReportingTask, qinghai: SimpleNamespace) -> None:
    attach(task, qinghai.clerk)
    address = Evidence.objects.get().get_absolute_url()
    for user in (qinghai.clerk, qinghai.reviewer, qinghai.auditor):
        response = client_of(user).get(address)
        assert (response.getvalue(), response["Content-Type"], response["X-Content-Type-Options"]) == (PDF, "application/pdf", "nosniff")
        assert response["Content-Disposition"].startswith("attachment")
    assert client_of(qinghai.other_clerk).get(address).status_code == 404


def test_withdrawn_evidence_counts_no_more_and_stays_readable(task: ReportingTask, qinghai: SimpleNamespace) -> None:
    attach(task, qinghai.clerk)
    one = Evidence.objects.get()
    address = f"/evidence/{one.pk}/withdraw/"
    assert said(client_of(qinghai.clerk).post(address, {"reason": " "}))
    assert client_of(qinghai.reviewer).post(address, {"reason": "x"}).status_code == 403
    assert client_of(qinghai.other_clerk).post(address, {"reason": "x"}).status_code == 404
    assert not Evidence.objects.exclude(withdrawn="").exists()
    client_of(qinghai.clerk).post(address, {"reason": "传错文件"})
    assert not Evidence.objects.in_force().exists()
    assert client_of(qinghai.reviewer).get(one.get_absolute_url()).status_code == 200
    assert AuditEntry.objects.about(one).first().data == {"reason": "传错文件"}
    assert said(client_of(qinghai.clerk).post(address, {"reason": "x"}))
    attach(task, qinghai.clerk)
    assert Evidence.objects.in_force().count() == 1


def test_a_milestone_with_evidence_attached_needs_no_note(task: ReportingTask, qinghai: SimpleNamespace) -> None:
    indicator, area = next(pair for pair in figures_of(task) if pair[0].kind == Indicator.Kind.MILESTONE)
    lines = make_lines("BUR-630200", "QH-Q", "2015-Q4", {indicator.code: 3})
    first = send(make_workbook(lines), qinghai.clerk)
    assert first.findings.filter(rule="milestone_without_evidence", indicator=indicator.code).exists()
    first.withdraw(by=qinghai.clerk)
    Evidence.objects.add(PDF, "批复.pdf", by=qinghai.clerk, task=task, figure=(indicator, area))
    second = send(make_workbook(lines), qinghai.clerk)
    assert not second.findings.filter(rule="milestone_without_evidence", indicator=indicator.code, area=area.code).exists()


def test_the_reviewer_sees_evidence_at_its_figure(
    task: ReportingTask, qinghai: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    submission = send(make_workbook(make_lines("BUR-630200", "QH-Q", "2015-Q4")), qinghai.clerk)
    explain_all(submission, qinghai.clerk)
    submission.submit(by=qinghai.clerk)
    for figure in figures_of(task)[:5]:
        Evidence.objects.add(PDF, f"{figure[0].code}.pdf", by=qinghai.clerk, task=task, figure=figure)
    page = client_of(qinghai.reviewer).get(submission.get_absolute_url()).content.decode()
    assert all(one.get_absolute_url() in page for one in Evidence.objects.all())


def test_a_projects_evidence_is_kept_with_it(qinghai: SimpleNamespace) -> None:
    Indicator.objects.filter(code="H1").update(registered=True)
    row = ProjectRow("H1-1", "脱硝改造", "唐湖电厂", "H1", "630200", number("25"), "BUR-630200")
    Project.objects.load([row], by=qinghai.clerk)
    project = Project.objects.get()
    clerk = client_of(qinghai.clerk)
    clerk.post(f"/projects/{project.pk}/evidence/", {"file": SimpleUploadedFile("验收.pdf", PDF)})
    one = project.evidence.get()
    assert one.get_absolute_url() in clerk.get(project.get_absolute_url()).content.decode()
    assert client_of(qinghai.other_clerk).get(one.get_absolute_url()).status_code == 404
