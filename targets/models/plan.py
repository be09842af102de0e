from collections.abc import Sequence

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


class RuleSet(Bilingual):
    """Thresholds by which a status is given, as dated data; a new version is a new row."""

    code = models.CharField(max_length=30)
    valid_from = models.DateField()
    method = models.CharField(max_length=20)
    parameters = models.JSONField(default=dict)

    class Meta:
        ordering = ["code", "-valid_from"]
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="rule_set_version_once")]

    @property
    def version(self) -> str:
        return f"{self.code}@{self.valid_from:%Y-%m-%d}"

    def spec(self) -> types.RuleSet:
        return types.RuleSet(self.code, self.method, {name: float(value) for name, value in self.parameters.items()}, self.version)


class TargetQuerySet(models.QuerySet["Target"]):
    def for_pages(self) -> "TargetQuerySet":
        return self.select_related("indicator", "sector", "plan")

    def specs(self) -> Sequence[types.TargetSpec]:
        """The targets as plain data, with the goal of each area: the policy's for the province, the allocation's below it."""
        rule_sets: dict[str, types.RuleSet] = {}
        for rule_set in RuleSet.objects.order_by("valid_from"):  # the latest version wins
            rule_sets[rule_set.code] = rule_set.spec()
        chosen = self.select_related("indicator", "plan__area").prefetch_related("allocations__area")
        return [target.spec(rule_sets[target.profile]) for target in chosen]


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

    class Convention(models.TextChoices):
        LINEAR_SHARE = "linear_share", _("share of the way done")
        LOG_SHARE = "log_share", _("share of the way done, logarithmic")
        CAGR_RATIO = "cagr_ratio", _("achieved yearly growth over required")
        DIRECT = "direct", _("direct comparison with the goal")
        EVIDENCE = "evidence", _("evidence and a dated decision")

    class Path(models.TextChoices):
        LINEAR = "linear", _("straight path")
        GEOMETRIC = "geometric", _("equal yearly rate")
        NONE = "none", _("no path")

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
    convention = models.CharField(max_length=15, choices=Convention)
    path = models.CharField(max_length=12, choices=Path)
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

    def spec(self, rule_set: types.RuleSet) -> types.TargetSpec:
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
            rule_set=rule_set,
            operator=self.operator,
            value=number(self.value),
            value_high=number(self.value_high),
            tolerance=float(self.tolerance),
            baseline_year=self.baseline_year,
            baseline_value=number(self.baseline_value),
            period_start=self.period_start or self.plan.period_start,
            aggregation=self.aggregation,
            scope=tuple(self.scope),
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
