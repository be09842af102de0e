"""Where a gap comes from: the gap of a whole as the sum of what its members contribute and of named remainders, to the last digit.
All values are in the unit of the whole's gap; behind is negative. Formulas: docs/methods.md."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from indicators.marks import gettext_noop as _

STORED = 9  # decimals of a stored result
CANCEL = Decimal("0.1")  # a gap smaller than this part of what adds up to it: its shares would say nothing

# What belongs to no single member, by areas and by the parts of an indicator's own formula: its name and what it means.
AREA_REASONS: Mapping[str, tuple[str, str]] = {
    "no_data": (_("Areas without a figure"), _("No figure has been approved there; what their paths ask for is missing in full.")),
    "without_goal": (_("Areas without a goal"), _("Figures of areas that have no goal or no path of their own count for the whole.")),
    "published": (_("Published figure and sum"), _("The whole's figure is published; it differs from the sum of its areas.")),
    "newer": (_("Newer figures"), _("Figures were approved after the last assessment; it will take them up.")),
    "not_allocated": (_("Not allocated"), _("A part of the whole's path is carried by no area.")),
    "paths": (
        _("Difference of the paths"),
        _("Each area's path leads from its own baseline to its own goal. They add up to the whole's path at the deadline, not on the way."),
    ),
}
SECTOR_REASONS: Mapping[str, tuple[str, str]] = {
    "no_data": (_("Parts without a figure"), _("No figure has been approved for them; what their paths ask for is missing in full.")),
    "without_goal": (_("Parts without a goal"), _("Figures of parts that have no goal or no path of their own count for the whole.")),
    "published": (_("Published figure and sum"), _("The whole's figure is published; it differs from the sum of its parts.")),
    "newer": AREA_REASONS["newer"],
    "not_allocated": (_("Not allocated"), _("A part of the whole's path is carried by none of its parts.")),
    "paths": (
        _("Difference of the paths"),
        _("Each part's path leads from its own baseline to its own goal. They add up to the whole's path at the deadline, not on the way."),
    ),
}
NO_ORIGIN: Mapping[str, str] = {
    "no_gap": _("The gap itself is not known."),
    "no_goals": _("No goal is allocated to the areas, so the gap cannot be attributed to them."),
    "no_figures": _("No figures are known that the gap could be attributed to."),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the whole or one member stands: its gap, what is expected of it and its goal; None where not known."""

    code: str
    gap: Decimal | None
    expected: Decimal | None
    goal: Decimal | None


@dataclass(frozen=True, slots=True)
class Part:
    """What a member contributes to the gap; a remainder has no code but a reason and, where it is about some members, their codes."""

    code: str
    gap: Decimal
    reason: str = ""
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribution:
    """A gap and the parts that add up to it exactly: members first, then remainders. `absent` members are in neither."""

    gap: Decimal
    parts: tuple[Part, ...]
    absent: tuple[str, ...] = ()

    @property
    def members(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if not part.reason)

    @property
    def remainders(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.reason)

    @property
    def cancels(self) -> bool:
        """Do the parts so nearly cancel that a share of what is left says nothing?"""
        return abs(self.gap) < CANCEL * sum(abs(part.gap) for part in self.parts) or not self.gap

    def share(self, part: Part) -> Decimal | None:
        """The part as a fraction of the gap; None where the parts cancel."""
        return None if self.cancels else part.gap / self.gap

    def rounded(self, decimals: int) -> list[Decimal]:
        """The parts as shown with so many decimals: they add up to the gap as shown."""
        return exactly([part.gap for part in self.parts], self.gap, decimals)

    def percents(self, decimals: int = 1) -> list[Decimal] | None:
        """The shares in percent as shown: they add up to 100. None where the parts cancel."""
        return None if self.cancels else exactly([part.gap / self.gap * 100 for part in self.parts], Decimal(100), decimals)


