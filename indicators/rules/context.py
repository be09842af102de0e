"""What rows are checked against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from indicators.rows import Heading, IndicatorSpec, Row


@dataclass(frozen=True)
class Context:
    """The dictionary, the sender, the form and the approved past.

    `form_items` says in which areas the form asks for an indicator at that time, whoever reports them; empty for the bulk form.
    `areas` are all known codes, `area_dates` the first and last day of those that did not always exist; `bureau_areas` are those the
    sender reports for. `frequency` is the form's.
    `period` is the submission's, "" for the bulk form. `history` holds approved figures: (indicator, area) -> period -> value.
    `rates` are the published yearly rates: code -> the ratio whose change it states.
    `register` holds the projects behind a figure, (indicator, area) -> finished on and capacity of each; `evidenced` are the
    (indicator, area) of the task that have a file attached."""

    indicators: Mapping[str, IndicatorSpec]
    areas: frozenset[str]
    today: date
    bureau: str = ""
    bureau_areas: frozenset[str] = frozenset()
    form: str = ""
    form_items: Mapping[str, frozenset[str]] = field(default_factory=dict)
    frequency: str = ""
    bulk: bool = False
    period: str = ""
    history: Mapping[tuple[str, str], Mapping[str, Decimal]] = field(default_factory=dict)
    area_dates: Mapping[str, tuple[date | None, date | None]] = field(default_factory=dict)
    rates: Mapping[str, str] = field(default_factory=dict)
    register: Mapping[tuple[str, str], Sequence[tuple[date | None, Decimal]]] = field(default_factory=dict)
    evidenced: frozenset[tuple[str, str]] = frozenset()
    headings: tuple[Heading, ...] = ()

    def complete(self, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows, with the area of a form that covers one only where they name none."""
        covered = frozenset[str]().union(*self.form_items.values())
        if len(covered) != 1:
            return rows
        (area,) = covered
        return [row if row.area else replace(row, area=area) for row in rows]
