"""File formats by ending: each turns a Document into bytes."""

from collections.abc import Callable, Mapping

from reports.document import Document
from reports.writers import csv, xlsx

WRITERS: Mapping[str, tuple[Callable[[Document], bytes], str]] = {
    "csv": (csv.write, "text/csv; charset=utf-8"),
    "xlsx": (xlsx.write, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
