"""Four small things every request needs: the language a person chose, the security headers, where the request came from, and texts that
a database can keep."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from accounts.source import Source, came_from

Handler = Callable[[HttpRequest], HttpResponse]
_CSP = "; ".join(f"{name} {' '.join(values)}" for name, values in settings.SECURE_CSP.items())


class ChosenLanguageMiddleware:
    """Chinese unless the person switched: the browser's own wish is not asked, a wall screen must not change with its driver."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class SecurityHeadersMiddleware:
    """Content Security Policy and friends; pages with data are never kept by a shared cache."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _CSP)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class SourceMiddleware:
    """Names the door and the address of a request for the audit trail."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        door = "api" if request.path.startswith("/api/") else "admin" if request.path.startswith("/admin/") else "page"
        with came_from(Source(door, request.META.get("REMOTE_ADDR", ""))):
            return self.get_response(request)


class NoZeroCharacterMiddleware:
    """A zero character in an address or a form is a bad request: PostgreSQL keeps none, and no page of ours sends one."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Handler, _args: object, _kwargs: object) -> None:
        given = [request.GET]
        if not getattr(view, "csrf_exempt", False):  # the API reads bodies itself, and its fields refuse the character
            given.append(request.POST)
        if any("\0" in text for form in given for texts in form.lists() for text in (texts[0], *texts[1])):
            raise BadRequest("zero character")
