"""The committee's table: who sees what, what is recorded, and two screens that stay in step."""

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pulje.actions.ledger import set_frame
from pulje.actions.meeting.frame_raise import raise_frame
from pulje.actions.meeting.meeting import put_on_agenda
from pulje.actions.meeting.ruling import record_ruling
from pulje.models import ConflictOfInterest, ItemRuling, Meeting, Pool
from pulje.states import CaseState
from tests import people
from tests.factories import a_meeting, a_pool, case_in

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
HTMX = {"HX-Request": "true"}
S = CaseState
BIG = Decimal("40000.00")


def three_cases():
    """A meeting with three cases of one pool on the agenda, everybody there."""
    pool = a_pool(frame_kr=Decimal(150_000))
    cases = [case_in(S.RECOMMENDED, pool=pool, requested_kr=BIG) for _number in range(3)]
    return a_meeting(cases)


def a_client(who) -> Client:
    client = Client()
    client.force_login(who, backend=BACKEND)
    return client


def path(meeting, rest=""):
    return f"/udvalg/moede/{meeting.pk}/{rest}"


def text_of(response) -> str:
    assert response.status_code in (200, 422)  # 422: a refused form, shown again
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def standing(meeting):
    rows = ItemRuling.objects.filter(item__meeting=meeting, is_current=True)
    return list(rows.order_by("item__position").values_list("item__position", "amount_kr"))


def shut(case, person) -> None:
    said = {"reason": "x", "declared_at": timezone.now(), "declared_by": person}
    ConflictOfInterest.objects.create(application=case, user=person, **said)


def the_table_takes_the_same_queries_with_more_rows_and_an_old_screen_two(meeting):
    client, counts = a_client(people.mads()), []
    for decided in (False, True):
        with CaptureQueriesContext(connection) as queries:
            text = text_of(client.get(path(meeting)))
        assert "Følg indstillingen for resten" not in text
        counts.append(len(queries))
        if not decided:
            assert "120.000" in text
            pool = meeting.items.first().application.pool
            more = [case_in(S.RECOMMENDED, pool=pool, requested_kr=BIG) for _n in range(2)]
            put_on_agenda(meeting, more, by=people.sanne())
    assert counts[0] == counts[1] <= 15
    changes = Meeting.objects.get(pk=meeting.pk).changes

    with CaptureQueriesContext(connection) as queries:
        same = client.get(path(meeting, f"tavle/?set={changes}"), headers=HTMX)

    assert (same.status_code, same.content) == (204, b"")
    assert len(queries) == 3  # who one is, and the meeting
    assert client.get(path(meeting, "tavle/")).url == path(meeting)


def two_screens_stay_in_step(meeting):
    sanne, karen = a_client(people.sanne()), a_client(people.karen())
    first = path(meeting, "sag/1/beslut/")

    def seen(client, changes) -> str:
        return text_of(client.get(path(meeting, f"tavle/?set={changes}"), headers=HTMX))

    def changes() -> int:
        return Meeting.objects.get(pk=meeting.pk).changes

    before = changes()
    taken = karen.post(path(meeting, "tag/1/"))
    assert taken.url == path(meeting, "sag/1/")
    assert "Behandles nu" in seen(sanne, before)

    before = changes()
    done = sanne.post(
        first, {"besl": "2", "amount_kr": "38.000", "reasons": "Lidt mindre end søgt."}
    )
    assert done.url == path(meeting, "sag/2/")
    table = seen(karen, before)
    assert "Ændret: −2.000" in table
    assert "<strong>38.000</strong>" in table
    assert f'hx-get="{path(meeting, "tavle/")}?set={changes()}"' in table
    assert 'hx-swap-oob="innerHTML">Opdateret kl.' in table

    # Karen's page is older than Sanne's ruling: nothing is overwritten in silence
    late = karen.post(first, {"besl": "1", "set": ""})
    assert "Sanne har ført en beslutning til protokol kl." in text_of(late)
    assert standing(meeting) == [(1, Decimal(38_000))]
    stands = ItemRuling.objects.get(is_current=True)
    karen.post(first, {"besl": "1", "set": stands.pk})
    assert standing(meeting) == [(1, BIG)]
    table = seen(sanne, before)
    assert "Rettet på mødet: sag 1" in table
    assert "Lidt mindre end søgt." in table


