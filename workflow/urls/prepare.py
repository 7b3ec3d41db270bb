"""Where a meeting is prepared, under its address."""

from django.urls import path

from workflow.views.meeting import prepare

urlpatterns = [
    path("forbered/", prepare.prepare, name="prepare_meeting"),
    path("forbered/punkt/<int:point>/", prepare.prepare_point, name="prepare_point"),
    path("forbered/sag/<int:case>/", prepare.prepare_item, name="prepare_item"),
    path("laas/", prepare.lock, name="lock_agenda"),
]
