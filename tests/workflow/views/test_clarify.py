"""Asking, hearing and more time from the browser; a complaint from a message to a new amount."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from letters.models import Letter
from letters.previews import asking, making
from pulje.actions.document import write_message
from pulje.enums import PhraseKind
from pulje.models import Appeal, Application, JournalEntry, Phrase
from pulje.queries.casework.case import words_for
from pulje.states import CaseState
from tests import people
from tests.factories import case_in, walk_to
from workflow.contradictions import contradictions

pytestmark = pytest.mark.django_db
S = CaseState
BACKEND = "django.contrib.auth.backends.ModelBackend"
MOST_QUERIES = 15
LETTER = {"se_brevet": "1"}
FACT = {
    "fact": "Lokalet er lukket.",
    "source": "Ejendomscentret",
    "against": "on",
    "essential": "on",
    "unknown": "on",
}


@pytest.fixture(autouse=True)
def letters_worker(monkeypatch):
    """Makes what a page asks for at once."""
    worker = SimpleNamespace(send_task=lambda _task, args, **_when: making.make(*args))
    monkeypatch.setattr(asking, "current_app", worker)


def in_days(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def look(client, who, path):
    client.force_login(who(), backend=BACKEND)
    return client.get(path).content.decode()


def send(client, who, case, verb, **typed):
    client.force_login(who(), backend=BACKEND)
    return client.post(f"/sag/{case.pk}/{verb}/", typed)


def test_text_and_deadline_come_from_the_pool_s_library(client):
    case = case_in(S.SUBMITTED)
    facts = {"version": case.version, "kind": PhraseKind.INFORMATION}
    a_week = Phrase.objects.create(name="Bilag", text="Send vedtægterne.", days=7, **facts)
    usual = Phrase.objects.create(name="Budget", text="Budgettet går ikke op.", **facts)
    path = f"/sag/{case.pk}/ask_for_information/"

    page = look(client, people.karl, f"{path}?dele=budget")
    assert f'value="{in_days(14)}"' in page
    assert f"?frase={usual.pk}&amp;dele=budget" in page
    page = look(client, people.karl, f"{path}?frase={a_week.pk}&dele=budget,dates")
    assert "Send vedtægterne." in page
    assert f'value="{in_days(7)}"' in page
    assert page.count(" checked") == 2
    for nonsense in ("x", "999999", f"{a_week.pk}x"):
        assert "Send vedtægterne.</textarea>" not in look(
            client, people.karl, f"{path}?frase={nonsense}"
        )


@pytest.mark.parametrize(
    ("verb", "typed"),
    [
        ("ask_for_information", {"parts": "budget", "message": "Ret tallene."}),
        ("open_hearing", FACT),
    ],
)
def test_letter_is_seen_before_it_is_sent_and_nothing_is_kept(
    client, texts, monkeypatch, verb, typed
):
    case = case_in(S.REVIEWED)
    before = JournalEntry.objects.count(), Letter.objects.count()

    response = send(client, people.karl, case, verb, due_on=in_days(9), **typed, **LETTER)

    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert (JournalEntry.objects.count(), Letter.objects.count()) == before
    monkeypatch.setattr(asking, "REAL_PATIENCE_SECONDS", 0)
    monkeypatch.setattr(asking, "current_app", Mock())  # too much to do
    busy = send(client, people.karl, case, verb, due_on=in_days(8), **typed, **LETTER)
    assert "Brevet er ikke lavet endnu. Prøv igen om lidt." in busy.content.decode()
    refused = send(client, people.karl, case, verb, due_on=in_days(0), **typed, **LETTER)
    assert "Fristen skal ligge efter i dag." in refused.content.decode()


def test_hearing_that_is_not_needed_says_what_is_lacking(client):
    case = case_in(S.REVIEWED)
    typed = FACT | {"due_on": in_days(9)}
    del typed["unknown"]

    page = send(client, people.karl, case, "open_hearing", **typed).content.decode()

    assert "ansøgeren allerede kender den" in page
    assert "Lokalet er lukket." in page
    assert Application.objects.get(pk=case.pk).state == S.REVIEWED


def test_several_hearings_stand_on_the_case_while_open_and_after(client):
    walk = walk_to(S.IN_HEARING)
    page = look(client, people.karl, f"/sag/{walk.case.pk}/")
    assert "uret står stille" in page
    assert "Sagen kan ikke afgøres, før ansøger har svaret" in page

    walk.answer_hearing()
    walk.open_hearing()
    page = look(client, people.karl, f"/sag/{walk.case.pk}/")
    assert page.count("Ejendomscentret") == 2
    assert "Vi har fundet et andet." in page
    assert client.get(f"/sag/{walk.case.pk}/recommend/").status_code == 409


def test_a_letter_whose_text_is_not_approved_says_so(client):
    case = case_in(S.REVIEWED)
    typed = {"parts": "budget", "message": "Ret tallene.", "due_on": in_days(9)}

    said = send(client, people.karl, case, "ask_for_information", **typed, **LETTER)

    assert "er ikke godkendt. Få den godkendt, og prøv igen." in said.content.decode()


def test_more_time_is_told_in_a_letter(client):
    case = case_in(S.RETURNED)
    assert "Forlæng fristen" in look(client, people.karl, f"/sag/{case.pk}/")

    send(client, people.karl, case, "extend_deadline", until=in_days(30), reason="Banken er sen.")

    letter = Letter.objects.get(application=case, kind="EXTENSION")
    assert letter.facts["due_on"] == in_days(30)
    assert letter.facts["reason"] == "Banken er sen."
    assert Application.objects.get(pk=case.pk).due_on.isoformat() == in_days(30)
    assert contradictions() == []


def test_a_complaint_from_a_message_to_a_higher_amount(client):
    walk = walk_to(S.REVIEWED)
    walk.recommend(Decimal(5_000))
    walk.decide()
    case = walk.case
    write_message(case, by=people.asta(), at=timezone.now(), text="I har glemt bilag 2.")
    number = case.messages.get().pk

    assert "Registrér som klage" in look(client, people.karl, f"/sag/{case.pk}/")
    page = look(client, people.karl, f"/sag/{case.pk}/receive_appeal/?besked={number}")
    assert "I har glemt bilag 2." in page
    assert 'value="Asta"' in page
    typed = {"complainant": "Asta", "received_on": in_days(0), "text": "I har glemt bilag 2."}
    send(client, people.karl, case, "receive_appeal", **typed)
    page = look(client, people.karl, "/sag/?vis=klager")
    assert "Klager (1)" in page
    assert "Behandl klagen" in page
    send(client, people.rie, case, "assess_appeal", assessment="Bilag 2 viser en leje.")
    page = look(client, people.karl, f"/sag/{case.pk}/")
    assert "Sagen venter på et svar på klagen: lederen skal svare senest" in page

    again = send(client, people.rie, case, "assess_appeal", assessment="Og en gang til.")
    assert (again.status_code, "Og en gang til." in again.content.decode()) == (409, True)
    kept = {"outcome": "UPHELD", "answer": "Vi holder fast.", "amount_kr": "7.000"}
    told = send(client, people.dora, case, "answer_appeal", **kept).content.decode()
    assert "Svaret giver ikke et nyt beløb." in told

    page = look(client, people.dora, f"/sag/{case.pk}/answer_appeal/")
    assert "Bilag 2 viser en leje." in page
    assert "Givet 5.000" in page
    typed = {"outcome": "CHANGED", "answer": "Lejen er med nu.", "amount_kr": ""}
    assert (
        "Skriv det nye beløb."
        in send(client, people.dora, case, "answer_appeal", **typed).content.decode()
    )
    send(client, people.dora, case, "answer_appeal", **(typed | {"amount_kr": "7.000"}))

    assert Application.objects.get(pk=case.pk).granted_kr == Decimal(7_000)
    assert Appeal.objects.get().state == "CHANGED"
    assert "Lejen er med nu." in look(client, people.karl, f"/sag/{case.pk}/")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/sag/{case.pk}/")
    assert len(queries) <= MOST_QUERIES, [query["sql"][:90] for query in queries]
    assert "Klager (" not in look(client, people.karl, "/sag/")
    assert contradictions() == []


def test_the_applicant_sees_that_it_has_come_and_the_answer_with_its_letter(client):
    case = case_in(S.REJECTED)
    path = f"/ansoeg/{case.pk}/"
    Letter.objects.filter(application=case).update(state="SENT", sent_at=timezone.now(), sha256="0")
    case.decisions.update(opened_at=timezone.now(), opened_by=people.asta())
    typed = {"complainant": "Asta", "received_on": in_days(0), "text": "Nej"}
    send(client, people.karl, case, "receive_appeal", **typed)
    send(client, people.rie, case, "assess_appeal", assessment="Ikke noget nyt.")

    assert "I får svar senest" in look(client, people.asta, path)
    kept = {"outcome": "UPHELD", "answer": "Det er løn til ansatte."}
    send(client, people.dora, case, "answer_appeal", **kept)
    assert "I får svar senest" in look(client, people.asta, path), "its letter is still here"
    Letter.objects.unsent().update(state="SENT", sent_at=timezone.now(), sha256="0")

    page = look(client, people.asta, path)
    assert "holder fast i afgørelsen" in page
    assert "Ikke noget nyt." not in page


def test_the_committee_s_secretary_answers_for_it(client, texts):
    case = case_in(S.APPROVED, requested_kr=Decimal(40_000))
    typed = {"complainant": "Asta", "received_on": in_days(0), "text": "Vi vil have mere."}
    send(client, people.karl, case, "receive_appeal", **typed)
    found = Appeal.objects.get()
    path = f"/udvalg/klager/{found.pk}/"

    assert "1 klage" in look(client, people.sanne, "/udvalg/")
    assert "er ved at se på sagen igen" in look(client, people.sanne, path)
    send(client, people.rie, case, "assess_appeal", assessment="Ikke noget nyt.")
    assert "Klar til svar" in look(client, people.sanne, "/udvalg/klager/")
    page = look(client, people.sanne, path)
    assert "Vi vil have mere." in page
    assert "besvare klagen" not in look(client, people.dora, f"/sag/{case.pk}/").lower()
    client.force_login(people.sanne(), backend=BACKEND)
    answer = {"outcome": "UPHELD", "answer": "Udvalget holder fast."}
    assert (
        "mindre eller det samme"
        in client.post(
            path, answer | {"outcome": "CHANGED", "amount_kr": "30.000"}
        ).content.decode()
    )

    letter = client.post(path, answer | {"se_brevet": "1"})
    assert letter["Content-Type"] == "application/pdf"
    assert client.post(path, answer).url == "/udvalg/klager/"

    assert Appeal.objects.get().state == "UPHELD"
    assert client.post(path, answer).status_code == 404
    for who in (people.mads, people.karl, people.asta):
        client.force_login(who(), backend=BACKEND)
        assert client.get("/udvalg/klager/").status_code == 403
        assert client.get(path).status_code == 403


def test_a_grant_is_picked_for_control_on_its_page(client):
    case = case_in(S.PAID)
    assert "Udtag til stikprøve" in look(client, people.karl, f"/sag/{case.pk}/")

    send(client, people.karl, case, "select_for_control", reason="Kvitteringer.", due_on=in_days(9))

    assert Letter.objects.get(application=case, kind="CONTROL_SELECTED").facts["due_on"]
    assert words_for(case.journal.get(event="control_selected")).endswith(": Kvitteringer.")
