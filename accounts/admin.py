from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db import models
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.authtoken.models import TokenProxy

from accounts.models import Area, AuditEntry, Bureau, User, person_of

admin.site.unregister(TokenProxy)  # a token is its owner's key: nobody else reads or makes one


class AuditedAdmin(admin.ModelAdmin):
    """Whatever an administrator changes leaves an audit entry with the changed fields, before and after; nothing is deleted here."""

    def save_model(self, request: HttpRequest, obj: models.Model, form: ModelForm, change: bool) -> None:
        before = {name: str(form.initial.get(name)) for name in form.changed_data}
        super().save_model(request, obj, form, change)
        after = {name: str(form.cleaned_data.get(name)) for name in form.changed_data if "password" not in name}
        data = {name: [before[name], value] for name, value in after.items()}
        AuditEntry.objects.record(by=person_of(request), verb="change" if change else "add", about=obj, data=data)

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: BaseModelFormSet, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for verb, things in (("add", formset.new_objects), ("delete", formset.deleted_objects)):
            for thing in things:
                AuditEntry.objects.record(by=person_of(request), verb=verb, about=form.instance, data={"line": str(thing)})
        for thing, names in formset.changed_objects:
            line = {name: str(getattr(thing, name)) for name in names}
            AuditEntry.objects.record(by=person_of(request), verb="change", about=form.instance, data={"line": str(thing), **line})

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(admin.ModelAdmin):
    """For what only the system writes: look, search, filter."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(User)
class PersonAdmin(AuditedAdmin, UserAdmin):
    list_display = ["username", "display_name", "role", "bureau", "is_active", "is_demonstration"]
    list_filter = ["role", "bureau", "is_active"]
    own: ClassVar[Any] = (_("Part in qhenv"), {"fields": ["display_name", "display_name_en", "role", "bureau"]})
    fieldsets: ClassVar[Any] = [*(UserAdmin.fieldsets or ()), own]
    add_fieldsets = [*UserAdmin.add_fieldsets, own]

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002 (Django's name)
        """Who can set another's password can act as they: it never goes unseen."""
        answer = super().user_change_password(request, id, form_url)
        if request.method == "POST" and answer.status_code == 302:
            AuditEntry.objects.record(by=person_of(request), verb="set_password", about=User.objects.get(pk=id))
        return answer


@admin.register(Area)
class AreaAdmin(AuditedAdmin):
    list_display = ["code", "name_zh", "name_en", "kind", "parent", "valid_from", "valid_to"]
    list_filter = ["kind"]
    search_fields = ["code", "name_zh", "name_en"]


@admin.register(Bureau)
class BureauAdmin(AuditedAdmin):
    list_display = ["code", "name_zh", "name_en"]
    filter_horizontal = ["areas"]


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["number", "at", "actor", "role", "verb", "object_type", "object_id", "door", "address"]
    list_filter = ["verb", "door", "role"]
    search_fields = ["actor", "object_id"]
