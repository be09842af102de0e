from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every part of the pages in every state."""
    return render(request, "styleguide.html")
