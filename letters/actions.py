"""Letters are queued in the transaction of what they tell about; a worker renders and sends them."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.db import transaction
from django.template.loader import get_template
from django.utils import timezone
from django.utils.translation import gettext as _

from letters import facts, render
from letters.delivery import channel_for
from letters.kinds import KINDS, Kind, kind_about
from letters.models import DeliveryAttempt, Letter, LetterState, Paper
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Application, JournalEntry, User
from pulje.permissions import check_not_disqualified, check_other

MAX_ATTEMPTS = 5
CLAIM_EXPIRES = timedelta(minutes=10)
TEMPLATES = Path(__file__).parent / "templates" / "letters"


def queue_for_entry(entry: JournalEntry) -> list[Letter]:
    """Queue the letter that tells about this entry, once; most entries have none."""
    return queue_many([entry])


def queue_many(entries: Sequence[JournalEntry]) -> list[Letter]:
    """Queue the letters of many entries; queries do not grow with the entries.

    Safe to repeat: one letter per cause. Pools in test mode send nothing.
    """
    told = [(entry, kind) for entry in entries if (kind := kind_about(entry)) is not None]
    if not told:
        return []
    around = facts.gather([entry for entry, _kind in told])
    rows = []
    for entry, kind in told:
        application = around.applications[entry.application_id]
        if not application.pool.is_test:
            rows.append(_letter(entry, kind, application, around))
    return Letter.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def _letter(
    entry: JournalEntry, kind: type[Kind], application: Application, around: facts.Surroundings
) -> Letter:
    said = kind.facts(application, entry, around)
    return Letter(
        application=application,
        entry=entry,
        kind=kind.code,
        cause=f"journal:{entry.pk}",
        title=kind.title(said),
        recipient_name=application.applicant.name,
        recipient_email=application.contact_email or application.applicant.email,
        facts=said,
        needs_second_reader=kind.needs_second_reader(application),
        queued_at=entry.at,
    )


@transaction.atomic
def render_letter(letter: Letter) -> Letter:
    """Make the PDF of a letter the caller has locked. What cannot be made stands with its reason."""
    kind = KINDS[letter.kind]
    hindrance = kind.hindrance(letter.facts)
    if hindrance:
        return _fail(letter, hindrance)
    try:
        pdf, sha256 = render.letter(
            html_of(letter),
            letter.facts.get("data") or {"sagsnummer": letter.facts["number"], "brev": letter.kind},
            datetime.fromisoformat(letter.facts["issued"]),
        )
    except render.CannotRender as refusal:
        return _fail(letter, str(refusal))
    Paper.objects.update_or_create(letter=letter, defaults={"pdf": pdf})
    letter.state, letter.sha256, letter.failure = LetterState.RENDERED, sha256, ""
    letter.renderer, letter.template_version = render.version(), template_version(kind.template)
    letter.rendered_at, letter.next_attempt_at = timezone.now(), None
    letter.save()
    return letter


def html_of(letter: Letter) -> str:
    """The letter as HTML, the same words the PDF carries."""
    kind = KINDS[letter.kind]
    return get_template(kind.template).render(
        {**letter.facts, "letter_title": letter.title, "kind": letter.kind}
    )


@cache
def template_version(name: str) -> str:
    """16 hex digits that change when the template, its frame or the styles change."""
    parts = [TEMPLATES / Path(name).name, *sorted(TEMPLATES.glob("_*.html")), render.STYLES]
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()[:16]


def facts_fingerprint(letter: Letter) -> str:
    """The sha256 of what the letter was made from."""
    text = json.dumps(letter.facts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def claim(letter: Letter) -> DeliveryAttempt:
    """Write down that we are about to send, before anything leaves (the caller has locked it)."""
    channel = channel_for(letter)
    letter.state, letter.attempts = LetterState.SENDING, letter.attempts + 1
    letter.next_attempt_at = timezone.now() + CLAIM_EXPIRES
    letter.save(update_fields=["state", "attempts", "next_attempt_at"])
    return DeliveryAttempt.objects.create(letter=letter, channel=channel.name, at=timezone.now())


@transaction.atomic
def confirm_sent(letter: Letter, attempt: DeliveryAttempt) -> None:
    """It has left: from here the database refuses any change of its words."""
    DeliveryAttempt.objects.filter(pk=attempt.pk).update(is_delivered=True, answer="Modtaget")
    Letter.objects.filter(pk=letter.pk).exclude(state=LetterState.SENT).update(
        state=LetterState.SENT, sent_at=timezone.now(), next_attempt_at=None, failure=""
    )


@transaction.atomic
def record_refusal(letter: Letter, attempt: DeliveryAttempt, reason: str) -> None:
    """It did not leave: try again later, or stand as FAILED with the reason after five tries."""
    DeliveryAttempt.objects.filter(pk=attempt.pk).update(answer=reason[:300])
    given_up = letter.attempts >= MAX_ATTEMPTS
    Letter.objects.filter(pk=letter.pk).update(
        state=LetterState.FAILED if given_up else LetterState.RENDERED,
        failure=reason[:300],
        next_attempt_at=None
        if given_up
        else timezone.now() + timedelta(minutes=4**letter.attempts),
    )


@transaction.atomic
def approve(letter: Letter, *, by: User, at: datetime) -> Letter:
    """A second person has read the letter. Raises RuleBroken for the one who recommended.

    Source: design/DESIGN.md section 9: refusals need a second reader.
    """
    check_other(by, "approve_letter")
    letter = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    check_not_disqualified(by, letter.application)
    if letter.approved_at:
        raise WrongState(_("Brevet er allerede læst af %s.") % letter.approved_by.name)
    wrote = letter.application.recommendations.filter(is_current=True, recommended_by=by).exists()
    if wrote or (letter.entry is not None and letter.entry.by_id == by.pk):
        raise RuleBroken(_("En anden end den, der har skrevet eller afgjort, skal læse brevet."))
    letter.approved_at, letter.approved_by = at, by
    letter.save(update_fields=["approved_at", "approved_by"])
    return letter


@transaction.atomic
def retry(letter: Letter, *, by: User) -> Letter:
    """Try a failed letter again, from the start. Raises WrongState when it has not failed."""
    check_other(by, "see_letters")
    letter = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if letter.state != LetterState.FAILED:
        raise WrongState(_("Brevet er ikke fejlet."))
    if letter.entry is None:
        raise NotAllowed(_("Brevet kan ikke dannes igen."))
    kind = KINDS[letter.kind]
    around = facts.gather([letter.entry])
    letter.facts = kind.facts(around.applications[letter.application_id], letter.entry, around)
    letter.recipient_email = letter.application.contact_email or letter.application.applicant.email
    letter.state, letter.attempts, letter.failure = LetterState.QUEUED, 0, ""
    letter.next_attempt_at = None
    letter.save()
    return letter


def _fail(letter: Letter, reason: str) -> Letter:
    letter.state, letter.failure = LetterState.FAILED, reason[:300]
    letter.save(update_fields=["state", "failure"])
    return letter
