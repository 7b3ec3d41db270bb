"""The pages where the letters' texts are written, compared, tried and approved."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from config.celery import app
from letters import actions as letters
from letters.forms.texts import TextForm
from letters.models import LetterText
from letters.packets import actions as packets
from letters.previews import asking
from letters.tasks import make_preview
from letters.texts.difference import difference
from letters.texts.fields import CODES
from pulje.models import AppealGuidance, User
from tests import people

BACKEND = "django.contrib.auth.backends.ModelBackend"
DAY = {"valid_from": "2026-01-01", "note": "Kortere"}


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Kære du", "Kære du", ["Kære du"]),
        ("Kære du der", "Kære I der", ["Kære -du -+I +der"]),
        ("Ét\n\nTo", "Ét\n\nTo\nTre", ["Ét", "", "To", "+Tre+"]),
        ("Ét\nTo", "To", ["-Ét-", "To"]),
        ("", "Nyt", ["+Nyt+"]),
        ("Vi ses i juni.", "Brevet er til {du}", ["-Vi ses i juni.-+Brevet er til {du}+"]),
        ("Til {{ du }}.", "Til {{ dig }}.", ["Til -{{ du }}-+{{ dig }}+."]),
    ],
    ids=[
        "same",
        "a word",
        "a line more",
        "a line less",
        "all",
        "nothing in common",
        "a field is one word",
    ],
)
def test_difference_marks_what_was_added_and_removed(
    before: str, after: str, shown: list[str]
) -> None:
    signs = {"same": "", "added": "+", "removed": "-"}
    lines = [
        "".join(f"{signs[piece.kind]}{piece.text}{signs[piece.kind]}" for piece in line)
        for line in difference(before, after)
    ]

    assert lines == shown


def a_client(user: User) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def read_on(client: Client, path: str) -> dict[str, list[str]]:
    """What the page's approval says was read."""
    page = client.get(path).content.decode()
    return {"read": re.findall(r'name="read"\s+value="(\w+)"', page)}


def words_of(client: Client, path: str) -> str:
    return " ".join(client.get(path).content.decode().split())


@pytest.mark.django_db
def test_a_text_is_written_approved_and_ended() -> None:
    LetterText.objects.filter(kind="WITHDRAWAL").update(valid_until=date(2021, 1, 1))
    karl, dora = a_client(people.karl()), a_client(people.dora())
    standard = LetterText.objects.get(kind="WITHDRAWAL")
    body = standard.body.replace("\n", "\r\n")
    typed = DAY | {"heading": standard.heading, "body": body, "english": standard.english}

    assert "1 brev kan ikke sendes" in words_of(karl, "/brev/tekster/")
    assert "udløbet 1. januar 2021" in words_of(karl, "/brev/tekster/?soeg=trukket")
    wrong = typed | {"body": body + "\r\n\r\n{{ projket }}\r\n<b>nu</b>"}
    refused = karl.post("/brev/tekster/WITHDRAWAL/", wrong)
    assert refused.status_code == 422
    said = refused.content.decode()
    assert "projket }} findes ikke" in said
    assert "HTML kan ikke bruges" in said
    assert 'value="Kortere"' in said  # nothing typed is lost

    answer = karl.post("/brev/tekster/WITHDRAWAL/", typed)
    mine = LetterText.objects.get(kind="WITHDRAWAL", version=2)
    assert answer["Location"] == f"/brev/tekster/WITHDRAWAL/{mine.pk}/"
    again = karl.post("/brev/tekster/WITHDRAWAL/", typed)
    assert again["Location"] == answer["Location"]
    assert mine.body == standard.body
    page = f"/brev/tekster/WITHDRAWAL/{mine.pk}/"
    assert "Du har selv skrevet teksten" in words_of(karl, page)
    assert karl.post(f"{page}godkend/").status_code == 422

    assert "Godkend og tag i brug fra" in words_of(dora, page)
    old = read_on(dora, page)
    karl.post("/brev/tekster/WITHDRAWAL/", typed | {"body": f"{body} Farvelogtak."})
    changed = dora.post(f"{page}godkend/", old)
    assert changed.status_code == 422
    assert "Teksten er ændret, siden du åbnede siden." in changed.content.decode()
    assert "Farvelogtak." in changed.content.decode()
    read = read_on(dora, page)
    assert dora.post(f"{page}godkend/", read)["Location"] == page
    assert dora.post(f"{page}godkend/", read).status_code == 422
    assert "Alle breve kan sendes" in words_of(karl, "/brev/tekster/")

    assert dora.post(f"{page}udloeb/", {"valid_until": "2020-01-01"}).status_code == 422
    until = timezone.localdate() + timedelta(days=3)
    assert dora.post(f"{page}udloeb/", {"valid_until": until.isoformat()})["Location"] == page
    assert "udløber" in words_of(karl, "/brev/tekster/")
    assert a_client(people.asta()).get(page).status_code == 403


