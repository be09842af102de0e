"""What a file of the corpus is, and what is to be found in it, said row by row."""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
PROVINCE, BULK = "BUR-630000", "BULK"
HEADER = ("指标代码", "指标名称", "地区代码", "地区", "计量单位", "数值", "数据来源", "说明")
NOTES = {"encoding_guessed", "hidden_row", "merged_cell", "unit_in_cell", "number_repaired", "formula_value", "text_cut"}
WARNINGS = {
    "parts_do_not_add", "intensity_identity", "unit_slip", "jump", "past_figure_changed", "missing_value", "milestone_without_evidence",
}  # fmt: skip


@dataclass
class Row:
    """A row of a table: what stands in the value's cell, what is read there, and what is found (`rule`, or `rule@A` in column A)."""

    indicator: object
    area: object
    raw: object
    value: str | None = None
    status: str = "A"
    found: Sequence[str] = ()
    unit: object = None  # None: the indicator's
    note: object = ""
    period: object = None
    means: str = ""  # the period as read, where the row has its own
    vintage: object = None
    final: str = ""  # the vintage as read


@dataclass
class Case:
    """One file. `code` is that of an `unreadable` file, several where the format lets several apply. `after`: files approved before it."""

    name: str
    shows: str
    content: bytes
    bureau: str = PROVINCE
    form: str = BULK
    period: str = "2015-Q4"
    findings: list[tuple[str, str, str | None]] = field(default_factory=list)  # rule, sheet, cell
    values: list[tuple[str, str, str, str | None, str, str]] = field(default_factory=list)
    code: tuple[str, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    hostile: bool = False
    pad: int = 0
    body: bool = False

    def expected(self) -> dict[str, Any]:
        """The entry of expected.json."""
        found = [("unreadable", "", None)] if self.code else self.findings
        refused = any(severity(rule) == "error" for rule, _, _ in found)
        entry: dict[str, Any] = {
            "shows": self.shows, "bureau": self.bureau, "form": self.form, "period": self.period,
            "state": "refused" if refused else "checked",
            "findings": [[rule, severity(rule), sheet, cell] for rule, sheet, cell in found],
            "values": [] if refused else [list(value) for value in self.values],
        }  # fmt: skip
        more = {
            "code": list(self.code),
            "fields": self.fields,
            "after": list(self.after),
            "hostile": self.hostile,
            "pad": self.pad,
            "body": self.body,
        }
        return entry | {key: value for key, value in more.items() if value}


def severity(rule: str) -> str:
    return "note" if rule in NOTES else "warning" if rule in WARNINGS else "error"


@cache
def indicators() -> dict[str, dict[str, str]]:
    with (ROOT / "fixtures/qinghai/indicators.csv").open(encoding="utf-8-sig") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def unit_of(row: Row) -> object:
    return indicators().get(str(row.indicator), {}).get("unit", "") if row.unit is None else row.unit


def table(rows: Sequence[Row], form: str = BULK, bureau: str = PROVINCE, period: str | None = "2015-Q4") -> list[list[object]]:
    """Title, three heading lines, header in row 5, rows from 6; values in F; period in I and vintage in J where a row has one."""
    has_period, has_vintage = (any(getattr(row, name) is not None for row in rows) for name in ("period", "vintage"))
    more = [*["报告期"][: has_period or has_vintage], *["数据版本"][:has_vintage]]
    lines: list[list[object]] = [
        ["数据填报表"],
        ["表号", form],
        ["填报单位", bureau],
        ["报告期", period] if period else [],
        [*HEADER, *more],
    ]
    for row in rows:
        ends = [row.period, row.vintage][: len(more)]
        lines.append([row.indicator, "", row.area, "", unit_of(row), row.raw, "", row.note, *ends])
    return lines


def expectations(rows: Sequence[Row], period: str = "2015-Q4", sheet: str = "填报表", first: int = 6, column: str = "F") -> dict[str, Any]:
    """The findings and values of a table's rows, as arguments of a Case."""
    found, values = [], []
    for number, row in enumerate(rows, first):
        for rule in row.found:
            name, _, place = rule.partition("@")
            found.append((name, sheet, f"{place or column}{number}"))
        values.append((str(row.indicator), str(row.area), row.means or period, row.value, row.status, row.final))
    return {"findings": found, "values": values, "period": period}


def as_json(rows: Sequence[Row], **heading: object) -> bytes:
    """The JSON of a table: the value is the third of each row's names."""
    lines = []
    for row in rows:
        line = {
            "indicator": row.indicator,
            "area": row.area,
            "value": row.raw,
            "unit": unit_of(row),
            "note": row.note,
            "period": row.period,
        }
        lines.append({key: value for key, value in line.items() if key == "value" or value not in ("", None)})
    return json.dumps(
        {"form": BULK, "bureau": PROVINCE, "period": "2015-Q4", **heading, "rows": lines}, ensure_ascii=False, indent=1
    ).encode()
