from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User


class SignedIn(HttpRequest):
    """A request behind `login_required`: it has a person."""

    user: User


@login_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every part of the pages in every state."""
    return render(request, "styleguide.html")
