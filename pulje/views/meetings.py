"""The committees' meetings for everybody: when, the agenda, what was decided, and feeds of both."""

from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from pulje.enums import PacketFormat, PacketKind
from pulje.exports.meetings import Gathering, meetings_calendar
from pulje.models import Committee
from pulje.queries.public_meetings import (
    PublicMeeting,
    decided_at_meetings,
    decided_points,
    file_of,
    meetings_of,
    paper_of,
    public_meeting,
    public_meetings,
)
from pulje.templatetags.words import dato_aar

KINDS = {"dagsorden": PacketKind.AGENDA, "referat": PacketKind.MINUTES}
FORMATS = {
    "pdf": (PacketFormat.PDF, "application/pdf"),
    "docx": (
        PacketFormat.DOCX,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}
MINUTES, HOUR = 120, 3600
IN_FEED = 30


class Entry(NamedTuple):
    """One meeting in the feed of decisions, with the titles of its points."""

    shown: PublicMeeting
    points: list[str]


@login_not_required
@require_safe
@cache_control(private=True, max_age=MINUTES)
def index(request: HttpRequest) -> HttpResponse:
    """Meetings to come and meetings held, of every committee."""
    coming, held = public_meetings(timezone.now())
    committees = {one.meeting.committee_id: one.meeting.committee for one in [*coming, *held]}
    context = {
        "coming": coming,
        "held": held,
        "committees": sorted(committees.values(), key=lambda committee: committee.name),
    }
    return render(request, "public/meetings.html", context)


@login_not_required
@require_safe
@cache_control(private=True, max_age=MINUTES)
def meeting(request: HttpRequest, slug: str, day: str) -> HttpResponse:
    """One meeting: what was decided once the minutes are approved, before that the agenda."""
    shown = _meeting_or_404(slug, day)
    wants_agenda = request.GET.get("vis") == "dagsorden" or not shown.has_decisions
    kind = PacketKind.AGENDA if wants_agenda else PacketKind.MINUTES
    found = paper_of(shown, kind)
    context = {
        "shown": shown,
        "meeting": shown.meeting,
        "committee": shown.meeting.committee,
        "paper": found.paper if found else None,
        "files": found.files if found else [],
        "is_agenda": wants_agenda,
        "name": next(name for name, its in KINDS.items() if its == kind),
    }
    return render(request, "public/meeting.html", context)


@login_not_required
@require_safe
def meeting_file(request: HttpRequest, slug: str, day: str, kind: str, suffix: str) -> HttpResponse:
    """The open agenda or minutes as a file; unchanged, it is not sent again (304)."""
    if kind not in KINDS or suffix not in FORMATS:
        raise Http404
    format, content_type = FORMATS[suffix]
    found = file_of(_meeting_or_404(slug, day), KINDS[kind], format)
    if found is None:
        raise Http404
    etag = quote_etag(found.sha256[:32])
    if _has_it(request, etag):
        return _kept(HttpResponse(status=304), etag)
    response = HttpResponse(bytes(found.content), content_type=content_type)
    response["Content-Disposition"] = f'inline; filename="{slug}-{day}-{kind}.{suffix}"'
    return _kept(response, etag)


@login_not_required
@require_safe
def meetings_ics(request: HttpRequest, slug: str) -> HttpResponse:
    """A committee's meetings for one's own calendar."""
    committee = get_object_or_404(Committee, slug=slug)
    with override("da"):
        rows = meetings_of(committee, timezone.now())
        name = f"Møder i {committee.name}"
        content = meetings_calendar([_gathering(one) for one in rows], name=name)
    etag = quote_etag(sha256(content).hexdigest()[:32])
    if _has_it(request, etag):
        return _kept(HttpResponse(status=304), etag)
    return _kept(HttpResponse(content, content_type="text/calendar; charset=utf-8"), etag)


class DecisionsFeed(Feed):
    """What a committee has decided, meeting by meeting; no applicant is named in it."""

    feed_type = Atom1Feed
    language = "da"

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with override("da"):
            response = super().__call__(request, *args, **kwargs)
        patch_cache_control(response, public=True, max_age=HOUR)
        return response

    def get_object(self, request: HttpRequest, slug: str) -> Committee:
        return get_object_or_404(Committee, slug=slug)

    def title(self, committee: Committee) -> str:
        return f"Beslutninger i {committee.name}"

    def link(self, committee: Committee) -> str:
        return absolute(reverse("pulje:meetings"))

    def feed_url(self, committee: Committee) -> str:
        return absolute(reverse("pulje:decisions_feed", args=[committee.slug]))

    def feed_guid(self, committee: Committee) -> str:
        return f"tag:{host()},2026:udvalg-{committee.pk}-beslutninger"

    def items(self, committee: Committee) -> list[Entry]:
        rows = decided_at_meetings(committee, IN_FEED)
        points = decided_points([one.meeting for one in rows])
        return [Entry(one, points.get(one.meeting.pk, [])) for one in rows]

    def item_title(self, item: Entry) -> str:
        meeting = item.shown.meeting
        return f"{meeting.committee.name} {dato_aar(meeting.held_at)}: referat godkendt"

    def item_description(self, item: Entry) -> str:
        return "\n".join(item.points)

    def item_link(self, item: Entry) -> str:
        return absolute(_path(item.shown))

    def item_guid(self, item: Entry) -> str:
        return f"tag:{host()},2026:moede-{item.shown.meeting.pk}"

    def item_pubdate(self, item: Entry) -> datetime | None:
        return item.shown.meeting.minutes_approved_at

    item_updateddate = item_pubdate


decisions_feed = login_not_required(require_safe(DecisionsFeed()))


def absolute(path: str) -> str:
    """The address as other systems must know it."""
    return f"{settings.SITE['url']}{path}"


def host() -> str:
    return str(urlsplit(settings.SITE["url"]).hostname)


def _meeting_or_404(slug: str, day: str) -> PublicMeeting:
    shown = public_meeting(slug, day)
    if shown is None:
        raise Http404
    return shown


def _path(shown: PublicMeeting) -> str:
    return reverse("pulje:meeting", args=[shown.meeting.committee.slug, shown.address])


def _gathering(shown: PublicMeeting) -> Gathering:
    meeting = shown.meeting
    return Gathering(
        uid=f"moede-{meeting.pk}@{host()}",
        held_at=meeting.held_at,
        changed_at=meeting.changed_at,
        changes=meeting.changes,
        title=f"Møde i {meeting.committee.name}",
        place=meeting.place or meeting.committee.place,
        url=absolute(_path(shown)),
        is_cancelled=shown.is_cancelled,
    )


def _has_it(request: HttpRequest, etag: str) -> bool:
    return etag in parse_etags(request.headers.get("If-None-Match", ""))


def _kept(response: HttpResponse, etag: str) -> HttpResponse:
    """Anybody's to keep for an hour: it is the same for everybody."""
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=HOUR)
    return response
