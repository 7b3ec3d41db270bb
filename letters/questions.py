"""A pool's questions on paper, before anything is begun: what stands there, and what it is kept as.

Made by a letters' worker and kept in the cache under a digest of all that stands in it: it is
never old, and the cache may be emptied at any time.
"""

import hashlib
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from pulje.forms.application.outline import outline
from pulje.models import PoolVersion, Round

KEPT_SECONDS = 30 * 24 * 60 * 60


def version_shown(slug: str, now: datetime) -> PoolVersion | None:
    """The rules in force of a pool the public may see; None when there are none."""
    versions = PoolVersion.objects.filter(
        pool__slug=slug,
        pool__is_public=True,
        pool__is_test=False,
        valid_from__lte=timezone.localdate(now),
    )
    return versions.select_related("pool").order_by("-number").first()


def facts_of(version: PoolVersion, now: datetime) -> dict[str, Any]:
    """All that stands on the paper; the same text always for the same version and round."""
    site = settings.SITE
    office, _comma, place = site["office"].partition(", ")
    round = _round(version, now)
    with translation.override(settings.LANGUAGE_CODE):
        asked = asdict(outline(version))
    return {
        "pool": f"{version.pool.name} {version.pool.year}",
        "number": f"{version.pool.name} {version.pool.year}",
        "title": "Spørgsmål og kriterier",
        "version": version.number,
        "adopted_on": version.adopted_on.isoformat(),
        "issued_at": version.created_at.isoformat(),
        "opens_at": round.opens_at.isoformat() if round else "",
        "closes_at": round.closes_at.isoformat() if round and round.closes_at else "",
        "link": f"{site['url']}/pulje/{version.pool.slug}/",
        "sender": {**site, "office": office, "place": place, "name": ""},
        **asked,
    }


def _round(version: PoolVersion, now: datetime) -> Round | None:
    """The round that is open or comes next, else the last."""
    rounds = list(version.pool.rounds.order_by("number"))
    coming = [row for row in rounds if row.closes_at is None or row.closes_at >= now]
    return next(iter(coming or rounds[-1:]), None)


def key_of(canonical: bytes, text_version: str) -> str:
    """Where the paper is kept."""
    return f"questions:{hashlib.sha256(canonical).hexdigest()}:{text_version}"
