"""A letter that stopped: never sent about a decision that is gone, and as of the day it goes on."""

import json
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from letters import actions, batches, receipts
from letters.delivery import Parcel, email
from letters.letter_way import steps_of
from letters.models import (
    CLAIM_LASTS,
    MAX_ATTEMPTS,
    Channel,
    DeliveryReceipt,
    Letter,
    LetterState,
    LetterText,
    ReceiptKind,
)
from letters.tasks import deliver_due
from pulje.actions.application.applicant import correct_contact
from pulje.actions.decision import decision
from pulje.errors import RuleBroken, WrongState
from pulje.models import AppealGuidance, Applicant, Application, Decision, JournalEntry, User
from pulje.states import CaseState
from tests import people
from tests.factories import an_applicant, case_in, walk_to
from tests.letters import gated
from tests.letters.reading import approve, read
from tests.locks import in_one_order
from workflow.hands import carry_out

pytestmark = pytest.mark.django_db
NOW = timezone.now
ASKED = "MISSING_INFORMATION"
F, Q, S = LetterState.FAILED, LetterState.QUEUED, LetterState.SUPERSEDED
PLACE = {"street": "Kirkevej 1", "postcode": "2840", "town": "Holte"}


def fresh(letter: Letter) -> Letter:
    return Letter.objects.select_related("application").get(pk=letter.pk)


def put(letter: Letter, **columns: object) -> None:
    Letter.objects.filter(pk=letter.pk).update(**columns)


def receipt(**applicant: object) -> Letter:
    """Made today, and ready to leave."""
    case = case_in(CaseState.SUBMITTED, starts=NOW(), applicant=an_applicant(**applicant))
    letter = Letter.objects.get(application=case)
    actions.render(letter.pk)
    assert fresh(letter).state == LetterState.APPROVED
    return fresh(letter)


def annul(letter: Letter) -> None:
    carry_out(decision.annul, letter.application, by=people.dora(), reason="Fejl i sagen.")


def redecide(letter: Letter) -> None:
    more = {"amount_kr": Decimal(35_000), "reasons": "Fællesskab er beskrevet, viser klagen."}
    carry_out(decision.redecide, letter.application, by=people.sanne(), **more)


def test_a_decision_that_is_taken_away_takes_its_letters_with_it(
    guidance: AppealGuidance,
) -> None:
    failed, paused, replaced = gated.award(), gated.award(), gated.partial_award()
    put(failed, state=F, failure="Ingen vej.", approved_at=NOW(), approved_by=people.rie())
    sheets = read([paused])
    batch = batches.make_batch([paused], by=people.rie(), at=NOW(), name="Breve", read=sheets)
    batches.pause(batch, by=people.rie(), at=NOW())
    put(replaced, state=F, failure="Ingen vej.")

    annul(failed)
    annul(paused)
    redecide(replaced)

    assert {fresh(one).state for one in (failed, paused, replaced)} == {S}
    assert fresh(paused).batch is None
    case = replaced.application
    told = Letter.objects.filter(application=case, kind="PARTIAL_AWARD").order_by("pk")
    assert [one.state for one in told] == [S, Q]
    for do in (
        lambda: actions.retry(failed, by=people.rie()),
        lambda: actions.change_channel(failed, channel=Channel.PRINT, by=people.rie(), at=NOW()),
    ):
        with pytest.raises(WrongState):
            do()


def test_a_worker_that_has_it_in_hand_sees_that_its_decision_is_gone(
    guidance: AppealGuidance,
) -> None:
    in_hand, again = gated.award(), gated.award()
    for one in (in_hand, again):
        put(one, state=LetterState.APPROVED, claimed_at=NOW())
    put(again, sent_at=NOW())
    for one in (in_hand, again):
        annul(one)
        put(one, claimed_at=NOW() - CLAIM_LASTS * 2)

    assert not actions.deliver(in_hand.pk)
    assert not actions.deliver(again.pk)

    assert (fresh(in_hand).state, fresh(again).state) == (S, S)
    Letter.objects.filter(application=again.application, state=Q).update(state=S)
    Letter.objects.filter(application=again.application, kind="RECEIPT").update(state=S)
    assert not actions.is_awaited(again.application)


