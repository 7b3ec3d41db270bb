"""A round's money is shared out, and a pool is made from nothing: both in the browser alone."""

import re
from decimal import Decimal as D

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from pulje.enums import LegalBasis
from pulje.models import (
    AppealGuidance,
    Application,
    Job,
    LedgerEntry,
    Pool,
    Recommendation,
    Round,
    Scenario,
)
from pulje.queries.casework.scenario import frame_of
from pulje.states import CaseState
from tests import people
from tests.e2e.conftest import SMALLEST, BrowserPage, CheckPage
from tests.e2e.living import ahead, find_pool, go_on, heading, press
from tests.factories import a_committee, an_applicant
from tests.rounds import an_assessed_round
from workflow import jobs

pytestmark = pytest.mark.django_db(transaction=True)
S = CaseState
CUT, NONE = "Fællesskab er ikke beskrevet.", "Der var flere gode idéer end penge."
FORM = "application/x-www-form-urlencoded"
GUIDELINES = "1. Formål. 2. Hvem kan søge. 3. Hvad der lægges vægt på."


def test_sixty_cases_are_shared_out_and_recommended(
    browser_page: BrowserPage, check_page: CheckPage
) -> None:
    round = an_assessed_round(60, frame_kr=D(900_000))
    place = f"/sag/puljer/{round.pool.slug}/fordeling/"
    page = browser_page(people.karl())
    page.goto(place)
    page.get_by_role("link", name="Nyt scenarie").first.click()
    check_page(page, "c3-nyt-scenarie", also=SMALLEST)
    add_scenario(page, "Samme procent", "Samme procent til alle")
    expect(page.get_by_text("0 får hele beløbet, 60 får mindre, og 0 får afslag.")).to_be_visible()
    page.goto(f"{place}ny/")
    add_scenario(page, "Efter point", "Efter point, de højeste først")
    expect(page.get_by_text("20 får hele beløbet, 5 får mindre, og 35 får afslag.")).to_be_visible()

    first = Application.objects.get(round=round, requested_kr=D(21_000))
    amount = page.get_by_label(f"Beløb til {first.number}")
    amount.fill("21.001")
    press(page, "Gem beløbene")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(f"{first.number} kan få fra 0 kr. til 21.000 kr.")
    expect(amount).to_have_value("21.001")
    amount.fill("20.000")
    press(page, "Gem beløbene")
    expect(page.get_by_text("Beløbene er gemt.")).to_be_visible()
    check_page(page, "c3-scenarie", also=SMALLEST)

    page.get_by_role("link", name="Alle scenarier").click()
    sums = page.get_by_role("region", name="Scenariernes tal").locator("tbody tr")
    same, ranked = sums.nth(0), sums.nth(1)
    expect(same).to_contain_text("sammenlignes med")
    expect(ranked).to_contain_text(
        re.compile(r"898\.800\s+1\.200\s+19\s+6\s+35\s+20 får mere, 40 mindre")
    )
    expect(page.get_by_role("row", name=first.number)).to_contain_text("20.000 i hånden")
    check_page(page, "c3-scenarier", also=SMALLEST)
    ranked.get_by_role("link", name="Vælg Efter point").click()
    expect(page.get_by_text("Intet er sket endnu.")).to_be_visible()
    cut, refused = (page.locator(f"input[name={name}]").first for name in ("cut", "refused"))
    cut.check()
    refused.check()
    page.get_by_label("Ord til dem, der får afslag").fill(NONE)
    press(page, "Se, hvad der sker")
    expect(page.get_by_role("heading", name="60 af 60 sager kan indstilles")).to_be_visible()
    expect(page.get_by_text("Der er 1.200 kr. tilbage i runden bagefter.")).to_be_visible()
    assert not Recommendation.objects.exists()
    with page.expect_request(lambda sent: sent.method == "POST") as sent:
        press(page, "Indstil 60 sager")

    heading(page, "Indstil")
    expect(page.get_by_role("status")).to_contain_text("0 af 60 sager er behandlet.")
    jobs.work_off(25)
    expect(page.get_by_role("status")).to_contain_text("25 af 60 sager er behandlet.")
    again = page.request.post(
        sent.value.url, data=sent.value.post_data, headers={"content-type": FORM}
    )
    assert again.url == page.url
    jobs.work_off()
    expect(page.get_by_role("heading", name="Arbejdet er færdigt")).to_be_visible()
    check_page(page, "arbejde-faerdigt", also=SMALLEST)
    assert Job.objects.count() == 1
    assert_recommended(round)
    assert frame_of(round) == D(1_200)


