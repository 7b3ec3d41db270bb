"""Mails that come back: found by Message-ID, counted once, hostile ones stop nobody."""

from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from letters import bounces
from letters.mails import actions
from letters.mails.actions import queue_mail
from letters.models import DeliveryReceipt, Letter, LetterState, Mail, MailState
from letters.tasks import forget_mails, take_bounces
from pulje.errors import WrongState
from pulje.states import CaseState as S
from tests import people
from tests.factories import case_in

pytestmark = pytest.mark.django_db


def report(
    message_id: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    own: str = "<dsn.1@mx.example>",
    date: str | None = None,
    quoted: str = "message/rfc822",
) -> bytes:
    """A report as Postfix writes it (RFC 3464)."""
    when = date if date is not None else format_datetime(timezone.now())
    return f"""From: MAILER-DAEMON@mx.example
To: puljer@puljer.example
Subject: Undelivered Mail Returned to Sender
Message-ID: {own}
Date: {when}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered to asta@x.example.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; asta@x.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 <asta@x.example> unknown <script>

--B
Content-Type: {quoted}

From: puljer@puljer.example
Message-ID: {message_id}
Subject: Nyt brev

--B--
""".encode()


class Box:
    """A Maildir, and what stands in it after it is read."""

    def __init__(self, root: Path) -> None:
        self.root, self.count = root, 0
        for name in ("new", "cur", "tmp"):
            (root / name).mkdir()

    def put(self, raw: bytes) -> None:
        self.count += 1
        (self.root / "new" / f"{self.count:04}.mx").write_bytes(raw)

    def taken(self, *raws: bytes) -> int:
        for raw in raws:
            self.put(raw)
        return take_bounces()

    def flags(self) -> str:
        names = sorted(path.name for path in (self.root / "cur").iterdir())
        return "".join(name.rpartition(",")[2] for name in names)


@pytest.fixture
def box(tmp_path: Path, settings: Any) -> Box:
    settings.BOUNCE_MAILDIR = str(tmp_path)
    return Box(tmp_path)


def sent_letter() -> Letter:
    letter = Letter.objects.filter(application=case_in(S.RETURNED)).latest("pk")
    now = timezone.now()
    Letter.objects.filter(pk=letter.pk).update(
        **{"state": "AVAILABLE", "channel": "EMAIL", "sha256": "0" * 64, "failure": ""},
        **{"sent_at": now, "available_at": now},
    )
    return letter


def sent_mail(cause: str = "1") -> Mail:
    facts = {"applicant": "Naboerne", "path": "/ansoeg/"}
    queue_mail("BOARD_CONFIRMATION", to="bo@puljer.example", cause=cause, facts=facts)
    mail = Mail.objects.get(cause=cause)
    assert actions.deliver(mail.pk)
    return mail


def test_a_letter_that_came_back_has_failed_once_and_says_why(box: Box) -> None:
    letter = sent_letter()
    late = report(letter.message_id, action="delayed", status="4.4.1", own="<late@mx>")

    assert box.taken(late) == 1
    letter.refresh_from_db()
    assert letter.state == LetterState.AVAILABLE
    assert "Forsinket" in DeliveryReceipt.objects.get().detail

    headers = report(letter.message_id, quoted="text/rfc822-headers")
    assert box.taken(headers, headers) == 2, "the same report delivered twice"

    letter.refresh_from_db()
    assert letter.state == LetterState.FAILED
    assert letter.failure == "Mailen kom retur: adressen findes ikke (5.1.1)"
    assert DeliveryReceipt.objects.count() == 2
    assert box.flags() == "SSS"


def test_killed_between_commit_and_move_it_is_read_again_and_counts_once(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = sent_letter()

    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            box.taken(report(letter.message_id))

    assert take_bounces() == 1
    assert DeliveryReceipt.objects.count() == 1


def test_a_mail_that_came_back_has_failed_and_may_be_sent_again(box: Box) -> None:
    mail, old = sent_mail(), sent_mail("2")
    yesterday = format_datetime(timezone.now() - timedelta(days=1))

    assert box.taken(
        report(mail.message_id, status="5.2.2"), report(old.message_id, date=yesterday)
    )

    mail.refresh_from_db()
    assert (mail.state, mail.failure) == (
        MailState.FAILED,
        "Mailen kom retur: postkassen er fuld (5.2.2)",
    )
    assert Mail.objects.get(pk=old.pk).state == MailState.SENT, "about an older sending"
    actions.retry(mail, by=people.karl())
    assert actions.deliver(mail.pk)


def test_what_is_no_report_of_ours_is_left_to_a_person(box: Box) -> None:
    letter = sent_letter()
    ours = letter.message_id
    other = ours.replace(str(letter.uuid), "0" * 8 + str(letter.uuid)[8:])
    reply = f"From: asta@x.example\nIn-Reply-To: {ours}\nSubject: Tak\n\nTak for brevet.".encode()
    hostile = [
        b"",
        b"\x00\xff" * 1000,
        reply,
        report(ours, action="delivered"),
        report("<ikke.vores@x.example>"),
        report(other),
        report("<letter.ikke-et-nummer@puljer.example>"),
        b"Content-Type: multipart/report; boundary=B\n\n" + b"--B\n" * 50_000,
        b"Content-Type: message/rfc822\n\n" * 9_000,
        report(ours, date="Sun, 99 Foo 99999 99:99:99 +9999", status="x" * 5_000, own="\x01 <"),
    ]

    assert box.taken(*hostile) == 1, "only the last is about a letter of ours"

    assert box.flags() == "F" * 9 + "S"
    letter.refresh_from_db()
    assert letter.failure == "Mailen kom retur: den kunne ikke afleveres"


def test_without_a_maildir_nothing_is_read(settings: Any) -> None:
    settings.BOUNCE_MAILDIR = ""

    assert take_bounces() == 0
    with pytest.raises(CommandError, match="BOUNCE_MAILDIR"):
        call_command("take_bounces")


def test_the_command_says_how_many(box: Box, capsys: Any) -> None:
    box.put(report(sent_letter().message_id))

    call_command("take_bounces")

    assert "1 mails er kommet retur." in capsys.readouterr().out


@pytest.mark.parametrize("raw", [b"Date: 1\n", b"Date: Mon, 01 Jan 2024 10:00:00\n"])
def test_a_date_that_is_none_is_now(raw: bytes) -> None:
    now = timezone.now()
    whole = report("<mail.00000000-0000-0000-0000-000000000000@x>", date="").replace(
        b"Date: \n", raw
    )

    found = bounces.read(whole, now)

    assert found is not None
    assert found.at == now


def test_mails_of_long_ago_lose_address_and_facts_and_nothing_else(settings: Any) -> None:
    settings.MAIL_KEPT_DAYS = 30
    old, new = sent_mail("old"), sent_mail("new")
    waiting = {"applicant": "Naboerne", "path": "/ansoeg/"}
    queue_mail("BOARD_CONFIRMATION", to="bo@puljer.example", cause="waits", facts=waiting)
    month_ago = timezone.now() - timedelta(days=31)
    Mail.objects.exclude(pk=new.pk).update(queued_at=month_ago)

    assert (forget_mails(), forget_mails()) == (1, 0)

    old.refresh_from_db()
    assert (old.recipient_email, old.facts, old.state) == ("", {}, MailState.SENT)
    assert Mail.objects.exclude(recipient_email="").count() == 2
    with pytest.raises(WrongState, match="slettet"):
        actions.retry(old, by=people.karl())
