"""What was observed, the path to the goal, and the goal."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape
from typing import Any

from targets.charts.points import ForecastPoint, Goal, Labels, PathPoint, Point
from targets.charts.style import (
    FORECAST,
    FORECAST_SOFT,
    GOAL,
    GRID,
    INK,
    PATH,
    STATUS,
    SURFACE,
    VALUE,
    Figure,
    layout,
    note,
    plain,
    quantity,
)
from targets.progress.types import Status

MOST_TICKS = 4
HOVER = "%{customdata[1]}<br>"  # no <b>: it would be a style attribute, which the content security policy forbids


def figure(
    points: Sequence[Point],
    path: Sequence[PathPoint],
    goal: Goal | None,
    labels: Labels,
    forecast: Sequence[ForecastPoint] = (),
    yearly: bool = False,
) -> Figure:
    """Observed values by the end of their period, each marked by its status; a period without a value is a break in
    the line. `path` is drawn dashed, one level a year where it is `yearly`; `goal` as a star behind the last value, named above the
    plot where nothing can lie under its words; `forecast` behind them all, dotted in its light range."""
    traces = [_path(path, labels, yearly), _line(points, labels), *_markers(points, labels)]
    if goal is not None:
        traces.insert(0, _goal(goal, labels))
    if forecast:
        traces.insert(0, _forecast(forecast, labels))
    goals = [] if goal is None else [goal]
    ends = {part.end: _spelled(part.period) for group in (path, goals, points) for part in group if part.value is not None}
    values = [value for trace in traces for value in trace["y"] if value is not None]
    if forecast:
        values = _with_range(values, forecast)
        traces.insert(0, _range(forecast, labels))
    heads = [_unit(labels), *(_named(one, labels) for one in goals)]
    return plain(
        traces,
        layout(
            xaxis=_dates(ends, labels), yaxis=_values(values), height=400, margin={"l": 8, "r": 32, "t": 36, "b": 40}, annotations=heads
        ),
    )


def _path(path: Sequence[PathPoint], labels: Labels, yearly: bool) -> dict[str, Any]:
    shown = ["" if p.value is None else escape(quantity(p.value, labels.unit, labels.decimals)) for p in path]
    return {
        "type": "scatter", "mode": "lines", "name": labels.expected, "legendrank": 20, "connectgaps": False,
        "x": [p.end.isoformat() for p in path], "y": [p.value for p in path],
        "line": {"color": PATH, "width": 2, "dash": "dash", "shape": "vh" if yearly else "linear"},
        "customdata": [["", _spelled(p.period), text] for p, text in zip(path, shown, strict=True)],
        "hovertemplate": f"{HOVER}{escape(labels.expected)} %{{customdata[2]}}<extra></extra>",
    }  # fmt: skip


def _forecast(forecast: Sequence[ForecastPoint], labels: Labels) -> dict[str, Any]:
    shown = [[quantity(value, labels.unit, labels.decimals) for value in (p.value, p.low, p.high)] for p in forecast]
    texts = [text if low == high else f"{text} ({low} – {high})" for text, low, high in shown]
    return {
        "type": "scatter", "mode": "lines", "name": labels.forecast_range, "legendrank": 25,
        "x": [p.end.isoformat() for p in forecast], "y": [p.value for p in forecast],
        "line": {"color": FORECAST, "width": 2, "dash": "dot"},
        "customdata": [["", _spelled(p.period), escape(text)] for p, text in zip(forecast, texts, strict=True)],
        "hovertemplate": f"{HOVER}{escape(labels.forecast)} %{{customdata[2]}}<extra></extra>",
    }  # fmt: skip


def _range(forecast: Sequence[ForecastPoint], labels: Labels) -> dict[str, Any]:
    """One closed shape: out along the upper bound, back along the lower."""
    ends = [p.end.isoformat() for p in forecast]
    return {
        "type": "scatter", "mode": "lines", "name": labels.forecast_range, "showlegend": False, "hoverinfo": "skip", "fill": "toself",
        "x": ends + ends[::-1], "y": [p.high for p in forecast] + [p.low for p in reversed(forecast)],
        "line": {"width": 0, "color": FORECAST_SOFT}, "fillcolor": FORECAST_SOFT,
    }  # fmt: skip


def _with_range(values: Sequence[float], forecast: Sequence[ForecastPoint]) -> list[float]:
    """What the axis has to hold: of a wide range only half as much again as of all else, so that values and goal stay readable."""
    low, high = min(values), max(values)
    room = (high - low or abs(high) or 1.0) / 2
    bounds = min(p.low for p in forecast), max(p.high for p in forecast)
    return [*values, max(bounds[0], low - room), min(bounds[1], high + room)]


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
        "customdata": [[p.url, _spelled(p.period), escape(quantity(p.value, labels.unit, labels.decimals))]
                       for p in points if p.value is not None],
        "hovertemplate": f"{HOVER}{escape(labels.observed)} %{{customdata[2]}}<br>{look.glyph} {word}<extra></extra>",
    }  # fmt: skip


def _goal(goal: Goal, labels: Labels) -> dict[str, Any]:
    values = _of_goal(goal)
    return {
        "type": "scatter", "mode": "markers" if goal.high is None else "lines+markers", "name": labels.goal, "cliponaxis": False,
        "showlegend": False, "x": [goal.end.isoformat()] * len(values), "y": values,
        "marker": {"color": GOAL, "symbol": "star", "size": 20, "line": {"color": SURFACE, "width": 1}},
        "line": {"color": GOAL, "width": 2},
        "customdata": [["", _spelled(goal.period), escape(quantity(value, labels.unit))] for value in values],
        "hovertemplate": f"{HOVER}{escape(labels.goal)} %{{customdata[2]}}<extra></extra>",
    }  # fmt: skip


def _of_goal(goal: Goal) -> list[float]:
    return [goal.value] if goal.high is None else [goal.value, goal.high]


def _named(goal: Goal, labels: Labels) -> dict[str, Any]:
    """The goal in words over the right end of the plot, as the unit over its left: the axis below has the unit."""
    text = f"★ {escape(labels.goal)} {'–'.join(quantity(value, '') for value in _of_goal(goal))}"
    place = {"xref": "paper", "yref": "paper", "x": 1, "y": 1, "xanchor": "right", "yanchor": "bottom", "yshift": 10}
    return note(text, font={"color": GOAL, "size": 13}, **place)


def _dates(ends: Mapping[date, str], labels: Labels) -> dict[str, Any]:
    """Ticks stand at the ends of periods and say so: of each within a year and a half, else of years, counted back from the last."""
    first, last = min(ends, default=date(2020, 1, 1)), max(ends, default=date(2020, 12, 31))
    room = (last - first) / 25 + timedelta(days=15)
    if last.toordinal() - first.toordinal() > 550:
        years = range(last.year if (last.month, last.day) == (12, 31) else last.year - 1, first.year - 1, -1)
        ends = {date(year, 12, 31): escape(labels.year_end % {"year": year}) for year in years[:: -(-len(years) // MOST_TICKS)]}
    ticks = sorted(ends)
    return {
        "type": "date", "range": [(first - room).isoformat(), (last + room).isoformat()],
        "tickmode": "array", "tickvals": [end.isoformat() for end in ticks], "ticktext": [ends[end] for end in ticks],
        "showgrid": False, "zeroline": False, "ticks": "outside", "tickcolor": "var(--line-2)", "ticklen": 4,
        "showline": True, "linecolor": "var(--line-2)", "fixedrange": True, "automargin": True, "tickangle": 0,
    }  # fmt: skip


def _values(values: Sequence[float]) -> dict[str, Any]:
    """Room is left above and below for the markers."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = 0.12 * (high - low or abs(high) or 1.0)
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
