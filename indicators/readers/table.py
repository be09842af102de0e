"""What every reader hands on: tables of plain cells, or the reason why there are none."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from indicators.rows import Finding
from indicators.rules.reading import UNREADABLE

Scalar = str | float | int | bool | None

# No honest file of figures is larger; what is, costs memory and time before anyone has looked at it.
MAX_ROWS, MAX_COLUMNS = 200_000, 702


@dataclass(frozen=True)
class Table:
    """The cells of one sheet. `rows[0]` is line `first` of the file. `formulas` tells of each formula cell (1-based row and column)
    whether a result is stored beside it. `heading` holds form, bureau and period where the format keeps them outside the lines."""

    sheet: str
    rows: list[list[Scalar]]
    formulas: Mapping[tuple[int, int], bool] = field(default_factory=dict)
    first: int = 1
    heading: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """The tables of a file, or none and one `unreadable` finding."""

    tables: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = ()


class Refused(Exception):
    """A file that cannot or must not be read. `message` is an English sentence marked for translation that tells the fix."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message, self.params = message, params

    @property
    def finding(self) -> Finding:
        return UNREADABLE.finding(self.message, self.params)
