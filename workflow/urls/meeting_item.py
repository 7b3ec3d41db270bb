"""One case of a meeting, /udvalg/moede/<pk>/sag/<position>/: read, noted, asked about."""

from django.urls import path

from workflow.views.meeting import attachment, item

FILE = "bilag/<int:attachment>/"
urlpatterns = [
    path("", item.item, name="agenda_item"),
    path("note/", item.save_note, name="save_note"),
    path("spoerg/", item.ask, name="ask_administration"),
    path(FILE, attachment.attachment, name="item_attachment"),
    path(f"{FILE}vis/", attachment.attachment_view, name="item_attachment_view"),
    path(
        f"{FILE}side/<int:number>/",
        attachment.attachment_page,
        name="item_attachment_page",
    ),
]
