"""What the quarters still to come must deliver, arranged for the page: numbers with their units, the arithmetic line by line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext, pgettext

from indicators.models import Indicator, Observation
from indicators.rows import STAGES
from targets import standing
from targets.models import Assessment
from targets.models.trace import STAGE_WORDS, reason_word, trace_of
from targets.models.units import decimals_of, gap_unit
from targets.numbers import number, percent, signed, signed_percent
from targets.standing import Quota, Stretch, Way


@dataclass(frozen=True, slots=True)
class QuotaShown:
    """What is still to be done, written out: `head` with its `unit`, a `note` below it, and on demand the `sentence` with its `lines` of
    arithmetic (name, formula)."""

    head: str
    unit: str = ""
    note: str = ""
    sentence: str = ""
    lines: Sequence[tuple[str, str]] = ()


def quota_shown(one: Assessment, figures: Mapping[str, Observation]) -> QuotaShown:
    """The quota of an assessment in the reader's language. `figures`: stocks of its area by indicator code."""
    quota = standing.quota_of(one.result, flow=one.target.indicator.kind == Indicator.Kind.FLOW, deadline=one.target.target_year)
    sentence = gettext(standing.SENTENCES[quota.way]) if quota.way != Way.UNKNOWN else _why_unknown(one)
    if quota.way == Way.STAGE:
        now, goal = (str(STAGE_WORDS[STAGES[round(stage or 0)]]) for stage in (quota.now, quota.goal))
        return QuotaShown(f"{now} → {goal}", note=_left(quota), sentence=sentence)
    if quota.way == Way.AREAS:
        missing = round((quota.goal or 0) - (quota.now or 0))
        return QuotaShown(number(missing, 0), ngettext("area to go", "areas to go", missing), _left(quota), sentence)
    if quota.each is None or quota.way == Way.KEEP:
        estimated = _whole_year(one, quota)
        if quota.way == Way.KEEP and estimated:
            sentence = gettext(standing.ON_COURSE)
        return QuotaShown(WORDS[quota.way](), note=_kept(one, quota), sentence=sentence, lines=[*estimated, *_year_by_year(one, quota)])
    head = signed_percent(quota.each, 2) if quota.way == Way.CUT else _each(one, quota)
    unit = "" if quota.way == Way.CUT else _unit(one, quota)
    lines = [*_whole_year(one, quota), *_even(one, quota), *_year_by_year(one, quota), *_numerator(one, quota, figures)]
    return QuotaShown(head, gettext("%(unit)s a quarter") % {"unit": unit}, _course(one, quota), sentence, lines)


WORDS = {
    Way.KEEP: lambda: gettext("keep it"),
    Way.REACHED: lambda: gettext("nothing more"),
    Way.PASSED: lambda: gettext("nothing: over"),
    Way.LATER: lambda: gettext("not begun"),
    Way.UNKNOWN: lambda: pgettext("quota", "not known"),
}


def _why_unknown(one: Assessment) -> str:
    return reason_word(one, "required_pace") or reason_word(one, "value") or reason_word(one, "goal_level") or trace_of(one).sentence


def _left(quota: Quota) -> str:
    return ngettext("%(left)d quarter left", "%(left)d quarters left", quota.left) % {"left": quota.left}


def _part(one: Assessment, amount: float | None, write: Callable[[float | None, int], str] = number) -> str:
    """A quarter's part as text, with one decimal more than the figure has where it would lose too much by rounding."""
    decimals = decimals_of(one.target)
    return write(amount, decimals + (decimals < 2 or abs(amount or 0) < 1))


def _unit(one: Assessment, quota: Quota) -> str:
    return one.target.indicator.unit if quota.way == Way.AMOUNT else gap_unit(one.target)


def _each(one: Assessment, quota: Quota) -> str:
    """An amount stands for itself, an addition or a difference carries its sign."""
    return _part(one, quota.each, number if quota.way == Way.AMOUNT else signed)