def add_scenario(page: Page, name: str, way: str) -> None:
    page.get_by_label("Navn", exact=True).fill(name)
    page.get_by_label(way).check()
    press(page, "Regn scenariet ud", name)


def assert_recommended(round: Round) -> None:
    """Each case once, with the amount of the scenario and the reason that goes with it."""
    rows = list(Recommendation.objects.select_related("application").order_by("pk"))
    chosen = Scenario.objects.exclude(chosen_at=None).get()
    amounts = dict(chosen.lines.values_list("application_id", "amount_kr"))
    assert {row.application_id: row.amount_kr for row in rows} == amounts
    assert (len(rows), sum(amounts.values())) == (60, D(898_800))
    reasons: dict[str, set[str]] = {}
    for row in rows:
        asked = row.application.requested_kr
        kind = "none" if not row.amount_kr else "all" if row.amount_kr == asked else "cut"
        reasons.setdefault(kind, set()).add(row.reasons)
    assert reasons == {
        "all": {"Ansøgningen opfylder puljens kriterier."},
        "cut": {CUT},
        "none": {NONE},
    }
    assert set(round.applications.values_list("state", flat=True)) == {S.RECOMMENDED}
    events = Application.objects.filter(round=round, journal__event="recommend")
    assert events.count() == 60


def test_a_pool_is_made_from_nothing_and_applied_to(
    browser_page: BrowserPage, check_page: CheckPage
) -> None:
    approve_guidance()
    a_committee()
    karl, dora = browser_page(people.karl()), browser_page(people.dora())
    karl.goto("/sag/puljer/")
    karl.get_by_role("link", name="Ny pulje").first.click()
    karl.get_by_label("Puljens navn").fill("Nabopuljen")
    karl.get_by_label("Kode").fill("nabo")
    karl.get_by_label("År", exact=True).fill("2027")
    karl.get_by_label("Retsgrundlag").select_option(label="Kommunalfuldmagten")
    press(karl, "Opret puljen", "Nabopuljen 2027")
    check_page(karl, "c3-opsaet", also=SMALLEST)
    publish = karl.get_by_role("region", name="Offentliggør puljen")
    expect(publish).to_contain_text("10 ting mangler")
    expect(publish).to_contain_text("En leder offentliggør puljen.")
    pool = Pool.objects.get()
    setup = f"/sag/puljer/{pool.slug}/opsaet/"
    set_up(karl, setup)
    karl.goto(setup)
    check_page(karl, "c3-opsat")
    expect(publish).to_contain_text("1 ting mangler")
    expect(karl.get_by_text("Puljen har ingen ramme. En leder sætter den.")).to_be_visible()

    dora.goto(f"{setup}ramme/")
    dora.get_by_label("Med", exact=True).fill("100.000")
    dora.get_by_label("Hvorfor?").first.fill("Budget 2027, punkt 7")
    press(dora, "Ændr rammen")
    dora.goto(setup)
    press(dora, "Offentliggør puljen")
    expect(dora.get_by_text("Puljen er offentlig.")).to_be_visible()
    assert LedgerEntry.objects.get().amount_kr == D(100_000)

    ours = an_applicant(name="Birkerød Lektiecafé")
    asta = browser_page(people.asta())
    asta.goto(f"/pulje/{pool.slug}/")
    expect(asta.get_by_text("Til naboer, der gør noget sammen.").first).to_be_visible()
    expect(asta.get_by_text("Er det her i byen?").first).to_be_visible()
    expect(asta.get_by_text("Vi svarer efter ansøgningsfristen.")).to_be_visible()
    check_page(asta, "a2-ny-pulje", also=SMALLEST)
    find_pool(asta, pool)
    asta.get_by_label(ours.name).check()
    go_on(asta, "Jeres idé")
    assert Application.objects.get().version == pool.versions.get()


