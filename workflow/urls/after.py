"""The end of a meeting, /udvalg/moede/<pk>/: closed, corrected, its minutes approved."""

from django.urls import path

from workflow.views.meeting import after

urlpatterns = [
    path("luk/", after.close, name="close_meeting"),
    path("ret/<int:position>/", after.correct, name="correct_ruling"),
    path("godkend-referat/", after.approve, name="approve_minutes"),
]
