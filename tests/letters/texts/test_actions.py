"""Who writes and approves a text, which one a letter is made with, and that it stays so."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from letters import actions as letters
from letters.models import Letter, LetterState, LetterText
from letters.texts import actions
from letters.texts.standard import Standard
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import User
from pulje.states import CaseState
from tests import people
from tests.factories import a_pool, case_in

pytestmark = pytest.mark.django_db
NOW = timezone.now()  # once: a run may last past midnight
TODAY = timezone.localdate(NOW)
KIND = "WITHDRAWAL"


def write(kind: str = KIND, basis: str = "", *, by: User | None = None, **said: Any) -> LetterText:
    words = {"heading": "Farvel", "body": "Vi lukker sagen.", "valid_from": TODAY} | said
    return actions.write(kind, basis, by=by or people.karl(), at=NOW, **words)


def approve(text: LetterText) -> LetterText:
    return actions.approve(text, by=people.dora(), at=NOW, read=actions.read_of(text))


def test_the_words_that_were_read_are_the_words_approved() -> None:
    read = write()
    write(body="Noget andet.")  # the same row, while the leader reads

    with pytest.raises(RuleBroken, match="ændret, siden du åbnede"):
        approve(read)
    read.refresh_from_db()
    write(body=read.body, valid_until=TODAY + timedelta(1))
    with pytest.raises(RuleBroken, match="ændret, siden du åbnede"):
        approve(read)


def test_a_text_is_written_by_one_and_approved_by_another() -> None:
    draft = write()
    assert write(body="Vi lukker sagen nu.").pk == draft.pk  # one's own draft is changed
    draft.refresh_from_db()
    other = write(by=people.rie())  # nobody else's is

    assert (draft.version, other.version, other.written_by) == (2, 3, people.rie())
    with pytest.raises(NotAllowed):
        actions.approve(draft, by=people.karl(), at=NOW, read=actions.read_of(draft))
    own = write(by=people.dora())
    with pytest.raises(RuleBroken, match="Du har selv skrevet teksten"):
        approve(own)
    assert approve(draft).approved_by == people.dora()
    assert actions.in_force(KIND, "KFM", TODAY) == draft
    approve(other)
    assert actions.in_force(KIND, "KFM", TODAY) == other
    for late in (draft, other):
        with pytest.raises(WrongState, match="Genindlæs siden"):
            approve(late)
    with pytest.raises(NotAllowed):
        write(by=people.asta())


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"body": "{{ beløb }}"}, "Feltet {{ beløb }} findes ikke"),
        ({"body": ""}, "Teksten mangler."),
        ({"valid_until": TODAY - timedelta(1)}, "Teksten kan ikke udløbe, før den gælder."),
    ],
)
def test_what_is_no_text_is_not_written(said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        write(**said)


def test_a_draft_is_tried_again_when_it_is_approved() -> None:
    draft = write()
    LetterText.objects.filter(pk=draft.pk).update(body="{{ forsvundet }}")  # an older version's
    draft.refresh_from_db()

    with pytest.raises(RuleBroken, match="forsvundet"):
        approve(draft)


def test_the_text_of_the_legal_basis_and_the_day() -> None:
    first = actions.in_force(KIND, "", TODAY)
    own = approve(write(basis="FOL"))
    soon = approve(write(valid_from=TODAY + timedelta(7)))

    assert actions.in_force(KIND, "FOL", TODAY) == own
    assert actions.in_force(KIND, "KFM", TODAY) == first
    assert actions.in_force(KIND, "KFM", TODAY + timedelta(7)) == soon
    with pytest.raises(RuleBroken, match="tidligst udløbe i dag"):
        actions.end(own, by=people.dora(), at=NOW, valid_until=TODAY - timedelta(1))
    with pytest.raises(WrongState, match="ikke godkendt"):
        actions.end(write(), by=people.dora(), at=NOW, valid_until=TODAY)
    actions.end(own, by=people.dora(), at=NOW, valid_until=TODAY)
    assert actions.in_force(KIND, "FOL", TODAY) == own
    assert actions.in_force(KIND, "FOL", TODAY + timedelta(1)) == first
    approve(write(basis="FOL", valid_until=TODAY))
    assert actions.in_force(KIND, "FOL", TODAY + timedelta(1)) == first  # and not ``own``
    approve(write(valid_from=TODAY + timedelta(8), valid_until=TODAY + timedelta(9)))
    assert actions.in_force(KIND, "KFM", TODAY + timedelta(10)) is None  # and not ``soon``


def test_standard_texts_are_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    before = LetterText.objects.count()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert actions.write_standard_texts() == 0
    assert len(asked) == 1
    used = actions.in_force(KIND, "", TODAY)
    assert used is not None

    for body in ("Ny.", "Nyere.", "Nyere."):  # a new system; another; the same
        changed = [Standard(KIND, "Farvel", body, "")]
        monkeypatch.setattr(actions, "all_standards", lambda changed=changed: changed)
        actions.write_standard_texts()

    newest = LetterText.objects.get(kind=KIND, approved_at=None)
    assert (newest.version, newest.body, newest.valid_from) == (2, "Nyere.", date(2020, 1, 1))
    assert actions.in_force(KIND, "", TODAY) == used
    old = frozenset({actions.read_of(newest)})
    LetterText.objects.filter(pk=newest.pk).update(body="Nyest.")
    newest.refresh_from_db()
    with pytest.raises(RuleBroken, match="ændret, siden du åbnede"):
        actions.approve_standard_texts(people.dora(), timezone.now(), read=old)
    assert not actions.approve_standard_texts(people.dora(), timezone.now(), read=frozenset())
    for done in (1, 0):  # twice is harmless
        read = frozenset({actions.read_of(newest)})
        said = actions.approve_standard_texts(people.dora(), timezone.now(), read=read)
        assert said == done
    assert actions.in_force(KIND, "", TODAY) == newest
    assert LetterText.objects.count() == before + 1


def test_a_letter_keeps_the_text_it_was_made_with() -> None:
    pool = a_pool(legal_basis="FOL")
    case = case_in(CaseState.WITHDRAWN, pool=pool)
    letter = Letter.objects.get(application=case, kind=KIND)
    own = approve(write(basis="FOL", body="Farvel til {{ projekt }}."))

    letters.render(letter.pk)
    letter.refresh_from_db()
    assert letter.text == own
    assert letter.template_version.startswith("WITHDRAWAL 1 ")
    said = letters.letter_html(letter)
    assert f"<p>Farvel til {case.title}.</p>" in said
    approve(write(basis="FOL", body="Noget andet.", by=people.rie()))
    assert letters.letter_html(letter) == said


def test_without_a_text_a_letter_says_which_and_is_taken_up_again() -> None:
    receipt = Letter.objects.get(application=case_in(CaseState.SUBMITTED), kind="RECEIPT")
    LetterText.objects.filter(kind="RECEIPT").update(valid_until=date(2021, 1, 1))

    letters.render(receipt.pk)
    receipt.refresh_from_db()
    assert (receipt.state, receipt.failure) == (
        LetterState.FAILED,
        "Teksten til ”Kvittering for ansøgning” er ikke godkendt. Få den godkendt, og prøv igen.",
    )
    approve(write("RECEIPT"))
    letters.retry(receipt, by=people.karl())
    assert letters.render(receipt.pk)
