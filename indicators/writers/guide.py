"""The sheets of a template that are only read by people: how to fill it in, and what could not be carried over.

Neither has a header row in the sense of docs/upload-format.md section 2, so that nothing on them is taken for a figure."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from indicators.form_rows import FormRow
from indicators.marks import gettext_noop as _
from indicators.periods import Period
from indicators.writers.entering import STATES, kind
from indicators.writers.language import Language

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

SHEET, LEFT_SHEET = "填报说明", "未带入数据"
STEPS = (
    _("Type into the yellow cells only: the figure, where it comes from, and a remark. Everything else is locked and prefilled."),
    _("Amounts of a year are filed year-to-date: this period holds January to month %(month)s. Stocks are the state at the period's end."),
    _("Give each figure in the unit of its row. Zero is 0; leave a cell empty only where there is no figure yet."),
    _("Instead of a number you may write one of the words: %(words)s."),
    _("Where a figure differs much from last year's or the period before, say why in the last column: then no question is left open."),
    _("A workbook keeps 15 digits of a number. Formulas are allowed; their stored result is read."),
    _("Save it as a workbook (.xlsx, .xls or .ods) and upload it as it is. Do not delete sheets; the name of the file does not matter."),
    _("The check lists all it finds at once. You can take the file back with the findings at its cells, mend it and upload it again."),
    _("For the paper copy print the first sheet: it fits A4 across and has the lines to sign at its foot."),
)
_LINE = 16


def add(book: "Workbook", title: str, rows: Sequence[FormRow], period: Period, language: Language) -> None:
    """How to fill in the template, and what each indicator means."""
    sheet = book.add_worksheet(SHEET)
    say = language.say
    head = _begin(book, sheet, say(_("How to fill in this template")), title, (6, 12, 44, 20, 84))
    number, text = book.add_format({"font_color": "#5B6472"}), _cell(book)
    for line, step in enumerate(STEPS, start=3):
        sheet.write_string(line, 0, f"{line - 2}.", number)
        sheet.write_string(line, 1, say(step) % {"month": period.month, "words": STATES[language.chinese]})
        sheet.set_row(line, 20)
    top = len(STEPS) + 4
    for column, name in enumerate((_("No."), _("Code"), _("Name of the indicator"), _("Measured in"), _("Meaning"))):
        sheet.write_string(top, column, say(name), head)
    meant = list({row.indicator: row for row in rows}.values())
    for line, row in enumerate(meant, start=top + 1):
        meaning = " ".join(filter(None, (kind(row, period, language), row.note))) or "—"
        for column, said in enumerate((f"{line - top}", row.indicator, row.indicator_name, row.unit, meaning)):
            sheet.write_string(line, column, said, text)
        sheet.set_row(line, _LINE * max(lines(meaning, 84), lines(row.indicator_name, 44)) + 6)


def add_left(book: "Workbook", left: Sequence[Sequence[str]], language: Language) -> None:
    """What could not be carried over: cell, indicator, area, figure as written, source, remark, reason. Nothing is lost in silence."""
    sheet = book.add_worksheet(LEFT_SHEET)
    say, widths = language.say, (16, 12, 12, 18, 24, 32, 60)
    lead = say(_("These figures of your file have no place in the current template. Type in what still applies."))
    head = _begin(book, sheet, say(_("Not carried over")), lead, widths)
    names = (_("Was in cell"), _("Code"), _("Code of the area"), _("As written"), _("Came from"), _("Remark"), _("Why it was left out"))
    for column, name in enumerate(names):
        sheet.write_string(3, column, say(name), head)
    text = _cell(book)
    for line, texts in enumerate(left, start=4):
        for column, said in enumerate(texts):
            sheet.write_string(line, column, said, text)
        sheet.set_row(line, _LINE * max(map(lines, texts, widths)) + 6)


def _cell(book: "Workbook") -> "Format":
    return book.add_format({"text_wrap": True, "bottom": 1, "border_color": "#DDE3EA"})


def lines(text: str, width: int) -> int:
    """How many lines a text takes in a column `width` characters wide; a Chinese character is two, a Latin one a little less than one."""
    return max(1, math.ceil(sum(2 if ord(letter) > 0x2E80 else 0.9 for letter in text) / width))


def _begin(book: "Workbook", sheet: "Worksheet", title: str, lead: str, widths: Sequence[int]) -> "Format":
    """Title, a quiet line under it, column widths, the paper; gives the format of header cells."""
    sheet.hide_gridlines(2)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 16, "font_color": "#1F2A37"}))
    sheet.write_string(1, 0, lead, book.add_format({"font_color": "#5B6472"}))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return book.add_format({"bold": True, "bg_color": "#E8EDF3", "font_color": "#1F2A37", "top": 1, "bottom": 1, "border_color": "#A9B4C2"})
