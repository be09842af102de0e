"""How templates write numbers, periods and the reasons where a number is missing."""

from collections.abc import Sequence
from decimal import Decimal

from django import template
from django.utils.translation import get_language

from targets import numbers
from targets.board import Count
from targets.models.trace import reason_word, trace_of
from targets.models.units import gap_unit

register = template.Library()
register.filter("number", numbers.number)
register.filter("percent", numbers.percent)
register.filter("signed", numbers.signed)
register.filter("as_stated", numbers.as_stated)
register.filter("gap_unit", gap_unit)
register.filter("trace", trace_of)
register.filter("why_no", reason_word)


@register.filter
def spelled(period: object) -> str:
    """A period in words of the language in use."""
    return numbers.spelled(str(period), not (get_language() or "").startswith("en")) if period else ""


@register.filter
def year(number: int) -> str:
    """A year or another number that is a name: without thousands marks."""
    return str(number)


@register.filter
def signed_percent(share: Decimal | None, decimals: int = 1) -> str:
    """−0.0893 → −8.9 %: a share as percent with its sign."""
    return "" if share is None else f"{numbers.signed(share * 100, decimals)}{numbers.SPACE}%"


@register.filter
def total(counts: Sequence[Count]) -> int:
    """How many there are in all of these counts."""
    return sum(count.number for count in counts)
