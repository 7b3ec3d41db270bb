"""Pages of this package."""

from django.urls import include, path

from letters import views

pages = [
    path("brev/", views.letters, name="all"),
    path("brev/godkend/", views.approve, name="approve"),
    path("brev/ansoegning/<int:pk>/", views.application_pdf, name="application_pdf"),
    path("brev/mail/<uuid:uuid>/igen/", views.retry_mail, name="retry_mail"),
    path("brev/<uuid:uuid>/", views.pdf, name="pdf"),
    path("brev/<uuid:uuid>/igen/", views.retry, name="retry"),
    path("pulje/<slug:slug>/spoergsmaal.pdf", views.questions_pdf, name="questions_pdf"),
]
urlpatterns = [path("", include((pages, "letters")))]
