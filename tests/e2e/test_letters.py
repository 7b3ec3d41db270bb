"""Letters in a browser: their texts approved, sent, brought, read, checked and archived."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.conf import LazySettings
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from config.ports import free_port
from letters import actions
from letters.models import Channel, LetterState
from letters.previews import asking
from pulje.actions.decision import appeal_guidance
from pulje.enums import LegalBasis
from pulje.models import Applicant, Meeting
from pulje.templatetags.words import dato
from tests import people
from tests.e2e.conftest import PHONE, BrowserPage, CheckPage, screenshot
from tests.e2e.living import House, heading, press
from tests.e2e.posting import (
    BOUNCED,
    BROUGHT,
    DAYS_SINCE,
    EVERYBODY,
    OURS,
    REFUSED,
    REJECTED,
    STOPPED,
    World,
    a_meeting_of_six,
    a_world,
    decision_to,
)

pytestmark = pytest.mark.django_db(transaction=True)
S = LetterState
NO_ADDRESS = "Adressen mangler vej eller postnummer."
GUIDANCE = "Er {du} uenig, så skriv til {kontakt}."
AWARD, TYPED = "Afgørelse: tilskud", "Husk at sige det til naboerne."


@pytest.fixture
def world(
    tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    with a_world(tmp_path, settings, free_port()) as found:
        monkeypatch.setattr(asking, "current_app", found)
        yield found


@pytest.mark.slow
def test_the_letters_of_a_meeting(
    browser_page: BrowserPage,
    check_page: CheckPage,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    karl, dora, rie = (browser_page(who()) for who in (people.karl, people.dora, people.rie))
    dora_approves_what_came_with_the_system(dora, check_page)
    pk = karl_writes_a_text(karl, world, check_page)
    dora_reads_the_difference_and_approves(dora, pk, world, check_page)
    an_appeal_guidance_needs_its_reader(karl, dora, check_page)
    monkeypatch.setattr(asking, "PATIENCE_SECONDS", 0)
    karl.goto("/brev/tekster/galleri/")
    check_page(karl, "c5-galleri")

    meeting = a_meeting_of_six()
    world.works()
    rie_looks_at_each(rie, meeting, check_page)
    the_gate_stops_one(rie, browser_page(people.person("Bo"), width=PHONE), world, check_page)
    rie_sends_and_takes_back(rie, meeting, world, check_page)
    by_phone = browser_page(people.rie(), width=PHONE)
    by_phone.goto(f"/brev/?moede={meeting.pk}")
    check_page(by_phone, "c5-moedets-breve")
    plain = browser_page(people.rie(), width=PHONE, scripts=False)
    batch = rie_sends_the_rest_without_script(plain, meeting)
    each_gets_there_in_its_way(rie, batch, world, check_page)

    asta = browser_page(people.asta(), width=PHONE)
    pdf = asta_reads_her_letter(asta, world, check_page)
    anybody_checks_it(browser_page(width=PHONE), pdf, check_page)
    asta_answers_in_time(asta, check_page)
    the_whole_way_is_told(rie, karl, world, check_page)


# ---- the texts ----


def dora_approves_what_came_with_the_system(dora: Page, check_page: CheckPage) -> None:
    dora.goto("/brev/tekster/")
    expect(dora.get_by_text("tekster skal godkendes, før alle breve kan sendes")).to_be_visible()
    check_page(dora, "c5-tekster-nye")
    dora.get_by_role("link", name="Godkend alle standardtekster").click()
    check_page(dora, "c5-tekster-standard")
    dora.get_by_role("button", name=re.compile("^Jeg har læst dem")).click()
    expect(dora.get_by_text("standardtekster er godkendt.")).to_be_visible()
    expect(dora.get_by_text("Alle breve kan sendes")).to_be_visible()
    check_page(dora, "c5-tekster")


def karl_writes_a_text(karl: Page, world: World, check_page: CheckPage) -> str:
    """A mistake is named by its line, and nothing typed is lost; gives the draft's address."""
    karl.goto("/brev/tekster/AWARD/")
    heading(karl, AWARD)
    body = karl.get_by_role("textbox", name="Tekst", exact=True)
    said = body.input_value()
    body.fill(f"{said}\n\n{TYPED} {{{{ beløp }}}}")
    karl.get_by_label("Hvad er ændret?").fill("Naboerne skal vide det")
    check_page(karl, "c5-tekst-ret")
    press(karl, "Gem som kladde")
    line = len(f"{said}\n\n".split("\n"))
    refused = karl.get_by_role("alert")
    expect(refused).to_contain_text(f"linje {line}: Feltet {{{{ beløp }}}} findes ikke")
    expect(refused).to_contain_text("Mente du {{ beløb }}?")
    expect(body).to_have_value(f"{said}\n\n{TYPED} {{{{ beløp }}}}")
    expect(karl.get_by_label("Hvad er ændret?")).to_have_value("Naboerne skal vide det")
    check_page(karl, "c5-tekst-fejl")
    world.asked.clear()
    body.fill(f"{said}\n\n{TYPED}")
    world.draws(karl)
    check_page(karl, "c5-tekst-visning")
    press(karl, "Gem som kladde", f"{AWARD}, version 2")
    expect(karl.get_by_text("Du har selv skrevet teksten.")).to_be_visible()
    expect(karl.get_by_role("button", name=re.compile("^Godkend"))).to_have_count(0)
    return karl.url


