"""The mails beside the letters: queued once, sent by a worker, tried again, read by a person."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import get_template
from django.utils import timezone

from config.celery import app
from config.ports import free_port
from letters import actions
from letters.mails import actions as mailing
from letters.mails.actions import queue_mail
from letters.mails.kinds import MAILS
from letters.models import MAX_ATTEMPTS, Mail, MailState
from letters.tasks import send_mails
from pulje.actions.link import read_token
from pulje.enums import ApplicantKind
from pulje.errors import NotAllowed, WrongState
from pulje.models import Application, ConflictOfInterest, Pool
from pulje.models.user import NO_MAIL
from tests import people
from tests.factories import a_draft, an_applicant

pytestmark = pytest.mark.django_db

FACTS: dict[str, Any] = {
    "user": 7,
    "slug": "frivillig-2027",
    "invitation": 12,
    "application": 3,
    "signer": 7,
    "partner": 5,
    "consent": 9,
    "subscription": 8,
    "name": "Biblioteket",
    "leader": "Lis Lund",
    "applicant": "Naboerne",
    "inviter": "Asta",
    "person": "Bo",
    "title": "Fællesspisning",
    "pool": "Frivillighedspuljen 2027",
    "deadline": "2027-01-15T12:00:00+01:00",
    "number": "FP-2027-014",
    "path": "/ansoeg/3/",
}
OF_A_CASE = sorted(code for code, kind in MAILS.items() if kind.needs_case)


def queued(kind: str = "INVITATION", case: Application | None = None, **facts: Any) -> Mail:
    told = {name: FACTS[name] for name in MAILS[kind].needs} | facts
    if MAILS[kind].needs_case:
        case = case or a_draft()
    queue_mail(kind, to="bo@puljer.example", cause=f"{kind}:1", facts=told, application=case)
    return Mail.objects.get(kind=kind)


def read(kind: str, case: Application | None = None) -> EmailMultiAlternatives:
    return mailing.message_of(queued(kind, case))


# --- what they say ---


@pytest.mark.parametrize("code", MAILS)
def test_every_mail_says_where_to_go_and_who_we_are(code: str) -> None:
    message = read(code)

    assert re.search(r"^https?://\S+/$|\?pulje=", message.body, re.MULTILINE)
    assert "Rudersdal Kommune" in message.body
    assert "{" not in message.subject + message.body
    assert "\n\n\n" not in message.body
    get_template(MAILS[code].template())


@pytest.mark.parametrize(
    ("code", "path", "purpose", "pk"),
    [
        ("CONFIRM_EMAIL", "start", "start", 7),
        ("INVITATION", "invitation", "invitation", 12),
        ("SIGN_REQUEST", "underskrift", "signature", 3),
        ("PARTNER_CONFIRMATION", "samarbejde", "partner", 5),
        ("GUARDIAN_CONSENT", "samtykke", "guardian", 9),
        ("SUBSCRIPTION_CONFIRM", "abonnement", "subscription", 8),
    ],
)
def test_a_link_is_made_when_the_mail_is_sent(code: str, path: str, purpose: str, pk: int) -> None:
    row = queued(code)

    token = re.findall(rf"/{path}/([^/\s]+)/", mailing.message_of(row).body)[0]

    assert read_token(purpose, token) == pk
    assert token not in str(row.facts)


@pytest.mark.parametrize("code", [code for code in OF_A_CASE if "SIGN_REQUEST" not in code])
@pytest.mark.parametrize("one", [True, False], ids=["du", "I"])
def test_a_mail_about_a_case_speaks_to_one_or_to_several(code: str, *, one: bool) -> None:
    kind = ApplicantKind.INDIVIDUAL if one else ApplicantKind.ASSOCIATION
    who = an_applicant(kind=kind, cvr="") if one else an_applicant()

    said = set(re.findall(r"\w+", read(code, a_draft(applicant=who)).body))

    assert not said & ({"I", "jeres", "jer"} if one else {"din", "dit", "Din", "dig"})


def test_nothing_is_queued_to_somebody_whose_address_we_do_not_know() -> None:
    facts = {"applicant": "Naboerne", "path": "/ansoeg/"}

    queue_mail("BOARD_CONFIRMATION", to=f"4711@{NO_MAIL}", cause="board:1", facts=facts)

    assert not Mail.objects.exists()


def test_what_somebody_wrote_stays_one_line_of_plain_text() -> None:
    row = queued(applicant="Vi & Co <b>\nBcc: x@y.example\n" + "x" * 500, inviter="Åse")

    body = mailing.message_of(row).body

    assert "Vi & Co <b> Bcc: x@y.example xxx" in body
    assert max(map(len, body.splitlines())) < 400


def test_a_subscription_ends_with_one_click() -> None:
    mail = read("POOL_OPENS")  # once: a link is signed with the second it was made in
    message = mail.message()

    url = message["List-Unsubscribe"].strip("<>")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url.endswith("/afmeld/")
    assert url in mail.body


def test_a_fact_that_is_missing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="INVITATION needs applicant, inviter"):
        queue_mail("INVITATION", to="x@y.example", cause="x", facts={"invitation": 1})
    with pytest.raises(ValueError, match="NEW_MESSAGE needs an application"):
        queue_mail("NEW_MESSAGE", to="x@y.example", cause="x", facts=FACTS)


# --- queue and delivery ---


def test_told_once_per_cause() -> None:
    queued()
    queued()

    send_mails()
    queued()
    send_mails()

    assert len(mail.outbox) == 1
    assert mail.outbox[0].message()["Message-ID"] == Mail.objects.get().message_id


def test_a_verb_that_fails_sends_nothing() -> None:
    def fails() -> None:
        with transaction.atomic():
            queued()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()

    assert send_mails() == 0
    assert mail.outbox == []


def test_a_link_somebody_waits_for_does_not_wait_for_letters() -> None:
    route = app.amqp.router.route

    assert route({}, mailing.WORK)["queue"].name == "celery"
    assert route({}, actions.WORK)["queue"].name == "letters"


def test_a_test_pool_sends_nothing() -> None:
    case = a_draft()
    Pool.objects.update(is_test=True)
    row = queued("SIGN_REQUEST", case)

    assert mailing.deliver(row.pk)

    assert mail.outbox == []


def broken_mail(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def send(_self: object, *_args: object, **_kwargs: object) -> int:
        raise error

    monkeypatch.setattr(EmailMultiAlternatives, "send", send)


def test_a_silent_mail_server_is_tried_five_times(monkeypatch: pytest.MonkeyPatch) -> None:
    row = queued()
    broken_mail(monkeypatch, SMTPServerDisconnected("gone"))

    waits = []
    for _try in range(MAX_ATTEMPTS):
        Mail.objects.update(next_attempt_at=timezone.now())
        assert not mailing.deliver(row.pk)
        row.refresh_from_db()
        waits.append(round((row.next_attempt_at - timezone.now()) / timedelta(minutes=1)))

    assert waits == [1, 5, 25, 125, 625]
    assert (row.state, row.failure) == (MailState.FAILED, "Mailserveren svarer ikke.")
    assert not mailing.deliver(row.pk)


def test_a_claim_is_respected_until_it_is_old() -> None:
    row = queued()
    Mail.objects.update(claimed_at=timezone.now() - timedelta(minutes=9))
    assert not mailing.deliver(row.pk)

    Mail.objects.update(claimed_at=timezone.now() - timedelta(minutes=11))
    assert mailing.deliver(row.pk)


def test_a_mail_that_kills_its_worker_is_given_up() -> None:
    row = queued()
    Mail.objects.update(attempts=MAX_ATTEMPTS)

    assert not mailing.deliver(row.pk)

    row.refresh_from_db()
    assert (row.state, row.failure[:31]) == (MailState.FAILED, "Mailen kunne ikke sendes i 5 fo")


def test_a_failed_mail_is_taken_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    row = queued("SIGN_REQUEST")
    with monkeypatch.context() as patch:
        broken_mail(patch, SMTPRecipientsRefused({"x": (550, b"unknown")}))
        mailing.deliver(row.pk)

    mailing.retry(row, by=people.karl())

    assert mailing.deliver(row.pk)
    with pytest.raises(WrongState):
        mailing.retry(row, by=people.karl())


def test_who_may_not_take_it_up_again() -> None:
    row = queued("SIGN_REQUEST")
    Mail.objects.update(state=MailState.FAILED, failure="Nej.")
    ConflictOfInterest.objects.create(
        application=row.application,
        user=people.rie(),
        reason="Søster",
        declared_at=timezone.now(),
        declared_by=people.rie(),
    )

    for person in (people.asta(), people.rie()):
        with pytest.raises(NotAllowed):
            mailing.retry(row, by=person)


# --- on the wire ---


def test_what_a_mail_server_is_handed(settings: Any) -> None:
    """One mail of every kind through SMTP, read as a reader's program reads it."""
    taken: list[EmailMessage] = []

    class Catcher:
        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
            taken.append(message_from_bytes(envelope.content, policy=policy.default))
            return "250 OK"

    port = free_port()
    server = Controller(Catcher(), hostname="127.0.0.1", port=port)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    for code in MAILS:
        queued(code, inviter="Åse Ærø")
    server.start()
    try:
        assert send_mails() == len(MAILS)
    finally:
        server.stop()

    assert {mail["Message-ID"] for mail in taken} == {row.message_id for row in Mail.objects.all()}
    by_subject = {mail["Subject"].strip(): mail for mail in taken}
    invitation = by_subject["Du er inviteret til at søge tilskud sammen med andre"]
    said = invitation.get_body().get_content()
    (token,) = re.findall(r"/invitation/([^/\s]+)/", said)
    assert read_token("invitation", token) == 12
    assert "Åse Ærø vil gerne have dig med hos Naboerne" in said
    assert invitation["To"] == "bo@puljer.example"
    assert invitation["Auto-Submitted"] == "auto-generated"
    opens = by_subject["Frivillighedspuljen 2027 er åben for ansøgninger"]
    assert "Fristen er 15. januar 2027 kl.\xa012." in opens.get_body().get_content()
    assert opens["List-Unsubscribe"].strip().startswith("<http")
