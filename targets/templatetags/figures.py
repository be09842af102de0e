"""How templates write numbers, periods and the reasons where a number is missing."""

import re
from collections.abc import Sequence

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from targets import numbers
from targets.board import Count
from targets.models.trace import reason_word, trace_of
from targets.models.units import gap_unit

register = template.Library()
POWER = re.compile(r"\s*\^\s*(?:\(([^()]*)\)|(−?[\d.,]+(?:\s?%)?))")  # of a bracket without brackets in it, or of a number
register.filter("number", numbers.number)
register.filter("percent", numbers.percent)
register.filter("signed", numbers.signed)
register.filter("signed_percent", numbers.signed_percent)
register.filter("as_stated", numbers.as_stated)
register.filter("gap_unit", gap_unit)
register.filter("trace", trace_of)
register.filter("why_no", reason_word)


@register.filter
def spelled(period: object) -> str:
    """A period in words of the language in use."""
    return numbers.spelled(str(period), not (get_language() or "").startswith("en")) if period else ""


@register.filter
def raised(formula: str) -> SafeString:
    """A formula with its powers set as powers: 2^(1/5) with a small high 1/5."""
    return SafeString(POWER.sub(r"<sup>\1\2</sup>", escape(formula)))


@register.filter
def year(number: int) -> str:
    """A year or another number that is a name: without thousands marks."""
    return str(number)


@register.filter
def total(counts: Sequence[Count]) -> int:
    """How many there are in all of these counts."""
    return sum(count.number for count in counts)
