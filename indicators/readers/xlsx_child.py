"""Run as `python -I xlsx_child.py`: a workbook on standard input, its visible sheets as JSON on standard output.

A process of its own with hard limits, because a hostile workbook can abort the library that reads it, and an abort cannot be
caught. Any other exit than 0 means: not read. Prints [[name, [[cell, …], …]], …]; dates and times come as ISO text."""

import json
import resource
import sys
from contextlib import suppress
from typing import Any

MEMORY, CPU_SECONDS = 1 << 30, 20
MAX_ROWS, MAX_COLUMNS, MAX_TEXT = 200_000, 702, 64_000_000


def limit() -> None:
    """Memory, processor time, no core dump, no file written. A system that knows a limit not is no reason to stop."""
    limits = ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0))
    for kind, value in limits:
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (value, value))


def scalar(value: Any) -> Any:
    """A cell as JSON can say it; an empty one is None."""
    if value == "":
        return None
    return value if isinstance(value, str | bool | int | float) else str(value)


def sheets(content: bytes) -> list[tuple[str, list[list[Any]]]]:
    import io

    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    shown = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    found, text = [], 0
    for name in shown:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
            sys.exit(3)
        rows = [[scalar(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
        # One long shared string can be pointed at by a million cells.
        text += sum(len(value) for row in rows for value in row if isinstance(value, str))
        if text > MAX_TEXT:
            sys.exit(3)
        found.append((name, rows))
    return found


if __name__ == "__main__":
    limit()
    json.dump(sheets(sys.stdin.buffer.read()), sys.stdout, ensure_ascii=True)
