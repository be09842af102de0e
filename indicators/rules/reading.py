"""Codes the readers and the parser find themselves, before there are rows to check."""

from indicators.marks import gettext_noop as _
from indicators.rows import ERROR, NOTE
from indicators.rules.rule import Rule

UNREADABLE = Rule(
    "unreadable",
    ERROR,
    _("File cannot be read"),
    _(
        "The file is not what its ending says, is damaged, protected by a password, holds macros "
        "or links to other files, or is far too large. "
        "Open it in Excel or WPS, save it as a plain .xlsx workbook without password and macros, and send it again."
    ),
)
ENCODING_GUESSED = Rule(
    "encoding_guessed",
    NOTE,
    _("Encoding of the file guessed"),
    _(
        "The CSV file is not UTF-8 and was read as GB18030, the encoding Chinese office programs save in. "
        "Check that names and notes look right; nothing else is needed. “CSV UTF-8” leaves no doubt."
    ),
)
HIDDEN_ROW = Rule(
    "hidden_row",
    NOTE,
    _("Hidden row was read"),
    _("The row is hidden or filtered away in the workbook and was read like any other. Delete it if its figure is not meant to be sent."),
)
MERGED_CELL = Rule(
    "merged_cell",
    NOTE,
    _("Taken from a merged cell"),
    _(
        "The indicator, area, period or unit of the row stands in a merged cell that begins above it and was taken from there. "
        "Check that the merged cell is meant for this row as well."
    ),
)
UNIT_IN_CELL = Rule(
    "unit_in_cell",
    NOTE,
    _("Number with a unit was read"),
    _(
        "The number was written with a multiplier, such as ten thousand, or with a unit, and was read in the unit of the indicator. "
        "Check that the value shown is the one you mean; nothing else is needed."
    ),
)
NO_HEADER = Rule(
    "no_header",
    ERROR,
    _("No header row"),
    _(
        "No sheet has a header row that names at least the "
        "indicator code and the value. "
        "Use the template, or write “indicator” and “value” above the columns, "
        "within the first 30 rows of a visible sheet."
    ),
)
NOT_A_NUMBER = Rule(
    "not_a_number",
    ERROR,
    _("Not a number"),
    _(
        "A value must be a number, alone or in a unit that leads to the indicator's, or one of the words for missing, not applicable, "
        "withheld and not yet due; a milestone takes a stage. Write the number alone; leave the cell empty if there is none yet."
    ),
)
NUMBER_REPAIRED = Rule(
    "number_repaired",
    NOTE,
    _("Number read with a small repair"),
    _(
        "The number was written with full-width digits, thousands marks, spaces or remains of a calculation and was read. "
        "Check that the value shown is the one you mean; nothing else is needed."
    ),
)
FORMULA_WITHOUT_VALUE = Rule(
    "formula_without_value",
    ERROR,
    _("Formula without a result"),
    _(
        "The cell holds a formula, but the program that saved the file stored no result beside it. "
        "Open the file in Excel or WPS and save it again, or type the number."
    ),
)
FORMULA_VALUE = Rule(
    "formula_value",
    NOTE,
    _("Result of a formula used"),
    _("The cell holds a formula; the result stored in the file was read, to 15 significant digits. Check that it is the figure you mean."),
)
TOO_MANY_DIGITS = Rule(
    "too_many_digits",
    ERROR,
    _("Too many digits"),
    _(
        "A number can carry 15 significant digits, 15 of them behind the point at most, and must be smaller than 1,000,000,000,000,000; "
        "a spreadsheet cannot keep more. Round the number."
    ),
)
TEXT_CUT = Rule(
    "text_cut",
    NOTE,
    _("Text shortened"),
    _("A source keeps 300 characters, a note 500. What is longer is cut. Shorten it, or attach the whole as evidence."),
)
UNKNOWN_PERIOD = Rule(
    "unknown_period",
    ERROR,
    _("Period cannot be read"),
    _(
        "The period is missing or written in a way the system does not know. Write 2014, 2014-Q3 or 2014-M7, "
        "in a heading line or in the period column."
    ),
)
UNKNOWN_VINTAGE = Rule(
    "unknown_vintage",
    ERROR,
    _("Vintage cannot be read"),
    _("The vintage says how final a figure is: express, preliminary or final. Write one of these words, or leave the cell empty."),
)

RULES = (
    UNREADABLE,
    ENCODING_GUESSED,
    HIDDEN_ROW,
    MERGED_CELL,
    UNIT_IN_CELL,
    NO_HEADER,
    NOT_A_NUMBER,
    NUMBER_REPAIRED,
    FORMULA_WITHOUT_VALUE,
    FORMULA_VALUE,
    TOO_MANY_DIGITS,
    TEXT_CUT,
    UNKNOWN_PERIOD,
    UNKNOWN_VINTAGE,
)
