"""A meeting while it is held, /udvalg/moede/<pk>/: its table, and what is recorded."""

from django.urls import path

from workflow.views import meeting_rule, meetings

urlpatterns = [
    path("", meetings.meeting, name="meeting"),
    path("tavle/", meetings.board, name="board"),
    path("foelg/", meeting_rule.follow, name="follow"),
    path("forhoej/", meeting_rule.raise_frame, name="raise_frame"),
    path("sag/<int:position>/beslut/", meeting_rule.rule, name="rule"),
    path("tag/<int:position>/", meeting_rule.take, name="take"),
]
