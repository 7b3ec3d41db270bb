"""One case of a meeting, /udvalg/moede/<pk>/sag/<position>/: read, noted, asked about."""

from django.urls import path

from workflow.views import meeting_item

urlpatterns = [
    path("", meeting_item.item, name="agenda_item"),
]
