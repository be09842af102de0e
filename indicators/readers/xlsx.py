"""Excel workbooks: looked through first, then read in a limited process of its own."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from indicators.marks import gettext_noop as _
from indicators.readers.prescan import Place, scan
from indicators.readers.table import Refused, Scalar, Table

_CHILD = Path(__file__).with_name("xlsx_child.py")
_SECONDS = 30
_UNREADABLE = _(
    "The workbook cannot be read: it is damaged or far too large. Copy the table alone into a new workbook and save it as .xlsx."
)


def read(content: bytes) -> tuple[Table, ...]:
    """One table per visible sheet, in the workbook's order. Raises Refused."""
    marks = scan(content)
    sheets = json.loads(run_child(content))
    if any(name not in marks for name, _rows in sheets):
        raise Refused(_UNREADABLE)  # the two readings disagree about what is in the file
    if not sheets:
        raise Refused(_("The workbook has no visible sheet. Show the sheet with the figures and save it again."))
    return tuple(Table(name, _with_errors(rows, marks[name].errors), marks[name].formulas) for name, rows in sheets)


def _with_errors(rows: list[list[Scalar]], errors: Mapping[Place, str]) -> list[list[Scalar]]:
    """The rows with error texts such as #DIV/0! where the child saw empty cells: an error must not pass for a missing figure."""
    for (row, column), text in errors.items():
        rows.extend([] for _missing in range(row - len(rows)))
        line = rows[row - 1]
        line.extend([None] * (column - len(line)))
        line[column - 1] = text
    return rows


def run_child(content: bytes) -> bytes:
    """The sheets as the child prints them. Raises Refused where the child ends in any way but well."""
    try:
        # No environment: the child needs none, and what it reads is not trusted with ours.
        done = subprocess.run([sys.executable, "-I", str(_CHILD)], input=content, capture_output=True, timeout=_SECONDS, env={}, check=True)
    except subprocess.SubprocessError:
        raise Refused(_UNREADABLE) from None
    return done.stdout
