"""The administrator's pages: reference data is edited, what has happened can only be read.

Pools have pages of their own (/sag/puljer/), where the rules are checked.

A site of our own, so that nothing a library registers (viewflow's tasks, log-in attempts) is shown.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.views import redirect_to_login
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied
from django.db.models import Field, Model
from django.http import HttpRequest, HttpResponse

from pulje import models
from pulje.enums import Role

STORED_ROLES = [(role, role.label) for role in Role if role not in (Role.APPLICANT, Role.SYSTEM)]
CHOICES: dict[str, Any] = {"roles": STORED_ROLES}


class Site(admin.AdminSite):
    """For administrators; everybody logs in on the same page."""

    site_header = site_title = "Puljer – administration"
    index_title = "Grunddata"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return user.is_active and Role.ADMINISTRATOR in getattr(user, "roles", ())

    def login(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", request.path), settings.LOGIN_URL)


Site.login = login_not_required(Site.login)  # type: ignore[method-assign]
site = Site()


class ReferenceData(admin.ModelAdmin):
    """Added and changed by administrators, never deleted: cases point at it."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        if not isinstance(db_field, ArrayField):
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return forms.MultipleChoiceField(
            label=db_field.verbose_name,
            choices=CHOICES[db_field.name],
            required=not db_field.blank,
            widget=forms.CheckboxSelectMultiple,
        )


class WhatHappened(ReferenceData):
    """Written by actions only."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(models.Committee, models.CommitteeMember, site=site)
class PlainAdmin(ReferenceData):
    ordering = ("-pk",)


class NewPersonForm(AdminUserCreationForm):
    class Meta:
        model = models.User
        fields = ("email", "name")


class PersonForm(UserChangeForm):
    class Meta:
        model = models.User
        fields = ("email", "name")


@admin.register(models.User, site=site)
class PersonAdmin(ReferenceData, UserAdmin):
    """People are deactivated, never deleted: the journal points at them."""

    form, add_form = PersonForm, NewPersonForm
    list_display = ("name", "email", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "email")
    ordering = ("name", "pk")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "name", "title", "phone", "password")}),
        ("Roller", {"fields": ("roles", "is_active")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "roles", "usable_password", "password1", "password2")}),
    )


@admin.register(models.AppealGuidance, site=site)
class AppealGuidanceAdmin(WhatHappened):
    ordering = ("-pk",)


@admin.register(models.Application, site=site)
class ApplicationAdmin(WhatHappened):
    list_display = ("number", "title", "state", "pool")
    list_select_related = ("pool",)
    list_filter = ("state",)
    search_fields = ("=number",)
    show_full_result_count = False
    ordering = ("-pk",)


@admin.register(models.JournalEntry, models.LedgerEntry, site=site)
class RecordAdmin(WhatHappened):
    list_display = ("__str__", "at", "by")
    list_select_related = ("by",)
    show_full_result_count = False
    ordering = ("-pk",)
