"""Inhabilitet and attendance on the pages of a meeting, from the first word to the committee's."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pulje.actions.meeting.meeting import put_on_agenda
from pulje.enums import CommitteeRole
from pulje.models import CommitteeMember, ConflictQuestion, Meeting, Tie
from pulje.states import CaseState
from tests import people
from tests.factories import a_committee, a_meeting, case_in

pytestmark = pytest.mark.django_db
BIG = Decimal(40_000)


def two_cases():
    return a_meeting([case_in(CaseState.RECOMMENDED, requested_kr=BIG) for _n in range(2)])


def reader(client, who, meeting):
    """Reads and posts as somebody; gives the text, or where it leads to."""

    def ask(path, typed=None):
        client.force_login(who())
        address = f"/udvalg/moede/{meeting.pk}/{path}"
        answer = client.get(address) if typed is None else client.post(address, typed)
        return answer.url if answer.status_code == 302 else answer.content.decode()

    return ask


def test_a_member_tells_doubts_and_takes_back(client):
    held = two_cases()
    first, second = (i.application for i in held.items.order_by("position"))
    Tie.objects.create(
        user=people.mads(),
        name=first.applicant.name,
        cvr=first.applicant.cvr,
        relation="kasserer",
        since=date(2021, 1, 1),
    )
    mads, sanne = reader(client, people.mads, held), reader(client, people.sanne, held)
    tied = {"name": second.applicant.name, "relation": "medlem"}
    karens = Tie.objects.create(user=people.karen(), **tied)
    first_line = reader(client, people.karen, held)("inhabil/").partition('id="id_sag_0"')[2]
    assert f'value="{second.pk}"' in first_line.partition(">")[0]  # what the register tells of
    karens.delete()
    Tie.objects.create(user=people.mads(), **tied)

    text = mads("inhabil/")
    assert f"Du er registreret som kasserer i {first.applicant.name} siden 2021." in text
    assert f"Du er registreret som medlem, {second.applicant.name}." in text
    assert "Godt for kvarteret." not in text
    assert "Vælg mindst én sag." in mads("inhabil/", {"reason": "Naboer"})
    kept = mads("inhabil/", {"sag": [first.pk]})
    assert "Skriv kort hvorfor." in kept
    assert f'value="{first.pk}"\n               checked' in kept
    mads("inhabil/", {"sag": [first.pk], "reason": "Min søster er kasserer"})
    mads("inhabil/", {"sag": [second.pk], "reason": "Vi er naboer", "svar": "tvivl"})
    text = mads("inhabil/")
    assert "Udvalget tager stilling" in text
    assert "Du er inhabil" in text
    assert "Vi er naboer" in sanne("inhabil/")

    asked = ConflictQuestion.objects.get()
    settle = f"afgoer/{asked.pk}/"
    assert "Vælg udvalgets beslutning." in sanne(settle, {"reason": ""})
    sanne(settle, {"svar": "nej", "reason": "Ikke nok"})
    assert "Udvalget har svaret: Mads er ikke inhabil." in sanne(settle)
    assert "Udvalget har allerede svaret." not in sanne(settle, {"svar": "nej"})

    assert "Tag din melding tilbage" in mads(f"rejs/?person={people.mads().pk}&sag={first.pk}")
    assert "Vælg en sag." in mads("rejs/", {"person": people.mads().pk, "reason": "x"})
    typed = {"person": people.mads().pk, "sag": first.pk, "reason": "Forkert forening"}
    mads("rejs/", typed)
    sanne(f"afgoer/{ConflictQuestion.objects.latest('pk').pk}/", {"svar": "nej", "reason": ""})
    assert not first.conflicts.exists()
    other = typed | {"person": people.person("Muhammed").pk}
    sanne("rejs/", other)
    assert "Er <strong>Muhammed</strong> inhabil" in mads("inhabil/")
    sanne(f"afgoer/{ConflictQuestion.objects.latest('pk').pk}/", {"svar": "ja", "reason": ""})
    assert "Muhammed er allerede inhabil i sagen." in mads("rejs/", other)


def test_attendance_is_written_down_case_by_case(client):
    held, ove = two_cases(), people.person("Ove", *people.mads().roles)
    CommitteeMember.objects.create(
        committee=a_committee(),
        user=ove,
        role=CommitteeRole.SUBSTITUTE,
        started_on=date(2020, 1, 1),
    )
    mads, sanne = people.mads().pk, reader(client, people.sanne, held)
    sanne("fremmoede/", {"handling": "fremme", "present": [mads, people.karen().pk]})
    assert "2 af 3 er til stede." in sanne("fremmoede/")
    assert "Vælg, hvem der er til stede." in sanne("fremmoede/", {"handling": "fremme"})

    out = {"handling": "ude", "user": mads}
    for typed, sentence in (
        ("", "Skriv sagernes numre"),
        ("x", "Skriv sagernes numre"),
        ("2-9", "Nr. 3 er ikke på dagsordenen."),
    ):
        assert sentence in sanne("fremmoede/", out | {"items": typed})
    sanne("fremmoede/", out | {"items": "1 - 2", "reason": "Ringer"})
    text = sanne("fremmoede/")
    assert "Udvalget kan ikke beslutte alle sager." in text
    assert f"?for={mads}&amp;numre=1#kald" in text
    assert 'value="1"' in sanne(f"fremmoede/?for={mads}&numre=1")
    call = {"handling": "kald", "user": ove.pk, "stands_in_for": mads, "items": "1"}
    sanne("fremmoede/", call)
    assert "Udvalget kan ikke beslutte nr. 2." in sanne("fremmoede/")
    whole = sanne("fremmoede/", call | {"items": ""})
    assert "Mads er til stede." in whole
    home = {"handling": "hjem", "id": held.substitutions.get().pk}
    back = {"handling": "tilbage", "id": held.items.get(position=2).absences.get().pk}
    for typed in (home, home, back, back, {"handling": "x"}, {"handling": "hjem", "id": "x"}):
        assert sanne("fremmoede/", typed) == f"/udvalg/moede/{held.pk}/fremmoede/"
    assert held.items.get(position=1).absences.count() == 1
    member = reader(client, people.mads, held)
    assert "Gem fremmøde" not in member("fremmoede/")

    absence = held.items.get(position=1).absences.get()
    Meeting.objects.filter(pk=held.pk).update(state="CLOSED")
    sanne("fremmoede/", {"handling": "tilbage", "id": absence.pk})
    assert held.items.get(position=1).absences.count() == 1


def test_pages_take_the_same_queries_with_more_cases(client):
    held = two_cases()
    counts = {}
    for _time in range(2):
        for path in ("inhabil/", "fremmoede/", "rejs/"):
            ask = reader(client, people.karen, held)
            ask(path)
            client.force_login(people.karen())
            with CaptureQueriesContext(connection) as queries:
                client.get(f"/udvalg/moede/{held.pk}/{path}")
            counts.setdefault(path, []).append(len(queries))
        more = [case_in(CaseState.RECOMMENDED, requested_kr=BIG) for _n in range(2)]
        put_on_agenda(held, more, by=people.sanne())

    assert {path: max(found) <= 15 and found[0] == found[1] for path, found in counts.items()} == {
        "inhabil/": True,
        "fremmoede/": True,
        "rejs/": True,
    }, counts
