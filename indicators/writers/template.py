"""The template of a bureau, form and period as a workbook (docs/upload-format.md section 2), for Excel, WPS and LibreOffice alike."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from indicators import passport
from indicators.form_rows import FormRow
from indicators.marks import gettext_noop as _
from indicators.periods import Period
from indicators.writers import guide
from indicators.writers.entering import comment, message, validation
from indicators.writers.language import Language

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

# The names are the format's own, not a translator's: indicators/parsing.py reads both.
SHEET = "填报表"
LABELS = {True: ("表号", "填报单位", "报告期"), False: ("form", "bureau", "period")}
HEADERS = {
    True: ("指标代码", "指标名称", "地区代码", "地区", "计量单位", "上年同期", "上期", "数值", "数据来源", "说明"),
    False: ("indicator", "name", "area", "area_name", "unit", "year before", "period before", "value", "source", "note"),
}
NOT_YET_DUE = {True: "未到期", False: "not yet due"}
FONTS = {True: "微软雅黑", False: "Arial"}
WIDTHS = (12, 40, 11, 15, 14, 15, 15, 17, 24, 32)
CODE, NAME, AREA, YEAR_BEFORE, PREVIOUS, VALUE, SOURCE, NOTE = 0, 1, 2, 5, 6, 7, 8, 9  # columns, counted from 0
FIRST = 5  # 0-based line of the first figure
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True, slots=True)
class Filled:
    """What already stands in a row: a number, or the text where it is a word or cannot be read; source and note."""

    value: Decimal | None = None
    text: str = ""
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """A figure of an earlier file that has no place in this template, and why (a sentence in the reader's language)."""

    cell: str
    indicator: str
    area: str
    text: str
    source: str
    note: str
    reason: str


@dataclass(frozen=True)
class Template:
    """What a template is made of. `form`, `bureau` and `period` are code and name; `due` is the last day in time or "". `rows` are the
    lines in the form's order, `filled` the values carried over by FormRow.key, `left` those that could not be."""

    form: tuple[str, str]
    bureau: tuple[str, str]
    period: tuple[str, str]
    due: str
    rows: Sequence[FormRow]
    passport: str
    language: Language
    filled: Mapping[str, Filled] = field(default_factory=dict)
    left: Sequence[Left] = ()

    @property
    def title(self) -> str:
        return f"{self.form[1]} · {self.period[1]}"


def write(template: Template) -> bytes:
    """The workbook. Same template, same bytes; every text is a text, never a formula."""
    import xlsxwriter

    buffer, period = io.BytesIO(), Period.parse(template.period[0])
    font = {"font_name": FONTS[template.language.chinese], "font_size": 10, "valign": "vcenter"}
    with xlsxwriter.Workbook(buffer, {**_OPTIONS, "default_format_properties": font}) as book:
        book.set_properties({"title": template.title, "created": datetime(2000, 1, 1, tzinfo=UTC)})
        sheet = book.add_worksheet(SHEET)
        _head(book, sheet, template)
        looks = _Looks(book)
        for line, row in enumerate(template.rows, start=FIRST):
            _row(sheet, line, row, template, period, looks)
        _page(book, sheet, template)
        guide.add(book, template.title, template.rows, period, template.language)
        if template.left:
            guide.add_left(book, [astuple(left) for left in template.left], template.language)
        hidden = book.add_worksheet(passport.SHEET)
        hidden.write_string(0, 0, template.passport)
        hidden.very_hidden()
    return buffer.getvalue()


def _head(book: "Workbook", sheet: "Worksheet", template: Template) -> None:
    """Title, heading lines and header row."""
    quiet, bold = book.add_format({"font_color": "#5B6472", "indent": 1}), book.add_format({"bold": True, "indent": 1})
    sheet.set_row(0, 30)
    sheet.write_string(0, CODE, template.title, book.add_format({"bold": True, "font_size": 16, "font_color": "#1F2A37", "indent": 1}))
    lines = zip(LABELS[template.language.chinese], (template.form, template.bureau, template.period), strict=True)
    for line, (label, (code, name)) in enumerate(lines, start=1):
        sheet.set_row(line, 18)
        for column, text, look in ((CODE, label, quiet), (NAME, code, bold), (AREA, name, quiet)):
            sheet.write_string(line, column, text, look)
    hint = _("Fill in the yellow cells; due by %(due)s.") if template.due else _("Fill in the yellow cells.")
    amber = book.add_format({"font_color": "#8A6100", "indent": 1})
    sheet.write_string(3, VALUE, template.language.say(hint) % {"due": template.due}, amber)
    sheet.set_row(FIRST - 1, 24)
    head = {"bold": True, "bg_color": "#E8EDF3", "font_color": "#1F2A37", "top": 1, "bottom": 1, "border_color": "#A9B4C2"}
    left, right = (book.add_format({**head, "align": side, "indent": 1}) for side in ("left", "right"))
    for column, (name, width) in enumerate(zip(HEADERS[template.language.chinese], WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(FIRST - 1, column, name, right if column in (YEAR_BEFORE, PREVIOUS, VALUE) else left)


class _Looks:
    """The formats of a row's cells, each made once."""

    def __init__(self, book: "Workbook") -> None:
        self._book = book
        line = {"bottom": 1, "border_color": "#DDE3EA", "indent": 1}
        box = {"border": 1, "border_color": "#DCD3AE", "bg_color": "#FFFBE6", "locked": False, "indent": 1}
        self._known = {**line, "font_color": "#5B6472", "align": "right"}
        self._by_decimals: dict[int, Any] = {}
        self.text = book.add_format({**line, "text_wrap": True})
        self.code = book.add_format({**line, "font_color": "#5B6472"})
        # No number format: a digit that one hides is a digit nobody checks.
        self.value = book.add_format({**box, "align": "right", "bold": True})
        self.words = book.add_format({**box, "text_wrap": True, "num_format": "@"})
        self.closed = book.add_format({**line, "bg_color": "#F1F3F5", "font_color": "#6B7280", "align": "right"})

    def known(self, decimals: int) -> Any:
        """An approved figure with the indicator's decimals."""
        if decimals not in self._by_decimals:
            shown = "#,##0" + ("." + "0" * decimals if decimals else "")
            self._by_decimals[decimals] = self._book.add_format({**self._known, "num_format": shown})
        return self._by_decimals[decimals]


def _row(sheet: "Worksheet", line: int, row: FormRow, template: Template, period: Period, looks: _Looks) -> None:
    language, filled = template.language, template.filled.get(row.key, Filled())
    for column, text in enumerate((row.indicator, row.indicator_name, row.area, row.area_name, row.spec.unit)):
        sheet.write_string(line, column, text, looks.code if column in (CODE, AREA) else looks.text)
    sheet.write_comment(line, NAME, comment(row, period, language), {"x_scale": 2.2, "y_scale": 1.7, "font_size": 9, "author": "qhenv"})
    for column, value in ((YEAR_BEFORE, row.year_before), (PREVIOUS, row.previous)):
        if value is None:
            sheet.write_string(line, column, "—", looks.known(0))
        else:
            sheet.write_number(line, column, float(value), looks.known(row.spec.decimals))
    if row.asked:
        _write_value(sheet, line, filled, looks.value)
        rule = {**validation(row, f"H{line + 1}", language), **message(row, period, language)}
        sheet.data_validation(line, VALUE, line, VALUE, rule)
    else:
        sheet.write_string(line, VALUE, NOT_YET_DUE[language.chinese], looks.closed)
    for column, text in ((SOURCE, filled.source), (NOTE, filled.note)):
        sheet.write_string(line, column, text, looks.words) if text else sheet.write_blank(line, column, None, looks.words)
    texts = ((NAME, row.indicator_name), (AREA + 1, row.area_name), (SOURCE, filled.source), (NOTE, filled.note))
    sheet.set_row(line, 16 * max(guide.lines(text, WIDTHS[column]) for column, text in texts) + 6)


def _write_value(sheet: "Worksheet", line: int, filled: Filled, look: Any) -> None:
    """A number where a workbook keeps it exactly, else its text."""
    value = filled.value
    if value is not None and Decimal(repr(float(value))) == value:
        sheet.write_number(line, VALUE, float(value), look)
    elif text := filled.text if value is None else f"{value:f}":
        sheet.write_string(line, VALUE, text, look)
    else:
        sheet.write_blank(line, VALUE, None, look)


def _page(book: "Workbook", sheet: "Worksheet", template: Template) -> None:
    """Protection, frozen heading, and the paper copy: A4 across, the header on each page, the lines to sign at the foot."""
    end = FIRST + len(template.rows) + 1
    signs = _("Filled in by: __________      Statistics: __________      Head of the bureau: __________      Date: __________")
    sheet.set_row(end, 30)
    sheet.write_string(end, CODE, template.language.say(signs), book.add_format({"font_color": "#1F2A37", "indent": 1}))
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.freeze_panes(FIRST, AREA)
    sheet.set_selection(FIRST, VALUE, FIRST, VALUE)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(FIRST - 1)
    sheet.print_area(0, CODE, end, NOTE)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.set_footer(f"&L{template.bureau[1].replace('&', '&&')}&C{template.form[0]}  {template.period[0]}&R&P / &N")
