"""How many targets have each status, by sector or area."""

from collections.abc import Sequence
from html import escape
from typing import Any

from targets.charts.points import Count, Labels
from targets.charts.style import STATUS, Figure, layout, mark, note, plain, quantity, soft_pattern, stacked, toned
from targets.progress.types import Status

THICK = 26  # pixels: a bar with a number in it


def figure(counts: Sequence[Count], labels: Labels) -> Figure:
    """Stacked bars, best status first, each part with its number where it has room for it; one row a sector or area in the order given."""
    none = [""] * len(counts)
    axis, middles, names = stacked([row.label for row in counts], none, none, THICK)
    placed = list(zip(middles, counts, strict=True))
    present = {Status(status) for row in counts for status, number in row.counts.items() if number}
    traces = [_trace(status, placed, labels) for status in STATUS if status in present]
    across = {"visible": False, "fixedrange": True, "rangemode": "tozero"}
    place = {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "yshift": 8}
    own = layout(
        xaxis=across, yaxis=axis, height=axis["range"][0] + 104, barmode="stack", showlegend=True,
        annotations=[note(escape(labels.observed), **place), *names], uniformtext={"mode": "hide", "minsize": 12},
    )  # fmt: skip
    return plain(traces, own)


def _trace(status: str, placed: Sequence[tuple[float, Count]], labels: Labels) -> dict[str, Any]:
    shown = [(row, count, count.counts[status]) for row, count in placed if count.counts.get(status)]
    word = escape(labels.statuses[status])
    return {
        "type": "bar", "orientation": "h", "name": labels.statuses[status],
        "marker": soft_pattern(status), "width": THICK,
        "y": [row for row, _, _ in shown], "x": [number for _, _, number in shown],
        "text": [str(number) for _, _, number in shown], "textposition": "inside", "insidetextanchor": "middle", "textangle": 0,
        "constraintext": "inside", "insidetextfont": {"color": toned(status, "ink"), "size": 12},
        "customdata": [[count.url, escape(count.label), escape(quantity(number, labels.unit))] for _, count, number in shown],
        "hovertemplate": f"%{{customdata[1]}}<br>{mark(status).glyph} {word} %{{customdata[2]}}<extra></extra>",
    }  # fmt: skip
