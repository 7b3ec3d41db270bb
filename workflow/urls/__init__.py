"""Pages of this package, by audience."""

from django.urls import URLPattern, URLResolver, include, path

from workflow.views import links
from workflow.views.applicant import calendar, draft_sign

urlpatterns: list[URLPattern | URLResolver] = [
    path("kalender/<uuid:key>.ics", calendar.calendar, name="calendar"),
    path("ansoeg/", include("workflow.urls.applicant")),
    path("start/", include("workflow.urls.start")),
    path("underskrift/<str:token>/", draft_sign.sign, name="sign"),
    path("invitation/<str:token>/", links.invitation, name="invitation"),
    path("samarbejde/<str:token>/", links.leader, name="leader"),
    path("samtykke/<str:token>/", links.guardian, name="guardian"),
    path("", include("workflow.urls.subscription")),
    path("", include("workflow.urls.staff")),
]
