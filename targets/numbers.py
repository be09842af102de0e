"""Numbers the way officials read them: thousands marks, the indicator's own decimals, never scaled by itself."""

from decimal import ROUND_HALF_UP, Decimal

from indicators.periods import Period

MINUS, SPACE = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"


SMALLEST = Decimal("1e-6")  # below it a difference is the engine's rounding


def number(value: Decimal | float | int | None, decimals: int = 2) -> str:
    """1234.5 → 1,234.50. A count that is not whole (an expected value) shows one decimal. What is not zero never reads as zero: it keeps
    two digits (0.00042). "" for None."""
    if value is None:
        return ""
    exact = Decimal(str(value))
    places = 1 if decimals == 0 and exact != exact.to_integral_value() else decimals
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if not rounded and abs(exact) >= SMALLEST:
        rounded = exact.quantize(Decimal(1).scaleb(exact.adjusted() - 1), ROUND_HALF_UP)
    return f"{rounded if rounded else abs(rounded):,f}".replace("-", MINUS)


def signed(value: Decimal | float | int | None, decimals: int = 2) -> str:
    """A difference: 1.5 → +1.50, −1.5 → −1.50; zero has no sign. "" for None."""
    text = number(value, decimals)
    return text if not value or text.startswith(MINUS) or not text.strip("0.,") else f"+{text}"


def as_stated(value: Decimal | float | int | None) -> str:
    """A number as the policy states it, all its digits and no more: 60.000000 → 60, 2.4 → 2.4. "" for None."""
    return "" if value is None else f"{Decimal(str(value)).normalize():,f}".replace("-", MINUS)


def percent(share: Decimal | float | None, decimals: int = 1) -> str:
    """0.0944 → 9.4 %: a share as percent."""
    return "" if share is None else f"{number(Decimal(str(share)) * 100, decimals)}{SPACE}%"


def signed_percent(share: Decimal | float | None, decimals: int = 1) -> str:
    """−0.0893 → −8.9 %: a share as percent with its sign."""
    return "" if share is None else f"{signed(Decimal(str(share)) * 100, decimals)}{SPACE}%"


def spelled(code: str, chinese: bool) -> str:
    """2018-Q3 → 2018年三季度 or 2018 Q3."""
    period = Period.parse(code)
    if not chinese:
        words = {"A": f"{period.year}", "Q": f"{period.year} Q{period.number}", "M": f"January–{period.end:%B} {period.year}"}
        return words[period.frequency]
    if period.frequency == "Q":
        return f"{period.year}年{'一二三四'[period.number - 1]}季度"
    return f"{period.year}年" if period.frequency == "A" else f"{period.year}年1—{period.number}月"