def approve_guidance() -> None:
    """The one thing that is not the pool's own: the text on how to complain, by the law."""
    AppealGuidance.objects.create(
        legal_basis=LegalBasis.KFM,
        version=1,
        text="Skriv til {kontakt}.",
        approved_by=people.dora(),
        approved_at=timezone.now(),
    )


def set_up(page: Page, setup: str) -> None:
    """Every part a case worker fills, each from its card."""

    def part(card: str, *rows: str) -> None:
        page.goto(setup)
        for name in (card, *rows):
            page.get_by_role("link", name=name, exact=True).click()

    def save() -> None:
        press(page, "Gem")
        expect(
            page.get_by_text("Det er gemt").or_(page.get_by_text("Skemaet er gemt"))
        ).to_be_visible()

    part("Tekster")
    page.get_by_label("Formål").fill("Til naboer, der gør noget sammen.")
    page.get_by_label("Hvad gives der tilskud til?").fill("Mad\nLeje af lokaler")
    page.get_by_label("Retningslinjer").fill(GUIDELINES)
    save()
    part("Penge og retsgrundlag")
    page.get_by_label("Reglerne er vedtaget").fill("2026-10-01")
    page.get_by_label("KLE-nummer").fill("18-16")
    page.get_by_label("Forening", exact=True).check()
    page.get_by_label("Højeste beløb").fill("20.000")
    press(page, "Gem")
    expect(page.get_by_role("alert")).to_contain_text("Skriv KLE-nummeret med punktummer")
    page.get_by_label("KLE-nummer").fill("18.16.00")
    save()
    part("Kriterier og vurdering", "Tilføj et kriterium")
    page.get_by_label("Navn").fill("Lokalt")
    page.get_by_label("Spørgsmål").fill("Er det her i byen?")
    save()
    part("Begrundelser", "Tilføj en begrundelse")
    page.get_by_label("Hører til kriteriet").select_option(label="Lokalt")
    page.get_by_label("Afsnit i retningslinjerne").fill("Afsnit 3")
    page.get_by_label("Begrundelse", exact=True).fill("Projektet foregår uden for byen.")
    save()
    part("Delegation")
    page.get_by_label("Lederen kan afgøre til og med").fill("10.000")
    page.get_by_label("Hvor er delegationen besluttet?").fill("KU 12. maj 2026, punkt 4")
    save()
    part("Udbetaling og rapport")
    page.get_by_label("Udbetaling", exact=True).select_option(index=1)
    page.get_by_label("Alle højere beløb").select_option(label="Rapport og regnskab")
    save()
    part("Udvalg, konto og vurderere")
    page.get_by_label("Udvalg, der afgør sagerne").select_option(label="Kulturudvalget")
    page.get_by_label("Kontostreng").fill("3.64.01")
    save()
    part("Runder og årets gang", "Tilføj en runde")
    page.get_by_label("Navn").fill("Runde 1")
    page.get_by_label("Åbner").fill("2026-01-01T12:00")
    page.get_by_label("Ansøgningsfrist").fill(f"{ahead(60)}T12:00")
    save()
    part("Skema", "Tilføj et spørgsmål til ”Kan I søge?”")
    page.get_by_label("Spørgsmål").fill("Er I her i byen?")
    page.get_by_label("Når svaret er ja").fill("I er her i byen.")
    page.get_by_label("Når svaret er nej").fill("Ring til os.")
    save()
