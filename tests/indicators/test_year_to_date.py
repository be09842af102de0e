"""Year-to-date figures to single quarters and back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.year_to_date import Figure, annual, revised, same_period_growth, singles, summed, violations

QUARTERS = ["2015-Q1", "2015-Q2", "2015-Q3", "2015-Q4", "2016-Q1", "2016-Q2"]


def figures(*values: float | None) -> list[Figure]:
    return [None if value is None else Decimal(str(value)) for value in values]


@pytest.mark.parametrize(
    ("filed", "single", "fallen"),
    [
        (figures(30, 65, 95, 130), figures(30, 35, 30, 35), []),
        (figures(None, 110, 170, 240), figures(None, None, 60, 70), []),
        (figures(30, None, 95, 130), figures(30, None, None, 35), []),
        (figures(30, 65, 62, 90), figures(30, 35, -3, 28), [3]),
        (figures(30, None, 25, 20), figures(30, None, None, -5), [3, 4]),
        (figures(30, 30), figures(30, 0), []),
        (figures(-5, -4), figures(-5, 1), []),
        (figures(None, None), figures(None, None), []),
        ([], [], []),
    ],
)
def test_single_quarters_of_a_year_and_where_it_falls(filed: list[Figure], single: list[Figure], fallen: list[int]) -> None:
    assert singles(filed) == single
    assert violations(filed) == fallen


def test_a_new_year_starts_anew() -> None:
    filed = figures(30, 65, 95, 130, 28, 40)
    assert singles(filed, QUARTERS) == figures(30, 35, 30, 35, 28, 12)
    assert violations(filed, QUARTERS) == []
    assert violations(figures(30, 65, 95, 130, 28, 27), QUARTERS) == [6]


def test_a_period_that_is_not_named_is_a_gap() -> None:
    filed, periods = figures(30, 95, 20), ["2015-Q1", "2015-Q3", "2016-Q3"]
    assert singles(filed, periods) == figures(30, None, None)
    assert violations(figures(30, 29, 20), periods) == [2]


def test_months_and_years_are_periods_too() -> None:
    assert singles(figures(3, 5, 40), ["2015-M1", "2015-M2", "2015"]) == figures(3, 2, 40)
    assert annual(figures(3, 50, 40), ["2015-M1", "2015-M12", "2016"]) == {2015: Decimal(50), 2016: Decimal(40)}


def test_the_year_is_known_from_its_last_figure_alone() -> None:
    assert annual(figures(None, 110, None, 240)) == {1: Decimal(240)}
    assert annual(figures(30, 65, 95, None)) == {}


def test_a_corrected_figure_changes_its_own_quarter_and_the_next() -> None:
    assert revised(figures(30, 65), 1, Decimal(33)) == (figures(33, 32), [1, 2])
    assert revised(figures(30, 65, 95, 130), 2, Decimal(60)) == (figures(30, 30, 35, 35), [2, 3])
    assert revised(figures(30, 65, 95, 130), 4, Decimal(131)) == (figures(30, 35, 30, 36), [4])
    assert revised(figures(30, None, 95), 2, Decimal(65)) == (figures(30, 35, 30), [2, 3])
    assert revised(figures(30, 65), 1, Decimal(30))[1] == []
    for place in (0, 3):
        with pytest.raises(IndexError):
            revised(figures(30, 65), place, Decimal(1))


@pytest.mark.parametrize(
    ("now", "before", "growth"),
    [(110, 100, "0.1"), (90, 100, "-0.1"), (0, 100, "-1"), (1, 0, None), (1, -1, None), (None, 1, None), (1, None, None)],
)
def test_growth_compares_the_same_part_of_two_years(now: float | None, before: float | None, growth: str | None) -> None:
    assert same_period_growth(*figures(now, before)) == (None if growth is None else Decimal(growth))


@pytest.mark.parametrize(
    ("filed", "periods"),
    [(figures(1, 2), ["2015-Q1"]), (figures(1, 2), ["2015-Q1", "2015Q1"]), (figures(1), ["spring"]), (figures(1, 2, 3, 4, 5), None)],
)
def test_periods_that_do_not_fit_the_figures_are_refused(filed: list[Figure], periods: list[str] | None) -> None:
    for function in (singles, violations, annual):
        with pytest.raises(ValueError):
            function(filed, periods)


amounts = st.decimals(-(10**9), 10**9, places=6, allow_nan=False)


@given(st.lists(amounts, max_size=4))
def test_single_quarters_sum_back_exactly(filed: list[Decimal]) -> None:
    assert summed(singles(filed)) == filed


@given(st.lists(amounts, max_size=4))
def test_differences_of_sums_are_the_single_quarters(single: list[Decimal]) -> None:
    assert singles(summed(single)) == single


@given(st.lists(st.one_of(st.none(), amounts), max_size=4))
def test_a_gap_is_never_filled(filed: list[Figure]) -> None:
    single = singles(filed)
    for place, value in enumerate(filed):
        expected = value is not None and (place == 0 or filed[place - 1] is not None)
        assert (single[place] is not None) is expected


@given(st.lists(amounts.map(abs), max_size=4))
def test_what_only_grows_never_falls(single: list[Decimal]) -> None:
    assert violations(summed(single)) == []
