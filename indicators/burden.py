"""How much a form asks of a bureau, and how much of it says something new. Plain: counts lines of a form and the files sent for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from indicators.form_rows import FormRow

PRINTED = 5  # cells of a line nobody has to type: the indicator's code and name, the area's code and name, the unit

Key = tuple[str, str]  # indicator code, area code


@dataclass(frozen=True, slots=True)
class Filing:
    """One file on its way: when it arrived, when the bureau sent it on, when a reviewer approved it, whether it came back. `loaded`:
    brought in with the past, so that its moments tell nothing of the work."""

    arrived_at: datetime
    submitted_at: datetime | None = None
    approved_at: datetime | None = None
    returned: bool = False
    loaded: bool = False


@dataclass(frozen=True, slots=True)
class Burden:
    """What was asked for a form and period, in cells: `asked` figures; `prefilled` by the system (names, units, last period, same period
    last year, not yet due, register sums); `typed` by the bureau, of these `unchanged` against the period before. `corrections`: files
    returned, and files that revised approved figures; `files` sent until the first approval; `minutes` from the first arrival to sending
    it on, None where that is not known."""

    asked: int = 0
    prefilled: int = 0
    typed: int = 0
    unchanged: int = 0
    corrections: int = 0
    files: int = 0
    minutes: int | None = None

    def __add__(self, other: "Burden") -> "Burden":
        known = [minutes for minutes in (self.minutes, other.minutes) if minutes is not None]
        return Burden(
            self.asked + other.asked,
            self.prefilled + other.prefilled,
            self.typed + other.typed,
            self.unchanged + other.unchanged,
            self.corrections + other.corrections,
            self.files + other.files,
            sum(known) if known else None,
        )

    @property
    def unchanged_share(self) -> float | None:
        """Of what was typed, the part that said nothing new (a fraction); None where nothing was typed."""
        return self.unchanged / self.typed if self.typed else None


def measure(lines: Sequence[FormRow], given: Mapping[Key, Decimal], filings: Iterable[Filing]) -> Burden:
    """The burden of one form in one period. `given` are the values of the file that counts; those of indicators the register sums up are
    the system's and not typed."""
    figures = [line for line in lines if line.asked]
    typed = [line for line in figures if not line.spec.registered and (line.indicator, line.area) in given]
    compared = sum((line.previous is not None) + (line.year_before is not None) for line in figures)
    filled = sum(not line.asked or line.spec.registered for line in lines)
    files = sorted(filings, key=lambda one: one.arrived_at)
    return Burden(
        asked=len(figures),
        prefilled=PRINTED * len(lines) + compared + filled,
        typed=len(typed),
        unchanged=sum(given[line.indicator, line.area] == line.previous for line in typed),
        corrections=_corrections(files),
        files=_until_approval(files),
        minutes=_minutes(files),
    )


def _corrections(files: Sequence[Filing]) -> int:
    """Files that came back, and approvals after the first."""
    return sum(one.returned for one in files) + max(0, sum(one.approved_at is not None for one in files) - 1)


def _until_approval(files: Sequence[Filing]) -> int:
    """Files sent until the first was approved; all of them where none was."""
    first = min((one.approved_at for one in files if one.approved_at), default=None)
    return sum(first is None or one.arrived_at <= first for one in files)


def _minutes(files: Sequence[Filing]) -> int | None:
    """From the first arrival to the first sending on, begun minutes counted in full."""
    sent = [one.submitted_at for one in files if one.submitted_at and not one.loaded]
    if not sent or any(one.loaded for one in files):
        return None
    seconds = (min(sent) - files[0].arrived_at).total_seconds()
    return int(-(-seconds // 60))


@dataclass(frozen=True, slots=True)
class Still:
    """An indicator whose figure never moved: in how many areas, and how many cells that made."""

    indicator: str
    areas: int
    cells: int


def never_changed(series: Mapping[Key, Mapping[str, Decimal]], periods: Sequence[str]) -> list[Still]:
    """Indicators that said the same in all of these periods: in every area with two or more figures, and in at least one area for every
    period. The most cells first."""
    groups: dict[str, list[list[Decimal]]] = {}
    for (indicator, _area), values in series.items():
        known = [values[period] for period in periods if period in values]
        if len(known) > 1:
            groups.setdefault(indicator, []).append(known)
    found = [
        Still(indicator, len(areas), sum(map(len, areas)))
        for indicator, areas in groups.items()
        if all(len(set(known)) == 1 for known in areas) and any(len(known) == len(periods) for known in areas)
    ]
    return sorted(found, key=lambda one: (-one.cells, one.indicator))
