"""A meeting's agenda and minutes, /udvalg/moede/<pk>/: pages, versions, files."""

from django.urls import path

from workflow.views import meeting_packets, packet_file

urlpatterns = [
    path("pakker/", meeting_packets.packets, name="packets"),
    path("pakker/ny/", meeting_packets.make_packet, name="make_packet"),
    path("pakke/<int:packet>/<slug:side>.<slug:kind>", packet_file.packet_file, name="packet_file"),
    path("pakke/<int:packet>/", packet_file.packet_progress, name="packet_progress"),
    path("pakke/<int:packet>/igen/", packet_file.retry_packet, name="retry_packet"),
    path("dagsorden/", meeting_packets.packet, name="packet"),
    path("dagsorden/<int:number>/", meeting_packets.packet, name="packet"),
    path("referat/", meeting_packets.minutes, name="minutes"),
    path("referat/<int:number>/", meeting_packets.minutes, name="minutes"),
]
