"""Year-to-date figures of published cases."""

from decimal import Decimal
from typing import Any

from indicators import year_to_date
from indicators.year_to_date import Figure
from tests.targets.vector_calls import Case


def _figures(values: list[Any]) -> list[Figure]:
    return [None if value is None else Decimal(str(value)) for value in values]


def of_the_year(case: Case) -> dict[str, Any]:
    """Single quarters, the year's figure and where the figures fall; also by the names q1, q2 …"""
    given = case.inputs
    filed = _figures(given["ytd"]) if "ytd" in given else _figures([given[name] for name in sorted(given) if name.startswith("ytd_q")])
    periods = given.get("periods")
    single, fallen = year_to_date.singles(filed, periods), year_to_date.violations(filed, periods)
    return {
        "single": single,
        "annual": next(iter(reversed(year_to_date.annual(filed, periods).values())), None),
        "violation": bool(fallen),
        "violation_at": fallen[0] if fallen else None,
        **{f"q{place}": value for place, value in enumerate(single, start=1)},
    }


def revised(case: Case) -> dict[str, Any]:
    (name,) = (name for name in case.inputs if name.startswith("ytd_new_q"))
    place = int(name.removeprefix("ytd_new_q"))
    single, changed = year_to_date.revised(_figures(case.inputs["ytd_old"]), place, _figures([case.inputs[name]])[0])
    return {"single": single, "changed": changed}
