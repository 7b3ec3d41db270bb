"""The committees' meetings for everybody: when, the agenda, what was decided, and feeds of both."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html_join
from django.utils.http import parse_http_date_safe, quote_etag
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from pulje.enums import PacketFormat, PacketKind
from pulje.exports.meetings import Gathering, meetings_calendar
from pulje.models import Committee
from pulje.queries.meeting.public_decisions import (
    MinutesInShort,
    PointInShort,
    decided_cases,
    minutes_in_short,
)
from pulje.queries.meeting.public_meetings import (
    PublicMeeting,
    committees_that_meet,
    decided_at_meetings,
    file_of,
    meetings_of,
    paper_of,
    public_meeting,
    public_meetings,
    shown,
    years_of_meetings,
)
from pulje.templatetags.words import dato_aar, kr_text

KINDS = {"dagsorden": PacketKind.AGENDA, "referat": PacketKind.MINUTES}
FORMATS = {
    "pdf": (PacketFormat.PDF, "application/pdf"),
    "docx": (
        PacketFormat.DOCX,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}
MINUTES, HOUR = 120, 3600
IN_FEED, PER_PAGE = 30, 12
IN_CALENDAR = timedelta(days=400)
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)  # when a feed without entries was last changed


class Entry(NamedTuple):
    """One meeting in the feed of decisions, with what came of it in short."""

    about: PublicMeeting
    minutes: MinutesInShort


@login_not_required
@require_safe
@cache_control(private=True, max_age=MINUTES)
def index(request: HttpRequest) -> HttpResponse:
    """Meetings to come and those that are over, of every committee or of one, in a year or all."""
    committees, years = committees_that_meet(), years_of_meetings()
    slugs, asked = [committee.slug for committee in committees], request.GET.get("aar", "")
    slug = next((slug for slug in slugs if slug == request.GET.get("udvalg")), "")
    year = next((year for year in years if str(year) == asked), None)
    coming, over = public_meetings(timezone.now(), committee=slug, year=year)
    page = Paginator(over, PER_PAGE).get_page(request.GET.get("side"))
    context = {
        "coming": shown(coming),
        "over": shown(page),
        "page": page,
        "committees": committees,
        "years": years,
        "slug": slug,
        "year": year,
        "may_filter": bool(slug or year or page.has_other_pages()),
    }
    return render(request, "public/meetings.html", context)


@login_not_required
@require_safe
@cache_control(private=True, max_age=MINUTES)
def meeting(request: HttpRequest, slug: str, day: str) -> HttpResponse:
    """One meeting: what was decided once the minutes are approved, before that the agenda."""
    about = _meeting_or_404(slug, day)
    wants_agenda = request.GET.get("vis") == "dagsorden" or not about.has_decisions
    kind = PacketKind.AGENDA if wants_agenda else PacketKind.MINUTES
    found = paper_of(about, kind)
    context = {
        "shown": about,
        "meeting": about.meeting,
        "committee": about.meeting.committee,
        "paper": found.paper if found else None,
        "files": found.files if found else [],
        "decided": decided_cases(about.meeting, found.paper) if found and not wants_agenda else [],
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
    response = HttpResponse(bytes(found.content), content_type=content_type)
    response["Content-Disposition"] = f'inline; filename="{slug}-{day}-{kind}.{suffix}"'
    return _kept(request, response, found.sha256)


@login_not_required
@require_safe
def meetings_ics(request: HttpRequest, slug: str) -> HttpResponse:
    """A committee's meetings for one's own calendar."""
    committee = get_object_or_404(Committee, slug=slug)
    with override("da"):
        rows = meetings_of(committee, timezone.now() - IN_CALENDAR)
        name = f"Møder i {committee.name}"
        content = meetings_calendar([_gathering(one) for one in rows], name=name)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    return _kept(request, response, sha256(content).hexdigest())


class SteadyFeed(Atom1Feed):
    """One without entries does not say that it was changed just now."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else BEGUN


