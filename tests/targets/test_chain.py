"""Published yearly rates: compounded, never added, and never across a year nobody published."""

import pytest

from targets.chain import side_by_side


def test_rates_are_compounded_and_not_added() -> None:
    last = side_by_side(2005, 2009, {2006: 0.0151, 2007: -0.022, 2008: -0.0418, 2009: -0.0646}, {})[-1]
    assert last.published_since == pytest.approx(1.0151 * 0.978 * 0.9582 * 0.9354 - 1)
    assert last.published_since != pytest.approx(0.0151 - 0.022 - 0.0418 - 0.0646, abs=1e-4)


def test_nothing_is_chained_across_a_missing_year() -> None:
    years = side_by_side(2010, 2013, {2011: 0.0944, 2013: -0.05}, {2011: 0.0944, 2012: -0.039, 2013: -0.046})
    assert [year.published_since for year in years] == [pytest.approx(0.0944), None, None]
    assert years[2].published == -0.05
    assert years[2].computed_since == pytest.approx(1.0944 * 0.961 * 0.954 - 1)
