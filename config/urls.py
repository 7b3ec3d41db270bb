"""Mounts the rooms; each package names its own pages by audience."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from config import health
from pulje.admin import site as admin_site

handler400 = "pulje.views.too_much.bad_request"
urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health.alive, name="health"),
    path("health/ready", health.ready, name="health-ready"),
    path("sprog/", login_not_required(set_language), name="set_language"),
    path("admin/", admin_site.urls),
    path("", include("workflow.urls")),
    path("", include("letters.urls")),
    path("", include("pulje.urls")),
]

if settings.DEMO:
    urlpatterns.append(path("demo/mail/", include("config.demo_mail")))
    urlpatterns.append(path("demo/digital-post/", include("config.demo_digital_post")))
