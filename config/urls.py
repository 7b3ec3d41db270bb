"""Mounts the rooms; each package names its own pages by audience (/ansoeg, /sag, /udvalg, /udbetaling, /brev)."""

from django.conf import settings
from django.urls import include, path

from config import health

urlpatterns = [
    path("health/", health.alive, name="health"),
    path("health/ready", health.ready, name="health-ready"),
    path("", include("workflow.urls")),
    path("", include("letters.urls")),
    path("", include("pulje.urls")),
]
