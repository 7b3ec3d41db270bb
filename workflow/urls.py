"""Pages of this package, by audience."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("ansoeg/", include("workflow.urls_applicant")),
    path("start/", include("workflow.urls_start")),
    path("", include("workflow.urls_staff")),
]
