"""One cell to one value, as docs/upload-format.md section 4 says. Every repair leaves a note."""

import re
from collections.abc import Mapping
from decimal import Decimal

from indicators.marks import gettext_noop as _
from indicators.readers.table import Scalar
from indicators.rows import MISSING, NORMAL, NOT_APPLICABLE, NOT_YET_DUE, WITHHELD
from indicators.rules import reading
from indicators.rules.rule import Rule
from indicators.units import in_unit

MISSING_MARKS = {"", "无", "缺"}
NOT_APPLICABLE_MARKS = {"不适用", "n/a"}
WITHHELD_MARKS = {"保密"}
NOT_YET_DUE_MARKS = {"未到期", "not yet due"}
STAGE_WORDS = {
    "未启动": 0,
    "not started": 0,
    "进行中": 1,
    "under way": 1,
    "基本完成": 2,
    "mostly done": 2,
    "已完成": 3,
    "done": 3,
}
MAX_DIGITS = 15

DASHES = re.compile(r"[-—－–…]{1,3}")
# What most cells hold: with at most 15 characters it keeps to 15 digits, and nothing needs repair.
_USUAL, _USUAL_LENGTH = re.compile(r"-?[0-9]+(\.[0-9]+)?"), 15
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，＋－−\u3000\u00a0\u2009\u202f", "0123456789.,+--    ")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?")
# A number, its thousands apart by commas or spaces if at all, and a multiplier or unit behind it.
_MEASURED = re.compile(r"([+-]?(?:[0-9]{1,3}(?:[, ][0-9]{3})+|[0-9]+)(?:\.[0-9]+)?) *([^0-9\s.,+-].*)")
# A number with at most this many digits once Excel's 15 are kept was typed so: the rest are the remains of a calculation.
_CLEAN_DIGITS = 12

Found = tuple[Rule, str, Mapping[str, object]]


def read_value(
    raw: Scalar, formula: bool | None = None, milestone: bool = False, unit: str | None = None
) -> tuple[Decimal | None, str, list[Found]]:
    """Value, status and what was found, for one cell. `formula`: None for a plain cell, else whether a result is stored. `unit` is the
    indicator's; None where the indicator is not known."""
    text = text_of(raw)
    if formula is None and len(text) <= _USUAL_LENGTH and (text == raw or not isinstance(raw, str)) and _USUAL.fullmatch(text):
        return Decimal(text) + 0, NORMAL, []  # minus zero is zero
    found: list[Found] = []
    if formula is False:
        message = _("The formula has no stored result. Save the file again in Excel or WPS, or type the number.")
        return None, NORMAL, [(reading.FORMULA_WITHOUT_VALUE, message, {})]
    if formula:
        found.append((reading.FORMULA_VALUE, _("The cell is a formula; its stored result %(value)s was read."), {"value": text}))
    plain = _plain_number(text)
    if not plain and text.startswith("#"):
        found.clear()  # an error, not a result that was used
    if not plain:
        word = text.casefold()
        if (status := _status(word)) != NORMAL:
            return None, status, found
        if milestone:
            return _stage(text, found)
        return _with_unit(text, unit, found)
    value = _within_digits(Decimal(plain), isinstance(raw, float), bool(formula))
    if value is None:
        return None, NORMAL, [*found, _too_many_digits(text)]
    if not formula and (value != Decimal(plain) or (isinstance(raw, str) and plain != raw)):
        message = _('Written as "%(found)s", read as %(value)s.')
        found.append((reading.NUMBER_REPAIRED, message, {"found": raw, "value": format(value, "f")}))
    return value, NORMAL, found


def _stage(text: str, found: list[Found]) -> tuple[Decimal | None, str, list[Found]]:
    stage = STAGE_WORDS.get(text.casefold())
    if stage is not None:
        return Decimal(stage), NORMAL, found
    message = _("%(found)s is not a stage. Write 0 (not started), 1 (under way), 2 (mostly done) or 3 (done).")
    return None, NORMAL, [*found, (reading.NOT_A_NUMBER, message, {"found": text})]


