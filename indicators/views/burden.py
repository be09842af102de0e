from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.views import SignedIn
from indicators.models.burden import QUARTERS, meter_of


@login_required
@require_GET
def burden(request: SignedIn) -> HttpResponse:
    """How much is asked and how much of it says something new: a clerk's own bureau, for everybody else all or the one in `?bureau=`."""
    meter = meter_of(request.user)
    code = request.GET.get("bureau", "")
    one = next((bureau for bureau in meter.by_bureau if bureau.code == code), None)
    if code and one is None:
        raise Http404
    burdens = meter.by_bureau[one] if one else meter.total
    place = next((place for place, total in enumerate(meter.total) if total.typed), 0)
    context = {
        "chosen": one,
        "bureaus": list(meter.by_bureau),
        "quarters": list(zip(meter.periods, burdens, strict=True)),
        "now": burdens[place],
        "period": meter.periods[place],
        "in_period": [(bureau, own[place]) for bureau, own in meter.by_bureau.items()] if len(meter.by_bureau) > 1 and not one else [],
        "still": [] if one else meter.still,
        "still_cells": sum(found.cells for _indicator, found in meter.still),
        "number": QUARTERS,
    }
    return render(request, "indicators/burden.html", context)
