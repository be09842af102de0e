"""Figures say exactly what went into them."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from targets.charts import CHARTS, area_gap, attribution, sector_gap, status_counts, trajectory
from targets.charts.points import Bar, Contribution, Count, Goal, Labels, PathPoint, Point
from targets.charts.style import STATUS, quantity, wrapped
from targets.progress.types import Status

WORDS: dict[str, str] = {status: f"word for {status}" for status in Status}
LABELS = Labels(
    observed="observed", expected="expected", goal="goal", gap="gap", gap_share="gap share", behind="behind", ahead="ahead",
    statuses=WORDS, unit="tce", decimals=3, year_end="end %(year)s",
)  # fmt: skip
VALUES = [2.0431234567, None, 1234567.891, 0.1 + 0.2, -9.44]
POINTS = [
    Point(f"{2014 + at}-Q3", date(2014 + at, 9, 30), value, status, f"/observations/{at}")
    for at, (value, status) in enumerate(zip(VALUES, Status, strict=True))
]
PATH = [PathPoint("2014", date(2014, 12, 31), 2.5), PathPoint("2015", date(2015, 12, 31), None), PathPoint("2020", date(2020, 12, 31), 1.1)]
GOAL = Goal("2020", date(2020, 12, 31), 1.1)
BARS = [
    Bar("Xining", 0.0231234567, 1.25, "tce", "achieved", "/areas/630100"),
    Bar("Haidong", -0.1, -12345.678, "tce", "off_track", "/areas/630200"),
    Bar("Yushu", None, None, "tce", "no_data", "/areas/632700", note="not filed"),
    Bar("Golog", None, -3.0, "tce", "at_risk", note="path is zero"),
]
COUNTS = [
    Count("Energy", {"achieved": 3, "no_data": 2}, "/sectors/energy"),
    Count("Water", {"achieved": 1, "at_risk": 0}, "/sectors/water"),
]
PARTS = [
    Contribution("Haixi", -3.0123456, "86.1 %", "/targets/T/?area=632800"),
    Contribution("Xining", 0.5123456, "−14.6 %", "/targets/T/?area=630100"),
    Contribution("Difference of the paths", -1.0, "28.5 %", rest=True),
]
FIGURES = {
    "trajectory": trajectory.figure(POINTS, PATH, GOAL, LABELS),
    "area_gap": area_gap.figure(BARS, LABELS),
    "sector_gap": sector_gap.figure(BARS, LABELS),
    "status_counts": status_counts.figure(COUNTS, LABELS),
    "attribution": attribution.figure(PARTS, Contribution("Gap", -3.5), LABELS),
}


def named(figure: dict[str, Any], name: str) -> dict[str, Any]:
    return next(trace for trace in figure["data"] if trace["name"] == name)


def strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for one in part.values():
            yield from strings(one)
    elif isinstance(part, list | tuple):
        for one in part:
            yield from strings(one)


def test_every_registered_chart_is_plain_json_and_looks_like_the_page() -> None:
    assert set(CHARTS) == set(FIGURES)
    for figure in FIGURES.values():
        assert set(figure) == {"data", "layout"}
        assert json.loads(json.dumps(figure, allow_nan=False)) == figure
        assert "template" not in figure["layout"]
        assert not [text for text in strings(figure) if text.startswith("#")], "colours are names of the page's tokens"


def test_no_chart_shortens_numbers_or_uses_marks_that_need_a_style_attribute() -> None:
    for figure in FIGURES.values():
        assert not [text for text in strings(figure) if "<b>" in text or "<span" in text or "<i>" in text]
        for axis in ("xaxis", "yaxis"):
            assert figure["layout"][axis].get("tickformat") in {None, "~%"}
    assert FIGURES["trajectory"]["layout"]["yaxis"]["exponentformat"] == "none"


def test_trajectory_has_every_value_to_the_last_digit_and_a_break_stays_a_gap() -> None:
    line = named(FIGURES["trajectory"], "observed")
    assert line["y"] == VALUES
    assert line["x"] == [point.end.isoformat() for point in POINTS]
    assert [trace["connectgaps"] for trace in FIGURES["trajectory"]["data"] if trace["mode"] == "lines"] == [False, False]
    path = named(FIGURES["trajectory"], "expected")
    assert (path["y"], path["line"]["dash"]) == ([2.5, None, 1.1], "dash")


def test_trajectory_marks_each_value_by_its_status_and_leads_to_its_source() -> None:
    for point in POINTS:
        if point.value is None:
            assert WORDS[Status(point.status)] not in {trace["name"] for trace in FIGURES["trajectory"]["data"]}
            continue
        trace = named(FIGURES["trajectory"], WORDS[Status(point.status)])
        look = STATUS[Status(point.status)]
        assert (trace["marker"]["color"], trace["marker"]["symbol"]) == (look.color, look.symbol)
        shown = quantity(point.value, "tce", 3)
        assert (trace["y"], trace["customdata"]) == ([point.value], [[point.url, point.period.replace("-", ""), shown]])


@pytest.mark.parametrize(("high", "values"), [(None, [1.1]), (1.4, [1.1, 1.4])])
def test_trajectory_ends_in_the_goal_or_in_both_ends_of_a_range(high: float | None, values: list[float]) -> None:
    figure = trajectory.figure(POINTS, PATH, Goal("2020", date(2020, 12, 31), 1.1, high), LABELS)
    assert named(figure, "goal")["y"] == values
    said = [note["text"] for note in figure["layout"]["annotations"] if note["yref"] == "paper"]
    assert f"★ goal {'–'.join(quantity(value, '') for value in values)}" in said, "above the plot, where it covers nothing"


def test_trajectory_of_nothing_is_an_empty_chart() -> None:
    assert [trace["y"] for trace in trajectory.figure([], [], None, LABELS)["data"]] == [[], []]


QUARTERS = [Point("2015-Q3", date(2015, 9, 30), 1.0, "on_track"), Point("2015-Q4", date(2015, 12, 31), 1.0, "on_track")]


@pytest.mark.parametrize(
    ("points", "path", "ticks"),
    [
        (QUARTERS, [], ["2015Q3", "2015Q4"]),
        (QUARTERS, PATH, ["end 2014", "end 2016", "end 2018", "end 2020"]),
        (POINTS, [], ["end 2014", "end 2015", "end 2016", "end 2017"]),
    ],
    ids=["few quarters by name", "long spans by end of year", "years end before an unfinished one"],
)
def test_trajectory_ticks_name_ends_of_periods(points: list[Point], path: list[PathPoint], ticks: list[str]) -> None:
    assert list(trajectory.figure(points, path, None, LABELS)["layout"]["xaxis"]["ticktext"]) == ticks


@pytest.mark.parametrize("name", ["area_gap", "sector_gap"])
def test_gap_bars_have_the_exact_share_and_the_gap_in_its_unit(name: str) -> None:
    ahead, behind = named(FIGURES[name], WORDS[Status.ACHIEVED]), named(FIGURES[name], WORDS[Status.OFF_TRACK])
    assert (ahead["x"], behind["x"]) == ([0.0231234567], [-0.1])
    assert (ahead["text"], behind["text"]) == (["+2.3\N{NO-BREAK SPACE}%"], ["−10.0\N{NO-BREAK SPACE}%"])
    assert ahead["customdata"] == [["/areas/630100", "Xining", "<br>gap +1.25\N{NO-BREAK SPACE}tce"]]
    assert behind["customdata"] == [["/areas/630200", "Haidong", "<br>gap −12,345.68\N{NO-BREAK SPACE}tce"]]


def test_row_without_a_share_says_why_instead_of_a_bar_of_length_zero() -> None:
    layout = FIGURES["area_gap"]["layout"]
    assert sum(len(trace["y"]) for trace in FIGURES["area_gap"]["data"]) == 2
    told = {note["y"]: note["text"].replace("<br>", " ") for note in layout["annotations"] if note["yref"] == "y"}
    assert list(told.values())[:2] == ["Xining", "Haidong"], "a row with a bar needs no words but its name"
    assert list(told.values())[2:] == [
        *("Yushu", "○ word for no_data not filed"),
        *("Golog", "◆ word for at_risk · −3.00\N{NO-BREAK SPACE}tce path is zero"),
    ]


def test_gap_of_exactly_zero_shows_its_status_though_no_bar_can() -> None:
    bar = Bar("Xining", 0.0, 0.0, "tce", "on_track")
    assert area_gap.figure([bar], LABELS)["data"][0]["text"] == ["▲ 0.0\N{NO-BREAK SPACE}%"]


def test_two_targets_of_one_name_keep_two_rows() -> None:
    rows = sector_gap.figure([Bar("Same", -0.1, -1.0, "t", "at_risk"), Bar("Same", 0.1, 1.0, "t", "achieved")], LABELS)
    assert len({row for trace in rows["data"] for row in trace["y"]}) == 2
    assert [note["text"] for note in rows["layout"]["annotations"] if note["yref"] == "y"] == ["Same", "Same"]


def test_bars_of_several_groups_stand_under_their_heads() -> None:
    bars = [Bar(name, -0.1, -1.0, "t", "at_risk", group=group) for name, group in (("a", "2020"), ("b", "2020"), ("c", "2015"))]
    notes = [note["text"] for note in sector_gap.figure(bars, LABELS)["layout"]["annotations"] if note["yref"] == "y"]
    assert notes == ["— 2020 —", "a", "b", "— 2015 —", "c"]
    assert len(sector_gap.figure(bars[:2], LABELS)["layout"]["annotations"]) == 2 + 2, "one group needs no head: title, side and names"


def test_path_of_a_year_is_one_level_to_its_end() -> None:
    assert named(trajectory.figure(POINTS, PATH, GOAL, LABELS, yearly=True), "expected")["line"]["shape"] == "vh"


def test_status_counts_stack_what_was_counted_and_leave_zeros_out() -> None:
    figure = FIGURES["status_counts"]
    assert {trace["name"]: trace["x"] for trace in figure["data"]} == {WORDS[Status.ACHIEVED]: [3, 1], WORDS[Status.NO_DATA]: [2]}
    assert figure["layout"]["barmode"] == "stack"
    assert [row[0] for row in figure["data"][0]["customdata"]] == ["/sectors/energy", "/sectors/water"]


def test_each_part_of_a_gap_begins_where_the_one_before_ended_and_the_total_stands_alone() -> None:
    bars = sorted((row, base, x) for trace in FIGURES["attribution"]["data"]
                  for row, base, x in zip(trace["y"], trace["base"], trace["x"], strict=True))  # fmt: skip
    assert [x for _, _, x in bars] == [-3.0123456, 0.5123456, -1.0, -3.5]
    assert [base for _, base, _ in bars] == pytest.approx([0, -3.0123456, -2.5, 0])
    assert bars[-2][1] + bars[-2][2] == pytest.approx(bars[-1][2])


def test_part_of_a_gap_leads_to_its_member_and_a_remainder_to_nobody() -> None:
    data = {trace["name"]: trace for trace in FIGURES["attribution"]["data"]}
    assert data["behind"]["customdata"] == [["/targets/T/?area=632800", "Haixi", "−3.012\N{NO-BREAK SPACE}tce", "<br>gap share 86.1 %"]]
    assert data["behind"]["text"] == ["−3.012"]
    assert (data[""]["customdata"][0][0], data[""]["marker"]["pattern"]["shape"]) == ("", "/")


def test_gap_of_nothing_but_zeros_is_still_a_chart() -> None:
    figure = attribution.figure([Contribution("Xining", 0.0)], Contribution("Gap", 0.0), LABELS)
    assert [trace["x"] for trace in figure["data"]] == [[0.0], [0.0]]


@pytest.mark.parametrize("part", ["color", "symbol", "pattern", "glyph"])
def test_every_status_has_its_own_colour_symbol_pattern_and_shape(part: str) -> None:
    assert set(STATUS) == set(Status)
    assert len({getattr(mark, part) for mark in STATUS.values()}) == len(Status)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("trajectory", ([Point("2015", date(2015, 12, 31), 1.0, "fine")], [], None, LABELS)),
        ("area_gap", ([Bar("Xining", 0.1, 1.0, "", "fine")], LABELS)),
        ("sector_gap", ([Bar("Xining", None, None, "", "fine")], LABELS)),
        ("status_counts", ([Count("Energy", {"fine": 1})], LABELS)),
    ],
)
def test_unknown_status_is_refused_and_never_left_out(name: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError):
        CHARTS[name](*arguments)


@pytest.mark.parametrize("make", [area_gap.figure, sector_gap.figure])
def test_markup_in_a_name_is_shown_not_obeyed(make: Any) -> None:
    figure = make([Bar("<a href='x'>a</a>", 0.1, 1.0, "<i>t</i>", "achieved")], LABELS)
    assert not [text for text in strings(figure) if "<a" in text or "<i>" in text]


@pytest.mark.parametrize(
    ("value", "decimals", "signed", "text"),
    [
        (0.1 + 0.2, None, False, "0.30000000000000004"),
        (1234567.891, None, False, "1,234,567.891"),
        (1e21, None, False, "1,000,000,000,000,000,000,000"),
        (1e-7, None, False, "0.0000001"),
        (100.0, None, False, "100"),
        (-9.44, 1, True, "−9.4"),
        (-6.25, 1, True, "−6.3"),
        (9.4, 2, True, "+9.40"),
        (0.0, 2, True, "0.00"),
        (-0.0, 2, True, "0.00"),
        (-0.00042, 2, True, "−0.00042"),
        (1e6, 0, False, "1,000,000"),
    ],
)
def test_numbers_are_written_out_as_in_tables(value: float, decimals: int | None, signed: bool, text: str) -> None:
    assert quantity(value, "", decimals, signed) == text


@pytest.mark.parametrize(("unit", "text"), [("%", "3.1\N{NO-BREAK SPACE}%"), ("tce", "3.1\N{NO-BREAK SPACE}tce"), ("", "3.1")])
def test_number_stands_with_its_unit(unit: str, text: str) -> None:
    assert quantity(3.1, unit) == text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("西宁市", "西宁市"),
        ("公共机构人均综合能耗下降", "公共机构人均综合<br>能耗下降"),
        ("Share of new buildings that meet the standard", "Share of new<br>buildings that meet<br>the standard"),
        ("a < b", "a &lt; b"),
        ("", ""),
    ],
)
def test_labels_break_into_lines_of_like_length(text: str, lines: str) -> None:
    assert wrapped(text) == lines
