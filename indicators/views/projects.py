from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import clock
from accounts.errors import TransitionError
from accounts.models import Area, AuditEntry, Bureau, User
from accounts.views import SignedIn
from indicators.forms import PROJECT_LABELS, ProjectForm, RegisterForm
from indicators.models import Draft, Indicator, Project, ReportingTask
from indicators.models.project import ProjectQuerySet
from indicators.models.register import standings
from indicators.models.submission import LIVE
from indicators.models.upload import Upload
from indicators.readers import read
from indicators.register import HEADINGS, REQUIRED
from indicators.register_file import read_register
from indicators.rows import ERROR, Finding
from indicators.views.evidence import evidence_of
from indicators.writers.register import WRITERS

FINISHED, UNDER_WAY, STRUCK = "finished", "under_way", "struck_out"


@login_required
@require_GET
def project_list(request: SignedIn) -> HttpResponse:
    """The projects the person may see, and the register's sums beside the figures; `?indicator=`, `?area=` and `?state=` narrow."""
    visible = Project.objects.visible_to(request.user)
    chosen = _narrowed(visible, request.GET)
    counted = [project for project in chosen if not project.struck_out]
    keys = visible.order_by().values("indicator", "area").distinct()
    context = {
        "page": Paginator(chosen, 100).get_page(request.GET.get("page")),
        "total": len(chosen),
        "standings": standings(_whole(visible, counted), clock.today(), _own_drafts(request.user)),
        "indicators": Indicator.objects.filter(pk__in=keys.values("indicator")),
        "areas": Area.objects.filter(pk__in=keys.values("area")),
        "states": ((FINISHED, _("finished")), (UNDER_WAY, _("under way")), (STRUCK, _("struck out"))),
        "chosen": {name: request.GET.get(name, "") for name in ("indicator", "area", "state")},
        "several": request.user.role != User.Role.REPORTER,
        "can_write": request.user.can_report,
    }
    return render(request, "indicators/project_list.html", context)


def _own_drafts(user: User) -> Iterable[Draft]:
    """What the bureau has typed and not sent: nobody else's business."""
    open_ones = ReportingTask.objects.filter(bureau=user.bureau_id).exclude(submissions__state__in=LIVE)
    return Draft.objects.filter(task__in=open_ones).select_related("task") if user.can_report else []


def _narrowed(projects: ProjectQuerySet, wanted: Mapping[str, str]) -> ProjectQuerySet:
    if indicator := wanted.get("indicator"):
        projects = projects.filter(indicator__code=indicator)
    if area := wanted.get("area"):
        projects = projects.filter(area__code=area)
    by_state = {
        FINISHED: Q(finished_on__isnull=False, struck_out=""),
        UNDER_WAY: Q(finished_on=None, struck_out=""),
        STRUCK: ~Q(struck_out=""),
    }
    projects = projects.filter(by_state.get(wanted.get("state", ""), Q()))
    order = ("indicator__position", "area__code", F("finished_on").asc(nulls_last=True), "code")
    return projects.select_related("indicator", "area", "bureau").order_by(*order)


def _whole(visible: ProjectQuerySet, shown: Sequence[Project]) -> list[Project]:
    """All projects that count of the indicators and areas shown: a sum over a part of them would differ from every figure."""
    keys = {(project.indicator_id, project.area_id) for project in shown}
    counted = _narrowed(visible.counted().filter(indicator__in={key[0] for key in keys}, area__in={key[1] for key in keys}), {})
    return [project for project in counted if (project.indicator_id, project.area_id) in keys]


@login_required
@require_GET
def project_file(request: SignedIn, ending: str) -> HttpResponse:
    """The projects that count of those chosen on the page, as a file that can be sent back."""
    if ending not in WRITERS:
        raise Http404
    write, media_type = WRITERS[ending]
    chosen = _narrowed(Project.objects.visible_to(request.user).counted(), request.GET)
    name = f"register-{clock.today()}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(write([project.row() for project in chosen]), content_type=media_type, headers=headers)


