"""Where a gap comes from: parts that add up to it to the last digit, and remainders with names."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from targets.progress.attribution import AREA_REASONS, SECTOR_REASONS, Attribution, Part, Standing, by_shortfall, by_standing, exactly

D = Decimal
stored = st.decimals(-10_000, 10_000, places=9)
amounts = st.one_of(st.none(), st.decimals(0, 100_000, places=4))


def standing(code: str, value: str | None, expected: str | None, goal: str | None = "0", d: int = 1) -> Standing:
    gap = None if value is None or expected is None else d * (D(value) - D(expected))
    return Standing(code, gap, None if expected is None else D(expected), None if goal is None else D(goal))


def told(found: Attribution | None) -> dict[str, Decimal]:
    assert found is not None
    return {part.code or part.reason: part.gap for part in found.parts}


CASES = {
    "all allocated": ([("a", "6", "5", "8"), ("b", "1", "3", "4")], ("7", "8", "12"), False, {"a": "1", "b": "-2"}),
    "a goal nobody carries": (
        [("a", "6", "5", "8"), ("b", "1", "3", "4")], ("7", "10", "15"), False, {"a": "1", "b": "-2", "not_allocated": "-2"},
    ),
    "unlike paths": ([("a", "6", "5", "8"), ("b", "1", "3", "4")], ("7", "8.5", "12"), False, {"a": "1", "b": "-2", "paths": "-0.5"}),
    "published differs": ([("a", "6", "5", "8"), ("b", "1", "3", "4")], ("9", "8", "12"), True, {"a": "1", "b": "-2", "published": "2"}),
    "no figure of one": ([("a", "6", "5", "8"), ("b", None, "3", "4")], ("6", "8", "12"), False, {"a": "1", "no_data": "-3"}),
    "an area without a goal": ([("a", "6", "8", "12")], ("7", "8", "12"), False, {"a": "-2", "without_goal": "1"}),
    "no path of one": (
        [("a", "6", "5", "8"), ("b", "1", None, "4")], ("7", "8", "12"), False, {"a": "1", "without_goal": "1", "not_allocated": "-3"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("members", "whole", "published", "parts"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("d", [1, -1])
def test_gap_of_a_sum_comes_from_its_members_and_named_remainders(
    members: list[tuple[str, str | None, str | None, str]], whole: tuple[str, str, str], published: bool, parts: dict[str, str], d: int
) -> None:
    found = by_standing(standing("P", *whole, d=d), [standing(*one, d=d) for one in members], d, published=published)
    assert told(found) == {name: d * D(value) for name, value in parts.items()}
    assert found is not None
    assert sum(part.gap for part in found.parts) == found.gap == d * (D(whole[0]) - D(whole[1]))


def test_area_without_figure_is_named_in_its_remainder() -> None:
    found = by_standing(standing("P", "6", "8", "12"), [standing("a", "6", "5", "8"), standing("b", None, "3", "4")], 1)
    assert found is not None
    assert [(part.reason, part.about) for part in found.remainders] == [("no_data", ("b",))]


def test_member_of_which_nothing_is_known_is_named_as_absent() -> None:
    found = by_standing(standing("P", "6", "8", "12"), [standing("a", "6", "5", "8"), standing("b", None, None, "4")], 1)
    assert found is not None
    assert found.absent == ("b",)
    assert told(found) == {"a": D(1), "not_allocated": D(-3)}


@pytest.mark.parametrize("whole", [standing("P", None, "8"), standing("P", None, None)])
def test_without_a_gap_there_is_nothing_to_attribute(whole: Standing) -> None:
    assert by_standing(whole, [standing("a", "6", "5")], 1) is None
    assert by_shortfall(whole, {"a": (D(1), D(2))}, 1, D(100)) is None


def test_without_members_or_figures_nothing_is_attributed() -> None:
    whole = standing("P", "6", "8", "12")
    assert by_standing(whole, [], 1) is None
    assert by_standing(whole, [standing("a", None, "5")], 1) is None
    assert by_shortfall(whole, {"a": (D(1), None), "b": (D(1), D(0))}, 1, D(1)) is None


def test_city_contributes_to_a_ratio_what_its_numerator_lacks() -> None:
    """30 + 40 of 100 + 100 is 35 %; 40 % is expected: the first lacks 10 of 200 = 5 points, the second nothing."""
    found = by_shortfall(standing("P", "35", "40"), {"a": (D(30), D(100)), "b": (D(40), D(100)), "c": (None, D(5))}, 1, D(100))
    assert told(found) == {"a": D(-5), "b": D(0)}
    assert found is not None
    assert found.absent == ("c",)


def test_intensity_above_the_path_is_behind() -> None:
    """(30 + 10) / 20 = 2 against 1.8 asked for, less is better."""
    found = by_shortfall(standing("P", "2", "1.8", d=-1), {"a": (D(30), D(10)), "b": (D(10), D(10))}, -1, D(1))
    assert told(found) == {"a": D("-0.6"), "b": D("0.4")}


@pytest.mark.parametrize(("published", "reason"), [(True, "published"), (False, "newer")])
def test_ratio_that_is_not_that_of_its_members_leaves_a_named_remainder(published: bool, reason: str) -> None:
    found = by_shortfall(standing("P", "36", "40"), {"a": (D(30), D(100)), "b": (D(40), D(100))}, 1, D(100), published=published)
    assert told(found) == {"a": D(-5), "b": D(0), reason: D(1)}


@settings(max_examples=100)
@given(st.lists(st.tuples(st.one_of(st.none(), stored), st.one_of(st.none(), stored), stored), min_size=1, max_size=9), stored, stored,
       st.sampled_from([1, -1]), st.booleans())  # fmt: skip
def test_attribution_adds_up_to_the_gap_exactly(
    drawn: list[tuple[Decimal | None, Decimal | None, Decimal]], gap: Decimal, expected: Decimal, d: int, published: bool
) -> None:
    members = [Standing(str(n), None if e is None else g, e, goal) for n, (g, e, goal) in enumerate(drawn)]
    found = by_standing(Standing("P", gap, expected, D(7)), members, d, published=published)
    if found is None:
        assert all(one.gap is None for one in members)
        return
    assert sum(part.gap for part in found.parts) == gap
    assert {part.reason for part in found.remainders} <= set(AREA_REASONS) == set(SECTOR_REASONS)
    for decimals in (0, 2, 4):
        assert sum(found.rounded(decimals)) == round_half_up(gap, decimals)


@settings(max_examples=100)
@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=9), stored, stored, st.sampled_from([1, 100, 1000]))
def test_shortfalls_add_up_to_the_gap_exactly(
    drawn: list[tuple[Decimal | None, Decimal | None]], gap: Decimal, expected: Decimal, scale: int
) -> None:
    sides = {str(n): pair for n, pair in enumerate(drawn)}
    found = by_shortfall(Standing("P", gap, expected, None), sides, 1, D(scale), published=True)
    if found is not None:
        assert sum(part.gap for part in found.parts) == gap
        assert {part.code for part in found.members} | set(found.absent) == set(sides)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.decimals(0, 1000, places=2), st.decimals(1, 1000, places=2)), min_size=2, max_size=8), st.integers(0, 6))
def test_another_unit_changes_no_share(drawn: list[tuple[Decimal, Decimal]], power: int) -> None:
    def shares(factor: Decimal) -> list[Decimal | None]:
        members = [Standing(str(n), (v - e) * factor, e * factor, e) for n, (v, e) in enumerate(drawn)]
        gap = sum(one.gap for one in members if one.gap is not None)
        expected = sum(one.expected for one in members if one.expected is not None)
        found = by_standing(Standing("P", D(gap), D(expected), D(1)), members, 1)
        assert found is not None
        return [found.share(part) for part in found.parts]

    assert shares(D(1)) == shares(D(10) ** power)


def test_shares_of_a_gap_whose_parts_cancel_say_nothing() -> None:
    nearly = Attribution(D("0.1"), (Part("a", D("5")), Part("b", D("-4.9"))))
    assert nearly.cancels
    assert nearly.share(nearly.parts[0]) is None
    assert nearly.percents() is None
    clear = Attribution(D("-3"), (Part("a", D("-1")), Part("b", D("-1")), Part("c", D("-1"))))
    assert clear.percents() == [D("33.4"), D("33.3"), D("33.3")]


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(D(1).scaleb(-decimals), "ROUND_HALF_UP")


@pytest.mark.parametrize(
    ("parts", "total", "decimals", "shown"),
    [
        (["1.26", "1.26", "1.26"], "3.78", 1, ["1.3", "1.3", "1.2"]),
        (["-1.26", "-1.26", "-1.26"], "-3.78", 1, ["-1.2", "-1.3", "-1.3"]),
        (["0.5", "-0.5"], "0", 0, ["1", "-1"]),
        (["7"], "7", 2, ["7.00"]),
    ],
)
def test_rounded_parts_add_up_to_the_rounded_total(parts: list[str], total: str, decimals: int, shown: list[str]) -> None:
    found = exactly([D(part) for part in parts], D(total), decimals)
    assert sum(found) == round_half_up(D(total), decimals)
    assert found == [D(part) for part in shown]


@pytest.mark.parametrize(("parts", "total"), [([], "0"), (["1", "2"], "30")])
def test_what_does_not_add_up_is_refused(parts: list[str], total: str) -> None:
    with pytest.raises(ValueError):
        exactly([D(part) for part in parts], D(total), 1)
