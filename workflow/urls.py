"""Pages of this package, by audience."""

from django.urls import URLPattern, URLResolver, include, path

from workflow.views import draft_sign

urlpatterns: list[URLPattern | URLResolver] = [
    path("ansoeg/", include("workflow.urls_applicant")),
    path("start/", include("workflow.urls_start")),
    path("underskrift/<str:token>/", draft_sign.sign, name="sign"),
    path("", include("workflow.urls_staff")),
]
