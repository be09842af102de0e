"""Writes a pack into the database: one transaction, codes are the identity, nothing is deleted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from accounts.models import Area, AuditEntry, Bureau, User
from indicators.models import CalendarDay, FormItem, Indicator, ReportingForm, Sector
from indicators.models.form import DueRule
from targets.allocation import split
from targets.models.plan import Allocation, ArithmeticCheck, Plan, RuleLevel, RuleSet, Target
from targets.pack import Pack, PackRow
from targets.pack.rules import rule_sets


def known_codes() -> dict[str, frozenset[str]]:
    """Codes that exist, by pack file, so that an overlay pack may refer to them."""
    codes: Mapping[str, models.QuerySet[Any]] = {
        "areas": Area.objects.all(),
        "sectors": Sector.objects.all(),
        "indicators": Indicator.objects.all(),
        "plans": Plan.objects.all(),
        "targets": Target.objects.all(),
        "rule_sets": RuleSet.objects.all(),
        "forms": ReportingForm.objects.all(),
        "bureaus": Bureau.objects.all(),
    }
    units = frozenset(Indicator.objects.values_list("unit_zh", flat=True))
    return {name: frozenset(rows.values_list("code", flat=True)) for name, rows in codes.items()} | {"units": units}


@transaction.atomic
def load(pack: Pack, *, by: User | None) -> dict[str, int]:
    """Write all rows of a faultless pack; returns rows per file. Running it again changes nothing."""
    for write in (_areas, _sectors, _indicators, _rule_sets, _plans, _targets, _allocations, _arithmetic, _calendar, _forms, _bureaus):
        write(pack)
    counts = {name: len(rows) for name, rows in pack.rows.items()}
    for plan in Plan.objects.filter(code__in=pack.codes("plans")):
        AuditEntry.objects.record(by=by, verb="load_pack", about=plan, data={"version": plan.version, "rows": counts})
    return counts


def _text(row: PackRow, *names: str) -> dict[str, Any]:
    return {name: row[name] or "" for name in names}


def _upsert(model: type[models.Model], key: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    """Insert or update many rows in one statement; `key` are the columns that identify a row, the last row of a key counts."""
    last = {tuple(row[name] for name in key): row for row in rows}
    if last:
        names = [name for name in next(iter(last.values())) if name not in key]
        model._default_manager.bulk_create(
            (model(**row) for row in last.values()), update_conflicts=True, unique_fields=key, update_fields=names
        )


def _by_code(model: type[models.Model]) -> dict[str, Any]:
    return {thing.code: thing for thing in model._default_manager.all()}  # type: ignore[attr-defined]


def _areas(pack: Pack) -> None:
    plain = ("valid_from", "valid_to")
    texts = ("code", "name_zh", "name_en", "short_zh", "kind", "note_zh", "note_en")
    _upsert(Area, ["code"], [_text(row, *texts) | {name: row[name] for name in plain} for row in pack["areas"]])
    areas = _by_code(Area)
    for row in pack["areas"]:  # a second time: a parent may stand below its child
        areas[row["code"]].parent, areas[row["code"]].succeeds = areas.get(row["parent"]), areas.get(row["succeeds"])
    Area.objects.bulk_update([areas[row["code"]] for row in pack["areas"]], ["parent", "succeeds"])


def _sectors(pack: Pack) -> None:
    _upsert(
        Sector,
        ["code"],
        [_text(row, "code", "name_zh", "name_en") | {"position": position} for position, row in enumerate(pack["sectors"])],
    )


def _units(pack: Pack) -> Callable[[PackRow], dict[str, str]]:
    """Row → its unit in both languages; an overlay's units are those known already."""
    english = dict(Indicator.objects.values_list("unit_zh", "unit_en")) | {unit["unit"]: unit["name_en"] for unit in pack["units"]}
    return lambda row: {"unit_zh": row["unit"] or "", "unit_en": english.get(row["unit"], "")}


