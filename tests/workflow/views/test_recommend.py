"""Proposing an amount: the pool's own reasons, shares, terms, who decides; and a small case."""

import re
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.utils import timezone

from letters.models import Letter
from pulje.enums import PhraseKind
from pulje.models import Application, Phrase
from pulje.queries.casework.delegation import who_decides, why_decided_by
from pulje.rules.deadlines import add_working_days
from pulje.states import CaseState
from pulje.templatetags.words import dato
from tests import people
from tests.factories import a_pool, case_in, walk_to

pytestmark = pytest.mark.django_db
S = CaseState


def text_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode().replace("\N{NO-BREAK SPACE}", " "))


@pytest.fixture
def case():
    """Assessed; its pool has a phrase for a cut and one for the terms."""
    case = case_in(S.REVIEWED)
    ground = case.version.grounds.order_by("pk")[1]
    kinds = (
        (PhraseKind.REASONS, "Kun lidt nyt.", ground),
        (PhraseKind.CONDITIONS, "Nævn os.", None),
    )
    for kind, text, carried_by in kinds:
        Phrase.objects.create(
            version=case.version, kind=kind, name=text[:3], text=text, ground=carried_by
        )
    return case


def test_a_phrase_brings_its_ground_and_the_posts_their_shares(client, case):
    reason, term = case.version.phrases.order_by("-kind")
    client.force_login(people.karl())
    path = f"/sag/{case.pk}/recommend/"
    typed = {
        "amount_kr": "5.000",
        "phrases": reason.pk,
        "terms": term.pk,
        "conditions": "Og andre.",
    }

    page = text_of(client.get(path))
    assert (
        page.index(">Fællesskab<") < page.index(">Nytænkning<") < page.index("Kun: Kun lidt nyt.")
    )
    wrong = text_of(client.post(path, typed | {"line_1": "4.000"}))
    assert "Posterne giver i alt 4.000 kr., men der er indstillet 5.000 kr." in wrong
    assert '<details class="details mt-4 mb-0" open>' in wrong
    client.post(path, typed | {"line_1": "5.000"})

    told = case.recommendations.get()
    assert (told.reasons, told.conditions) == ("Kun lidt nyt.", "Nævn os.\nOg andre.")
    assert list(told.grounds.order_by("pk")) == [reason.ground]
    assert told.lines.get().amount_kr == D(5_000)
    shown = text_of(client.get(f"/sag/{case.pk}/"))
    assert "af 8.000 kr.</span>" in shown
    assert "Afgøres af lederen: søgt 8.000 kr. er inden for 10.000 kr., KU 1. januar 2020." in shown


def test_a_phrase_in_the_address_is_there_to_be_mended(client, case):
    keys = ",".join(str(pk) for pk in case.version.phrases.values_list("pk", flat=True))
    client.force_login(people.karl())

    page = text_of(client.get(f"/sag/{case.pk}/recommend/?frase={keys},x,9999"))

    assert "Kun lidt nyt.</textarea>" in page
    assert "Nævn os.</textarea>" in page
    assert page.count(" checked>") == 1


def test_strange_grounds_are_refused_in_a_sentence(client, case):
    client.force_login(people.karl())
    foreign = a_pool().versions.get().grounds.order_by("pk")[0]

    for pk in (foreign.pk, "x", "9" * 30):
        page = client.post(f"/sag/{case.pk}/recommend/", {"amount_kr": "1", "grounds": pk})
        assert "Vælg kun blandt puljens egne begrundelser" in text_of(page)


def test_a_long_project_asks_for_the_consent(client, case):
    case.ends_on = case.starts_on + timedelta(days=1_200)
    case.save()
    client.force_login(people.karl())
    path = f"/sag/{case.pk}/recommend/"

    assert "Ankestyrelsens samtykke" in text_of(client.get(path))
    assert "Projektet løber i mere end tre år." in text_of(
        client.post(path, {"amount_kr": "8.000"})
    )
    client.post(path, {"amount_kr": "8.000", "consent": "3. maj, 27-42"})

    assert case.recommendations.count() == 1


