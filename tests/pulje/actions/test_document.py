import hashlib

from pulje.actions import document as actions
from pulje.actions.casework.tie import disqualify
from pulje.enums import AttachmentKind
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import Attachment, Note
from pulje.states import CaseState
from tests import people
from tests.factories import case_in
from tests.pulje.actions.telling import last_line, refuses

S = CaseState
PDF = {
    "name": "Regnskab 2026 (Asta Jensen).pdf",
    "content_type": "application/pdf",
    "content": b"%PDF-1.7",
    "kind": AttachmentKind.ACCOUNTS,
}


def test_messages_go_both_ways(now):
    case = case_in(S.SUBMITTED)

    asked = actions.write_message(case, by=people.asta(), at=now, text="Hvornår svarer I?")
    told = actions.write_message(case, by=people.karl(), at=now, text="Om to uger.")

    assert (asked.is_from_applicant, told.is_from_applicant) == (True, False)
    assert (last_line(case).event, last_line(case).data) == ("message", {"message": told.pk})


def test_write_message_refuses(now):
    case = case_in(S.SUBMITTED)

    with refuses(RuleBroken, "Skriv en besked."):
        actions.write_message(case, by=people.asta(), at=now, text=" ")
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.write_message(case, by=people.ulla(), at=now, text="Hej")


def test_note_is_the_house_s_own(now):
    case = case_in(S.SUBMITTED)

    note = actions.write_note(
        case, by=people.karl(), at=now, text="Asta ringede.", is_phone_call=True
    )

    assert (note.is_phone_call, last_line(case).data) == (True, {"note": note.pk})
    with refuses(RuleBroken, "Skriv en note."):
        actions.write_note(case, by=people.karl(), at=now, text="")
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.write_note(case, by=people.asta(), at=now, text="Hej")
    assert Note.objects.count() == 1


def test_attachment_keeps_bytes_and_a_name_that_says_nothing(now):
    case = case_in(S.SUBMITTED)

    actions.add_attachment(case, by=people.asta(), at=now, **PDF)

    kept = Attachment.objects.get()
    assert kept.sha256 == hashlib.sha256(b"%PDF-1.7").hexdigest()
    with kept.file.open() as file:
        assert (kept.name, kept.size, file.read()) == (PDF["name"], 8, b"%PDF-1.7")
    assert "Asta" not in kept.file.name
    assert last_line(case).data == {"attachment": kept.pk}


def test_the_disqualified_write_only_as_the_party_they_are(now):
    case = case_in(S.SUBMITTED)
    for person in (people.karl(), people.dora()):
        disqualify(case, by=person, at=now, person=person, reason="Nabo")
    people.seat(case.applicant, people.dora(), role="BOARD")

    for deed, facts in (
        (actions.write_message, {"text": "Hej"}),
        (actions.write_note, {"text": "Hej"}),
        (actions.add_attachment, PDF),
    ):
        with refuses(NotAllowed, "Du er inhabil i sagen"):
            deed(case, by=people.karl(), at=now, **facts)
    message = actions.write_message(case, by=people.dora(), at=now, text="Vi er flyttet.")
    assert message.is_from_applicant
