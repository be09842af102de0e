"""Files of the project register: reading them, all faults at once (docs/upload-format.md section 8)."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from unicodedata import normalize

from indicators.marks import gettext_noop as _
from indicators.readers.table import Scalar, Table
from indicators.register import HEADINGS, REQUIRED, Facts, ProjectRow, faults
from indicators.rows import ERROR, Cell, Finding
from indicators.values import DASHES, read_value, text_of
from indicators.writers.listing import unguarded

MAX_PROJECTS = 5_000
_COLUMNS = {**HEADINGS, **{name: name for name in (*HEADINGS.values(), "bureau")}}
_HEADER_WITHIN = 30
_DATE = re.compile(r"((?:19|20|21)\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00:00)?")
_Tell = Callable[[str, str, Mapping[str, object]], None]


def read_register(tables: Sequence[Table], facts: Facts, bureau: str = "") -> tuple[list[ProjectRow], list[Finding]]:
    """The projects of a file and all that was found: errors, and a note where a number was repaired. `bureau` is the sender; without
    one the file names the bureau of each project in a column of its own."""
    for table in tables:
        for index, line in enumerate(table.rows[:_HEADER_WITHIN]):
            columns = {_COLUMNS[name]: place for place, cell in enumerate(line) if (name := _name(cell)) in _COLUMNS}
            if "code" in columns and "capacity" in columns:
                return _read_table(table, index, columns, facts, bureau)
    message = _("No sheet has a header row with the columns %(columns)s. Download the register and fill in that file.")
    return [], [_finding(message, {"columns": "、".join(HEADINGS)})]


def _read_table(table: Table, header: int, columns: Mapping[str, int], facts: Facts, bureau: str) -> tuple[list[ProjectRow], list[Finding]]:
    absent = [heading for heading, name in HEADINGS.items() if name in REQUIRED and name not in columns]
    if absent:
        message = _("The columns %(columns)s are missing. Download the register and fill in that file.")
        return [], [_finding(message, {"columns": "、".join(absent)}, Cell(table.sheet, table.first + header, 1))]
    rows: list[ProjectRow] = []
    found: list[Finding] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(table.rows[header + 1 :], start=table.first + header + 1):
        said = {name: line[place] if place < len(line) else None for name, place in columns.items()}
        if not any(text_of(cell) for cell in said.values()):
            continue
        cells = {name: Cell(table.sheet, number, place + 1) for name, place in columns.items()}
        row = _read_row(said, cells, table.formulas, facts, bureau, found)
        if row.code and seen.setdefault(row.code, number) != number:
            message = _("%(code)s stands in row %(row)s already. Each project has one row.")
            found.append(_finding(message, {"code": row.code, "row": seen[row.code]}, cells["code"]))
        rows.append(row)
        if len(rows) > MAX_PROJECTS:  # what comes after would only make the list of faults longer
            break
    if not rows:
        found.append(_finding(_("The table has no project."), {}, Cell(table.sheet, table.first + header, 1)))
    if len(rows) > MAX_PROJECTS:
        found.append(_finding(_("The file has more than %(rows)s projects. Send it in parts."), {"rows": MAX_PROJECTS}))
    return rows, sorted(found, key=lambda finding: finding.cell or Cell("", 0, 0))


def _read_row(
    said: Mapping[str, Scalar],
    cells: Mapping[str, Cell],
    formulas: Mapping[tuple[int, int], bool],
    facts: Facts,
    bureau: str,
    found: list[Finding],
) -> ProjectRow:
    texts = {name: unguarded(text_of(cell)) for name, cell in said.items()}
    told: set[str] = set()

    def tell(name: str, message: str, params: Mapping[str, object], severity: str = ERROR) -> None:
        if name not in told:  # one sentence for a cell is enough
            found.append(_finding(message, params, cells.get(name), severity))
        told.update({name} if severity == ERROR else ())

    capacity = None
    if texts["capacity"]:
        formula = formulas.get((cells["capacity"].row, cells["capacity"].column))
        capacity, _status, remarks = read_value(said["capacity"], formula)
        for rule, message, params in remarks:
            tell("capacity", message, params, rule.severity)
    days = {name: _read_day(texts.get(name, ""), name, tell) for name in ("planned_on", "finished_on")}
    own = texts.get("bureau", "") or bureau
    row = ProjectRow(
        **{name: texts[name] for name in REQUIRED if name != "capacity"},
        capacity=capacity,
        bureau=own,
        note=texts.get("note", ""),
        planned_on=days["planned_on"],
        finished_on=days["finished_on"],
    )
    if own not in facts.areas or own != (bureau or own):
        tell("bureau", _("%(code)s is not the bureau that sends this file."), {"code": own})
        return row
    for name, message, params in faults(row, facts):
        tell(name, message, params)
    return row


def _read_day(text: str, name: str, tell: _Tell) -> date | None:
    if not text or DASHES.fullmatch(text):
        return None
    match = _DATE.fullmatch(normalize("NFKC", text))
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    tell(name, _("%(found)s is not a date. Write it like 2015-06-30."), {"found": text})
    return None


def _finding(message: str, params: Mapping[str, object], cell: Cell | None = None, severity: str = ERROR) -> Finding:
    return Finding("register", severity, message, {name: str(value) for name, value in params.items()}, cell)


def _name(cell: Scalar) -> str:
    """A heading as it is compared: without spaces, case, full-width forms."""
    return "".join(normalize("NFKC", text_of(cell)).casefold().split())
