"""Rule sets as dated data: versions follow each other, levels cover their measure, a result is judged by the version of its time."""

import shutil
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from indicators.rows import IndicatorSpec
from targets.models import RuleLevel, RuleSet
from targets.pack import read_pack
from targets.progress.types import RuleSet as Rule
from tests.conftest import QINGHAI, SMALL_PACK
from tests.targets.make_progress import FIVE, make_indicators, make_target, run

Change = Callable[[str], str]


def faults_after(tmp_path: Path, file: str, change: Change, source: Path = QINGHAI) -> list[tuple[str, int, str]]:
    """File, line and message of every fault of a pack with one file changed."""
    folder = shutil.copytree(source, tmp_path / "pack")
    before = (folder / file).read_text(encoding="utf-8")
    assert change(before) != before, "the test changes nothing"
    (folder / file).write_text(change(before), encoding="utf-8")
    return [(fault.file, fault.line, fault.message) for fault in read_pack(folder)[1]]


def swap(old: str, new: str) -> Change:
    return lambda text: text.replace(old, new, 1)


def with_version(first: str, last: str = "") -> Change:
    """A second version of five_status, and perhaps an end of the first."""

    def change(text: str) -> str:
        lines = [line for line in text.splitlines() if line.startswith("five_status")]
        second = [line.replace("2011-01-01,", f"{first},") for line in lines]
        return text.replace("Five-status pace,2011-01-01,,", f"Five-status pace,2011-01-01,{last},") + "\n".join(second) + "\n"

    return change


LEVELS = {
    "overlap": (swap("0.60,yes,0.95", "0.55,yes,0.95"), "overlaps"),
    "gap": (swap("0.60,yes,0.95", "0.65,yes,0.95"), "leaves a gap"),
    "bound on both sides": (swap("orange,diamond,50,,90,", "orange,diamond,50,yes,90,"), "overlaps"),
    "bound on no side": (swap("red,triangle,,,50,yes", "red,triangle,,,50,"), "leaves a gap"),
    "lowest level not open": (swap("not fulfilled,red,triangle,,,60,", "not fulfilled,red,triangle,0,yes,60,"), "no level lies below"),
    "highest level not open": (
        swap("over-fulfilled,green,circle,95,yes,,", "over-fulfilled,green,circle,95,yes,109,yes"),
        "no level lies above",
    ),
    "bounds the wrong way": (swap("80,yes,95,", "95,yes,80,"), "no value lies between"),
    "warning levels of another rule": (swap("diamond,0,yes,1,", "diamond,0,yes,1,yes"), "overlaps"),
    "colour nobody has": (swap("severe,red,", "severe,crimson,"), "none of green"),
    "word left out": (swap("very severe", ""), "must be filled"),
    "level of the matrix missing": (
        swap("twin_test,2011-01-01,both,均达到,both met,green,circle,,,,\n", ""),
        "no level without bounds named both",
    ),
    "bound left out": (
        swap("red,triangle,,,0,\nndrc_barometer,2011-01-01,2", "red,triangle,,,,\nndrc_barometer,2011-01-01,2"),
        "needs a bound",
    ),
    "version that is not there": (swap("open_sdg,2011-01-01,limited", "open_sdg,2012-01-01,limited"), "no version of this date"),
}


@pytest.mark.parametrize("fault", LEVELS)
def test_levels_that_leave_a_value_without_a_level_or_with_two_are_told(tmp_path: Path, fault: str) -> None:
    change, message = LEVELS[fault]
    found = faults_after(tmp_path, "rule_levels.csv", change)
    assert any(message in text for file, line, text in found if file in ("rule_levels.csv", "rule_sets.csv") and line > 1), found


VERSIONS = {
    "overlap": (with_version("2014-01-01", "2015-01-01"), "overlaps with the version of 2014-01-01"),
    "gap": (with_version("2014-01-01", "2013-01-01"), "leaves a gap before the version of 2014-01-01"),
    "ends before it begins": (swap("2011-01-01,2016-01-01,twin_test,both", "2011-01-01,2010-01-01,twin_test,both"), "does not end before"),
    "two ends of one version": (
        swap("2011-01-01,2016-01-01,twin_test,year_5", "2011-01-01,2017-01-01,twin_test,year_5"),
        "differs from line",
    ),
    "schedule with a hole": (swap("twin_test,year_3", "twin_test,year_7"), "needs its schedule"),
    "parameter without value": (swap("score_sheet,bonus,3", "score_sheet,bonus,"), "stand together"),
    "parameter of another method": (swap("score_sheet,bonus,3", "score_sheet,at_risk,3"), "is none of"),
    "ends before the deadline of its targets": (
        swap("Five-status pace,2011-01-01,,", "Five-status pace,2011-01-01,2014-01-01,"),
        "differs from line",
    ),
}


@pytest.mark.parametrize("fault", VERSIONS)
def test_versions_that_overlap_leave_gaps_or_contradict_themselves_are_told(tmp_path: Path, fault: str) -> None:
    change, message = VERSIONS[fault]
    assert any(message in text for _, _, text in faults_after(tmp_path, "rule_sets.csv", change))


