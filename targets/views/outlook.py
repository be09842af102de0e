"""The outlook of a target in an area, arranged for the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from accounts.models import Area
from targets.models import Assessment, Outlook, Target
from targets.models.units import decimals_of, gap_unit, value_unit
from targets.numbers import number, signed


@dataclass(frozen=True, slots=True)
class OutlookShown:
    """`standing` is the result of the period looked ahead from: its required pace stands beside the pace of late. Numbers are written
    out, each with its unit beside it; "" where there is none, and the outlook says why. `chance` is in whole percents."""

    outlook: Outlook
    standing: Assessment | None
    pace: str
    pace_unit: str
    value: str
    low: str
    high: str
    unit: str
    chance: int | None


def outlook_shown(target: Target, area: Area, results: Sequence[Assessment]) -> OutlookShown | None:
    """The outlook in force; None where there is none, as after the deadline. `results` are the area's assessments."""
    one = Outlook.objects.of(target, area)
    if one is None:
        return None
    pace, decimals = one.data["recent_pace"], decimals_of(target)
    percent = one.data["pace_unit"] == "percent"
    value, low, high = (_written(part, decimals) for part in (one.value, one.low80, one.high80))
    return OutlookShown(
        one,
        next((result for result in results if result.period == one.period), None),
        "" if pace is None else signed(pace, 2 if percent else decimals),
        gettext("%(unit)s a year") % {"unit": "%" if percent else gap_unit(target)},
        value,
        low,
        high,
        value_unit(target),
        None if one.chance is None else round(one.chance * 100),
    )


def _written(value: Decimal | None, decimals: int) -> str:
    return number(value, max(decimals, 1)) if value is not None else ""
