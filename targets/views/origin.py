"""Where a gap comes from, arranged for the page and its chart: rounded so that what is shown adds up."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import Area
from targets.models import Assessment, Target
from targets.models.attributing import Behind, Origin, by_area, by_sector, way_of
from targets.models.trace import reason_word
from targets.models.units import decimals_of, gap_unit
from targets.numbers import number, signed
from targets.progress.attribution import NO_ORIGIN, Attribution, Part

NAMED, WORTH_NAMING = 3, 10  # the sentence names so many parts, if they make at least so many percent of the gap


@dataclass(frozen=True, slots=True)
class Row:
    """A part as shown: `percent` of the gap, None where shares say nothing; `rest` belongs to no single member."""

    label: str
    gap: Decimal
    percent: Decimal | None
    url: str
    rest: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One way to part a gap, by `area` or by `sector`; without rows `why_none` says why."""

    by: str
    rows: Sequence[Row]
    total: Decimal | None
    decimals: int
    sentence: str
    notes: Sequence[str]
    why_none: str = ""


def origins(whole: Assessment, members: Sequence[Assessment], behind: Behind) -> list[Shown]:
    """By area, for the plan's own area, and by sector, where the indicator has a formula with targets of its own."""
    is_whole = whole.area_id == behind.target.plan.area_id
    found = {"area": by_area(whole, members, behind) if is_whole else None, "sector": by_sector(whole)}
    told = [shown(whole, by, origin) for by, origin in found.items() if origin]
    return told[:1] if whole.gap is None else told


def shown(whole: Assessment, by: str, origin: Origin) -> Shown:
    """The parts worst first, remainders after them."""
    parts = origin.attribution
    if parts is None:
        return Shown(by, [], None, 0, "", [], reason_word(whole, "gap") or gettext(NO_ORIGIN[origin.why_none]))
    decimals = _decimals(whole.target, parts)
    percents: Sequence[Decimal | None] = parts.percents() or [None] * len(parts.parts)
    rows = [
        Row(_label(part, origin), gap, share, _address(whole, part, origin), bool(part.reason))
        for part, gap, share in zip(parts.parts, parts.rounded(decimals), percents, strict=True)
    ]
    total = sum((row.gap for row in rows), Decimal(0))
    if not any(part.gap for part in parts.parts):
        return Shown(by, [], total, decimals, "", [], gettext("Every part is exactly on the path."))
    rows = [row for row in rows if not (row.rest and not row.gap)]
    rows.sort(key=lambda row: (row.rest, row.gap))
    return Shown(by, rows, total, decimals, _sentence(whole, rows, total, decimals), _notes(whole, origin, parts))


def written_share(row: Row) -> str:
    """The share of the gap as text; "" where shares say nothing."""
    return "" if row.percent is None else f"{number(row.percent, 1)}\N{NO-BREAK SPACE}%"


def _decimals(target: Target, parts: Attribution) -> int:
    """The indicator's own; counts that are not whole show one more, as everywhere."""
    whole = all(part.gap == part.gap.to_integral_value() for part in parts.parts)
    return decimals_of(target) or (0 if whole else 1)


def _label(part: Part, origin: Origin) -> str:
    if part.reason:
        return gettext(origin.reasons[part.reason][0])
    member = origin.members[part.code]
    return member.short if isinstance(member, Area) else member.name


def _address(whole: Assessment, part: Part, origin: Origin) -> str:
    if part.reason:
        return ""
    member = origin.members[part.code]
    code, area = (whole.target.code, member.code) if isinstance(member, Area) else (member.code, whole.area.code)
    return reverse("targets:target", args=[code]) + f"?area={area}&period={whole.period}"


def _sentence(whole: Assessment, rows: Sequence[Row], total: Decimal, decimals: int) -> str:
    """The gap and the parts that make most of it, or what cancels."""

    def written(amount: Decimal) -> str:
        return f"{signed(amount, decimals)} {gap_unit(whole.target)}".strip()

    words = {"gap": written(total)}
    behind, ahead = (sum((row.gap for row in rows if row.gap * d > 0), Decimal(0)) for d in (-1, 1))
    if rows[0].percent is None:
        words |= {"behind": written(behind), "ahead": written(ahead)}
        return gettext("The gap is %(gap)s; parts behind (%(behind)s) and parts ahead (%(ahead)s) nearly cancel each other.") % words
    named = [row for row in rows if (row.percent or 0) >= WORTH_NAMING]
    largest = sorted(named, key=lambda row: -abs(row.gap))[:NAMED]
    words["parts"] = gettext(", ").join(f"{row.label} {signed(row.gap, decimals)}" for row in largest)
    return gettext("The gap is %(gap)s. Its largest parts: %(parts)s.") % words


def _notes(whole: Assessment, origin: Origin, parts: Attribution) -> list[str]:
    """What each remainder means, who is in none of the parts, and how shares are to be read."""

    def names(codes: Sequence[str]) -> str:
        members = [origin.members[code] for code in codes]
        return gettext(", ").join(member.short if isinstance(member, Area) else member.name for member in members)

    notes = []
    for part in parts.remainders:
        name, meaning = (gettext(text) for text in origin.reasons[part.reason])
        about = f" ({names(part.about)})" if part.about else ""
        notes.append(gettext("%(name)s%(about)s: %(meaning)s") % {"name": name, "about": about, "meaning": meaning})
    if parts.absent:
        notes.append(gettext("Without figures, and therefore in none of the parts: %(names)s.") % {"names": names(parts.absent)})
    if parts.cancels:
        notes.append(gettext("Shares of a gap this small beside its parts are not stated."))
    if way_of(whole.target) == "ratio":
        notes.append(gettext("A part is what the area's figures lack, or exceed, for the value expected of the whole at its own size."))
    return notes
