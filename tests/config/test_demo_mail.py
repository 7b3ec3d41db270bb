import mailbox
from email.message import EmailMessage

import pytest


@pytest.fixture
def box(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return mailbox.Maildir(tmp_path / "mail", create=True)


@pytest.fixture
def key(box):
    message = EmailMessage()
    message["To"], message["Subject"] = "asta@puljer.example", "Vi har modtaget jeres ansøgning"
    message.set_content("Kære Asta\n\n<b>Tak</b> for jeres ansøgning.")
    message.add_attachment(
        b"%PDF-1.7", maintype="application", subtype="pdf", filename="kvittering.pdf"
    )
    message.add_attachment(b"<script>", maintype="text", subtype="html", filename="ond.html")
    return box.add(message)


def test_empty_box_says_so(client, box):
    assert "Der er ikke sendt nogen mails endnu." in client.get("/demo/mail/").text


def test_box_lists_what_was_sent(client, key):
    page = client.get("/demo/mail/").text

    assert "Vi har modtaget jeres ansøgning" in page
    assert "asta@puljer.example" in page


def test_mail_shows_its_text_escaped(client, key):
    assert "&lt;b&gt;Tak&lt;/b&gt; for jeres ansøgning." in client.get(f"/demo/mail/{key}/").text


def test_pdf_is_shown_and_anything_else_only_downloaded(client, key):
    pdf, html = client.get(f"/demo/mail/{key}/1/"), client.get(f"/demo/mail/{key}/2/")

    assert (pdf["Content-Type"], pdf["Content-Disposition"]) == ("application/pdf", "inline")
    assert (html["Content-Type"], html["Content-Disposition"]) == (
        "application/octet-stream",
        "attachment",
    )


@pytest.mark.parametrize("address", ["nobody/", "nobody/1/"])
def test_unknown_mail_is_not_found(client, box, address):
    assert client.get(f"/demo/mail/{address}").status_code == 404
