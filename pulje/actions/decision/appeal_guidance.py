"""The appeal guidance of a legal basis: written by one, approved by another, then frozen.

Source: forvaltningsloven § 25 (guidance on how to appeal, where there is somebody to appeal to).
"""

from datetime import datetime

from django.db import transaction

from pulje.enums import LegalBasis
from pulje.errors import RuleBroken, WrongState
from pulje.models import AppealGuidance, User
from pulje.permissions import check_other
from pulje.rules.texts import fingerprint, says_nothing

# whether decisions by this law can be appealed is for the municipality's own lawyer to say
NEEDS_LAWYER = frozenset({LegalBasis.SEL18})
GONE = "Klagevejledningen er godkendt eller afløst i mellemtiden. Genindlæs siden."
CHANGED = "Teksten er ændret, siden du åbnede siden. Læs den igen, og godkend den så."


class LawyerMissing(RuleBroken):
    """Nobody has said that the municipality's lawyer approved the text."""


@transaction.atomic
def write(
    basis: LegalBasis, *, by: User, at: datetime, text: str, note: str = ""
) -> AppealGuidance:
    """Give the draft of the legal basis: one's own changed, or the next version.

    Nobody's draft is overwritten by another. Raises RuleBroken for a text that says nothing or
    what the newest version says already.
    """
    check_other(by, "write_text")
    if says_nothing(text):
        raise RuleBroken("Skriv klagevejledningen.")
    rows = AppealGuidance.objects.filter(legal_basis=basis)
    list(rows.order_by("pk").select_for_update())  # one at a time; the newest is read after it
    newest = rows.order_by("-version").first()
    is_own = newest is not None and newest.approved_at is None and newest.written_by == by
    if newest is not None and newest.text == text and not is_own:
        raise RuleBroken(f"Teksten er den samme som i version {newest.version}.")
    draft = newest if newest is not None and is_own else AppealGuidance(legal_basis=basis)
    draft.version = draft.version or (newest.version if newest else 0) + 1
    draft.text, draft.note = text, note
    draft.written_by, draft.written_at = by, at
    draft.save()
    return draft


def read_of(guidance: AppealGuidance) -> str:
    """The fingerprint of what one approves."""
    return fingerprint(guidance.pk, guidance.text)


@transaction.atomic
def approve(
    guidance: AppealGuidance, *, by: User, at: datetime, read: str, legal_review: str = ""
) -> AppealGuidance:
    """Take the newest version into use: letters rendered from now on carry it.

    ``read``: ``read_of`` the text as the one who approves was shown it.
    ``legal_review``: which lawyer approved it, and when; demanded where NEEDS_LAWYER says so.
    Raises RuleBroken for one's own text and one that was changed since, LawyerMissing, and
    WrongState for a text that is approved already or that a newer one replaces.
    """
    check_other(by, "approve_text")
    rows = AppealGuidance.objects.filter(legal_basis=guidance.legal_basis)
    locked = rows.select_for_update(of=("self",)).get(pk=guidance.pk)
    if locked.approved_at is not None or rows.filter(version__gt=locked.version).exists():
        raise WrongState(GONE)
    if locked.written_by == by:
        raise RuleBroken("Du har selv skrevet teksten. En kollega skal godkende den.")
    if read != read_of(locked):
        raise RuleBroken(CHANGED)
    if locked.legal_basis in NEEDS_LAWYER and says_nothing(legal_review):
        raise LawyerMissing("Skriv, hvilken jurist der har godkendt teksten, og hvornår.")
    locked.approved_by, locked.approved_at = by, at
    locked.legal_review = legal_review
    locked.save()
    return locked
