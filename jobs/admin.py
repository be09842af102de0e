from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from jobs.models import Job


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["id", "kind", "state", "done", "total", "attempts", "created_at", "finished_at", "error"]
    list_filter = ["state", "kind"]
