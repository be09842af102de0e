"""Where a gap comes from: each part begins where the one before it ended, the last bar is the gap they add up to."""

from collections.abc import Sequence
from html import escape
from itertools import accumulate, pairwise
from typing import Any

from targets.charts.points import Contribution, Labels
from targets.charts.style import BAR, INK, SURFACE, Figure, layout, note, plain, quantity, stacked

BEHIND, AHEAD, REST, TOTAL = "var(--value)", "var(--forecast)", "var(--path)", INK
Placed = tuple[float, float, Contribution]  # middle of its row, where it begins, the part


def figure(parts: Sequence[Contribution], total: Contribution, labels: Labels) -> Figure:
    """One row a part in the order given, then the total. Parts behind run to the left, parts ahead to the right; what belongs to no single
    member is hatched. `labels.gap` says what is drawn, `unit` and `decimals` are those of all numbers."""
    labelled = [*(part.label for part in parts), total.label]
    axis, middles, names = stacked(labelled, [""] * len(labelled), [""] * len(labelled))
    begins = list(accumulate((part.gap for part in parts), initial=0.0))
    placed = [*zip(middles, begins, parts, strict=False), (middles[-1], 0.0, total)]
    low, high = min([*begins, total.gap, 0.0]), max([*begins, total.gap, 0.0])
    traces = [_trace(labels.behind, [one for one in placed[:-1] if not one[2].rest and one[2].gap < 0], BEHIND, labels),
              _trace(labels.ahead, [one for one in placed[:-1] if not one[2].rest and one[2].gap >= 0], AHEAD, labels),
              _trace("", [one for one in placed[:-1] if one[2].rest], REST, labels, "/"),
              _trace(total.label, placed[-1:], TOTAL, labels)]  # fmt: skip
    own = layout(
        xaxis=_amounts(low, high), yaxis=axis, height=axis["range"][0] + 76, barmode="overlay", showlegend=False,
        margin={"l": 8, "r": 8, "t": 64, "b": 8}, shapes=_steps(placed, begins),
        annotations=[*_top(low, high, labels), *(name | {"bgcolor": SURFACE} for name in names)],  # a step strikes no name
    )  # fmt: skip
    return plain([trace for trace in traces if trace["y"]], own)


def _trace(name: str, placed: Sequence[Placed], color: str, labels: Labels, shape: str = "") -> dict[str, Any]:
    texts = [quantity(part.gap, "", labels.decimals, signed=True) for _row, _begin, part in placed]
    shares = [f"<br>{escape(labels.gap_share)} {escape(part.share)}" if part.share else "" for _row, _begin, part in placed]
    return {
        "type": "bar", "orientation": "h", "name": name, "width": BAR,
        "marker": {"color": color, "line": {"width": 0}, "pattern": {"shape": shape, "fillmode": "overlay", "fgcolor": SURFACE,
                                                                    "fgopacity": 0.6, "size": 8, "solidity": 0.3}},
        "y": [row for row, _begin, _part in placed], "x": [part.gap for _row, _begin, part in placed],
        "base": [begin for _row, begin, _part in placed],
        "text": texts, "textposition": "outside", "textangle": 0, "cliponaxis": False, "textfont": {"color": INK, "size": 12},
        "customdata": [[part.url, escape(part.label), escape(quantity(part.gap, labels.unit, labels.decimals, signed=True)), share]
                       for (_row, _begin, part), share in zip(placed, shares, strict=True)],
        "hovertemplate": "%{customdata[1]}<br>%{customdata[2]}%{customdata[3]}<extra></extra>",
    }  # fmt: skip


def _amounts(low: float, high: float) -> dict[str, Any]:
    """The bars carry their numbers, so there is no axis, but room for the numbers at both ends."""
    span = high - low or 1.0
    return {"range": [low - span * 0.3, high + span * 0.3], "visible": False, "fixedrange": True}


def _steps(placed: Sequence[Placed], begins: Sequence[float]) -> list[dict[str, Any]]:
    """A thin line from the end of each bar to the beginning of the next, and zero, where the first bar and the total begin."""

    def line(x: float, top: float, bottom: float, dash: str) -> dict[str, Any]:
        look = {"type": "line", "xref": "x", "yref": "y", "line": {"color": "var(--line-2)", "width": 1, "dash": dash}}
        return look | {"x0": x, "x1": x, "y0": top, "y1": bottom}

    ends = zip(begins[1:], pairwise(placed), strict=True)
    steps = [line(end, above[0] + BAR / 2, below[0] - BAR / 2, "dot") for end, (above, below) in ends]
    return [*steps, *(line(0.0, row - BAR / 2 - 4, row + BAR / 2 + 4, "solid") for row, _begin, _part in (placed[0], placed[-1]))]


def _top(low: float, high: float, labels: Labels) -> list[dict[str, Any]]:
    """What the numbers are, and below it which side is which."""
    place = {"xref": "paper", "yref": "paper", "y": 1, "yanchor": "bottom"}
    title = note(escape(f"{labels.gap} ({labels.unit})" if labels.unit else labels.gap), x=0, xanchor="left", yshift=30, **place)
    behind = note(f"← {escape(labels.behind)}", x=0, xanchor="left", yshift=8, **place)
    ahead = note(f"{escape(labels.ahead)} →", x=1, xanchor="right", yshift=8, **place)
    return [title, *(side for side, exists in ((behind, low < 0), (ahead, high > 0)) if exists)]
