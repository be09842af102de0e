from dataclasses import dataclass
from io import BytesIO

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import TransitionError
from accounts.models import Area, User
from accounts.views import SignedIn
from indicators.forms import EvidenceForm, FigureEvidenceForm
from indicators.models import Evidence, Indicator, Project, ReportingTask
from indicators.models.evidence import figures_of


@dataclass(frozen=True, slots=True)
class EvidenceBox:
    """What a page shows of evidence: the files in order, the form to add one (None for who may not) and where it goes."""

    files: list[Evidence]
    form: EvidenceForm | None
    action: str


def evidence_of(thing: ReportingTask | Project, user: User) -> EvidenceBox:
    """The evidence of a task or project as the person sees it. For templates/indicators/_evidence.html, there called `evidence`."""
    files = list(thing.evidence.visible_to(user).for_lists())
    if isinstance(thing, ReportingTask):
        files.sort(key=lambda one: (one.indicator.position, one.figure, one.pk) if one.indicator else (0, "", one.pk))
    form: EvidenceForm | None = None
    if user.can_report and user.bureau_id == thing.bureau_id:
        form = FigureEvidenceForm(figures=figures_of(thing)) if isinstance(thing, ReportingTask) else EvidenceForm()
    door = "indicators:add_evidence" if isinstance(thing, ReportingTask) else "indicators:add_project_evidence"
    return EvidenceBox(files, form, reverse(door, args=[thing.pk]))


@login_required
@require_POST
def add_evidence(request: SignedIn, pk: int) -> HttpResponse:
    """Attach a file to a figure of a task; what is wrong with it becomes a sentence on the task's page."""
    task = get_object_or_404(ReportingTask.objects.visible_to(request.user).select_related("form", "bureau"), pk=pk)
    figures = {f"{indicator.code}/{area.code}": (indicator, area) for indicator, area in figures_of(task)}
    form = FigureEvidenceForm(request.POST, request.FILES, figures=list(figures.values()))
    return _add(request, form, task, figures)


@login_required
@require_POST
def add_project_evidence(request: SignedIn, pk: int) -> HttpResponse:
    """Attach a file to a project of the register."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    return _add(request, EvidenceForm(request.POST, request.FILES), project, {})


def _add(request: SignedIn, form: EvidenceForm, thing: ReportingTask | Project, figures: dict[str, tuple[Indicator, Area]]) -> HttpResponse:
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect(thing)
    file = form.cleaned_data["file"]
    place = {"task": thing, "figure": figures[form.cleaned_data["figure"]]} if figures else {"project": thing}
    try:
        one, new = Evidence.objects.add(file.read(), file.name, by=request.user, **place)
        if new:
            messages.success(request, _("“%(file)s” is attached.") % {"file": one})
        else:
            messages.info(request, _("This very file is attached here already, as “%(file)s”.") % {"file": one})
    except TransitionError as error:
        messages.error(request, str(error))
    return redirect(thing)


@login_required
@require_GET
def evidence(request: SignedIn, pk: int) -> FileResponse:
    """The exact bytes, as a download."""
    found = get_object_or_404(Evidence.objects.visible_to(request.user).select_related("upload"), pk=pk)
    response = FileResponse(BytesIO(found.upload.content), as_attachment=True, filename=found.filename)
    response["Content-Type"] = found.media_type
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_POST
def withdraw_evidence(request: SignedIn, pk: int) -> HttpResponse:
    """Take a file back, with a reason; it stays readable as withdrawn."""
    found = get_object_or_404(Evidence.objects.visible_to(request.user).select_related("task", "project"), pk=pk)
    try:
        found.withdraw(by=request.user, reason=request.POST.get("reason", ""))
        messages.success(request, _("“%(file)s” is withdrawn. It stays readable with your reason.") % {"file": found})
    except TransitionError as error:
        messages.error(request, str(error))
    owner = found.task or found.project
    assert owner is not None, "evidence of nothing"
    return redirect(owner)
