"""The lines of a form for one bureau and period, with what is known already: what a template prints and the grid shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256

from indicators.rows import IndicatorSpec


@dataclass(frozen=True, slots=True)
class FormRow:
    """One figure asked for. `indicator_name`, `area_name`, `unit` (as shown) and `note` are in the reader's language; `spec` is the
    dictionary entry. `asked` is False where the indicator is not collected in this period. `previous` and `year_before` are the approved
    figures of the period before and of the same period last year, None where there is none; `history` the approved figures before this
    period in the same kind of period, oldest first, as (period code, value)."""

    spec: IndicatorSpec
    indicator_name: str
    area: str
    area_name: str
    unit: str = ""
    note: str = ""
    asked: bool = True
    previous: Decimal | None = None
    year_before: Decimal | None = None
    history: Sequence[tuple[str, Decimal]] = field(default=())

    @property
    def indicator(self) -> str:
        return self.spec.code

    @property
    def key(self) -> str:
        """How drafts name the cell: "A5/630200"."""
        return f"{self.spec.code}/{self.area}"


def form_version(rows: Sequence[FormRow]) -> str:
    """12 hex digits that change when what is asked changes: an indicator, an area, a unit, whether it is collected."""
    said = "\n".join(f"{row.indicator}/{row.area}/{row.spec.unit}/{row.asked:d}" for row in rows)
    return sha256(said.encode()).hexdigest()[:12]


def before(period: str, known: Mapping[str, Decimal], frequency: str) -> Sequence[tuple[str, Decimal]]:
    """Of the approved figures of one series those of the same kind of period before `period`, oldest first."""
    from indicators.rules.figures import period_of

    now = period_of(period)
    past = sorted((period_of(code), value) for code, value in known.items())
    return tuple((str(then), value) for then, value in past if then.frequency == frequency and then < now)
