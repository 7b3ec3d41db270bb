"""What stands in mails: one text told twice, headers that servers trust, nothing about anybody."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from letters.delivery import Parcel
from letters.delivery.email import notice
from letters.facts.pronouns import words
from letters.mails import actions
from letters.mails.kinds import MAILS, Courtesy, SubscriptionMail
from letters.models import Mail
from pulje.models import User
from tests import people
from tests.factories import a_draft
from tests.letters.mails.test_actions import FACTS

pytestmark = pytest.mark.django_db
NASTY = "Åse <b>010190-1234</b> asta@x.example"
SAFE_HEADERS = {
    *("Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID"),
    *("Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post"),
}


class Page(HTMLParser):
    """The words of a page, its links, and what it asks others for."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.told = ""
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.is_head = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.is_head = self.is_head and tag != "body" or tag == "head"
        if tag == "a":
            self.links.append(told["href"] or "")
        if tag in ("img", "link", "script", "iframe", "style"):
            self.fetched.append(tag)

    def handle_data(self, data: str) -> None:
        if not self.is_head:
            self.told += data

    @property
    def words(self) -> list[str]:
        return self.told.split()


def mails() -> dict[str, Any]:
    """A mail of every kind with a nasty name in every fact that somebody has written."""
    nasty = {name: NASTY for name in ("name", "leader", "applicant", "inviter", "person", "title")}
    asta, case, made = people.asta(), a_draft(), {}
    for code, kind in MAILS.items():
        facts = {name: (FACTS | nasty)[name] for name in kind.needs}
        facts |= {"person_id": asta.pk} if issubclass(kind, Courtesy) else {}
        made[code] = actions.message_of(
            Mail(kind=code, application=case, recipient_email="bo@puljer.example", facts=facts)
        )
    parcel = Parcel(
        message_id="<letter.1@puljer.example>",
        number="FP-2027-014",
        title="Afgørelse: afslag",
        name=NASTY,
        email="bo@puljer.example",
        pdf=b"%PDF",
        link="https://puljer.example/ansoeg/3/",
        enclosure=b"%PDF",
        facts={"project": NASTY, "amount_kr": "25000.00", **words(one=False)},
    )
    return made | {"LETTER": notice(parcel)}


def test_every_mail_is_one_text_told_twice_with_headers_that_servers_trust() -> None:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    for code, made in mails().items():
        message = made.message()
        html, kind = made.alternatives[0]
        page = Page(html)
        addresses = re.findall(r"^https?://\S+$", made.body, re.MULTILINE)

        assert (kind, made.attachments, page.fetched) == ("text/html", [], []), code
        assert set(message.keys()) <= SAFE_HEADERS, code
        assert message["From"].rstrip(">").endswith("@" + domain), code
        assert message["Message-ID"].endswith(f"@{domain}>"), code
        assert message["Auto-Submitted"] == "auto-generated", code
        assert "010190" not in message["Subject"] + code, code
        assert not any(word in made.subject for word in ("Åse", "asta@", "<", "Afgørelse")), code
        assert page.links == addresses, f"{code}: the same links, in words"
        plain = [word for word in made.body.split() if word not in addresses]
        shown = " ".join(page.words)
        assert all(word in shown for word in plain), code
        assert 'lang="da"' in html, code
        assert "<b>" not in html, code


def test_a_letter_s_notice_says_nothing_of_the_letter() -> None:
    made = mails()["LETTER"]

    whole = made.subject + made.body + made.alternatives[0][0]

    assert made.subject == "Nyt brev i jeres sag FP-2027-014"
    assert not re.search(r"afslag|afgørelse|25|kr\.|Åse", whole.replace("2027", ""), re.I)
    assert "vi læser ikke svar på den" in whole
    assert "Rudersdal Kommune" in whole


def test_who_wants_english_is_told_in_a_sentence_of_it_and_numbers_stay_on_one_line() -> None:
    case, number = a_draft(), "2027-12-104"
    facts = {name: FACTS[name] for name in MAILS["NEW_MESSAGE"].needs} | {"number": number}
    mail = Mail(kind="NEW_MESSAGE", application=case, recipient_email="bo@x.example", facts=facts)
    assert "In English" not in actions.message_of(mail).body
    case.wants_english = True

    made = actions.message_of(mail)

    assert f"In English: There is a new message in case {number}." in made.body
    html = " ".join(made.alternatives[0][0].split())
    assert '<p lang="en" style="margin: 0 0 16px"> In English: There is a new message' in html
    whole = f'<span style="white-space: nowrap">{number}</span>'
    assert html.count(number) == html.count(whole) + html.partition("</title>")[0].count(number)


def test_one_click_ends_courtesies_and_nothing_that_must_be_told() -> None:
    free = {code for code, made in mails().items() if "List-Unsubscribe" in made.message()}

    assert free == {
        code for code, kind in MAILS.items() if issubclass(kind, Courtesy | SubscriptionMail)
    }


def test_the_link_of_a_mail_ends_such_mails_by_a_post_alone() -> None:
    asta = people.asta()
    for code, wish in (
        ("NEW_MESSAGE", "wants_message_mail"),
        ("DRAFT_LAPSES", "wants_reminder_mail"),
    ):
        header = mails()[code].message()["List-Unsubscribe"].strip("<>")
        path = header.removeprefix(settings.SITE["url"])
        client = Client(enforce_csrf_checks=True)

        assert client.get(path).status_code == 200
        assert getattr(User.objects.get(pk=asta.pk), wish)
        for _twice in range(2):
            answer = client.post(path, {"List-Unsubscribe": "One-Click"})
            assert "ikke flere mails" in answer.content.decode()
        assert not getattr(User.objects.get(pk=asta.pk), wish)
        assert (
            client.get(
                "/afmeld/alt/" + path.rpartition("/")[0].rpartition("/")[2] + "/"
            ).status_code
            == 404
        )
        assert client.get(path.replace("beskeder", "frister") + "x/").status_code == 404
        wrong = client.get(path.rstrip("/")[:-3] + "/")
        assert wrong.status_code != 404
        assert "Linket virker ikke" in wrong.content.decode()


def test_a_contact_without_an_account_has_nothing_to_end() -> None:
    assert MAILS["NEW_MESSAGE"].headers({"number": "1", "path": "/"}) == {}
