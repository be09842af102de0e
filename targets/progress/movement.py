"""How an intensity moved between years: what the members' shares of the output did (structure) and what their own intensity did."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from targets.progress.attribution import exactly
from targets.progress.conventions import Floats
from targets.progress.decomposition import Decomposition, chained_product, chained_sum, energy_intensity


class Effects(NamedTuple):
    """Structure and intensity effect: in the intensity's unit, and as a change of the whole's intensity (−0.02 is 2 % down)."""

    structure: Decimal
    intensity: Decimal
    structure_change: float
    intensity_change: float

    @property
    def total(self) -> Decimal:
        return self.structure + self.intensity

    @property
    def change(self) -> float:
        """Both together; effects of this kind multiply."""
        return (1 + self.structure_change) * (1 + self.intensity_change) - 1


@dataclass(frozen=True, slots=True)
class Movement:
    """From the first of `years` to the last at once, and step by step; a step is None where a year between is not known in full."""

    years: tuple[int, ...]
    direct: Decomposition
    steps: tuple[Decomposition | None, ...]

    def whole(self, decimals: int) -> Effects:
        """The effects from the first year to the last, rounded so that they add up to the change."""
        return _effects(self.direct.additive, self.direct.multiplicative, decimals)

    def by_member(self, decimals: int) -> list[Effects]:
        """The same by member, in their order; each column adds up to that of `whole`."""
        whole, columns = self.whole(decimals), []
        for place, total in enumerate((whole.structure, whole.intensity)):
            columns.append(exactly(_exact(self.direct.effects[:, place]), total, decimals))
        changes = self.direct.by_member - 1
        return [Effects(s, i, float(c[0]), float(c[1])) for s, i, c in zip(*columns, changes, strict=True)]

    def by_year(self, decimals: int) -> list[tuple[int, Effects | None]]:
        """The steps by their last year."""
        steps = [None if one is None else _effects(one.additive, one.multiplicative, decimals) for one in self.steps]
        return list(zip(self.years[1:], steps, strict=True))

    def chained(self, decimals: int) -> Effects | None:
        """The steps added up and multiplied; None where one is not known. Shares shift from year to year, so the split may differ a
        little from that of `whole`; the change is the same."""
        known = [one for one in self.steps if one is not None]
        if len(known) < len(self.steps):
            return None
        return _effects(chained_sum([one.additive for one in known]), chained_product([one.multiplicative for one in known]), decimals)


def movement(years: Sequence[int], energy: Floats, output: Floats, scale: float = 1.0) -> Movement:
    """Effects for energy and output of the shape (year, member), NaN where not known; intensity = scale · energy ÷ output.
    ValueError where the first or the last year is not known in full, where a whole uses nothing, or as `energy_intensity`."""
    tables = [np.stack(pair) for pair in zip(scale * energy, output, strict=True)]
    if len(tables) < 2 or len(tables) != len(years):
        raise ValueError("two years or more are needed, each with its figures")
    known = [bool(np.isfinite(table).all()) for table in tables]
    if not all(table[0].sum() > 0 for table, full in zip(tables, known, strict=True) if full):
        raise ValueError("a whole that uses nothing has no change in percent")
    steps = [energy_intensity(*tables[a], *tables[b]) if known[a] and known[b] else None for a, b in pairwise(range(len(tables)))]
    return Movement(tuple(years), energy_intensity(*tables[0], *tables[-1]), tuple(steps))


def _effects(additive: Floats, multiplicative: Floats, decimals: int) -> Effects:
    parts = _exact(additive)
    structure, intensity = exactly(parts, sum(parts, Decimal(0)), decimals)
    return Effects(structure, intensity, float(multiplicative[0] - 1), float(multiplicative[1] - 1))


def _exact(numbers: Floats) -> list[Decimal]:
    return [Decimal(repr(float(number))) for number in numbers]
