from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.admin import AuditedAdmin, ReadOnlyAdmin
from indicators.models import (
    CalendarDay,
    Extension,
    FormItem,
    Indicator,
    Observation,
    ReportingForm,
    ReportingTask,
    Sector,
    Submission,
)
from indicators.working_days import without_data


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
    list_display = ["code", "name_zh", "name_en", "frequency", "due_days", "due_rule"]
    filter_horizontal = ["bureaus"]
    inlines = [FormItemInline]


@admin.register(CalendarDay)
class CalendarDayAdmin(AuditedAdmin):
    """Years of which there is no day here know weekends only, until the State Council's notice is entered."""

    list_display = ["day", "kind", "name_zh", "name_en", "source"]
    list_filter = ["kind"]
    date_hierarchy = "day"
    search_fields = ["name_zh", "name_en"]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Says of which of the next twelve months' years the calendar has no data."""
        today = clock.today()
        for year in without_data(today, today + timedelta(days=365), CalendarDay.objects.differs()):
            messages.warning(request, _("The calendar has no data for %(year)s: only weekends count as days off.") % {"year": year})
        return super().changelist_view(request, extra_context)


@admin.register(ReportingTask)
class ReportingTaskAdmin(ReadOnlyAdmin):
    list_display = ["form", "bureau", "period", "due_on", "extended_to", "opened_at"]
    list_filter = ["form", "bureau"]
    list_select_related = ["form", "bureau"]


@admin.register(Extension)
class ExtensionAdmin(ReadOnlyAdmin):
    list_display = ["task", "until", "reason", "asked_by", "granted", "answer", "decided_by"]
    list_select_related = ["task__bureau", "asked_by", "decided_by"]


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
