"""The lists of meetings, a meeting planned and changed, and a committee set up on its pages."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pulje.actions.meeting.meeting import plan_meeting
from pulje.enums import MeetingState, Role
from pulje.models import Committee, Meeting
from pulje.states import CaseState
from pulje.templatetags.words import dato
from tests import people
from tests.factories import a_committee, a_meeting, case_in

pytestmark = pytest.mark.django_db
BIG = Decimal(60_000)
SETUP = "/udvalg/udvalg/kulturudvalget/"


def meeting_in(days: int, **fields) -> Meeting:
    held_at = timezone.now() + timedelta(days=days)
    planned = plan_meeting(a_committee(), by=people.sanne(), held_at=held_at, place="Salen")
    Meeting.objects.filter(pk=planned.pk).update(**fields)
    return planned


def queries_of(client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_lists_and_the_next_meeting(client):
    client.force_login(people.mads())
    assert client.get("/udvalg/naeste/").url == "/udvalg/"
    assert "Der er ikke planlagt et møde." in client.get("/udvalg/").content.decode()

    a_meeting([case_in(CaseState.RECOMMENDED, requested_kr=BIG)])
    cancelled = meeting_in(1, state=MeetingState.CANCELLED)
    soon, held = meeting_in(8), meeting_in(-9, state=MeetingState.CLOSED)
    today = Meeting.objects.get(items__isnull=False)
    page = client.get("/udvalg/")
    counts = [queries_of(client, path) for path in ("/udvalg/", "/udvalg/tidligere/")]

    assert list(page.context["coming"]) == [today, cancelled, soon]
    assert [(row.cases, row.done) for row in page.context["coming"]][0] == (1, 0)
    assert page.context["held"] == [held]
    assert client.get("/udvalg/naeste/").url == f"/udvalg/moede/{today.pk}/"
    for days in (9, 10, -10, -11):
        meeting_in(days, state=MeetingState.CLOSED)
    assert [queries_of(client, path) for path in ("/udvalg/", "/udvalg/tidligere/")] == counts
    assert max(counts) <= 15


def test_a_meeting_is_planned_changed_and_cancelled(client):
    client.force_login(people.karl())
    asked = {"committee": a_committee().pk, "held_at": "2099-01-14T16:30", "place": ""}

    wrong = client.post("/udvalg/nyt/", asked | {"agenda_due_on": "2099-01-20"})
    assert "Dagsordenen skal låses senest på mødedagen." in wrong.content.decode()
    assert (wrong.status_code, 'value="2099-01-20"' in wrong.content.decode()) == (422, True)
    for past in ({"held_at": "2026-01-14T16:30"}, {"agenda_due_on": "2026-01-05"}):
        refused = client.post("/udvalg/nyt/", asked | past)
        assert refused.status_code == 422
        assert "Er årstallet rigtigt?" in refused.content.decode()
    planned = client.post("/udvalg/nyt/", asked)
    meeting = Meeting.objects.get()
    assert planned.url == f"/udvalg/moede/{meeting.pk}/forbered/"

    own = f"/udvalg/moede/{meeting.pk}/"
    assert 'value="2099-01-14T16:30"' in client.get(f"{own}ret/").content.decode()
    moved = {"held_at": "2099-01-15T16:30", "place": "Her"}
    told = client.post(f"{own}ret/", moved, follow=True).content.decode()
    assert "Medlemmerne får ikke besked af sig selv." in told
    assert Meeting.objects.get().place == "Her"
    Meeting.objects.update(locked_at=timezone.now(), state=MeetingState.LOCKED)
    again = moved | {"held_at": "2099-01-16T16:30"}
    asked_first = client.post(f"{own}ret/", again)
    assert asked_first.status_code == 422
    assert "Udvalget har fået dagsordenen." in asked_first.content.decode()
    assert client.post(f"{own}ret/", again | {"confirm": "on"}).status_code == 302
    assert timezone.localdate(Meeting.objects.get().held_at).day == 16
    assert "Der er ingen sager på dagsordenen." not in client.get(f"{own}laas/").content.decode()
    Meeting.objects.update(locked_at=None, state=MeetingState.PLANNED)
    empty = client.get(f"{own}laas/").content.decode()
    assert "Der er ingen sager på dagsordenen." in empty
    assert "Lås og send til udvalget" not in empty
    assert "kan ikke fortrydes" in client.get(f"{own}aflys/").content.decode()
    client.post(f"{own}aflys/")
    assert Meeting.objects.get().state == "CANCELLED"
    for rest in ("luk/", "laas/", ""):
        page = client.get(own + rest).content.decode()
        assert "Aflyst " in page, rest
        assert 'method="post"' not in page.partition("<main")[2], rest
    again = client.post(f"{own}ret/", {"held_at": "2099-01-15T16:30", "place": ""})
    assert "Mødet er aflyst." in again.content.decode()


def test_a_committee_is_set_up_on_its_pages(client):
    client.force_login(people.dora())
    a_committee()
    typed = {"name": "Socialudvalget", "short_name": "SU", "quorum": "2", "agenda_days": "7"}

    missing = client.post("/udvalg/udvalg/nyt/", typed)
    assert "Skriv, hvem der indstiller" in missing.content.decode()
    made = client.post("/udvalg/udvalg/nyt/", typed | {"proposer": "Direktionen"})
    assert made.url == "/udvalg/udvalg/socialudvalget/"
    client.post(f"{made.url}ret/", typed | {"proposer": "Direktionen", "place": "Salen"})
    assert Committee.objects.get(slug="socialudvalget").place == "Salen"
    assert "Udvalget har ingen formand." in client.get(made.url).content.decode()

    nora = people.person("Nora", Role.COMMITTEE_MEMBER)
    seat = {"user": nora.pk, "role": "CHAIR", "started_on": "2026-01-01"}
    taken = client.post(f"{SETUP}plads/", seat)
    assert "Karen er formand" in taken.content.decode()
    client.post(f"{SETUP}plads/", seat | {"role": "MEMBER"})
    own = nora.seats.get()
    assert own.role == "MEMBER"
    few = queries_of(client, SETUP)
    client.post(f"{SETUP}plads/{own.pk}/", {"ended_on": "2026-06-30"})
    assert "Tidligere (1)" in client.get(SETUP).content.decode()
    assert queries_of(client, SETUP) == few <= 15

    titles = {"title_SUMMARY": "Sammendrag", "number_SUMMARY": "2", "title_PROPOSAL": "Forslag"}
    bare = client.post(f"{SETUP}overskrifter/", titles)
    assert "Skriv afsnittets nummer." in bare.content.decode()
    client.post(f"{SETUP}overskrifter/", titles | {"number_PROPOSAL": "1"})
    own_titles = a_committee().headings.values_list("title", flat=True)
    assert list(own_titles) == ["Forslag", "Sammendrag"]
    client.force_login(people.karen())
    assert client.get(SETUP).status_code == 403


def test_the_chair_decides_on_a_page(client):
    case = case_in(CaseState.RECOMMENDED, requested_kr=BIG)
    client.force_login(people.karen())
    path = f"/udvalg/haster/{case.pk}/"

    assert case.number in client.get("/udvalg/haster/").content.decode()
    page = client.get(path).content.decode()
    assert "Godt for kvarteret" in page
    assert "Der er ikke planlagt et møde i udvalget." in page
    held_at = timezone.now() + timedelta(days=3)
    Meeting.objects.create(committee=case.pool.committee, address="da", held_at=held_at)
    assert f"Udvalgets næste møde er den {dato(held_at)}." in client.get(path).content.decode()
    typed = {"besl": "2", "amount_kr": "20.000", "urgency": "Det begynder på lørdag."}
    bare = client.post(path, typed).content.decode()
    assert "Skriv begrundelsen." in bare
    assert 'value="20.000"' in bare
    client.post(path, typed | {"reasons": "Det er nok til lejren."})

    assert case.decisions.get().amount_kr == Decimal(20_000)
    assert client.get(path).status_code == 404
    client.force_login(people.sanne())
    assert client.get("/udvalg/haster/").status_code == 403
