"""One look for all charts. Colours are names of the page's own tokens, so a figure is the same in every theme."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from unicodedata import east_asian_width

from targets.numbers import SPACE, as_stated, number
from targets.numbers import signed as sign
from targets.progress.types import Status

Figure = dict[str, Any]

FONT = "var(--font)"
INK, MUTED, GRID, SURFACE = "var(--ink)", "var(--ink-2)", "var(--grid)", "var(--surface)"
VALUE, PATH, GOAL = "var(--value)", "var(--path)", "var(--goal)"
FORECAST, FORECAST_SOFT = "var(--forecast)", "var(--forecast-soft)"
CLEAR = "rgba(0,0,0,0)"


@dataclass(frozen=True, slots=True)
class Mark:
    """How a status looks: colour, marker symbol (the shape static/icons/status.svg has), bar pattern, and the shape as a
    letter for text. No two statuses share any of them."""

    color: str
    symbol: str
    pattern: str
    glyph: str


STATUS = {
    Status.ACHIEVED: Mark("var(--status-achieved)", "circle", "", "●"),
    Status.ON_TRACK: Mark("var(--status-on-track)", "triangle-up", ".", "▲"),
    Status.AT_RISK: Mark("var(--status-at-risk)", "diamond", "/", "◆"),
    Status.OFF_TRACK: Mark("var(--status-off-track)", "triangle-down", "x", "▼"),
    Status.NO_DATA: Mark("var(--status-no-data)", "circle-open", "-", "○"),
}


def mark(status: str) -> Mark:
    """The look of a status given by its word; ValueError if it is none of the five."""
    return STATUS[Status(status)]


def pattern(status: str) -> dict[str, Any]:
    """Fill of a bar: the status colour with the status pattern laid over it, faintly, in the colour of the page."""
    look = mark(status)
    overlay = {"shape": look.pattern, "fillmode": "overlay", "fgcolor": SURFACE, "fgopacity": 0.4, "size": 8, "solidity": 0.2}
    return {"color": look.color, "pattern": overlay, "line": {"width": 0}}


def soft_pattern(status: str) -> dict[str, Any]:
    """Fill of a bar with a number on it: tint and outline, as the status labels of the pages."""
    look = mark(status)
    overlay = {"shape": look.pattern, "fillmode": "overlay", "fgcolor": look.color, "fgopacity": 0.25, "size": 8, "solidity": 0.2}
    return {"color": toned(status, "soft"), "pattern": overlay, "line": {"color": look.color, "width": 1.5}}


def toned(status: str, tone: str) -> str:
    """The `soft` tint or the `ink` for text of a status colour."""
    return mark(status).color.replace(")", f"-{tone})")


def quantity(value: float, unit: str, decimals: int | None = None, signed: bool = False) -> str:
    """A number with its unit as tables write it: all its digits, or rounded to `decimals`. Not yet escaped."""
    text = as_stated(value) if decimals is None else sign(value, decimals) if signed else number(value, decimals)
    return f"{text}{SPACE}{unit}" if unit else text


def wrapped(text: str, width: int = 22) -> str:
    """A label in lines of about `width` Latin letters (half as many Chinese ones), safe to put in a figure."""
    full = _size(text)
    width = min(width, -(-full // -(-full // width or 1)) + 4) if full else width  # lines of about one length: no lone last letter
    lines = [""]
    for word in re.findall(r"[\u2e80-\uffef]|[^ \u2e80-\uffef]+ *| +", text):
        if lines[-1] and word not in "，。、；：）”" and _size(lines[-1] + word.rstrip()) > width:
            lines.append("")
        lines[-1] += word
    return "<br>".join(escape(line.rstrip(), quote=False) for line in lines)


def _size(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def layout(**own: Any) -> dict[str, Any]:
    """The shared layout with a chart's own parts over it. The paper has the page's colour, not none, so that a saved
    picture can be read wherever it is pasted."""
    shared = {
        "font": {"family": FONT, "size": 13, "color": MUTED},
        "paper_bgcolor": SURFACE,
        "plot_bgcolor": CLEAR,
        "margin": {"l": 8, "r": 16, "t": 36, "b": 40},
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": SURFACE, "bordercolor": "var(--line-2)", "font": {"family": FONT, "color": INK}, "align": "left"},
        "dragmode": False,
        "modebar": {"bgcolor": CLEAR, "color": "var(--line-2)", "activecolor": INK},
        "legend": {
            "orientation": "h", "x": 0, "xanchor": "left", "xref": "container", "y": 0, "yanchor": "bottom", "yref": "container",
            "itemclick": False, "itemdoubleclick": False, "itemwidth": 30, "traceorder": "normal", "font": {"color": INK},
        },
    }  # fmt: skip
    return shared | own


def note(text: str, **where: Any) -> dict[str, Any]:
    """A text laid on the chart, without arrow; `where` places it as Plotly's layout.annotations do."""
    return {"text": text, "showarrow": False, "font": {"color": MUTED, "size": 13}, "align": "left"} | where


LINE, BAR = 17, 20  # pixels: a line of a label, a bar
WIDE = 44  # letters in a line of a label over its bar: what a phone holds


def stacked(
    labels: Sequence[str], words: Sequence[str], heads: Sequence[str], thick: int = BAR
) -> tuple[dict[str, Any], list[float], list[dict[str, Any]]]:
    """Axis of a horizontal bar chart whose labels stand over their bars, so that on a phone too the bars have the whole width; the middle
    of each bar; and the labels. It counts in pixels, first row on top. `words` ("" for none) stand where a row has no bar, `heads` over
    the first row of a group."""
    top = 0.0
    middles: list[float] = []
    notes: list[dict[str, Any]] = []
    place = {"xref": "paper", "x": 0, "xanchor": "left", "yref": "y", "yanchor": "top"}
    for label, word, head in zip(labels, words, heads, strict=True):
        if head:
            top += LINE if notes else 0
            notes.append(note(f"— {escape(head)} —", y=top, **place))
            top += LINE + 8
        name, told = wrapped(label, WIDE), "<br>".join(wrapped(line, WIDE) for line in word.split("\n"))
        notes.append(note(name, y=top, **place | {"font": {"color": INK, "size": 13}}))
        top += LINE * (name.count("<br>") + 1) + 7
        if told:
            notes.append(note(told, y=top, name="reason", **place))
        room = max(thick, LINE * (told.count("<br>") + 1))
        middles.append(top + room / 2)
        top += room + 9
    axis = {"range": [top, 0], "visible": False, "fixedrange": True}
    return axis, middles, notes


def plain(traces: Sequence[dict[str, Any]], own_layout: dict[str, Any]) -> Figure:
    """The figure as JSON-ready data, each name in it checked by Plotly (ValueError on a wrong one)."""
    import plotly.graph_objects as go

    figure: Figure = go.Figure(data=list(traces), layout=own_layout).to_plotly_json()
    figure["layout"].pop("template", None)  # 7 kB of looks that are not ours
    return figure
