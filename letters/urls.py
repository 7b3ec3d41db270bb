"""Pages of this package."""

from django.urls import include, path

from letters.views import archive as views_archive
from letters.views import batch as views_batch
from letters.views import failed as views_failed
from letters.views import guidance as views_guidance
from letters.views import letter as views_letter
from letters.views import papers as views
from letters.views import previews as views_previews
from letters.views import read as views_read
from letters.views import texts as views_texts
from letters.views import verify as views_verify
from letters.views import writing as views_writing

pages = [
    path("brev/", views.letters, name="all"),
    path("brev/send/", views_batch.send, name="send"),
    path("brev/send/lav-igen/", views_batch.remake, name="remake_many"),
    path("brev/forsendelse/", views_batch.make, name="make_batch"),
    path("brev/forsendelse/<uuid:uuid>/", views_batch.batch, name="batch"),
    path("brev/forsendelse/<uuid:uuid>/styr/", views_batch.steer, name="steer_batch"),
    path("brev/samlet/zip/", views_batch.together, {"kind": "zip"}, name="zip"),
    path("brev/samlet/pdf/", views_batch.together, {"kind": "pdf"}, name="print_file"),
    path("brev/fejl/", views_failed.failed, name="failed"),
    path("brev/fejl/goer/", views_failed.act, name="act_on_failed"),
    path("brev/ansoegning/<int:pk>/", views.application_pdf, name="application_pdf"),
    path("brev/mail/<uuid:uuid>/igen/", views_failed.retry_mail, name="retry_mail"),
    path("brev/sag/<int:pk>/aflever/", views_archive.ask, name="export_case"),
    path("brev/sag/<int:pk>/zip/", views_archive.download, name="download_case"),
    path("brev/aflevering/<uuid:uuid>/igen/", views_archive.retry, name="retry_export"),
    path("brev/tekster/", views_texts.texts, name="texts"),
    path("brev/tekster/standard/", views_texts.approve_standard, name="approve_standard"),
    path("brev/tekster/galleri/", views_previews.gallery, name="text_gallery"),
    path("brev/tekster/klage/<slug:basis>/", views_guidance.guidance, name="guidance"),
    path(
        "brev/tekster/klage/<slug:basis>/godkend/", views_guidance.approve, name="approve_guidance"
    ),
    path(
        "brev/tekster/klage/<slug:basis>/visning/", views_guidance.preview, name="guidance_preview"
    ),
    path("brev/tekster/<slug:code>/", views_writing.text, name="text"),
    path("brev/tekster/<slug:code>/visning/", views_previews.typed, name="text_preview"),
    path("brev/tekster/<slug:code>/pdf/", views_previews.pdf, name="text_pdf"),
    path("brev/tekster/<slug:code>/billede/", views_previews.picture, name="text_picture"),
    path("brev/tekster/<slug:code>/<int:pk>/", views_texts.version, name="text_version"),
    path("brev/tekster/<slug:code>/<int:pk>/godkend/", views_texts.approve, name="approve_text"),
    path("brev/tekster/<slug:code>/<int:pk>/udloeb/", views_texts.end, name="end_text"),
    path("brev/tekster/<slug:code>/<int:pk>/slet/", views_texts.delete, name="delete_text"),
    path("brev/tjek/", views_verify.verify, name="verify"),
    path("brev/<uuid:uuid>/", views.pdf, name="pdf"),
    path("brev/<uuid:uuid>/laes/", views_read.read, name="read"),
    path("brev/<uuid:uuid>/billede/<int:number>/", views.picture, name="picture"),
    path("brev/<uuid:uuid>/igen/", views_failed.retry, name="retry"),
    path("brev/<uuid:uuid>/side/", views_letter.page, name="letter"),
    path("brev/<uuid:uuid>/side/godkend/", views_letter.approve, name="approve"),
    path("brev/<uuid:uuid>/side/lav-igen/", views_letter.remake, name="remake"),
    path("brev/<uuid:uuid>/side/ret/", views_letter.correct, name="correct"),
    path("brev/<uuid:uuid>/side/kanal/", views_letter.channel, name="channel"),
    path("pulje/<slug:slug>/spoergsmaal.pdf", views.questions_pdf, name="questions_pdf"),
]
urlpatterns = [path("", include((pages, "letters")))]
