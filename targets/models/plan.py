from collections.abc import Sequence
from dataclasses import asdict
from math import inf, isfinite, nan

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Area, Bilingual
from indicators.models import Indicator, Sector
from targets.progress import types


class Plan(Bilingual):
    """A policy document with targets."""

    code = models.CharField(max_length=30, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="plans")
    issuer_zh = models.CharField(max_length=100, blank=True)
    issuer_en = models.CharField(max_length=100, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    period_start = models.PositiveSmallIntegerField()
    period_end = models.PositiveSmallIntegerField()
    version = models.CharField(max_length=30)
    note_zh = models.CharField(max_length=600, blank=True)
    note_en = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering = ["code"]


class RuleSetQuerySet(models.QuerySet["RuleSet"]):
    def specs(self) -> Sequence[types.RuleSet]:
        """Every version with its levels as plain data, by code and date."""
        return [version.spec() for version in self.order_by("code", "valid_from").prefetch_related("levels")]


class RuleSet(Bilingual):
    """One dated version of thresholds, by which a status or a reading beside it is given. It holds to the day before `valid_to`."""

    code = models.CharField(max_length=30)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    method = models.CharField(max_length=20)
    parameters = models.JSONField(default=dict, blank=True)
    note_zh = models.CharField(max_length=600, blank=True)
    note_en = models.CharField(max_length=600, blank=True)

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-valid_from"]
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="rule_set_version_once")]

    @property
    def version(self) -> str:
        return f"{self.code}@{self.valid_from:%Y-%m-%d}"

    @property
    def note(self) -> str:
        return self.in_language("note")

    def spec(self) -> types.RuleSet:
        parameters = {name: float(value) for name, value in self.parameters.items()}
        levels = tuple(level.spec() for level in self.levels.all())
        return types.RuleSet(self.code, self.method, parameters, self.version, levels, self.valid_from, self.valid_to)


class RuleLevel(models.Model):
    """A level of a rule set: its number or grade code is never shown without word, colour and shape. A bound that is empty is open; with
    neither the level is given by its name."""

    rule_set = models.ForeignKey(RuleSet, models.CASCADE, related_name="levels")
    code = models.CharField(max_length=20)
    word_zh = models.CharField(max_length=40)
    word_en = models.CharField(max_length=60)
    colour = models.CharField(max_length=10)
    shape = models.CharField(max_length=10)
    lower = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    lower_inclusive = models.BooleanField(default=False)
    upper = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    upper_inclusive = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["rule_set", "code"], name="rule_level_once")]

    def __str__(self) -> str:
        return f"{self.rule_set_id} {self.code} {self.word_zh}"

    @staticmethod
    def row(version: RuleSet, level: types.Level, position: int) -> dict[str, object]:
        """The columns of a level; open bounds are empty."""
        bounds = {name: bound if isfinite(bound) else None for name, bound in (("lower", level.lower), ("upper", level.upper))}
        return asdict(level) | bounds | {"rule_set": version, "position": position}

    def spec(self) -> types.Level:
        words = (self.code, self.word_zh, self.word_en, self.colour, self.shape)
        if self.lower is None and self.upper is None:
            return types.Level(*words, nan, upper=nan)
        lower, upper = (-inf if self.lower is None else float(self.lower)), (inf if self.upper is None else float(self.upper))
        return types.Level(*words, lower, self.lower_inclusive, upper, self.upper_inclusive)


class TargetQuerySet(models.QuerySet["Target"]):
    def for_pages(self) -> "TargetQuerySet":
        return self.select_related("indicator", "sector", "plan")

    def specs(self) -> Sequence[types.TargetSpec]:
        """The targets as plain data, with the goal of each area: the policy's for the province, the allocation's below it."""
        versions: dict[str, list[types.RuleSet]] = {}
        for version in RuleSet.objects.specs():
            versions.setdefault(version.code, []).append(version)
        chosen = self.select_related("indicator", "plan__area").prefetch_related("allocations__area")
        return [target.spec(versions[target.profile]) for target in chosen]


