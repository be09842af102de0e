"""Structure and intensity over the years: what is shown adds up, and a gap stays a gap."""

from decimal import Decimal

import numpy as np
import pytest

from targets.progress.decomposition import energy_intensity
from targets.progress.movement import movement

YEARS = (2010, 2011, 2012)
ENERGY = np.array([[30.0, 10.0], [33.0, 10.0], [28.0, 12.0]])
OUTPUT = np.array([[10.0, 10.0], [12.0, 10.0], [12.0, 14.0]])
NAN = float("nan")


@pytest.mark.parametrize("decimals", [0, 1, 3, 9])
def test_what_is_shown_adds_up_by_area_and_by_effect(decimals: int) -> None:
    found = movement(YEARS, ENERGY, OUTPUT)
    whole, members, chained = found.whole(decimals), found.by_member(decimals), found.chained(decimals)
    assert sum(one.structure for one in members) == whole.structure
    assert sum(one.intensity for one in members) == whole.intensity
    change = Decimal(repr(40 / 26 - 2.0)).quantize(Decimal(1).scaleb(-decimals), "ROUND_HALF_UP")
    assert whole.total == change
    assert chained is not None
    assert chained.total == change


def test_effects_in_percent_multiply() -> None:
    found = movement(YEARS, ENERGY, OUTPUT)
    steps = [step for _, step in found.by_year(6) if step]
    whole, chained = found.whole(6), found.chained(6)
    assert chained is not None
    assert 1 + whole.change == pytest.approx(40 / 26 / 2)
    assert 1 + chained.change == pytest.approx((1 + steps[0].change) * (1 + steps[1].change)) == pytest.approx(40 / 26 / 2)
    assert np.prod([1 + one.change for one in found.by_member(6)]) == pytest.approx(40 / 26 / 2)


def test_scale_of_the_indicator_scales_the_effects_and_no_percent() -> None:
    plain, thousands = movement(YEARS, ENERGY, OUTPUT), movement(YEARS, ENERGY, OUTPUT, 1000.0)
    assert thousands.direct.additive == pytest.approx(1000 * plain.direct.additive)
    assert thousands.whole(3).structure_change == pytest.approx(plain.whole(3).structure_change)


def test_year_between_that_is_not_known_breaks_the_chain_but_not_the_comparison() -> None:
    energy = ENERGY.copy()
    energy[1, 0] = NAN
    found = movement(YEARS, energy, OUTPUT)
    assert [step for _, step in found.by_year(3)] == [None, None]
    assert found.chained(3) is None
    np.testing.assert_array_equal(found.direct.effects, energy_intensity(ENERGY[0], OUTPUT[0], ENERGY[2], OUTPUT[2]).effects)


@pytest.mark.parametrize("year", [0, 2])
def test_first_and_last_year_must_be_known(year: int) -> None:
    energy = ENERGY.copy()
    energy[year, 1] = NAN
    with pytest.raises(ValueError):
        movement(YEARS, energy, OUTPUT)


def test_whole_that_uses_nothing_and_a_single_year_are_refused() -> None:
    with pytest.raises(ValueError, match="uses nothing"):
        movement(YEARS, ENERGY * [[0.0], [1.0], [1.0]], OUTPUT)
    with pytest.raises(ValueError, match="two years"):
        movement((2010,), ENERGY[:1], OUTPUT[:1])
