"""What moved an intensity, arranged for the page: sentences and tables whose rounded numbers add up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from accounts.models import Area
from indicators.models import Indicator
from targets.models import Target
from targets.models.attributing import Behind, Moved
from targets.numbers import number, signed
from targets.progress.movement import Effects

Cells = Sequence[str]  # structure, intensity and both: in the intensity's unit, then relative to the whole's intensity


@dataclass(frozen=True, slots=True)
class MovedShown:
    """Effects from the `first` year to the `last`, by shares of `weight`; without `whole`, `why_none` says why."""

    first: int
    last: int
    weight: str
    whole: Cells = ()
    sentences: Sequence[str] = ()
    areas: Sequence[tuple[Area, Cells]] = ()
    years: Sequence[tuple[int, Cells]] = ()
    chained: Cells = ()
    why_none: Sequence[str] = ()


def moved_shown(behind: Behind, found: Moved) -> MovedShown:
    """One decimal more than the indicator has: effects are small beside the intensity."""
    target, move = behind.target, found.movement
    decimals, weight = target.indicator.decimals + 1, behind.indicators[target.indicator.denominator].name
    if move is None:
        return MovedShown(found.first, found.last, weight, why_none=_why_none(found, behind.indicators))
    whole = move.whole(decimals)
    return MovedShown(
        found.first,
        found.last,
        weight,
        _cells(whole, decimals),
        _sentences(target, found, whole, weight, decimals),
        [(area, _cells(effects, decimals)) for area, effects in zip(found.areas, move.by_member(decimals), strict=True)],
        [(year, _cells(effects, decimals)) for year, effects in move.by_year(decimals)],
        _cells(move.chained(decimals), decimals),
    )


def _cells(effects: Effects | None, decimals: int) -> Cells:
    """A dash where a year is not known."""
    if effects is None:
        return ["—"] * 6
    amounts = effects.structure, effects.intensity, effects.total
    changes = effects.structure_change, effects.intensity_change, effects.change
    return [*(signed(amount, decimals) for amount in amounts), *(_percent(change) for change in changes)]


def _sentences(target: Target, found: Moved, whole: Effects, weight: str, decimals: int) -> list[str]:
    assert found.movement is not None
    direct, unit = found.movement.direct, target.indicator.unit
    words = {
        "first": found.first,
        "last": found.last,
        "indicator": target.indicator.name,
        "before": number(direct.before, decimals),
        "after": f"{number(direct.after, decimals)} {unit}".strip(),
        "change": _percent(direct.after / direct.before - 1),
        "intensity": f"{signed(whole.intensity, decimals)} {unit}".strip(),
        "intensity_change": _percent(whole.intensity_change),
        "structure": f"{signed(whole.structure, decimals)} {unit}".strip(),
        "structure_change": _percent(whole.structure_change),
        "weight": weight,
    }
    course = (
        gettext("%(indicator)s fell from %(before)s in %(first)s to %(after)s in %(last)s (%(change)s).")
        if direct.after <= direct.before
        else gettext("%(indicator)s rose from %(before)s in %(first)s to %(after)s in %(last)s (%(change)s).")
    )
    parts = gettext(
        "Of this, %(intensity)s (%(intensity_change)s) comes from what the areas themselves use per unit, and %(structure)s "
        "(%(structure_change)s) from the shift of shares between areas of high and of low intensity (%(weight)s)."
    )
    return [course % words, parts % words, *_published(found, unit, decimals), *_joined(found)]


def _joined(found: Moved) -> list[str]:
    """Areas that were another area in the first year."""
    return [
        gettext("%(area)s: before %(year)s the figures of the area it came from.") % {"area": area.short, "year": area.valid_from.year}
        for area in found.areas
        if area.succeeds_id and area.valid_from and area.valid_from.year > found.first
    ]


def _published(found: Moved, unit: str, decimals: int) -> list[str]:
    """The whole's own published figures, where they tell another change than the areas' sums."""
    if found.published is None or found.movement is None:
        return []
    before, after = found.published
    rest = (after - before) - (found.movement.direct.after - found.movement.direct.before)
    words = {"change": f"{signed(after - before, decimals)} {unit}".strip(), "rest": f"{signed(rest, decimals)} {unit}".strip()}
    return [gettext("By the published figures the change is %(change)s; %(rest)s of it is not explained by the areas.") % words]


def _why_none(found: Moved, indicators: Mapping[str, Indicator]) -> list[str]:
    """Which figures are missing, by indicator and year; or that those there are cannot be parted."""
    if not found.lacking:
        return [gettext("These figures cannot be parted: an area uses without having a share, or the whole uses nothing.")]
    groups: dict[tuple[str, int], list[str]] = {}
    for code, area, year in found.lacking:
        groups.setdefault((code, year), []).append(area.short)
    return [
        gettext("%(indicator)s of %(year)s is missing for %(areas)s.")
        % {"indicator": indicators[code].name, "year": year, "areas": gettext(", ").join(areas)}
        for (code, year), areas in groups.items()
    ]


def _percent(change: float) -> str:
    """With two decimals and no more, so that a column can be read down."""
    return f"{signed(round(change * 100, 2), 2)}\N{NO-BREAK SPACE}%"
