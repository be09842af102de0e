"""Lines of texts as CSV, for a spreadsheet: a UTF-8 BOM, and no cell that would be taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

_TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def write(lines: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([f"'{text}" if text.startswith(_TRIGGERS) else text for text in line] for line in lines)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()
