from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import clock
from accounts.models import AuditEntry
from accounts.views import SignedIn
from reports.document import Document
from reports.kinds import KINDS
from reports.kinds.compliance import Line
from reports.writers import WRITERS
from targets import board
from targets.models import Assessment
from targets.models.trace import trace_of
from targets.models.units import unit_of
from targets.views.choice import Choice, areas_of, period_of, the_plan


@login_required
@require_GET
def compliance(request: HttpRequest) -> HttpResponse:
    """The compliance table on a page: of the province, of `?area=`, or of all areas where that is empty."""
    choice, plan = period_of(request), the_plan()
    area = request.GET.get("area", plan.area.code if plan else "")
    areas = areas_of(plan) if plan else []
    context = {
        "plan": plan,
        "choice": choice,
        "rows": [(one, trace_of(one)) for one in _results(choice, area)],
        "areas": areas,
        "area": area,
    }
    return render(request, "reports/compliance.html", context)


@login_required
@require_GET
def export(request: SignedIn, kind: str, ending: str) -> HttpResponse:
    """A report as a file. Who took what is audited."""
    if kind not in KINDS or ending not in WRITERS:
        raise Http404
    choice = period_of(request)
    document = _document(kind, choice, _results(choice, request.GET.get("area", "")))
    write, content_type = WRITERS[ending]
    name = f"{kind}-{choice.period}-{clock.today():%Y%m%d}.{ending}"
    plan = the_plan()
    if plan:
        AuditEntry.objects.record(by=request.user, verb="export", about=plan, data={"kind": kind, "file": name})
    response = HttpResponse(write(document), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _results(choice: Choice, area: str) -> "models.QuerySet[Assessment]":
    found = Assessment.objects.current().at(choice.period).for_pages().select_related("target__plan__area", "target__indicator", "area")
    in_order = found.order_by("target__sector__position", "target__position", "area__code")
    return in_order.filter(area__code=area) if area else in_order


def _document(kind: str, choice: Choice, results: Iterable[Assessment]) -> Document:
    plan = the_plan()
    heading = [(_("Plan"), plan.name if plan else ""), (_("Period"), str(choice.period)), (_("As known on"), f"{clock.today():%Y-%m-%d}")]
    if settings.DEMO:
        heading.append((_("Note"), _("Demonstration data")))
    return KINDS[kind]([_line(one) for one in results], title=_("Compliance table"), heading=heading, translate=_)


def _line(one: Assessment) -> Line:
    trace = trace_of(one)
    return Line(
        target=one.target.code,
        name=one.target.name,
        clause=one.target.clause,
        area_code=one.area.code,
        area=one.area.name,
        allocated=one.area_id != one.target.plan.area_id,
        units={name: unit_of(one, name) for name in ("goal", "value", "gap", "required_pace")},
        goal=one.goal,
        value=board.judged(one),
        expected=one.expected,
        gap=one.gap,
        gap_share=one.gap_share,
        progress=one.progress,
        required_pace=one.required_pace,
        status=str(one.get_status_display()),
        explanation=trace.sentence,
        arithmetic=trace.arithmetic,
        rule=trace.rule_version,
    )
