"""The world that letters leave for, and the workers that send them, in the test's own hands.

A real post office and a real mail server on this machine, a folder for print, one for what comes
back and one that the ESDH empties. ``works`` is a minute of all the letters' workers.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal as D
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from django.conf import LazySettings
from django.utils import timezone
from playwright.sync_api import Page, expect

from config.digital_post_server import DELIVERED, FAILED, PostOffice
from letters import tasks
from letters.models import Letter
from letters.previews import asking
from pulje.models import Application, Meeting, Pool, User
from tests import people
from tests.factories import Walk, a_draft, a_meeting, a_pool, a_round, an_applicant
from tests.letters.test_bounces import report
from tests.meetings import hold

PAUSE_MS, PAUSES = 50, 100
ASKED, DAYS_SINCE = D(40_000), 3
PLACE = {"street": "Kirkevej 1", "postcode": "2840", "town": "Holte"}
OURS, BROUGHT, REJECTED = "Astas Kor", "Birkerød Kor", "Holte Krolf"
BOUNCED, REFUSED, STOPPED = "Nærum Netværk", "Skovly Teater", "Gadens Fester"
EVERYBODY = (OURS, BROUGHT, REJECTED, BOUNCED, REFUSED, STOPPED)


class MailServer:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.taken if mail["To"] == address]


class World:
    """All that is outside the house, under one folder."""

    def __init__(self, folder: Path, office: PostOffice, mails: MailServer) -> None:
        self.folder, self.office, self.mails = folder, office, mails
        self.asked: list[str] = []

    def send_task(self, name: str, args: Sequence[Any] = (), **_how: object) -> None:
        """A preview is asked of the letters' worker."""
        if name == asking.TASK:
            self.asked += args

    def draws(self, page: Page) -> None:
        """The worker makes the preview that the page asks for; one made before is there at once."""
        shown = page.locator("#visning img[src^=data]")
        for _pause in range(PAUSES):
            while self.asked:
                tasks.make_preview(self.asked.pop())
            if shown.count():
                break
            page.wait_for_timeout(PAUSE_MS)
        expect(shown.first).to_be_visible()

    def works(self) -> int:
        """Letters are made and sent, receipts and returned mails taken in; gives how many left."""
        left = tasks.deliver_due()
        while more := tasks.deliver_due():
            left += more
        tasks.fetch_receipts()
        tasks.take_bounces()
        tasks.file_cases()
        return left

    def brought(self, *letters: Letter) -> None:
        for letter in letters:
            self.office.tell(str(letter.uuid), DELIVERED)

    def rejected(self, letter: Letter) -> None:
        self.office.tell(str(letter.uuid), FAILED)

    def bounced(self, letter: Letter) -> None:
        (self.folder / "bounces" / "new" / "1.mx").write_bytes(report(letter.message_id))

    def printed(self) -> set[str]:
        return {path.stem for path in (self.folder / "print").glob("*.pdf")}

    def filed(self) -> list[Path]:
        return list((self.folder / "esdh").glob("*.zip"))


@contextmanager
def a_world(folder: Path, settings: LazySettings, port: int) -> Iterator[World]:
    """Everything is there, and the settings lead to it."""
    (folder / "bounces" / "new").mkdir(parents=True)
    office, mails = PostOffice(folder / "office"), MailServer()
    office.mood["is_silent"] = True  # the test says what became of each letter
    thread = threading.Thread(target=office.serve_forever, kwargs={"poll_interval": 0.02})
    server = Controller(mails, hostname="127.0.0.1", port=port)
    settings.DIGITAL_POST = (
        settings.DIGITAL_POST | office.settings | {"sender": "29188378", "seconds": 60}
    )
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.LETTER_PRINT_DIR = folder / "print"
    settings.BOUNCE_MAILDIR = str(folder / "bounces")
    settings.ESDH_ADAPTER = "letters.archive.folder.FolderArchive"
    settings.ESDH_FOLDER = str(folder / "esdh")
    thread.start()
    server.start()
    try:
        yield World(folder, office, mails)
    finally:
        server.stop()
        office.shutdown()
        office.server_close()
        thread.join()


# ---- the cases ----


def a_meeting_of_six() -> Meeting:
    """Held, closed and its minutes approved three days ago; all recommended by Karl."""
    pool = a_pool(code="KP")
    Pool.objects.filter(pk=pool.pk).update(name="Kulturpuljen")
    new = {"cvr_since": timezone.localdate()}
    cases = [
        recommended(pool, OURS, ASKED, signer=people.asta(), **new),
        recommended(pool, BROUGHT, ASKED),
        recommended(pool, REJECTED, ASKED, **PLACE),
        recommended(pool, BOUNCED, D(30_000), **PLACE, **new),
        recommended(pool, REFUSED, D(0)),
        recommended(pool, STOPPED, ASKED, is_exempt=True),
    ]
    held_at = timezone.now() - timedelta(days=DAYS_SINCE)
    meeting = a_meeting(cases, at=held_at - timedelta(days=1))
    hold(meeting, at=held_at)
    return meeting


def recommended(
    pool: Pool, name: str, amount_kr: D, *, signer: User | None = None, **applicant: object
) -> Application:
    bo = people.person("Bo")
    ours = an_applicant(signer=signer or bo, name=name, **applicant)
    starts = timezone.now() - timedelta(days=DAYS_SINCE + 6)
    round = pool.rounds.first() or a_round(pool)
    email = f"{name.partition(' ')[0].lower()}@puljer.example"
    draft = {"applicant": ours, "requested_kr": ASKED, "contact_email": email}
    walk = Walk(a_draft(round=round, starts=starts, **draft), starts)
    for step in ("submit", "accept_for_review", "review"):
        getattr(walk, step)()
    walk.recommend(amount_kr)
    return walk.case


def decision_to(name: str) -> Letter:
    rows = Letter.objects.filter(application__applicant__name=name, entry__data__has_key="decision")
    return rows.get()