def _indicators(pack: Pack) -> None:
    sectors, units = _by_code(Sector), _units(pack)
    texts = (
        "code",
        "name_zh",
        "name_en",
        "kind",
        "direction",
        "rollup",
        "numerator",
        "denominator",
        "rate_of",
        "frequency",
        "note_zh",
        "note_en",
    )
    rows = [
        _text(row, *texts)
        | units(row)
        | {
            "sector": sectors[row["sector"]],
            "decimals": row["decimals"],
            "formula": list(row["formula"]),
            "scale": Decimal(1) if row["scale"] is None else row["scale"],
            "minimum": row["min"],
            "maximum": row["max"],
            "reported": row["reported"] == "reported",
            "part_of_whole": bool(row["part_of_whole"]),
            "registered": bool(row["register"]),
            "position": position,
        }
        for position, row in enumerate(pack["indicators"])
    ]
    _upsert(Indicator, ["code"], rows)


def _rule_sets(pack: Pack) -> None:
    """Versions with their names and note, which stand in their first row, and their levels: those the pack no longer names go."""
    specs = rule_sets(pack)
    first = {(row["code"], row["valid_from"]): row for row in reversed(pack["rule_sets"])}
    rows = [
        _text(first[key], "code", "name_zh", "name_en", "method", "note_zh", "note_en")
        | {"valid_from": spec.valid_from, "valid_to": spec.valid_to, "parameters": dict(spec.parameters)}
        for key, spec in specs.items()
    ]
    _upsert(RuleSet, ["code", "valid_from"], rows)
    versions = {(version.code, version.valid_from): version for version in RuleSet.objects.all()}
    levels = [RuleLevel.row(versions[key], level, place) for key, spec in specs.items() for place, level in enumerate(spec.levels)]
    for key, spec in specs.items():
        versions[key].levels.exclude(code__in=[level.code for level in spec.levels]).delete()
    _upsert(RuleLevel, ["rule_set", "code"], levels)


def _plans(pack: Pack) -> None:
    areas = _by_code(Area)
    texts = ("code", "name_zh", "name_en", "issuer_zh", "issuer_en", "reference", "version", "note_zh", "note_en")
    years = ("period_start", "period_end")
    _upsert(
        Plan, ["code"], [_text(row, *texts) | {"area": areas[row["area"]]} | {name: row[name] for name in years} for row in pack["plans"]]
    )


def _targets(pack: Pack) -> None:
    sectors, indicators, plans, units = _by_code(Sector), _by_code(Indicator), _by_code(Plan), _units(pack)
    texts = (
        *("code", "name_zh", "name_en", "clause", "kind", "operator", "wording", "aggregation", "convention", "path", "baseline_rule"),
        *("profile", "date_basis", "binding", "reading_zh", "reading_en", "doubt_zh", "doubt_en", "allocation_key"),
    )
    plain = ("value", "value_high", "baseline_year", "baseline_value", "period_start", "target_year")
    rows = [
        _text(row, *texts)
        | {name: row[name] for name in plain}
        | units(row)
        | {
            "plan": plans[row["plan"] or pack["plans"][0]["code"]],
            "indicator": indicators[row["indicator"]],
            "sector": sectors[row["sector"]],
            "tolerance": row["tolerance"] or 0,
            "scope": [code for code in row["scope"].split(";") if code not in ("province", "each_region")],
            "schedule": [float(share) for share in row["schedule"] or ()],
            "headline": bool(row["headline"]),
            "allocation_rule": row["allocation"],
            "position": position,
        }
        for position, row in enumerate(pack["targets"])
    ]
    _upsert(Target, ["code"], rows)


