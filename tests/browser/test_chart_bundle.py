"""The vendored bundle and charts.js in a real browser, under the strictest policy the product will ever send."""

import base64
import json
import os
import shutil
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from targets.charts import CHARTS
from targets.charts.points import Bar, Count, Goal, Labels, PathPoint, Point

pytestmark = pytest.mark.full

STATIC = Path(__file__).parents[2] / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PAGE = """<!doctype html><html lang="{lang}" data-theme="{theme}"><head><meta charset="utf-8"><title>Chart</title>
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/static/css/tokens.css"><link rel="stylesheet" href="/static/css/base.css">
<link rel="stylesheet" href="/static/css/parts.css">
<link rel="stylesheet" href="/static/vendor/plotly/plotly.css" id="plotly.js-style-global" class="no-inline-styles">
<script defer src="/static/js/charts.js" data-plotly="/static/vendor/plotly/plotly-qhenv.min.js"></script></head>
<body><main>{figures}</main></body></html>"""
FIGURE = '<figure class="chart" data-chart="/figures/{}" data-error="The chart cannot be drawn now."></figure>'

WORDS = {"achieved": "已完成", "on_track": "正常推进", "at_risk": "有风险", "off_track": "滞后", "no_data": "无数据"}
LABELS = Labels(
    observed="实际值", expected="路径值", goal="目标", gap="差距", gap_share="与路径值的差距（占路径值）",
    behind="落后", ahead="领先", statuses=WORDS, unit="%",
)  # fmt: skip
POINTS = [
    Point("2014-Q4", date(2014, 12, 31), 61.52, "on_track", "/observations/1"),
    Point("2015-Q1", date(2015, 3, 31), 63.0, "on_track"),
    Point("2015-Q2", date(2015, 6, 30), None, "no_data"),
    Point("2015-Q3", date(2015, 9, 30), 63.4, "at_risk"),
    Point("2015-Q4", date(2015, 12, 31), 62.1, "off_track"),
]
ROAD = [PathPoint(f"{year}-Q4", date(year, 12, 31), 60.0 + 4 * (year - 2014)) for year in range(2014, 2021)]
BARS = [
    Bar("西宁市", 0.0231, 1.6, "%", "achieved", "/areas/630100"),
    Bar("海东市", -0.004, -0.3, "%", "on_track", "/areas/630200"),
    Bar("海西蒙古族藏族自治州", -0.052, -3.4, "%", "at_risk", "/areas/632800"),
    Bar("海北藏族自治州", -0.127, -8.2, "%", "off_track", "/areas/632200"),
    Bar("玉树藏族自治州", None, None, "%", "no_data", "/areas/632700", note="2018年第三季度未报送"),
]
COUNTS = [
    Count("节能", {"achieved": 3, "on_track": 9, "at_risk": 2, "no_data": 4}, "/sectors/energy"),
    Count("城镇污水处理", {"on_track": 4, "off_track": 1}, "/sectors/water"),
]
HEATMAP = {
    "data": [{"type": "heatmap", "z": [[0, 1], [1, 0]], "colorscale": [[0, "#ff0000"], [1, "#0000ff"]], "showscale": False}],
    "layout": {"margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "xaxis": {"visible": False}, "yaxis": {"visible": False}},
}
FIGURES: dict[str, Any] = {
    "trajectory": CHARTS["trajectory"](POINTS, ROAD, Goal("2020", date(2020, 12, 31), 84.0), LABELS),
    "area_gap": CHARTS["area_gap"](BARS, LABELS),
    "sector_gap": CHARTS["sector_gap"](BARS, LABELS),
    "status_counts": CHARTS["status_counts"](COUNTS, LABELS),
    "heatmap": HEATMAP,
    "waterfall": {"data": [{"type": "waterfall", "y": [3, -1, 2]}], "layout": {}},
    "indicator": {"data": [{"type": "indicator", "mode": "number+gauge", "value": 3, "gauge": {"shape": "bullet"}}], "layout": {}},
    "table": {"data": [{"type": "table", "header": {"values": ["甲"]}, "cells": {"values": [["乙"]]}}], "layout": {}},
}


class Handler(BaseHTTPRequestHandler):
    """The page, the figures and the static files of this repository; nothing else exists."""

    def do_GET(self) -> None:
        kind, body = self._answer()
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body or b"")

    def _answer(self) -> tuple[str, bytes | None]:
        url = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        if url.path == "/page":
            figures = "\n".join(FIGURE.format(name) for name in query["charts"].split(","))
            return "text/html", PAGE.format(lang=query.get("lang", "zh-hans"), theme=query.get("theme", "light"), figures=figures).encode()
        if url.path.startswith("/figures/") and (name := url.path.rpartition("/")[2]) in FIGURES:
            return "application/json", json.dumps(FIGURES[name]).encode()
        if url.path.startswith("/static/") and (file := STATIC / url.path.removeprefix("/static/")).is_file():
            return guess_type(file)[0] or "application/octet-stream", file.read_bytes()
        return ("text/plain", b"") if url.path in {"/favicon.ico", "/areas/632200"} else ("text/plain", None)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class named it)
        """A test says what went wrong, not every request."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    found = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if found is None:
        reason = "no chromium here: install Debian's chromium, or set QHENV_NO_BROWSER=1 to leave the browser tests out"
        pytest.skip(reason) if os.environ.get("QHENV_NO_BROWSER") else pytest.fail(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any, site: str) -> Iterator[Any]:
    """A page that remembers its console errors, requests and policy violations."""
    context = browser.new_context(base_url=site, viewport={"width": 900, "height": 700})
    page = context.new_page()
    page.errors, page.requested = [], []
    page.on("console", lambda message: page.errors.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("request", lambda request: page.requested.append(request.url))
    page.add_init_script(
        "window.violations = [];"
        "addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective + ' ' + event.blockedURI))"
    )
    yield page
    context.close()


def draw(page: Any, charts: str, **query: str) -> None:
    page.goto(f"/page?charts={charts}" + "".join(f"&{key}={value}" for key, value in query.items()))
    for figure in page.locator("figure.chart").all():
        figure.scroll_into_view_if_needed()
        figure.locator(".main-svg").first.wait_for()


RENDERED = [
    ("trajectory", "scatter", ".scatterlayer .trace", 6),  # path, line, three statuses, goal
    ("area_gap", "bar", ".barlayer .trace .point path", 4),  # the fifth area has no data, so no bar
    ("sector_gap", "bar", ".barlayer .trace .point path", 4),
    ("status_counts", "bar", ".barlayer .trace .point path", 6),
    ("waterfall", "waterfall", ".waterfalllayer .trace .point path", 3),
    ("indicator", "indicator", ".indicatorlayer .bullet", 1),
    ("table", "table", ".table-control-view", 1),
]


@pytest.mark.parametrize(("name", "kind", "selector", "count"), RENDERED)
def test_each_chart_is_drawn_as_its_own_kind_without_a_complaint_or_a_foreign_request(
    page: Any, site: str, name: str, kind: str, selector: str, count: int
) -> None:
    draw(page, name)
    assert set(page.evaluate("document.querySelector('.chart-plot')._fullData.map((trace) => trace.type)")) == {kind}
    assert page.locator(selector).count() == count
    assert page.errors == []
    assert page.evaluate("violations") == []
    assert [url for url in page.requested if not url.startswith((site, "data:", "blob:"))] == []


def test_heatmap_has_sharp_cells_and_breaks_the_policy_only_by_style_attributes(page: Any) -> None:
    draw(page, "heatmap")
    assert page.locator(".heatmaplayer image").count() == 1
    assert {violation.split()[0] for violation in page.evaluate("violations")} <= {"style-src-attr"}
    picture = base64.b64encode(page.locator(".chart-plot").screenshot()).decode()
    near_the_middle = page.evaluate(
        """async (picture) => {
            const image = Object.assign(new Image(), { src: "data:image/png;base64," + picture });
            await image.decode();
            const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
            canvas.drawImage(image, 0, 0);
            return [0.4, 0.6].map((x) => [...canvas.getImageData(image.width * x, image.height * 0.25, 1, 1).data].slice(0, 3));
        }""",
        picture,
    )
    assert near_the_middle == [[0, 0, 255], [255, 0, 0]]


def test_toolbar_saves_a_picture_in_the_readers_language_and_shares_nothing(page: Any) -> None:
    titles = "[...document.querySelectorAll('.modebar-btn')].map((button) => button.dataset.title)"
    draw(page, "trajectory")
    assert page.evaluate(titles) == ["下载图表为PNG格式"]
    draw(page, "trajectory", lang="en")
    assert page.evaluate(titles) == ["Download plot as a PNG"]


def test_colours_come_from_the_pages_tokens_and_follow_its_theme(page: Any) -> None:
    draw(page, "area_gap")
    shown = "document.querySelector('.chart-plot')._fullData.find((trace) => trace.name === '滞后').marker.color"
    token = """() => {
        const probe = document.body.appendChild(document.createElement("i"));
        probe.style.color = getComputedStyle(document.documentElement).getPropertyValue("--status-off-track");
        return getComputedStyle(probe).color;
    }"""
    light = page.evaluate(shown)
    assert light == page.evaluate(token)
    page.evaluate(
        """() => new Promise((redrawn) => {
            document.querySelector(".chart-plot").on("plotly_afterplot", redrawn);
            document.documentElement.dataset.theme = "dark";
        })"""
    )
    assert light != page.evaluate(shown) == page.evaluate(token)


def test_bundle_is_loaded_once_and_all_charts_are_drawn_without_being_scrolled_to(page: Any) -> None:
    """A page on paper has them all; until then a chart's place says that it is loading."""
    page.goto("/page?charts=" + ",".join(["area_gap"] * 3 + ["trajectory"] * 3))
    page.locator("figure.chart").last.locator(".main-svg").first.wait_for()
    assert page.locator(".chart-plot").count() == 6
    assert len([url for url in page.requested if url.endswith("plotly-qhenv.min.js")]) == 1


