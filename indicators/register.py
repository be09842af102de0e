"""The project register as plain data: what must hold of a project, and sums (docs/upload-format.md section 8)."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from indicators.marks import gettext_noop as _

# Heading of a column → field, in the order of the files that are written.
HEADINGS = {
    "项目编号": "code",
    "项目名称": "name",
    "企业": "plant",
    "指标代码": "indicator",
    "地区代码": "area",
    "规模": "capacity",
    "计划完成日期": "planned_on",
    "完成日期": "finished_on",
    "说明": "note",
}
REQUIRED = ("code", "name", "plant", "indicator", "area", "capacity")
_LENGTHS = {"name": 200, "plant": 200, "note": 500}
_CODE = re.compile(r"\w[\w.-]{0,29}")
_MAX_DIGITS = 15  # what a spreadsheet keeps

Line = tuple[date | None, Decimal]  # of a project: finished on (None: under way), capacity
Fault = tuple[str, str, Mapping[str, object]]  # field, English sentence, what fills its places


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project as a file, a page or a program states it. `indicator`, `area` and `bureau` are codes; `capacity` is in the
    indicator's unit, None where it could not be read."""

    code: str
    name: str
    plant: str
    indicator: str
    area: str
    capacity: Decimal | None
    bureau: str
    planned_on: date | None = None
    finished_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Facts:
    """What a project is checked against: codes of the indicators with a register, codes of the areas of each bureau, the codes in use
    with their bureau, those struck out, and the day after which nothing is finished."""

    indicators: Collection[str]
    areas: Mapping[str, Collection[str]]
    today: date
    owners: Mapping[str, str] = field(default_factory=dict)
    struck: Collection[str] = ()


def faults(row: ProjectRow, facts: Facts) -> Iterator[Fault]:
    """All that is wrong with one project."""
    for name in REQUIRED:
        if getattr(row, name) in ("", None):
            yield name, _("This is empty. Fill it in."), {}
    for name, length in _LENGTHS.items():
        if len(getattr(row, name)) > length:
            yield name, _("This is longer than %(length)s characters. Shorten it."), {"length": length}
    yield from _code_faults(row, facts)
    yield from _amount_faults(row.capacity)
    if row.indicator and row.indicator not in facts.indicators:
        message = _("%(code)s is no indicator with a register. Those are: %(codes)s.")
        yield "indicator", message, {"code": row.indicator, "codes": ", ".join(sorted(facts.indicators))}
    if row.area and row.area not in facts.areas.get(row.bureau, ()):
        yield "area", _("%(code)s is no area of the bureau. Correct the area code."), {"code": row.area}
    if row.finished_on and row.finished_on > facts.today:
        message = _("%(day)s lies in the future. Leave the date empty until the project is finished.")
        yield "finished_on", message, {"day": row.finished_on}


def _code_faults(row: ProjectRow, facts: Facts) -> Iterator[Fault]:
    said = {"code": row.code}
    if row.code and not _CODE.fullmatch(row.code):
        yield "code", _("%(code)s is no code: up to 30 letters, digits, full stops and hyphens, for example 2018-P-01."), said
    if facts.owners.get(row.code, row.bureau) != row.bureau:
        yield "code", _("%(code)s is a project of another bureau. Choose another code."), said
    elif row.code in facts.struck:
        yield "code", _("%(code)s was struck out. Choose another code."), said


def _amount_faults(capacity: Decimal | None) -> Iterator[Fault]:
    if capacity is None:
        return
    if not capacity.is_finite() or capacity <= 0:
        yield "capacity", _("The capacity must be above zero."), {}
        return
    _sign, digits, exponent = capacity.normalize().as_tuple()
    if len(digits) > _MAX_DIGITS or capacity.adjusted() >= _MAX_DIGITS or int(exponent) < -_MAX_DIGITS:
        yield "capacity", _("The capacity has more than 15 digits. Round it."), {}


def finished_sum(lines: Sequence[Line], day: date) -> tuple[Decimal, int]:
    """Capacity and number of the projects finished by the end of `day`."""
    finished = [capacity for finished_on, capacity in lines if finished_on and finished_on <= day]
    return sum(finished, Decimal(0)), len(finished)


def difference(value: Decimal, total: Decimal, decimals: int) -> Decimal:
    """A figure minus the register's sum, both rounded to the indicator's decimals (half up, as people do)."""
    unit = Decimal(1).scaleb(-decimals)
    return value.quantize(unit, ROUND_HALF_UP) - total.quantize(unit, ROUND_HALF_UP)
