"""The verbs of a letter: queue, render, deliver, retry; readers.py has those of its readers.

A letter's life is its row. ``queue_*`` write it in the transaction of the verb it tells about;
workers find due rows. Rendering holds the row's lock: a killed worker's lock falls with its
connection and the next one begins anew. Delivery cannot: a mail that is sent is sent. So it is
claimed first, in a transaction of its own, with an attempt on record; a claim older than
CLAIM_LASTS is somebody dead, and is tried again. Should the death have fallen between the mail
server's "250 OK" and our commit, a second mail goes out: at least once, that is all SMTP allows.
Both have the same Message-ID, which lets the receiver fold them into one.
"""

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime
from functools import cache as keep
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from letters import questions
from letters import render as paper
from letters.delivery import DeliveryFailed, Parcel, Refused, port_for
from letters.facts import Material, gather, in_template, issued_at
from letters.kind import Kind
from letters.kinds import KINDS, kinds_for
from letters.mailing import nudge
from letters.models import (
    MAX_ATTEMPTS,
    Channel,
    DeliveryAttempt,
    Enclosure,
    Letter,
    LetterState,
    Paper,
    pause_after,
)
from pulje.actions.journal import note_down
from pulje.enums import DecidedBy
from pulje.errors import RuleBroken, WrongState
from pulje.models import Application, JournalEntry, PoolVersion, User
from pulje.permissions import check_not_disqualified, check_other

logger = logging.getLogger(__name__)

WORK = "letters.tasks.deliver_due"
TEMPLATES = Path(__file__).parent / "templates" / "letters"


# ---- queue ----


@transaction.atomic
def queue_for_entry(entry: JournalEntry) -> list[Letter]:
    """Queue the letters that tell about a journal entry; repeating it queues nothing new."""
    return queue_many([entry])


@transaction.atomic
def queue_many(entries: Sequence[JournalEntry]) -> list[Letter]:
    """Queue the letters about many entries: the number of queries does not grow with them.

    Facts are taken now and stay as they are. A letter whose appeal guidance is not approved is
    kept, but FAILED: it says why, and ``retry`` takes it up when the text is approved.
    """
    wanted = [(entry, kind) for entry in entries for kind in kinds_for(entry)]
    if not wanted:
        return []
    told = list({entry.pk: entry for entry, _kind in wanted}.values())
    needs = frozenset[str]().union(*(kind.needs for _entry, kind in wanted))
    materials = gather(told, needs)
    now = timezone.now()
    with translation.override(settings.LANGUAGE_CODE):  # whatever the page that caused it speaks
        letters = [_letter(kind, materials[entry.pk], now) for entry, kind in wanted]
    Letter.objects.bulk_create(letters, ignore_conflicts=True, batch_size=500)
    nudge(WORK)
    causes = [letter.cause for letter in letters]
    return list(Letter.objects.filter(cause__in=causes).defer("facts").order_by("pk"))


def _letter(kind: type[Kind], m: Material, now: datetime) -> Letter:
    a = m.application
    letter = Letter(
        application=a,
        entry=m.entry,
        kind=kind.code,
        cause=f"journal:{m.entry.pk}",
        channel=_channel(a),
        title=kind.title,
        recipient_name=a.applicant.name,
        recipient_email=a.contact_email or a.applicant.email,
        author_id=(m.decision and m.decision.recommended_by_id) or m.entry.by_id,
        needs_second_reader=_needs_second_reader(kind, m),
        queued_at=now,
        next_attempt_at=now,
    )
    _set_facts(letter, kind, m)
    return letter


def _needs_second_reader(kind: type[Kind], m: Material) -> bool:
    """Refusals where the pool says so, and all that a committee or its chair has decided."""
    if kind.is_decision and m.decision and m.decision.body != DecidedBy.DELEGATION:
        return True
    return kind.is_rejection and m.application.version.second_reader_for_rejections


def _set_facts(letter: Letter, kind: type[Kind], m: Material) -> None:
    letter.facts = kind.facts(m)
    letter.facts_sha256 = hashlib.sha256(paper.canonical(letter.facts)).hexdigest()
    letter.failure = _unapproved(letter.facts)
    letter.state = LetterState.FAILED if letter.failure else LetterState.QUEUED


def _unapproved(facts: dict[str, Any]) -> str:
    guidance = facts.get("guidance")
    if guidance is None or guidance["is_approved"]:
        return ""
    sentence = _("Klagevejledningen for %s er ikke godkendt. Få den godkendt, og prøv igen.")
    return str(sentence % guidance["basis"])


