"""The whole way in one call: figures and targets in, results out; and which targets a changed figure touches."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from indicators.periods import Period
from indicators.rows import IndicatorSpec
from targets.progress.types import TargetSpec

if TYPE_CHECKING:
    from pandas import DataFrame


def evaluate(
    targets: Sequence[TargetSpec],
    indicators: Mapping[str, IndicatorSpec],
    observations: "DataFrame",
    periods: Sequence[Period],
    members: Sequence[str],
    province: str,
    parents: Mapping[str, str] | None = None,
) -> "DataFrame":
    """Results of all targets for the asked periods, one row per target, area and period. Arguments as `frames.cases`."""
    from targets.progress.engine import assess
    from targets.progress.frames import cases

    rule_sets = {rule.key: rule for target in targets for rule in (target.rule_set, *target.versions)}
    table = cases(targets, indicators, observations, periods, members, province, parents)
    if table.empty:
        return table
    results = assess(table, rule_sets)
    return results.loc[results["asked"].to_numpy(bool), [name for name in results if name != "asked"]].reset_index(drop=True)


def affected(indicators: Mapping[str, IndicatorSpec], targets: Sequence[TargetSpec], changed: Collection[str]) -> set[str]:
    """Codes of the targets whose result rests on one of the changed indicators, through formulas and ratios of any depth."""
    touched = set(changed)
    while more := {spec.code for spec in indicators.values() if touched.intersection(spec.inputs)} - touched:
        touched |= more
    return {target.code for target in targets if target.indicator in touched}
