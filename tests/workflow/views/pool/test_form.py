"""Case workers make a pool's form: by the pages, without a script."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pulje.actions.application.application import start_draft
from pulje.actions.pool import form as actions
from pulje.actions.pool.version import new_version
from pulje.enums import QuestionKind
from pulje.models import Pool, PoolVersion
from pulje.queries.application.questions import questions_of
from pulje.states import CaseState
from tests import people
from tests.factories import a_pool, a_round, an_applicant, case_in

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def pool() -> Pool:
    return a_pool()


@pytest.fixture
def version(pool) -> PoolVersion:
    return pool.versions.get()


@pytest.fixture
def karl(client):
    client.force_login(people.karl(), backend=BACKEND)
    return client


def at(pool, path="") -> str:
    return f"/sag/puljer/{pool.slug}/skema/{path}"


def ask(version, label, kind=QuestionKind.YES_NO, **fields):
    return actions.save_question(version, None, by=people.karl(), kind=kind, label=label, **fields)


def gate(version, question):
    told = {"statement": "Ja.", "advice": "Ring til os."}
    return actions.save_gate(version, None, by=people.karl(), question=question, **told)


QUESTION = {
    "label": "Hvor mange unge?",
    "kind": "NUMBER",
    "help_text": "Cirka.",
    "condition": "altid",
}


def test_a_question_is_added_and_changed(karl, pool, version):
    response = karl.post(at(pool, "spoergsmaal/"), QUESTION, follow=True)

    assert response.redirect_chain == [(at(pool), 302)]
    assert "Skemaet er gemt." in response.content.decode()
    (question,) = questions_of(version)
    choices = QUESTION | {"kind": "CHOICE", "choices": " Skole \n\n Andet\n", "is_required": "on"}
    karl.post(at(pool, f"spoergsmaal/{question.pk}/"), choices)
    (question,) = questions_of(version)
    assert (question.choices, question.is_required) == (["Skole", "Andet"], True)


def test_a_question_is_shown_after_an_answer_to_an_earlier_one(karl, pool, version):
    outdoors = ask(version, "Er det udendørs?")
    after = f"{outdoors.pk}:YES"

    karl.post(at(pool, "spoergsmaal/"), QUESTION | {"condition": after})

    question = questions_of(version)[1]
    assert (question.shown_if, question.shown_if_answer) == (outdoors, "YES")
    page = karl.get(at(pool, f"spoergsmaal/{question.pk}/")).content.decode()
    assert f'<option value="{after}" selected>' in page
    assert "Kun hvis svaret på ”Er det udendørs?” er ”Ja”." in karl.get(at(pool)).content.decode()
    early = karl.get(at(pool, f"spoergsmaal/{outdoors.pk}/")).content.decode()
    assert f"{outdoors.pk}:" not in early


def test_what_was_typed_stays_when_it_is_refused(karl, pool, version):
    typed = QUESTION | {"kind": "CHOICE", "choices": "Kun én"}

    response = karl.post(at(pool, "spoergsmaal/"), typed)

    assert response.status_code == 422
    text = response.content.decode()
    assert "Skriv mindst to valg, ét på hver linje." in text
    assert "Kun én" in text
    assert questions_of(version) == []


def test_questions_and_gates_are_moved_and_deleted(karl, pool, version):
    first, second = ask(version, "A"), ask(version, "B")
    gates = gate(version, "C"), gate(version, "D")

    karl.post(at(pool, f"spoergsmaal/{second.pk}/flyt/"), {"op": "1"})
    karl.post(at(pool, f"betingelse/{gates[0].pk}/flyt/"), {"ned": "1"})

    assert questions_of(version) == [second, first]
    assert list(version.gates.order_by("position")) == [gates[1], gates[0]]
    assert "Slet spørgsmålet?" in karl.get(at(pool, f"betingelse/{gates[0].pk}/slet/")).text
    karl.post(at(pool, f"betingelse/{gates[0].pk}/slet/"))
    karl.post(at(pool, f"spoergsmaal/{first.pk}/slet/"))
    assert (questions_of(version), version.gates.get()) == ([second], gates[1])


def test_a_refused_move_says_why(karl, pool, version):
    outdoors = ask(version, "Er det udendørs?")
    rain = ask(version, "Og regnen?", shown_if=outdoors, shown_if_answer="YES")

    moved = karl.post(at(pool, f"spoergsmaal/{rain.pk}/flyt/"), {"op": "1"}, follow=True)
    deleted = karl.post(at(pool, f"spoergsmaal/{outdoors.pk}/slet/"), follow=True)

    assert "og skal stå efter det." in moved.text
    assert "Andre spørgsmål bliver vist efter svaret her" in deleted.text
    assert len(questions_of(version)) == 2


def test_gates_and_demands_are_saved(karl, pool, version):
    typed = {"question": "Foregår det her?", "statement": "Det gør det.", "advice": "Ring."}
    karl.post(at(pool, "betingelse/"), typed | {"is_absolute": "on"})
    karl.post(
        at(pool, "krav/"),
        {"needs_bylaws": "on", "needs_accounts_from_kr": "50.000", "share_FEES": "50"},
    )

    assert version.gates.get().is_absolute
    version.refresh_from_db()
    assert (version.needs_bylaws, version.needs_partner) == (True, False)
    assert int(version.needs_accounts_from_kr) == 50_000
    assert list(version.line_rules.values_list("category", "max_percent")) == [("FEES", 50)]
    page = karl.get(at(pool)).text
    assert "Højst 50 % af udgifterne" in page
    wrong = karl.post(at(pool, "krav/"), {"share_FEES": "101"})
    assert "Skriv et helt tal fra 0 til 100." in wrong.text


def test_a_version_in_use_is_followed_by_the_next(karl, pool, version):
    question = ask(version, "A")
    case_in(CaseState.SUBMITTED, pool=pool)

    page = karl.get(at(pool)).text
    assert "Der er sendt 1 ansøgning efter version 1, så den står, som den er." in page
    assert "Begynd på version 2" in page
    assert "Tilføj et spørgsmål" not in page
    assert karl.get(at(pool, f"spoergsmaal/{question.pk}/")).status_code == 302
    refused = karl.post(at(pool, "spoergsmaal/"), QUESTION)
    assert "Begynd på den næste version først." in refused.text
    assert "Hvor mange unge?" in refused.text

    later = timezone.localdate() + timedelta(days=10)
    for _twice in range(2):
        page = karl.post(at(pool, "version/1/"), {"valid_from": later.isoformat()}, follow=True)
    assert "Version 2 er allerede begyndt." in page.text
    assert pool.versions.count() == 2
    assert "Indtil da gælder den forrige version" in page.text

    karl.post(at(pool, "version/2/"), {"valid_from": f"{timezone.localdate()}", "flyt": "1"})
    karl.post(at(pool, "spoergsmaal/"), QUESTION)
    made = pool.versions.get(number=2)
    assert made.valid_from == timezone.localdate()
    assert [q.label for q in questions_of(made)] == ["A", "Hvor mange unge?"]


def test_a_version_needs_a_day_that_is_not_gone(karl, pool):
    for typed, sentence in (("", "Vælg en dato."), ("2020-01-01", "tidligst gælde fra i dag")):
        assert sentence in karl.post(at(pool, "version/1/"), {"valid_from": typed}).text
    assert pool.versions.count() == 1


def test_preview_is_the_applicants_own_form(karl, pool, version):
    outdoors = ask(version, "Er det udendørs?")
    ask(version, "Og regnen?", QuestionKind.TEXT, shown_if=outdoors, shown_if_answer="YES")
    ask(version, "Tilladelse", QuestionKind.FILE)

    several, one = karl.get(at(pool, "vis/")).text, karl.get(at(pool, "vis/?som=du")).text

    assert "Hvad vil I gøre?" in several
    assert "Hvad vil du gøre?" in one
    assert 'data-shown-if="q_er-det-udendoers" data-shown-answer="YES"' in several
    assert "<li>Tilladelse</li>" in " ".join(several.split())
    assert 'type="submit"' not in several.partition("<main")[2].partition("gem")[0]


@pytest.mark.parametrize("path", ["", "vis/"])
def test_pages_take_the_same_queries_whatever_the_number_of_rows(karl, pool, version, path):
    counts = []
    for _round in range(2):
        ask(version, f"Spørgsmål {len(counts)}")
        ask(version, f"Spørgsmål igen {len(counts)}")
        gate(version, f"Regel {len(counts)}")
        with CaptureQueriesContext(connection) as queries:
            assert karl.get(at(pool, path)).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] < 12


@pytest.mark.parametrize("who", [people.fie, people.mads, people.ulla])
def test_pages_are_for_the_house(client, pool, who):
    client.force_login(who(), backend=BACKEND)

    for path in ("", "vis/", "spoergsmaal/", "krav/"):
        assert client.get(at(pool, path)).status_code == 403
    assert client.post(at(pool, "version/1/"), {"valid_from": "2099-01-01"}).status_code == 403
    assert pool.versions.count() == 1


def test_what_is_not_there_is_not_found(karl, pool, version):
    question = ask(a_pool().versions.get(), "En anden puljes")

    for path in (f"spoergsmaal/{question.pk}/", "betingelse/0/", f"andet/{question.pk}/slet/"):
        assert karl.get(at(pool, path)).status_code == 404
    assert karl.get("/sag/puljer/findes-ikke/skema/").status_code == 404


def test_a_draft_says_that_the_form_has_changed_since(client, pool, version):
    now = timezone.now()
    draft = start_draft(a_round(pool), an_applicant(), by=people.asta(), at=now, title="Haver")
    client.force_login(people.asta(), backend=BACKEND)
    today = timezone.localdate()
    changed = "Puljens skema er ændret, siden kladden blev begyndt."
    assert changed not in client.get(f"/ansoeg/{draft.pk}/ide/").text

    new_version(version, by=people.karl(), valid_from=today, today=today)

    assert changed in client.get(f"/ansoeg/{draft.pk}/ide/").text
