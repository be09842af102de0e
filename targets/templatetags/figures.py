"""How templates write numbers, periods and the reasons where a number is missing."""

from decimal import Decimal

from django import template
from django.utils.translation import get_language

from targets import numbers
from targets.models.trace import gap_unit, reason_word, trace_of

register = template.Library()
register.filter("number", numbers.number)
register.filter("percent", numbers.percent)
register.filter("gap_unit", gap_unit)
register.filter("trace", trace_of)
register.filter("why_no", reason_word)


@register.filter
def spelled(period: object) -> str:
    """A period in words of the language in use."""
    return numbers.spelled(str(period), not (get_language() or "").startswith("en"))


@register.filter
def of_scale(value: Decimal | None, scale: Decimal | float | None) -> str:
    """Where a value lies on a bar whose full length is `scale`, in percent between 0 and 100; "" if it cannot be placed."""
    if value is None or not scale:
        return ""
    return f"{max(0.0, min(100.0, float(value) / float(scale) * 100)):.2f}"
