"""Published yearly rates beside the ones computed from levels: several years are compounded, never added, and never across a gap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Year:
    """Changes as fractions: of the year as published and as computed, and since the base as compounded from each; None where not known."""

    year: int
    published: float | None
    computed: float | None
    published_since: float | None
    computed_since: float | None


def side_by_side(base: int, last: int, published: Mapping[int, float], computed: Mapping[int, float]) -> Sequence[Year]:
    """One row for each year after `base` up to `last`; C = prod(1 + r) - 1 as long as no year is missing (docs/methods.md)."""
    rows = []
    since: dict[str, float | None] = {"published": 1.0, "computed": 1.0}
    for year in range(base + 1, last + 1):
        rates = {"published": published.get(year), "computed": computed.get(year)}
        for name, rate in rates.items():
            so_far = since[name]
            since[name] = None if so_far is None or rate is None else so_far * (1 + rate)
        whole = {name: None if factor is None else factor - 1 for name, factor in since.items()}
        rows.append(Year(year, rates["published"], rates["computed"], whole["published"], whole["computed"]))
    return rows
