"""A row that says it is not yet due: at home in any period, and asked about only where the form wants the figure now."""

from dataclasses import replace

from tests.indicators.make_rules import BULK, FORM, HAIDONG, PERIOD, found, line

NOT_DUE = "未到期"


def test_a_row_not_yet_due_may_stand_in_any_period() -> None:
    assert found([line("Y1", NOT_DUE), line("A5", NOT_DUE, period="2015-M7")]) == []
    assert found([line("Y1", 1)]) == [("period_frequency", "C2")]


def test_what_the_form_asks_for_now_is_missing_where_it_is_said_to_be_not_yet_due() -> None:
    only_a5 = replace(FORM, form_items={"A5": frozenset({HAIDONG}), "Y1": frozenset({HAIDONG})})
    assert found([line("A5", NOT_DUE), line("Y1", NOT_DUE)], only_a5) == [("missing_value", "E2")]


def test_a_figure_not_yet_due_is_none_and_no_zero() -> None:
    assert found([line("A5", NOT_DUE)], BULK, {f"A5 {PERIOD}": 10}) == []