class Target(Bilingual):
    """A commitment that one indicator reaches a value by a period: what the clause says, and how we read it. Words: docs/pack-format.md."""

    class Kind(models.TextChoices):
        LEVEL = "level", _("level")
        RANGE = "range", _("range")
        RATIO = "ratio", _("share")
        REDUCTION = "reduction", _("reduction")
        GROWTH_YOY = "growth_yoy", _("growth over the year before")
        GROWTH_CAGR = "growth_cagr", _("average yearly growth")
        CUMULATIVE = "cumulative", _("cumulative sum")
        BENCHMARK = "benchmark", _("benchmark")
        MILESTONE = "milestone", _("milestone")

    code = models.CharField(max_length=20, unique=True)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="targets")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets")
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="targets")
    clause = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=Kind)
    unit_zh = models.CharField(max_length=40, blank=True)
    unit_en = models.CharField(max_length=60, blank=True)
    operator = models.CharField(max_length=5)
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    value_high = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    tolerance = models.DecimalField(max_digits=8, decimal_places=4, default=0)
    baseline_year = models.PositiveSmallIntegerField(null=True, blank=True)
    baseline_value = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    period_start = models.PositiveSmallIntegerField(null=True, blank=True)
    target_year = models.PositiveSmallIntegerField()
    scope = models.JSONField(default=list, blank=True, help_text=_("area codes; empty for every prefecture"))
    wording = models.CharField(max_length=12)
    aggregation = models.CharField(max_length=15)
    convention = models.CharField(max_length=15, help_text=_("a word of targets.words.CONVENTIONS"))
    path = models.CharField(max_length=12, help_text=_("a word of targets.words.PATHS"))
    schedule = models.JSONField(default=list, blank=True, help_text=_("cumulative shares of the way due by year's end, in percent"))
    baseline_rule = models.CharField(max_length=20)
    allocation_rule = models.CharField(max_length=6)
    allocation_key = models.CharField(max_length=30, blank=True)
    profile = models.CharField(max_length=30)
    date_basis = models.CharField(max_length=8)
    binding = models.CharField(max_length=8)
    headline = models.BooleanField(default=False)
    reading_zh = models.CharField(max_length=600, blank=True)
    reading_en = models.CharField(max_length=600, blank=True)
    doubt_zh = models.CharField(max_length=600, blank=True)
    doubt_en = models.CharField(max_length=600, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]

    def get_absolute_url(self) -> str:
        return reverse("targets:target", args=[self.code])

    @property
    def unit(self) -> str:
        return self.unit_en if (get_language() or "").startswith("en") else self.unit_zh

    @property
    def reading(self) -> str:
        return self.in_language("reading")

    @property
    def doubt(self) -> str:
        return self.in_language("doubt")

    def goals(self) -> dict[str, float]:
        """Area code → goal. A milestone's goal is its last stage."""
        whole = 3.0 if self.kind == self.Kind.MILESTONE else None if self.value is None else float(self.value)
        goals = {} if whole is None else {self.plan.area.code: whole}
        return goals | {allocation.area.code: float(allocation.value) for allocation in self.allocations.all()}

    def spec(self, versions: Sequence[types.RuleSet]) -> types.TargetSpec:
        def number(value: object) -> float | None:
            return None if value is None else float(value)  # type: ignore[arg-type]

        return types.TargetSpec(
            code=self.code,
            indicator=self.indicator.code,
            kind=self.kind,
            convention=self.convention,
            path=self.path,
            baseline_rule=self.baseline_rule,
            target_year=self.target_year,
            rule_set=versions[-1],
            versions=tuple(versions),
            operator=self.operator,
            value=number(self.value),
            value_high=number(self.value_high),
            tolerance=float(self.tolerance),
            baseline_year=self.baseline_year,
            baseline_value=number(self.baseline_value),
            period_start=self.period_start or self.plan.period_start,
            aggregation=self.aggregation,
            scope=tuple(self.scope),
            schedule=tuple(share / 100 for share in self.schedule),
            goals=self.goals(),
        )


class Allocation(models.Model):
    """A target's goal in one area. Not in the policy: made by a named, versioned allocation, and shown as such everywhere."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="allocations")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=20, decimal_places=6)
    share = models.DecimalField(max_digits=8, decimal_places=6, null=True, blank=True)
    name = models.CharField(max_length=30)
    version = models.CharField(max_length=30)

    class Meta:
        ordering = ["area__code"]
        constraints = [models.UniqueConstraint(fields=["target", "area"], name="allocation_once")]

    def __str__(self) -> str:
        return f"{self.target_id} {self.area_id} {self.value}"


class ArithmeticCheck(Bilingual):
    """A sum the policy's own figures must satisfy, or a tension between two of them."""

    code = models.CharField(max_length=30, unique=True)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="arithmetic")
    check_kind = models.CharField(max_length=30)
    clause = models.CharField(max_length=60, blank=True)
    parts = models.JSONField(default=list)
    whole = models.CharField(max_length=20, blank=True)
    stated = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    observed = models.CharField(max_length=20, blank=True)
    note_zh = models.CharField(max_length=600, blank=True)
    note_en = models.CharField(max_length=600, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]

    @property
    def note(self) -> str:
        return self.in_language("note")
