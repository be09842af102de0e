"""What is typed into the browser's grid: changes to cells, and the body a finished draft is sent as. Plain data, no database."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from indicators.form_rows import FormRow
from indicators.marks import gettext_noop as _
from indicators.rows import Cell, Finding

COLUMNS = {"value": 100, "source": 300, "note": 500}  # the most characters of each
BODY_COLUMNS = ("indicator", "area", "unit", *COLUMNS)

Cells = Mapping[str, Mapping[str, str]]  # "A5/630200" → column → text as typed; what is empty is not there


class BadChange(ValueError):
    """A change that no page of ours sends. `message` is an English sentence marked for translation, `params` fill its places."""

    def __init__(self, message: str, **params: str) -> None:
        super().__init__(message % params)
        self.message, self.params = message, params


@dataclass(frozen=True, slots=True)
class Change:
    """One cell typed anew. `was` is what its window believed to stand there before, None where it cannot tell (a page without scripts)."""

    key: str
    column: str
    text: str
    was: str | None = None


def read_changes(stated: object, keys: Collection[str]) -> list[Change]:
    """The changes of a request, [{"key", "column", "text", "was"}]; `keys` are the lines that are asked. BadChange for anything else."""
    if not isinstance(stated, list) or not all(isinstance(one, dict) for one in stated):
        raise BadChange(_("The changes must be a list of objects with key, column, text and was."))
    return [_change(one, keys) for one in stated]


def _change(one: Mapping[str, object], keys: Collection[str]) -> Change:
    key, column, text, was = (one.get(name) for name in ("key", "column", "text", "was"))
    if not isinstance(key, str) or key not in keys:
        raise BadChange(_("The form does not ask for “%(key)s” in this period. Load the page again."), key=str(key))
    if not isinstance(column, str) or column not in COLUMNS:
        raise BadChange(_("There is no column “%(column)s”. Load the page again."), column=str(column))
    if not isinstance(text, str) or not isinstance(was, str | None):
        raise BadChange(_("The changes must be a list of objects with key, column, text and was."))
    if len(text) > COLUMNS[column]:
        raise BadChange(_("The text of %(key)s is longer than %(most)s characters. Shorten it."), key=key, most=str(COLUMNS[column]))
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise BadChange(_("The text of %(key)s contains characters that no text can have. Type it anew."), key=key)
    return Change(key, column, text.strip(), None if was is None else was.strip())


def merge(cells: Cells, changes: Iterable[Change], *, stale: bool = False) -> tuple[dict[str, dict[str, str]], list[Change]]:
    """The cells with the changes in place, and those that are not: somebody else has typed into the same cell since its window read it.
    A change that is there already is no conflict, so that one sent twice does no harm. `stale`: a window that cannot tell what it had
    before had read an older draft."""
    merged, conflicts = {key: dict(texts) for key, texts in cells.items()}, []
    for change in changes:
        current = merged.get(change.key, {}).get(change.column, "")
        if current == change.text:
            continue
        if (stale and current) if change.was is None else change.was != current:
            conflicts.append(change)
        else:
            merged.setdefault(change.key, {})[change.column] = change.text
    filled = {key: {column: text for column, text in texts.items() if text} for key, texts in merged.items()}
    return {key: texts for key, texts in filled.items() if texts}, conflicts


def body_of(form: str, bureau: str, period: str, rows: Sequence[FormRow], cells: Cells, corrects: int | None = None) -> bytes:
    """The draft as a JSON body of docs/upload-format.md: one row for every figure that is asked, an empty value where none is typed.
    `corrects` is the submission it corrects: without it a correction back to earlier figures would be the bytes that are there already."""
    lines = [
        {"indicator": row.indicator, "area": row.area, "unit": row.spec.unit}
        | {column: cells.get(row.key, {}).get(column, "") for column in COLUMNS}
        for row in rows
        if row.asked
    ]
    heading: dict[str, object] = {"form": form, "bureau": bureau, "period": period}
    body = heading | ({"corrects": corrects} if corrects else {}) | {"rows": lines}
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


def place_of(finding: Finding, rows: Sequence[FormRow]) -> tuple[str, str]:
    """The line's key and the column of the grid a finding of such a body belongs to; ("", "") where it is about no line."""
    asked = [row for row in rows if row.asked]
    cell = finding.cell
    if cell and 0 < cell.row <= len(asked):
        return asked[cell.row - 1].key, _column(cell)
    key = f"{finding.indicator}/{finding.area}"
    return (key, "value") if any(row.key == key for row in asked) else ("", "")


def _column(cell: Cell) -> str:
    name = BODY_COLUMNS[cell.column - 1] if 0 < cell.column <= len(BODY_COLUMNS) else ""
    return name if name in COLUMNS else "value"


def comparable(row: FormRow, number: int, most: int = 8) -> Sequence[tuple[str, float]]:
    """The past of a line as its small line shows it, oldest first: of a flow, which is filed year-to-date, the same `number` of every
    year; of anything else the last `most` periods."""
    flow = row.spec.kind == "flow"
    past = [(code, float(value)) for code, value in row.history if not flow or _number(code) == number]
    return past[-most:]


def _number(code: str) -> int:
    from indicators.rules.figures import period_of

    return period_of(code).number


def trend_points(values: Sequence[float], width: int = 100, height: int = 28) -> Sequence[tuple[float, float]]:
    """The places of a line through `values` in a box, with a margin above and below; none for fewer than two."""
    if len(values) < 2:
        return ()
    low, reach, step = min(values), (max(values) - min(values)) or 1, width / (len(values) - 1)
    return [(round(place * step, 1), round(height - 4 - (value - low) / reach * (height - 8), 1)) for place, value in enumerate(values)]