def test_chart_swapped_into_the_page_is_drawn_and_the_others_not_again(page: Any) -> None:
    draw(page, "area_gap")
    page.evaluate(
        """() => {
            const copy = document.querySelector("figure.chart").cloneNode(false);
            document.querySelector("main").append(copy);
            copy.dispatchEvent(new Event("htmx:load", { bubbles: true }));
        }"""
    )
    page.locator("figure.chart").last.locator(".main-svg").first.wait_for()
    assert page.locator(".chart-plot").count() == 2
    assert len([url for url in page.requested if url.endswith("/figures/area_gap")]) == 2


def test_click_on_a_bar_opens_the_address_behind_it(page: Any) -> None:
    draw(page, "area_gap")
    bar = page.locator(".barlayer .point path").last.bounding_box()
    page.mouse.move(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    page.locator(".hoverlayer .hovertext").wait_for()
    assert page.locator(".hoverlayer .hovertext tspan").all_text_contents() == [
        "海北藏族自治州", "▼ 滞后", "差距 −8.20\N{NO-BREAK SPACE}%", "与路径值的差距（占路径值） −12.7\N{NO-BREAK SPACE}%",
    ]  # fmt: skip
    assert page.evaluate("violations") == []
    with page.expect_navigation(url="**/areas/632200"):
        page.mouse.click(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)


def test_chart_that_cannot_be_had_says_so_in_the_pages_words(page: Any) -> None:
    page.goto("/page?charts=missing")
    page.get_by_role("alert").wait_for()
    assert page.get_by_role("alert").inner_text() == "The chart cannot be drawn now."


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", ["trajectory", "area_gap", "sector_gap", "status_counts"])
def test_no_text_of_a_chart_is_cut_off(page: Any, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    draw(page, name)
    cut = page.evaluate(
        """() => {
            const frame = document.querySelector(".chart-plot").getBoundingClientRect();
            return [...document.querySelectorAll(".chart-plot svg text")].filter((text) => {
                const box = text.getBoundingClientRect();
                return box.width && (box.left < frame.left - 1 || box.right > frame.right + 1
                    || box.top < frame.top - 1 || box.bottom > frame.bottom + 1);
            }).map((text) => text.textContent);
        }"""
    )
    assert cut == []
