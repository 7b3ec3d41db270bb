"""Letters ready to be sent, made without the printer: these tests are about the way."""

import hashlib

from django.utils import timezone

from letters.models import Channel, Letter, LetterState, Paper
from pulje.models import Application
from pulje.states import CaseState
from tests.factories import an_applicant, case_in

PDF = b"%PDF-1.7 et lille brev"


def a_letter(*, channel: Channel = Channel.DIGITAL_POST, **applicant: object) -> Letter:
    """An approved receipt to an association with CVR number and address."""
    place = {"street": "Kirkevej 1", "postcode": "2840", "town": "Holte"}
    case = case_in(CaseState.SUBMITTED, applicant=an_applicant(**(place | applicant)))
    return ready(Letter.objects.get(application=case, kind="RECEIPT"), channel)


def ready(letter: Letter, channel: Channel = Channel.DIGITAL_POST) -> Letter:
    letter.state, letter.channel = LetterState.APPROVED, channel
    letter.sha256, letter.rendered_at = hashlib.sha256(PDF).hexdigest(), timezone.now()
    letter.next_attempt_at = timezone.now()
    letter.save()
    Paper.objects.create(letter=letter, pdf=PDF)
    return letter


def due_again(letter: Letter) -> None:
    """The pause after a failed try is over."""
    Letter.objects.filter(pk=letter.pk).update(next_attempt_at=timezone.now())
    letter.refresh_from_db()


def events(case: Application) -> list[str]:
    return list(case.journal.order_by("number").values_list("event", flat=True))