def test_who_decides_and_why():
    today = timezone.localdate()
    case = case_in(S.REVIEWED)
    version = case.version
    said = {}
    for name, value in (
        ("delegation_limit_kr", D(5_000)),
        ("delegation_until", today - timedelta(days=1)),
        ("delegation_from", today + timedelta(days=1)),
        ("delegation_basis", ""),
        ("delegation_limit_kr", None),
    ):
        setattr(version, name, value)
        said[name] = who_decides(case, today).replace("\N{NO-BREAK SPACE}", " ")
        setattr(version, name, version.__class__.objects.values_list(name, flat=True).get())
    version.delegation_limit_kr = D(5_000)

    assert said["delegation_limit_kr"].endswith(
        "fordi puljen ikke har delegeret noget til forvaltningen."
    )
    assert "fordi delegationen ophørte " in said["delegation_until"]
    assert "fordi delegationen først gælder fra " in said["delegation_from"]
    assert said["delegation_basis"].endswith("ikke siger, hvornår delegationen er besluttet.")
    assert who_decides(case, today).replace("\N{NO-BREAK SPACE}", " ") == (
        "Går til udvalget, fordi der er søgt 8.000 kr., og lederen kan afgøre til og med 5.000 kr."
    )


def test_why_the_answer_is_due():
    now = timezone.now()
    late = walk_to(S.REVIEWED)
    late.at += timedelta(days=30)
    soon = walk_to(S.REVIEWED, starts=now - timedelta(days=5))
    waited = walk_to(S.RETURNED, starts=now - timedelta(days=20))
    waited.at += timedelta(days=7)
    for step in ("answer", "accept_for_review", "review"):
        getattr(waited, step)()
    said = []
    for walk in (late, soon, waited):
        walk.recommend()
        said.append(why_decided_by(walk.case, walk.case.recommendations.get()))
    first, second, third = (
        dato(add_working_days(timezone.localdate(walk.case.submitted_at), 10))
        for walk in (late, soon, waited)
    )

    assert said[0].endswith(f"Svar senest {first}: 10 arbejdsdage efter modtagelsen.")
    assert said[1].endswith(f"Svar senest {second}: 10 arbejdsdage efter modtagelsen.")
    assert said[2].endswith("10 arbejdsdage efter modtagelsen, og de dage, ansøger har haft sagen.")
    assert third not in said[2]


class Hand:
    """Counts clicks: a page opened, a button, and each choice that is not made already."""

    def __init__(self, client):
        self.client, self.clicks = client, 0

    def open(self, path: str) -> str:
        self.clicks += 1
        return text_of(self.client.get(path))

    def press(self, page: str, action: str, chosen: dict[str, object] | None = None) -> str:
        """Send the form with what stands in it and what is chosen; come to the next page."""
        self.clicks += 1 + len(chosen or {})
        form = next(
            part for part in re.findall(r"<form.*?</form>", page) if f'action="{action}"' in part
        )
        said: dict[str, object] = {}
        for name, value in re.findall(
            r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"[^>]*checked', form
        ):
            said.setdefault(name, []).append(value)
        for name, value in re.findall(
            r'<input type="text" name="(\w+)" value="([^"]*)"', form
        ) + re.findall(r'<button[^>]*name="(\w+)" value="([^"]*)"', form):
            said[name] = value
        answer = self.client.post(action, said | (chosen or {}))
        assert answer.status_code == 302, text_of(answer)
        return text_of(self.client.get(answer.url))


def test_a_small_case_is_decided_in_ten_clicks(client):
    """From the case worker's inbox to the queued letter, the leader's clicks included."""
    case = case_in(S.SUBMITTED)
    Application.objects.filter(pk=case.pk).update(caseworker=people.karl())
    criteria = list(case.version.criteria.order_by("position"))
    hand, path = Hand(client), f"/sag/{case.pk}/"

    client.force_login(people.karl())
    page = hand.open(path)
    page = hand.press(page, f"{path}accept_for_review/")
    points = {f"points_{criterion.pk}": 3 for criterion in criteria}
    page = hand.press(page, f"{path}record_assessment/", points | {"is_impartial": "on"})
    hand.press(page, f"{path}recommend/")
    client.force_login(people.dora())
    page = hand.open(path)
    hand.press(page, f"{path}decide/")

    case.refresh_from_db()
    assert (case.state, case.granted_kr) == (S.APPROVED, case.requested_kr)
    assert Letter.objects.filter(application=case, kind="AWARD").count() == 1
    assert case.decisions.get().reasons == (
        "Ansøgningen opfylder puljens kriterier, især: Fællesskab og Nytænkning."
    )
    assert hand.clicks <= 10