class DecisionsFeed(Feed):
    """What a committee has decided, meeting by meeting; no applicant is named in it."""

    feed_type = SteadyFeed
    language = "da"

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with override("da"):
            response = super().__call__(request, *args, **kwargs)
        return _kept(request, response, sha256(response.content).hexdigest())

    def get_object(self, request: HttpRequest, slug: str) -> Committee:
        return get_object_or_404(Committee, slug=slug)

    def title(self, committee: Committee) -> str:
        return f"Beslutninger i {committee.name}"

    def author_name(self, committee: Committee) -> str:
        return str(committee.name)

    def link(self, committee: Committee) -> str:
        return absolute(reverse("pulje:meetings"))

    def feed_url(self, committee: Committee) -> str:
        return absolute(reverse("pulje:decisions_feed", args=[committee.slug]))

    def feed_guid(self, committee: Committee) -> str:
        return f"tag:{host()},2026:udvalg-{committee.pk}-beslutninger"

    def items(self, committee: Committee) -> list[Entry]:
        rows = decided_at_meetings(committee, IN_FEED)
        minutes = minutes_in_short([one.meeting for one in rows])
        return [Entry(one, minutes[one.meeting.pk]) for one in rows]

    def item_title(self, item: Entry) -> str:
        meeting = item.about.meeting
        return f"{meeting.committee.name} {dato_aar(meeting.held_at)}: referat godkendt"

    def item_description(self, item: Entry) -> str:
        """HTML, as the feed says it is."""
        told = [(in_short(point),) for point in item.minutes.points]
        none = [("Udvalget besluttede ingen ansøgninger for åbne døre.",)]
        return format_html_join("\n", "<p>{}</p>", told or none)

    def item_link(self, item: Entry) -> str:
        return absolute(_path(item.about))

    def item_guid(self, item: Entry) -> str:
        return f"tag:{host()},2026:moede-{item.about.meeting.pk}"

    def item_pubdate(self, item: Entry) -> datetime | None:
        return item.about.meeting.minutes_approved_at

    def item_updateddate(self, item: Entry) -> datetime:
        """When the minutes were approved, or written anew since."""
        approved_at = item.about.meeting.minutes_approved_at
        return max(filter(None, [approved_at, item.minutes.changed_at]))


def in_short(point: PointInShort) -> str:
    """Such as "3. Kulturpuljen 2027: 5 fik i alt 120.000 kr., 2 fik afslag"."""
    told = [f"{point.granted} fik i alt {kr_text(point.granted_kr)}"] if point.granted else []
    told += [f"{point.refused} fik afslag"] if point.refused else []
    told += [f"{point.waiting} blev ikke afgjort"] if point.waiting else []
    return f"{point.title}: {', '.join(told) or 'ingen ansøgninger'}"


decisions_feed = login_not_required(require_safe(DecisionsFeed()))


def absolute(path: str) -> str:
    """The address as other systems must know it."""
    return f"{settings.SITE['url']}{path}"


def host() -> str:
    return str(urlsplit(settings.SITE["url"]).hostname)


def _meeting_or_404(slug: str, address: str) -> PublicMeeting:
    about = public_meeting(slug, address)
    if about is None:
        raise Http404
    return about


def _path(about: PublicMeeting) -> str:
    return reverse("pulje:meeting", args=[about.meeting.committee.slug, about.meeting.address])


def _gathering(about: PublicMeeting) -> Gathering:
    meeting = about.meeting
    return Gathering(
        uid=f"moede-{meeting.pk}@{host()}",
        held_at=meeting.held_at,
        revised_at=meeting.revised_at,
        revision=meeting.revision,
        title=f"Møde i {meeting.committee.name}",
        place=meeting.place or meeting.committee.place,
        url=absolute(_path(about)),
        is_cancelled=about.is_cancelled,
    )


def _kept(request: HttpRequest, response: HttpResponse, digest: str) -> HttpResponse:
    """Anybody's to keep for an hour; who has it already is told so (304) instead of sent it."""
    etag = quote_etag(digest[:32])
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=HOUR)
    changed_at = parse_http_date_safe(response.get("Last-Modified", ""))
    return cast(HttpResponse, get_conditional_response(request, etag, changed_at, response))
