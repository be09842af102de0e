"""Signed gap bars: left of the line is behind the path, right of it ahead."""

from collections.abc import Sequence
from html import escape
from typing import Any

from targets.charts.points import Bar, Labels
from targets.charts.style import BAR, STATUS, Figure, layout, mark, note, pattern, plain, quantity, stacked, toned
from targets.numbers import signed_percent
from targets.progress.types import Status

Row = tuple[float, Bar]


def gap_figure(bars: Sequence[Bar], labels: Labels) -> Figure:
    """One row a bar in the order given, first on top; its length is the gap as a share of the expected value. A row
    without a share says so in words: never a bar of length zero. Where bars are of several groups, each group has its head."""
    words = ["" if bar.gap_share is not None else _words(bar, labels) for bar in bars]
    axis, middles, names = stacked([bar.label for bar in bars], words, _heads(bars))
    drawn = [(row, bar) for row, bar in zip(middles, bars, strict=True) if bar.gap_share is not None]
    groups = {status: [(row, bar) for row, bar in drawn if Status(bar.status) is status] for status in STATUS}
    low, high = _span(drawn)
    traces = [_trace(status, group, labels) for status, group in groups.items() if group]
    own = layout(
        xaxis=_shares(low, high), yaxis=axis, height=axis["range"][0] + 124, barmode="overlay", showlegend=bool(drawn),
        margin={"l": 8, "r": 8, "t": 64, "b": 40}, annotations=[*_top(low, high, labels), *names], shapes=[_zero(row) for row, _ in drawn],
    )  # fmt: skip
    return plain(traces, own)


def _heads(bars: Sequence[Bar]) -> list[str]:
    """The name of a bar's group where it begins; "" for all where there is only one."""
    if len({bar.group for bar in bars}) < 2:
        return [""] * len(bars)
    before = ["", *(bar.group for bar in bars)]
    return ["" if bar.group == last else bar.group for bar, last in zip(bars, before, strict=False)]


def _trace(status: str, group: Sequence[Row], labels: Labels) -> dict[str, Any]:
    shares = [_share(bar) for _, bar in group]
    gaps = ["" if bar.gap is None else f"<br>{escape(labels.gap)} {escape(_gap(bar))}" for _, bar in group]
    return {
        "type": "bar", "orientation": "h", "name": labels.statuses[status], "marker": pattern(status), "width": BAR,
        "y": [row for row, _ in group], "x": [bar.gap_share for _, bar in group],
        "text": shares, "textposition": "outside", "textangle": 0, "cliponaxis": False,
        "textfont": {"color": toned(status, "ink"), "size": 12},
        "customdata": [[bar.url, escape(bar.label), gap] for (_, bar), gap in zip(group, gaps, strict=True)],
        "hovertemplate": f"%{{customdata[1]}}<br>{mark(status).glyph} {escape(labels.statuses[status])}"
        f"%{{customdata[2]}}<br>{escape(labels.gap_share)} %{{text}}<extra></extra>",
    }  # fmt: skip


def _share(bar: Bar) -> str:
    """The number at the end of a bar as tables have it; the shape of the status stands before it where no bar can show it."""
    return ("" if bar.gap_share else f"{mark(bar.status).glyph} ") + signed_percent(bar.gap_share)


def _gap(bar: Bar) -> str:
    return "" if bar.gap is None else quantity(bar.gap, bar.unit, bar.decimals, signed=True)


def _span(drawn: Sequence[Row]) -> tuple[float, float]:
    shares = [bar.gap_share or 0.0 for _, bar in drawn]
    return min([0.0, *shares]), max([0.0, *shares])


def _shares(low: float, high: float) -> dict[str, Any]:
    """The bars carry their numbers, so there is no axis, but room for the numbers at both ends."""
    span = high - low or 1.0
    return {
        "range": [low - span * (0.3 if low else 0.02), high + span * (0.3 if high or not low else 0.02)],
        "visible": False,
        "fixedrange": True,
    }


def _zero(row: float) -> dict[str, Any]:
    """The line a bar begins at. It is drawn for bars alone, so that it strikes no words."""
    look = {"type": "line", "xref": "x", "yref": "y", "line": {"color": "var(--line-2)", "width": 1}}
    return look | {"x0": 0, "x1": 0, "y0": row - BAR / 2 - 3, "y1": row + BAR / 2 + 3}


def _top(low: float, high: float, labels: Labels) -> list[dict[str, Any]]:
    """What the numbers are, and below it which side is which."""
    place = {"xref": "paper", "yref": "paper", "y": 1, "yanchor": "bottom"}
    title = note(f"{escape(labels.gap_share)}", x=0, xanchor="left", yshift=30, **place)
    behind = note(f"← {escape(labels.behind)}", x=0, xanchor="left", yshift=8, **place)
    ahead = note(f"{escape(labels.ahead)} →", x=1, xanchor="right", yshift=8, **place)
    return [title, *(side for side, exists in ((behind, low < 0), (ahead, high > 0)) if exists)]


def _words(bar: Bar, labels: Labels) -> str:
    """Status and gap, and on a line of its own why there is no share."""
    known = [f"{mark(bar.status).glyph} {labels.statuses[bar.status]}", _gap(bar)]
    return "\n".join(part for part in (" · ".join(part for part in known if part), bar.note) if part)
