"""What moved a total: logarithmic mean Divisia decomposition (LMDI). The total is the sum over members of the product of their
factors; tables of factors have the shape (member, factor). Formulas and sources: docs/methods.md."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from targets.progress.conventions import Bools, Floats

NEAR_ZERO = 1e-10  # stands for a factor of zero, which has no logarithm
CLOSING = 1e-9  # the effects add up to the change within this part of the total


@dataclass(frozen=True, slots=True)
class Decomposition:
    """`effects` of each factor by member (member, factor), in the unit of the totals `before` and `after`."""

    effects: Floats
    before: float
    after: float

    @property
    def additive(self) -> Floats:
        """One effect a factor; they add up to after − before."""
        return np.asarray(self.effects.sum(axis=0))

    @property
    def multiplicative(self) -> Floats:
        """One factor of change a factor; their product is after / before. ValueError where a total is zero."""
        return np.exp(self.additive / self._scale())

    @property
    def by_member(self) -> Floats:
        """The multiplicative effects (member, factor); the product over the members is `multiplicative`. ValueError as there."""
        return np.exp(self.effects / self._scale())

    def _scale(self) -> Floats:
        if not (self.before > 0 and self.after > 0):
            raise ValueError("a total of zero has no multiplicative effects")
        return log_mean(self.after, self.before)


def log_mean(a: ArrayLike, b: ArrayLike) -> Floats:
    """Logarithmic mean (a − b) ÷ (ln a − ln b), element by element: L(a, a) = a, L(0, b) = 0. ValueError for negative values."""
    one, other = _not_negative(a, "values"), _not_negative(b, "values")
    low, high = np.minimum(one, other), np.maximum(one, other)
    with np.errstate(all="ignore"):
        mean = np.clip((high - low) / _log_ratio(high, low), low, high)
    return np.where(low == 0, 0.0, np.where(low == high, high, mean))


def lmdi(before: ArrayLike, after: ArrayLike) -> Decomposition:
    """LMDI-I of any number of members and factors: effect = L(V after, V before) · ln(x after ÷ x before), V = product of the factors.
    A factor of zero counts as 1e-10 in both totals and effects. ValueError for negative values or tables of other shapes."""
    first, last = (_not_negative(table, "factors") for table in (before, after))
    if first.shape != last.shape or first.ndim != 2:
        raise ValueError(f"two tables (member, factor) of one shape are needed, not {first.shape} and {last.shape}")
    first, last = (np.where(table == 0, NEAR_ZERO, table) for table in (first, last))
    weights = log_mean(last.prod(axis=1), first.prod(axis=1))
    effects = weights[:, None] * _log_ratio(last, first)
    return _closed(Decomposition(effects, float(first.prod(axis=1).sum()), float(last.prod(axis=1).sum())))


def energy_intensity(energy0: ArrayLike, output0: ArrayLike, energy_t: ArrayLike, output_t: ArrayLike) -> Decomposition:
    """What moved the energy use per output of a whole, by member: factor 0 structure (the member's share of the output), factor 1
    intensity (its energy per output). A member without output in one of the years is all structure, one without energy all intensity
    (the limits of the formula). ValueError for negative values, energy without output, or a whole without output."""
    first, last = _pair(energy0, output0), _pair(energy_t, output_t)
    if first.shape != last.shape:
        raise ValueError("both years need the same members")
    parts = [table[0] / table[1].sum() for table in (first, last)]
    effects, change = np.zeros((first.shape[1], 2)), parts[1] - parts[0]
    comes_or_goes = (first[1] == 0) | (last[1] == 0)
    effects[comes_or_goes, 0] = change[comes_or_goes]
    effects[~comes_or_goes, 1] = change[~comes_or_goes]
    both = np.asarray((first > 0).all(axis=0) & (last > 0).all(axis=0))
    effects[both] = lmdi(*(_share_and_intensity(table, both) for table in (first, last))).effects
    return _closed(Decomposition(effects, float(parts[0].sum()), float(parts[1].sum())))


def _share_and_intensity(table: Floats, members: Bools) -> Floats:
    energy, output = table[:, members]
    return np.stack([output / table[1].sum(), energy / output], axis=1)


def normalised(log_means: ArrayLike) -> Floats:
    """Weights of LMDI-II: the logarithmic means of the members' shares, made to add up to 1. ValueError if negative or all zero."""
    means = _not_negative(log_means, "weights")
    if not means.sum() > 0:
        raise ValueError("weights that are all zero cannot be made to add up to 1")
    return np.asarray(means / means.sum())


def share_weights(before: ArrayLike, after: ArrayLike) -> Floats:
    """LMDI-II weights from the members' shares of the total in both years. ValueError as `normalised`."""
    return normalised(log_mean(after, before))


def divisia_factor(log_ratios: ArrayLike, weights: ArrayLike) -> float:
    """LMDI-II: the factor of change exp(sum of weight · ln ratio) of one effect. ValueError where they do not fit each other."""
    ratios, shares = np.asarray(log_ratios, float), _not_negative(weights, "weights")
    if ratios.shape != shares.shape:
        raise ValueError("each ratio needs its weight")
    return float(np.exp((ratios * shares).sum()))


def chained_sum(effects: ArrayLike) -> Floats:
    """Additive effects of consecutive periods (period, …) over all of them."""
    return np.asarray(np.asarray(effects, float).sum(axis=0))


def chained_product(factors: ArrayLike) -> Floats:
    """Multiplicative effects of consecutive periods (period, …) over all of them."""
    return np.asarray(np.asarray(factors, float).prod(axis=0))


def rebased(years: Sequence[int], factors: Sequence[float | None], base_year: int) -> Floats:
    """Index with 1 in `base_year` from each year's factor over the year before. The first year's own factor is not used; beyond a missing
    factor nothing is known (NaN). ValueError for years out of order, an unknown base year, or a factor that is not positive."""
    if list(years) != sorted(set(years)) or len(years) != len(factors) or base_year not in years:
        raise ValueError("years in order are needed, each with its factor, and the base year among them")
    steps = np.array([np.nan if one is None else one for one in factors[1:]], float)
    if (steps <= 0).any():
        raise ValueError("a factor of change is positive")
    base = list(years).index(base_year)
    forward, back = np.cumprod(steps[base:]), 1 / np.cumprod(steps[:base][::-1])[::-1]
    return np.concatenate([back, [1.0], forward])


def _log_ratio(a: Floats, b: Floats) -> Floats:
    """ln(a ÷ b), exact also where they nearly agree, and −ln(b ÷ a) to the last digit."""
    low, high = np.minimum(a, b), np.maximum(a, b)
    with np.errstate(all="ignore"):
        excess = (high - low) / low
        far = np.where(np.isfinite(excess), np.log1p(excess), np.log(high) - np.log(low))
    return np.where(a < b, -far, far)


def _not_negative(numbers: ArrayLike, name: str) -> Floats:
    array = np.asarray(numbers, float)
    if not (np.isfinite(array) & (array >= 0)).all():
        raise ValueError(f"the {name} must be known and not negative: {array.tolist()}")
    return array


def _pair(energy: ArrayLike, output: ArrayLike) -> Floats:
    """Energy and output of the members of one year as (2, member)."""
    both = [_not_negative(energy, "energy"), _not_negative(output, "output")]
    if both[0].ndim != 1 or both[0].shape != both[1].shape:
        raise ValueError("each member needs its energy and its output")
    if ((both[0] > 0) & (both[1] == 0)).any():
        raise ValueError("a member without output cannot use energy")
    if not both[1].sum() > 0:
        raise ValueError("the whole has no output")
    return np.stack(both)


def _closed(found: Decomposition) -> Decomposition:
    """The decomposition itself, if its effects add up to the change; ValueError if they do not (numbers beyond what a float holds)."""
    gap = abs(found.effects.sum() - (found.after - found.before))
    if not gap <= CLOSING * max(found.before, found.after):
        raise ValueError(f"the effects leave {gap} of the change from {found.before} to {found.after} unexplained")
    return found
