"""Indicators, forms and lines for the tests of the rules, and what the rules say of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from indicators.parsing import parse
from indicators.readers.table import Table
from indicators.rows import Finding, IndicatorSpec
from indicators.rules import check_all
from indicators.rules.context import Context

HAIDONG, XINING, YUSHU = "630200", "630100", "632700"
ZERO = Decimal(0)
SPECS = {
    spec.code: spec
    for spec in (
        IndicatorSpec("A5", "flow", "亿元", decimals=4, minimum=ZERO),
        IndicatorSpec("A6", "flow", "亿元", decimals=4, minimum=ZERO),
        IndicatorSpec("A9", "stock", "家", decimals=0, minimum=ZERO),
        IndicatorSpec("A10", "milestone", decimals=0),
        IndicatorSpec("H1", "stock", "万千瓦", minimum=ZERO),
        IndicatorSpec("H4N", "stock", "蒸吨/小时", minimum=ZERO),
        IndicatorSpec("H4D", "stock", "蒸吨/小时", minimum=ZERO),
        IndicatorSpec("H4", "ratio", "%", numerator="H4N", denominator="H4D", reported=False, part_of_whole=True),
        IndicatorSpec("F1", "ratio", "%", numerator="A5", denominator="A6", reported=False),
        IndicatorSpec("A1", "flow", "亿元", formula=("A5", "A6"), reported=False),
        IndicatorSpec("P1", "stock", "%", minimum=ZERO, maximum=Decimal(100)),
        IndicatorSpec("Y1", "stock", "户", decimals=0, frequency="A"),
        IndicatorSpec("R1", "rate", "%", frequency="P"),
        IndicatorSpec("T1", "flow", "亿元", decimals=4, formula=("A5", "A6", "H1")),
        IndicatorSpec("E1", "flow", "万吨标准煤", minimum=ZERO),
        IndicatorSpec("G1", "flow", "亿元", minimum=ZERO),
        IndicatorSpec("I1", "ratio", "吨标准煤/万元", numerator="E1", denominator="G1", reported=False),
        IndicatorSpec("IR", "rate", "%", frequency="P"),
    )
}
ALL = tuple(code for code, spec in SPECS.items() if spec.reported)
PERIOD = "2015-Q3"
BULK = Context(
    indicators=SPECS,
    areas=frozenset({HAIDONG, XINING, YUSHU}),
    today=date(2018, 10, 20),
    bureau="BUR-630200",
    bureau_areas=frozenset({HAIDONG, XINING}),
    form="BULK",
    bulk=True,
    rates={"IR": "I1"},
)
FORM = replace(
    BULK,
    form="QH-Q",
    bulk=False,
    period=PERIOD,
    bureau_areas=frozenset({HAIDONG}),
    form_items={code: frozenset({HAIDONG, YUSHU}) for code in ("A5", "A9", "A10")},
)
HEADER = ["指标代码", "地区代码", "报告期", "计量单位", "数值", "说明"]
MILESTONES = frozenset({"A10"})


def line(indicator: str = "A5", value: Any = 10, period: str = PERIOD, area: str = HAIDONG, unit: str = "", note: str = "") -> list[Any]:
    return [indicator, area, period, unit, value, note]


def findings(lines: list[list[Any]], context: Context = BULK, past: Mapping[str, Any] | None = None) -> list[Finding]:
    """What the rules find in lines under a header row (so the first is row 2). `past`: approved figures as "A5 2015-Q2": value."""
    history: dict[tuple[str, str], dict[str, Decimal]] = {}
    for name, value in (past or {}).items():
        indicator, period = name.split()
        history.setdefault((indicator, HAIDONG), {})[period] = Decimal(str(value))
    result = parse([Table("", [HEADER, *lines])], milestones=MILESTONES)
    return check_all(result.rows, result.headings, replace(context, history=history))


def found(lines: list[list[Any]], context: Context = BULK, past: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
    return [(finding.rule, str(finding.cell) if finding.cell else "") for finding in findings(lines, context, past)]