def test_what_asks_for_what_nobody_waits_for_is_not_sent() -> None:
    """The answer came by phone, or the case was withdrawn, before the letter got out."""
    failed, leaving = walk_to(CaseState.RETURNED), walk_to(CaseState.RETURNED)
    asked = [Letter.objects.get(application=one.case, kind=ASKED) for one in (failed, leaving)]
    put(asked[0], state=F, failure="Ingen vej.")
    put(asked[1], state=LetterState.APPROVED, sha256="0" * 64, rendered_at=NOW())
    assert actions.is_awaited(failed.case)

    failed.answer()
    leaving.withdraw()
    actions.retry(asked[0], by=people.rie())
    assert not actions.deliver(asked[1].pk)

    assert [fresh(one).state for one in asked] == [S, S]
    assert [one.delivery_attempts.count() for one in asked] == [0, 0]
    assert steps_of(fresh(asked[0]), [], [])[-1][1] == "Det, brevet siger, gælder ikke længere."
    kinds = leaving.case.letters.exclude(state=S).values_list("kind", flat=True)
    assert set(kinds) == {"RECEIPT", "WITHDRAWAL"}


def test_what_nobody_was_told_is_annulled_without_a_letter(guidance: AppealGuidance) -> None:
    untold, told = gated.award(), gated.award()
    put(told, state=LetterState.SENT, sent_at=NOW())

    annul(untold)
    annul(told)

    counts = [one.application.letters.filter(kind="ANNULMENT").count() for one in (untold, told)]
    assert counts == [0, 1]
    assert untold.application.journal.latest("number").event == "annulment_untold"


def test_what_was_sent_about_a_gone_decision_ends_when_it_comes_back(
    guidance: AppealGuidance,
) -> None:
    back_before, back_after, refused, taken = (gated.award() for _one in range(4))
    for one in (back_before, back_after, refused):
        put(one, state=LetterState.SENT, sent_at=NOW())
    put(refused, channel=Channel.DIGITAL_POST)
    for where in (refused, taken):
        Applicant.objects.filter(pk=where.application.applicant_id).update(**PLACE)
    put(taken, state=LetterState.APPROVED, sent_at=NOW(), attempts=MAX_ATTEMPTS)

    def come_back(letter: Letter, source: Channel, kind: ReceiptKind) -> None:
        receipts.take(source, f"nr:{letter.pk}", letter, kind, NOW(), "adressen findes ikke")

    come_back(back_before, Channel.EMAIL, ReceiptKind.BOUNCED)
    assert fresh(back_before).state == F
    for one in (back_before, back_after, refused, taken):
        annul(one)
    come_back(back_after, Channel.EMAIL, ReceiptKind.BOUNCED)
    come_back(refused, Channel.DIGITAL_POST, ReceiptKind.REJECTED)

    for one, why in (
        (back_before, "Mailen kom retur: adressen findes ikke"),
        (back_after, "Mailen kom retur: adressen findes ikke"),
        (refused, "Brevet blev afvist: adressen findes ikke"),
        (taken, ""),
    ):
        one = fresh(one)
        assert (one.state, one.failure, one.sent_at is None) == (S, why, False)
        told = f"Det, brevet siger, gælder ikke længere. {why}".strip()
        assert steps_of(one, [], [])[-1] == ("Sendes ikke igen", told, "current")
    with pytest.raises(WrongState):
        actions.retry(back_after, by=people.rie())
    receipts.take(Channel.EMAIL, "there", back_after, ReceiptKind.AVAILABLE, NOW())
    assert fresh(back_after).state == LetterState.AVAILABLE  # it had come all the same


def test_what_was_sent_once_is_sent_again_and_never_read_again(guidance: AppealGuidance) -> None:
    bounced, rejected = gated.award(), gated.partial_award()
    put(bounced, state=F, failure="Mailen kom retur.", sent_at=NOW() - timedelta(days=2))
    Decision.objects.filter(application=bounced.application).update(reasons="")
    sheets = read([rejected])
    batch = batches.make_batch([rejected], by=people.rie(), at=NOW(), name="Breve", read=sheets)
    put(rejected, sent_at=NOW(), channel=Channel.PRINT)  # Digital Post took it, and then did not

    actions.retry(bounced, by=people.rie())
    with pytest.raises(WrongState):
        batches.take_back(batch, by=people.rie(), at=NOW())

    assert fresh(bounced).state == LetterState.APPROVED
    assert fresh(rejected).state == LetterState.APPROVED
    assert fresh(rejected).approved_by == people.rie()


