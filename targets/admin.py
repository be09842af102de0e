from django.contrib import admin

from accounts.admin import AuditedAdmin, ReadOnlyAdmin
from targets.models import Allocation, ArithmeticCheck, Assessment, AssessmentRun, Outlook, Plan, RuleLevel, RuleSet, Target


@admin.register(Plan)
class PlanAdmin(AuditedAdmin):
    list_display = ["code", "name_zh", "name_en", "area", "period_start", "period_end", "version"]


class RuleLevelInline(admin.TabularInline):
    model = RuleLevel
    extra = 0


@admin.register(RuleSet)
class RuleSetAdmin(AuditedAdmin):
    list_display = ["code", "valid_from", "valid_to", "name_zh", "method", "parameters"]
    inlines = [RuleLevelInline]


class AllocationInline(admin.TabularInline):
    model = Allocation
    extra = 0


@admin.register(Target)
class TargetAdmin(AuditedAdmin):
    list_display = ["code", "name_zh", "clause", "kind", "operator", "value", "unit_zh", "target_year", "wording", "headline"]
    list_filter = ["target_year", "kind", "sector", "wording", "headline"]
    search_fields = ["code", "name_zh", "name_en", "clause"]
    inlines = [AllocationInline]


@admin.register(ArithmeticCheck)
class ArithmeticCheckAdmin(AuditedAdmin):
    list_display = ["code", "name_zh", "check_kind", "parts", "whole", "stated"]


@admin.register(AssessmentRun)
class AssessmentRunAdmin(ReadOnlyAdmin):
    list_display = ["id", "reason", "as_of", "recorded_at", "changed"]


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin):
    list_display = ["target", "area", "period", "status", "reason", "value", "expected", "run"]
    list_filter = ["status", "area"]
    search_fields = ["=target__code", "=period"]
    list_select_related = ["target", "area", "run"]


@admin.register(Outlook)
class OutlookAdmin(ReadOnlyAdmin):
    list_display = ["target", "area", "period", "method", "reason", "value", "chance", "run"]
    list_filter = ["method", "reason", "area"]
    search_fields = ["=target__code", "=period"]
    list_select_related = ["target", "area", "run"]
