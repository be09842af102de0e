"""Splits a province's goal over areas so that the parts add up to it exactly."""

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal


def split(total: Decimal, weights: Mapping[str, Decimal], decimals: int) -> dict[str, Decimal]:
    """Parts of `total` in proportion to `weights`, each with `decimals` places, summing exactly to `total` (largest remainder).

    ValueError if the weights do not add to 1 or are negative, or if the total itself has more places.
    """
    step = Decimal(1).scaleb(-decimals)
    if sum(weights.values()) != 1 or min(weights.values()) < 0:
        raise ValueError(f"weights must be positive and add up to 1, not {sum(weights.values())}")
    if total % step:
        raise ValueError(f"{total} has more than {decimals} decimal places")
    exact = {area: total * weight for area, weight in weights.items()}
    parts = {area: value.quantize(step, ROUND_FLOOR) for area, value in exact.items()}
    left = int((total - sum(parts.values())) / step)
    for area in sorted(exact, key=lambda area: (parts[area] - exact[area], area))[:left]:
        parts[area] += step
    return parts
