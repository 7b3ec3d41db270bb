"""The committee's meeting in a browser: prepared, read, held, closed, told; on a tablet."""

import re
from decimal import Decimal
from io import BytesIO

import pypdfium2
import pytest
from django.utils import timezone
from docx import Document
from playwright.sync_api import Page, expect

from letters import actions as letters
from letters.models import Letter, LetterState
from letters.packets import actions
from letters.rendering.proof import standards_broken
from pulje.actions.casework.tie import tell_tie
from pulje.actions.meeting.meeting import change_meeting
from pulje.enums import LegalBasis, PacketState, Role
from pulje.models import AppealGuidance, Meeting, Packet, Pool, User
from pulje.queries.meeting.ruling import left_of
from tests import people
from tests.e2e.conftest import BrowserPage, CheckPage
from tests.e2e.living import heading
from tests.e2e.sitting import Seated, a_meeting_in, name_of, public_pool, recommended

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("texts")]
TIED, RAISED, MOVED, CUT = name_of(8), name_of(11), name_of(3), name_of(2)
LATE, LEFT_FOR_LATE = name_of(60), "12.000"
QUORUM = "3 af 3 er til stede. Udvalget er beslutningsdygtigt med 2."


@pytest.fixture
def sixty() -> Meeting:
    """A meeting in ten days; forty cases and twenty are ready for it."""
    tied = muhammed()
    recommended(public_pool("KP", "Kulturpuljen", 490_000), range(1, 41))
    recommended(public_pool("FP", "Frivillighedspuljen", 240_000), range(41, 61))
    AppealGuidance.objects.create(
        legal_basis=LegalBasis.KFM,
        version=1,
        text="Skriv til {kontakt}.",
        approved_by=people.dora(),
        approved_at=timezone.now(),
    )
    tell_tie(tied, by=tied, name=TIED, relation="kasserer")
    return a_meeting_in(10)


def muhammed() -> User:
    return people.person("Muhammed", Role.COMMITTEE_MEMBER)


def number_of(meeting: Meeting, name: str) -> int:
    return meeting.items.get(application__applicant__name=name).position


