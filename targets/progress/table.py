"""A table of series for `standalone`: how it is read, what its columns hold, and everything that is wrong with it at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from indicators.readers.csv import read
from indicators.readers.table import Refused
from targets.progress.conventions import Bools, Floats
from targets.progress.placing import Columns

if TYPE_CHECKING:
    import pandas as pd

NUMBERS = ("base_year", "base_value", "current_year", "current_value", "target_year", "target")
COLUMNS = ("id", *NUMBERS, "direction")
MADE = ("expected", "gap", "gap_linear", "progress_value", "status", "score", "required_rate", "reason")
DIRECTIONS = {"positive": 1.0, "up": 1.0, "negative": -1.0, "down": -1.0}
PATH_OF = {"linear_share": "linear", "log_share": "geometric", "cagr_ratio": "geometric", "extrapolation": "geometric", "direct": "none"}
DEFAULT_CONVENTION = "linear_share"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong in a table; prints with its line (the header is line 1) and column."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.message}"


class BadSeries(ValueError):
    """A table that cannot be judged; holds every fault in it and says them line by line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def read_series(content: bytes) -> "tuple[pd.DataFrame, list[Fault]]":
    """The rows of a CSV file as text, by line, and the lines that do not have as many cells as the header. ValueError for what is no CSV
    text or has no rows."""
    import pandas as pd

    try:
        cells = read(content).tables[0].rows
    except Refused as refused:
        raise ValueError(refused.message % refused.params) from refused
    lines = {number: line for number, line in enumerate(cells, start=1) if any(str(cell).strip() for cell in line)}
    if len(lines) < 2:
        raise ValueError("The file holds no series: it needs a header and a line for each of them.")
    header = [str(cell).strip() for cell in lines.pop(min(lines))]
    whole = {number: line for number, line in lines.items() if len(line) == len(header)}
    odd = [
        Fault(number, "cells", f"{len(line)} where the header has {len(header)}") for number, line in lines.items() if number not in whole
    ]
    return pd.DataFrame(list(whole.values()), index=pd.Index(list(whole), name="line"), columns=header, dtype=object), odd


def checked(frame: "pd.DataFrame", known: Sequence[Fault] = ()) -> Columns:
    """The columns as arrays: `id` and `convention` as words, `d` as +1 or -1, the others as numbers with NaN where blank. Raises
    BadSeries with the faults already `known` and all found here. Lines are those of the index where it is named so, else counted."""
    lines = np.asarray(frame.index) if frame.index.name == "line" else np.arange(2, len(frame) + 2)
    faults = [*known, *_header_faults(frame)]
    table = frame.loc[:, ~frame.columns.duplicated()]
    columns: Columns = {}
    blank: dict[str, Bools] = {}
    for name in (*NUMBERS, "limit", "sign"):
        columns[name], blank[name], found = _numbers(table, name, lines)
        faults += found
    columns["convention"], found = _conventions(table, lines)
    columns["d"], more = _directions(table, lines)
    faults += [*found, *more, *_id_faults(table, lines), *_faults_between(columns, blank, lines)]
    if faults:
        raise BadSeries(sorted(set(faults)))
    return columns


def _header_faults(frame: "pd.DataFrame") -> Iterator[Fault]:
    for name in COLUMNS:
        if name not in frame:
            yield Fault(1, name, "this column is missing")
    for name in MADE:
        if name in frame:
            yield Fault(1, name, "this column is made here; rename or remove it")
    for name in dict.fromkeys(frame.columns[frame.columns.duplicated()]):
        yield Fault(1, str(name), "this column stands twice")


def _texts(table: "pd.DataFrame", name: str) -> "pd.Series[str]":
    """Cells as text, "" where blank or where there is no such column."""
    import pandas as pd

    if name not in table:
        return pd.Series("", index=range(len(table)), dtype=object)
    cells = table[name].reset_index(drop=True)
    return cells.astype(object).where(cells.notna(), "").astype(str).str.strip()


def _numbers(table: "pd.DataFrame", name: str, lines: Any) -> tuple[Floats, Bools, list[Fault]]:
    """Numbers, which cells are blank, and those that are no numbers. Numbers of text are read to the last digit."""
    import pandas as pd

    if name in table and pd.api.types.is_float_dtype(table[name]):
        values = table[name].to_numpy(np.float64, na_value=np.nan)
        blank, wrong = np.isnan(values), np.isinf(values)
    else:
        text = _texts(table, name)
        values = pd.to_numeric(text, errors="coerce").to_numpy(np.float64)
        blank = (text == "").to_numpy()
        wrong = ~blank & ~np.isfinite(values)
    return values, blank, [Fault(int(lines[row]), name, f"“{table[name].iloc[row]}” is not a number") for row in np.flatnonzero(wrong)]


def _directions(table: "pd.DataFrame", lines: Any) -> tuple[Floats, list[Fault]]:
    import pandas as pd

    text = _texts(table, "direction")
    d = text.str.lower().map(DIRECTIONS).astype(float).fillna(pd.to_numeric(text, errors="coerce")).to_numpy(np.float64)
    wrong = np.flatnonzero(~np.isin(d, (1, -1)) & ("direction" in table))
    return d, [Fault(int(lines[row]), "direction", f"“{text[row]}” is not 1 or -1 (positive, negative, up, down)") for row in wrong]


def _conventions(table: "pd.DataFrame", lines: Any) -> tuple[Any, list[Fault]]:
    text = _texts(table, "convention").replace("", DEFAULT_CONVENTION)
    wrong = np.flatnonzero(~text.isin(list(PATH_OF)))
    named = ", ".join(PATH_OF)
    return text.to_numpy(object), [Fault(int(lines[row]), "convention", f"“{text[row]}” is none of {named}") for row in wrong]


def _id_faults(table: "pd.DataFrame", lines: Any) -> Iterator[Fault]:
    if "id" not in table:
        return
    text = _texts(table, "id")
    for row in np.flatnonzero(text == ""):
        yield Fault(int(lines[row]), "id", "this cell is empty")
    twice = np.flatnonzero((text != "") & text.duplicated())
    first = {name: row for row, name in text.drop_duplicates().items()} if twice.size else {}
    for row in twice:
        yield Fault(int(lines[row]), "id", f"“{text[row]}” stands in line {lines[first[text[row]]]} already")


def _faults_between(c: Columns, blank: Mapping[str, Bools], lines: Any) -> Iterator[Fault]:
    """What does not fit together within a row; cells that are no numbers have been told already."""
    for year, value in (("base_year", "base_value"), ("current_year", "current_value"), ("target_year", "target")):
        for row in np.flatnonzero(blank[year] & ~blank[value]):
            yield Fault(int(lines[row]), year, f"this cell is empty, but {value} is given")
    for row in np.flatnonzero(c["target_year"] <= c["base_year"]):
        yield Fault(int(lines[row]), "target_year", f"{c['target_year'][row]:g} is not after base_year {c['base_year'][row]:g}")
    signed = ~np.isnan(c["sign"])
    for row in np.flatnonzero(signed & ~np.isin(c["sign"], (1, -1))):
        yield Fault(int(lines[row]), "sign", f"“{c['sign'][row]:g}” is not 1 or -1")
    for row in np.flatnonzero(np.isin(c["sign"], (1, -1)) & ~np.isnan(c["base_value"]) & ((c["sign"] < 0) != (c["base_value"] < 0))):
        yield Fault(int(lines[row]), "sign", "-1 belongs to a negative base_value, and only there")
