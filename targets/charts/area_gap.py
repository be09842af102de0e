"""One target, gap by area."""

from collections.abc import Sequence

from targets.charts.gap_bars import gap_figure
from targets.charts.points import Bar, Labels
from targets.charts.style import Figure


def figure(bars: Sequence[Bar], labels: Labels) -> Figure:
    """How far each area is from its path to one target. One bar an area, in the order given."""
    return gap_figure(bars, labels)
