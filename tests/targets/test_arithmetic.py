"""The policy's own sums, worked by hand."""

import re
from decimal import Decimal
from types import SimpleNamespace

import pytest

from targets.arithmetic import Goal, Sum, growth_rate, implied_denominator, level_after, reckon
from targets.models import ArithmeticCheck
from tests.conftest import client_of
from tests.make_history import PUBLISHED, load, make_people


def goal(value: str, year: int = 2015) -> Goal:
    return Goal("T", Decimal(value), year)


@pytest.mark.parametrize(
    ("check", "parts", "whole", "stated", "observed", "expected"),
    [
        ("sum", ["5", "2", "43", "8", "2"], "60", None, None, Sum("5 + 2 + 43 + 8 + 2 = 60", Decimal(60), Decimal(60), True)),
        ("sum", ["30", "3", "60", "20", "7"], "120", None, None, Sum("30 + 3 + 60 + 20 + 7 = 120", Decimal(120), Decimal(120), True)),
        ("sum", ["30", "3"], "120", None, None, Sum("30 + 3 = 33", Decimal(33), Decimal(120), False)),
        ("implied_denominator", ["2.4"], "60", None, "2011.0", Sum("60 / 2.4 % = 2,500.0", Decimal("2500.0"), Decimal("2011.0"), False)),
        ("implied_denominator", ["2.4"], "60", None, None, Sum("60 / 2.4 % = 2,500.0", Decimal("2500.0"), None, None)),
        ("overlap", ["20"], "120", None, None, Sum("120 + 20 = 140", Decimal(140), Decimal(120), False)),
    ],
)
def test_check_is_worked_out(check: str, parts: list[str], whole: str, stated: str | None, observed: str | None, expected: Sum) -> None:
    def number(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    assert reckon(check, [goal(part) for part in parts], goal(whole), number(stated), number(observed)) == expected


@pytest.mark.parametrize(
    ("base", "whole", "stated", "rate", "agrees"),
    [
        ("60", "120", "15", "14.87", False),
        ("60", "120", "14.87", "14.87", True),
        ("60", "120.68", "15", "15.00", True),
        ("45", "80", None, "12.20", None),
    ],
)
def test_growth_is_compound(base: str, whole: str, stated: str | None, rate: str, agrees: bool | None) -> None:
    done = reckon("growth", [goal(base, 2015)], goal(whole, 2020), None if stated is None else Decimal(stated), None)
    assert (done.computed, done.agrees) == (Decimal(rate), agrees)
    assert done.difference == (None if stated is None else Decimal(rate) - Decimal(stated))


@pytest.mark.parametrize(
    ("share", "low", "high"), [("2.4", "2448.98", "2553.19"), ("2.400000", "2448.98", "2553.19"), ("20", "292.68", "307.69")]
)
def test_printed_share_leaves_a_range_of_denominators(share: str, low: str, high: str) -> None:
    implied = implied_denominator(Decimal(60), Decimal(share))
    assert [bound.quantize(Decimal("0.01")) for bound in (implied.low, implied.high)] == [Decimal(low), Decimal(high)]


def test_level_and_rate_are_each_others_inverse() -> None:
    rate = growth_rate(Decimal(60), Decimal(120), 5)
    assert level_after(Decimal(60), rate, 5).quantize(Decimal("1e-9")) == 120
    assert level_after(Decimal(120), rate, -5).quantize(Decimal("1e-9")) == 60
    with pytest.raises(ValueError, match="at least a year"):
        growth_rate(Decimal(60), Decimal(120), 0)


def test_unknown_check_is_an_error() -> None:
    with pytest.raises(KeyError):
        reckon("guess", [goal("1")], goal("1"), None, None)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_page_reconciles_the_sectors_and_shows_where_the_text_disagrees_with_itself(qinghai: SimpleNamespace) -> None:
    make_people()
    load(PUBLISHED)
    client = client_of(qinghai.leader)
    client.cookies["django_language"] = "en"
    text = text_of(client.get("/arithmetic/").content.decode())
    for line in (
        "5 + 2 + 43 + 8 + 2 = 60",
        "30 + 3 + 60 + 20 + 7 = 120",
        "= 14.87 %",
        "60 / 2.4 % = 2,500.0",
        "120 + 20 = 140",
        "= 12.20 %",
    ):
        assert line in text
    implied = text[text.index("60 / 2.4 % = 2,500.0") :]
    assert "2,011" in implied[:400]
    assert "2024" in implied[:700], "the vintage of the figure stands beside it"
    assert "14.87 %" in text
    assert "15 %" in text[text.index("14.87 %") :][:200]
    assert len(ArithmeticCheck.objects.all()) == 6


def test_page_without_the_observed_figure_says_that_there_is_none(qinghai: SimpleNamespace) -> None:
    client = client_of(qinghai.leader)
    client.cookies["django_language"] = "en"
    assert "nothing to hold it against" in client.get("/arithmetic/").content.decode()
