"""JSON: {"form": …, "bureau": …, "period": …, "rows": [{…}, …]}. Row 1 is the first of `rows`."""

import json
from typing import Any

from indicators.marks import gettext_noop as _
from indicators.readers.table import MAX_COLUMNS, MAX_ROWS, Refused, Scalar, Table

_HEADING = ("form", "bureau", "period")
_MORE_THAN_ROWS = 1_000  # braces and brackets a body has beside one for each row


def read(content: bytes) -> tuple[Table, ...]:
    """One table without a sheet name; its columns are the names used in the rows, in the order they first appear. Raises Refused."""
    # Counted before they are built: millions of empty objects fit into a small body and not into memory.
    if content.count(b"{") + content.count(b"[") > MAX_ROWS + _MORE_THAN_ROWS:
        raise Refused(_("The body has more than %(rows)s rows. Send it in parts."), rows=MAX_ROWS)
    try:
        # Numbers stay as written, so that no digit is lost on the way to Decimal.
        return (_table(json.loads(content, parse_float=str, parse_int=str, parse_constant=str)),)
    except (ValueError, RecursionError):
        raise Refused(_("The body is not valid JSON in UTF-8. Check its quotation marks, commas and brackets.")) from None


def _table(body: Any) -> Table:
    rows = body.get("rows") if isinstance(body, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refused(_('The body must be an object with a list "rows" of objects: {"rows": [{"indicator": …, "area": …, "value": …}]}.'))
    names = list(dict.fromkeys(name for row in rows for name in row))
    if len(names) > MAX_COLUMNS:
        raise Refused(_("The rows use more than %(columns)s different names. Use those of the documentation."), columns=MAX_COLUMNS)
    lines: list[list[Scalar]] = [[_scalar(row.get(name)) for name in names] for row in rows]
    heading = {name: str(body[name]).strip() for name in _HEADING if body.get(name) is not None}
    return Table("", [[*names], *lines], first=0, heading=heading)


def _scalar(value: Any) -> Scalar:
    return value if value is None or isinstance(value, str | bool) else json.dumps(value, ensure_ascii=False)
