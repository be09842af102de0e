"""A result under other rules, in the reader's language. The reading itself is done in targets/progress/readings.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from indicators.periods import Period
from targets.models.assessment import Assessment
from targets.models.plan import RuleSet
from targets.models.trace import sentence_of
from targets.numbers import as_stated, number, percent, signed
from targets.progress import types
from targets.progress.readings import WHY_NOT, Number, Reading, completion, moved, readings

LOGARITHMIC = _("Completion in logarithms, as progress within a plan is counted")
LINEAR = _("Linear completion, as final reports state it")


@dataclass(frozen=True, slots=True)
class ShownLevel:
    """A level as it is shown: number or grade code, word, colour and shape, never one of them alone."""

    code: str
    word: str
    colour: str
    shape: str

    @property
    def number(self) -> str:
        return self.code if self.code.isdecimal() else ""


@dataclass(frozen=True, slots=True)
class ShownReading:
    """A reading as page and API show it. `is_own`: the target's status rests on this very rule set."""

    rule_set: RuleSet
    is_own: bool
    level: ShownLevel | None
    score: float | None
    points: str
    sentence: str
    margin: str
    veto: bool
    provisional: bool
    reason: str
    why: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A result under other rules: readings, the two completions of a cut, and which areas moved a warning level."""

    readings: Sequence[ShownReading]
    completions: Sequence[tuple[str, str]]
    moves: Sequence[tuple[Any, ShownLevel, ShownLevel]]


class Rules:
    """All rule sets, read once for as many results as one likes."""

    def __init__(self) -> None:
        self.models = {rule.version: rule for rule in RuleSet.objects.prefetch_related("levels")}
        self.specs = [rule.spec() for rule in self.models.values()]

    def readings_of(self, assessment: Assessment) -> Sequence[ShownReading]:
        """The readings of one assessment, in the order of the rule sets' codes."""
        return [self._shown(assessment, reading) for reading in readings(assessment.result, self.specs)]

    def _shown(self, assessment: Assessment, reading: Reading) -> ShownReading:
        model = self.models[reading.rule_set.version]
        return ShownReading(
            rule_set=model,
            is_own=model.code == assessment.target.profile,
            level=_level(reading.level) if reading.level else None,
            score=None if reading.score is None else round(reading.score, 2),
            points=_points(reading),
            sentence=gettext(reading.sentence) % _words(reading.params) if reading.sentence else "",
            margin=_margin(reading),
            veto=reading.veto,
            provisional=reading.provisional,
            reason=reading.reason,
            why=_why(assessment, reading),
        )


def panel_of(assessment: Assessment | None, peers: Sequence[Assessment], before: Period) -> Panel | None:
    """What the target's page shows beside an assessment; `peers` are all results of its target and period, `before` is the period before.
    None where no rule set applies."""
    rules = Rules()
    shown = rules.readings_of(assessment) if assessment else []
    if assessment is None or not shown:
        return None
    earlier = Assessment.objects.current().at(before).filter(target=assessment.target).values_list("result", flat=True)
    areas = {one.area.code: one.area for one in peers}
    moves = moved([one.result for one in peers], earlier, rules.specs)
    return Panel(shown, completions_of(assessment), [(areas[area], _level(then), _level(now)) for area, then, now in moves])


def completions_of(assessment: Assessment) -> Sequence[tuple[str, str]]:
    """The two ways a cut's completion is counted, each with its name; where it rose instead, how far."""
    done = completion(assessment.result)
    if done is None:
        return []
    if done.logarithmic is not None and done.linear is not None:
        return [(str(LOGARITHMIC), percent(done.logarithmic / 100, 2)), (str(LINEAR), percent(done.linear / 100, 2))]
    if done.change is None:
        return [(gettext("Completion"), sentence_of(assessment, WHY_NOT[done.reason]))]
    return [(gettext("Completion"), gettext("none: it has risen by %(change)s since the baseline") % {"change": percent(done.change, 2)})]


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def _level(level: types.Level) -> ShownLevel:
    return ShownLevel(level.code, level.word_en if _is_english() else level.word_zh, level.colour, level.shape)


def _words(params: Mapping[str, Number]) -> dict[str, str]:
    return {name: _written(one) for name, one in params.items()}


def _written(one: Number) -> str:
    match one.kind:
        case "word":
            return gettext(str(one.value))
        case "change":
            return f"{signed(100 * float(one.value))}\N{NO-BREAK SPACE}%"
        case "percent":
            return percent(float(one.value), 2)
    return as_stated(round(float(one.value), 2))


def _points(reading: Reading) -> str:
    """The points of a sheet, or the score of a scheme that has one."""
    if reading.score is None:
        return ""
    message = gettext("score %(number)s (from −5 to 5)") if reading.rule_set.method == "cagr_ratio" else gettext("%(number)s points")
    return message % {"number": as_stated(round(reading.score, 2))}


def _margin(reading: Reading) -> str:
    if reading.margin is None or reading.better is None:
        return ""
    words = {"level": _level(reading.better).word, "margin": number(100 * reading.margin, 1)}
    return gettext("%(margin)s percentage points short of “%(level)s”.") % words


def _why(assessment: Assessment, reading: Reading) -> str:
    """Why there is no level: a reason of the result itself, or one of the rule."""
    if not reading.reason:
        return ""
    message = WHY_NOT[reading.reason]
    own = _words(reading.params)
    return gettext(message) % own if own else sentence_of(assessment, message)