@login_required
@require_http_methods(["GET", "POST"])
def project_new(request: SignedIn) -> HttpResponse:
    """Enter a project by hand."""
    form = ProjectForm(request.POST or None, bureau=_own_bureau(request))
    if request.method == "POST" and form.is_valid() and (project := _save(request, form)):
        return redirect(project)
    return render(request, "indicators/project_new.html", {"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def project(request: SignedIn, pk: int) -> HttpResponse:
    """One project: what it is, its evidence, who changed what; the own bureau corrects it here."""
    visible = Project.objects.visible_to(request.user).select_related("indicator", "area", "bureau", "changed_by")
    found = get_object_or_404(visible, pk=pk)
    can_change = found.can_be_changed_by(request.user)
    if request.method == "POST" and not can_change:
        raise PermissionDenied(_("Only the reporting bureau itself can do this."))
    form = ProjectForm(request.POST or None, bureau=found.bureau, project=found) if can_change else None
    seen = found.changed_at.isoformat()
    if request.method == "POST" and form and form.is_valid():
        if request.POST.get("seen", seen) != seen:  # somebody has saved it since this form was opened
            form.add_error(None, _("The register was changed meanwhile. Look at it again and repeat what you did."))
        elif _save(request, form):
            return redirect(found)
    context = {
        "seen": seen,
        "project": found,
        "form": form,
        "evidence": evidence_of(found, request.user),
        "history": _history(found),
        "today": clock.today(),
    }
    return render(request, "indicators/project.html", context)


def _save(request: SignedIn, form: ProjectForm) -> Project | None:
    row = form.row
    try:
        new, changed = Project.objects.load([row], by=request.user)
    except TransitionError as error:
        form.add_error(None, str(error))
        return None
    messages.success(request, _("Saved.") if new or changed else _("Nothing was changed."))
    return Project.objects.get(code=row.code)


@login_required
@require_POST
def strike_project(request: SignedIn, pk: int) -> HttpResponse:
    """Strike out what was entered in error, with a reason."""
    found = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    try:
        found.strike_out(by=request.user, reason=request.POST.get("reason", ""))
        messages.success(request, _("Struck out. The project counts no more and stays readable."))
    except TransitionError as error:
        messages.error(request, str(error))
    return redirect(found)


@login_required
@require_http_methods(["GET", "POST"])
def project_upload(request: SignedIn) -> HttpResponse:
    """A register as a file: all faults at once, or all of it is written."""
    bureau = _own_bureau(request)
    form = RegisterForm(request.POST or None, request.FILES or None)
    found: Sequence[Finding] = ()
    if request.method == "POST" and form.is_valid():
        found, told = _read_file(request, bureau, form.cleaned_data["file"])
        if told:
            messages.success(request, told)
            return redirect("indicators:project_list")
    faults = [(finding.cell, _(finding.message) % finding.params) for finding in found if finding.severity == ERROR]
    return render(request, "indicators/project_upload.html", {"form": form, "faults": faults, "columns": HEADINGS, "required": REQUIRED})


def _read_file(request: SignedIn, bureau: Bureau, file: Any) -> tuple[Sequence[Finding], str]:
    """What was found, and what was done: "" where nothing was written."""
    content = file.read()
    reading = read(content, file.name)
    if not reading.tables:
        return reading.findings, ""
    rows, found = read_register(reading.tables, Project.objects.facts(), bureau.code)
    if any(finding.severity == ERROR for finding in found):
        return found, ""
    Upload.keep(content)
    source = {"filename": file.name, "sha256": sha256(content).hexdigest()}
    try:
        new, changed = Project.objects.load(rows, by=request.user, source=source)
    except TransitionError as error:
        messages.error(request, str(error))
        return found, ""
    for finding in found:
        messages.info(request, f"{finding.cell}: {_(finding.message) % finding.params}")
    told = _("%(new)d projects are new, %(changed)d were changed, %(same)d are as they were.")
    return found, told % {"new": new, "changed": changed, "same": len(rows) - new - changed}


def _own_bureau(request: SignedIn) -> Bureau:
    if request.user.bureau is None or not request.user.can_report:
        raise PermissionDenied(_("Only a bureau's clerk can write in the register, and only for the own bureau."))
    return request.user.bureau


def _history(project: Project) -> list[dict[str, Any]]:
    """Who changed what when, from the audit chain, newest first."""
    verbs = {"add_project": _("Entered"), "change_project": _("Changed"), "strike_project": _("Struck out")}
    entries = list(AuditEntry.objects.about(project).filter(verb__in=verbs))
    names = {user.username: str(user) for user in User.objects.filter(username__in={entry.actor for entry in entries})}
    return [
        {
            "at": entry.at,
            "who": names.get(entry.actor, entry.actor),
            "what": verbs[entry.verb],
            "file": entry.data.get("filename", ""),
            "changes": [(PROJECT_LABELS[name], *values) for name, values in entry.data["changes"].items()],
            "new": entry.verb == "add_project",
        }
        for entry in entries
    ]
