"""The verbs of a letter: once per cause, frozen facts, second reader, tries and failures."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from letters import actions, render
from letters.actions import make
from letters.delivery.fake import FakePort
from letters.models import MAX_ATTEMPTS, Channel, DeliveryAttempt, Letter, LetterState, Paper
from letters.tasks import deliver_due
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import AppealGuidance, Application, ConflictOfInterest, JournalEntry
from pulje.states import CaseState as S
from tests import people
from tests.factories import a_draft, a_pool, an_applicant, case_in
from tests.letters.gated import days_ago
from tests.letters.reading import approve

pytestmark = pytest.mark.django_db


def letter_of(case: Application, kind: str) -> Letter:
    return Letter.objects.get(application=case, kind=kind)


PLACE = {"street": "Kirkevej 1", "postcode": "2840", "town": "Holte"}


def receipt(**draft: object) -> Letter:
    return letter_of(case_in(S.SUBMITTED, **draft), "RECEIPT")


def rejection() -> Letter:
    letter = letter_of(case_in(S.REJECTED, starts=days_ago(8)), "REJECTION")
    actions.render(letter.pk)
    letter.refresh_from_db()
    return letter


def sent() -> Letter:
    letter = receipt()
    actions.render(letter.pk)
    actions.deliver(letter.pk)
    letter.refresh_from_db()
    return letter


# --- queue ---


def test_one_letter_per_cause_however_often_it_is_queued() -> None:
    letter = receipt()
    assert letter.entry is not None

    again = actions.queue_for_entry(letter.entry)

    assert again == [letter]
    assert Letter.objects.count() == 1


def test_facts_stay_as_they_were_told() -> None:
    letter = receipt(title="Fællesspisning")

    Application.objects.filter(pk=letter.application_id).update(title="Noget andet")

    letter.refresh_from_db()
    assert letter.facts["project"] == "Fællesspisning"
    assert len(letter.facts_sha256) == 64
    assert letter.title == "Kvittering for ansøgning"


def test_queries_do_not_grow_with_the_letters(
    guidance: AppealGuidance, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cases = [case_in(state) for state in (S.APPROVED, S.REJECTED, S.APPROVED)]
    entries = list(JournalEntry.objects.filter(application__in=cases, event__contains="dec"))
    entries += list(JournalEntry.objects.filter(application__in=cases, event="reject_formally"))
    connection.cursor().execute("delete from letters_letter")

    for some in (entries[:1], entries):
        # savepoint, archive, cases, decisions, 2 texts, points, payments, mails, ways, authors,
        # and two more
        with django_assert_num_queries(14):
            actions.queue_many(some)

    assert Letter.objects.count() == 3


@pytest.mark.parametrize(
    ("draft", "channel"),
    [
        ({}, Channel.EMAIL),
        ({"contact_email": ""}, Channel.PRINT),
        ({"test": True}, Channel.NOWHERE),
    ],
    ids=["an address", "no address", "a pool in test mode"],
)
def test_the_way_out(draft: dict[str, object], channel: Channel) -> None:
    pool = a_pool()
    if draft.pop("test", False):
        type(pool).objects.filter(pk=pool.pk).update(is_test=True)
    case = a_draft(pool=pool, applicant=an_applicant(email=""))
    Application.objects.filter(pk=case.pk).update(**draft)
    case.refresh_from_db()
    entry = JournalEntry.objects.create(
        application=case, number=1, event="submit", at=timezone.now(), hash="0"
    )
    Application.objects.filter(pk=case.pk).update(number="X-1")

    (letter,) = actions.queue_for_entry(entry)

    assert letter.channel == channel


def test_without_approved_guidance_a_refusal_waits_with_its_reason() -> None:
    letter = letter_of(case_in(S.REJECTED), "REJECTION")

    assert letter.state == LetterState.FAILED
    assert letter.failure == (
        "Klagevejledningen for Kommunalfuldmagten er ikke godkendt. Få den godkendt, og prøv igen."
    )
    with pytest.raises(RuleBroken, match="ikke godkendt"):
        actions.retry(letter, by=people.karl())


def test_a_refusal_goes_on_when_the_guidance_is_approved(
    request: pytest.FixtureRequest,
) -> None:
    letter = letter_of(case_in(S.REJECTED), "REJECTION")
    request.getfixturevalue("guidance")

    actions.retry(letter, by=people.karl())

    letter.refresh_from_db()
    assert (letter.state, letter.failure) == (LetterState.QUEUED, "")
    assert letter.facts["guidance"]["paragraphs"][0].startswith("Hvis I er uenig")
    assert letter.facts["guidance"]["paragraphs"][1].endswith("{andet}")  # an unknown word stays


# --- render ---


def test_render_keeps_pdf_hashes_and_versions() -> None:
    letter = receipt()

    assert actions.render(letter.pk)
    assert not actions.render(letter.pk)

    letter.refresh_from_db()
    assert letter.state == LetterState.APPROVED
    assert letter.renderer == "WeasyPrint 70.0"
    assert letter.template_version.endswith(f" {actions.text_version()}")
    assert letter.text is not None
    assert letter.template_version.startswith("RECEIPT 1 ")
    assert bytes(letter.paper.pdf).startswith(b"%PDF-1.7")


def test_a_letter_that_cannot_be_made_fails_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    letter = receipt()
    monkeypatch.setattr(render, "LETTER", replace(render.LETTER, html_bytes=10))

    assert not actions.render(letter.pk)

    letter.refresh_from_db()
    assert letter.state == LetterState.FAILED
    assert letter.failure == "Brevet har for meget tekst. Forkort begrundelsen, og prøv igen."


def test_a_letter_that_kills_its_worker_is_given_up() -> None:
    letter = receipt()
    Letter.objects.update(attempts=MAX_ATTEMPTS)

    assert not actions.render(letter.pk)

    letter.refresh_from_db()
    assert letter.state == LetterState.FAILED


def test_one_broken_letter_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = receipt(), receipt()
    whole = actions.letter_html

    def broken(letter: Letter, *chosen: Any) -> str:
        if letter.pk == first.pk:
            raise ZeroDivisionError
        return whole(letter, *chosen)

    monkeypatch.setattr(make, "letter_html", broken)

    assert deliver_due() == 1
    second.refresh_from_db()
    assert second.state == LetterState.AVAILABLE


# --- second reader ---


def test_a_refusal_waits_for_a_second_reader(guidance: AppealGuidance) -> None:
    letter = rejection()

    assert not actions.deliver(letter.pk)
    approve(letter, people.rie())

    assert actions.deliver(letter.pk)


def test_a_stranger_and_a_disqualified_reader_are_refused(guidance: AppealGuidance) -> None:
    letter = rejection()
    ConflictOfInterest.objects.create(
        application=letter.application,
        user=people.rie(),
        reason="Søster",
        declared_at=timezone.now(),
        declared_by=people.rie(),
    )

    for person in (people.asta(), people.rie()):
        with pytest.raises(NotAllowed):
            approve(letter, person)


def test_a_letter_is_read_once_and_not_by_its_author(guidance: AppealGuidance) -> None:
    letter = rejection()
    with pytest.raises(NotAllowed, match="En kollega skal læse det"):
        approve(letter, people.karl())
    approve(letter, people.rie())

    with pytest.raises(WrongState, match="venter ikke"):
        approve(letter, people.rie())


# --- deliver ---


def test_a_letter_is_mailed_once_and_journalled() -> None:
    letter = sent()

    assert not actions.deliver(letter.pk)

    (message,) = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    number = letter.application.number
    assert message.subject == f"Nyt brev i jeres sag {number}"
    assert message.to == ["asta@puljer.example"]
    assert message.message()["Message-ID"] == letter.message_id
    assert message.attachments == []
    assert f"/ansoeg/{letter.application_id}/" in message.body
    assert "I har fået et brev" in message.body
    assert letter.state == LetterState.AVAILABLE
    there, left = letter.application.journal.order_by("-number")[:2]
    assert (left.event, left.data["sha256"]) == ("letter_sent", letter.sha256)
    assert (there.event, there.data["kind"]) == ("letter_available", "RECEIPT")


def test_a_test_pool_sends_nothing() -> None:
    letter = receipt()
    Letter.objects.update(channel=Channel.NOWHERE)

    deliver_due()

    assert mail.outbox == []
    assert letter.message_id in FakePort.sent


def test_a_letter_is_printed_when_there_is_an_address_for_its_envelope(
    settings: object, tmp_path: object
) -> None:
    settings.LETTER_PRINT_DIR = tmp_path  # type: ignore[attr-defined]
    letter, lost = (receipt(applicant=an_applicant(**at)) for at in (PLACE, {"town": "Holte"}))
    Letter.objects.update(channel=Channel.PRINT)

    deliver_due()

    lost.refresh_from_db()
    assert lost.state == LetterState.FAILED
    assert lost.failure.startswith("Adressen mangler vej eller postnummer.")
    assert not list(tmp_path.glob(f"{lost.application.number}-*"))  # type: ignore[attr-defined]
    file = tmp_path / f"{letter.application.number}-{letter.uuid}.pdf"  # type: ignore[operator]
    assert file.read_bytes() == bytes(letter.paper.pdf)


def broken_mail(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def send(_self: object, *_args: object, **_kwargs: object) -> int:
        raise error

    monkeypatch.setattr(EmailMultiAlternatives, "send", send)


def test_a_silent_mail_server_is_tried_five_times(monkeypatch: pytest.MonkeyPatch) -> None:
    letter = receipt()
    actions.render(letter.pk)
    broken_mail(monkeypatch, SMTPServerDisconnected("gone"))

    waits = []
    for _try in range(MAX_ATTEMPTS):
        Letter.objects.update(next_attempt_at=timezone.now())
        assert not actions.deliver(letter.pk)
        letter.refresh_from_db()
        waits.append(round((letter.next_attempt_at - timezone.now()) / timedelta(minutes=1)))

    assert waits == [1, 5, 25, 125, 625]
    assert (letter.state, letter.failure) == (LetterState.FAILED, "Mailserveren svarer ikke.")
    assert DeliveryAttempt.objects.filter(letter=letter, is_sent=False).count() == MAX_ATTEMPTS
    assert not actions.deliver(letter.pk)


def test_an_unknown_address_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    letter = receipt()
    actions.render(letter.pk)
    broken_mail(monkeypatch, SMTPRecipientsRefused({"x": (550, b"unknown")}))

    actions.deliver(letter.pk)

    letter.refresh_from_db()
    assert letter.failure == "Mailserveren kender ikke modtagerens adresse."


def test_a_failed_letter_is_taken_up_again_with_the_new_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    letter = receipt()
    actions.render(letter.pk)
    with monkeypatch.context() as patch:
        broken_mail(patch, SMTPRecipientsRefused({"x": (550, b"unknown")}))
        actions.deliver(letter.pk)
    Application.objects.filter(pk=letter.application_id).update(contact_email="ny@puljer.example")

    actions.retry(letter, by=people.karl())

    actions.render(letter.pk)  # it was of another day
    assert actions.deliver(letter.pk)
    assert mail.outbox[0].to == ["ny@puljer.example"]


def test_a_letter_that_has_not_failed_is_not_tried_again() -> None:
    with pytest.raises(WrongState):
        actions.retry(sent(), by=people.karl())


def test_a_claim_is_respected_until_it_is_old() -> None:
    letter = receipt()
    actions.render(letter.pk)
    Letter.objects.update(claimed_at=timezone.now() - timedelta(minutes=9))
    assert not actions.deliver(letter.pk)

    Letter.objects.update(claimed_at=timezone.now() - timedelta(minutes=11))
    assert actions.deliver(letter.pk)


def test_facts_are_plain_json() -> None:
    letter = receipt()

    assert json.loads(render.canonical(letter.facts)) == letter.facts
    assert SimpleNamespace(**letter.facts).requested_kr == str(Decimal("8000.00"))
    assert Paper.objects.count() == 0
