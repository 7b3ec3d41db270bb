"""A meeting's agenda and minutes, /udvalg/moede/<pk>/: pages, versions, files."""

from django.urls import path

from workflow.views import meeting_packets

urlpatterns = [
    path("pakker/", meeting_packets.packets, name="packets"),
    path("pakker/ny/", meeting_packets.make_packet, name="make_packet"),
    path("dagsorden/", meeting_packets.packet, name="packet"),
    path("dagsorden/<int:number>/", meeting_packets.packet, name="packet"),
    path("referat/", meeting_packets.minutes, name="minutes"),
    path("referat/<int:number>/", meeting_packets.minutes, name="minutes"),
]
