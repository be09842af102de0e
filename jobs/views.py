from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.views import SignedIn
from jobs.models import Job


@login_required
@require_GET
def job(request: SignedIn, pk: int) -> HttpResponse:
    """The progress bar of a job, polled by the page; when the job has ended the page is asked to load itself anew."""
    found = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    response = render(request, "parts/_progress.html", {"job": found})
    if not found.is_active:
        response["HX-Refresh"] = "true"
    return response
