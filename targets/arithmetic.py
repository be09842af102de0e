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
    def difference(self) -> Decimal | None:
        return None if self.against is None else self.computed - self.against


def reckon(check: str, parts: Sequence[Goal], whole: Goal, stated: Decimal | None, observed: Decimal | None) -> Sum:
    """Work one check out. KeyError for an unknown kind of check."""
    return CHECKS[check](parts, whole, stated, observed)


def _sum(parts: Sequence[Goal], whole: Goal, stated: Decimal | None, observed: Decimal | None) -> Sum:
    total = sum((part.value for part in parts), Decimal(0))
    return Sum(f"{_plus(parts)} = {_plain(total)}", total, whole.value, total == whole.value)


def _growth(parts: Sequence[Goal], whole: Goal, stated: Decimal | None, observed: Decimal | None) -> Sum:
    """Compound yearly rate in percent from the parts' sum to the whole between their years."""
    base, years = sum((part.value for part in parts), Decimal(0)), whole.year - parts[0].year
    rate = (Decimal(float(whole.value / base) ** (1 / years)) - 1) * 100
    rate = rate.quantize(Decimal("0.01"))
    formula = f"({_plain(whole.value)} / {_plain(base)})^(1/{years}) − 1 = {rate} %"
    return Sum(formula, rate, stated, None if stated is None else rate >= stated)


def _implied(parts: Sequence[Goal], whole: Goal, stated: Decimal | None, observed: Decimal | None) -> Sum:
    """The denominator that whole and share (percent) imply, against the one observed."""
    implied = (whole.value / parts[0].value * 100).quantize(Decimal("0.1"))
    formula = f"{_plain(whole.value)} / {_plain(parts[0].value)} % = {_plain(implied)}"
    return Sum(formula, implied, observed, None if observed is None else abs(implied - observed) <= implied * Decimal("0.021"))


def _overlap(parts: Sequence[Goal], whole: Goal, stated: Decimal | None, observed: Decimal | None) -> Sum:
    total = sum((part.value for part in parts), whole.value)
    return Sum(f"{_plain(whole.value)} + {_plus(parts)} = {_plain(total)}", total, whole.value, total == whole.value)


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
