"""What helps a person at one input cell of the template: the check of what is typed, the message beside it, the comment at the name."""

from collections.abc import Mapping
from typing import Any

from indicators.form_rows import FormRow
from indicators.marks import gettext_noop as _
from indicators.periods import Period
from indicators.rows import STAGES
from indicators.writers.language import Language

# Of docs/upload-format.md section 4: the words that may stand for a number, as a formula looks for them, and those of a stage's list.
WORDS = "|—|－|-|…|无|缺|不适用|n/a|保密|未到期|not yet due|"
STAGE_WORDS = {True: ("未启动", "进行中", "基本完成", "已完成", "不适用", "未到期"), False: (*STAGES, "n/a", "not yet due")}
STATES = {True: "无、不适用、保密、未到期", False: "-, n/a, 保密 (withheld), not yet due"}
_TITLE, _MESSAGE = 32, 255  # the most Excel takes

KINDS = {
    "flow": _("Sum since the beginning of the year: January to month %(month)s."),
    "stock": _("State at the end of the period."),
    "milestone": _("Stage at the end of the period. The last stage needs a note that names the evidence and its date."),
}
# By whether it is a count: between two bounds, from one on, any.
_EXPECTED = {
    True: (
        _("A whole number from %(low)s to %(high)s, or one of the words: %(words)s."),
        _("A whole number of at least %(low)s, or one of the words: %(words)s."),
        _("A whole number, or one of the words: %(words)s."),
    ),
    False: (
        _("A number from %(low)s to %(high)s, or one of the words: %(words)s."),
        _("A number of at least %(low)s, or one of the words: %(words)s."),
        _("A number, or one of the words: %(words)s."),
    ),
}


def validation(row: FormRow, address: str, language: Language) -> Mapping[str, Any]:
    """Of an input cell: a list for a stage; for a number its bounds, or one of the words. It may be left empty."""
    if row.spec.kind == "milestone":
        check = {"validate": "list", "source": list(STAGE_WORDS[language.chinese])}
    else:
        check = {"validate": "custom", "value": _formula(row, address)}
    title = language.say(_("Please check this value"))
    return {**check, "error_title": title[:_TITLE], "error_message": _expected(row, language)[:_MESSAGE], "error_type": "stop"}


def _formula(row: FormRow, address: str) -> str:
    """Plain functions every office program knows, and under the 255 characters a check may have."""
    low, high = row.spec.minimum, row.spec.maximum
    tests = [f"{address}>={low.normalize():f}"] if low is not None else []
    tests += [f"{address}<={high.normalize():f}"] if high is not None else []
    tests += [f"{address}=INT({address})"] if row.spec.decimals == 0 else []
    word = f'ISNUMBER(FIND("|"&LOWER(TRIM({address}))&"|","{WORDS}"))'
    return f"=IF(ISNUMBER({address}),AND({','.join(tests) or 'TRUE'}),{word})"


def _expected(row: FormRow, language: Language) -> str:
    if row.spec.kind == "milestone":
        return language.say(_("Choose a stage from the list."))
    low, high = (f"{bound.normalize():f}" if bound is not None else "" for bound in (row.spec.minimum, row.spec.maximum))
    sentences = _EXPECTED[row.spec.decimals == 0]
    sentence = sentences[0] if low and high else sentences[1] if low else sentences[2]
    return language.say(sentence) % {"low": low, "high": high, "words": STATES[language.chinese]}


def message(row: FormRow, period: Period, language: Language) -> Mapping[str, str]:
    """What appears beside the cell when it is chosen: the name, what is asked in which unit, the last figures."""
    known = ((_("Same period last year: %(value)s"), row.year_before), (_("Period before: %(value)s"), row.previous))
    lines = [language.say(text) % {"value": f"{value.normalize():,f}"} for text, value in known if value is not None]
    lines = [kind(row, period, language), *_unit(row, language), *lines]
    return {"input_title": row.indicator_name[:_TITLE], "input_message": "\n".join(lines)[:_MESSAGE]}


def comment(row: FormRow, period: Period, language: Language) -> str:
    """What the indicator means, at its name."""
    return "\n".join(filter(None, [row.indicator_name, *_unit(row, language), kind(row, period, language), row.note]))


def _unit(row: FormRow, language: Language) -> list[str]:
    return [language.say(_("Unit: %(unit)s")) % {"unit": row.unit}] if row.unit else []


def kind(row: FormRow, period: Period, language: Language) -> str:
    """Over what time, or at which moment, the figure is; "" for what explains itself."""
    return language.say(KINDS[row.spec.kind]) % {"month": period.month} if row.spec.kind in KINDS else ""
