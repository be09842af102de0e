"""Warning levels: the national rule, a local scheme whose numbers run the other way, and bounds that belong to one side."""

import numpy as np
import pytest

from targets.pack import read_pack
from targets.pack.rules import rule_sets
from targets.progress.barometer import RULE_2021, level_of, margin, pace, warning_level
from targets.progress.types import Level, RuleSet, version_at
from tests.conftest import QINGHAI

RULES = {rule.code: rule for rule in rule_sets(read_pack(QINGHAI)[0]).values()}


def code_at(rule: RuleSet, measure: float) -> str:
    place = int(level_of(measure, rule.levels))
    return "" if place < 0 else rule.levels[place].code


@pytest.mark.parametrize(
    ("change", "required", "level"),
    [(0.5, -3, 1), (1e-12, -3, 2), (0, -3, 2), (-1, -3, 2), (-2.999, -3, 2), (-3, -3, 3), (-3.4, -3, 3), (9.44, -2.0852, 1),
     (np.nan, -3, 0), (-1, np.nan, 0), (-1, 0, 0), (0.5, 0, 1), (0.5, np.nan, 1)],
)  # fmt: skip
def test_national_rule_of_2021(change: float, required: float, level: int) -> None:
    assert int(warning_level(change, required)) == level


def test_whole_columns_are_judged_at_once() -> None:
    assert warning_level(np.array([0.5, 0, -1, -4]), np.array([-3.0, -3, -3, -3])).tolist() == [1, 2, 2, 3]


@pytest.mark.parametrize(
    ("completion", "level"),
    [(130, "0"), (100, "0"), (99.99, "1"), (90, "1"), (89.99, "2"), (50.01, "2"), (50, "3"), (0, "3"), (-85.6, "3"), (np.nan, "")],
)
def test_local_scheme_of_2010_runs_the_other_way(completion: float, level: str) -> None:
    assert code_at(RULES["local_completion_2010"], completion) == level


def test_level_3_is_best_in_one_scheme_and_worst_in_the_other_so_colours_tell() -> None:
    national, local = ({level.code: level for level in RULES[code].levels} for code in ("ndrc_barometer", "local_completion_2010"))
    assert (national["3"].colour, local["3"].colour) == ("green", "red")
    assert national["3"].shape != local["3"].shape


@pytest.mark.parametrize(
    ("ratio", "level"),
    [(1.5, "substantial"), (0.95, "substantial"), (0.9499, "moderate"), (0.6, "moderate"), (0.5999, "limited"), (0, "limited"),
     (-0.01, "deterioration")],
)  # fmt: skip
def test_open_sdg_words_begin_at_their_lower_bounds(ratio: float, level: str) -> None:
    assert code_at(RULES["open_sdg"], ratio) == level


def test_levels_of_the_pack_are_those_of_the_rule() -> None:
    measures = np.array([-5, -1e-6, 0, 0.5, 0.999, 1, 7])
    assert (level_of(measures, RULES["ndrc_barometer"].levels) == level_of(measures, RULE_2021)).all()


def test_margin_is_the_distance_to_the_next_better_level() -> None:
    below, above = Level("a", upper=1.0), Level("b", lower=1.0)
    assert margin(0.75, below) == 0.25
    assert margin(2.0, above) is None


def test_pace_needs_a_fall_to_keep() -> None:
    assert pace([-1, 1, 0, -1, np.nan], [-2, -2, -2, 0, -2]) == pytest.approx([0.5, -0.5, 0, np.nan, np.nan], nan_ok=True)


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.levels])
def test_every_level_has_word_colour_and_shape_and_no_two_look_alike(code: str) -> None:
    levels = RULES[code].levels
    assert all(level.word_zh and level.word_en for level in levels)
    assert len({level.colour for level in levels}) == len({level.shape for level in levels}) == len(levels)


def test_version_in_force_is_the_one_that_began_last_and_has_not_ended() -> None:
    from datetime import date

    first = RuleSet("r", "pace", version="1", valid_from=date(2011, 1, 1))
    second = RuleSet("r", "pace", version="2", valid_from=date(2014, 1, 1), valid_to=date(2016, 1, 1))
    versions = (first, second)
    found = [version_at(versions, date(*day)) for day in ((2010, 12, 31), (2011, 1, 1), (2013, 12, 31), (2014, 1, 1), (2015, 12, 31))]
    assert [one.version if one else "" for one in found] == ["", "1", "1", "2", "2"]
