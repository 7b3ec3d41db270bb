"""One case of a meeting, /udvalg/moede/<pk>/sag/<position>/: read, noted, asked about."""

from django.urls import path

from workflow.views import meeting_attachment, meeting_item

FILE = "bilag/<int:attachment>/"
urlpatterns = [
    path("", meeting_item.item, name="agenda_item"),
    path("note/", meeting_item.save_note, name="save_note"),
    path("spoerg/", meeting_item.ask, name="ask_administration"),
    path(FILE, meeting_attachment.attachment, name="item_attachment"),
    path(f"{FILE}vis/", meeting_attachment.attachment_view, name="item_attachment_view"),
    path(
        f"{FILE}side/<int:number>/",
        meeting_attachment.attachment_page,
        name="item_attachment_page",
    ),
]
