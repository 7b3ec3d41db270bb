from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from pulje.actions import document
from pulje.actions.application import attachment as actions
from pulje.actions.document import add_attachment
from pulje.enums import AttachmentKind, AttachmentReview
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Attachment
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, case_in
from tests.pulje.actions.telling import last_line, refuses

PDF = {"name": "a.pdf", "content_type": "application/pdf", "kind": AttachmentKind.BYLAWS}


def on(case, at, content=b"%PDF-1.7", **more):
    return add_attachment(case, by=people.asta(), at=at, content=content, **PDF, **more)


def test_remove_attachment_of_a_draft_takes_row_and_bytes(now, django_capture_on_commit_callbacks):
    draft = a_draft()
    attachment = on(draft, now)
    name, before = attachment.file.name, draft.journal.count()

    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_attachment(attachment, by=people.asta(), at=now)

    assert not Attachment.objects.exists()
    assert not default_storage.exists(name)
    assert draft.journal.count() == before


def test_bytes_stay_until_the_removal_is_committed(now):
    attachment = on(a_draft(), now)
    name = attachment.file.name

    actions.remove_attachment(attachment, by=people.asta(), at=now)

    assert default_storage.exists(name)


def test_what_was_added_to_a_returned_case_may_go_and_is_journalled(now):
    case = case_in(CaseState.RETURNED)
    attachment = on(case, now)
    gone = attachment.pk

    actions.remove_attachment(attachment, by=people.asta(), at=now)

    line = last_line(case)
    assert (line.event, line.data) == ("attachment_removed", {"attachment": gone})


def test_what_came_with_the_application_stays_on_the_case(now):
    case = case_in(CaseState.RETURNED)
    attachment = on(case, case.submitted_at - timedelta(hours=1))

    with refuses(WrongState, "Bilaget kom med ansøgningen"):
        actions.remove_attachment(attachment, by=people.asta(), at=now)


@pytest.mark.parametrize("person", [people.karl, people.ulla, people.mads])
def test_remove_attachment_is_the_applicant_s_own(now, person):
    attachment = on(a_draft(), now)

    with refuses(NotAllowed, "Kun ansøgeren selv"):
        actions.remove_attachment(attachment, by=person(), at=now)


def test_remove_attachment_ends_when_the_case_is_sent(now):
    attachment = on(case_in(CaseState.SUBMITTED), now)

    with refuses(WrongState, "Ansøgningen er sendt"):
        actions.remove_attachment(attachment, by=people.asta(), at=now)


def test_a_case_has_room_for_so_much(now, monkeypatch):
    monkeypatch.setattr(document, "LARGEST_CASE_BYTES", 10)
    draft = a_draft()
    on(draft, now, content=b"12345", question="plan")
    on(draft, now, content=b"67890")

    with refuses(RuleBroken, "Bilagene fylder tilsammen mere end 100 MB."):
        on(draft, now, content=b"x")

    assert document.filled_bytes(draft) == 10
    assert draft.attachments.filter(question="plan").count() == 1


# --- looked through by the house --------------------------------------------------------------


def test_review_says_whether_a_file_will_do(now):
    case = case_in(CaseState.SUBMITTED)
    file = on(case, now)
    karl, again = {"by": people.karl(), "at": now}, AttachmentReview.ASKED_AGAIN

    with refuses(RuleBroken, "Skriv, hvad der er galt med bilaget."):
        actions.review(file, **karl, review=again, note=" ")
    actions.review(file, **karl, review=again, note="Kan ikke åbnes.")
    assert (file.review, file.review_note, file.reviewed_by) == (
        again,
        "Kan ikke åbnes.",
        people.karl(),
    )
    assert actions.review(file, **karl, review=again, note="Kan ikke åbnes.") is None

    actions.review(file, **karl, review=AttachmentReview.ACCEPTED, note="Kan ikke åbnes.")
    file.refresh_from_db()
    assert (file.review, file.review_note) == (AttachmentReview.ACCEPTED, "")
    assert last_line(case).data == {"attachment": file.pk, "reason": "Godkendt"}


def test_entitle_is_for_a_public_register(now):
    case = case_in(CaseState.SUBMITTED)
    file = on(case, now)
    said = {"at": now, "public_title": " Vedtægter ", "is_exempt": True}

    actions.entitle(file, by=people.karl(), **said)
    assert (file.public_title, file.is_exempt) == ("Vedtægter", True)
    assert last_line(case).event == "attachment_titled"
    assert actions.entitle(file, by=people.karl(), **said) is None


def test_only_a_case_worker_who_is_free_looks_files_through(now):
    case = case_in(CaseState.SUBMITTED)
    file = on(case, now)
    people.seat(case.applicant, people.karl())

    for by in (people.karl(), people.dora(), people.asta()):
        with pytest.raises(NotAllowed):
            actions.review(file, by=by, at=now, review=AttachmentReview.ACCEPTED)
        with pytest.raises(NotAllowed):
            actions.entitle(file, by=by, at=now, public_title="x", is_exempt=False)
