"""What the digits of many figures tell: heaping on round numbers, first digits against Benford's law. Formulas: docs/methods.md.

For files with a row per enterprise. With eight prefectures neither has power; a result is a question of the reviewer, never a verdict.
What cannot be judged is None and carries a reason code."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from indicators.marks import gettext_noop as _

# Why something cannot be judged.
TOO_FEW, NOT_POSITIVE, TOO_NARROW = "too_few", "not_positive", "too_narrow"

HEAPING_LEAST = 12
HEAPING_LIMIT = 3.0
_ROUND_SHARE = 0.2  # two of ten digits
BENFORD_LEAST = 300
BENFORD_MAGNITUDES = 3  # powers of ten between the smallest and the largest amount
_BENFORD_DECIMALS = 9

# Nigrini: upper bounds of the mean absolute deviation, by the number of leading digits.
CONFORMITY: Mapping[int, tuple[float, float, float]] = {1: (0.006, 0.012, 0.015), 2: (0.0012, 0.0018, 0.0022)}
CONFORMITY_WORDS = (_("Close conformity"), _("Acceptable conformity"), _("Marginally acceptable conformity"), _("Nonconformity"))


@dataclass(frozen=True, slots=True)
class Heaping:
    """Share of figures ending in 0 or 5, its distance from 0.2 in standard errors, and whether that is an excess beyond three."""

    share: float | None
    z: float | None = None
    heaped: bool | None = None
    reason: str = ""


def last_digits(values: Collection[Decimal], decimals: int = 0) -> list[int]:
    """How many values end in 0, 1 … 9 at the last of the `decimals` they are kept with."""
    counts = [0] * 10
    for value in values:
        counts[int(abs(round(value, decimals)).scaleb(decimals)) % 10] += 1
    return counts


def heaping(count: int, zeros: int, fives: int) -> Heaping:
    """Figures ending in 0 or 5 among `count`, against the two of ten that chance gives (binomial). Fewer than twelve tell nothing
    (`too_few`). ValueError where the parts exceed the count."""
    if not 0 <= zeros + fives <= count:
        raise ValueError(f"{zeros} and {fives} of {count} figures")
    share = (zeros + fives) / count if count else None
    if share is None or count < HEAPING_LEAST:
        return Heaping(share, reason=TOO_FEW)
    z = (share - _ROUND_SHARE) / math.sqrt(_ROUND_SHARE * (1 - _ROUND_SHARE) / count)
    return Heaping(share, z, z > HEAPING_LIMIT)


def whipple(counts: Sequence[float], first: int = 25, last: int = 60, digits: Collection[int] = (0, 5)) -> float | None:
    """Whipple's index of counts by single year of age (from age 0): those at ages `first` to `last` that end in 0 or 5, five times,
    over all from two years below the first such age to two above the last. 1: no heaping, 5: nothing else. One digit alone: ten
    times, and from seven years below. None where nobody is counted; ValueError for other digits or ages not there."""
    if set(digits) != {0, 5} and len(digits) != 1:
        raise ValueError(f"the index takes the digits 0 and 5 together, or one digit, not {digits}")
    ages = [age for age in range(first, last + 1) if age % 10 in digits]
    factor, reach = (5, 2) if len(digits) == 2 else (10, 7)
    if not ages or ages[0] < reach or ages[-1] + 2 >= len(counts):
        raise ValueError(f"ages {first} to {last} and the years around them are not all counted")
    whole = sum(counts[ages[0] - reach : ages[-1] + 3])
    return factor * sum(counts[age] for age in ages) / whole if whole else None


@dataclass(frozen=True, slots=True)
class Benford:
    """Leading digits against Benford's law: counts, their distance from the expected count by digit, the mean absolute deviation of
    the shares, chi-square (with one degree of freedom fewer than digits), the largest distance of the summed shares
    (Kolmogorov-Smirnov), and the word for the mean absolute deviation."""

    count: int
    counts: tuple[int, ...] = ()
    deviations: Mapping[int, float] = field(default_factory=dict)
    mad: float | None = None
    chi_square: float | None = None
    ks: float | None = None
    conformity: str = ""
    reason: str = ""


def benford_share(digit: int) -> float:
    """Expected share of a leading digit or pair of digits: log10(1 + 1 ÷ d). ValueError below 1."""
    if digit < 1:
        raise ValueError(f"no figure begins with {digit}")
    return math.log10(1 + 1 / digit)


def leading(value: Decimal, digits: int = 1) -> int:
    """The first significant digit of a value that is not zero, or the first two."""
    figures = "".join(map(str, value.as_tuple().digits)).lstrip("0")
    return int(figures[:digits].ljust(digits, "0"))


def benford(values: Sequence[Decimal], digits: int = 1) -> Benford:
    """Benford's law for amounts: at least 300 of them (`too_few`), all above zero (`not_positive`), over at least three powers of ten
    (`too_narrow`): shares and bounded counts do not follow it. `digits`: 1, or 2 for the first two."""
    if len(values) < BENFORD_LEAST:
        return Benford(len(values), reason=TOO_FEW)
    if min(values) <= 0:
        return Benford(len(values), reason=NOT_POSITIVE)
    if max(values) / min(values) < 10**BENFORD_MAGNITUDES:
        return Benford(len(values), reason=TOO_NARROW)
    found = [leading(value, digits) for value in values]
    return benford_of_counts([found.count(digit) for digit in _leading_range(digits)])


def benford_of_counts(counts: Sequence[int]) -> Benford:
    """The statistics of counts of the digits 1 to 9, or 10 to 99. ValueError for another number of counts."""
    digits = {9: 1, 90: 2}.get(len(counts))
    if not digits:
        raise ValueError(f"counts of 9 digits or 90 pairs of digits, not {len(counts)}")
    count = sum(counts)
    if count < BENFORD_LEAST:
        return Benford(count, tuple(counts), reason=TOO_FEW)
    expected = [benford_share(digit) for digit in _leading_range(digits)]
    gaps = [number / count - share for number, share in zip(counts, expected, strict=True)]
    mad = math.fsum(map(abs, gaps)) / len(gaps)
    return Benford(
        count,
        tuple(counts),
        {digit: count * gap for digit, gap in zip(_leading_range(digits), gaps, strict=True)},
        mad,
        count * math.fsum(gap**2 / share for gap, share in zip(gaps, expected, strict=True)),
        max(abs(math.fsum(gaps[: place + 1])) for place in range(len(gaps))),
        conformity(mad, digits),
    )


def conformity(mad: float, digits: int = 1) -> str:
    """Nigrini's word for a mean absolute deviation of the first digit, or the first two. A bound itself still has the better word."""
    passed = sum(round(mad, _BENFORD_DECIMALS) > bound for bound in CONFORMITY[digits])
    return CONFORMITY_WORDS[passed]


def _leading_range(digits: int) -> range:
    return range(10 ** (digits - 1), 10**digits)
