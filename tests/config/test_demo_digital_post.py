"""The demo's page of what Digital Post took: the letter, never a CPR number."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import tostring

from django.test import Client

from letters.delivery.memo import message
from tests.letters.delivery.test_memo import ANSWER, PARCEL, PERSON

URL = "/demo/digital-post/"


def test_the_box_shows_messages_and_their_papers(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    assert "Der er ikke sendt nogen Digital Post endnu." in client.get(URL).text
    folder = tmp_path / "digital-post" / "messages"
    folder.mkdir(parents=True)
    for key, parcel in {"a": PARCEL, "b": replace(PARCEL, **PERSON | ANSWER)}.items():
        (folder / f"{key}.xml").write_bytes(tostring(message(parcel)))

    text = client.get(URL).text

    assert "Afslag på tilskud, sag 2027-018" in text
    assert "CVR 29188378" in text
    assert "CPR ••••••-••••" in text
    assert "0101904321" not in text
    pdf = client.get(f"{URL}b/2/")
    assert (pdf.content, pdf["Content-Type"]) == (ANSWER["enclosure"], "application/pdf")
    for wrong in ("b/3/", "b/0/", "c/1/", "..%2Fa/1/"):
        assert client.get(URL + wrong).status_code == 404
