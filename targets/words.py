"""The pack's words in an official's language. Marked for translation; meanings: docs/pack-format.md."""

from collections.abc import Mapping

from indicators.marks import gettext_noop as _

# How strong the verb of the clause is, strongest first.
WORDING: Mapping[str, str] = {
    "ensure": _("“ensure”: must be reached"),
    "complete": _("“complete”: to be finished"),
    "reach": _("“reach”: to be reached"),
    "strive": _("“strive for”: all efforts, no guarantee"),
    "promote": _("“promote”: to be furthered"),
    "foster": _("“foster”: to be brought up"),
    "approach": _("“approach”: to come near"),
    "expected": _("“expected”: a forecast"),
}
BINDING: Mapping[str, str] = {
    "binding": _("binding: a duty of the government"),
    "expected": _("expected: mainly left to the market"),
}
# Keys are the engine's words (targets/progress/types.py).
CONVENTIONS: Mapping[str, str] = {
    "linear_share": _("share of the way over share of the time"),
    "log_share": _("share of the way in logarithms over share of the time"),
    "cagr_ratio": _("yearly growth over the growth needed"),
    "extrapolation": _("where the growth so far would lead, as a share of the way"),
    "schedule": _("share of the way over the share the schedule asks for by now"),
    "direct": _("value over goal"),
    "evidence": _("stage and evidence"),
}
PATHS: Mapping[str, str] = {
    "linear": _("a straight line"),
    "geometric": _("an equal yearly rate"),
    "stepped": _("a step at the end of each year"),
    "schedule": _("the stated shares by the end of each year"),
    "rebased": _("an equal yearly rate from the last whole year's figure"),
    "none": _("no path"),
}
BASELINES: Mapping[str, str] = {
    "fixed": _("%(year)s, as the clause says"),
    "first_observation": _("the first full year observed (a stock: the first figure), as the clause names none"),
    "previous_year": _("the year before"),
    "zero_before_start": _("zero at the end of the year before the sum begins"),
    "none": _("none: the goal itself is the measure"),
}


def baseline(rule: str) -> str:
    """A baseline rule in words, with a %(year)s place to fill. KeyError for an unknown rule."""
    return _("the value observed in %(year)s") if rule.startswith("actual_") else BASELINES[rule]