def test_an_error_nobody_foresaw_is_given_up_and_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    letter = receipt()

    def broken(_port: object, _parcel: Parcel) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(email.EmailPort, "send", broken)
        for _try in range(MAX_ATTEMPTS + 3):
            deliver_due()
            put(letter, claimed_at=NOW() - CLAIM_LASTS * 2)

    assert letter.delivery_attempts.count() == MAX_ATTEMPTS
    assert fresh(letter).state == F
    assert fresh(letter).failure == "Brevet kunne ikke sendes i 5 forsøg. Se loggen."
    put(letter, state=LetterState.APPROVED, failure="")
    actions.remake(letter, by=people.karl(), at=NOW())  # who took it is dead
    assert fresh(letter).state == Q


def test_a_letter_of_another_day_is_made_anew_and_read_anew(guidance: AppealGuidance) -> None:
    moved = gated.partial_award(applicant=an_applicant(**PLACE))
    old, worn = gated.award(), receipt()
    for one in (old, moved):
        put(one, state=F, failure="Ingen vej.", approved_at=NOW(), approved_by=people.rie())
    put(worn, state=F, failure="Ingen vej.")
    LetterText.objects.filter(pk=worn.text_id).update(
        valid_until=timezone.localdate() - timedelta(days=1)
    )
    today = timezone.localdate()

    actions.retry(old, by=people.rie())
    actions.change_channel(moved, channel=Channel.PRINT, by=people.rie(), at=NOW())
    actions.retry(worn, by=people.rie())

    for one in (old, moved, worn):
        one = fresh(one)
        assert (one.state, one.approved_by, one.sha256) == (Q, None, "")
        assert one.facts["issued_on"] == today.isoformat()
    case = Application.objects.get(pk=old.application_id)
    assert fresh(old).facts["due_on"] == case.due_on.isoformat()
    assert fresh(moved).channel == Channel.PRINT
    LetterText.objects.filter(pk=worn.text_id).update(valid_until=None)
    deliver_due()
    assert fresh(old).state == LetterState.AVAILABLE  # by delegation: the gate is open
    assert fresh(moved).state == LetterState.RENDERED
    approve(fresh(moved), people.rie())


def test_a_letter_to_an_address_that_was_wrong_never_leaves(guidance: AppealGuidance) -> None:
    """The house corrects it when the letter is made: FAILED, on its way, to be read, or let go."""
    failed, leaving = receipt(**PLACE), receipt(**PLACE)
    waiting, paused = (gated.partial_award(applicant=an_applicant(**PLACE)) for _one in range(2))
    put(failed, state=F, failure="Ingen vej.")
    for one in (waiting, paused):
        actions.remake(one, by=people.rie(), at=NOW())
        actions.render(one.pk)
    batch = batches.make_batch(
        [paused], by=people.rie(), at=NOW(), name="Breve", read=read([fresh(paused)])
    )
    batches.pause(batch, by=people.rie(), at=NOW())
    for one in (failed, leaving, waiting, paused):
        who = fresh(one).application.applicant
        here = {"email": who.email, "phone": who.phone}
        new = PLACE | here | {"street": "Nyvej 2"}
        correct_contact(who, by=people.karl(), at=NOW(), **new)

    actions.retry(failed, by=people.rie())
    with pytest.raises(RuleBroken, match="en modtager og adresse"):
        approve(fresh(waiting), people.rie())
    assert batches.resume(batch, by=people.rie(), at=NOW()) == 1
    assert not actions.deliver(leaving.pk)
    assert (fresh(leaving).state, fresh(leaving).attempts) == (Q, 0)
    line = leaving.application.journal.latest("number")
    assert (line.event, line.by, line.data["letter"]) == ("letter_remade", None, leaving.pk)

    for one in (waiting, paused):
        assert fresh(one).state == LetterState.RENDERED
        actions.remake(one, by=people.rie(), at=NOW())
    for one in (failed, leaving, waiting, paused):
        actions.render(one.pk)
        one = fresh(one)
        assert "Nyvej 2" in one.facts["address"]
        assert "Nyvej 2" in PdfReader(BytesIO(one.paper.pdf)).pages[0].extract_text()
    approve(fresh(waiting), people.rie())
    assert actions.deliver(failed.pk)
    assert actions.deliver(leaving.pk)


