"""API errors as application/problem+json (RFC 9457): every one tells what to do."""

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.defaults import page_not_found, server_error
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from accounts.errors import TransitionError


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, TransitionError):
        return _answer(409, "conflict", str(error), context)
    if isinstance(error, RequestDataTooBig):
        return _answer(413, "too_large", "The body is larger than 20 MB. Send it in parts.", context)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        answer = _answer(response.status_code, "invalid", "Some fields are not right; see errors.", context, errors=error.detail)
    else:
        code = error.default_code if isinstance(error, exceptions.APIException) else _code(error)
        answer = _answer(response.status_code, code, str(getattr(error, "detail", error)), context)
    for name in ("WWW-Authenticate", "Retry-After", "Allow"):
        if name in response.headers:
            answer[name] = response.headers[name]
    return answer


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that does not exist: problem+json below /api/, a page elsewhere."""
    if request.path.startswith("/api/"):
        return _plain(request, 404, "not_found", "There is nothing at this address; /api/v1/docs/ lists what there is.")
    return page_not_found(request, exception)


def failed(request: HttpRequest) -> HttpResponse:
    """A bug: said without its details, which stand in the log."""
    if request.path.startswith("/api/"):
        return _plain(
            request, 500, "error", "Something is wrong on our side; nothing of this request was kept. Please tell the administrator."
        )
    return server_error(request)


def _plain(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    return JsonResponse(_body(status, code, detail, request.path), status=status, content_type="application/problem+json")


def _code(error: Exception) -> str:
    return {Http404: "not_found", PermissionDenied: "permission_denied"}.get(type(error), "error")


def _answer(status: int, code: str, detail: str, context: dict[str, Any], **more: Any) -> Response:
    body = _body(status, code, detail, context["request"].path) | more
    return Response(body, status=status, content_type="application/problem+json")


def _body(status: int, code: str, detail: str, path: str) -> dict[str, Any]:
    return {"type": f"about:blank#{code}", "title": code.replace("_", " "), "status": status, "detail": detail, "instance": path}
