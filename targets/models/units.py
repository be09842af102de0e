"""Which unit each number of an assessment has: it differs by the target's shape, and pages, files and API say the same."""

from django.utils.translation import gettext

from targets.models.assessment import Assessment
from targets.models.plan import Target

GROWTH = (Target.Kind.GROWTH_YOY, Target.Kind.GROWTH_CAGR)
AMOUNT = "亿元"  # filed to ten thousand yuan, which is four decimals; results are read to a million


def decimals_of(target: Target) -> int:
    """With how many decimals the results of a target are shown. Figures as filed are shown with all their indicator's own."""
    if target.kind in GROWTH:
        return 2
    return min(target.indicator.decimals, 2) if target.indicator.unit_zh == AMOUNT else target.indicator.decimals


def value_unit(target: Target) -> str:
    """The unit of a target's value: that of its indicator, but a growth is a percentage."""
    return "%" if target.kind in GROWTH else target.indicator.unit


def gap_unit(target: Target) -> str:
    """Differences of percents are percentage points; all else keeps its unit."""
    return gettext("percentage points") if value_unit(target) == "%" else target.indicator.unit


def unit_of(one: Assessment, name: str) -> str:
    """The unit of value, goal, expected, gap, gap_share, progress or required_pace of an assessment, in the language in use."""
    if name in ("gap_share", "progress"):
        return "%"
    if one.target.kind == Target.Kind.MILESTONE:
        return gettext("stage")
    if name == "required_pace":
        unit = "%" if one.result.get("pace_unit") == "percent" else gap_unit(one.target)
        return gettext("%(unit)s a year") % {"unit": unit}
    if one.result.get("pooled") is not None:
        return gettext("areas")
    if name == "goal":
        return one.target.unit
    return gap_unit(one.target) if name == "gap" else value_unit(one.target)
