"""Goals of areas add up to the province's exactly, and nothing is split that cannot be."""

from decimal import Decimal

import pytest
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from targets.allocation import split
from targets.models import Allocation, Target


def test_parts_add_up_and_the_largest_remainders_get_the_rest() -> None:
    weights = {"a": Decimal("0.5"), "b": Decimal("0.3"), "c": Decimal("0.2")}
    assert split(Decimal(7), weights, 0) == {"a": Decimal(4), "b": Decimal(2), "c": Decimal(1)}
    assert split(Decimal("0.1"), weights, 2) == {"a": Decimal("0.05"), "b": Decimal("0.03"), "c": Decimal("0.02")}


@given(
    total=st.decimals(min_value=0, max_value=10**9, places=4),
    cuts=st.lists(st.integers(0, 10**6), min_size=0, max_size=8),
)
def test_parts_always_add_up_and_are_never_a_step_from_their_share(total: Decimal, cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), 10**6]
    weights = {f"{place}": Decimal(high - low) / 10**6 for place, (low, high) in enumerate(zip(edges, edges[1:], strict=False))}
    parts = split(total, weights, 4)
    assert sum(parts.values()) == total
    assert all(part >= 0 and abs(part - total * weights[area]) < Decimal("0.0001") for area, part in parts.items())


@pytest.mark.parametrize("weights", [{"a": "0.5", "b": "0.4"}, {"a": "1.5", "b": "-0.5"}, {"a": "1.0001"}])
def test_weights_that_are_no_division_are_refused(weights: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(Decimal(10), {area: Decimal(weight) for area, weight in weights.items()}, 2)


def test_total_with_more_places_than_its_parts_is_refused() -> None:
    with pytest.raises(ValueError, match="decimal places"):
        split(Decimal("0.25"), {"a": Decimal(1)}, 1)


def test_split_goals_of_the_policy_add_up_exactly(db: None) -> None:
    shared = Target.objects.filter(allocation_rule="split").annotate(whole=Sum("allocations__value"))
    assert shared.count() > 20
    assert {target.code: target.whole for target in shared if target.whole != target.value} == {}


def test_ratios_and_cuts_are_the_same_everywhere_and_never_split(db: None) -> None:
    for target in Target.objects.filter(kind__in=["ratio", "reduction", "growth_yoy", "growth_cagr"]):
        assert target.allocation_rule in ("same", "none"), target.code
        if target.allocation_rule == "same":
            assert set(target.allocations.values_list("value", flat=True)) == {target.value}, target.code
            assert target.allocations.count() >= 1
    assert not Allocation.objects.filter(target__allocation_rule="none").exists()


def test_counts_are_split_into_whole_things(db: None) -> None:
    counts = Allocation.objects.filter(target__allocation_rule="split", target__indicator__decimals=0).values_list("target__code", "value")
    assert [(code, value) for code, value in counts if value % 1] == []
