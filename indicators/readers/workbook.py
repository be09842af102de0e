"""Workbooks (.xlsx, .xls, .ods): read in a limited process of their own, told apart there by what they are."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from indicators.marks import gettext_noop as _
from indicators.readers.table import Reading, Refused, Table

_ROOT = Path(__file__).parents[2]
_START = "import sys; sys.path.insert(0, sys.argv[1]); from indicators.workbooks.child import main; main()"
_SECONDS = 30

_UNREADABLE = _(
    "The workbook cannot be read: it is damaged or far too large. Copy the table alone into a new workbook and save it as .xlsx."
)
_SENTENCES = {
    "too_large": _("The workbook is far too large when unpacked. Copy the table alone into a new workbook and save it as .xlsx."),
    "too_far": _("The workbook is too large: a cell beyond row %(rows)s or column ZZ has content. Remove it, or send the file in parts."),
    "encrypted": _("The workbook is protected by a password. Remove the password and save it again."),
    "macros": _("The workbook has macros. Save it as .xlsx without macros."),
    "external_link": _("The workbook links to other files. Replace the linked cells by their values and save it again."),
    "embedded": _("The workbook has other files embedded. Remove them and save it again."),
    "doctype": _("The workbook contains a document type declaration, which no office program writes. Copy the table into a new workbook."),
    "damaged": _("The workbook is damaged. Open it in Excel or WPS and save it again as .xlsx."),
    "not_workbook": _("The file is not an Excel workbook in spite of its ending. Open it in Excel or WPS and save it as .xlsx."),
    "no_sheet": _("The workbook has no visible sheet. Show the sheet with the figures and save it again."),
}
# Where the place is known.
_TOO_FAR = _(
    "Sheet part %(part)s has content at %(cell)s, beyond row %(rows)s or column ZZ. "
    "Remove what stands around the table, or send it in parts."
)


def read(content: bytes) -> Reading:
    """One table per visible sheet, in the workbook's order, but none of those the system itself puts in. Raises Refused."""
    book = run_child(content)
    tables = (
        Table(
            sheet["name"],
            sheet["rows"],
            {(row, column): stored for row, column, stored in sheet["formulas"]},
            hidden=frozenset(sheet["hidden"]),
            merged=[tuple(area) for area in sheet["merged"]],
        )
        for sheet in book["sheets"]
    )
    return Reading(tuple(tables), passport=book["passport"])


def run_child(content: bytes) -> dict[str, Any]:
    """What the child found in the workbook. Raises Refused where it refuses or ends in any way but well."""
    command = [sys.executable, "-I", "-c", _START, str(_ROOT)]
    try:
        # No environment: the child needs none, and what it reads is not trusted with ours.
        done = subprocess.run(command, input=content, capture_output=True, timeout=_SECONDS, env={}, check=False)
    except subprocess.TimeoutExpired:
        raise Refused("too_large", _UNREADABLE) from None
    if done.returncode:
        # Ended by a signal: it asked for more memory or time than there is.
        raise Refused("damaged" if done.returncode > 0 else "too_large", _UNREADABLE)
    answer: dict[str, Any] = json.loads(done.stdout)
    if "refused" in answer:
        raise refused(answer["refused"], answer["params"])
    return answer


def refused(code: str, params: Mapping[str, object]) -> Refused:
    """The refusal with its sentence."""
    return Refused(code, _TOO_FAR if "cell" in params else _SENTENCES[code], **params)
