"""The engine's explanation of an assessment in the reader's language, with numbers, units and periods written out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from indicators.models import Indicator
from indicators.rows import STAGES
from indicators.vintages import VINTAGES
from targets.models.assessment import Assessment
from targets.models.plan import Target
from targets.models.units import decimals_of, gap_unit
from targets.numbers import number, percent, spelled
from targets.progress.explain import Param, Trace, explain
from targets.progress.reasons import REASONS

STAGE_WORDS = dict(zip(STAGES, (_("not started"), _("under way"), _("mostly done"), _("done")), strict=True))


@dataclass(frozen=True, slots=True)
class Explained:
    """One sentence, the arithmetic line by line (name, formula with its numbers), notes, and why a missing number is missing. `margin` is
    the distance to the next level, "" where there is none; `members` are those of the notes on what a whole's figure rests on. Page, API
    and reports show these same texts."""

    sentence: str
    steps: Sequence[tuple[str, str]]
    notes: Sequence[str]
    members: Sequence[str]
    missing: Mapping[str, str]
    margin: str
    rule_version: str

    @property
    def arithmetic(self) -> str:
        """The steps and notes as one text."""
        return "\n".join([*(f"{name}: {formula}" for name, formula in self.steps), *self.notes])


def trace_of(assessment: Assessment) -> Explained:
    """Explain one assessment. Reads only its own row and its target's indicator."""
    trace, target = explain(assessment.result), assessment.target
    words, exact = _words(trace, target, decimals_of(target)), _words(trace, target, target.indicator.decimals)
    return Explained(
        sentence=gettext(trace.sentence) % words,
        steps=[(gettext(step.name), _line(step.formula, exact, trace)) for step in trace.steps],
        notes=[gettext(note) % words for note in trace.notes],
        members=[gettext(note) % words for note in trace.members],
        missing={name: gettext(why) % (words | _own(assessment, name)) for name, why in trace.missing.items()},
        margin=words.get("margin", ""),
        rule_version=trace.rule_version,
    )


def _line(formula: str, exact: Mapping[str, str], trace: Trace) -> str:
    """A formula with its numbers; only its result carries the unit, or "× 100 m yuan" would read as arithmetic."""
    bare = {
        name: exact[name].partition(" ")[0] if kind in ("value", "pace", "points") else exact[name]
        for name, kind in trace.kinds.items()
        if name in exact
    }
    left, equals, right = formula.rpartition(" = ")
    return left % bare + equals + right % exact


def reason_word(assessment: Assessment, name: str) -> str:
    """Why a number of an assessment does not stand, as a sentence; "" if it stands."""
    code = assessment.result.get(f"{name}_reason") or ""
    return sentence_of(assessment, REASONS[code], name) if code else ""


def sentence_of(assessment: Assessment, message: str, name: str = "") -> str:
    """A message with the assessment's numbers put in; `name` the number it is about, if it is about one."""
    words = _words(explain(assessment.result), assessment.target, decimals_of(assessment.target))
    return gettext(message) % (words | _own(assessment, name))


def _own(assessment: Assessment, name: str) -> dict[str, str]:
    """After the deadline a row's value alone is of its own period, all else of the deadline's."""
    return {"period": _period(assessment.period)} if name == "value" else {}


def _period(code: str) -> str:
    return spelled(code, not (get_language() or "").startswith("en"))


def _words(trace: Trace, target: Target, decimals: int) -> dict[str, str]:
    """The numbers of a trace as text. Differences and paces of percents are percentage points."""
    units = {name: gap_unit(target) for name in ("gap", "gap_linear", "required_pace")}
    own = target.indicator.unit
    units["residual"] = gettext("percentage points") if own == "%" else own
    said = {name: _written(value, trace.kinds[name], decimals, units.get(name, own)) for name, value in trace.params.items()}
    return said | {"lacking": _name_of(said.get("lacking", ""))}


def _name_of(code: str) -> str:
    """An indicator's name; kept for a minute, since a table of many results asks for the same few."""
    if not code:
        return ""
    found = cache.get_or_set(f"indicator-{code}", lambda: Indicator.objects.filter(code=code).first(), 60)
    return found.name if found else code


def _written(value: Param, kind: str, decimals: int, unit: str) -> str:
    match kind:
        case "text":
            return str(value)
        case "vintage":
            return gettext(VINTAGES[str(value)])
        case "period":
            return _period(str(value)) if value else ""
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