def _with_unit(text: str, unit: str | None, found: list[Found]) -> tuple[Decimal | None, str, list[Found]]:
    """A number with a multiplier or unit behind it, in the unit of the indicator; anything else is no number."""
    match = _MEASURED.fullmatch(text.translate(_FULL_WIDTH))
    if not match:
        message = _("%(found)s is not a number. Write the number alone, or leave the cell empty if there is none.")
        return None, NORMAL, [*found, (reading.NOT_A_NUMBER, message, {"found": text})]
    if not unit:
        message = _("%(found)s carries a multiplier or unit, and no unit is known to read it in. Write the number alone.")
        return None, NORMAL, [*found, (reading.NOT_A_NUMBER, message, {"found": text})]
    stated = _within_digits(Decimal(match[1].replace(",", "").replace(" ", "")), computed=False, formula=False)
    value = None if stated is None else in_unit(stated, match[2], unit)
    if stated is not None and value is None:
        message = _("%(found)s does not lead to the unit of the indicator, %(unit)s. Write the number alone, in %(unit)s.")
        return None, NORMAL, [*found, (reading.NOT_A_NUMBER, message, {"found": text, "unit": unit})]
    value = None if value is None else _within_digits(value, computed=False, formula=False)
    if value is None:
        return None, NORMAL, [*found, _too_many_digits(text)]
    message = _('Written as "%(found)s", read as %(value)s %(unit)s.')
    return value, NORMAL, [*found, (reading.UNIT_IN_CELL, message, {"found": text, "value": format(value, "f"), "unit": unit})]


def _too_many_digits(text: str) -> Found:
    return reading.TOO_MANY_DIGITS, _("%(found)s has more digits than the 15 a spreadsheet keeps. Round it."), {"found": text}


def _plain_number(text: str) -> str:
    """The text with full-width digits and thousands marks made plain, or "" where it is no number even then."""
    if _NUMBER.fullmatch(text):
        return text
    plain = text.translate(_FULL_WIDTH)
    plain = plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain
    return plain if _NUMBER.fullmatch(plain) else ""


def _status(word: str) -> str:
    if word in MISSING_MARKS or DASHES.fullmatch(word):
        return MISSING
    if word in NOT_APPLICABLE_MARKS:
        return NOT_APPLICABLE
    if word in NOT_YET_DUE_MARKS:
        return NOT_YET_DUE
    return WITHHELD if word in WITHHELD_MARKS else NORMAL


def _within_digits(value: Decimal, computed: bool, formula: bool) -> Decimal | None:
    """The value where it keeps to 15 significant digits, at most 15 of them behind the point; else None. What a program computed
    may end in the remains of binary arithmetic (0.30000000000000004): it is taken to the 15 digits the program shows."""
    if value.adjusted() >= MAX_DIGITS:
        return None
    if not _fits(value) and _digits(value) <= MAX_DIGITS:
        value = value.normalize()
    if _fits(value):
        return value + 0  # minus zero is zero
    kept = Decimal(f"{value:.{MAX_DIGITS}g}").normalize() + 0 if computed else value
    if formula:
        return round(kept, MAX_DIGITS) if not _fits(kept) else kept
    return kept if _fits(kept) and _digits(kept) <= _CLEAN_DIGITS else None


def _fits(value: Decimal) -> bool:
    _sign, digits, exponent = value.as_tuple()
    return (len(digits) <= MAX_DIGITS or _digits(value) <= MAX_DIGITS) and isinstance(exponent, int) and exponent >= -MAX_DIGITS


def _digits(value: Decimal) -> int:
    """Significant digits; zeros at either end do not count."""
    return len("".join(map(str, value.as_tuple().digits)).strip("0"))


def text_of(cell: Scalar) -> str:
    """A cell as a person sees it. Numbers are written out: 630200, not 630200.0; 0.00001, not 1e-05."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else format(Decimal(repr(cell)), "f")
    return str(cell).upper()
