"""How a figure stands beside others: distances, ratios, powers of ten, sums, rates. Formulas and sources: docs/methods.md.

What cannot be judged is None and carries a reason code. Nothing here changes a figure or decides about it: a person is asked."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import fmean, median

Number = float | Decimal

# Why something cannot be judged.
NO_SPREAD, TOO_FEW, NOT_COMPARABLE = "no_spread", "too_few", "not_comparable"

MODIFIED_Z_LIMIT = 3.5  # Iglewicz and Hoaglin
_NORMAL_MAD, _NORMAL_MEAN_DEVIATION = 0.6745, 1.2533  # a normal variable's MAD in standard deviations; these in its mean deviation
SLIP_TOLERANCE = 0.15  # of a power of ten
IDENTITY_TOLERANCE = 0.15  # percentage points
HB_LEAST = 10  # units
_DIGITS = 9  # kept before a comparison, so that the remains of binary arithmetic decide nothing


@dataclass(frozen=True, slots=True)
class Score:
    """A value's distance from a centre: absolute, in spreads (`z`, signed), and the bounds at the threshold. An outlier lies beyond
    them; without spread (`no_spread`) neither z nor verdict stands."""

    deviation: float
    z: float | None
    lower: float
    upper: float
    outlier: bool | None
    reason: str = ""


def z_score(value: Number, centre: Number, spread: Number, threshold: float = 3.0) -> Score:
    """(value − centre) ÷ spread, as DHIS2 does with mean and standard deviation. ValueError for a negative spread."""
    if not spread >= 0:
        raise ValueError(f"a spread is a number not below zero, not {spread}")
    distance, width = float(value) - float(centre), float(spread)
    lower, upper = float(centre) - threshold * width, float(centre) + threshold * width
    if not width:
        return Score(abs(distance), None, lower, upper, None, NO_SPREAD)
    z = distance / width
    return Score(abs(distance), z, lower, upper, round(abs(z), _DIGITS) > threshold)


def largest_z(count: int, population: bool = False) -> float:
    """The largest abs(z) that one of `count` values can have: (n − 1) ÷ √n with the sample's standard deviation, √(n − 1) with the
    population's. An outlier swells the deviation it is measured by. ValueError for fewer than two."""
    if count < 2:
        raise ValueError(f"a standard deviation needs two values, not {count}")
    return math.sqrt(count - 1) if population else (count - 1) / math.sqrt(count)


def absolute_deviation(values: Sequence[Number]) -> float:
    """MAD: the median of the distances from the median. ValueError without values."""
    centre = median(map(float, values))
    return median(abs(float(value) - centre) for value in values)


def robust_spread(values: Sequence[Number]) -> float:
    """What a standard deviation would be, from medians, which single odd values do not move: MAD ÷ 0.6745 or, where more than half of
    the values are equal and MAD is 0, the mean distance from the median · 1.2533; 0 where all are equal. ValueError without values."""
    centre = median(map(float, values))
    return absolute_deviation(values) / _NORMAL_MAD or fmean(abs(float(value) - centre) for value in values) * _NORMAL_MEAN_DEVIATION


def modified_z(value: Number, values: Sequence[Number], threshold: float = MODIFIED_Z_LIMIT) -> Score:
    """0.6745 · (value − median) ÷ MAD (Iglewicz and Hoaglin), with the stand-in of `robust_spread` where MAD is 0. To be used for ten
    values or fewer, among which no abs(z) can reach 3. ValueError without values."""
    return z_score(value, median(map(float, values)), robust_spread(values), threshold)


def quantile(values: Sequence[float], share: float, kind: int = 6) -> float:
    """The quantile by linear interpolation at place (n + 1) · share (type 6) or (n − 1) · share + 1 (type 7) of the sorted values.
    Statistical packages differ here, and with ten units it decides. ValueError for another type or no values."""
    if kind not in (6, 7) or not values:
        raise ValueError(f"quantiles are of type 6 or 7 and of one value at least, not type {kind} of {len(values)}")
    ordered, count = sorted(values), len(values)
    place = min(max((count + 1) * share if kind == 6 else (count - 1) * share + 1, 1), count)
    below = math.floor(place)
    above = min(below + 1, count)
    return ordered[below - 1] + (place - below) * (ordered[above - 1] - ordered[below - 1])


@dataclass(frozen=True, slots=True)
class Effects:
    """Hidiroglou-Berthelot effects by the place (0-based) of the pairs that could be compared, with the quantiles the bounds are
    drawn from. With too few pairs (`too_few`) no median and no bounds stand, and nothing is outside."""

    median_ratio: float | None = None
    by_place: Mapping[int, float] = field(default_factory=dict)
    centre: float = 0.0
    below: float = 0.0  # distance that C multiplies, on either side
    above: float = 0.0
    reason: str = ""

    def bounds(self, multiplier: float) -> tuple[float, float] | None:
        """Lower and upper bound at a multiplier (C; Banff's MII and MEI)."""
        if self.reason:
            return None
        return self.centre - multiplier * self.below, self.centre + multiplier * self.above

    def outside(self, multiplier: float) -> list[int]:
        """Places of the effects outside the bounds, in order."""
        bounds = self.bounds(multiplier)
        return [place for place, effect in self.by_place.items() if bounds and not bounds[0] <= effect <= bounds[1]]

    def only_outside(self, exclude: float, impute: float) -> list[int]:
        """Places outside the narrower bounds but inside the wider: Banff leaves these out of its averages and replaces the others."""
        wide = set(self.outside(impute))
        return [place for place in self.outside(exclude) if place not in wide]