def dora_reads_the_difference_and_approves(
    dora: Page, address: str, world: World, check_page: CheckPage
) -> None:
    dora.goto(address)
    expect(dora.locator("#forskel ins").last).to_contain_text(TYPED)
    world.draws(dora)
    check_page(dora, "c5-tekst-version")
    dora.get_by_role("button", name=re.compile("^Godkend og tag i brug")).click()
    expect(dora.get_by_text("Version 2 er godkendt.")).to_be_visible()


def an_appeal_guidance_needs_its_reader(karl: Page, dora: Page, check_page: CheckPage) -> None:
    """Another than its writer, and for § 18 a lawyer."""
    karl.goto("/brev/tekster/klage/KFM/")
    karl.get_by_label("Klagevejledning").fill(GUIDANCE)
    press(karl, "Gem som kladde")
    expect(karl.get_by_role("button", name=re.compile("^Godkend"))).to_have_count(0)
    dora.goto("/brev/tekster/klage/KFM/")
    check_page(dora, "c5-klagevejledning")
    press(dora, "Godkend og tag i brug i dag")
    expect(dora.get_by_text("Gælder nu: version 1")).to_be_visible()
    appeal_guidance.write(
        LegalBasis.SEL18, by=people.karl(), at=timezone.now(), text=GUIDANCE, note="Udkast"
    )
    dora.goto("/brev/tekster/klage/SEL18/")
    press(dora, "Godkend og tag i brug i dag")
    expect(dora.get_by_text("Låst, til kommunens jurist har godkendt teksten")).to_be_visible()
    check_page(dora, "c5-klagevejledning-laast")
    dora.goto("/brev/tekster/")
    row = dora.get_by_role("row").filter(has_text="Serviceloven § 18")
    expect(row).to_contain_text("Låst")


# ---- the letters of a meeting ----


def state_of(name: str) -> tuple[str, str]:
    letter = decision_to(name)
    return letter.state, letter.channel


def rie_looks_at_each(rie: Page, meeting: Meeting, check_page: CheckPage) -> None:
    """By keys, beside the list; what must be read first is not ticked."""
    rie.goto(f"/brev/?moede={meeting.pk}")
    check_page(rie, "c5-moedets-breve")
    expect(row_of(rie, REFUSED)).to_contain_text("Afslag skal læses af en kollega")
    expect(row_of(rie, STOPPED)).to_contain_text(NO_ADDRESS)
    shown = rie.locator("#h-brev")
    rie.get_by_role("link", name=OURS, exact=True).click()
    for name in (BROUGHT, REJECTED, BOUNCED, REFUSED):
        rie.keyboard.press("j")
        expect(shown).to_have_text(name)
    expect(rie.locator("#brev img").first).to_be_visible()
    rie.keyboard.press("x")
    rie.keyboard.press("j")
    expect(shown).to_have_text(STOPPED)
    expect(rie.locator("#brev")).to_contain_text(NO_ADDRESS)
    rie.keyboard.press("x")
    rie.locator("#forrige").press("Enter")
    expect(rie.locator("#brev:has(#forrige:focus) #h-brev")).to_have_text(REFUSED)
    check_page(rie, "c5-valgt")


def row_of(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has_text=name)


def the_gate_stops_one(rie: Page, bo: Page, world: World, check_page: CheckPage) -> None:
    """It says why and what mends it; the letter is made anew with the address."""
    press(rie, "Send 6 breve", "5 breve kan sendes")
    stopped = rie.get_by_role("region", name="1 brev kan ikke sendes endnu")
    expect(stopped).to_contain_text(NO_ADDRESS)
    expect(stopped).to_contain_text(STOPPED)
    check_page(rie, "c5-tjek")
    stopped.get_by_role("link", name=re.compile("^Ret det")).click()
    expect(rie.get_by_text("Brevet kan ikke sendes endnu.")).to_be_visible()
    expect(rie.get_by_role("button", name="Godkend og send")).to_have_count(0)
    check_page(rie, "c5-brev-stoppet")

    bo.goto(f"/ansoeg/foreninger/{Applicant.objects.get(name=STOPPED).pk}/")
    for label, typed in (("Adresse", "Gaden 2"), ("Postnr.", "2840"), ("By", "Holte")):
        bo.get_by_role("textbox", name=re.compile(f"^{label}")).fill(typed)
    bo.get_by_role("button", name="Gem kontaktoplysninger").click()

    press(rie, "Lav brevet igen")
    expect(rie.get_by_text("Brevet laves igen. Det er klar om lidt.")).to_be_visible()
    world.works()
    rie.reload()
    expect(rie.get_by_role("button", name="Godkend og send")).to_be_visible()
    assert decision_to(STOPPED).facts["address"][-2:] == ["Gaden 2", "2840 Holte"]


