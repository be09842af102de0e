"""A report as data, before it is any file: heading lines, columns, rows. Writers turn it into bytes; same document, same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

Value = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Column:
    """`decimals` of the row's own unit are chosen by the cell; `width` is in characters."""

    title: str
    width: int = 14


@dataclass(frozen=True, slots=True)
class Document:
    """`heading` lines stand above the table in every format; numbers stay numbers, everything else is text and never a formula."""

    title: str
    heading: Sequence[tuple[str, str]]
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
