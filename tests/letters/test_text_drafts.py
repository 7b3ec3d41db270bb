"""A text under way: kept while it is typed, told of its errors, and deleted."""

import re
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from letters.models import LetterText, TypedText
from pulje.views.typed import KEY
from tests import people
from tests.letters.test_text_pages import DAY, a_client, read_on, words_of


@pytest.mark.django_db
def test_what_is_being_written_is_kept_until_it_is_a_draft() -> None:
    karl, rie = a_client(people.karl()), a_client(people.rie())
    page, live = "/brev/tekster/WITHDRAWAL/", {"HTTP_HX_REQUEST": "true"}
    text = LetterText.objects.get(kind="WITHDRAWAL")
    half = {"heading": "", "body": "Vi har {{", "english": "", "note": "", "valid_from": "snart"}

    def mark_on(html: bytes) -> dict[str, str]:
        found = re.search(r'name="mark"\s+id="mark"\s+value="(\w*)"', html.decode())
        assert found is not None
        return {"mark": found[1]}

    first = mark_on(karl.get(page).content)
    said = karl.post(page, half | first, **live)
    assert "kun til dig" in said.content.decode()
    now = mark_on(said.content)
    assert mark_on(karl.post(page, half | first, **live).content) == now  # twice is harmless
    other = karl.post(page, half | first | {"body": "Noget andet"}, **live)
    assert "i et andet vindue" in other.content.decode()
    assert (
        "for lang" in karl.post(page, half | now | {"body": "x" * 41_000}, **live).content.decode()
    )
    shown = words_of(karl, page)
    assert "Her er det, du skrev sidst" in shown
    assert "Vi har {{</textarea>" in shown
    assert 'value="snart"' in shown
    assert "Vi har {{" not in words_of(rie, page)
    assert "Vi har {{" not in words_of(karl, f"{page}?grundlag=FOL")

    karl.post(page, half | first | {"forfra": "1"})  # a page that has not seen it all
    assert TypedText.objects.count() == 1
    assert karl.post(f"{page}?fra=1", half | now | {"forfra": "1"})["Location"] == f"{page}?fra=1"
    assert not TypedText.objects.exists()
    typed = DAY | {"heading": "Farvel", "body": text.body, "english": "", "valid_until": ""}
    now = mark_on(karl.post(page, typed, **live).content)
    assert karl.post(page, typed | now).status_code == 302
    assert not TypedText.objects.exists()
    karl.post(page, typed, **live)  # under way when the button was pressed
    assert "Her er det, du skrev" not in words_of(karl, page)


@pytest.mark.django_db
def test_an_appeal_guidance_is_kept_while_it_is_written() -> None:
    karl, page, live = a_client(people.karl()), "/brev/tekster/klage/KFM/", {"HX-Request": "true"}
    half = {"text": "Skriv til {kon}", "note": ""}

    said = karl.post(page, half, headers=live).content.decode()
    assert "kun til dig" in said
    now = {"mark": re.findall(r'value="(\w+)"', said)[0]}
    other = karl.post(page, half | {"text": "Andet"}, headers=live)
    assert "i et andet vindue" in other.content.decode()
    shown = words_of(karl, page)
    assert "Her er det, du skrev sidst" in shown
    assert "Skriv til {kon}</textarea>" in shown
    wrong = karl.post(f"{page}visning/", half | now)  # {kon} is no field
    assert f'hx-post="{page}"' in wrong.content.decode()
    karl.post(page, half | now | {"forfra": "1"})
    assert not TypedText.objects.exists()
    whole = half | {"text": "Skriv til {kontakt}."}
    kept = karl.post(page, whole, headers=live).content.decode()
    mark = {"mark": re.findall(r'value="(\w+)"', kept)[0]}
    assert karl.post(page, whole | mark).status_code == 302
    assert not TypedText.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "address", "text"),
    [
        ("WITHDRAWAL/", "", {"heading": "Farvel", "body": "Vi ses.", "grundlag": "FOL"}),
        ("WITHDRAWAL/", "visning/", {"heading": "Farvel", "body": "Vi ses.", "grundlag": "FOL"}),
        ("klage/KFM/", "", {"text": "Vi ses."}),
    ],
    ids=["a text", "its preview", "an appeal guidance"],
)
def test_what_is_written_when_the_log_in_ends_is_there_after_it(
    page: str, address: str, text: dict[str, str]
) -> None:
    karl, page = a_client(people.karl()), f"/brev/tekster/{page}"
    told = {"who": str(people.karl().pk), "path": page + address, "at": timezone.now().timestamp()}
    session = karl.session
    session[KEY] = told | {"text": urlencode(DAY | text)}
    session.save()

    shown = words_of(karl, page)
    assert "Her er det, du skrev, før du blev logget af" in shown
    assert "Vi ses.</textarea>" in shown
    assert ('name="grundlag" value="FOL"' in shown) == ("grundlag" in text)


@pytest.mark.django_db
def test_an_empty_field_has_one_error() -> None:
    said = a_client(people.karl()).post(
        "/brev/tekster/AWARD/", DAY | {"heading": "", "body": "Hej"}
    )

    assert said.content.decode().count("Skriv brevets overskrift.") == 2  # summary and field
    assert "Overskriften mangler" not in said.content.decode()


@pytest.mark.django_db
def test_a_draft_is_deleted_by_its_writer_or_a_leader() -> None:
    karl, rie, dora = (a_client(who) for who in (people.karl(), people.rie(), people.dora()))
    standard = LetterText.objects.get(kind="AWARD")
    written = {"heading": "Hej", "body": "Hej", "written_at": timezone.now()}
    draft, other = (
        LetterText.objects.create(
            kind="AWARD", version=number, valid_from=DAY["valid_from"], written_by=who, **written
        )
        for number, who in ((2, people.karl()), (3, people.karl()))
    )
    page = f"/brev/tekster/AWARD/{draft.pk}/slet/"

    assert "Behold den" in words_of(karl, page)
    read = read_on(karl, page)
    for client, said in ((rie, "en leder kan slette den"), (karl, "ændret, siden")):
        assert said in client.post(page, read if client is rie else {}).content.decode()
    assert page not in words_of(rie, f"/brev/tekster/AWARD/{draft.pk}/")
    assert page in words_of(dora, f"/brev/tekster/AWARD/{draft.pk}/")
    for _twice in range(2):
        assert karl.post(page, read)["Location"] == "/brev/tekster/AWARD/"
    leaders = f"/brev/tekster/AWARD/{other.pk}/slet/"
    assert dora.post(leaders, read_on(dora, leaders)).status_code == 302
    approved = f"/brev/tekster/AWARD/{standard.pk}/slet/"
    assert "godkendt og kan ikke slettes" in dora.post(approved).content.decode()
    assert LetterText.objects.get(kind="AWARD") == standard
