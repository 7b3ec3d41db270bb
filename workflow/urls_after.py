"""The end of a meeting, /udvalg/moede/<pk>/: closed, corrected, its minutes approved."""

from django.urls import path

from workflow.views import meeting_after

urlpatterns = [
    path("luk/", meeting_after.close, name="close_meeting"),
    path("ret/<int:position>/", meeting_after.correct, name="correct_ruling"),
    path("godkend-referat/", meeting_after.approve, name="approve_minutes"),
]
