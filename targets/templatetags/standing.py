"""How templates write what an assessment says: a number with its unit or why there is none, the goal, the gap in words, the bullet bar."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from indicators.models import Indicator
from indicators.periods import Period
from indicators.rows import STAGES
from targets.board import judged
from targets.bullets import bullet_of
from targets.models import Assessment, Target
from targets.models.trace import STAGE_WORDS, reason_word
from targets.models.units import GROWTH, decimals_of, unit_of, value_unit
from targets.numbers import as_stated, number, signed, spelled
from targets.progress.explain import explain

register = template.Library()
OPERATORS = {">=": "≥ ", ">": "> ", "<=": "≤ ", "<": "< "}


@register.inclusion_tag("parts/_figure.html")
def figure(one: Assessment, name: str, size: str = "", head: str = "") -> dict[str, Any]:
    """One number of an assessment with its unit, or the reason why it does not stand. `judged` is the value the status rests on.
    `head` is the unit the table's head already carries: it is not said again."""
    value = judged(one) if name == "judged" else getattr(one, name)
    text, unit = ("", "") if value is None else _written(one, name, value)
    reason = reason_word(one, "value" if name == "judged" else name) if value is None else ""
    return {"value": text, "unit": "" if unit == head else unit, "reason": reason, "size": size}


def _written(one: Assessment, name: str, value: Decimal) -> tuple[str, str]:
    """The number and its unit apart, as the figure part shows them; which unit it is, targets/models/units.py knows."""
    target, decimals, pooled = one.target, decimals_of(one.target), one.result.get("pooled") is not None
    if target.kind == Target.Kind.MILESTONE and name not in ("gap_share", "progress"):
        return str(STAGE_WORDS[STAGES[round(value)]]), ""
    write = signed if name in ("gap", "gap_share", "required_pace") else number
    unit = unit_of(one, "value" if name == "judged" else name)
    if pooled and name in ("value", "judged"):
        return f"{number(value, 0)}/{number(one.goal, 0)}", unit
    if pooled and name == "gap":
        return write(value, 0), ngettext("area", "areas", abs(int(value)))
    if name in ("gap_share", "progress"):
        return write(value * 100, 1), unit
    if name == "required_pace":
        return write(value, 2 if one.result.get("pace_unit") == "percent" else decimals), unit
    return write(value, 0 if pooled else decimals), unit


register.filter("value_unit", value_unit)


@register.filter
def goal(one: Assessment | Target, head: str = "") -> str:
    """The goal with its unit, as stated: ≥ 60 亿元, 3–5 家, a cut of 10 %. An assessment's is that of its area. `head` is the unit the
    table's head already carries."""
    target, value = (one.target, one.goal) if isinstance(one, Assessment) else (one, one.value)
    if target.kind == Target.Kind.MILESTONE:
        return str(STAGE_WORDS[STAGES[-1]])
    if isinstance(one, Assessment) and one.result.get("pooled") is not None:
        return gettext("each area %(goal)s") % {"goal": goal(target)}
    if value is None:
        return "—"
    unit = "" if target.unit == head else target.unit
    stated = f"{as_stated(value)} {unit}".strip()
    if target.kind == Target.Kind.REDUCTION:
        return gettext("a cut of %(number)s") % {"number": stated}
    if target.kind == Target.Kind.RANGE and target.value_high:
        return f"{as_stated(value)}–{as_stated(target.value_high)} {unit}".strip()
    return OPERATORS.get(target.operator, "") + stated


@register.filter
def allowance(one: Assessment | Target) -> str:
    """How far beside its goal a value still counts as having reached it; "" where not at all."""
    target = one.target if isinstance(one, Assessment) else one
    if not target.tolerance:
        return ""
    words = gettext("(up to %(share)s %% above counts)") if "<" in target.operator else gettext("(down to %(share)s %% below counts)")
    return words % {"share": as_stated(target.tolerance * 100)}


@register.filter
def so_far(one: Assessment) -> str:
    """The months a year-to-date value covers, where it stands beside a goal for the whole year; "" for all other values."""
    shown = Period.parse(one.result.get("judged_period") or one.period if one.frozen else one.period)
    if one.target.indicator.kind != Indicator.Kind.FLOW or one.target.kind in (*GROWTH, Target.Kind.CUMULATIVE) or shown.completes_year:
        return ""
    month = shown.end.month
    if not (get_language() or "").startswith("en"):
        return f"1—{month}月累计"
    return f"Jan–{shown.end:%b}"


