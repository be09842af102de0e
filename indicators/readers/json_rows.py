"""JSON: {"form": …, "bureau": …, "period": …, "rows": [{…}, …]}. Row 1 is the first of `rows`."""

import json
from collections import Counter
from typing import Any

from indicators.marks import gettext_noop as _
from indicators.readers.table import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Reading, Refused, Scalar, Table

_HEADING = ("form", "bureau", "period")
_MORE_THAN_ROWS = 1_000  # braces and brackets a body has beside one for each row


def read(content: bytes) -> Reading:
    """One table without a sheet name; its columns are the names used in the rows, in the order they first appear. Raises Refused."""
    # Counted before they are built: millions of empty objects fit into a small body and not into memory.
    if content.count(b"{") + content.count(b"[") > MAX_ROWS + _MORE_THAN_ROWS:
        raise Refused("too_large", _("The body has more than %(rows)s rows. Send it in parts."), rows=MAX_ROWS)
    try:
        # Numbers stay as written, so that no digit is lost on the way to Decimal.
        body = json.loads(content, parse_float=str, parse_int=str, parse_constant=_no_number, object_pairs_hook=_object)
        return Reading((_table(body),))
    except (ValueError, RecursionError):
        raise Refused("not_json", _("The body is not valid JSON in UTF-8. Check its quotation marks, commas and brackets.")) from None


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _table(body: Any) -> Table:
    rows = body.get("rows") if isinstance(body, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refused(
            "not_json", _('The body must be an object with a list "rows" of objects: {"rows": [{"indicator": …, "area": …, "value": …}]}.')
        )
    names = list(dict.fromkeys(name for row in rows for name in row))
    if len(names) > MAX_COLUMNS:
        message = _("The rows use more than %(columns)s different names. Use those of the documentation.")
        raise Refused("too_far", message, columns=MAX_COLUMNS)
    if len(names) * len(rows) > MAX_CELLS:  # a name in one row is a cell in every row
        raise Refused("too_large", _("The body has more than %(rows)s rows. Send it in parts."), rows=MAX_CELLS // len(names))
    lines: list[list[Scalar]] = [[_scalar(row.get(name)) for name in names] for row in rows]
    heading = {name: str(body[name]).strip() for name in _HEADING if body.get(name) is not None}
    return Table("", [[*names], *lines], first=0, heading=heading)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; which of two values of one name is meant is not guessed."""
    found = dict(pairs)
    if len(found) < len(pairs):
        seen = Counter(name for name, _value in pairs)
        twice = next(name for name, times in seen.items() if times > 1)
        raise Refused("not_json", _('The name "%(name)s" stands twice in one object. Remove one of the two.'), name=twice)
    return found


def _scalar(value: Any) -> Scalar:
    return value if value is None or isinstance(value, str | bool) else json.dumps(value, ensure_ascii=False)
