from django.contrib import admin

from accounts.admin import AuditedAdmin, ReadOnlyAdmin
from indicators.models import FormItem, Indicator, Observation, ReportingForm, Sector, Submission


@admin.register(Sector)
class SectorAdmin(AuditedAdmin):
    list_display = ["code", "name_zh", "name_en", "position"]


@admin.register(Indicator)
class IndicatorAdmin(AuditedAdmin):
    list_display = ["code", "name_zh", "name_en", "unit_zh", "kind", "sector", "direction", "reported"]
    list_filter = ["sector", "kind", "reported"]
    search_fields = ["code", "name_zh", "name_en"]


class FormItemInline(admin.TabularInline):
    model = FormItem
    extra = 0


@admin.register(ReportingForm)
class ReportingFormAdmin(AuditedAdmin):
    list_display = ["code", "name_zh", "name_en", "frequency", "due_days"]
    filter_horizontal = ["bureaus"]
    inlines = [FormItemInline]


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    list_display = ["id", "bureau", "form", "period", "state", "arrived_at", "sent_by", "decided_by"]
    list_filter = ["state", "form", "bureau"]


@admin.register(Observation)
class ObservationAdmin(ReadOnlyAdmin):
    list_display = ["indicator", "area", "period", "value", "status", "vintage", "source", "known_at", "recorded_at"]
    list_filter = ["area"]
    search_fields = ["=indicator__code", "=period"]
    list_select_related = ["indicator", "area"]