def hidiroglou_berthelot(
    before: Sequence[Number | None],
    now: Sequence[Number | None],
    exponent: float = 0.5,
    a: float = 0.05,
    quartiles: int = 6,
    tail: float = 0.25,
    least: int = HB_LEAST,
) -> Effects:
    """Change of many units between two periods, where a small unit may change more than a large one.

    Ratio r = now ÷ before, s = 1 − r_M ÷ r below the median ratio and r ÷ r_M − 1 above it, effect E = s · max(now, before)^exponent;
    the bounds lie C · max(E_M − E_Q1, |a · E_M|) below and C · max(E_Q3 − E_M, |a · E_M|) above the median effect. Only pairs of two
    figures above zero count. `quartiles` is the quantile type: the product's is 6, as in Banff; univOutl has 7. `tail` 0.1 takes the
    outer tenths where many ratios are equal. exponent and a: U and A (Hidiroglou and Berthelot 1986); Banff's exponent and MDM.
    ValueError for sequences of different length."""
    pairs = {place: (float(x), float(y)) for place, (x, y) in enumerate(zip(before, now, strict=True)) if x and y and x > 0 and y > 0}
    if len(pairs) < max(least, 1):
        return Effects(reason=TOO_FEW)
    ratios = {place: y / x for place, (x, y) in pairs.items()}
    middle = median(ratios.values())
    effects = {
        place: (1 - middle / ratio if ratio < middle else ratio / middle - 1) * max(pairs[place]) ** exponent
        for place, ratio in ratios.items()
    }
    low, centre, high = (quantile(list(effects.values()), share, quartiles) for share in (tail, 0.5, 1 - tail))
    floor = abs(a * centre)
    return Effects(middle, effects, centre, max(centre - low, floor), max(high - centre, floor))


def log10_ratio(value: Number | None, before: Number | None) -> float | None:
    """log10(value ÷ before); None where one is missing or zero, or the signs differ."""
    if not value or not before or (value > 0) != (before > 0):
        return None
    return round(math.log10(abs(float(value))) - math.log10(abs(float(before))), _DIGITS)


def scale_error(value: Number | None, before: Number | None, lower: float = -2.5, upper: float = 2.5) -> bool | None:
    """Is the value of another order of magnitude, its log10 ratio beyond the bounds (Statistics Norway)? None without a ratio."""
    ratio = log10_ratio(value, before)
    return None if ratio is None else not lower <= ratio <= upper


def power_of_ten(value: Number | None, before: Number | None, tolerance: float = SLIP_TOLERANCE) -> int | None:
    """The power of ten k that separates value and before: k = round(log10 ratio) where |k| >= 1 and the distance to it is at most
    `tolerance`, 0 where there is none; None without a ratio."""
    ratio = log10_ratio(value, before)
    if ratio is None:
        return None
    power = round(ratio)
    return power if round(abs(ratio - power), _DIGITS) <= tolerance else 0


def confused_unit(unit: str, power: int) -> str:
    """The unit that `unit` is easily taken for at this power of ten: 万元 for 亿元 at 4 or -4; "" where none is known. 亿 is ten
    thousand 万, and 万 ten thousand of the plain unit."""
    smaller = {"亿": ("万", ""), "万": ("",)}.get(unit[:1], ())
    steps, rest = divmod(abs(power), 4)
    return smaller[steps - 1] + unit[1:] if steps and not rest and steps <= len(smaller) else ""


@dataclass(frozen=True, slots=True)
class Additivity:
    """Parts against their total: the parts' sum, how far it lies above the total, and how far rounding alone can bring it."""

    sum: Decimal
    difference: Decimal
    tolerance: Decimal

    @property
    def adds(self) -> bool:
        return abs(self.difference) <= self.tolerance


def additivity(parts: Collection[Decimal], total: Decimal, decimals: int = 0) -> Additivity:
    """Do the parts add up to the total, give or take half a unit of the last of their `decimals` per part?"""
    found = sum(parts, Decimal(0))
    return Additivity(found, found - total, len(parts) * Decimal("0.5").scaleb(-decimals))


def intensity_change(energy_growth: float, output_growth: float) -> float | None:
    """Change of energy per output in percent, from the growth of both in percent: (1 + gE) ÷ (1 + gG) − 1. None where nothing is left
    of the output."""
    return 100 * ((100 + energy_growth) / (100 + output_growth) - 1) if output_growth > -100 else None


def contradicts(stated: float, implied: float, tolerance: float = IDENTITY_TOLERANCE) -> bool:
    """Is a stated rate further from the one that follows than `tolerance` percentage points? Rates in percent."""
    return round(abs(stated - implied), _DIGITS) > tolerance