@pytest.mark.django_db
def test_a_leader_approves_all_standard_texts_at_once() -> None:
    dora = a_client(people.dora())
    for kind in ("AWARD", "VILKAAR"):
        text = LetterText.objects.get(kind=kind)
        text.pk, text.version, text.approved_by, text.approved_at = None, 2, None, None
        text.save()

    assert "godkend 2 tekster" in words_of(dora, "/brev/tekster/standard/")
    read = read_on(dora, "/brev/tekster/standard/")
    LetterText.objects.filter(kind="AWARD", version=2).update(note="Ny", body="Hej.")
    refused = dora.post("/brev/tekster/standard/", read)
    assert refused.status_code == 422
    assert "ændret, siden du åbnede siden" in refused.content.decode()
    read = read_on(dora, "/brev/tekster/standard/")
    assert dora.post("/brev/tekster/standard/", read)["Location"] == "/brev/tekster/"

    assert not LetterText.objects.filter(approved_at=None).exists()
    assert a_client(people.karl()).post("/brev/tekster/standard/").status_code == 403


@pytest.mark.django_db
def test_what_is_typed_is_seen_as_the_letter_it_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PATIENCE_SECONDS", 0)
    karl = a_client(people.karl())
    text = LetterText.objects.get(kind="REJECTION")
    typed = {
        "heading": text.heading,
        "body": text.body + f"\n\nHilsen {timezone.now()}.",
        "som": "dig",
    }
    words = LetterText(kind="REJECTION", **{n: typed[n] for n in ("heading", "body")})
    tried = asking.preview_of(words, "", asking.Choices(one=True), timezone.localdate())
    address, live = "/brev/tekster/REJECTION/visning/", {"HTTP_HX_REQUEST": "true"}

    wait = karl.post(address, typed)
    assert wait.status_code == 202
    page = wait.content.decode()
    assert f'method="post" action="{address}"' in page  # what was typed is posted again
    assert f'name="heading" value="{escape(typed["heading"])}"' in page
    assert "pj-staff" in page  # with the menu of the house
    assert "ved at blive tegnet" in karl.post(address, typed, **live).content.decode()
    assert make_preview(tried.key)

    answer = karl.post(address, typed)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    pages = karl.post(address, typed, **live).content.decode()
    assert "data:image/png;base64," in pages
    wrong = karl.post(address, typed | {"body": "{{ x }}"}, **live)
    assert "findes ikke" in wrong.content.decode()
    refused = karl.post(address, typed | {"body": "{{ x }}"})
    assert refused.status_code == 422
    assert "{{ x }}" in refused.content.decode()
    assert karl.get("/brev/tekster/REJECTION/billede/").status_code == 302  # no worker here
    assert not make_preview("preview:nobody")


@pytest.mark.django_db
def test_every_kind_and_part_can_be_tried() -> None:
    day = timezone.localdate()
    shown = asking.words_shown(CODES, "", day)

    for code, words in shown.items():
        for outcome in ("GRANTED", "PARTIALLY_GRANTED", "REJECTED"):
            choices = asking.Choices(outcome=outcome, english=True)
            preview = asking.preview_of(words, "FOL", choices, day)
            assert code in {preview.text.kind, *preview.parts}


@pytest.mark.django_db
def test_a_preview_shows_the_appeal_guidance_in_force_of_its_legal_basis() -> None:
    def shown(basis: str) -> list[str]:
        words = asking.words_shown(["REJECTION"], basis, timezone.localdate())["REJECTION"]
        made = asking.preview_of(words, basis, asking.Choices(one=True), timezone.localdate())
        told: list[str] = made.facts["guidance"]["paragraphs"]
        return told

    approved = {"approved_by": people.dora(), "approved_at": timezone.now()}
    new = AppealGuidance.objects.create
    new(legal_basis="SEL18", version=98, text="Skriv, hvis {du} er uenig.", **approved)
    new(legal_basis="SEL18", version=99, text="Et udkast.")
    AppealGuidance.objects.filter(legal_basis="KFM").delete()

    assert shown("SEL18") == ["Skriv, hvis du er uenig."]
    assert shown("") == [asking.NO_GUIDANCE % "Kommunalfuldmagten"]


