"""Letters picked, looked through, let go together, followed, paused, taken back and fetched."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from letters import actions, batches
from letters.models import (
    Channel,
    DeliveryAttempt,
    Letter,
    LetterBatch,
    LetterState,
)
from letters.queries.failed import SLOW_AFTER
from letters.tasks import deliver_due
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import ConflictOfInterest, Meeting
from pulje.states import CaseState as S
from tests import people
from tests.factories import a_meeting, case_in
from tests.letters.decided import made, page, picked
from tests.letters.reading import read

pytestmark = pytest.mark.django_db
MOST_QUERIES = 14  # and one for the picture


def box(html: str, letter: Letter) -> str:
    return html.partition(f'id="b{letter.pk}"')[2].partition(">")[0]


def test_a_meeting_s_letters_are_picked_checked_and_sent(
    client: Client, letters: list[Letter]
) -> None:
    whole, cut = letters
    client.force_login(people.rie())
    meeting = Meeting.objects.get(decisions=whole.entry.data["decision"])

    html = page(client, f"/brev/?moede={meeting.pk}")
    assert "Breve efter mødet" in html
    assert "1 klar · 1 skal tjekkes" in html
    assert "checked" in box(html, whole)
    assert "checked" not in box(html, cut)
    assert "Beløbet er ændret på mødet" in html
    preview = page(client, f"/brev/?brev={cut.uuid}", headers={"HX-Request": "true"})
    assert preview.startswith("<section")
    assert f"/brev/{cut.uuid}/billede/1/" in preview
    client.force_login(whole.author)
    assert "disabled" in box(page(client, "/brev/"), whole)

    client.force_login(people.rie())
    check = client.post("/brev/send/", picked(letters)).content.decode()
    assert "2 breve kan sendes" in check
    assert "Du siger god for" in check
    assert not LetterBatch.objects.exists()
    answers = [client.post("/brev/forsendelse/", picked(letters)) for _twice in range(2)]
    batch = LetterBatch.objects.get()
    assert {answer["Location"] for answer in answers} == {f"/brev/forsendelse/{batch.uuid}/"}

    there = f"/brev/forsendelse/{batch.uuid}/"
    before = page(client, there)
    assert "0 af 2 breve er sendt" in before
    mark = before.partition("?set=")[2].partition('"')[0]
    polled = {"headers": {"HX-Request": "true"}}
    assert client.get(f"{there}?set={mark}", **polled).status_code == 204
    deliver_due()
    after = client.get(f"{there}?set={mark}", **polled)
    assert "2 af 2 breve er sendt" in " ".join(after.content.decode().split())
    assert "Alle breve er sendt" in page(client, there)
    assert page(client, "/brev/?status=sendt").count("Bevilling") >= 1


def test_what_was_made_anew_since_it_was_read_does_not_leave(
    client: Client, letters: list[Letter]
) -> None:
    changed = "er ændret, siden du åbnede det"
    one = letters[0]
    page_of_it, seen = f"/brev/{one.uuid}/side/", picked(letters)
    client.force_login(people.rie())
    assert f'value="{one.pk}:{one.sha256}"' in box(page(client, "/brev/"), one)
    assert one.sha256 in page(client, page_of_it)
    check = client.post("/brev/send/", seen).content.decode()
    assert f'value="{one.pk}:{one.sha256}"' in check
    actions.add_words(
        one,
        by=people.karl(),
        at=timezone.now(),
        words="Aftalen bortfalder.",
        read=actions.words_read(one),
    )
    deliver_due()

    told = [
        client.post("/brev/send/", seen),
        client.post("/brev/forsendelse/", seen),
        client.post("/brev/forsendelse/", {"letters": [one.pk]}),
        client.post(f"{page_of_it}godkend/", {"read": one.sha256}, follow=True),
        client.post(f"{page_of_it}godkend/", follow=True),
    ]

    assert [changed in answer.content.decode() for answer in told] == [True] * 5
    assert f'value="{one.pk}:' not in told[0].content.decode()
    assert Letter.objects.get(pk=one.pk).state == LetterState.RENDERED
    assert not LetterBatch.objects.exists()
    again = client.post(f"{page_of_it}godkend/", {"read": read([one])[one.pk]}, follow=True)
    assert "Brevet er godkendt" in again.content.decode()


def test_what_stands_in_the_way_is_grouped_and_the_rest_may_go(
    client: Client, letters: list[Letter]
) -> None:
    Letter.objects.filter(pk=letters[1].pk).update(state=LetterState.FAILED, failure="Ingen port.")
    client.force_login(people.rie())

    check = client.post("/brev/send/", picked(letters)).content.decode()
    assert "Send de 1, der er i orden" in check
    assert "Ingen port." in check
    refused = client.post("/brev/forsendelse/", picked(letters))
    assert refused.status_code == 422
    assert "venter ikke på at blive læst" in refused.content.decode()
    empty = client.post("/brev/send/", {"tilbage": "https://ond.example/"})
    assert empty.status_code == 422
    assert "Sæt kryds" in empty.content.decode()
    assert "ond.example" not in empty.content.decode()
    client.force_login(letters[0].author)
    own = client.post("/brev/send/", picked(letters[:1])).content.decode()
    assert "Ingen af brevene kan sendes" in own
    assert "Du har selv skrevet" in own


def test_a_batch_is_paused_resumed_and_taken_back(client: Client, letters: list[Letter]) -> None:
    now, rie = timezone.now(), people.rie()
    client.force_login(rie)
    check = client.post("/brev/send/", picked(letters)).content.decode()
    shown = {"vist": check.partition('name="vist" value="')[2].partition('"')[0]}
    batch = batches.make_batch(letters, by=rie, at=now, name="Efter mødet", read=read(letters))
    assert batches.make_batch(letters, by=rie, at=now, name="Igen", read={}) == batch
    steer = f"/brev/forsendelse/{batch.uuid}/styr/"

    client.post(steer, {"trin": "pause"})
    deliver_due()
    states = Letter.objects.filter(batch=batch).values_list("state", flat=True)
    assert set(states) == {LetterState.APPROVED}
    assert "på pause" in page(client, f"/brev/forsendelse/{batch.uuid}/")
    assert "På pause" in page(client, "/brev/")
    Letter.objects.filter(pk=letters[0].pk).update(claimed_at=now)  # a worker has it in hand
    html = page(client, f"/brev/forsendelse/{batch.uuid}/")
    assert "1 brev er ved at blive sendt" in html
    assert "Brevene sendes alligevel" not in html
    client.post(steer, {"trin": "fortsaet"})
    told = client.post(steer, {"trin": "fortryd"}, follow=True).content.decode()
    assert "1 brev er taget tilbage" in told
    back = Letter.objects.get(pk=letters[1].pk)
    assert (back.state, back.approved_by, back.batch) == (LetterState.RENDERED, None, None)
    line = back.application.journal.latest("number")
    assert (line.event, line.by, line.data) == ("letter_taken_back", rie, {"letters": [back.pk]})
    again = client.post("/brev/forsendelse/", picked([back]) | shown)
    assert again.status_code == 422
    assert "har taget brevet i" in again.content.decode()
    html = page(client, f"/brev/forsendelse/{batch.uuid}/")
    assert "1 af 2 breve er ikke længere med" in html
    Letter.objects.filter(pk=letters[0].pk).update(claimed_at=None)
    assert batches.take_back(batch, by=rie, at=now) == 1
    for step in ("pause", "fortsaet", "fortryd"):
        told = client.post(steer, {"trin": step}, follow=True).content.decode()
        assert "Brevene i forsendelsen er taget tilbage." in told
    assert "Taget tilbage" in page(client, "/brev/")
    with pytest.raises(NotAllowed):
        batches.pause(batch, by=people.fie(), at=now)
    with pytest.raises(WrongState):
        batches.make_batch([], by=rie, at=now, name="Tom", read={})


def test_who_is_disqualified_in_one_of_the_cases_does_not_steer_the_batch(
    client: Client, letters: list[Letter]
) -> None:
    now, rie = timezone.now(), people.rie()
    batch = batches.make_batch(letters, by=rie, at=now, name="Efter mødet", read=read(letters))
    told = {"user": people.karl(), "reason": "Søster", "declared_at": now, "declared_by": rie}
    ConflictOfInterest.objects.create(application=letters[0].application, **told)

    for steer in (batches.pause, batches.resume, batches.take_back):
        with pytest.raises(NotAllowed, match="inhabil"):
            steer(batch, by=people.karl(), at=now)
    client.force_login(people.karl())
    html = page(client, f"/brev/forsendelse/{batch.uuid}/")
    assert "En kollega kan sætte forsendelsen på pause" in html
    assert "Sæt på pause" not in html


def test_what_is_too_old_is_stopped_when_a_batch_goes_on_and_all_are_made_anew_at_once(
    client: Client, letters: list[Letter]
) -> None:
    now, rie = timezone.now(), people.rie()
    batch = batches.make_batch(letters, by=rie, at=now, name="Efter mødet", read=read(letters))
    batches.pause(batch, by=rie, at=now)
    for letter in letters:
        day = timezone.localdate() - timedelta(days=9)
        facts = letter.facts | {"issued_on": day.isoformat()}
        Letter.objects.filter(pk=letter.pk).update(facts=facts)
    client.force_login(rie)

    steer = f"/brev/forsendelse/{batch.uuid}/styr/"
    told = client.post(steer, {"trin": "fortsaet"}, follow=True).content.decode()
    assert "2 breve er stoppet, da tjekket ikke længere går igennem," in told
    check = client.post("/brev/send/", picked(letters)).content.decode()
    assert "Lav dem alle igen" in check
    told = client.post("/brev/send/lav-igen/", picked(letters), follow=True).content.decode()
    assert "2 breve laves igen." in told

    deliver_due()
    found = Letter.objects.filter(pk__in=[letter.pk for letter in letters])
    today = timezone.localdate().isoformat()
    assert [(one.state, one.facts["issued_on"]) for one in found] == [("RENDERED", today)] * 2
    check = client.post("/brev/send/", picked(letters)).content.decode()
    assert "2 breve kan sendes" in check


def test_what_changed_while_a_batch_was_paused_stops_its_letters_the_same_day(
    letters: list[Letter],
) -> None:
    now, rie = timezone.now(), people.rie()
    batch = batches.make_batch(letters, by=rie, at=now, name="Efter mødet", read=read(letters))
    batches.pause(batch, by=rie, at=now)
    told = {"user": people.mads(), "reason": "Søster", "declared_at": now, "declared_by": rie}
    ConflictOfInterest.objects.create(application=letters[0].application, **told)

    assert batches.resume(batch, by=rie, at=now) == 1

    stopped, free = (Letter.objects.get(pk=letter.pk) for letter in letters)
    assert (stopped.state, stopped.batch) == (LetterState.RENDERED, None)
    assert (free.state, free.batch, free.approved_by) == (LetterState.APPROVED, batch, rie)


def test_what_failed_is_tried_again_or_sent_another_way_many_at_once(
    client: Client, letters: list[Letter]
) -> None:
    now, rie = timezone.now(), people.rie()
    batches.make_batch(letters, by=rie, at=now, name="Efter mødet", read=read(letters))
    failed = Letter.objects.filter(pk__in=[letter.pk for letter in letters])
    failed.update(state=LetterState.FAILED, failure="Mailserveren kender ikke adressen.")
    for letter in failed.order_by("pk"):
        DeliveryAttempt.objects.create(letter=letter, channel=letter.channel, started_at=now)
    client.force_login(rie)

    html = page(client, "/brev/fejl/")
    assert html.count("Mailserveren kender ikke adressen.") == 2
    assert "1 forsøg" in html
    ticked = [letter.pk for letter in letters]
    told = client.post("/brev/fejl/goer/", {"letters": ticked, "do": "PRINT"}, follow=True)
    assert "Vi prøver igen med 2." in told.content.decode()
    letter = Letter.objects.get(pk=letters[0].pk)
    assert (letter.state, letter.channel) == (LetterState.APPROVED, Channel.PRINT)
    line = letter.application.journal.order_by("-number")[0]
    assert (line.event, line.data["to"]) == ("letter_channel_changed", "PRINT")
    nothing = client.post("/brev/fejl/goer/", {"do": "PRINT"}, follow=True)
    assert "Sæt kryds" in nothing.content.decode()

    Letter.objects.filter(pk=letter.pk).update(recipient_email="", claimed_at=now)
    how = {"by": rie, "at": now}
    with pytest.raises(WrongState):
        actions.change_channel(letter, channel=Channel.PRINT, **how)
    Letter.objects.filter(pk=letter.pk).update(claimed_at=None)
    with pytest.raises(RuleBroken):
        actions.change_channel(letter, channel=Channel.EMAIL, **how)
    late = now - SLOW_AFTER - timedelta(hours=1)
    sent = {"state": LetterState.SENT, "sent_at": late, "channel": Channel.DIGITAL_POST}
    Letter.objects.filter(pk=letter.pk).update(**sent)
    assert "For længe undervejs" in page(client, "/brev/fejl/")


def test_the_pages_ask_no_more_for_more_letters(client: Client, letters: list[Letter]) -> None:
    rie = people.rie()
    client.force_login(rie)
    moede = Meeting.objects.latest("pk").pk

    def counts() -> dict[str, int]:
        one = Letter.objects.filter(state=LetterState.RENDERED)[:1]
        batch = batches.make_batch(one, by=rie, at=timezone.now(), name="Et", read=read(one))
        paths = ["/brev/", f"/brev/?moede={moede}", "/brev/?status=sendt", "/brev/fejl/"]
        found = {}
        for path in [*paths, f"/brev/forsendelse/{batch.uuid}/"]:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(path).status_code == 200
            # a page that has been drawn lately is not read again
            found[path.replace(str(batch.uuid), "")] = sum(
                '"letters_paper"."pdf"' not in query["sql"] for query in asked
            )
        batches.take_back(batch, by=rie, at=timezone.now())
        return found

    few = counts()
    cases = [case_in(S.RECOMMENDED, requested_kr=Decimal(40_000)) for _n in range(2)]
    meeting = a_meeting(cases)
    made(meeting)

    assert counts() == few
    assert max(few.values()) <= MOST_QUERIES