def by_standing(whole: Standing, members: Sequence[Standing], d: int, *, published: bool = False) -> Attribution | None:
    """For wholes that are sums. A member with a gap contributes it; the rest is named: members without a figure, figures beyond those
    of the members (the whole's `published` figure, or members without a goal), and the whole's path beyond theirs. `d` is +1 where
    more is better, else −1. None where the whole has no gap or no member has one."""
    known = [one for one in members if one.gap is not None]
    if whole.gap is None or whole.expected is None or not known:
        return None
    on_path = [one for one in members if one.expected is not None]
    silent = [one for one in on_path if one.gap is None]
    missing = -d * _sum(one.expected for one in silent)
    figures = d * whole.expected + whole.gap - _sum(d * (one.expected or 0) + one.gap for one in known if one.gap is not None)
    path = -d * (whole.expected - _sum(one.expected for one in on_path))
    complete = len(on_path) == len(members) and whole.goal is not None and whole.goal == _sum(one.goal for one in members)
    remainders = [
        Part("", missing, "no_data", tuple(one.code for one in silent)),
        Part("", figures, "published" if published else "without_goal"),
        Part("", path, "paths" if complete else "not_allocated"),
    ]
    lost = tuple(one.code for one in members if one.gap is None and one.expected is None)
    return _closed(whole.gap, [Part(one.code, one.gap) for one in known if one.gap is not None], remainders, lost)


def by_shortfall(
    whole: Standing,
    sides: Mapping[str, tuple[Decimal | None, Decimal | None]],
    d: int,
    scale: Decimal,
    *,
    published: bool = False,
) -> Attribution | None:
    """For wholes that are ratios of sums, `scale` · numerators ÷ denominators: what a member's numerator lacks for the whole's
    expected ratio at its own denominator, over the denominators of all. `sides` holds each member's numerator and denominator; one
    without both is in neither sum. `d` is +1 where more is better, else −1. None where the whole has no gap or no member both sides."""
    both = {code: (upper, lower) for code, (upper, lower) in sides.items() if upper is not None and lower is not None}
    below = _sum(lower for _upper, lower in both.values())
    if whole.gap is None or whole.expected is None or not below:
        return None
    parts = [Part(code, d * (scale * upper - whole.expected * lower) / below) for code, (upper, lower) in both.items()]
    rest = Part("", whole.gap - _sum(part.gap for part in parts), "published" if published else "newer")
    return _closed(whole.gap, parts, [rest], tuple(code for code in sides if code not in both))


def _closed(gap: Decimal, members: Sequence[Part], remainders: Sequence[Part], absent: tuple[str, ...]) -> Attribution:
    """The parts as stored results are: nine decimals, adding up exactly. A remainder that is only the dust of rounding is none."""
    dust = (len(members) + 2) * 2 * Decimal(1).scaleb(-STORED)
    parts = [*members, *(part for part in remainders if abs(part.gap) > dust or part.about)]
    exact = exactly([part.gap for part in parts], gap, STORED)
    return Attribution(gap, tuple(Part(one.code, value, one.reason, one.about) for one, value in zip(parts, exact, strict=True)), absent)


def exactly(parts: Sequence[Decimal], total: Decimal, decimals: int) -> list[Decimal]:
    """The parts rounded to so many decimals so that they add up to the total as rounded half up: the largest remainders are rounded up.
    ValueError if the parts do not add up to the total but for a few units of the last decimal each, or if there are none."""
    step = Decimal(1).scaleb(-decimals)
    floors = [part.quantize(step, ROUND_FLOOR) for part in parts]
    if not parts or abs(_sum(parts) - total) > 4 * (len(parts) + 2) * step:
        raise ValueError(f"parts that add up to {_sum(parts)} are not the parts of {total}")
    left = int((total.quantize(step, ROUND_HALF_UP) - _sum(floors)) / step)
    every, rest = divmod(left, len(parts))
    up = sorted(range(len(parts)), key=lambda place: (floors[place] - parts[place], place))[:rest]
    return [floor + step * (every + (place in up)) for place, floor in enumerate(floors)]


def _sum(numbers: Iterable[Decimal | None]) -> Decimal:
    return sum((number for number in numbers if number is not None), Decimal(0))
