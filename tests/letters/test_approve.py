"""A letter is let go through the gate, held back by it, made anew, and given a sentence more."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from letters import actions, gate
from letters.models import Letter, LetterState, Paper
from letters.queries.waiting import OWN, rows_of
from pulje.actions.decision.decision import decide
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import (
    AppealGuidance,
    Application,
    ConflictOfInterest,
    Decision,
    Meeting,
    RepaymentClaim,
)
from pulje.rules.deadlines import add_working_days, is_working_day
from tests import people
from tests.factories import walk_to
from tests.letters import gated
from tests.letters.reading import read
from workflow import minutes

pytestmark = pytest.mark.django_db
NOW = timezone.now


def fresh(letter: Letter) -> Letter:
    return Letter.objects.select_related("application").get(pk=letter.pk)


def three_weeks(since: date, until: date) -> bool:
    """A deadline is a working day: some days more at Christmas and at Easter."""
    return is_working_day(until) and 21 <= (until - since).days <= 31


def test_the_gate_refuses_all_and_names_what_is_lacking_by_line(guidance: AppealGuidance) -> None:
    first, second, fine = gated.partial_award(), gated.formal_rejection(), gated.award()
    Decision.objects.filter(application=first.application_id).update(reasons="Nej.")
    Decision.objects.filter(application=second.application_id).update(reasons="Nej.")
    letters = [first, second, fine]

    with pytest.raises(RuleBroken) as refused:
        actions.approve(letters, by=people.rie(), at=NOW(), read=read(letters))

    numbers = f"{first.application.number}, {second.application.number}"
    assert refused.value.sentence.startswith(
        f"2 breve mangler begrundelse: {numbers}. Afgør på ny med en begrundelse"
    )
    assert {fresh(letter).state for letter in letters} == {"RENDERED"}
    with pytest.raises(NotAllowed, match="En kollega skal læse det"):
        actions.approve([fine], by=people.karl(), at=NOW(), read=read([fine]))
    assert actions.approve([fine], by=people.rie(), at=NOW(), read=read([fine])) == [fine]
    kept = gate.as_kept(fresh(fine).gate)
    assert [line.code for line in kept] == [check.code for check in gate.CHECKS]
    assert fresh(fine).state == "APPROVED"
    line = fine.application.journal.latest("number")
    assert (line.event, line.by, line.data) == (
        "letter_approved",
        people.rie(),
        {"letters": [fine.pk]},
    )


def test_a_delegated_decision_does_not_slip_past_the_gate(guidance: AppealGuidance) -> None:
    late, fine, other = (
        walk_to("APPROVED").case,
        walk_to("APPROVED", starts=gated.days_ago(8)).case,
        walk_to("SUBMITTED").case,
    )
    for letter in Letter.objects.exclude(kind="RECEIPT", application__in=[late, fine]):
        actions.render(letter.pk)

    found = Letter.objects.filter(state__in=["RENDERED", "APPROVED"]).order_by("pk")
    states = {(letter.application_id, letter.kind): letter.state for letter in found}
    assert states[late.pk, "AWARD"] == "RENDERED"  # too few days to answer
    assert states[fine.pk, "AWARD"] == "APPROVED"
    assert states[other.pk, "RECEIPT"] == "APPROVED"
    letter = Letter.objects.get(application=late, kind="AWARD")
    assert [row["code"] for row in letter.gate if not row["is_ok"]] == ["dates"]
    actions.remake(letter, by=people.karl(), at=NOW())
    actions.render(letter.pk)
    assert fresh(letter).state == "APPROVED"


def test_who_decides_otherwise_has_written_the_letter(guidance: AppealGuidance) -> None:
    followed, otherwise = (walk_to("RECOMMENDED", starts=gated.days_ago(8)) for _n in range(2))
    followed.decide()
    reasons = "Kun råvarer til det ene arrangement."
    otherwise.do(decide, people.dora(), amount_kr=Decimal(2_000), reasons=reasons)

    letters = Letter.objects.filter(entry__event="decide")
    authors = {letter.application_id: letter.author for letter in letters}
    assert authors == {followed.case.pk: people.karl(), otherwise.case.pk: people.dora()}


def test_a_letter_made_anew_carries_the_day_and_all_the_days(guidance: AppealGuidance) -> None:
    letter = gated.award()
    actions.approve([letter], by=people.rie(), at=NOW(), read=read([letter]))
    at = NOW() + timedelta(days=5)
    today = timezone.localdate(at)

    actions.remake(letter, by=people.rie(), at=at)

    letter, case = fresh(letter), Application.objects.get(pk=letter.application_id)
    answer_by = case.due_on
    assert (letter.state, letter.approved_by, letter.gate, letter.sha256) == (
        "QUEUED",
        None,
        [],
        "",
    )
    assert not Paper.objects.filter(letter=letter).exists()
    assert letter.facts["issued_on"] == today.isoformat()
    assert letter.facts["due_on"] == answer_by.isoformat()
    assert three_weeks(today, answer_by)
    moved, remade = case.journal.order_by("-number")[:2][::-1]
    assert (moved.event, moved.data["due_on"]) == ("deadline_counted", answer_by.isoformat())
    assert (remade.event, remade.by) == ("letter_remade", people.rie())


def test_what_is_sent_leaving_or_about_the_past_is_not_made_anew(guidance: AppealGuidance) -> None:
    letter = gated.award()
    rows = Letter.objects.filter(pk=letter.pk)

    def refused(sentence: str, error: type[Exception] = WrongState, by: object = None) -> None:
        with pytest.raises(error, match=sentence):
            actions.remake(letter, by=by or people.rie(), at=NOW())

    rows.update(claimed_at=NOW())
    refused("ved at blive sendt")
    rows.update(claimed_at=None)
    refused("Det kan du ikke gøre", NotAllowed, people.fie())
    ConflictOfInterest.objects.create(
        application=letter.application,
        user=people.rie(),
        reason="Søster",
        declared_at=NOW(),
        declared_by=people.rie(),
    )
    refused("inhabil", NotAllowed)
    rows.update(state=LetterState.SUPERSEDED)
    refused("gælder ikke længere", by=people.dora())
    rows.update(state=LetterState.SENT, sent_at=NOW())
    refused("er sendt", by=people.dora())


def test_a_claim_made_anew_gives_all_the_days_to_pay(guidance: AppealGuidance) -> None:
    letter = gated.claim()
    before = RepaymentClaim.objects.get()
    at = NOW() + timedelta(days=30)

    actions.remake(letter, by=people.rie(), at=at)

    after = RepaymentClaim.objects.get()
    days = before.due_on - timezone.localdate(before.claimed_at)
    assert after.due_on == add_working_days(timezone.localdate(at) + days, 0)
    facts = fresh(letter).facts
    assert facts["due_on"] == after.due_on.isoformat()
    assert facts["claimed_on"] == timezone.localdate(before.claimed_at).isoformat()
    assert Application.objects.get(pk=letter.application_id).due_on == after.due_on


def test_a_sentence_is_added_told_and_taken_out_again(guidance: AppealGuidance) -> None:
    letter = gated.award()

    def add(words: str, **other: str) -> None:
        told = {"words": words, "read": actions.words_read(fresh(letter))} | other
        actions.add_words(letter, by=people.rie(), at=NOW(), **told)

    add("  Husk <b>logoet</b>.\n\nTak.  ")

    letter = fresh(letter)
    assert letter.facts["added"] == "Husk <b>logoet</b>.\n\nTak."
    assert letter.state == "QUEUED"
    html = actions.letter_html(letter)
    assert '<p dir="auto">Husk &lt;b&gt;logoet&lt;/b&gt;.</p>' in html
    line = letter.application.journal.latest("number")
    assert (line.event, line.data["added"]) == ("letter_corrected", letter.facts["added"])
    with pytest.raises(WrongState, match="ikke ændret noget"):
        add(letter.facts["added"])
    with pytest.raises(RuleBroken, match="højst 2000 tegn"):
        add("a" * 2001)
    with pytest.raises(RuleBroken, match="Teksten er ændret, siden du åbnede siden"):
        add("Husk også bilag.", read=actions.words_read(gated.award()))
    assert (letter.words_by, letter.needs_second_reader) == (people.rie(), True)
    actions.remake(letter, by=people.rie(), at=NOW())
    assert fresh(letter).facts["added"] == "Husk <b>logoet</b>.\n\nTak."
    add(" ")
    letter = fresh(letter)
    assert "added" not in letter.facts
    assert (letter.words_by, letter.needs_second_reader) == (None, False)


def test_who_added_words_is_not_their_second_reader(guidance: AppealGuidance) -> None:
    """A committee's letter is Karl's; Rie adds a paragraph, and so neither of them lets it go."""
    letter = gated.partial_award()
    read_now = actions.words_read(letter)
    actions.add_words(letter, by=people.rie(), at=NOW(), words="Og 50.000 kr.", read=read_now)
    Letter.objects.filter(pk=letter.pk).update(state="RENDERED", sha256="0" * 64)
    letter = fresh(letter)

    for writer, sentence in ((people.rie(), "Du har føjet tekst"), (people.karl(), "Du har selv")):
        with pytest.raises(NotAllowed, match=sentence):
            actions.approve([letter], by=writer, at=NOW(), read=read([letter]))
    (row,) = rows_of([letter], people.rie())
    assert (row.may_pick, row.notes) == (False, (OWN,))
    with pytest.raises(IntegrityError, match="letter_words_two_readers"), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(approved_by=people.rie(), approved_at=NOW())
    line = next(row for row in gate.lines_for([letter])[letter.pk] if row.code == "four_eyes")
    assert line.sentence == "En anden end Karl og Rie skal læse brevet, før det sendes."


def test_approved_minutes_give_the_letters_the_day_they_may_leave(guidance: AppealGuidance) -> None:
    letter = gated.partial_award(days=12)  # decided a week ago
    meeting = Meeting.objects.get()
    Meeting.objects.update(minutes_approved_at=None, minutes_approved_by=None)
    today = timezone.localdate()

    minutes.approve_minutes(meeting, by=people.karen())

    letter, case = fresh(letter), Application.objects.get(pk=letter.application_id)
    assert (letter.state, letter.facts["issued_on"]) == ("QUEUED", today.isoformat())
    assert letter.facts["due_on"] == case.due_on.isoformat()
    assert three_weeks(today, case.due_on)
    assert letter.facts["meeting_on"] == timezone.localdate(meeting.held_at).isoformat()
    assert actions.remake_waiting(Letter.objects.of_meeting(meeting), at=NOW()) == []