def test_a_letter_to_a_child_is_addressed_to_the_guardian(
    settings: LazySettings, tmp_path: Path
) -> None:
    settings.LETTER_PRINT_DIR = tmp_path
    child = an_applicant(kind="INDIVIDUAL", name="Ask Holm", **PLACE)
    walk = walk_to(CaseState.SUBMITTED, starts=NOW() - timedelta(days=1), applicant=child)
    born_on = timezone.localdate() - timedelta(days=14 * 365)
    User.objects.filter(memberships__applicant=child).update(born_on=born_on)
    walk.ask()
    letter = Letter.objects.get(application=walk.case, kind="MISSING_INFORMATION")
    actions.render(letter.pk)
    letter = fresh(letter)

    actions.deliver(letter.pk)

    assert letter.channel == Channel.PRINT
    assert "til værgen" in letter.channel_reason
    said = PdfReader(BytesIO(letter.paper.pdf)).pages[0].extract_text()
    envelope = next(tmp_path.glob("*.json")).read_text()
    assert "Til værgen for Ask Holm" in said
    assert "Til værgen for Ask Holm" in json.loads(envelope)["modtager"][0]


def test_what_a_person_has_made_anew_is_made_next_and_stuck_like_any_other() -> None:
    late, mine = receipt(), receipt()
    put(late, state=Q, next_attempt_at=NOW() - timedelta(minutes=5))

    actions.remake(mine, by=people.rie(), at=NOW())

    assert fresh(mine).next_attempt_at < fresh(late).next_attempt_at
    put(late, state=LetterState.SENT, sent_at=NOW())
    put(mine, state=LetterState.RENDERED, sha256="0" * 64)
    actions.remake(mine, by=people.rie(), at=NOW())
    soon, then = (NOW() + timedelta(minutes=minutes) for minutes in (29, 31))
    stuck = [Letter.objects.stuck(at).filter(pk=mine.pk).count() for at in (soon, then)]
    assert stuck == [0, 1]


def test_remaking_many_asks_no_more_for_more(guidance: AppealGuidance) -> None:
    """Each with a deadline that moves; the cases are locked in their own order."""
    counts = []
    for made in ([gated.award()], [gated.award() for _one in range(3)]):
        with CaptureQueriesContext(connection) as queries, in_one_order():
            actions.remake_many(made, by=people.rie(), at=NOW())
        counts.append(len(queries))
        lines = JournalEntry.objects.filter(application__in=[one.application for one in made])
        events = list(lines.order_by("-number").values_list("event", flat=True)[: 2 * len(made)])
        assert sorted(events) == sorted(["deadline_counted", "letter_remade"] * len(made))

    assert counts[0] == counts[1]


def test_the_envelope_is_for_where_the_recipient_lives_today(
    settings: LazySettings, tmp_path: Path
) -> None:
    settings.LETTER_PRINT_DIR = tmp_path
    letter = receipt()
    actions.deliver(letter.pk)
    bounce(letter)
    with pytest.raises(RuleBroken, match="Ret ansøgers e-mail eller adresse"):
        actions.retry(letter, by=people.rie())
    Applicant.objects.filter(pk=letter.application.applicant_id).update(**PLACE)

    actions.retry(letter, by=people.rie())

    assert (fresh(letter).channel, fresh(letter).channel_reason) == ("PRINT", "Mailen kom retur.")
    assert actions.deliver(letter.pk)
    envelope = next(tmp_path.glob("*.json")).read_text()
    assert "2840 Holte" in envelope


def test_a_way_that_was_chosen_stays_and_another_address_is_tried() -> None:
    by_hand, new_mail = receipt(**PLACE), receipt(**PLACE)
    for one in (by_hand, new_mail):
        actions.deliver(one.pk)
        bounce(one)
    actions.change_channel(by_hand, channel=Channel.PRINT, by=people.rie(), at=NOW())
    put(by_hand, state=F, failure="Mappen til print kan ikke skrives.")
    Application.objects.filter(pk=new_mail.application_id).update(contact_email="ny@x.example")

    for one in (by_hand, new_mail):
        actions.retry(one, by=people.rie())

    assert (fresh(by_hand).channel, fresh(new_mail).channel) == ("PRINT", "EMAIL")
    assert fresh(by_hand).channel_reason == f"Valgt af {people.rie().name}"
    assert fresh(new_mail).recipient_email == "ny@x.example"
    moved = JournalEntry.objects.filter(event="letter_channel_changed")
    assert moved.count() == 1


def bounce(letter: Letter) -> None:
    put(letter, state=F, failure="Mailen kom retur.", available_at=None)
    DeliveryReceipt.objects.create(
        letter=letter,
        source=Channel.EMAIL,
        number=f"dsn:{letter.pk}",
        kind=ReceiptKind.BOUNCED,
        at=NOW(),
        received_at=NOW(),
    )
