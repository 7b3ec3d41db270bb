"""Pages of this package, by audience."""

from django.urls import URLPattern, URLResolver, include, path

from workflow.views import calendar, draft_sign, links

urlpatterns: list[URLPattern | URLResolver] = [
    path("kalender/<uuid:key>.ics", calendar.calendar, name="calendar"),
    path("ansoeg/", include("workflow.urls_applicant")),
    path("start/", include("workflow.urls_start")),
    path("underskrift/<str:token>/", draft_sign.sign, name="sign"),
    path("invitation/<str:token>/", links.invitation, name="invitation"),
    path("samarbejde/<str:token>/", links.leader, name="leader"),
    path("samtykke/<str:token>/", links.guardian, name="guardian"),
    path("", include("workflow.urls_subscription")),
    path("", include("workflow.urls_staff")),
]