@pytest.mark.django_db
def test_the_guidance_of_serviceloven_names_its_lawyer() -> None:
    karl, dora = a_client(people.karl()), a_client(people.dora())
    page = "/brev/tekster/klage/SEL18/"

    assert "Låst, til kommunens jurist" in words_of(dora, page)
    assert karl.post(page, {"text": "Skriv til {mail}, hvis du er uenig."}).status_code == 422
    assert karl.post(page, {"text": "Skriv til {kontakt}."})["Location"] == page
    assert karl.post(f"{page}godkend/", {"version": "1"}).status_code == 422
    read = read_on(dora, page)
    assert dora.post(f"{page}godkend/", {"version": "1"} | read).status_code == 422
    assert karl.post(page, {"text": "Skriv til {kontakt} i tide."})["Location"] == page
    said = {"version": "1", "legal_review": "Jens Hansen, 3. marts 2027"}
    changed = dora.post(f"{page}godkend/", said | read)
    assert changed.status_code == 422
    assert "ændret, siden du åbnede siden" in changed.content.decode()
    assert "i tide" in changed.content.decode()
    assert 'value="Jens Hansen, 3. marts 2027"' in changed.content.decode()
    said |= read_on(dora, page)
    assert dora.post(f"{page}godkend/", said)["Location"] == page

    text = AppealGuidance.objects.get(legal_basis="SEL18")
    assert (text.approved_by, text.legal_review) == (people.dora(), said["legal_review"])
    assert "Låst" not in words_of(dora, page)
    assert dora.post(f"{page}godkend/", said).status_code == 422


@pytest.mark.django_db
def test_pages_ask_no_more_for_more_versions(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    karl = a_client(people.karl())
    text = LetterText.objects.get(kind="AWARD")
    pages = {"": 4, "galleri/": 3, "AWARD/": 5, f"AWARD/{text.pk}/": 4, "klage/KFM/": 4}

    for version in (2, 5):
        for number in range(text.version + 1, version + 1):
            written = {"written_by": people.karl(), "written_at": timezone.now()}
            LetterText.objects.create(
                kind="AWARD", version=number, body="Hej", valid_from=date(2026, 1, 1), **written
            )
            AppealGuidance.objects.create(legal_basis="KFM", version=number, text="Ring.")
        text.version = version
        for page, queries in pages.items():
            with django_assert_num_queries(queries):
                karl.get(f"/brev/tekster/{page}")


def test_an_empty_heading_is_told_of_once() -> None:
    typed = {"heading": "", "body": "Hej {{ findes_ikke }}.", "valid_from": "2026-12-01"}
    form = TextForm(typed, kind="AWARD", is_part=False)

    assert form.errors["heading"] == ["Skriv brevets overskrift."]
    assert len(form.errors["body"]) == 1


@pytest.mark.django_db
def test_a_picture_that_is_not_drawn_says_so_and_is_asked_for_again() -> None:
    karl, live = a_client(people.karl()), {"HTTP_HX_REQUEST": "true"}
    text = LetterText.objects.get(kind="RECEIPT")
    tried = asking.preview_of(text, "", asking.Choices(one=True), timezone.localdate())
    address = "/brev/tekster/RECEIPT/billede/?som=dig"

    waits = karl.get(address, **live).content.decode()
    assert "Bliver tegnet" in waits
    assert f'hx-get="{address}"' in waits
    assert address in words_of(karl, "/brev/tekster/galleri/?som=dig")
    asking.hand_over(tried.key, asking.Drawn(pages=(b"png",)), 30)
    assert "data:image/png;base64," in karl.get(address, **live).content.decode()
    asking.hand_over(tried.key, asking.Drawn(failure="Det går ikke."), 30)
    assert "Kan ikke tegnes" in karl.get(address, **live).content.decode()


def test_whoever_waits_for_a_preview_goes_before_letters_and_packets() -> None:
    route = app.amqp.router.route
    first, *others = (route({}, name) for name in (asking.TASK, letters.WORK, packets.WORK))

    assert first["queue"] == others[0]["queue"]
    assert [first["priority"] < other["priority"] for other in others] == [True, True]