def _channel(application: Application) -> Channel:
    if application.pool.is_test:
        return Channel.NOWHERE
    return (
        Channel.EMAIL if application.contact_email or application.applicant.email else Channel.PRINT
    )


# ---- render ----


def start_renderer() -> None:
    """Refuse, with a sentence, to work where letters cannot be made well; import the engine."""
    paper.check()


def warm_renderer() -> None:
    """Make this process ready for many letters."""
    paper.warm()


def render(letter_id: int) -> bool:
    """Make the PDF of a queued letter; False when there is nothing to do or another has it."""
    if not _begin_rendering(letter_id):
        return False
    with transaction.atomic():
        letter = _locked(Letter.objects.filter(state=LetterState.QUEUED), letter_id)
        if letter is None:
            return False
        try:
            pdf, sha256 = printed(letter)
            enclosed = _enclosed(letter)
        except paper.CannotRender as reason:
            return _fail(letter, str(reason))
        letter.state = _when_made(letter)
        letter.sha256, letter.attempts = sha256, 0
        letter.template_version, letter.renderer = text_version(), paper.version()
        letter.rendered_at = letter.next_attempt_at = timezone.now()
        letter.failure = ""
        letter.save()
        Paper.objects.create(letter=letter, pdf=pdf)
        if enclosed:
            Enclosure.objects.create(letter=letter, pdf=enclosed[0], sha256=enclosed[1])
    return True


def _when_made(letter: Letter) -> LetterState:
    """A letter that a colleague must read waits for that; any other goes by itself."""
    waits = letter.needs_second_reader and letter.approved_at is None
    return LetterState.RENDERED if waits else LetterState.APPROVED


def _begin_rendering(letter_id: int) -> bool:
    """Count the try before it is made: a letter that kills its worker is not tried for ever."""
    with transaction.atomic():
        letter = _locked(Letter.objects.to_render(timezone.now()), letter_id)
        if letter is None:
            return False
        if letter.attempts >= MAX_ATTEMPTS:
            return _fail(
                letter, _("Brevet kunne ikke laves i %d forsøg. Se loggen.") % MAX_ATTEMPTS
            )
        letter.attempts += 1
        letter.save(update_fields=["attempts"])
    return True


def printed(letter: Letter) -> tuple[bytes, str]:
    """The letter as a PDF with its hash, from its facts and nothing else; writes nothing."""
    html = letter_html(letter)
    told = {name: fact for name, fact in letter.facts.items() if name != "enclosure"}
    return paper.letter(html, told, issued_at(letter.facts))


def _enclosed(letter: Letter) -> tuple[bytes, str] | None:
    """The application as it was sent, where the letter's facts hold one."""
    if "enclosure" not in letter.facts:
        return None
    facts = letter.facts
    return paper.document(
        enclosure_html(letter), facts["enclosure"], issued_at(facts), name="ansoegning.json"
    )


def enclosure_html(letter: Letter) -> str:
    """The application as HTML, from the letter's facts and nothing else."""
    told = in_template(letter.facts) | {"title": _("Ansøgning")}
    html: str = render_to_string("letters/application.html", told)
    return html


def letter_html(letter: Letter) -> str:
    """The letter as HTML, from its facts and nothing else."""
    html: str = render_to_string(KINDS[letter.kind].template, in_template(letter.facts))
    return html


def make_questions(version: PoolVersion, now: datetime) -> bytes:
    """A pool's questions on paper, kept in the cache for whoever asks next."""
    facts = questions.facts_of(version, now)
    html = render_to_string("letters/questions.html", facts)
    pdf, _sha256 = paper.document(html, facts, issued_at(facts), name="spoergsmaal.json")
    cache.set(questions_key(facts), pdf, questions.KEPT_SECONDS)
    return pdf


def questions_key(facts: dict[str, Any]) -> str:
    """Where the questions are kept in the cache."""
    return questions.key_of(paper.canonical(facts), text_version())


@keep
def text_version() -> str:
    """Twelve hex digits that change when any text or style of the letters does."""
    files = sorted([*TEMPLATES.glob("*.html"), paper.ASSETS / "brev.css"])
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


# ---- deliver ----