def _allocations(pack: Pack) -> None:
    """Make the goals per area of every plan whose areas the pack's allocation weighs; without one, only the province has goals."""
    weights: dict[str, dict[str, Decimal]] = {}
    for row in pack["allocations"]:
        weights.setdefault(row["key"], {})[row["area"]] = row["weight"]
    areas = _by_code(Area)
    weighed = Area.objects.filter(code__in={row["area"] for row in pack["allocations"]})
    rows = []
    for plan in Plan.objects.filter(Q(area__in=weighed.values("parent")) | Q(area__in=weighed)).select_related("area"):
        members = [
            code
            for code, area in areas.items()
            if area.parent_id == plan.area_id and area.kind == Area.Kind.PREFECTURE and not area.valid_to
        ]
        made_by = {"name": pack["allocations"][0]["allocation"], "version": pack["allocations"][0]["version"]}
        for target in plan.targets.select_related("indicator"):
            goals = _goals(target, weights.get(target.allocation_key, {}), members)
            rows += [{"target": target, "area": areas[code], "value": value, "share": share} | made_by for code, value, share in goals]
    _upsert(Allocation, ["target", "area"], rows)


def _goals(target: Target, weights: Mapping[str, Decimal], members: Sequence[str]) -> list[tuple[str, Decimal, Decimal | None]]:
    """Area, goal and share: split by the key's weights, the same everywhere, or none."""
    if target.allocation_rule == "split" and weights and target.value is not None:
        decimals = max(target.indicator.decimals, -int(target.value.normalize().as_tuple().exponent))
        parts = split(target.value, weights, decimals)
        return [(area, value, weights[area]) for area, value in parts.items() if value]
    if target.allocation_rule == "same":
        value = Decimal(3) if target.kind == Target.Kind.MILESTONE else target.value or Decimal(0)
        return [(area, value, None) for area in target.scope or members]
    return []


def _arithmetic(pack: Pack) -> None:
    plans = dict(Target.objects.values_list("code", "plan"))
    texts = ("code", "name_zh", "name_en", "clause", "whole", "unit", "observed", "note_zh", "note_en")
    rows = [
        _text(row, *texts)
        | {
            "plan_id": plans[row["whole"]],
            "check_kind": row["check"],
            "parts": list(row["parts"]),
            "stated": row["stated"],
            "position": position,
        }
        for position, row in enumerate(pack["arithmetic"])
    ]
    _upsert(ArithmeticCheck, ["code"], rows)


def _calendar(pack: Pack) -> None:
    rows = [_text(row, "kind", "name_zh", "name_en", "source") | {"day": row["day"]} for row in pack["calendar"]]
    _upsert(CalendarDay, ["day"], rows)


def _forms(pack: Pack) -> None:
    """`prefectures` and `province` in a form mean those of the pack itself, or of all there are where the pack brings no areas."""
    rows = [
        _text(row, "name_zh", "name_en", "frequency")
        | {"code": row["form"], "due_days": row["due_days"], "due_rule": row["due_rule"] or DueRule.CALENDAR}
        for row in pack["forms"]
    ]
    _upsert(ReportingForm, ["code"], rows)
    forms, indicators, areas = _by_code(ReportingForm), _by_code(Indicator), _by_code(Area)
    own = pack.codes("areas") or frozenset(areas)
    groups = {
        f"{kind}s" if kind == "prefecture" else kind: [area for code, area in areas.items() if area.kind == kind and code in own]
        for kind in Area.Kind.values
    }
    items = []
    for row in pack["forms"]:
        for code in row["areas"] if row["indicator"] else ():
            years = {"valid_from": row["valid_from"], "valid_to": row["valid_to"]}
            chosen = groups[code] if code in groups else [areas[code]]
            items += [{"form": forms[row["form"]], "indicator": indicators[row["indicator"]], "area": area} | years for area in chosen]
    _upsert(FormItem, ["form", "indicator", "area"], items)


def _bureaus(pack: Pack) -> None:
    _upsert(Bureau, ["code"], [_text(row, "code", "name_zh", "name_en") for row in pack["bureaus"]])
    bureaus = _by_code(Bureau)
    for row in pack["bureaus"]:
        bureaus[row["code"]].areas.set(Area.objects.filter(code__in=row["areas"]))
        bureaus[row["code"]].forms.add(*ReportingForm.objects.filter(code__in=row["forms"]))
