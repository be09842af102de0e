"""One look for all charts. Colours are names of the page's own tokens, so a figure is the same in every theme."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from itertools import accumulate, pairwise
from typing import Any
from unicodedata import east_asian_width

from targets.progress.types import Status

Figure = dict[str, Any]

FONT = '"PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", system-ui, sans-serif'
INK, MUTED, GRID, SURFACE = "var(--ink)", "var(--ink-2)", "var(--grid)", "var(--surface)"
VALUE, PATH, GOAL = "var(--value)", "var(--path)", "var(--goal)"
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


def number(value: float, decimals: int | None = None, signed: bool = False) -> str:
    """A number for reading: all its digits, or at most `decimals`; thousands separated, never an exponent or k/M/G.
    What is not zero never reads as zero: it keeps two significant digits."""
    shown = Decimal(repr(value)) if decimals is None else Decimal(f"{value:.{decimals}f}")
    if not shown and value:
        shown = Decimal(f"{value:.2g}")
    text = f"{abs(shown):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return ("−" if shown < 0 else "+" if signed and shown else "") + text


def quantity(value: float, unit: str, decimals: int | None = None, signed: bool = False) -> str:
    """A number with its unit: close for signs such as %, a no-break space before words. Not yet escaped."""
    gap = "" if unit[:1] in {"%", "‰", "°"} else "\N{NO-BREAK SPACE}"
    return number(value, decimals, signed) + (gap + unit if unit else "")


def wrapped(text: str, width: int = 22) -> str:
    """A label in lines of about `width` Latin letters (half as many Chinese ones), safe to put in a figure."""
    full = _size(text)
    width = min(width, -(-full // -(-full // width or 1)) + 4) if full else width  # lines of about one length: no lone last letter
    lines = [""]
    for word in re.findall(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+", text):
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


def rows(labels: Sequence[str], words: Sequence[str]) -> tuple[dict[str, Any], list[float]]:
    """Axis of a horizontal bar chart, first row on top, and the middle of each row. It counts in pixels, so that a row is
    as tall as its wrapped label and `words` (one a row, "" for none) need, and two rows may have the same label."""
    names = [wrapped(label) for label in labels]
    heights = [34 + 16 * max(name.count("<br>"), word.count("<br>")) for name, word in zip(names, words, strict=True)]
    ends = [0, *accumulate(heights)]
    middles = [(top + bottom) / 2 for top, bottom in pairwise(ends)]
    axis = {
        "tickmode": "array", "tickvals": middles, "ticktext": names, "range": [ends[-1] + 8, 0], "automargin": True,
        "fixedrange": True, "showgrid": False, "zeroline": False, "ticks": "", "ticklabelstandoff": 8, "tickfont": {"color": INK},
    }  # fmt: skip
    return axis, middles


def plain(traces: Sequence[dict[str, Any]], own_layout: dict[str, Any]) -> Figure:
    """The figure as JSON-ready data, each name in it checked by Plotly (ValueError on a wrong one)."""
    import plotly.graph_objects as go

    figure: Figure = go.Figure(data=list(traces), layout=own_layout).to_plotly_json()
    figure["layout"].pop("template", None)  # 7 kB of looks that are not ours
    return figure
