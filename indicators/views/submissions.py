from collections.abc import Callable, Iterable, Mapping
from io import BytesIO

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import TransitionError
from accounts.views import SignedIn
from indicators.forms import UploadForm
from indicators.models import Entry, Evidence, ReportingTask, Submission, SubmissionFinding
from indicators.models.evidence import evidence_by_figure
from indicators.models.workbooks import offered
from indicators.rules import RULES

EXPLANATION = "explanation-"
SHOWN = 200  # rows of a table at once: nobody reads more, and a bulk form has 100,000


@login_required
@require_GET
def submission_list(request: SignedIn) -> HttpResponse:
    """Submissions the person may see, newest first; `?state=` narrows."""
    state = request.GET.get("state", "")
    visible = Submission.objects.visible_to(request.user)
    numbers = dict(visible.order_by().values_list("state").annotate(Count("pk")))
    chosen = visible.filter(state=state) if state in Submission.State.values else visible
    context = {
        "page": Paginator(chosen.for_lists().order_by("-arrived_at", "-pk"), 50).get_page(request.GET.get("page")),
        "state": state,
        "states": [(value, label, numbers[value]) for value, label in Submission.State.choices if value in numbers],
        "total": sum(numbers.values()),
        "can_upload": request.user.can_report,
    }
    return render(request, "indicators/submission_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def upload(request: SignedIn) -> HttpResponse:
    """Send a file; its check starts at once and its page shows the progress."""
    bureau = request.user.bureau
    if bureau is None or not request.user.can_report:
        raise PermissionDenied(_("Only a bureau's clerk can send figures, and only for the own bureau."))
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        file, data = form.cleaned_data["file"], form.cleaned_data
        submission, new = Submission.objects.receive(
            file.read(), file.name, by=request.user, door="page", form=data["form"], period=data["period"]
        )
        if not new:
            messages.info(request, _("This very file is here already; this is its page."))
        return redirect(submission)
    due = ReportingTask.objects.filter(bureau=bureau).for_lists().unanswered()
    return render(request, "indicators/upload.html", {"form": form, "bureau": bureau, "due": due})


@login_required
@require_GET
def rules(request: SignedIn) -> HttpResponse:
    """Every check a file goes through: what it means and how to mend what it finds."""
    groups = [
        (severity, label, [rule for rule in RULES if rule.severity == severity]) for severity, label in SubmissionFinding.Severity.choices
    ]
    return render(request, "indicators/rules.html", {"groups": groups})


@login_required
@require_GET
def submission(request: SignedIn, pk: int) -> HttpResponse:
    """One submission: its state, all findings, its figures, and what can be done next."""
    found = _visible(request, pk)
    counts = dict.fromkeys(SubmissionFinding.Severity.values, 0)
    counts |= dict(found.findings.order_by().values_list("severity").annotate(Count("pk")))
    total = sum(counts.values())
    entries = found.entries.select_related("indicator", "area", "observation").order_by("row", "pk")
    page = Paginator(entries, SHOWN).get_page(request.GET.get("page"))
    context = {
        "submission": found,
        "findings": found.findings.open_first()[:SHOWN] if total > SHOWN else found.findings.all(),
        "unseen": max(total - SHOWN, 0),
        "counts": counts,
        "page": page,
        "figures": _with_evidence(found, page),
        "later": found.revisions.exclude(state__in=[Submission.State.REFUSED, Submission.State.WITHDRAWN]),
        "offer": offered(found, request.user),
        "can_send": found.can_be_sent_by(request.user),
        "can_withdraw": found.can_be_withdrawn_by(request.user),
        "can_decide": found.can_be_decided_by(request.user),
    }
    return render(request, "indicators/submission.html", context)


def _with_evidence(found: Submission, entries: Iterable[Entry]) -> list[tuple[Entry, list[Evidence]]]:
    """Entries, each with the files its bureau attached to that figure."""
    attached = Evidence.objects.none()
    if found.form:
        attached = Evidence.objects.filter(task__form=found.form, task__bureau=found.bureau, task__period=found.period).for_lists()
    files = evidence_by_figure(attached)
    return [(entry, files.get((entry.indicator_id, entry.area_id), [])) for entry in entries]


def _submit(found: Submission, request: SignedIn) -> str:
    given = {name.removeprefix(EXPLANATION): text for name, text in request.POST.dict().items() if name.startswith(EXPLANATION)}
    texts = {int(pk): text for pk, text in given.items() if pk.isdecimal() and len(pk) < 19}
    if texts:
        found.explain(texts, by=request.user)
    found.submit(by=request.user)
    return _("Sent. The reviewers see it now.")


def _withdraw(found: Submission, request: SignedIn) -> str:
    found.withdraw(by=request.user)
    return _("Taken back. Mend the file and upload it again.")


def _return(found: Submission, request: SignedIn) -> str:
    found.return_for_changes(by=request.user, reason=request.POST.get("reason", ""))
    return _("Returned. The bureau sees your reason.")


def _approve(found: Submission, request: SignedIn) -> str:
    found.approve(by=request.user)
    return _("Approved. The targets these figures touch are being assessed.")


ACTS: Mapping[str, Callable[[Submission, SignedIn], str]] = {
    "submit": _submit,
    "withdraw": _withdraw,
    "return": _return,
    "approve": _approve,
}


@login_required
@require_POST
def act(request: SignedIn, pk: int, move: str) -> HttpResponse:
    """One move on a submission; a refused one becomes a plain sentence on its page."""
    if move not in ACTS:
        raise Http404
    found = _visible(request, pk)
    try:
        messages.success(request, ACTS[move](found, request))
    except TransitionError as error:
        messages.error(request, str(error))
    return redirect(found)


@login_required
@require_GET
def original(request: SignedIn, pk: int) -> FileResponse:
    """The exact bytes that were sent, as a download."""
    found = _visible(request, pk)
    response = FileResponse(BytesIO(found.upload.content), as_attachment=True, filename=found.filename)
    response["Content-Type"] = "application/octet-stream"
    return response


def _visible(request: SignedIn, pk: int) -> Submission:
    chosen = Submission.objects.visible_to(request.user).select_related(
        "bureau", "form", "sent_by", "decided_by", "upload", "job", "revises"
    )
    return get_object_or_404(chosen, pk=pk)
