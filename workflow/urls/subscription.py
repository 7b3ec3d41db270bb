"""A mail when a pool opens: beside the pool's page, and the mailed links."""

from django.urls import path

from workflow.views import mail_off, subscription

app_name = "subscription"
urlpatterns = [
    path("pulje/<slug:slug>/besked/", subscription.tell_me, name="tell_me"),
    path("pulje/<slug:slug>/besked/sendt/", subscription.asked, name="asked"),
    path("abonnement/<str:token>/", subscription.confirm, name="confirm_subscription"),
    path("abonnement/<str:token>/afmeld/", subscription.end, name="end_subscription"),
    path("afmeld/<slug:what>/<str:token>/", mail_off.end, name="end_mails"),
]
