"""Files to rows: reads every CSV of a folder and collects every fault with file, line and column."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from targets.pack.columns import FILES, Column, File


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong in a pack; prints as file:line:column: message (line and column 1-based, column in cells)."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


@dataclass(frozen=True, slots=True)
class PackRow:
    """One row with its parsed cells: row["value"] is a Decimal, int, date, tuple of codes, bool or text; None where empty."""

    file: str
    line: int
    cells: Mapping[str, Any]
    places: Mapping[str, int]
    texts: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.cells.get(name)

    def is_empty(self, name: str) -> bool:
        """Nothing is written there; a cell whose content could not be read has been told already."""
        return not self.texts.get(name)

    def fault(self, name: str, message: str) -> Fault:
        return Fault(f"{self.file}.csv", self.line, self.places.get(name, 1), message)


@dataclass(frozen=True, slots=True)
class Pack:
    """The rows of a pack by file name without ending; a file that is absent is empty."""

    rows: Mapping[str, Sequence[PackRow]] = field(default_factory=dict)

    def __getitem__(self, file: str) -> Sequence[PackRow]:
        return self.rows.get(file, ())

    def codes(self, file: str) -> frozenset[str]:
        return frozenset(row[FILES[file].code] for row in self[file] if row[FILES[file].code])


def _number(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite():
        raise ValueError
    return value


_PARSERS: Mapping[str, Callable[[str], Any]] = {
    "text": str,
    "int": int,
    "number": _number,
    "date": date.fromisoformat,
    "yes": lambda text: text == "yes",
    "codes": lambda text: tuple(part.strip() for part in text.split(";") if part.strip()),
}
_EXPECTED = {"int": "a whole number", "number": "a number", "date": "a date such as 2015-12-31"}


def read_pack(folder: Path, known: Mapping[str, frozenset[str]] | None = None) -> tuple[Pack, list[Fault]]:
    """Read all files of a pack. `known` holds codes that exist already (by file name), so that an overlay may refer to them.

    Returns the rows and every fault, sorted; rows are only to be used when there is none. FileNotFoundError if the folder is missing.
    """
    from targets.pack.checks import check_pack

    if not folder.is_dir():
        raise FileNotFoundError(f"no such folder: {folder}")
    rows: dict[str, Sequence[PackRow]] = {}
    faults: list[Fault] = []
    for name, file in FILES.items():
        path = folder / f"{name}.csv"
        if path.exists():
            rows[name] = list(_read_file(name, file, path.read_bytes(), faults))
    if not rows:
        faults.append(
            Fault(str(folder.name), 1, 1, f"no file of a pack is here; expected some of {', '.join(f'{name}.csv' for name in FILES)}")
        )
    pack = Pack(rows)
    faults += check_pack(pack, known or {})
    return pack, sorted(set(faults))


def _read_file(name: str, file: File, content: bytes, faults: list[Fault]) -> Iterator[PackRow]:
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        faults.append(Fault(f"{name}.csv", 1, 1, f"cannot be read as UTF-8 CSV: {error}"))
        return
    header = [cell.strip() for cell in lines[0]] if lines else []
    faults += _header_faults(name, file, header)
    places = {column: place for place, column in enumerate(header, start=1)}
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) != len(header):
            faults.append(Fault(f"{name}.csv", number, len(line), f"{len(line)} cells where the header has {len(header)}"))
        texts = {column: line[place - 1].strip() for column, place in places.items() if place <= len(line)}
        row = PackRow(name, number, {}, places, texts)
        cells = {column.name: _cell(row, column, texts.get(column.name, ""), faults) for column in file.columns}
        yield PackRow(name, number, cells, places, texts)


def _header_faults(name: str, file: File, header: Sequence[str]) -> Iterator[Fault]:
    wanted = {column.name for column in file.columns}
    for place, column in enumerate(header, start=1):
        if column not in wanted:
            yield Fault(f"{name}.csv", 1, place, f"unknown column “{column}”; this file has {', '.join(c.name for c in file.columns)}")
    for missing in (column.name for column in file.columns if column.required and column.name not in header):
        yield Fault(f"{name}.csv", 1, 1, f"column “{missing}” is missing")


def _cell(row: PackRow, column: Column, text: str, faults: list[Fault]) -> Any:
    if not text:
        if column.required and column.name in row.places:
            faults.append(row.fault(column.name, f"{column.name} must be filled"))
        return () if column.kind == "codes" else None
    if column.words and text not in column.words:
        faults.append(row.fault(column.name, f"{column.name} “{text}” is none of {', '.join(column.words)}"))
        return None
    try:
        return _PARSERS[column.kind](text)
    except (ValueError, InvalidOperation):
        faults.append(row.fault(column.name, f"{column.name} “{text}” is not {_EXPECTED[column.kind]}"))
        return None