def rie_sends_and_takes_back(
    rie: Page, meeting: Meeting, world: World, check_page: CheckPage
) -> None:
    """One has left when she stops the others and takes them back."""
    rie.goto(f"/brev/?moede={meeting.pk}")
    rie.get_by_label("Vælg alle").check(force=True)
    press(rie, "Send 6 breve", "6 breve kan sendes")
    press(rie, "Send 6 breve")
    expect(rie.get_by_text("0 af 6 breve er sendt.")).to_be_visible()
    actions.deliver(decision_to(OURS).pk)
    expect(rie.get_by_role("status")).to_contain_text("1 af 6 breve er sendt.")  # by itself
    check_page(rie, "c5-forsendelse-undervejs")
    press(rie, "Sæt på pause")
    expect(rie.get_by_role("heading", name="Forsendelsen er på pause")).to_be_visible()
    assert world.works() == 0
    check_page(rie, "c5-forsendelse-pause")
    press(rie, "Fortryd 5, der ikke er sendt")
    expect(rie.get_by_text("5 breve er taget tilbage og venter igen")).to_be_visible()


def rie_sends_the_rest_without_script(rie: Page, meeting: Meeting) -> str:
    """On a telephone: picked, looked through, sent, stopped and let go; gives the address.

    Axe needs scripts, so these pages are checked by the other windows.
    """
    rie.goto(f"/brev/?moede={meeting.pk}")
    rie.get_by_label(f"Vælg brev til {REFUSED}").check(force=True)
    rie.get_by_role("button", name=re.compile("^Send")).click()
    heading(rie, "5 breve kan sendes")
    screenshot(rie, "c5-tjek-uden-script")
    press(rie, "Send 5 breve")
    expect(rie.get_by_text("0 af 5 breve er sendt.")).to_be_visible()
    press(rie, "Sæt på pause")
    screenshot(rie, "c5-forsendelse-uden-script")
    press(rie, "Send resten")
    expect(rie.get_by_role("heading", name="Brevene sendes")).to_be_visible()
    return rie.url


def each_gets_there_in_its_way(rie: Page, batch: str, world: World, check_page: CheckPage) -> None:
    """Two by Digital Post; one by print after it was refused, one after its mail came back."""
    world.works()
    assert state_of(BROUGHT) == (S.SENT, Channel.DIGITAL_POST)
    assert on_paper(world) == {STOPPED}
    rie.goto(batch)
    expect(rie.get_by_text("5 af 5 breve er sendt.")).to_be_visible()
    expect(row_of(rie, BROUGHT)).to_contain_text("Sendt")
    world.brought(decision_to(BROUGHT), decision_to(REFUSED))
    world.rejected(decision_to(REJECTED))
    world.bounced(decision_to(BOUNCED))
    world.works()
    world.works()
    assert state_of(REJECTED) == (S.SENT, Channel.PRINT)
    rie.reload()
    expect(row_of(rie, BROUGHT)).to_contain_text("Fremme")
    expect(row_of(rie, REJECTED)).to_contain_text("Print og post")
    expect(row_of(rie, BOUNCED)).to_contain_text("Mailen kom retur: adressen findes ikke")
    check_page(rie, "c5-forsendelse-fejl")

    rie.get_by_role("link", name="Prøv igen, eller skift kanal").click()
    heading(rie, "Kunne ikke sendes")
    check_page(rie, "c5-fejl")
    rie.get_by_role("button", name=f"Skift til Print og post for brevet til {BOUNCED}").click()
    # no envelope could be addressed when the application came in: its receipt waits here
    rie.get_by_role(
        "button", name=f"Skift til På sagen, besked på mail for brevet til {STOPPED}"
    ).click()
    expect(rie.get_by_text("Alt er sendt.")).to_be_visible()
    check_page(rie, "c5-fejl-ingen")
    world.works()
    assert state_of(BOUNCED) == (S.SENT, Channel.PRINT)
    assert on_paper(world) == {STOPPED, REJECTED, BOUNCED}


