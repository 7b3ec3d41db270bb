"""What was typed reaches letters, mails and PDFs: as text, whatever it is."""

import pytest
from django.core.mail import EmailMessage

from letters.mails.actions import queue_mail
from letters.models import Letter
from letters.tasks import deliver_due, send_mails
from pulje.states import CaseState
from tests.factories import an_applicant, case_in
from tests.hostile.naughty import ALL, plain
from tests.letters.text import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("texts")]
ALL_OF_THEM = [text for text in map(plain, ALL) if "\x00" not in text]
MARKUP = "<script>alert(1)</script>"
TURNED = "Naboerne\r\nBcc: alle@puljer.example"


@pytest.mark.parametrize("part", [0, 1])
def test_every_string_is_printed(part: int) -> None:
    half = ALL_OF_THEM[part::2]
    ours = an_applicant(name=TURNED)
    case = case_in(
        CaseState.SUBMITTED,
        applicant=ours,
        title=MARKUP,
        description="\n".join(half)[:10_000],
        contact_name=MARKUP,
    )

    deliver_due()

    letter = Letter.objects.get(application=case)
    assert letter.is_sent
    assert MARKUP in text_of(letter.enclosure.pdf)


def test_a_mail_takes_no_line_from_a_name(mailoutbox: list[EmailMessage]) -> None:
    facts = {"partner": 1, "name": MARKUP, "leader": TURNED, "applicant": TURNED, "title": MARKUP}
    queue_mail("PARTNER_CONFIRMATION", to="leder@skole.example", cause="x", facts=facts)

    send_mails()

    (sent,) = mailoutbox
    assert (sent.to, sent.bcc, sent.cc) == (["leder@skole.example"], [], [])
    assert [name for name in sent.message() if name == "Bcc"] == []
