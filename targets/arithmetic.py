"""The policy's own sums: do its figures agree with each other? Meanings of the checks: docs/pack-format.md."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Goal:
    """A target's goal as the policy states it, and the year it is due."""

    code: str
    value: Decimal
    year: int


@dataclass(frozen=True, slots=True)
class Sum:
    """`formula` with its numbers, what it gives, and what it is held against (None: nothing)."""

    formula: str
    computed: Decimal
    against: Decimal | None
    agrees: bool | None

    @property
    def decimals(self) -> int:
        """The digits after the point that the result is stated with."""
        return max(0, -int(self.computed.as_tuple().exponent))

    @property
    def difference(self) -> Decimal | None:
        return None if self.against is None else self.computed - self.against


def reckon(check: str, parts: Sequence[Goal], whole: Goal, stated: Decimal | None, observed: Decimal | None) -> Sum:
    """Work one check out. KeyError for an unknown kind of check."""
    return CHECKS[check](parts, whole, stated, observed)


def _sum(parts: Sequence[Goal], whole: Goal, stated: Decimal | None, observed: Decimal | None) -> Sum:
    total = sum((part.value for part in parts), Decimal(0))
    return Sum(f"{_plus(parts)} = {_plain(total)}", total.normalize(), whole.value, total == whole.value)


def growth_rate(base: Decimal, value: Decimal, years: int) -> Decimal:
    """Compound yearly rate in percent from one goal to another so many years later. ValueError without a year or with a base of zero."""
    if years <= 0 or base <= 0:
        raise ValueError("a yearly rate needs a base above zero and at least a year")
    return ((value / base) ** (1 / Decimal(years)) - 1) * 100


def level_after(base: Decimal, rate: Decimal, years: int) -> Decimal:
    """What a goal grows to in so many years at a yearly rate in percent; a negative number of years leads back to its base."""
    return base * (1 + rate / 100) ** years


def share(part: Decimal, whole: Decimal) -> Decimal:
    """A part of the whole in percent."""
    return 100 * part / whole


@dataclass(frozen=True, slots=True)
class Implied:
    """The denominator a share implies, and the ends between which the rounding of the printed share leaves it."""

    value: Decimal
    low: Decimal
    high: Decimal


def implied_denominator(value: Decimal, printed_share: Decimal) -> Implied:
    """The whole of which `value` is the printed share (percent), give or take half a unit of its last printed digit: the zeros a
    number carries are not taken for printed."""
    half = Decimal(5).scaleb(min(int(printed_share.normalize().as_tuple().exponent), 0) - 1)
    whole, low, high = (100 * value / one for one in (printed_share, printed_share + half, printed_share - half))
    return Implied(whole, low, high)


def _growth(parts: Sequence[Goal], whole: Goal, stated: Decimal | None, observed: Decimal | None) -> Sum:
    """Compound yearly rate in percent from the parts' sum to the whole between their years."""
    base, years = sum((part.value for part in parts), Decimal(0)), whole.year - parts[0].year
    rate = growth_rate(base, whole.value, years).quantize(Decimal("0.01"))
    formula = f"({_plain(whole.value)} / {_plain(base)})^(1/{years}) − 1 = {rate} %"
    return Sum(formula, rate, stated, None if stated is None else rate >= stated)


def _implied(parts: Sequence[Goal], whole: Goal, stated: Decimal | None, observed: Decimal | None) -> Sum:
    """The denominator that whole and share (percent) imply, against the one observed: does the printed share allow it?"""
    implied = implied_denominator(whole.value, parts[0].value)
    value = implied.value.quantize(Decimal("0.1"))
    formula = f"{_plain(whole.value)} / {_plain(parts[0].value)} % = {value:,f}"
    return Sum(formula, value, observed, None if observed is None else implied.low <= observed <= implied.high)


def _overlap(parts: Sequence[Goal], whole: Goal, stated: Decimal | None, observed: Decimal | None) -> Sum:
    total = sum((part.value for part in parts), whole.value)
    return Sum(f"{_plain(whole.value)} + {_plus(parts)} = {_plain(total)}", total.normalize(), whole.value, total == whole.value)


CHECKS: Mapping[str, Callable[[Sequence[Goal], Goal, Decimal | None, Decimal | None], Sum]] = {
    "sum": _sum,
    "growth": _growth,
    "implied_denominator": _implied,
    "overlap": _overlap,
}


def _plus(parts: Sequence[Goal]) -> str:
    return " + ".join(_plain(part.value) for part in parts)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():,f}"
