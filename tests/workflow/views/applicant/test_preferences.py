"""One's own settings."""

import pytest
from django.test import Client

from pulje.models import User
from tests import people

pytestmark = pytest.mark.django_db
URL = "/ansoeg/indstillinger/"


def text(response: object) -> str:
    return " ".join(response.content.decode().split())


def test_mails_and_phone_are_kept_and_a_proved_name_stays(client: Client) -> None:
    client.force_login(people.asta())

    client.post(URL, {"name": "En anden", "phone": "12 34 56 78", "wants_reminder_mail": "on"})

    asta = User.objects.get(pk=people.asta().pk)
    told = (asta.name, asta.phone, asta.wants_message_mail, asta.wants_reminder_mail)
    assert told == ("Asta", "12 34 56 78", False, True)
    page = text(client.get(URL))
    assert "Afgørelser og andre breve, som loven kræver, sender vi altid." in page
    assert "MitID" in page


def test_name_of_whoever_came_by_mail_is_their_own(client: Client) -> None:
    ulla = people.ulla()
    ulla.identities.all().delete()
    client.force_login(ulla)

    empty = text(client.post(URL, {"name": " ", "phone": "1"}))
    client.post(URL, {"name": "Ulla Holm"})

    assert "Skriv dit navn." in empty
    assert User.objects.get(pk=ulla.pk).name == "Ulla Holm"


def test_calendar_is_made_renewed_and_stopped(client: Client) -> None:
    client.force_login(people.asta())
    assert "/kalender/" not in text(client.get(URL)).replace("indstillinger/kalender/", "")
    keys = []

    for _turn in range(2):
        client.post(f"{URL}kalender/")
        keys.append(User.objects.get(pk=people.asta().pk).calendar_key)
    page = text(client.get(URL))
    client.post(f"{URL}kalender/", {"stop": "1"})

    assert keys[0] != keys[1]
    assert f"/kalender/{keys[1]}.ics" in page
    assert User.objects.get(pk=people.asta().pk).calendar_key is None
