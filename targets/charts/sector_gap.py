"""One sector or area, gap by target."""

from collections.abc import Sequence

from targets.charts.gap_bars import gap_figure
from targets.charts.points import Bar, Labels
from targets.charts.style import Figure


def figure(bars: Sequence[Bar], labels: Labels) -> Figure:
    """How far each target of a sector is from its path. Units differ, so only the shares are compared; the gap in the
    target's own unit stands in the hover text."""
    return gap_figure(bars, labels)
