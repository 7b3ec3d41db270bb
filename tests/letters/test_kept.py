"""What has been said, sent, received and approved stays: the database itself refuses a change."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from letters import actions
from letters.models import Channel, DeliveryReceipt, Letter, LetterState, ReceiptKind
from letters.opened import open_letter
from letters.receipts import take
from pulje.actions.decision.appeal_guidance import approve, read_of, write
from pulje.enums import LegalBasis
from pulje.states import CaseState as S
from tests import people
from tests.factories import case_in

SENT = "is sent and cannot be changed"
KEPT = "is kept and cannot be emptied"
LATER = "now() + interval '1 day'"
REFUSED = (
    ("update letters_letter set facts = '{}'", SENT),
    ("update letters_letter set title = 'x'", SENT),
    ("update letters_letter set state = 'QUEUED'", SENT),
    ("update letters_letter set sha256 = 'x'", SENT),
    ("update letters_letter set sent_at = null", SENT),
    ("update letters_letter set sent_at = sent_at - interval '1 day'", SENT),
    ("update letters_letter set available_at = available_at - interval '1 day'", SENT),
    ("update letters_letter set available_at = null", SENT),
    (f"update letters_letter set opened_at = {LATER}", SENT),
    ("update letters_letter set opened_at = null", SENT),
    ("delete from letters_letter", SENT),
    ("update letters_paper set pdf = 'x'", SENT),
    ("delete from letters_paper", SENT),
    ("update letters_enclosure set pdf = 'x'", SENT),
    ("delete from letters_enclosure", SENT),
    ("insert into letters_enclosure select id, 'x', 'x' from letters_letter", SENT),
    ("update letters_deliveryattempt set is_sent = false", "has ended and is kept"),
    ("update letters_deliveryattempt set detail = 'x'", "has ended and is kept"),
    ("delete from letters_deliveryattempt", "has ended and is kept"),
    ("update letters_deliveryreceipt set kind = 'REJECTED'", "is append-only"),
    ("delete from letters_deliveryreceipt", "is append-only"),
    ("update letters_lettertext set body = 'x' where approved_at is not null", "is approved"),
    ("update pulje_appealguidance set text = 'x' where approved_at is not null", "is approved"),
    ("delete from pulje_appealguidance where approved_at is not null", "is approved"),
    ("truncate letters_letter cascade", KEPT),
    ("truncate letters_paper", KEPT),
    ("truncate letters_enclosure", KEPT),
    ("truncate letters_lettertext cascade", KEPT),
    ("truncate letters_deliveryattempt", KEPT),
    ("truncate letters_deliveryreceipt", KEPT),
    ("truncate pulje_journalentry cascade", KEPT),
    ("truncate pulje_ledgerentry cascade", KEPT),
    ("truncate pulje_appealguidance", KEPT),
)


def an_opened_letter() -> Letter:
    """Sent, there, opened, with a receipt."""
    case = case_in(S.SUBMITTED)
    letter = Letter.objects.get(application=case, kind="RECEIPT")
    actions.render(letter.pk)
    actions.deliver(letter.pk)
    letter.refresh_from_db()
    now = timezone.now()
    open_letter(letter, by=people.asta(), at=now)
    take(Channel.EMAIL, "1", letter, ReceiptKind.OPENED, now)
    return letter


def an_approved_guidance() -> None:
    draft = write(LegalBasis.KFM, by=people.karl(), at=timezone.now(), text="Du kan klage.")
    approve(draft, by=people.dora(), at=timezone.now(), read=read_of(draft))


@pytest.mark.django_db
def test_the_database_refuses_to_change_what_is_proof(subtests: pytest.Subtests) -> None:
    an_opened_letter()
    an_approved_guidance()
    cursor = connection.cursor()
    cursor.execute("set constraints all immediate")  # a table with open questions is not emptied
    cursor.execute("set local puljer.may_empty = 'off'")  # as outside the tests

    for change, why in REFUSED:
        with (
            subtests.test(change),
            pytest.raises(DatabaseError, match=why),
            transaction.atomic(),
        ):
            cursor.execute(change)


@pytest.mark.django_db
def test_what_came_back_may_leave_again() -> None:
    letter = an_opened_letter()
    Letter.objects.update(state=LetterState.FAILED, failure="Retur", available_at=None)

    Letter.objects.update(state=LetterState.APPROVED, failure="", channel=Channel.PRINT)
    Letter.objects.update(
        state=LetterState.AVAILABLE, sent_at=timezone.now(), available_at=timezone.now()
    )

    letter.refresh_from_db()
    assert letter.is_sent
    assert DeliveryReceipt.objects.count() == 1
