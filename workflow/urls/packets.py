"""A meeting's agenda and minutes, /udvalg/moede/<pk>/: pages, versions, files."""

from django.urls import path

from workflow.views.meeting import packet_file, packets

urlpatterns = [
    path("pakker/", packets.packets, name="packets"),
    path("pakker/ny/", packets.make_packet, name="make_packet"),
    path("pakke/<int:packet>/<slug:side>.<slug:kind>", packet_file.packet_file, name="packet_file"),
    path("pakke/<int:packet>/", packet_file.packet_progress, name="packet_progress"),
    path("pakke/<int:packet>/igen/", packet_file.retry_packet, name="retry_packet"),
    path("dagsorden/", packets.packet, name="packet"),
    path("dagsorden/<int:number>/", packets.packet, name="packet"),
    path("referat/", packets.minutes, name="minutes"),
    path("referat/<int:number>/", packets.minutes, name="minutes"),
]
