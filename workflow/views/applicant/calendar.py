"""The calendar of own deadlines, for whoever has its secret address."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pulje.exports.calendar import Deadline, calendar_of
from pulje.models import Application, User
from pulje.queries.applicant.applicant import CONTROLLED, my_cases
from pulje.queries.grant.control import controls_of
from pulje.states import STEPS, CaseState, Verb
from pulje.templatetags.words import dato, tid
from workflow.told import Telling, telling, with_telling

S = CaseState
REPORTING = STEPS[Verb.SUBMIT_REPORT].sources
WITH_DEADLINE = {S.DRAFT, S.RETURNED, S.IN_HEARING, S.APPROVED, *REPORTING}
MOST = 200


@login_not_required
@require_safe
def calendar(request: HttpRequest, key: UUID) -> HttpResponse:
    """The file; unchanged, a calendar that asks again gets no more than that word (304)."""
    user = get_object_or_404(User, calendar_key=key, is_active=True)
    content = calendar_of(deadlines_of(user), name=_("Frister for tilskud"))
    etag = quote_etag(sha256(content).hexdigest()[:32])
    headers = {"ETag": etag, "Cache-Control": "private, max-age=3600", "X-Robots-Tag": "noindex"}
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


def deadlines_of(user: User) -> list[Deadline]:
    """What the person must do in time; a decision not told yet gives no hint."""
    cases = with_telling(my_cases(user).filter(state__in=sorted(WITH_DEADLINE)))
    rows = cases.order_by("pk")[:MOST]
    told = [case for case in rows if telling(case) == Telling.TOLD]
    found = [(case, deadline) for case in told if (deadline := _deadline(case)) is not None]
    doubled = Counter(deadline.title for _case, deadline in found)
    return [
        replace(deadline, title=_told_apart(case, deadline.title))
        if doubled[deadline.title] > 1
        else deadline
        for case, deadline in found
    ] + _controls(user)


def _told_apart(case: Application, title: str) -> str:
    """Two drafts for one pool: by their day, since the file tells nothing that somebody wrote."""
    return _("%(title)s, kladden fra %(when)s") % {
        "title": title,
        "when": f"{dato(case.created_at)} {tid(case.created_at)}",
    }


def _controls(user: User) -> list[Deadline]:
    """The vouchers we have asked to see, until some have come or the deadline has passed."""
    cases = my_cases(user).filter(state__in=sorted(CONTROLLED))
    return [
        Deadline(
            uid=_uid(found.case, f"control-{found.number}"),
            when=found.due_on,
            title=_title(_("Bilag til stikprøve"), found.case),
            url=settings.SITE["url"] + reverse("applicant:case", args=[found.case.pk]),
            known_at=found.asked_at.astimezone(UTC),
        )
        for found in controls_of(cases)
        if found.waits
    ][:MOST]


def _deadline(case: Application) -> Deadline | None:
    is_draft = case.state == S.DRAFT
    when = case.round.closes_at if is_draft else case.due_on
    if when is None:
        return None
    page = "applicant:report" if case.state in REPORTING else "applicant:case"
    return Deadline(
        uid=_uid(case, _kind(case)),
        when=_moment(when),
        title=_title(_what(case), case),
        url=settings.SITE["url"] + reverse(page, args=[case.pk]),
        known_at=(case.state_since or case.created_at).astimezone(UTC),
    )


def _uid(case: Application, kind: str) -> str:
    return f"{case.pk}-{kind}@{urlsplit(settings.SITE['url']).hostname}"


def _title(what: str, case: Application) -> str:
    number = f", {case.number}" if case.number else ""
    return f"{what}: {case.pool.name} {case.pool.year}{number}"


def _moment(when: date) -> date:
    return when.astimezone(UTC) if isinstance(when, datetime) else when


def _kind(case: Application) -> str:
    """A report keeps its entry while the money is paid."""
    return "report" if case.state in REPORTING else case.state.lower()


def _what(case: Application) -> str:
    if case.state in REPORTING:
        return _("Rapport")
    return {
        S.DRAFT: _("Send ansøgningen"),
        S.RETURNED: _("Svar på det, vi mangler"),
        S.IN_HEARING: _("Svar på partshøring"),
        S.APPROVED: _("Svar på tilskuddet"),
    }[CaseState(case.state)]
