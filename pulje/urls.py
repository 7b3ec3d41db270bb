"""Pages of this package."""

from django.urls import URLPattern, URLResolver, path

from pulje.views import account, meetings, public, selfcheck

app_name = "pulje"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", public.front, name="front"),
    path("pulje/<slug:slug>/", public.pool, name="pool"),
    path("pulje/<slug:slug>/spoergsmaal/", public.questions, name="questions"),
    path("pulje/<slug:slug>/kan-i-soege/", selfcheck.selfcheck, name="selfcheck"),
    path("det-har-vi-stoettet/", public.supported, name="supported"),
    path("moeder/", meetings.index, name="meetings"),
    path("moeder/<slug:slug>.ics", meetings.meetings_ics, name="meetings_ics"),
    path("moeder/<slug:slug>/beslutninger.atom", meetings.decisions_feed, name="decisions_feed"),
    path("moeder/<slug:slug>/<slug:day>/", meetings.meeting, name="meeting"),
    path(
        "moeder/<slug:slug>/<slug:day>/<slug:kind>.<slug:suffix>",
        meetings.meeting_file,
        name="meeting_file",
    ),
    path("tilgaengelighed/", public.accessibility, name="accessibility"),
    path("persondata/", public.privacy, name="privacy"),
    path("kildekode/", public.source, name="source"),
    path("log-ind/", account.log_in, name="log_in"),
    path("log-ind/demo/", account.demo_log_in, name="demo_log_in"),
    path("log-ind/mitid/", account.identity_begin, name="identity_begin"),
    path("log-ind/mitid/retur/", account.identity_return, name="identity_return"),
    path("log-ind/mitid/demo/", account.demo_identity, name="demo_identity"),
    path("log-af/", account.log_out, name="log_out"),
    path("hjem/", account.home, name="home"),
]