def follow_records_all_or_some_and_names_who_is_left_out(meeting):
    sanne = a_client(people.sanne())
    items = list(meeting.items.order_by("position"))
    shut(items[1].application, people.karen())
    page = sanne.get(path(meeting, "foelg/"))
    text, vist = text_of(page), page.context["shown"]
    name = items[1].application.applicant.name

    assert "2 sager bliver besluttet som indstillet" in text
    assert f"Sag 2, {name}, er ikke med" in text
    assert "Karen er inhabil eller har ikke taget stilling" in text
    assert "og Mads leder den" in text
    assert "Følges alle</span>, er der <span data-kr>70.000 kr.</span> tilbage" in text
    assert "– sag 2 søger 40.000 kr." in text
    none = sanne.post(path(meeting, "foelg/"), {"vist": vist})
    assert "Vælg mindst én sag." in text_of(none)
    old = sanne.post(path(meeting, "foelg/"), {"vist": "x", "sag": [items[0].pk]})
    assert old.url == path(meeting, "foelg/")

    sanne.post(path(meeting, "foelg/"), {"vist": vist, "sag": [items[2].pk, items[1].pk]})

    assert standing(meeting) == [(3, BIG)]
    page = sanne.get(path(meeting, "foelg/"))
    facts = {"vist": page.context["shown"], "sag": [items[0].pk]}
    assert sanne.post(path(meeting, "foelg/"), facts).url == path(meeting)
    assert standing(meeting) == [(1, BIG), (3, BIG)]
    assert "Der er ingen sager at tage samlet." in text_of(sanne.get(path(meeting, "foelg/")))


def each_thing_typed_is_recorded_or_told_and_kept(meeting):
    sanne = a_client(people.sanne())
    item = meeting.items.get(position=1)
    other = item.alternatives.create(letter="a", amount_kr=Decimal(5_000), text="Kun foråret.")
    reason = {"reasons": "Fordi der er for lidt."}
    table = [
        ({"besl": "1"}, BIG),
        ({"besl": "2", "amount_kr": "30.000"} | reason, Decimal(30_000)),
        ({"besl": "3"} | reason, Decimal(0)),
        ({"besl": "4"} | reason, None),
        ({"besl": "5"} | reason, None),
        ({"besl": "a"}, Decimal(5_000)),
        ({"besl": "1", "votes_for": "2", "votes_against": "1"}, BIG),
        ({}, "Vælg udvalgets beslutning."),
        ({"besl": "2"} | reason, "Skriv beløbet."),
        ({"besl": "2", "amount_kr": "30.000"}, "Skriv udvalgets begrundelse."),
        ({"besl": "2", "amount_kr": "40.001"} | reason, "Beløbet skal være mellem 0 kr. og de"),
        ({"besl": "3"}, "Skriv udvalgets begrundelse."),
        ({"besl": "4"}, "Skriv, hvorfor sagen udsættes."),
        ({"besl": "5"}, "Skriv, hvorfor sagen sendes tilbage."),
        ({"besl": "1", "votes_for": "mange"}, "Skriv et antal."),
        ({"besl": "1", "votes_for": "4"}, "Der er skrevet 4 stemmer, men 3 deltager i sagen."),
    ]
    for typed, outcome in table:
        with transaction.atomic():
            response = sanne.post(path(meeting, "sag/1/beslut/"), typed)
            if isinstance(outcome, str):
                text = text_of(response)
                assert outcome in text, typed
                assert typed.get("amount_kr", "") in text
                assert standing(meeting) == []
            else:
                assert response.url == path(meeting, "sag/2/"), typed
                assert standing(meeting) == [(1, outcome)]
            transaction.set_rollback(True)
    assert other.text in text_of(sanne.get(path(meeting, "sag/1/")))


def the_frame_is_raised_and_the_raise_taken_back(meeting):
    sanne = a_client(people.sanne())
    pool = meeting.items.first().application.pool
    typed = {"pool": pool.pk, "amount_kr": "10.000", "reason": "Det er et godt år."}

    assert "Skriv beløbet." in text_of(sanne.post(path(meeting, "forhoej/"), {"pool": pool.pk}))
    assert "Brug mindst 10 bogstaver." in text_of(
        sanne.post(path(meeting, "forhoej/"), typed | {"reason": "."})
    )
    shown = text_of(sanne.post(path(meeting, "forhoej/"), typed))
    assert all(kr in shown for kr in ("Skal rammen forhøjes", "150.000", "160.000", "Før", "Efter"))
    assert meeting.raises.count() == 0  # nothing is recorded before it is seen
    again = text_of(sanne.post(path(meeting, "forhoej/"), typed | {"ret": "1"}))
    assert "Se rammen før og efter" in again
    assert 'value="10.000"' in again
    for kr, asks in (("75.000", False), ("75.000,01", True), ("999.999.999", True)):
        large = text_of(sanne.post(path(meeting, "forhoej/"), typed | {"amount_kr": kr}))
        assert ("mere end halvdelen af puljens ramme" in large) == asks, kr
    slip = typed | {"amount_kr": "999.999.999", "vist": "ja"}
    assert "Sæt kryds, når" in text_of(sanne.post(path(meeting, "forhoej/"), slip))
    assert meeting.raises.count() == 0
    assert sanne.post(path(meeting, "forhoej/"), typed | {"vist": "ja"}).url == path(meeting)
    row = meeting.raises.get()
    assert "Tag tilbage" in text_of(sanne.get(path(meeting)))
    assert "Tag tilbage" not in text_of(a_client(people.mads()).get(path(meeting)))
    slip |= {"is_checked": "on"}
    with transaction.atomic():
        assert sanne.post(path(meeting, "forhoej/"), slip).url == path(meeting)
        assert meeting.raises.count() == 2
        transaction.set_rollback(True)
    assert "Rammen er forhøjet med 10.000 kr." in text_of(sanne.get(path(meeting))).replace(
        '<span class="pj-amount">', ""
    )
    assert sanne.post(path(meeting, "forhoej/"), {"tilbage": "x"}).status_code == 404
    sanne.post(path(meeting, "forhoej/"), {"tilbage": row.pk})

    row.refresh_from_db()
    assert row.withdrawn_at is not None


