"""Workbooks to take away: the template of a task, the file with its findings, the current template with a file's values."""

from pathlib import PurePath

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.views import SignedIn
from indicators.models import ReportingTask, Submission, workbooks
from indicators.writers import listing
from indicators.writers.annotated import NotAnnotated

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


@login_required
@require_GET
def template(request: SignedIn, pk: int) -> HttpResponse:
    """The template of a task, filled with what is known already."""
    task = get_object_or_404(ReportingTask.objects.visible_to(request.user).select_related("form", "bureau"), pk=pk)
    return _download(workbooks.template_of(task), workbooks.file_name(task), XLSX)


@login_required
@require_GET
def returned(request: SignedIn, pk: int) -> HttpResponse:
    """The bureau's own workbook with the findings at its cells; where that cannot be made, the page says where they are instead."""
    found = _checked(request, pk)
    try:
        content = workbooks.returned(found)
    except NotAnnotated:
        messages.warning(request, _("This file is too large to be marked. Its findings stand below, and all of them in the CSV file."))
        return redirect(found)
    name = _("%(file)s with findings") % {"file": PurePath(found.filename).stem}
    return _download(content, f"{name}.xlsx", XLSX)


@login_required
@require_GET
def carried(request: SignedIn, pk: int) -> HttpResponse:
    """The current template of a submission's form and period with the values of its file."""
    found = _checked(request, pk)
    task = workbooks.task_of(found)
    if task is None:
        raise Http404
    return _download(workbooks.carried(found, task), workbooks.file_name(task), XLSX)


@login_required
@require_GET
def findings_file(request: SignedIn, pk: int) -> HttpResponse:
    """All findings of a submission as CSV."""
    found = _checked(request, pk)
    name = _("%(file)s with findings") % {"file": PurePath(found.filename).stem}
    return _download(listing.write(workbooks.findings_table(found)), f"{name}.csv", CSV)


def _checked(request: SignedIn, pk: int) -> Submission:
    """A submission the person may see, once its check is done."""
    chosen = Submission.objects.visible_to(request.user).exclude(state=Submission.State.DRAFT)
    return get_object_or_404(chosen.select_related("bureau", "form", "upload"), pk=pk)


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
