"""Pages of this package."""

from django.urls import include, path

from letters import views

pages = [
    path("", views.letters, name="all"),
    path("godkend/", views.approve, name="approve"),
    path("ansoegning/<int:pk>/", views.application_pdf, name="application_pdf"),
    path("mail/<uuid:uuid>/igen/", views.retry_mail, name="retry_mail"),
    path("<uuid:uuid>/", views.pdf, name="pdf"),
    path("<uuid:uuid>/igen/", views.retry, name="retry"),
]
urlpatterns = [path("brev/", include((pages, "letters")))]
