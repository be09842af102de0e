from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators import year_to_date
from indicators.models import Indicator
from targets.models import Assessment, Target
from targets.models.units import decimals_of
from targets.numbers import number, percent, signed_percent


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter of a flow as text: as filed (year-to-date), what it adds alone (derived), growth of the year so far against the same part
    of the year before, the part of the year usually filed by then, and the whole year's figure or, within it, what it would come to."""

    period: str
    filed: str
    single: str
    growth: str
    share: str
    annual: str
    whole: bool


def quarters_of(target: Target, results: Sequence[Assessment]) -> list[Quarter]:
    """The quarters of one area's results in order of time, the last first; none where the target's indicator is not filed year-to-date."""
    if target.indicator.kind != Indicator.Kind.FLOW or target.kind != Target.Kind.LEVEL:
        return []
    filed = [_decimal(one.result.get("figure")) for one in results]
    single = year_to_date.singles(filed, [one.period for one in results])
    rows = [_quarter(*row, decimals_of(target)) for row in zip(results, filed, single, strict=True)]
    return [row for row in reversed(rows) if row.filed]


def _quarter(one: Assessment, filed: Decimal | None, single: Decimal | None, decimals: int) -> Quarter:
    def text(value: Decimal | None) -> str:
        return "" if value is None else number(value, decimals)

    growth = one.result.get("yearly_change") if one.result.get("yearly_basis") == "same_period" and not one.frozen else None
    whole = one.period.endswith("Q4")
    share = None if whole or one.frozen else one.result.get("share")
    return Quarter(
        period=one.period,
        filed=text(filed),
        single=text(single),
        growth=signed_percent(growth),
        share="" if share is None else percent(share, 1),
        annual=text(filed) if whole else text(None if one.frozen else _decimal(one.result.get("annual"))),
        whole=whole,
    )


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
