"""A meeting while it is held, /udvalg/moede/<pk>/: its table, and what is recorded."""

from django.urls import path

from workflow.views.meeting import rule, table

urlpatterns = [
    path("", table.meeting, name="meeting"),
    path("tavle/", table.board, name="board"),
    path("foelg/", rule.follow, name="follow"),
    path("forhoej/", rule.raise_frame, name="raise_frame"),
    path("sag/<int:position>/beslut/", rule.rule, name="rule"),
    path("tag/<int:position>/", rule.take, name="take"),
]
