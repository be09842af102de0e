"""Figures of an earlier file into the lines of the current template, by indicator and area; what has no place is listed."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from indicators.form_rows import FormRow
from indicators.marks import gettext_noop as _
from indicators.rows import NORMAL, NOT_YET_DUE, Row
from indicators.writers.template import Filled, Left

NO_LINE = _("The form does not ask for it in this period and area.")
NOT_COLLECTED = _("It is not collected in this period.")
TWICE = _("The same indicator and area stand twice; the first was carried over.")
OTHER_PERIOD = _("It is of another period: %(period)s.")
OTHER_UNIT = _("It is in another unit: %(found)s instead of %(expected)s. Convert it.")


def carry(rows: Sequence[Row], lines: Sequence[FormRow], period: str, say: Callable[[str], str]) -> tuple[dict[str, Filled], list[Left]]:
    """What to fill in by FormRow.key, and what is left. A period a row does not state itself does not matter: an old template filled
    with new figures is the usual case."""
    asked = {line.key: line for line in lines}
    areas = {line.area for line in lines}
    filled: dict[str, Filled] = {}
    left = []
    for row in rows:
        area = row.area or (next(iter(areas)) if len(areas) == 1 else "")
        key = f"{row.indicator}/{area}"
        reason = _reason(row, asked.get(key), key in filled, period, say)
        if not reason:
            filled[key] = Filled(*_value(row, asked[key]), row.source, row.note)
        elif row.text or row.note or row.source:
            left.append(Left(str(row.cell), row.indicator, row.area, _as_written(row), row.source, row.note, reason))
    return filled, left


def _reason(row: Row, line: FormRow | None, twice: bool, period: str, say: Callable[[str], str]) -> str:
    """Why a row cannot be carried over; "" where it can."""
    if line is None:
        return say(NO_LINE)
    if not line.asked and row.text and row.status != NOT_YET_DUE:
        return say(NOT_COLLECTED)
    if twice:
        return say(TWICE)
    if _states_period(row) and row.period and row.period != period:
        return say(OTHER_PERIOD) % {"period": row.period}
    if row.unit and row.unit != line.spec.unit and row.value is not None:
        return say(OTHER_UNIT) % {"found": row.unit, "expected": line.spec.unit or "—"}
    return ""


def _states_period(row: Row) -> bool:
    return "period" in row.cells and row.cells["period"].row == row.cell.row


def _value(row: Row, line: FormRow) -> tuple[Decimal | None, str]:
    """The number as it was read; of a stage, a word or something unreadable the text."""
    if row.value is None or row.status != NORMAL or line.spec.kind == "milestone":
        return None, row.text
    return row.value, ""


def _as_written(row: Row) -> str:
    return f"{row.text} {row.unit}".strip()
