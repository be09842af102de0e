"""Tables of cells to rows of figures, as docs/upload-format.md sections 2 to 4 say. Every repair leaves a note."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from indicators.layout import Layout, find_layout, name_of
from indicators.marks import gettext_noop as _
from indicators.periods import Period
from indicators.readers.table import Table
from indicators.rows import MOST_CHARACTERS, Cell, Finding, Heading, Row
from indicators.rules import reading
from indicators.telling import Tell, silent
from indicators.values import DASHES, read_value, text_of
from indicators.vintages import read_vintage

LABELS = {"表号": "form", "form": "form", "填报单位": "bureau", "bureau": "bureau", "报告期": "period", "period": "period"}
_YEARS = range(1900, 2101)
_TOLD_ROWS = 2000
_CODE = re.compile(r"[\w.-]+", re.ASCII)


@dataclass(frozen=True)
class Parsed:
    """What the tables say: one heading per sheet read, the figures, and what was found on the way."""

    headings: tuple[Heading, ...] = ()
    rows: tuple[Row, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def heading(self) -> Heading:
        """The first heading that says anything; an empty one where none does."""
        return next((heading for heading in self.headings if heading.form or heading.bureau or heading.period), Heading())


@dataclass(slots=True)
class Places(Mapping[str, Cell]):
    """The cells of one line by column name. Made on demand: a large file has many cells and few findings."""

    sheet: str
    row: int
    columns: Mapping[str, int]
    others: Mapping[str, Cell] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Cell:
        return self.others.get(name) or Cell(self.sheet, self.row, self.columns[name] + 1)

    def __iter__(self) -> Iterator[str]:
        return iter({**self.columns, **self.others})

    def __len__(self) -> int:
        return len({**self.columns, **self.others})


def parse(
    tables: Sequence[Table],
    milestones: frozenset[str] = frozenset(),
    period: str = "",
    units: Mapping[str, str] | None = None,
    tell: Tell = silent,
) -> Parsed:
    """The figures of all tables that have a header row.

    `milestones` are the codes of milestone indicators, whose values may be words; `period` is the code that holds where neither a
    heading nor a row names one; `units` are the units of the indicators by code, for numbers that are written with one. Values are exact;
    one that cannot be read is None with status normal and an error finding."""
    headings: list[Heading] = []
    rows: list[Row] = []
    findings: list[Finding] = []
    lines = sum(len(table.rows) for table in tables)
    for table in tables:
        layout = find_layout(table, findings)
        if layout:
            heading = _heading(table, layout, period, findings)
            headings.append(heading)
            for row in _rows(table, layout, heading, milestones, units or {}, findings):
                rows.append(row)
                if len(rows) % _TOLD_ROWS == 0:
                    tell(len(rows) / lines)
    if tables and not headings and not findings:
        findings.append(
            reading.NO_HEADER.finding(
                _("No sheet has a header row with the columns “indicator” and “value”. Use the template or add the row.")
            )
        )
    return Parsed(tuple(headings), tuple(rows), tuple(findings))


def _heading(table: Table, layout: Layout, given: str, findings: list[Finding]) -> Heading:
    said, cells = dict(table.heading), {}
    for index, line in enumerate(table.rows[: layout.header]):
        label = LABELS.get(name_of(line[0]).rstrip(":")) if line else None
        column = next((place for place, cell in enumerate(line) if place and text_of(cell)), 0)
        if label and column:
            said[label], cells[label] = text_of(line[column]), Cell(table.sheet, table.first + index, column + 1)
    period = read_period(said["period"]) if said.get("period") else given
    if said.get("period") and not period:
        findings.append(_unknown_period(said["period"], cells.get("period")))
    return Heading(said.get("form", ""), said.get("bureau", ""), period, cells)


def _rows(
    table: Table, layout: Layout, heading: Heading, milestones: frozenset[str], units: Mapping[str, str], findings: list[Finding]
) -> Iterator[Row]:
    columns, sheet, formulas = layout.columns, table.sheet, table.formulas
    width, value_at = max(columns.values()) + 1, columns["value"]
    stated_above = bool(heading.period) or "period" in heading.cells or "period" in table.heading
    others = {"period": heading.cells["period"]} if "period" in heading.cells else {}
    for number, line in enumerate(table.rows[layout.body :], start=table.first + layout.body):
        if len(line) < width:
            line = [*line, *[None] * (width - len(line))]
        said = {name: text_of(line[place]) for name, place in columns.items()}
        formula = formulas.get((number, value_at + 1)) if formulas else None
        if formula is None and _is_remark(said):
            continue
        if layout.merged:
            findings.extend(_take_merged(said, table, layout, number))
        own_period, indicator, vintage = said.get("period", ""), said["indicator"], said.get("vintage", "")
        value, status, found = read_value(line[value_at], formula, indicator in milestones, units.get(indicator))
        row = Row(
            cell=Cell(sheet, number, value_at + 1),
            indicator=indicator,
            area=said.get("area", ""),
            period=read_period(own_period) if own_period else heading.period,
            value=value,
            status=status,
            text=said["value"],
            unit=_unit(said.get("unit", "")),
            source=said.get("source", ""),
            note=said.get("note", ""),
            vintage=vintage and (read_vintage(vintage) or ""),
            cells=Places(sheet, number, columns, {} if own_period else others),
        )
        if not row.period and (own_period or not stated_above):
            findings.append(_unknown_period(own_period, row.at("period"), row))
        if vintage and read_vintage(vintage) is None:
            findings.append(_unknown_vintage(vintage, row))
        for name, most in MOST_CHARACTERS.items():
            if len(said.get(name, "")) > most:
                message = _("The text has %(length)s characters; the first %(most)s are kept.")
                params = {"length": len(said[name]), "most": most}
                findings.append(reading.TEXT_CUT.finding(message, params, row.at(name), row.indicator, row.area))
        if number in table.hidden and value is not None:
            findings.append(reading.HIDDEN_ROW.at(row, _("The row is hidden or filtered away. Its figure was read all the same.")))
        findings.extend(rule.at(row, message, **params) for rule, message, params in found)
        yield row


def _take_merged(said: dict[str, str], table: Table, layout: Layout, number: int) -> Iterator[Finding]:
    """Fills in what the row takes from merged cells that begin above it, with a note on each."""
    for name, covered in layout.merged.items():
        top = covered.get(number)
        if top is not None:
            column = layout.columns[name]
            line = table.rows[top - table.first]
            said[name] = text_of(line[column]) if column < len(line) else ""
            message = _("%(found)s stands in the merged cell that begins at %(cell)s and was taken from there.")
            params = {"found": said[name], "cell": Cell("", top, column + 1)}
            yield reading.MERGED_CELL.finding(
                message, params, Cell(table.sheet, number, column + 1), said["indicator"], said.get("area", "")
            )


@lru_cache(maxsize=4096)
def _unit(text: str) -> str:
    return "" if DASHES.fullmatch(text) else text


def _is_remark(said: Mapping[str, str]) -> bool:
    """A blank line, a formatted one, or words under the table: nothing but, at most, a text in the indicator's column that is no code."""
    if said["value"] or _CODE.fullmatch(said["indicator"]):
        return False
    return not any(text for name, text in said.items() if name != "indicator")


@lru_cache(maxsize=4096)
def read_period(text: str) -> str:
    """The code of a period in any spelling of section 3; "" where it is none."""
    try:
        period = Period.parse(text)
    except ValueError:
        return ""
    return str(period) if period.year in _YEARS else ""


def _unknown_period(text: str, cell: Cell | None, row: Row | None = None) -> Finding:
    indicator, area = (row.indicator, row.area) if row else ("", "")
    if not text:
        return reading.UNKNOWN_PERIOD.finding(_("No period is given. Write for example 2014-Q3."), {}, cell, indicator, area)
    return reading.UNKNOWN_PERIOD.finding(
        _("%(found)s is not a period. Write for example 2014, 2014-Q3 or 2014-M7."), {"found": text}, cell, indicator, area
    )


def _unknown_vintage(text: str, row: Row) -> Finding:
    message = _("%(found)s is no vintage. Write express, preliminary or final, or nothing.")
    return reading.UNKNOWN_VINTAGE.finding(message, {"found": text}, row.at("vintage"), row.indicator, row.area)
