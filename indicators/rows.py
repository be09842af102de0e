"""What a file turns into on its way to a submission: cells, rows, findings. Plain data, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

ERROR, WARNING, NOTE = "error", "warning", "note"

# SDMX CL_OBS_STATUS: normal, missing, not applicable ("data cannot exist"), withheld ("suppressed"). The list has no code for a figure
# that is not due yet; Y is ours, and free there.
NORMAL, MISSING, NOT_APPLICABLE, WITHHELD, NOT_YET_DUE = "A", "O", "M", "Q", "Y"

MOST_CHARACTERS = {"source": 300, "note": 500}  # of a text that are kept

STAGES = ("not started", "under way", "mostly done", "done")


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A place in the file: sheet name and 1-based row and column. Prints as a spreadsheet does: 填报表!F7."""

    sheet: str
    row: int
    column: int

    @property
    def address(self) -> str:
        letters, column = "", self.column
        while column > 0:
            column, rest = divmod(column - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{letters}{self.row}"

    def __str__(self) -> str:
        return f"{self.sheet}!{self.address}" if self.sheet else self.address


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found. `message` is an English sentence with %(name)s places (marked for translation), `params` fill them."""

    rule: str
    severity: str
    message: str
    params: Mapping[str, str] = field(default_factory=dict)
    cell: Cell | None = None
    indicator: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """What the lines above a sheet's header row say: codes, "" where they say nothing (`period` also where it cannot be read).
    `cells` are the places of the stated values by name (form, bureau, period); a JSON body has none."""

    form: str = ""
    bureau: str = ""
    period: str = ""
    cells: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure as the file states it. `cell` is the value's cell, `cells` those of the other columns by name
    (indicator, area, period, unit, note); `period` is a code such as 2014-Q3 or "" where none could be read; `vintage` is a code of
    indicators.vintages, "" where it is not stated."""

    cell: Cell
    indicator: str
    area: str
    period: str
    value: Decimal | None
    status: str = NORMAL
    text: str = ""  # the value as written
    unit: str = ""
    source: str = ""
    note: str = ""
    vintage: str = ""
    cells: Mapping[str, Cell] = field(default_factory=dict)

    def at(self, column: str) -> Cell:
        """The cell of a column, or the value's cell where the file has no such column."""
        return self.cells.get(column, self.cell)


@dataclass(frozen=True, slots=True)
class IndicatorSpec:
    """The dictionary entry of an indicator, as checks and arithmetic need it (fields: docs/pack-format.md)."""

    code: str
    kind: str
    unit: str = ""
    decimals: int = 2
    direction: str = "up"
    rollup: str = "sum"
    numerator: str = ""
    denominator: str = ""
    formula: tuple[str, ...] = ()
    scale: float = 1.0
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    frequency: str = "Q"
    reported: bool = True
    part_of_whole: bool = False
    registered: bool = False

    @property
    def inputs(self) -> tuple[str, ...]:
        """Codes this indicator is computed from; empty for a reported one."""
        if self.formula:
            return self.formula
        return (self.numerator, self.denominator) if self.numerator else ()