def _course(one: Assessment, quota: Quota) -> str:
    """Beside the first number: where the later ones lead, and how many quarters there are."""
    if len(quota.stretches) < 2:
        return _left(quota)
    last = quota.stretches[-1]
    words = {"each": _part(one, last.each), "year": last.year, "left": _left(quota)}
    return gettext("%(left)s, %(each)s each in %(year)s") % words


def _kept(one: Assessment, quota: Quota) -> str:
    if quota.way != Way.KEEP:
        return _left(quota) if quota.left and quota.way != Way.PASSED else ""
    if not quota.stretches:
        return _left(quota)
    words = {"each": f"{_part(one, quota.each)} {one.target.indicator.unit}".strip(), "year": quota.stretches[-1].year}
    return gettext("%(each)s a quarter in %(year)s are enough") % words


def _even(one: Assessment, quota: Quota) -> list[tuple[str, str]]:
    if not quota.formula:
        return []
    decimals, cut = decimals_of(one.target), quota.way == Way.CUT
    each = percent(quota.each, 2) if cut else f"{_part(one, quota.each)} {gap_unit(one.target)}"
    words = {"goal": number(quota.goal, decimals), "now": number(quota.now, decimals), "steps": quota.steps, "each": each.strip()}
    to_the_end = quota.steps == quota.left
    name = gettext("Each of the %(steps)d quarters") if to_the_end else gettext("Each of the %(steps)d quarters after this year")
    return [(name % {"steps": quota.steps}, quota.formula % words)]


def _whole_year(one: Assessment, quota: Quota) -> list[tuple[str, str]]:
    """What the figure of a part of the year stands for, where the rest is reckoned from that and no line of a year says it."""
    figure = one.result.get("figure")
    if quota.now is None or figure is None or figure == quota.now or (quota.stretches and quota.way == Way.AMOUNT):
        return []
    whole = f"{number(quota.now, decimals_of(one.target))} {one.target.indicator.unit}".strip()
    return [(gettext("What the year so far comes to as a whole year"), whole)]


def _year_by_year(one: Assessment, quota: Quota) -> list[tuple[str, str]]:
    return [(_name_of(stretch), _line(one, stretch)) for stretch in quota.stretches]


def _name_of(stretch: Stretch) -> str:
    words = {"year": stretch.year, "quarters": stretch.quarters}
    return ngettext("%(year)d: %(quarters)d quarter", "%(year)d: %(quarters)d quarters", stretch.quarters) % words


def _line(one: Assessment, stretch: Stretch) -> str:
    decimals = decimals_of(one.target)
    total, known = number(stretch.year_total, decimals), number(stretch.known, decimals)
    rest = f"({total} − {known})" if stretch.known else total
    return f"{rest} ÷ {stretch.quarters} = {_part(one, stretch.each)} {one.target.indicator.unit}".strip()


def _numerator(one: Assessment, quota: Quota, figures: Mapping[str, Observation]) -> list[tuple[str, str]]:
    """Of a share whose terms are stocks: how much of the numerator is still missing if the denominator stays."""
    spec = one.target.indicator
    top, base = figures.get(spec.numerator), figures.get(spec.denominator)
    if quota.way != Way.POINTS or top is None or base is None or quota.goal is None:
        return []
    assert top.value is not None
    assert base.value is not None
    missing = standing.numerator_needed(quota.goal, float(top.value), float(base.value), float(spec.scale))
    places, unit = top.indicator.decimals, top.indicator.unit
    goal, scale = number(quota.goal, spec.decimals), number(spec.scale, 0)
    formula = f"{goal} ÷ {scale} × {number(base.value, base.indicator.decimals)} − {number(top.value, places)}"
    name = gettext("Still missing of “%(indicator)s”, if the whole stays as it is") % {"indicator": top.indicator.name}
    return [(name, f"{formula} = {number(missing, places)} {unit}".strip())]
