"""Pages of this package."""

from django.urls import include, path

from letters import views, views_archive, views_verify

pages = [
    path("brev/", views.letters, name="all"),
    path("brev/godkend/", views.approve, name="approve"),
    path("brev/ansoegning/<int:pk>/", views.application_pdf, name="application_pdf"),
    path("brev/mail/<uuid:uuid>/igen/", views.retry_mail, name="retry_mail"),
    path("brev/sag/<int:pk>/aflever/", views_archive.ask, name="export_case"),
    path("brev/sag/<int:pk>/zip/", views_archive.download, name="download_case"),
    path("brev/aflevering/<uuid:uuid>/igen/", views_archive.retry, name="retry_export"),
    path("brev/tjek/", views_verify.verify, name="verify"),
    path("brev/<uuid:uuid>/", views.pdf, name="pdf"),
    path("brev/<uuid:uuid>/igen/", views.retry, name="retry"),
    path("pulje/<slug:slug>/spoergsmaal.pdf", views.questions_pdf, name="questions_pdf"),
]
urlpatterns = [path("", include((pages, "letters")))]
