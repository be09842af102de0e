"""Plain functions that make what tests need: a bureau's workbook as a person would fill it, and figures already approved."""

import io
from collections.abc import Sequence
from decimal import Decimal

from accounts.models import User
from indicators.models import Indicator, ReportingForm, Submission
from indicators.models.project import register_sums
from indicators.periods import Period

HEADER = ("指标代码", "指标名称", "地区代码", "地区", "计量单位", "数值", "数据来源", "说明")
VALUE_COLUMN = 6
FIRST_ROW = 6
Line = tuple[object, ...]  # indicator, area, value, [note], [unit]


def make_workbook(lines: Sequence[Line], *, form: str = "QH-Q", bureau: str = "BUR-630200", period: str = "2015-Q4") -> bytes:
    """A workbook in the layout of docs/upload-format.md: title, three heading lines, header, one row per line."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "填报表"
    for row in (("季度数据填报表",), ("表号", form), ("填报单位", bureau), ("报告期", period), HEADER):
        sheet.append(row)
    units = dict(Indicator.objects.values_list("code", "unit_zh"))
    for indicator, area, value, *more in lines:
        note, unit = [*more, "", None][:2] if len(more) < 2 else more
        sheet.append((indicator, "", area, "", units.get(str(indicator), "") if unit is None else unit, value, "", note))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def make_lines(bureau: str, form: str, period: str, values: dict[str, object] | None = None, default: object = 10) -> list[Line]:
    """One line for everything the form asks of a bureau, with `values` by indicator code and `default` elsewhere: nothing is missing.
    Parts of a whole get half of it, so that no ratio exceeds 100 %; what has a register gets its sum."""
    from accounts.models import Bureau

    found, quarter = ReportingForm.objects.get(code=form), Period.parse(period)
    asked = found.asked(quarter)
    own = set(Bureau.objects.get(code=bureau).areas.values_list("code", flat=True))
    parts = set(Indicator.objects.filter(part_of_whole=True).values_list("numerator", flat=True))
    kinds = dict(Indicator.objects.values_list("code", "kind"))
    sums = register_sums(Bureau.objects.get(code=bureau), quarter)
    lines: list[Line] = []
    for indicator, areas in sorted(asked.items()):
        usual = 1 if kinds[indicator] == "milestone" else 5 if indicator in parts else default
        lines += [(indicator, area, (values or {}).get(indicator, sums.get((indicator, area), usual))) for area in sorted(areas & own)]
    return lines


def send(content: bytes, by: User, name: str = "海东.xlsx") -> Submission:
    """Through the one door, checked at once."""
    submission, _ = Submission.objects.receive(content, name, by=by, door="page", check_now=True)
    return submission


def explain_all(submission: Submission, by: User) -> None:
    submission.explain({finding.pk: "已核实，数据无误。" for finding in submission.findings.filter(severity="warning")}, by=by)


def approve(content: bytes, by: User, reviewer: User) -> Submission:
    """All the way to observations, warnings explained."""
    submission = send(content, by)
    assert submission.state == Submission.State.CHECKED, [f"{f.cell} {f.rule}: {f.sentence}" for f in submission.findings.all()]
    explain_all(submission, by)
    submission.submit(by=by)
    submission.approve(by=reviewer)
    return submission


def number(text: str) -> Decimal:
    return Decimal(text)
