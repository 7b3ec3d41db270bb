"""Where a meeting is prepared, under its address."""

from django.urls import path

from workflow.views import meeting_prepare

urlpatterns = [
    path("forbered/", meeting_prepare.prepare, name="prepare_meeting"),
    path("forbered/punkt/<int:point>/", meeting_prepare.prepare_point, name="prepare_point"),
    path("forbered/sag/<int:case>/", meeting_prepare.prepare_item, name="prepare_item"),
    path("laas/", meeting_prepare.lock, name="lock_agenda"),
]