def money_is_taken_from_the_committees_pools_of_the_year_that_have_some(meeting):
    own, at = meeting.items.first().application.pool, timezone.now()
    Pool.objects.filter(pk=own.pk).update(published_at=at)
    table = [
        ({"published_at": at}, {}, True),
        ({}, {}, False),
        ({"published_at": at, "is_test": True}, {}, False),
        ({"published_at": at, "committee": None}, {}, False),
        ({"published_at": at}, {"year": 2026}, False),
        ({"published_at": at}, {"frame_kr": Decimal("0.01")}, True),
    ]
    wanted, sanne = [], a_client(people.sanne())
    with CaptureQueriesContext(connection) as alone:
        sanne.get(path(meeting, "forhoej/"))
    for facts, made, is_offered in table:
        pool = a_pool(**made)
        Pool.objects.filter(pk=pool.pk).update(**facts)
        wanted += [pool.pk] * is_offered
    with CaptureQueriesContext(connection) as among_many:
        page = sanne.get(path(meeting, "forhoej/"))
    assert len(alone) <= len(among_many) <= 18
    assert {pool.pk for pool in page.context["form"].fields["source"].queryset} == set(wanted)


def an_overrun_has_a_link_to_the_raise(meeting):
    sanne, first = people.sanne(), meeting.items.get(position=1)
    set_frame(
        first.application.pool,
        by=None,
        amount_kr=Decimal(-149_999),
        at=timezone.now(),
        cause="cut",
        below_proposals=True,
    )
    text = text_of(a_client(sanne).post(path(meeting, "sag/1/beslut/"), {"besl": "1"}))
    assert "Forhøj rammen først" in text
    assert f'href="{path(meeting, "forhoej/")}">Forhøj rammen</a>' in text


def meetings_are_for_its_members_and_the_administration(meeting):
    for who in (people.asta(), people.ulla(), people.fie()):
        assert a_client(who).get(path(meeting)).status_code == 403
    stranger = people.person("Mette", "COMMITTEE_MEMBER")
    assert a_client(stranger).get(path(meeting)).status_code == 404
    karl = a_client(people.karl())
    assert "Forbered mødet" in text_of(karl.get(path(meeting)))
    as_member = text_of(karl.get(path(meeting, "?som=udvalget")))
    assert "Sådan ser udvalget mødet" in as_member
    assert "Forbered mødet" not in as_member
    mads = a_client(people.mads())
    for address in ("foelg/", "forhoej/", "tag/1/", "sag/1/beslut/"):
        assert mads.post(path(meeting, address)).status_code == 403, address


def who_is_shut_out_sees_no_amount_and_no_sum_to_reckon_it_from(meeting):
    first, second, _third = meeting.items.order_by("position")
    sanne, at = people.sanne(), timezone.now()
    given = {"by": sanne, "at": at, "outcome": "DECIDED", "reasons": "Mindre end søgt."}
    record_ruling(first, amount_kr=Decimal(33_333), **given)
    record_ruling(second, amount_kr=Decimal(20_000), **given)
    pool = first.application.pool
    raise_frame(
        meeting, pool, by=sanne, at=at, amount_kr=Decimal(10_000), reason="Det er et godt år."
    )
    shut(first.application, people.mads())
    mads = a_client(people.mads())

    for address in ("", "tavle/?set=-1", "sag/1/", "sag/2/"):
        text = text_of(mads.get(path(meeting, address), headers=HTMX))

        for amount in ("33.333", "53.333", "66.667", "106.667", "6.667"):
            assert amount not in text, (address, amount)
    text = text_of(mads.get(path(meeting)))
    assert "uden 1 sag" in text
    assert "Du er inhabil" in text
    assert "33.333" in text_of(a_client(sanne).get(path(meeting)))


STORIES = (
    the_table_takes_the_same_queries_with_more_rows_and_an_old_screen_two,
    two_screens_stay_in_step,
    follow_records_all_or_some_and_names_who_is_left_out,
    each_thing_typed_is_recorded_or_told_and_kept,
    the_frame_is_raised_and_the_raise_taken_back,
    money_is_taken_from_the_committees_pools_of_the_year_that_have_some,
    an_overrun_has_a_link_to_the_raise,
    meetings_are_for_its_members_and_the_administration,
    who_is_shut_out_sees_no_amount_and_no_sum_to_reckon_it_from,
)


def test_the_meeting(subtests):
    meeting = three_cases()
    for story in STORIES:
        with subtests.test(story.__name__), transaction.atomic():
            story(meeting)
            transaction.set_rollback(True)
