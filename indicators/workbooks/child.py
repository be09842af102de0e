"""What the limited process runs: a workbook on standard input, what is in it as JSON on standard output.

A process of its own with hard limits, because a hostile workbook can abort the library that reads it, and an abort cannot be caught.
Prints {"passport": …, "sheets": [{…}, …]}, or {"refused": code, "params": {…}}. Any other exit than 0 means: not read."""

import json
import resource
import sys
from collections.abc import Callable
from contextlib import suppress

from indicators.workbooks import ods, xls, xlsx
from indicators.workbooks.book import MAX_TEXT, Book, Refusal
from indicators.workbooks.zipped import opened

MEMORY, CPU_SECONDS = 1 << 30, 10
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK"


def main() -> None:
    _limit()
    try:
        answer = _answer(read(sys.stdin.buffer.read()))
    except Refusal as refusal:
        answer = {"refused": refusal.code, "params": refusal.params}
    except MemoryError:
        answer = {"refused": "too_large", "params": {}}
    sys.stdout.write(json.dumps(answer))


def read(content: bytes) -> Book:
    """The workbook, whichever of the three it is: its content says, its ending may err. Raises Refusal, or anything for a damaged one."""
    book = _reader(content)(content)
    if not book.sheets:
        raise Refusal("no_sheet")
    # One long shared text can be pointed at by a million cells.
    if sum(len(cell) for sheet in book.sheets for row in sheet.rows for cell in row if isinstance(cell, str)) > MAX_TEXT:
        raise Refusal("too_large")
    return book


def _reader(content: bytes) -> Callable[[bytes], Book]:
    if content.startswith(_OLE):
        return xls.read
    if not content.startswith(_ZIP):
        raise Refusal("not_workbook")
    with opened(content) as archive:
        names = archive.namelist()
    if xlsx.BOOK in names:
        return xlsx.read
    if ods.CONTENT in names:
        return ods.read
    raise Refusal("not_workbook")


def _answer(book: Book) -> dict[str, object]:
    sheets = [{**vars(sheet), "formulas": [[*place, stored] for place, stored in sheet.formulas.items()]} for sheet in book.sheets]
    return {"passport": book.passport, "sheets": sheets}


def _limit() -> None:
    """Memory, processor time, no core dump, no file written. A system that knows a limit not is no reason to stop."""
    limits = ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0))
    for kind, value in limits:
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (value, value))