def test_target_cannot_be_judged_by_a_rule_that_only_gives_readings(tmp_path: Path) -> None:
    found = faults_after(tmp_path, "targets.csv", swap(",five_status,", ",open_sdg,"))
    assert [("gives readings, no status" in text) for _, _, text in found] == [True]


def test_target_needs_a_version_from_its_first_year_to_its_deadline(tmp_path: Path) -> None:
    found = faults_after(tmp_path, "rule_sets.csv", lambda text: text.replace("pace,2011-01-01,,", "pace,2011-01-01,2016-01-01,"))
    assert {text for _, _, text in found} == {"no version of “five_status” holds on 2020-12-31"}
    later = faults_after(tmp_path / "late", "rule_sets.csv", lambda text: text.replace("2021-01-01", "2021-09-01"), SMALL_PACK)
    assert {text for _, _, text in later} == {"no version of “three_cuts” holds on 2021-03-31"}


def test_pack_with_several_versions_that_follow_each_other_is_sound(tmp_path: Path) -> None:
    assert faults_after(tmp_path, "rule_sets.csv", with_version("2014-01-01")) == []
    assert faults_after(tmp_path / "closed", "rule_sets.csv", with_version("2014-01-01", "2014-01-01")) == []


def test_loaded_levels_are_those_of_the_pack_and_come_back_as_they_were(db: None, tmp_path: Path) -> None:
    pack, _ = read_pack(QINGHAI)
    assert RuleLevel.objects.count() == len(pack["rule_levels"])
    sheet = RuleSet.objects.get(code="score_sheet").spec()
    assert [(level.code, level.lower, level.upper) for level in sheet.levels] == [
        ("failed", float("-inf"), 60), ("basic", 60, 80), ("fulfilled", 80, 95), ("exceeded", 95, float("inf"))]  # fmt: skip
    assert RuleSet.objects.get(code="twin_test").spec().valid_to == date(2016, 1, 1)


def test_level_the_pack_no_longer_names_goes(db: None, tmp_path: Path) -> None:
    folder = shutil.copytree(QINGHAI, tmp_path / "pack")
    levels = folder / "rule_levels.csv"
    text = levels.read_text(encoding="utf-8")
    merged = text.replace("open_sdg,2011-01-01,limited,进展有限,limited progress,orange,hexagon,0,yes,0.60,\n", "")
    levels.write_text(merged.replace("diamond,0.60,yes,0.95,", "diamond,0,yes,0.95,"), encoding="utf-8")
    call_command("load_pack", folder, stdout=StringIO())
    assert not RuleLevel.objects.filter(code="limited").exists()


def dated(first: str, on_track: float, last: str = "") -> Rule:
    end = date.fromisoformat(last) if last else None
    return Rule(
        "five_status", "pace", {**FIVE.parameters, "on_track": on_track}, f"five_status@{first}", (), date.fromisoformat(first), end
    )


def test_each_period_is_judged_by_the_version_of_its_time_and_a_frozen_one_by_its_deadlines() -> None:
    versions = (dated("2012-01-01", 0.95), dated("2014-01-01", 0.5), dated("2016-01-01", 0.95))
    target = make_target("T", "X", value=200.0, goals={"P": 200.0}, baseline_rule="fixed", baseline_year=2011, baseline_value=100.0,
                         rule_set=versions[-1], versions=versions)  # fmt: skip
    table = {"X": {"P": {str(year): 100 + 17 * (year - 2011) for year in range(2011, 2018)}}}
    rows = run(target, make_indicators(IndicatorSpec("X", "flow")), table, "2013", "2014", "2015", "2016").loc["P"]
    assert rows["status"].tolist() == ["at_risk", "on_track", "off_track", "off_track"]
    assert rows["rule_version"].tolist() == [f"five_status@{year}-01-01" for year in (2012, 2014, 2014, 2014)]
    assert set(rows["rule_set"]) == {"five_status"}
    assert rows.loc["2013", "cut"] == 0.95
    assert rows.loc["2016", "cut"] == 0.5, "the deadline's version, not that of its own time"


def test_coverage_is_asked_for_as_of_the_time() -> None:
    strict, mild = dated("2012-01-01", 0.95), dated("2014-01-01", 0.95)
    mild.parameters["coverage"] = 0.3  # type: ignore[index]
    target = make_target("T", "X", value=200.0, goals={"P": 200.0}, rule_set=mild, versions=(strict, mild))
    table = {"X": {"a": {"2013": 50.0, "2014": 60.0}}}
    rows = run(target, make_indicators(IndicatorSpec("X", "flow")), table, "2013", "2014").loc["P"]
    assert rows.loc["2013", "value_reason"] == "coverage_too_low"
    assert rows.loc["2014", "value"] == 60


def test_period_before_the_first_version_is_refused_instead_of_guessed() -> None:
    versions = (dated("2014-01-01", 0.95),)
    target = make_target("T", "X", value=200.0, goals={"P": 200.0}, rule_set=versions[0], versions=versions)
    with pytest.raises(ValueError, match="no version of the rule set five_status holds on 2013-12-31"):
        run(target, make_indicators(IndicatorSpec("X", "flow")), {"X": {"P": {"2013": 50.0}}}, "2013")
