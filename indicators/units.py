"""Chinese multipliers and units behind a number: what 12.5亿元 or 3万 are in the unit of an indicator."""

import re
from decimal import Decimal
from functools import lru_cache
from unicodedata import normalize

_TENS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
# Each multiplier and each product of a smaller with 万 or 亿, by its power of ten.
_POWERS = {"": 0, **_TENS, **{a + b: _TENS[a] + _TENS[b] for a in "十百千万" for b in "万亿" if a != b}}
# In these the first character is part of the unit's own name and no multiplier of it: a kilowatt, a percentage point.
_OWN_NAME = re.compile(r"(千(瓦|克|米|焦|卡|帕|伏|安))|百分")


@lru_cache(maxsize=4096)
def power(written: str, unit: str) -> int | None:
    """The power of ten that turns a number `written` with this multiplier, unit or both into one in `unit`. None where it leads to no such
    unit, or where two readings are possible."""
    written, unit = _plain(written), _plain(unit)
    if not unit or not written:
        return None
    if written == unit:
        return 0
    if written in _POWERS:
        own = _own_multiplier(unit)
        # Of a kilowatt: is "three thousand" three of them or three thousand? Nor is a multiplier alone a share.
        unclear = unit == "%" or (written.endswith("千") and not own and unit.startswith("千"))
        return None if unclear else _POWERS[written] - _POWERS[own]
    found = {_POWERS[m] - _POWERS[n] for m, one in _splits(written) for n, other in _splits(unit) if one == other and one != "%"}
    return found.pop() if len(found) == 1 else None


def _plain(unit: str) -> str:
    return "".join(normalize("NFKC", unit).split())


def _splits(unit: str) -> list[tuple[str, str]]:
    """Every way to read a unit as a multiplier and a unit."""
    return [(unit[:end], unit[end:]) for end in range(len(unit)) if unit[:end] in _POWERS]


def _own_multiplier(unit: str) -> str:
    """The longest multiplier the unit begins with that is not part of its own name."""
    return next(m for m, _base in reversed(_splits(unit)) if not any(_OWN_NAME.match(unit, at) for at in range(len(m))))


def in_unit(value: Decimal, written: str, unit: str) -> Decimal | None:
    """The value in `unit`, exactly; None as for `power`."""
    exponent = power(written, unit)
    if exponent is None:
        return None
    scaled = value.scaleb(exponent)
    return scaled.quantize(Decimal(1)) if exponent > 0 and scaled == scaled.to_integral_value() else scaled
