"""What several addresses have in common."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from indicators.parsing import read_period

CONFLICT = OpenApiResponse(description="The move is not possible from the present state; the detail says why.")


class PlainDecimal(serializers.DecimalField):
    """A number as text without trailing zeros: 12.5, not 12.500000000000000."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**(kwargs | {"normalize_output": True}))


def period_code(text: str) -> str:
    """A period as the system writes it. ValidationError if it is none."""
    if not read_period(text):
        raise serializers.ValidationError("Not a period. Write it like 2018-Q3.")
    return read_period(text)
