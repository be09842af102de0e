"""Writes a pack into the database: one transaction, codes are the identity, nothing is deleted."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from accounts.models import Area, AuditEntry, Bureau, User
from indicators.models import FormItem, Indicator, ReportingForm, Sector
from targets.allocation import split
from targets.models.plan import Allocation, ArithmeticCheck, Plan, RuleSet, Target
from targets.pack import Pack, PackRow


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
    for write in (_areas, _sectors, _indicators, _rule_sets, _plans, _targets, _allocations, _arithmetic, _forms, _bureaus):
        write(pack)
    counts = {name: len(rows) for name, rows in pack.rows.items()}
    for plan in Plan.objects.filter(code__in=pack.codes("plans")):
        AuditEntry.objects.record(by=by, verb="load_pack", about=plan, data={"version": plan.version, "rows": counts})
    return counts


def _text(row: PackRow, *names: str) -> dict[str, Any]:
    return {name: row[name] or "" for name in names}


def _areas(pack: Pack) -> None:
    for row in pack["areas"]:
        fields = _text(row, "name_zh", "name_en", "short_zh", "kind", "note_zh", "note_en") | {name: row[name] for name in ("valid_from", "valid_to")}
        Area.objects.update_or_create(code=row["code"], defaults=fields)
    areas = {area.code: area for area in Area.objects.all()}
    for row in pack["areas"]:  # a second time: a parent may stand below its child
        area = areas[row["code"]]
        area.parent, area.succeeds = areas.get(row["parent"]), areas.get(row["succeeds"])
        area.save(update_fields=["parent", "succeeds"])


def _sectors(pack: Pack) -> None:
    for position, row in enumerate(pack["sectors"]):
        Sector.objects.update_or_create(code=row["code"], defaults=_text(row, "name_zh", "name_en") | {"position": position})


def _units(pack: Pack, row: PackRow) -> dict[str, str]:
    english = {unit["unit"]: unit["name_en"] for unit in pack["units"]}
    known = Indicator.objects.filter(unit_zh=row["unit"]).values_list("unit_en", flat=True).first() if row["unit"] not in english else None
    return {"unit_zh": row["unit"] or "", "unit_en": english.get(row["unit"], known or "")}


def _indicators(pack: Pack) -> None:
    sectors = {sector.code: sector for sector in Sector.objects.all()}
    for position, row in enumerate(pack["indicators"]):
        fields = _text(row, "name_zh", "name_en", "kind", "direction", "rollup", "numerator", "denominator", "frequency", "note_zh", "note_en")
        fields |= _units(pack, row) | {
            "sector": sectors[row["sector"]],
            "decimals": row["decimals"],
            "formula": list(row["formula"]),
            "scale": Decimal(1) if row["scale"] is None else row["scale"],
            "minimum": row["min"],
            "maximum": row["max"],
            "reported": row["reported"] == "reported",
            "part_of_whole": bool(row["part_of_whole"]),
            "position": position,
        }
        Indicator.objects.update_or_create(code=row["code"], defaults=fields)


def _rule_sets(pack: Pack) -> None:
    parameters: dict[tuple[str, Any], dict[str, str]] = {}
    for row in pack["rule_sets"]:
        parameters.setdefault((row["code"], row["valid_from"]), {})[row["parameter"]] = str(row["value"])
    for row in pack["rule_sets"]:
        fields = _text(row, "name_zh", "name_en", "method") | {"parameters": parameters[row["code"], row["valid_from"]]}
        RuleSet.objects.update_or_create(code=row["code"], valid_from=row["valid_from"], defaults=fields)


def _plans(pack: Pack) -> None:
    for row in pack["plans"]:
        fields = _text(row, "name_zh", "name_en", "issuer_zh", "issuer_en", "reference", "version", "note_zh", "note_en")
        fields |= {"area": Area.objects.get(code=row["area"]), "period_start": row["period_start"], "period_end": row["period_end"]}
        Plan.objects.update_or_create(code=row["code"], defaults=fields)


def _plan_of(pack: Pack, row: PackRow) -> Plan:
    return Plan.objects.get(code=row["plan"] or pack["plans"][0]["code"])


def _targets(pack: Pack) -> None:
    sectors = {sector.code: sector for sector in Sector.objects.all()}
    indicators = {indicator.code: indicator for indicator in Indicator.objects.all()}
    texts = ("name_zh", "name_en", "clause", "kind", "operator", "wording", "aggregation", "convention", "path", "baseline_rule", "profile")
    texts += ("date_basis", "binding", "reading_zh", "reading_en", "doubt_zh", "doubt_en")
    plain = ("value", "value_high", "baseline_year", "baseline_value", "period_start", "target_year")
    for position, row in enumerate(pack["targets"]):
        scope = [code for code in row["scope"].split(";") if code not in ("province", "each_region")]
        fields = _text(row, *texts) | {name: row[name] for name in plain} | _units(pack, row)
        fields |= {
            "plan": _plan_of(pack, row),
            "indicator": indicators[row["indicator"]],
            "sector": sectors[row["sector"]],
            "tolerance": row["tolerance"] or 0,
            "scope": scope,
            "headline": bool(row["headline"]),
            "allocation_rule": row["allocation"],
            "allocation_key": row["allocation_key"] or "",
            "position": position,
        }
        Target.objects.update_or_create(code=row["code"], defaults=fields)


def _allocations(pack: Pack) -> None:
    """Make every target's goals per area by the pack's allocation; without one, only the province has goals."""
    if not pack["allocations"]:
        return
    weights: dict[str, dict[str, Decimal]] = {}
    for row in pack["allocations"]:
        weights.setdefault(row["key"], {})[row["area"]] = row["weight"]
    made_by = {"name": pack["allocations"][0]["allocation"], "version": pack["allocations"][0]["version"]}
    areas = {area.code: area for area in Area.objects.all()}
    for target in Target.objects.select_related("plan__area", "indicator"):
        for code, value, share in _goals(target, weights.get(target.allocation_key, {})):
            Allocation.objects.update_or_create(target=target, area=areas[code], defaults=made_by | {"value": value, "share": share})


def _goals(target: Target, weights: Mapping[str, Decimal]) -> list[tuple[str, Decimal, Decimal | None]]:
    if target.allocation_rule == "split" and weights and target.value is not None:
        decimals = max(target.indicator.decimals, -int(target.value.normalize().as_tuple().exponent))
        parts = split(target.value, weights, decimals)
        return [(area, value, weights[area]) for area, value in parts.items() if value]
    if target.allocation_rule == "same":
        province = target.plan.area
        members = target.scope or list(Area.objects.prefectures().filter(parent=province, valid_to=None).values_list("code", flat=True))
        value = Decimal(3) if target.kind == Target.Kind.MILESTONE else target.value or Decimal(0)
        return [(area, value, None) for area in members]
    return []


def _arithmetic(pack: Pack) -> None:
    for position, row in enumerate(pack["arithmetic"]):
        plan = Target.objects.get(code=row["whole"]).plan if row["whole"] else Plan.objects.get(code=pack["plans"][0]["code"])
        fields = _text(row, "name_zh", "name_en", "clause", "whole", "unit", "observed", "note_zh", "note_en")
        fields |= {"plan": plan, "check_kind": row["check"], "parts": list(row["parts"]), "stated": row["stated"], "position": position}
        ArithmeticCheck.objects.update_or_create(code=row["code"], defaults=fields)


def _forms(pack: Pack) -> None:
    indicators = {indicator.code: indicator for indicator in Indicator.objects.all()}
    areas = {area.code: area for area in Area.objects.all()}
    groups = {
        "prefectures": [area for area in areas.values() if area.kind == Area.Kind.PREFECTURE],
        "province": [area for area in areas.values() if area.kind == Area.Kind.PROVINCE],
    }
    for row in pack["forms"]:
        fields = _text(row, "name_zh", "name_en", "frequency") | {"due_days": row["due_days"]}
        form, _ = ReportingForm.objects.update_or_create(code=row["form"], defaults=fields)
        for code in row["areas"] if row["indicator"] else ():
            for area in groups.get(code) or [areas[code]]:
                years = {"valid_from": row["valid_from"], "valid_to": row["valid_to"]}
                FormItem.objects.update_or_create(form=form, indicator=indicators[row["indicator"]], area=area, defaults=years)


def _bureaus(pack: Pack) -> None:
    for row in pack["bureaus"]:
        bureau, _ = Bureau.objects.update_or_create(code=row["code"], defaults=_text(row, "name_zh", "name_en"))
        bureau.areas.set(Area.objects.filter(code__in=row["areas"]))
        for form in ReportingForm.objects.filter(code__in=row["forms"]):
            form.bureaus.add(bureau)
