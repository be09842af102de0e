"""Signed gap bars: left of the line is behind the path, right of it ahead."""

from collections.abc import Sequence
from html import escape
from typing import Any

from targets.charts.points import Bar, Labels
from targets.charts.style import STATUS, SURFACE, Figure, layout, mark, note, pattern, plain, quantity, rows, toned, wrapped
from targets.progress.types import Status

Row = tuple[float, Bar]
THICKNESS = 20  # pixels, as the axis counts


def gap_figure(bars: Sequence[Bar], labels: Labels) -> Figure:
    """One row a bar in the order given, first on top; its length is the gap as a share of the expected value. A row
    without a share says so in words: never a bar of length zero."""
    words = ["" if bar.gap_share is not None else _words(bar, labels) for bar in bars]
    axis, middles = rows([bar.label for bar in bars], words)
    drawn = [(row, bar) for row, bar in zip(middles, bars, strict=True) if bar.gap_share is not None]
    groups = {status: [(row, bar) for row, bar in drawn if Status(bar.status) is status] for status in STATUS}
    low, high = _span(drawn)
    traces = [_trace(status, group, labels) for status, group in groups.items() if group]
    place = {"xref": "paper", "x": 0, "xanchor": "left", "xshift": 4, "yref": "y", "yanchor": "middle", "bgcolor": SURFACE}
    told = [note(text, y=row, **place) for row, text in zip(middles, words, strict=True) if text]
    own = layout(
        xaxis=_shares(low, high, labels), yaxis=axis, height=axis["range"][0] + 112, barmode="overlay", showlegend=bool(drawn),
        annotations=[*_sides(low, high, labels), *told],
    )  # fmt: skip
    return plain(traces, own)


def _trace(status: str, group: Sequence[Row], labels: Labels) -> dict[str, Any]:
    shares = [_share(bar) for _, bar in group]
    gaps = ["" if bar.gap is None else f"<br>{escape(labels.gap)} {escape(_gap(bar))}" for _, bar in group]
    return {
        "type": "bar", "orientation": "h", "name": labels.statuses[status], "marker": pattern(status), "width": THICKNESS,
        "y": [row for row, _ in group], "x": [bar.gap_share for _, bar in group],
        "text": shares, "textposition": "outside", "textangle": 0, "cliponaxis": False,
        "textfont": {"color": toned(status, "ink"), "size": 12},
        "customdata": [[bar.url, escape(bar.label), gap] for (_, bar), gap in zip(group, gaps, strict=True)],
        "hovertemplate": f"%{{customdata[1]}}<br>{mark(status).glyph} {escape(labels.statuses[status])}"
        f"%{{customdata[2]}}<br>{escape(labels.gap_share)} %{{text}}<extra></extra>",
    }  # fmt: skip


def _share(bar: Bar) -> str:
    """The number at the end of a bar; the shape of the status stands before it where no bar can show it."""
    share = bar.gap_share or 0.0
    return ("" if share else f"{mark(bar.status).glyph} ") + quantity(share * 100, "%", 1, signed=True)


def _gap(bar: Bar) -> str:
    return "" if bar.gap is None else quantity(bar.gap, bar.unit, bar.decimals, signed=True)


def _span(drawn: Sequence[Row]) -> tuple[float, float]:
    shares = [bar.gap_share or 0.0 for _, bar in drawn]
    return min([0.0, *shares]), max([0.0, *shares])


def _shares(low: float, high: float, labels: Labels) -> dict[str, Any]:
    """The bars carry their numbers, so the axis is only its zero line, with room at both ends for the numbers."""
    span = high - low or 1.0
    return {
        "range": [low - span * (0.5 if low else 0.1), high + span * (0.5 if high else 0.1)],
        "showgrid": False, "showticklabels": False, "tickformat": "~%", "zeroline": True,
        "zerolinecolor": "var(--line-2)", "zerolinewidth": 1, "fixedrange": True,
        "title": {"text": escape(labels.gap_share), "standoff": 12, "font": {"size": 13}},
    }  # fmt: skip


def _sides(low: float, high: float, labels: Labels) -> list[dict[str, Any]]:
    place = {"xref": "x", "x": 0, "yref": "paper", "y": 1, "yanchor": "bottom", "yshift": 4}
    behind = note(f"← {escape(labels.behind)}", xanchor="right", xshift=-6, **place)
    ahead = note(f"{escape(labels.ahead)} →", xanchor="left", xshift=6, **place)
    return [side for side, exists in ((behind, low < 0), (ahead, high > 0)) if exists]


def _words(bar: Bar, labels: Labels) -> str:
    parts = [f"{mark(bar.status).glyph} {labels.statuses[bar.status]}", _gap(bar), bar.note]
    return wrapped(" · ".join(part for part in parts if part))
