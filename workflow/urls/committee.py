"""Pages that set a committee up, under /udvalg/udvalg/."""

from django.urls import path

from workflow.views.meeting import committee

urlpatterns = [
    path("", committee.show_all, name="committees"),
    path("nyt/", committee.new, name="new_committee"),
    path("<slug:slug>/", committee.show, name="committee"),
    path("<slug:slug>/ret/", committee.change, name="change_committee"),
    path("<slug:slug>/plads/", committee.new_seat, name="new_seat"),
    path("<slug:slug>/plads/<int:pk>/", committee.end_seat, name="end_seat"),
    path("<slug:slug>/overskrifter/", committee.headings, name="headings"),
]