def on_paper(world: World) -> set[str]:
    """Whose decisions lie in the folder for print."""
    rows = {name: decision_to(name) for name in EVERYBODY}
    files = {f"{one.application.number}-{one.uuid}": name for name, one in rows.items()}
    return {files[file] for file in world.printed() if file in files}


# ---- the one it is written to ----


def asta_reads_her_letter(asta: Page, world: World, check_page: CheckPage) -> bytes:
    """The mail says that there is a letter, and nothing of it."""
    letter = decision_to(OURS)
    mail = world.mails.to(letter.recipient_email)[-1]
    said = words_of(mail)
    assert "har fået et brev" in said
    for word in ("40.000", "ilskud", "fslag", "ulturpulje", OURS, "Fællesspisning"):
        assert word not in f"{mail['Subject']} {said}", word
    assert letter.opened_at is None

    (link,) = re.findall(r"https?://[^/]+(/ansoeg/\S+)", said)[:1]
    asta.goto(link)
    expect(asta.get_by_role("heading", name="Der er en afgørelse i sagen")).to_be_visible()
    check_page(asta, "b7-brev")
    press(asta, "Åbn afgørelsen")
    expect(asta.get_by_role("heading", name="Tillykke – I har fået støtte")).to_be_visible()
    check_page(asta, "b7-aabnet")
    letter.refresh_from_db()
    assert (letter.state, letter.opened_at is not None) == (S.OPENED, True)
    with asta.expect_download() as waited:
        asta.get_by_role("link", name="Hent afgørelsen (PDF)").click()
    return Path(waited.value.path()).read_bytes()


def words_of(mail: EmailMessage) -> str:
    return " ".join(part.get_content() for part in mail.walk() if not part.is_multipart())


def anybody_checks_it(page: Page, pdf: bytes, check_page: CheckPage) -> None:
    """Nobody need log in; a changed copy is not known."""
    page.goto("/brev/tjek/")
    check_page(page, "a6-tjek")
    for content, answer in (
        (pdf, "Ja. Brevet er fra os, og det er ikke ændret."),
        (pdf.replace(b"%%EOF", b"%%EOG"), "Vi kender ikke den fil."),
    ):
        file = {"name": "brev.pdf", "mimeType": "application/pdf", "buffer": content}
        page.get_by_label("Brevet som PDF").set_input_files(file)
        press(page, "Tjek brevet")
        expect(page.get_by_role("heading", name=answer)).to_be_visible()
        check_page(page, f"a6-{answer[:2].lower()}")


def asta_answers_in_time(asta: Page, check_page: CheckPage) -> None:
    """All the days count from the one the letter could be read, not from the one it was made."""
    letter = decision_to(OURS)
    due_on, told_on = letter.application.due_on, date.fromisoformat(letter.facts["issued_on"])
    promised = date.fromisoformat(letter.facts["due_on"])
    assert due_on is not None
    assert timezone.localdate(letter.available_at) == told_on + timedelta(days=DAYS_SINCE)
    assert due_on - timezone.localdate(letter.available_at) >= promised - told_on
    answer = asta.get_by_role("region", name="Siger I ja til vilkårene?")
    expect(answer).to_contain_text(dato(due_on))
    press(asta, "Ja tak til tilskuddet")
    expect(asta.get_by_text("Tak for svaret.")).to_be_visible()


# ---- afterwards ----


def the_whole_way_is_told(rie: Page, karl: Page, world: World, check_page: CheckPage) -> None:
    """On the letter's page and in the case, which goes to the ESDH when it is closed."""
    letter = decision_to(REJECTED)
    rie.goto(f"/brev/{letter.uuid}/side/")
    way = rie.get_by_role("region", name="Brevets vej")
    expect(way).to_contain_text(
        re.compile("Digital Post.*Afvist.*Print og post.*Ventes", re.DOTALL)
    )
    for step in ("Bestilt", "Lavet", "Godkendt af Rie", "Fremme"):
        expect(way).to_contain_text(step)
    expect(rie.get_by_text("Tjekket, da brevet blev godkendt")).to_be_visible()
    check_page(rie, "c5-brev")

    house = House(decision_to(OURS).application)
    for step in (house.pay, house.submit_report, house.approve_report, house.close):
        step()
    world.works()
    world.works()
    karl.goto(f"/sag/{house.case.pk}/dokumenter/")
    expect(karl.get_by_text("Afleveret")).to_be_visible()
    expect(row_of(karl, AWARD).first).to_contain_text("Åbnet")
    check_page(karl, "c2-dokumenter")
    (package,) = world.filed()
    with ZipFile(package) as found:
        names = found.namelist()
    assert "indeks.xml" in names
    assert any(name.endswith(".pdf") for name in names)
