"""What was observed, the path to the goal, and the goal."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from targets.charts.points import Goal, Labels, PathPoint, Point
from targets.charts.style import GOAL, GRID, INK, PATH, STATUS, SURFACE, VALUE, Figure, layout, note, plain, quantity
from targets.progress.types import Status

MOST_TICKS = 6
HOVER = "%{customdata[1]}<br>"  # no <b>: it would be a style attribute, which the content security policy forbids


def figure(points: Sequence[Point], path: Sequence[PathPoint], goal: Goal | None, labels: Labels) -> Figure:
    """Observed values by the end of their period, each marked by its status; a period without a value is a break in
    the line. `path` is drawn dashed, `goal` as a marked end with its value."""
    traces = [_path(path, labels), _line(points, labels), *_markers(points, labels)]
    if goal is not None:
        traces.append(_goal(goal, path, labels))
    goals = [] if goal is None else [goal]
    ends = {part.end: _spelled(part.period) for group in (path, goals, points) for part in group}
    values = [value for trace in traces for value in trace["y"] if value is not None]
    return plain(traces, layout(xaxis=_dates(ends), yaxis=_values(values), annotations=[_unit(labels)]))


def _path(path: Sequence[PathPoint], labels: Labels) -> dict[str, Any]:
    shown = ["" if p.value is None else escape(quantity(p.value, labels.unit, labels.decimals)) for p in path]
    return {
        "type": "scatter", "mode": "lines", "name": labels.expected, "legendrank": 20, "connectgaps": False,
        "x": [p.end.isoformat() for p in path], "y": [p.value for p in path],
        "line": {"color": PATH, "width": 2, "dash": "dash"},
        "customdata": [["", _spelled(p.period), text] for p, text in zip(path, shown, strict=True)],
        "hovertemplate": f"{HOVER}{escape(labels.expected)} %{{customdata[2]}}<extra></extra>",
    }  # fmt: skip


def _line(points: Sequence[Point], labels: Labels) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines", "name": labels.observed, "legendrank": 10, "connectgaps": False, "hoverinfo": "skip",
        "x": [p.end.isoformat() for p in points], "y": [p.value for p in points], "line": {"color": VALUE, "width": 2},
    }  # fmt: skip


def _markers(points: Sequence[Point], labels: Labels) -> list[dict[str, Any]]:
    """One trace a status, so that the legend says what each shape means."""
    groups = {status: [p for p in points if Status(p.status) is status and p.value is not None] for status in STATUS}
    return [_marker_trace(status, group, labels) for status, group in groups.items() if group]


def _marker_trace(status: Status, points: Sequence[Point], labels: Labels) -> dict[str, Any]:
    look = STATUS[status]
    word = escape(labels.statuses[status])
    size = 10 if look.symbol.startswith("circle") else 12
    return {
        "type": "scatter", "mode": "markers", "name": labels.statuses[status], "legendrank": 11,
        "x": [p.end.isoformat() for p in points], "y": [p.value for p in points],
        "marker": {"color": look.color, "symbol": look.symbol, "size": size, "line": {"color": SURFACE, "width": 1}},
        "customdata": [[p.url, _spelled(p.period), escape(quantity(p.value, labels.unit))] for p in points if p.value is not None],
        "hovertemplate": f"{HOVER}{escape(labels.observed)} %{{customdata[2]}}<br>{look.glyph} {word}<extra></extra>",
    }  # fmt: skip


def _goal(goal: Goal, path: Sequence[PathPoint], labels: Labels) -> dict[str, Any]:
    values = [goal.value] if goal.high is None else [goal.value, goal.high]
    shown = [escape(quantity(value, labels.unit)) for value in values]
    start = next((p.value for p in path if p.value is not None), goal.value)
    falling = start > goal.value and goal.high is None
    places = ["bottom left", "top left"] if goal.high is not None else ["bottom left" if falling else "top left"]
    mode = "markers+text" if goal.high is None else "lines+markers+text"
    return {
        "type": "scatter", "mode": mode, "name": labels.goal, "legendrank": 30, "cliponaxis": False,
        "x": [goal.end.isoformat()] * len(values), "y": values,
        "marker": {"color": GOAL, "symbol": "star", "size": 16, "line": {"color": SURFACE, "width": 1}},
        "line": {"color": GOAL, "width": 2},
        "text": [f"{escape(labels.goal)} {text}" for text in shown], "textposition": places, "textfont": {"color": GOAL},
        "customdata": [["", _spelled(goal.period), text] for text in shown],
        "hovertemplate": f"{HOVER}{escape(labels.goal)} %{{customdata[2]}}<extra></extra>",
    }  # fmt: skip


def _dates(ends: Mapping[date, str]) -> dict[str, Any]:
    """Ticks stand at the ends of periods: of each within a year and a half, else of years, counted back from the last."""
    first, last = min(ends, default=date.max), max(ends, default=date.min)
    if last.toordinal() - first.toordinal() > 550:
        years = range(last.year if (last.month, last.day) == (12, 31) else last.year - 1, first.year - 1, -1)
        ends = {date(year, 12, 31): str(year) for year in years[:: -(-len(years) // MOST_TICKS)]}
    ticks = sorted(ends)
    return {
        "type": "date", "tickmode": "array", "tickvals": [end.isoformat() for end in ticks], "ticktext": [ends[end] for end in ticks],
        "showgrid": False, "zeroline": False, "ticks": "outside", "tickcolor": "var(--line-2)", "ticklen": 4,
        "showline": True, "linecolor": "var(--line-2)", "fixedrange": True, "automargin": True,
    }  # fmt: skip


def _values(values: Sequence[float]) -> dict[str, Any]:
    """Room is left above and below for the goal's label."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = 0.15 * (high - low or abs(high) or 1.0)
    return {
        "range": [low - room, high + room], "exponentformat": "none", "separatethousands": True, "nticks": 6, "ticklabelstandoff": 6,
        "gridcolor": GRID, "zeroline": False, "fixedrange": True, "automargin": True,
    }  # fmt: skip


def _unit(labels: Labels) -> dict[str, Any]:
    """The unit heads the axis, level, as a reader of Chinese yearbooks looks for it."""
    place = {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "yshift": 10}
    return note(escape(labels.unit), font={"color": INK, "size": 13}, **place)


def _spelled(period: str) -> str:
    """2015-Q3 as 2015Q3."""
    return escape(period.replace("-", ""))
