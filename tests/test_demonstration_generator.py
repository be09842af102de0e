"""The made-up history of filing: complete in its faults, true to the published figures, the same every time."""

import csv
import hashlib
import subprocess
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from tests.make_history import made

DEMO = Path(__file__).resolve().parent.parent / "fixtures" / "demo"
PREFECTURES = ("630100", "630200", "632200", "632300", "632500", "632600", "632700", "632800")
PUBLISHED_GDP = {2010: 1144.2, 2013: 1713.3, 2014: 1847.7, 2015: 2011.0, 2017: 2465.1}
TODAY = "2018-10-20"

Table = list[dict[str, str]]
Figures = dict[tuple[str, str, str], float]


def run(folder: Path, *words: str) -> None:
    subprocess.run([sys.executable, str(DEMO / "generate.py"), str(folder), *words], check=True, capture_output=True)


def table(path: Path) -> Table:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def digest(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def history() -> Path:
    return made()


@pytest.fixture(scope="module")
def manifest(history: Path) -> Table:
    return table(history / "manifest.csv")


@pytest.fixture(scope="module")
def schedule(history: Path) -> Table:
    return table(history / "schedule.csv")


@pytest.fixture(scope="module")
def figures(history: Path) -> Figures:
    return {(row["indicator"], row["area"], row["period"]): float(row["value"]) for row in table(history / "truth.csv")}


@pytest.fixture(scope="module")
def projects(history: Path) -> Table:
    return table(history / "projects.csv")


def finished(projects: Table, indicator: str, area: str, period: str) -> Decimal:
    """The capacity finished by the last day of a quarter."""
    last = f"{period[:4]}-{('03-31', '06-30', '09-30', '12-31')[int(period[-1]) - 1]}"
    of_both = [row for row in projects if (row["indicator"], row["area"]) == (indicator, area)]
    return sum((Decimal(row["capacity"]) for row in of_both if "" < row["finished_on"] <= last), Decimal(0))


@cache
def with_register() -> dict[str, int]:
    """The indicators behind which the pack has a register, and their decimals."""
    indicators = table(DEMO.parent / "qinghai" / "indicators.csv")
    return {row["code"]: int(row["decimals"]) for row in indicators if row["register"] == "yes"}


def of_province(figures: Figures, indicator: str, year: int) -> float:
    """A year's figures of the prefectures, added up; a year of quarters ends with its fourth."""
    period = str(year) if year < 2014 else f"{year}-Q4"
    areas = {"632100" if area == "630200" and year < 2013 else area for area in PREFECTURES}
    return sum(figures[indicator, area, period] for area in areas)


@pytest.mark.full
def test_same_seed_gives_same_bytes(history: Path, tmp_path: Path) -> None:
    run(tmp_path)
    assert digest(tmp_path) == digest(history)


@pytest.mark.full
@pytest.mark.parametrize("seed", ["1", "7", "20200101"])
def test_another_seed_gives_other_figures_and_the_same_story(history: Path, manifest: Table, tmp_path: Path, seed: str) -> None:
    run(tmp_path, "--seed", seed)
    assert sorted(map(str, table(tmp_path / "manifest.csv"))) == sorted(map(str, manifest))
    assert digest(tmp_path)["truth.csv"] != digest(history)["truth.csv"]


def test_manifest_and_schedule_name_exactly_the_files_that_exist(history: Path, manifest: Table, schedule: Table) -> None:
    written = {path.relative_to(history).as_posix() for path in history.rglob("*.*") if path.parent != history}
    scheduled = {row["file"] for row in schedule}
    assert len(scheduled) == len(schedule) >= 250
    assert written - scheduled == {"try/海东-2018Q3-有错误.xlsx", "try/海东-2018Q3-改好.xlsx"}
    assert scheduled <= written
    assert {row["file"] for row in manifest} <= written


def test_faults_are_many_and_of_many_kinds(manifest: Table) -> None:
    of_history = [row for row in manifest if not row["file"].startswith("try/")]
    assert len(of_history) >= 25
    assert len({row["file"] for row in of_history}) >= 18
    assert len({row["rule"] for row in of_history if row["severity"] != "note"}) >= 20
    assert {row["severity"] for row in of_history} == {"error", "warning", "note"}


def test_file_to_try_has_ten_different_faults_and_its_mended_twin_none(manifest: Table) -> None:
    rules = [row["rule"] for row in manifest if row["file"] == "try/海东-2018Q3-有错误.xlsx"]
    assert len(rules) == len(set(rules)) == 10
    assert not [row for row in manifest if row["file"] == "try/海东-2018Q3-改好.xlsx"]


def test_errors_are_refused_and_warnings_are_explained_before_approval(manifest: Table, schedule: Table) -> None:
    severities = defaultdict(set)
    for row in manifest:
        severities[row["file"]].add(row["severity"])
    for row in schedule:
        found = severities[row["file"]]
        assert ("error" in found) == (row["action"] == "none"), row["file"]
        if "warning" in found and row["action"] == "approve":
            assert row["explanation"], row["file"]
        assert bool(row["approved_on"]) == (row["action"] == "approve"), row["file"]


def test_every_refused_or_returned_file_is_followed_by_an_approved_one(schedule: Table) -> None:
    approved = {(row["bureau"], row["form"], row["period"]): row["received_on"] for row in schedule if row["action"] == "approve"}
    failed = [row for row in schedule if row["action"] == "none" or row["action"].startswith("return:")]
    assert len(failed) >= 15
    for row in failed:
        assert approved[row["bureau"], row["form"], row["period"]] > row["received_on"]


def test_files_come_in_order_and_each_after_the_bureaus_last_approval(schedule: Table) -> None:
    assert [row["received_on"] for row in schedule] == sorted(row["received_on"] for row in schedule)
    last: dict[str, str] = defaultdict(str)
    for row in schedule:
        assert last[row["bureau"]] < row["received_on"], row["file"]
        last[row["bureau"]] = max(last[row["bureau"]], row["approved_on"])


def test_revisions_follow_the_approved_file_they_revise(schedule: Table, manifest: Table) -> None:
    changed = {row["file"] for row in manifest if row["rule"] == "past_figure_changed"}
    revisions = [row for row in schedule if row["revises"]]
    assert 4 <= len(revisions) <= 6
    approved_on = {row["file"]: row["approved_on"] for row in schedule}
    for row in revisions:
        assert row["file"] in changed
        assert "" < approved_on[row["revises"]] < row["received_on"]


def test_third_quarter_of_2018_is_partly_in_on_the_day_of_the_demonstration(schedule: Table) -> None:
    in_time = {row["bureau"]: row["action"] for row in schedule if row["period"] == "2018-Q3" and row["received_on"] <= TODAY}
    assert list(in_time.values()).count("approve") == 3
    assert in_time["BUR-632500"] == "leave_submitted"
    assert in_time["BUR-632600"] == "leave_checked"
    assert in_time["BUR-632300"].startswith("return:")
    assert all(row["approved_on"] <= TODAY for row in schedule if row["received_on"] <= TODAY)
    assert not [row for row in schedule if row["period"] == "2018-Q3" and row["bureau"] == "BUR-630200"]


def test_one_quarter_was_never_filed(schedule: Table) -> None:
    filed = {(row["bureau"], row["period"]) for row in schedule if row["form"] == "QH-Q"}
    due = {(f"BUR-{area}", f"{year}-Q{quarter}") for area in PREFECTURES for year in range(2014, 2021) for quarter in (1, 2, 3, 4)}
    assert due - filed == {("BUR-632700", "2016-Q2"), ("BUR-630200", "2018-Q3")}


def test_register_adds_up_to_every_approved_figure_of_every_area_and_quarter(projects: Table, figures: Figures) -> None:
    filed = [(code, area, period) for code, area, period in figures if code in with_register()]
    assert len({period for _, _, period in filed}) == 28
    for code, area, period in filed:
        assert float(finished(projects, code, area, period)) == figures[code, area, period], (code, area, period)
    assert {row["indicator"] for row in projects} == set(with_register())


def test_register_adds_up_to_what_haidong_files_by_hand(projects: Table, history: Path) -> None:
    sheet = openpyxl.load_workbook(history / "try/海东-2018Q3-改好.xlsx").worksheets[0]
    third = {row[0]: row[5] for row in sheet.iter_rows(min_row=7, values_only=True) if row[0] in with_register()}
    assert set(third) == set(with_register())
    assert {code: float(finished(projects, code, "630200", "2018-Q3")) for code in third} == third


def test_no_project_is_finished_in_the_future_and_some_are_under_way(projects: Table) -> None:
    assert max(row["finished_on"] for row in projects) <= TODAY
    under_way = [row for row in projects if not row["finished_on"]]
    assert len(under_way) >= 8
    assert min(row["planned_on"] for row in under_way) > TODAY


def test_register_has_rows_as_the_written_format_wants_them(projects: Table) -> None:
    bureaus = {row["code"]: row["areas"].split(";") for row in table(DEMO / "bureaus.csv")}
    assert ",".join(projects[0]) == "code,name,plant,indicator,area,bureau,capacity,planned_on,finished_on,note"
    assert len({row["code"] for row in projects}) == len({row["name"] for row in projects}) == len(projects)
    assert set(Counter((row["indicator"], row["area"]) for row in projects).values()) <= {1, 2, 3, 4, 5, 6}
    for row in projects:
        assert row["code"].startswith(f"{row['indicator']}-{row['area']}-")
        assert row["area"] in bureaus[row["bureau"]]
        assert row["plant"].endswith("（演示）")
        assert Decimal(row["capacity"]) > 0
        assert Decimal(row["capacity"]).as_tuple().exponent == -with_register()[row["indicator"]]


@pytest.mark.parametrize("year", PUBLISHED_GDP)
def test_prefectures_add_up_to_the_published_product_less_the_stated_residual(figures: Figures, year: int) -> None:
    assert of_province(figures, "GDP", year) == pytest.approx(PUBLISHED_GDP[year] * 0.997, abs=0.006)


def test_energy_per_product_rises_by_the_published_rate_in_2011_and_falls_by_a_tenth_until_2015(figures: Figures) -> None:
    intensity = {year: of_province(figures, "ENE", year) / of_province(figures, "GDPC2010", year) for year in range(2010, 2016)}
    assert 100 * (intensity[2011] / intensity[2010] - 1) == pytest.approx(9.44, abs=0.005)
    assert 100 * (intensity[2015] / intensity[2010] - 1) == pytest.approx(-10.3, abs=0.05)


@pytest.mark.parametrize(("per", "expected"), [("LA", -8.7), ("LP", -9.7)])
def test_public_institutions_meet_one_goal_in_time_and_miss_the_other(figures: Figures, per: str, expected: float) -> None:
    use = {year: of_province(figures, "LE", year) / of_province(figures, per, year) for year in (2010, 2015)}
    assert 100 * (use[2015] / use[2010] - 1) == pytest.approx(expected, abs=0.05)


def test_flows_never_fall_within_a_year_and_parts_never_exceed_their_whole(figures: Figures) -> None:
    indicators = {row["code"]: row for row in table(DEMO.parent / "qinghai" / "indicators.csv")}
    wholes = {row["numerator"]: row["denominator"] for row in indicators.values() if row["part_of_whole"] == "yes"}
    for (code, area, period), value in figures.items():
        assert value <= figures.get((wholes.get(code, ""), area, period), value), (code, area, period)
        if indicators[code]["kind"] == "flow" and "-Q" in period and not period.endswith("Q1"):
            before = figures.get((code, area, f"{period[:-1]}{int(period[-1]) - 1}"), 0)
            assert value >= before, (code, area, period)


def test_no_approved_figure_comes_near_a_jump_unless_the_manifest_says_so(figures: Figures, manifest: Table) -> None:
    decimals = {row["code"]: int(row["decimals"]) for row in table(DEMO.parent / "qinghai" / "indicators.csv")}
    near = set()
    for (code, area, period), value in figures.items():
        earlier = figures.get((code, area, f"{int(period[:4]) - 1}{period[4:]}"), 0)
        counts = decimals[code] == 0 and value < 5 and earlier < 5
        if earlier and not counts and not 1 / 2.85 < value / earlier < 2.85:
            near.add((area, period))
    jumps = {row["file"] for row in manifest if row["rule"] == "jump"}
    assert near == {("632300", "2016-Q4")}
    assert jumps == {"QH-Q/2016-Q4/黄南-2016Q4.xlsx"}


def test_workbook_reads_as_the_written_format_says(history: Path) -> None:
    sheet = openpyxl.load_workbook(history / "QH-Q/2014-Q3/海东-2014Q3.xlsx").worksheets[0]
    assert [sheet["A1"].value, sheet["A2"].value] == ["节能环保目标季度报表", "演示数据，非官方统计"]
    assert {sheet.cell(row, 1).value: sheet.cell(row, 2).value for row in (3, 4, 5)} == {
        "表号": "QH-Q",
        "填报单位": "BUR-630200",
        "报告期": "2014年三季度",
    }
    assert [cell.value for cell in sheet[6]] == ["指标代码", "指标名称", "地区代码", "地区", "计量单位", "数值", "数据来源", "说明"]
    assert [cell.value for cell in sheet[7]][:5] == ["GDP", "地区生产总值（现价）", "630200", "海东市", "亿元"]
    assert sheet["A6"].font.b
    assert sheet["F7"].number_format == '0.00"亿元"'
    assert isinstance(sheet["F7"].value, float)


def test_planted_cells_hold_what_the_manifest_says_of_them(history: Path) -> None:
    book = openpyxl.load_workbook(history / "try/海东-2018Q3-有错误.xlsx")
    cells = {
        row["rule"]: book[row["sheet"]][row["cell"]].value for row in table(history / "manifest.csv") if row["file"].startswith("try/")
    }
    assert cells["not_a_number"] == "约0.25"
    assert cells["unknown_indicator"] == "K9N"
    assert cells["unit_mismatch"] == "吨"
    assert cells["not_whole"] == 6.5
    assert cells["out_of_bounds"] < 0


def test_formula_without_a_stored_value_has_none(history: Path) -> None:
    path = history / "QH-Q/2014-Q2/海北-2014Q2.xlsx"
    assert openpyxl.load_workbook(path)["报表"]["F17"].value == "=0.02+0.03"
    assert openpyxl.load_workbook(path, data_only=True)["报表"]["F17"].value is None


def test_hidden_row_is_hidden_and_merged_cell_begins_above(history: Path, manifest: Table) -> None:
    file = "QH-Q/2017-Q4/海南州-2017Q4.xlsx"
    cells = {row["rule"]: row["cell"] for row in manifest if row["file"] == file}
    sheet = openpyxl.load_workbook(history / file)["报表"]
    assert [row for row, shape in sheet.row_dimensions.items() if shape.hidden] == [sheet[cells["hidden_row"]].row]
    (merged,) = sheet.merged_cells.ranges
    assert sheet[cells["merged_cell"]].coordinate == sheet.cell(merged.max_row, merged.max_col).coordinate
    assert (sheet.cell(merged.min_row, merged.min_col).value, merged.size) == ("632500", {"columns": 1, "rows": 2})


def test_amount_written_with_its_unit_is_the_figure_that_was_meant(history: Path, figures: Figures) -> None:
    sheet = openpyxl.load_workbook(history / "QH-Q/2017-Q2/海东-2017Q2.xlsx")["报表"]
    written = next(row[5] for row in sheet.iter_rows(min_row=7, values_only=True) if row[0] == "A8")
    assert isinstance(written, str)
    assert float(Decimal(written.removesuffix("万元")) / 10000) == figures["A8", "630200", "2017-Q2"]


def test_hidden_sheet_stays_hidden_and_two_sheets_share_one_form(history: Path) -> None:
    assert [sheet.sheet_state for sheet in openpyxl.load_workbook(history / "QH-Q/2017-Q1/海西-2017Q1.xlsx")] == ["visible", "hidden"]
    assert openpyxl.load_workbook(history / "QH-Q/2017-Q1/西宁-2017Q1.xlsx").sheetnames == ["产业与能效", "环境与建筑"]


def test_one_file_is_written_in_the_national_encoding(history: Path) -> None:
    data = (history / "QH-Q/2017-Q2/海南州-2017Q2.csv").read_bytes()
    assert "报告期,2017年上半年" in data.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")


def test_haidong_moves_onto_the_path_of_green_building_with_its_third_quarter(figures: Figures, history: Path) -> None:
    """Linear from the observed 2015 to 25 % at the end of 2020, on track from 95 % of the way that should be done."""
    sheet = openpyxl.load_workbook(history / "try/海东-2018Q3-改好.xlsx").worksheets[0]
    third = {row[0]: row[5] for row in sheet.iter_rows(min_row=7, values_only=True) if row[2] == "630200"}
    start = 100 * figures["K2N", "630200", "2015-Q4"] / figures["K2D", "630200", "2015-Q4"]

    def pace(part: float, whole: float, elapsed: float) -> float:
        return (100 * part / whole - start) / (25 - start) / (elapsed / 5)

    assert 0.60 <= pace(figures["K2N", "630200", "2018-Q2"], figures["K2D", "630200", "2018-Q2"], 2.5) < 0.95
    assert pace(third["K2N"], third["K2D"], 2.75) >= 0.95


def test_accounts_belong_to_known_bureaus_and_hold_no_password() -> None:
    users, bureaus = table(DEMO / "users.csv"), {row["code"]: row for row in table(DEMO / "bureaus.csv")}
    assert set(users[0]) == {"username", "name_zh", "name_en", "role", "bureau", "areas"}
    assert {row["role"] for row in users} == {"reporter", "reviewer", "leader", "auditor", "administrator"}
    reporters = {row["bureau"] for row in users if row["role"] == "reporter"}
    assert reporters == set(bureaus)
    assert {row["bureau"] for row in users if row["role"] != "reporter"} == {""}