def deliver(letter_id: int) -> bool:
    """Send a rendered letter; False when there is nothing to do or it did not get out this time."""
    claimed = _claim(letter_id)
    if claimed is None:
        return False
    letter, attempt = claimed
    try:
        detail = port_for(letter.channel).send(_parcel(letter))
    except DeliveryFailed as failure:
        _not_sent(letter_id, attempt, failure)
        return False
    _sent(letter_id, attempt, detail)
    return True


def _claim(letter_id: int) -> tuple[Letter, DeliveryAttempt] | None:
    with transaction.atomic():
        letter = _locked(Letter.objects.to_deliver(timezone.now()), letter_id)
        if letter is None:
            return None
        letter.claimed_at = timezone.now()
        letter.attempts += 1
        letter.save(update_fields=["claimed_at", "attempts"])
        attempt = DeliveryAttempt.objects.create(
            letter=letter, channel=letter.channel, started_at=letter.claimed_at
        )
    return letter, attempt


def _parcel(letter: Letter) -> Parcel:
    facts = letter.facts
    return Parcel(
        message_id=letter.message_id,
        number=facts["number"],
        title=letter.title,
        name=letter.recipient_name,
        email=letter.recipient_email,
        pdf=bytes(letter.paper.pdf),
        enclosure=bytes(letter.enclosure.pdf) if hasattr(letter, "enclosure") else b"",
        link=facts["link"].replace("/ansoeg/", f"/brev/{letter.uuid}/"),
        facts=in_template(facts),
    )


@transaction.atomic
def _sent(letter_id: int, attempt: DeliveryAttempt, detail: str) -> None:
    letter = Letter.objects.select_for_update().get(pk=letter_id)
    now = timezone.now()
    attempt.ended_at, attempt.is_sent, attempt.detail = now, True, detail
    attempt.save(update_fields=["ended_at", "is_sent", "detail"])
    letter.state, letter.sent_at, letter.claimed_at, letter.failure = (
        LetterState.SENT,
        now,
        None,
        "",
    )
    letter.save(update_fields=["state", "sent_at", "claimed_at", "failure"])
    told = {
        "letter": letter.pk,
        "kind": letter.kind,
        "title": letter.title,
        "channel": letter.channel,
        "sha256": letter.sha256,
    }
    note_down(letter.application, "letter_sent", by=None, at=now, data=told)


@transaction.atomic
def _not_sent(letter_id: int, attempt: DeliveryAttempt, failure: DeliveryFailed) -> None:
    letter = Letter.objects.select_for_update().get(pk=letter_id)
    now = timezone.now()
    attempt.ended_at, attempt.detail = now, str(failure)[:300]
    attempt.save(update_fields=["ended_at", "detail"])
    letter.claimed_at = None
    letter.failure = failure.sentence
    letter.next_attempt_at = now + pause_after(letter.attempts)
    if isinstance(failure, Refused) or letter.attempts >= MAX_ATTEMPTS:
        letter.state = LetterState.FAILED
    letter.save(update_fields=["claimed_at", "failure", "next_attempt_at", "state"])


# ---- people ----


@transaction.atomic
def retry(letter: Letter, *, by: User) -> Letter:
    """Take up a failed letter again; one that was never made gets its facts anew.

    Raises NotAllowed without the role, WrongState when it has not failed, RuleBroken when the
    reason still stands.
    """
    check_other(by, "approve_letter")
    letter = (
        Letter.objects.select_for_update(of=("self",))
        .select_related("application", "entry")
        .get(pk=letter.pk)
    )
    check_not_disqualified(by, letter.application)
    if letter.state != LetterState.FAILED:
        raise WrongState(_("Brevet er ikke gået i stå. Genindlæs siden for at se det."))
    if letter.sha256:
        letter.state = _when_made(letter)
    elif letter.entry:
        kind = KINDS[letter.kind]
        _set_facts(letter, kind, gather([letter.entry], kind.needs)[letter.entry.pk])
    if letter.state == LetterState.FAILED:
        raise RuleBroken(letter.failure)
    letter.recipient_email = letter.application.contact_email or letter.application.applicant.email
    letter.channel = _channel(letter.application)
    letter.attempts, letter.next_attempt_at, letter.failure = 0, timezone.now(), ""
    letter.save()
    nudge(WORK)
    return letter


def _locked(rows: Any, letter_id: int) -> Letter | None:
    found: Letter | None = (
        rows.filter(pk=letter_id)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("application")
        .first()
    )
    return found


def _fail(letter: Letter, sentence: str) -> bool:
    letter.state, letter.failure = LetterState.FAILED, sentence
    letter.save(update_fields=["state", "failure"])
    return False
