"""What everybody can read without logging in."""

from collections.abc import Sequence
from decimal import Decimal

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from pulje.enums import ApplicantKind
from pulje.forms.application.outline import outline
from pulje.forms.application.selfcheck import SelfCheckForm
from pulje.queries.pool.public import (
    CLOSED,
    OPEN,
    SOON,
    PublicPool,
    current,
    known_pools,
    public_pool,
)
from pulje.queries.pool.support import support_in, support_years, voices

MANY = {
    ApplicantKind.ASSOCIATION: N_("foreninger"),
    ApplicantKind.INFORMAL_GROUP: N_("netværk"),
    ApplicantKind.INDIVIDUAL: N_("enkeltpersoner"),
    ApplicantKind.SELF_GOVERNING_INSTITUTION: N_("selvejende institutioner"),
    ApplicantKind.MUNICIPAL_INSTITUTION: N_("kommunale institutioner"),
}
APPLY = "/ansoeg/ny/"  # the form and the mails live in packages that this one does not know
TELL_ME = "besked/"
ON_PAPER = "spoergsmaal.pdf"
# who looks for a pool on the front page
SEEKERS = (ApplicantKind.ASSOCIATION, ApplicantKind.INFORMAL_GROUP, ApplicantKind.INDIVIDUAL)
FRONT_VOICES, POOL_VOICES, ALL_VOICES = 3, 3, 24


@login_not_required
def front(request: HttpRequest) -> HttpResponse:
    """The pools one can apply to now, those that come, and what earlier ones made possible."""
    known = known_pools(timezone.now())
    pools = current(known)
    who, text = request.GET.get("hvem", ""), request.GET.get("q", "").strip()[:100]
    who = who if who in ApplicantKind else ""
    found = [shown for shown in pools if _fits(shown, who, text)]
    years = support_years(known)
    context = {
        state: [card(shown) for shown in found if shown.state == state]
        for state in (OPEN, SOON, CLOSED)
    } | {
        "is_filtered": bool(who or text),
        "found": len(found),
        "next": next((card(shown) for shown in pools if shown.state == SOON), None),
        "seekers": [(kind.value, kind.label) for kind in SEEKERS],
        "who": who,
        "text": text,
        "support": support_in(known, years[0]) if years else None,
        "voices": voices(FRONT_VOICES),
    }
    return render(request, "public/front.html", context)


@login_not_required
def pool(request: HttpRequest, slug: str) -> HttpResponse:
    """One pool: purpose, the criteria exactly as they are scored, money and what happens next."""
    return render(request, "public/pool.html", page(shown_or_404(slug)))


def page(shown: PublicPool) -> dict[str, object]:
    """What one pool's page shows."""
    about, asked = card(shown), outline(shown.version)
    return about | {
        "criteria": asked.criteria,
        "weights_differ": len({weight for _name, _question, weight in asked.criteria}) > 1,
        "ready": asked.ready,
        "budget_rules": [rule for step in asked.steps for rule in step.rules],
        "supported": _lines(shown.version.supported),
        "not_supported": _lines(shown.version.not_supported),
        "rounds": _coming_rounds(shown),
        "voices": voices(POOL_VOICES, code=shown.pool.code),
        "check": SelfCheckForm(version=shown.version, who_may=str(about["who_may"])),
        "paper_url": f"/pulje/{shown.pool.slug}/{ON_PAPER}",
    }


@login_not_required
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """All that is asked in the five steps, to be read before anything is begun."""
    shown = shown_or_404(slug)
    context = card(shown) | {
        "outline": outline(shown.version),
        "paper_url": f"/pulje/{slug}/{ON_PAPER}",
    }
    return render(request, "public/questions.html", context)


@login_not_required
def supported(request: HttpRequest) -> HttpResponse:
    """What a year's money made possible: pools, sums and words from reports."""
    known = known_pools(timezone.now())
    years = support_years(known)
    asked = request.GET.get("aar", "")
    year = next((year for year in years if str(year) == asked), years[0] if years else None)
    context = {
        "years": years,
        "year": year,
        "support": support_in(known, year) if year else None,
        "voices": voices(ALL_VOICES, year=year) if year else [],
    }
    return render(request, "public/supported.html", context)


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "public/accessibility.html")


@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "public/privacy.html")


@login_not_required
def source(request: HttpRequest) -> HttpResponse:
    """How to get the source where SOURCE_URL names no other address (AGPL section 13)."""
    return render(request, "public/source.html")


def shown_or_404(slug: str) -> PublicPool:
    """The pool at this address as the public sees it now."""
    shown = public_pool(slug, timezone.now())
    if shown is None:
        raise Http404
    return shown


def card(shown: PublicPool) -> dict[str, object]:
    """What all pages show of a pool."""
    frame, left = shown.frame_kr, max(shown.remaining_kr, Decimal(0))
    return {
        "shown": shown,
        "pool": shown.pool,
        "version": shown.version,
        "round": shown.round,
        "apply_url": f"{APPLY}{shown.pool.slug}/",
        "tell_me_url": f"/pulje/{shown.pool.slug}/{TELL_ME}",
        "who_may": in_words(shown.version.applicant_kinds),
        "left_kr": left,
        "left_percent": f"{left / frame * 100:.0f}" if frame else "0",
    }


def in_words(kinds: Sequence[str]) -> str:
    """The kinds in one sentence: "Foreninger, netværk og enkeltpersoner"."""
    words = [_(many) for kind, many in MANY.items() if kind in kinds]
    if len(words) == len(MANY):
        return _("Alle")
    listed = [", ".join(words[:-1]), *words[-1:]]
    return capfirst(_(" og ").join(filter(None, listed)))


def _fits(shown: PublicPool, who: str, text: str) -> bool:
    """For whoever applies, and with every word that was searched for."""
    version = shown.version
    told = " ".join([shown.pool.name, version.purpose, version.supported]).casefold()
    return (not who or who in version.applicant_kinds) and all(
        word in told for word in text.casefold().split()
    )


def _lines(text: str) -> list[str]:
    return [line for line in map(str.strip, text.splitlines()) if line]


def _coming_rounds(shown: PublicPool) -> list[object]:
    """The rounds that close after the one shown, which the facts already tell about."""
    now = timezone.now()
    return [
        round
        for round in shown.pool.rounds.all()
        if round != shown.round and (round.closes_at is None or round.closes_at > now)
    ]
