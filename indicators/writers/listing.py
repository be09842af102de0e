"""Lines of texts as CSV, for a spreadsheet: a UTF-8 BOM, and no cell that would be taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

_TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def write(lines: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([guarded(text) for text in line] for line in lines)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def guarded(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_TRIGGERS) else text


def unguarded(text: str) -> str:
    """The text of a cell that `write` made."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_TRIGGERS) else text
