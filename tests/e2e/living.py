"""What applicants do in a browser, as small steps; the house's part is done in Python."""

import re
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from letters.models import Mail
from pulje.actions.link import make_token
from pulje.models import Application, JournalEntry, Pool, User
from tests.factories import Walk
from tests.workflow.opening import told
from workflow.hands import carry_out

PDF = {"name": "vedtægter.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 vedtaegter"}
EXE = {"name": "faktura.exe", "mimeType": "application/pdf", "buffer": b"MZ program"}


class House(Walk):
    """The house's side of a case that lives now: every verb is done this minute."""

    def __init__(self, case: Application) -> None:
        super().__init__(case, timezone.now())

    def do(
        self, action: Callable[..., object], by: User | None, **facts: object
    ) -> JournalEntry | None:
        self.at = timezone.now()
        entry = carry_out(action, self.case, by=by, at=self.at, **facts)
        self.case = Application.objects.get(pk=self.case.pk)
        return entry

    def answer_yes(self) -> None:
        """From the inbox to the letter that has left."""
        for step in (self.accept_for_review, self.review, self.recommend, self.decide):
            step()
        told(self.case)


def ahead(days: int) -> str:
    return str(timezone.localdate() + timedelta(days=days))


def heading(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
    page.wait_for_load_state()  # all of the page is there, and our scripts, which are deferred


def press(page: Page, name: str, then: str = "") -> None:
    page.get_by_role("button", name=name, exact=True).first.click()
    if then:
        heading(page, then)


def go_on(page: Page, then: str) -> None:
    press(page, "Gem og fortsæt", then)


def find_pool(page: Page, pool: Pool) -> None:
    """From the front page to the pool's own, and on to apply."""
    page.goto("/")
    page.get_by_role("link", name=pool.name).first.click()
    heading(page, pool.name)
    page.get_by_role("link", name="Søg puljen").click()


def fill_who(page: Page, kind: str, *, name: str = "", makker: str = "") -> None:
    """Step 1 for somebody new here."""
    page.get_by_label(kind).check()
    if name:
        page.get_by_label("Navn", exact=True).fill(name)
    if makker:
        page.get_by_label("Inviter en makker").fill(makker)


def fill_idea(page: Page, title: str = "Lektiecafé to aftener om ugen") -> None:
    """Step 2, the questions that must be answered."""
    page.get_by_label("Hvad hedder projektet?").fill(title)
    page.get_by_label("Kort fortalt").fill("Lektiehjælp og aftensmad på biblioteket.")
    page.get_by_label(re.compile("Hvad vil (I|du) gøre?")).fill("Åbne to aftener om ugen.")
    page.get_by_label("Børn og unge").check()
    page.get_by_label("Begynder").fill(ahead(70))
    page.get_by_label("Slutter").fill(ahead(200))
    page.get_by_label("De frivillige supplerer").check()


def fill_budget(page: Page, *amounts: str) -> None:
    """Step 3: one row for each amount."""
    for number, amount in enumerate(amounts, start=1):
        page.get_by_label(f"Udgift {number}: hvad").fill(f"Råvarer {number}")
        page.get_by_label(f"Udgift {number}: beløb").fill(amount)


def fill_attachments(page: Page, *, scripts: bool) -> None:
    """Step 4: the bylaws."""
    place = page.get_by_role("region", name="Vedtægter")
    place.locator("input[type=file]").set_input_files(PDF)
    if not scripts:
        press(page, "Læg de valgte filer op")
    expect(place.get_by_role("link", name=re.compile("^vedtægter.pdf"))).to_be_visible()


def send(page: Page, button: str = "Send ansøgningen") -> None:
    """Step 5; whoever clicks twice sends once."""
    page.get_by_label("Oplysningerne er rigtige").check()
    page.get_by_role("button", name=button).dblclick()


def the_case() -> Application:
    return Application.objects.order_by("-pk")[0]


def open_mailed_link(page: Page, kind: str, path: str, purpose: str, pk: int) -> None:
    """The link that the queued mail of this kind carries."""
    assert Mail.objects.filter(kind=kind).exists()
    page.goto(f"/{path}/{make_token(purpose, pk)}/")


def open_and_accept(page: Page, case: Application) -> None:
    page.goto(f"/ansoeg/{case.pk}/")
    press(page, "Åbn afgørelsen")
    press(page, "Ja tak til tilskuddet")
    expect(page.get_by_text("Tak for svaret.")).to_be_visible()


def write_report(page: Page, case: Application, amount: str, button: str) -> None:
    page.goto(f"/ansoeg/{case.pk}/")
    page.get_by_role("link", name="Skriv rapport").click()
    heading(page, "Hvordan gik det?")
    page.get_by_label("Fortæl kort, hvad der skete").fill("Alle blev mætte og klogere.")
    page.get_by_label("Brugt på råvarer 1").fill(amount)
    press(page, button)
