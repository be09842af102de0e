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
