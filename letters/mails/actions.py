"""The verbs of a mail: queue, deliver, retry. Writes its own rows (Mail) and no others.

The same life as a letter's (letters/actions/), but shorter: nothing is rendered ahead, nothing
is kept as proof. The row is written in the transaction of the verb it tells about; a worker claims
it in a transaction of its own, with the attempt on record, then sends it.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from letters.delivery import DeliveryFailed, Refused, mail_body
from letters.delivery.email import send
from letters.facts.pronouns import words
from letters.mails.kinds import MAILS, MailKind
from letters.models import MAX_ATTEMPTS, Mail, MailState, pause_after
from pulje.errors import WrongState
from pulje.models import Application, User
from pulje.models.user import reaches
from pulje.permissions import check_not_disqualified, check_other

logger = logging.getLogger(__name__)

WORK = "letters.tasks.send_mails"
BATCH = 1000
CLOCKS_DIFFER = timedelta(minutes=5)
MOST = 300
UNSUBSCRIBE = "Nej tak til flere mails af slagsen"
LONGEST = 200  # of a name in a mail: nobody writes a mail of their own through us


def queue_mail(
    kind: str, *, to: str, cause: str, facts: dict[str, Any], application: Application | None = None
) -> None:
    """Queue one mail in the caller's transaction; the same kind and cause again queues nothing.

    Nor is anything queued to a person whose address we do not know yet. ``facts``: what the kind
    ``needs`` (letters/mails/kinds.py), as JSON. ValueError when one is missing.
    """
    _store([_row(kind, to, cause, facts, application)])


def queue_mails(kind: str, wanted: Iterable[tuple[str, str, dict[str, Any]]]) -> int:
    """Queue many mails of one kind, each (to, cause, facts), set-wise; gives how many were asked.

    As ``queue_mail``: in the caller's transaction, and what is queued already is not queued again.
    """
    return _store([_row(kind, to, cause, facts, None) for to, cause, facts in wanted])


def _row(
    kind: str, to: str, cause: str, facts: dict[str, Any], application: Application | None
) -> Mail:
    missing = MAILS[kind].needs - facts.keys()
    if MAILS[kind].needs_case and application is None:
        missing |= {"an application"}
    if missing:
        raise ValueError(f"{kind} needs {', '.join(sorted(missing))}")
    now = timezone.now()
    return Mail(
        kind=kind,
        cause=cause,
        application=application,
        recipient_email=to,
        facts={name: _one_line(value) for name, value in facts.items()},
        queued_at=now,
        next_attempt_at=now,
    )


def _store(wanted: list[Mail]) -> int:
    rows = [row for row in wanted if reaches(row.recipient_email)]
    if rows:
        Mail.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
        nudge()
    return len(rows)


def nudge(work: str = WORK) -> None:
    """So that nothing waits for the next tick; a lost nudge loses nothing, the row is there."""
    transaction.on_commit(lambda: current_app.send_task(work, retry=False, expires=60), robust=True)


def _one_line(value: Any) -> Any:
    return " ".join(value.split())[:LONGEST] if isinstance(value, str) else value


# ---- deliver ----


def deliver(mail_id: int) -> bool:
    """Send a queued mail; False when there is nothing to do or it did not get out this time."""
    mail = _claim(mail_id)
    if mail is None:
        return False
    try:
        if not _is_test(mail):
            send(message_of(mail))
    except DeliveryFailed as failure:
        _not_sent(mail, failure)
        return False
    mail.state, mail.sent_at, mail.claimed_at, mail.failure = (
        MailState.SENT,
        timezone.now(),
        None,
        "",
    )
    mail.save(update_fields=["state", "sent_at", "claimed_at", "failure"])
    return True


def _claim(mail_id: int) -> Mail | None:
    """The mail, ours for CLAIM_LASTS; one that kills its worker each time is given up."""
    rows = Mail.objects.due(timezone.now()).select_related(
        "application__pool", "application__applicant"
    )
    with transaction.atomic():
        mail = rows.select_for_update(of=("self",), skip_locked=True).filter(pk=mail_id).first()
        if mail is None:
            return None
        if mail.attempts >= MAX_ATTEMPTS:
            mail.state = MailState.FAILED
            mail.failure = _("Mailen kunne ikke sendes i %d forsøg. Se loggen.") % MAX_ATTEMPTS
            mail.save(update_fields=["state", "failure"])
            return None
        mail.claimed_at = timezone.now()
        mail.attempts += 1
        mail.save(update_fields=["claimed_at", "attempts"])
    return mail


def _not_sent(mail: Mail, failure: DeliveryFailed) -> None:
    mail.claimed_at = None
    mail.failure = failure.sentence
    mail.next_attempt_at = timezone.now() + pause_after(mail.attempts)
    if isinstance(failure, Refused) or mail.attempts >= MAX_ATTEMPTS:
        mail.state = MailState.FAILED
    mail.save(update_fields=["claimed_at", "failure", "next_attempt_at", "state"])
    logger.warning("mail %s: not sent in attempt %s", mail.pk, mail.attempts)


def message_of(mail: Mail) -> EmailMultiAlternatives:
    """The mail as it leaves: words, links and headers, from its facts and nothing else."""
    kind = MAILS[mail.kind]
    told = _told(kind, mail)
    links = {told["link"]: kind.action, told["unsubscribe"]: UNSUBSCRIBE}
    return mail_body.message(
        to=mail.recipient_email,
        subject=kind.subject.format_map(told),
        template=kind.template(),
        told=told,
        links={url: words for url, words in links.items() if url},
        headers={"Message-ID": mail.message_id, **kind.headers(mail.facts)},
    )


def _told(kind: type[MailKind], mail: Mail) -> dict[str, Any]:
    """What a mail's template sees; with a case also its pool, and the case's pronouns."""
    case = mail.application
    about = {"pool": f"{case.pool.name} {case.pool.year}"} if case else {}
    one = case is None or case.applicant.is_one_person
    return {
        "site": settings.SITE,
        "link": kind.link(mail.facts),
        "unsubscribe": kind.unsubscribe(mail.facts),
        "is_one_person": one,
        "wants_english": case is not None and case.wants_english,
        **about,
        **mail.facts,
        **words(one=one),
    }


def _is_test(mail: Mail) -> bool:
    """A pool in test mode sends nothing."""
    return mail.application is not None and mail.application.pool.is_test


def come_back(uuid: UUID, detail: str, *, is_final: bool, at: datetime) -> bool:
    """A mail server reports that a mail could not be brought, or is late; False when not ours.

    A late one is only noted in the log. One that came back has failed, and may be taken up again.
    """
    mail = Mail.objects.select_for_update(of=("self",)).filter(uuid=uuid).first()
    if mail is None:
        return False
    logger.warning("mail %s: %s", mail.pk, "came back" if is_final else "is late")
    if is_final and mail.sent_at is not None and at >= mail.sent_at - CLOCKS_DIFFER:
        mail.state, mail.sent_at = MailState.FAILED, None
        mail.failure = (_("Mailen kom retur: %s") % detail)[:MOST]
        mail.save(update_fields=["state", "sent_at", "failure"])
    return True


def forget(now: datetime) -> int:
    """Empty mails of long ago of address and facts, a batch at a time; gives how many.

    That one was sent, and when, stays. Source: databeskyttelsesforordningen art. 5 stk. 1 litra e.
    """
    old = Mail.objects.kept_too_long(now - timedelta(days=settings.MAIL_KEPT_DAYS))
    some = list(old.order_by("queued_at", "pk").values_list("pk", flat=True)[:BATCH])
    return Mail.objects.filter(pk__in=some).update(recipient_email="", facts={})


# ---- people ----


@transaction.atomic
def retry(mail: Mail, *, by: User) -> None:
    """Take up a failed mail again.

    Raises NotAllowed without the role or to a disqualified person, WrongState when it has not
    failed.
    """
    check_other(by, "approve_letter")
    mail = (
        Mail.objects.select_for_update(of=("self",)).select_related("application").get(pk=mail.pk)
    )
    if mail.application:
        check_not_disqualified(by, mail.application)
    if not mail.recipient_email:
        raise WrongState(_("Mailen er så gammel, at adressen er slettet."))
    if mail.state != MailState.FAILED:
        raise WrongState(_("Mailen er ikke gået i stå. Genindlæs siden for at se det."))
    mail.state, mail.attempts, mail.failure = MailState.QUEUED, 0, ""
    mail.next_attempt_at = timezone.now()
    mail.save(update_fields=["state", "attempts", "failure", "next_attempt_at"])
    nudge()