@register.filter
def wrong_way(one: Assessment) -> str:
    """How a value has moved against its goal since the baseline, in words; "" where it has not, or where nothing is known."""
    change, why_none = one.result.get("change"), one.result.get("progress_reason")
    backwards = why_none in ("wrong_way", "moved_back") if one.progress is None else one.progress < 0
    if change is None or not backwards:
        return ""
    since = spelled(str(explain(one.result).params["baseline_period"]), not (get_language() or "").startswith("en"))
    words = {"change": f"{signed(change * 100)}\N{NO-BREAK SPACE}%", "since": since}
    return gettext("moving the wrong way: %(change)s since %(since)s") % words


@register.filter
def gap_words(one: Assessment) -> str:
    """How far from the path, or at the deadline from the goal; the reason where it cannot be said."""
    if one.gap is None:
        return reason_word(one, "gap")
    if moved := wrong_way(one):
        return moved
    distance, unit = _written(one, "gap", abs(one.gap))
    words = {"gap": f"{distance.lstrip('+')} {unit}"}
    if not one.gap:
        return gettext("exactly on the path")
    if one.frozen:
        return (gettext("missed by %(gap)s") if one.gap < 0 else gettext("met with %(gap)s to spare")) % words
    return (gettext("%(gap)s behind") if one.gap < 0 else gettext("%(gap)s ahead")) % words


@register.inclusion_tag("parts/_bullet.html")
def bullet(one: Assessment) -> dict[str, Any]:
    """The bullet bar of an assessment, with a sentence for those who cannot see it."""
    bar = bullet_of(one.result)
    words = {"status": one.get_status_display(), "gap": gap_words(one), "goal": goal(one)}
    text = gettext("%(status)s; goal %(goal)s; %(gap)s") % words
    marks = {"start": bar.start, "width": bar.width, "expected": bar.expected, "goal": bar.goal, "zero": bar.zero}
    return {"status": one.status, "text": text, **marks}


@register.inclusion_tag("targets/_facts.html")
def facts(one: Assessment) -> dict[str, Any]:
    """All numbers of an assessment with their terms; why one does not stand is said once, where it is first met."""
    rows, said = [], set()
    for name, term in _terms(one):
        shown = figure(one, name, size="l")
        why = shown["reason"] if shown["reason"] not in said else ""
        said.add(shown["reason"])
        rows.append((term, shown, why))
    return {"rows": rows, "one": one}


def _terms(one: Assessment) -> list[tuple[str, str]]:
    """The numbers worth showing, in the order they are asked for."""
    if one.target.kind == Target.Kind.MILESTONE:
        return [("judged", gettext("Stage"))]
    terms = [
        ("judged", gettext("Value at the deadline") if one.frozen else gettext("Value")),
        ("expected", gettext("Asked for at the deadline") if one.frozen else gettext("Expected by now")),
        ("gap", gettext("Gap")),
        ("gap_share", gettext("Gap, share of expected")),
        ("progress", gettext("Share of the way")),
        ("required_pace", gettext("Pace needed from here")),
    ]
    if wrong_way(one):
        terms.remove(("progress", gettext("Share of the way")))
    own = [("value", gettext("Figure of %(period)s") % {"period": spelled(one.period, not (get_language() or "").startswith("en"))})]
    return terms + own if one.frozen else terms


@register.simple_tag
def cell(one: Assessment, address: str) -> str:
    """A cell of the matrix as parts/_matrix_cell.html draws it, put together here because an overview has six hundred of them."""
    share = "" if one.gap_share is None else f"{signed(one.gap_share * 100, 1)}\N{NO-BREAK SPACE}%"
    template = '<td class="cell cell-{}"><a href="{}?area={}&amp;period={}">{}{}</a></td>'
    return format_html(template, one.status, address, one.area.code, one.period, _mark(one.status, get_language()), share)


@lru_cache(maxsize=32)
def _mark(status: str, language: str | None) -> SafeString:
    """Shape and word of a status in the language in use, which is `language`."""
    shape, word = (render_to_string(f"parts/{name}.html", {"status": status}).strip() for name in ("_shape", "_status_word"))
    return format_html('{}<span class="visually-hidden">{}</span>', SafeString(shape), word)
