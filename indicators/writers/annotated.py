"""The file handed back (docs/upload-format.md section 2): the bureau's own workbook with its findings, made in a limited process."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from indicators.marks import gettext_noop as _
from indicators.readers.table import Table
from indicators.rows import Cell
from indicators.writers import plain
from indicators.writers.language import Language

_CHILD = Path(__file__).with_name("annotate_child.py")
_SECONDS = 30
MAX_CELLS, MAX_MARKS = 100_000, 5_000

HEADERS = (_("Severity"), _("Cell"), _("About"), _("What was found"), _("How to mend it"), _("Check"))
SEVERITIES = {"error": _("Error"), "warning": _("Warning"), "note": _("Notice")}


class NotAnnotated(Exception):
    """The file is too large to be marked, or was never read: its findings are to be had as a list."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One finding in the reader's language: where, how bad, what it is about, what was found, how to mend it, and the rule's name."""

    cell: Cell | None
    severity: str
    about: str
    found: str
    help: str
    title: str


def annotate(content: bytes, tables: Sequence[Table], passport: str, marks: Sequence[Mark], title: str, language: Language) -> bytes:
    """The workbook with its findings: `content` itself where it is an .xlsx, else one with the cells of its `tables`. Raises
    NotAnnotated for what is larger than MAX_CELLS, MAX_MARKS or the limits of the process."""
    if len(marks) > MAX_MARKS or sum(len(row) for table in tables for row in table.rows) > MAX_CELLS or not tables:
        raise NotAnnotated
    if content.startswith(b"PK") and b"xl/workbook.xml" in content:
        with suppress(NotAnnotated):  # what the library cannot open comes back with its cells at least
            return _run_child(_job([(mark, mark.cell) for mark in marks], title, language), content)
    placed = [(mark, plain.cell_in(tables, mark.cell) if mark.cell else None) for mark in marks]
    return _run_child(_job(placed, title, language), plain.write(tables, passport))


def _job(placed: Sequence[tuple[Mark, Cell | None]], title: str, language: Language) -> dict[str, object]:
    say = language.say
    rows = []
    for mark, cell in placed:
        texts = (say(SEVERITIES[mark.severity]), str(cell or "—"), mark.about, mark.found, mark.help, mark.title)
        rows.append([*_place(cell), mark.severity, *texts])
    lead = _("Mend the cells named here and upload this file as it is; this sheet and the marks are not read.")
    listed = {"title": title, "lead": say(lead), "headers": [say(name) for name in HEADERS], "rows": rows}
    texts_at_cells = [
        [*_place(cell), mark.severity, f"{say(SEVERITIES[mark.severity])} · {mark.found}\n{mark.help}"] for mark, cell in placed if cell
    ]
    return {"marks": texts_at_cells, "list": listed}


def _place(cell: Cell | None) -> tuple[str, int, int]:
    return (cell.sheet, cell.row, cell.column) if cell else ("", 0, 0)


def _run_child(job: Mapping[str, object], content: bytes) -> bytes:
    try:
        with tempfile.TemporaryDirectory() as folder:
            # The library saves through files: in a folder that goes away with whatever a child that was stopped left in it.
            done = subprocess.run(
                [sys.executable, "-I", str(_CHILD)],
                input=json.dumps(job).encode() + b"\n" + content,
                capture_output=True,
                timeout=_SECONDS,
                env={"TMPDIR": folder},
                cwd=folder,
                check=True,
            )
    except subprocess.SubprocessError:
        raise NotAnnotated from None
    return done.stdout
