"""What everybody can read without logging in."""

from decimal import Decimal

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst

from pulje.enums import ApplicantKind
from pulje.queries.public import PublicPool, public_pool, public_pools, supported_examples

MANY = {
    ApplicantKind.ASSOCIATION: "foreninger",
    ApplicantKind.INFORMAL_GROUP: "netværk",
    ApplicantKind.INDIVIDUAL: "enkeltpersoner",
    ApplicantKind.SELF_GOVERNING_INSTITUTION: "selvejende institutioner",
    ApplicantKind.MUNICIPAL_INSTITUTION: "kommunale institutioner",
}
APPLY = "/ansoeg/ny/"  # the form lives in workflow, which this package does not know
# who looks for a pool on the front page
SEEKERS = (ApplicantKind.ASSOCIATION, ApplicantKind.INFORMAL_GROUP, ApplicantKind.INDIVIDUAL)


@login_not_required
def front(request: HttpRequest) -> HttpResponse:
    """The pools one can apply to now, those that come, and what earlier ones made possible."""
    who = request.GET.get("hvem", "")
    pools = [
        shown
        for shown in public_pools(timezone.now())
        if not who or who in shown.version.applicant_kinds
    ]
    context = {
        "open": [card(shown) for shown in pools if shown.state == "open"],
        "others": [card(shown) for shown in pools if shown.state != "open"],
        "examples": supported_examples(),
        "seekers": [(kind.value, kind.label) for kind in SEEKERS],
        "who": who,
    }
    return render(request, "public/front.html", context)


@login_not_required
def pool(request: HttpRequest, slug: str) -> HttpResponse:
    """One pool: purpose, the criteria exactly as they are scored, money and what happens next."""
    shown = public_pool(slug, timezone.now())
    if shown is None:
        raise Http404
    context = card(shown) | {
        "criteria": shown.version.criteria.order_by("position"),
        "supported": shown.version.supported.splitlines(),
        "not_supported": shown.version.not_supported.splitlines(),
        "examples": supported_examples(shown.pool.code),
        "granted_kr": shown.frame_kr - shown.remaining_kr,
    }
    return render(request, "public/pool.html", context)


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


def card(shown: PublicPool) -> dict[str, object]:
    """What both pages show of a pool."""
    frame, left = shown.frame_kr, max(shown.remaining_kr, Decimal(0))
    return {
        "shown": shown,
        "pool": shown.pool,
        "version": shown.version,
        "round": shown.round,
        "apply_url": f"{APPLY}{shown.pool.slug}/",
        "who_may": in_words(shown.version.applicant_kinds),
        "left_percent": f"{left / frame * 100:.0f}" if frame else "0",
    }


def in_words(kinds: list[str]) -> str:
    """The kinds in one sentence: "Foreninger, netværk og enkeltpersoner"."""
    words = [many for kind, many in MANY.items() if kind in kinds]
    if len(words) == len(MANY):
        return "Alle"
    return capfirst(" og ".join(filter(None, [", ".join(words[:-1]), *words[-1:]])))
