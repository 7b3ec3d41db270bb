"""The way in without a log-in, mounted at /start/."""

from django.urls import path

from workflow.views import start

app_name = "start"
urlpatterns = [
    path("", start.begin, name="begin"),
    path("sendt/", start.sent, name="sent"),
    path("e-mail/", start.ask_for_mail, name="ask_for_mail"),
    path("<str:token>/", start.link, name="link"),
]
