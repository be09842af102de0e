"""The engine's explanation of an assessment in the reader's language, with numbers, units and periods written out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from indicators.rows import STAGES
from targets.models.assessment import Assessment
from targets.models.plan import Target
from targets.models.units import gap_unit
from targets.numbers import number, percent, spelled
from targets.progress.explain import Param, Trace, explain
from targets.progress.reasons import REASONS

STAGE_WORDS = dict(zip(STAGES, (_("not started"), _("under way"), _("mostly done"), _("done")), strict=True))


@dataclass(frozen=True, slots=True)
class Explained:
    """One sentence, the arithmetic line by line (name, formula with its numbers), notes, and why a missing number is missing."""

    sentence: str
    steps: Sequence[tuple[str, str]]
    notes: Sequence[str]
    missing: Mapping[str, str]
    rule_version: str


def trace_of(assessment: Assessment) -> Explained:
    """Explain one assessment. Reads only its own row and its target's indicator."""
    trace = explain(assessment.result)
    words = _words(trace, assessment.target)
    return Explained(
        sentence=gettext(trace.sentence) % words,
        steps=[(gettext(step.name), step.formula % words) for step in trace.steps],
        notes=[gettext(note) % words for note in trace.notes],
        missing={name: gettext(why) % words for name, why in trace.missing.items()},
        rule_version=trace.rule_version,
    )


def reason_word(assessment: Assessment, name: str) -> str:
    """Why a number of an assessment does not stand, as a sentence; "" if it stands."""
    code = assessment.result.get(f"{name}_reason") or ""
    if not code:
        return ""
    return gettext(REASONS[code]) % _words(explain(assessment.result), assessment.target)


def _words(trace: Trace, target: Target) -> dict[str, str]:
    """The numbers of a trace as text. Differences and paces of percents are percentage points."""
    units = {name: gap_unit(target) for name in ("gap", "gap_linear", "required_pace")}
    return {
        name: _written(value, trace.kinds[name], target, units.get(name, target.indicator.unit)) for name, value in trace.params.items()
    }


def _written(value: Param, kind: str, target: Target, unit: str) -> str:
    decimals = target.indicator.decimals
    match kind:
        case "text":
            return str(value)
        case "period":
            return spelled(str(value), not (get_language() or "").startswith("en")) if value else ""
        case "percent":
            return percent(float(value), 2)
        case "points":
            return f"{number(float(value), 2)} {gettext('percentage points')}"
        case "stage":
            return str(STAGE_WORDS[STAGES[round(float(value))]])
        case "count":
            return number(float(value), 0)
        case "years":
            return number(float(value), 2)
        case "pace":
            return gettext("%(number)s %(unit)s a year") % {"number": number(float(value), decimals), "unit": unit}
    return f"{number(float(value), decimals)} {unit}".strip()