@pytest.mark.slow
def test_a_meeting_of_sixty_cases(
    browser_page: BrowserPage,
    check_page: CheckPage,
    sixty: Meeting,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    karl, sanne, karen, mads, tied = (
        Seated(browser_page, who(), sixty)
        for who in (people.karl, people.sanne, people.karen, people.mads, muhammed)
    )
    karl_prepares(karl, sixty, check_page)
    members_read(mads, karen, karl, check_page)
    members_say_who_is_disqualified(tied, mads, sixty, check_page)
    files_are_right(mads, check_page, monkeypatch)
    change_meeting(sixty, by=people.sanne(), held_at=timezone.now(), place="Rådhuset")
    committee_meets(sanne, mads, sixty, check_page)
    one_is_over_the_frame(sanne, check_page)
    sanne_closes_and_karen_approves(sanne, karen, sixty, check_page)
    a_second_person_reads_the_letters(karl, sixty, check_page)
    everybody_reads(browser_page(width=1024, height=768), check_page)


def karl_prepares(karl: Seated, meeting: Meeting, check_page: CheckPage) -> None:
    """Ordered by buttons, one amount changed, one with alternatives, one late after the lock."""
    page = karl.go("forbered/")
    check_page(page, "c4-forbered")
    karl.press(f"Flyt {MOVED} op")
    expect(page.locator("tr", has=page.get_by_label(f"{MOVED} er med"))).to_contain_text("2")
    page.get_by_label(f"Indstillet beløb til {CUT}").fill("10.000")
    expect(page.locator("[data-unsaved]")).to_be_visible()
    expect(page.locator("[data-out=rest]").first).to_have_text("12.000\xa0kr.")
    page.get_by_label(f"Bemærkning om {CUT}").fill("Honoraret er sat ned")
    page.get_by_label(f"{LATE} er med på mødet").uncheck()
    page.get_by_role("button", name=re.compile("Begrundelse og alternativer")).first.click()
    page.get_by_label("Alternativ a: beløb").fill("8.000")
    page.get_by_label("Alternativ a: hvad det betyder").fill("Kun de første tre aftener")
    check_page(page, "c4-sag")
    karl.press("Gem", "Forbered møde i Kulturudvalget")
    expect(page.get_by_text("1 alternativ")).to_be_visible()
    karl.press("Send til udvalget", "Send dagsordenen til udvalget?")
    expect(page.get_by_text("Dagsordenen låses med 59 sager i 2 punkter")).to_be_visible()
    check_page(page, "c4-laas")
    karl.press("Lås og send til udvalget")
    karl.told("Dagsordenen er låst og sendt til udvalget.")
    page = karl.go("forbered/")
    page.get_by_label(f"{LATE} er med på mødet").check()
    karl.press("Gem")
    expect(page.get_by_text("Tilføjet efter fristen", exact=True)).to_be_visible()
    check_page(page, "c4-laast")
    assert meeting.items.count() == 60
    assert number_of(meeting, MOVED) == 2


def members_read(mads: Seated, karen: Seated, karl: Seated, check_page: CheckPage) -> None:
    """A note for nobody else; a question that is answered from the inbox."""
    page = mads.go()
    heading(page, re.compile("^Møde i Kulturudvalget"))
    expect(page.get_by_role("heading", level=2).first).to_have_text("Punkt 3: Kulturpuljen 2027")
    expect(page.get_by_text("Fremmødet er ikke ført til protokol endnu.")).to_be_visible()
    check_page(page, "d1-foer")
    page.locator("#sag-1").click()
    page.get_by_role("textbox", name="Note").fill("Hvad koster lokalet?")
    expect(page.locator("#gemt")).to_contain_text("Gemt")
    page.get_by_label("Dit spørgsmål").fill("Er lokalet gratis?")
    mads.press("Send spørgsmål")
    mads.told("Dit spørgsmål er sendt til forvaltningen.")
    check_page(page, "d2-sag")
    other = karen.go("sag/1/")
    expect(other.get_by_text("Er lokalet gratis?")).to_be_visible()
    expect(other.get_by_role("textbox", name="Note")).to_have_value("")

    page = karl.page
    page.goto("/sag/")
    page.get_by_role("link", name="Spørgsmål fra udvalget (1)").click()
    check_page(page, "c1-spoergsmaal")
    page.locator("tbody a.bold-link").click()
    page.get_by_role("textbox", name="Svar").fill("Ja, skolen lægger hus til.")
    karl.press("Send svar")
    expect(page.get_by_text("Ja, skolen lægger hus til.")).to_be_visible()
    expect(mads.go("sag/1/").get_by_text("Ja, skolen lægger hus til.")).to_be_visible()


def members_say_who_is_disqualified(
    tied: Seated, mads: Seated, meeting: Meeting, check_page: CheckPage
) -> None:
    """One by the register, before the case is opened; one is raised by another member."""
    own, raised = number_of(meeting, TIED), number_of(meeting, RAISED)
    page = tied.go()
    tied.sees(own, "Tag stilling", "–")
    page.get_by_role("link", name="Jeg er inhabil").click()
    expect(page.get_by_text("kasserer")).to_be_visible()
    check_page(page, "d3-inhabil")
    page.get_by_role("checkbox", name=f"{own} {TIED}").check()
    page.get_by_label("Hvorfor?").fill("Jeg er kasserer i koret.")
    tied.press("Meld inhabil")
    tied.told("Du er meldt inhabil i 1 sag.")
    tied.sees(own, "Du er inhabil")
    page.locator(f"#sag-{own}").click()
    heading(page, re.compile(r"\w"))
    expect(page.get_by_role("heading", name="Du er inhabil i sagen")).to_be_visible()
    expect(page.get_by_text("Forvaltningens vurdering")).to_have_count(0)
    expect(page.get_by_text("12.000")).to_have_count(0)
    check_page(page, "d3-lukket")

    page = mads.go("inhabil/")
    page.get_by_role("link", name="Er en anden inhabil?").click()
    page.get_by_label("Hvem gælder det?").select_option(label="Karen")
    page.get_by_label("Hvilken sag?").select_option(label=f"{raised} {RAISED}")
    page.get_by_label("Hvorfor?").fill("Hendes søn leder koret.")
    check_page(page, "d3-rejs")
    mads.press("Rejs spørgsmålet", "Jeg er inhabil")
    mads.told("Er Karen inhabil i sagen")


def files_are_right(mads: Seated, check_page: CheckPage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest agenda as files: the PDF keeps both standards and has no blank page."""
    # the closed files and version 1 are made in the same way: tests/letters/packets/test_actions.py
    monkeypatch.setattr(actions, "FILES", [file for file in actions.FILES if file[1]])
    Packet.objects.filter(number=1).update(state=PacketState.READY)
    while actions.make_next():
        pass
    page = mads.go("pakker/")
    expect(page.get_by_role("heading", name="Version 2")).to_be_visible()
    check_page(page, "d5-pakker")
    page.get_by_role("link", name="Læs den åbne dagsorden, version 2").click()
    heading(page, re.compile("^Dagsorden for Kulturudvalget"))
    check_page(page)
    page.go_back()
    pdf = fetched(page, "Åben PDF")
    check_pdf(pdf)
    word = Document(BytesIO(fetched(page, "Åben Word")))
    assert "Punkt 1" in " ".join(one.text for one in word.paragraphs)


def fetched(page: Page, link: str) -> bytes:
    address = page.get_by_role("link", name=link).first.get_attribute("href")  # the newest
    answer = page.request.get(address)
    assert answer.status == 200, address
    return answer.body()


def check_pdf(pdf: bytes) -> None:
    assert standards_broken(pdf) == []
    with pypdfium2.PdfDocument(pdf) as document:
        for number, sheet in enumerate(document, 1):
            picture = sheet.render(scale=0.5).to_pil().convert("L")
            assert sum(picture.histogram()[:200]) > 500, f"page {number} is blank"


def committee_meets(sanne: Seated, mads: Seated, meeting: Meeting, check_page: CheckPage) -> None:
    """Mads' screen follows what Sanne records: changed, postponed, alone, and the rest at once."""
    own, raised = number_of(meeting, TIED), number_of(meeting, RAISED)
    page, seen = sanne.go("fremmoede/"), mads.go()
    for box in page.get_by_role("checkbox").all():
        box.check()
    sanne.press("Gem fremmøde")
    page.goto(sanne.path + "inhabil/")
    page.get_by_role("link", name="Før beslutningen om Karen").click()
    page.get_by_label("Karen er inhabil i sagen").check()
    check_page(page, "d3-afgoer")
    sanne.press("Før til protokol", "Jeg er inhabil")
    expect(sanne.go("fremmoede/").get_by_text("Mads leder behandlingen.")).to_be_visible()
    check_page(page, "d6-fremmoede")

    sanne.go()
    sanne.press("Tag sag 1")
    heading(page, re.compile(r"\w"))
    mads.sees(1, "Behandles nu")
    page.get_by_label(re.compile("^Følg indstillingen")).check()
    check_page(page, "d2-beslut")
    page.get_by_role("button", name=re.compile("^Gem beslutning")).click()
    sanne.told("Sag 1 er ført til protokol.")
    sanne.rule(3, "Giv et andet beløb", kr="14.000", reasons="Flere unge kan være med.")
    sanne.rule(4, "Giv et andet beløb", kr="8.000", reasons="Pengene går til sag 3.")
    sanne.rule(5, "Udsæt sagen", reasons="Udvalget vil se budgettet.")
    mads.sees(3, "Ændret: +4.000")
    mads.sees(4, "Ændret: −4.000")
    mads.sees(5, "Udsat")
    for number in (own, raised):
        sanne.rule(number, "Følg indstillingen")
        sanne.told(f"Sag {number} er ført til protokol.")
    page = sanne.go()
    check_page(page, "d1-under")
    page.get_by_role("link", name="Følg indstillingen for resten").click()
    page.get_by_label(f"Sag 60, {LATE}").uncheck()
    check_page(page, "d4-foelg")
    sanne.press("Ja, følg indstillingen i 53 sager")
    sanne.told("53 sager er ført til protokol som indstillet.")
    mads.sees(59, "Som indstillet")
    mads.sees(60, "Behandles nu")
    told = page.locator("#moedet").inner_text()
    expect(seen.locator("#moedet")).to_have_text(told, use_inner_text=True)


def one_is_over_the_frame(sanne: Seated, check_page: CheckPage) -> None:
    """Refused with the figures, and possible after the committee has raised the frame."""
    more = {"kr": "18.000", "reasons": "Udvalget vil have to kor."}
    sanne.rule(60, "Giv et andet beløb", **more)
    refused = sanne.page.get_by_role("alert")
    expect(refused).to_contain_text("Frivillighedspuljen")
    expect(refused).to_contain_text(LEFT_FOR_LATE)
    check_page(sanne.page, "d2-over-rammen")
    page = sanne.go("forhoej/")
    page.get_by_label("Hvilken pulje?").select_option(label=str(Pool.objects.get(code="FP")))
    page.get_by_label("Hvor meget forhøjes rammen?").fill("6.000")
    page.get_by_label("Hvad har udvalget besluttet?").fill("Rammen forhøjes med 6.000 kr.")
    check_page(page, "d1-forhoej")
    sanne.press("Se rammen før og efter")
    check_page(page, "d1-forhoej-efter")
    sanne.press("Før forhøjelsen til protokol")
    sanne.told("Rammen er forhøjet.")
    sanne.rule(60, "Giv et andet beløb", **more)
    sanne.told("Alle sager er behandlet.")


def sanne_closes_and_karen_approves(
    sanne: Seated, karen: Seated, meeting: Meeting, check_page: CheckPage
) -> None:
    """Everything is decided; the minutes name what was not as recommended."""
    page = sanne.go("luk/")
    check_page(page, "d7-luk")
    sanne.press("Afslut mødet", re.compile("^Efter mødet"))
    sanne.told("Mødet er afsluttet. 60 sager er behandlet.")
    check_page(page, "d7-efter")
    expect(page.get_by_role("button", name="Godkend referatet")).to_have_count(0)
    page.get_by_role("link", name="Læs referatet").click()
    heading(page, re.compile("^Referat for Kulturudvalget"))
    said = page.locator("main").inner_text().replace("\xa0", " ")
    for name, who in ((TIED, "Muhammed"), (RAISED, "Karen")):
        number = number_of(meeting, name)
        assert f"{who} deltog ikke i behandlingen af nr. {number} på grund af inhabilitet." in said
    for words in (
        "Mads ledede",
        "14.000",
        "8.000",
        "Udsat",
        "Rammen forhøjes med 6.000 kr.",
        QUORUM,
    ):
        assert words in said, words
    check_page(page, "d7-referat")
    sums = left_of(list(Pool.objects.order_by("pk")))
    assert list(sums.values()) == [Decimal(490_000 - 478_000 + 12_000), Decimal(0)]

    page = karen.go("luk/")
    karen.press("Godkend referatet")
    karen.told("Referatet er godkendt. Brevene kan nu læses og sendes.")


def a_second_person_reads_the_letters(
    karl: Seated, meeting: Meeting, check_page: CheckPage
) -> None:
    """Karl reads what Rie has recommended, not what he has himself; the rest is being made."""
    made = list(Letter.objects.of_meeting(meeting).order_by("pk")[:2])
    assert all(letters.render(letter.pk) for letter in made)
    page = karl.go("luk/")
    page.get_by_role("link", name="Se mødets breve").click()
    check_page(page, "c5-moedets-breve")
    own = page.get_by_role("row").filter(has_text="Du har selv skrevet det")
    expect(own).to_contain_text(CUT)
    expect(own.get_by_role("checkbox")).to_be_disabled()
    page.get_by_label(f"Vælg brev til {name_of(1)}").check(force=True)
    karl.press("Send 1 brev")
    karl.press("Send 1 brev")
    page.get_by_text("0 af 1 brev er sendt.").wait_for()
    assert [letters.deliver(letter.pk) for letter in made] == [True, False]
    assert Letter.objects.get(pk=made[0].pk).state == LetterState.SENT  # on paper


def everybody_reads(page: Page, check_page: CheckPage) -> None:
    """What was decided, without the names of persons; as a file and as feeds."""
    while actions.make_next():
        pass
    page.goto("/moeder/")
    check_page(page, "a4-moeder")
    held = page.get_by_role("region", name="Tidligere møder")
    held.get_by_role("link", name=re.compile("Kulturudvalget$")).click()
    heading(page, re.compile("^Møde den"))
    check_page(page, "a4-moede")
    said = page.locator("main").inner_text()
    assert "Det besluttede udvalget" in said
    assert name_of(1) in said
    assert "Enkeltperson" in said
    assert "Holmgaard" not in said
    assert "Hendes søn" not in said
    check_pdf(fetched(page, "Hent referatet (PDF)"))
    feeds = {"kulturudvalget.ics": "BEGIN:VEVENT", "kulturudvalget/beslutninger.atom": "<entry>"}
    for address, words in feeds.items():
        answer = page.request.get(f"/moeder/{address}")
        assert answer.status == 200
        assert words in answer.text()
