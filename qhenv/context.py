"""What every page shows: the clock's day and whether this is a demonstration."""

from django.conf import settings
from django.http import HttpRequest

from accounts.clock import today


def product(request: HttpRequest) -> dict[str, object]:
    return {"today": today(), "demonstration": settings.DEMO}
