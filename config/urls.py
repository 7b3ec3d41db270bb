"""Mounts the rooms; each package names its own pages by audience."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from config import health
from pulje.admin import site as admin_site

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health.alive, name="health"),
    path("health/ready", health.ready, name="health-ready"),
    path("admin/", admin_site.urls),
    path("", include("workflow.urls")),
    path("", include("letters.urls")),
    path("", include("pulje.urls")),
]

if settings.DEMO:
    urlpatterns.append(path("demo/mail/", include("config.demo_mail")))
