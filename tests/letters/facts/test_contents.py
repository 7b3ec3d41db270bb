"""The application on paper: all that was sent, kept as it was, for those who may see the case."""

from datetime import timedelta
from io import BytesIO

import page
import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone, translation
from pypdf import PdfReader

from letters import actions
from letters.models import Enclosure, Letter, LetterState
from letters.tasks import deliver_due
from pulje.enums import (
    ApplicantKind,
    AttachmentKind,
    AttachmentNote,
    ExpenseCategory,
    FundingStatus,
    LineKind,
    QuestionKind,
    SignatureKind,
)
from pulje.models import Application, Attachment, BudgetLine, Partner, Question, Signature
from pulje.states import CaseState as S
from tests import people
from tests.factories import Walk, a_draft, an_applicant, case_in
from tests.letters.text import text_of

pytestmark = pytest.mark.django_db


def a_full_draft(**who: object) -> Application:
    """A draft with something in every part of the form."""
    draft = a_draft(
        applicant=an_applicant(street="Skovkanten 12", postcode="3460", town="Birkerød", **who),
        title="Lektiecafé to aftener om ugen",
        summary="Lektiehjælp og aftensmad for 5.–9. klasse.",
        description="Vi åbner biblioteket.\n\nSå spiser vi sammen.",
        target_group="Børn og unge, Nye borgere",
        area="Birkerød",
        volunteers=12,
        participants=40,
        learning="Om unge kan undervise unge.",
        attachment_notes={AttachmentKind.ACCOUNTS: AttachmentNote.LATER},
        answers={"foer": "YES", "hvornaar": "2027-02-02"},
        may_publish=True,
    )
    asked = [("foer", QuestionKind.YES_NO, "Har I søgt før?", None)]
    asked += [("hvornaar", QuestionKind.DATE, "Hvornår sidst?", "YES")]
    asked += [("plan", QuestionKind.FILE, "Vedlæg en tidsplan", None)]
    first = None
    for position, (key, kind, label, answer) in enumerate(asked, start=1):
        row = Question.objects.create(
            version=draft.version,
            position=position,
            key=key,
            kind=kind,
            label=label,
            shown_if=first if answer else None,
            shown_if_answer=answer or "",
        )
        first = first or row
    Partner.objects.create(
        application=draft, position=1, name="Birkerød Bibliotek", contribution="Lokaler"
    )
    BudgetLine.objects.filter(application=draft).update(
        category=ExpenseCategory.FOOD, amount_kr=10_000
    )
    more = [
        (2, LineKind.OWN_FUNDING, "Billetter", 500, ""),
        (3, LineKind.OTHER_FUNDING, "Lokalfonden", 1500, FundingStatus.GRANTED),
    ]
    for position, kind, text, kr, status in more:
        BudgetLine.objects.create(
            application=draft,
            position=position,
            kind=kind,
            text=text,
            amount_kr=kr,
            funding_status=status,
        )
    for kind, question, name in (
        (AttachmentKind.BYLAWS, "", "vedtaegter.pdf"),
        (AttachmentKind.OTHER, "plan", "tidsplan.pdf"),
    ):
        Attachment.objects.create(
            application=draft,
            kind=kind,
            question=question,
            file=ContentFile(b"%PDF-", name),
            name=name,
            content_type="application/pdf",
            size=5,
            sha256="0",
            uploaded_at=timezone.now(),
            uploaded_by=people.asta(),
        )
    now = timezone.now() - timedelta(days=70)
    for user, digest, day in ((people.asta(), "old", 0), (people.asta(), "new", 1)):
        Signature.objects.create(
            application=draft,
            kind=SignatureKind.APPLICATION,
            digest=digest,
            user=user,
            signed_at=now + timedelta(days=day),
        )
    return draft


def sent(**who: object) -> Letter:
    draft = a_full_draft(**who)
    Walk(draft, timezone.now() - timedelta(days=60)).submit()
    return Letter.objects.get(application=draft, kind="RECEIPT")


def test_everything_that_was_sent_stands_there() -> None:
    letter = sent()
    assert deliver_due() == 1

    said = " ".join(text_of(bytes(letter.enclosure.pdf)).split())

    for words in (
        "Ansøgning til Frivillighedspuljen",
        "Jeres idé",
        "Skovkanten 12, 3460 Birkerød",
        "Så spiser vi sammen.",
        "Birkerød Bibliotek: Lokaler",
        "Har I søgt før? Ja",
        "Hvornår sidst? 2. februar 2027",
        "Vedlæg en tidsplan tidsplan.pdf",
        "Vedtægter vedtaegter.pdf",
        "Regnskab Kommer senere",
        "Råvarer Forplejning 10.000 kr.",
        "Billetter Egne penge 500 kr.",
        "Lokalfonden Bevilget 1.500 kr.",
        "Penge fra andre i alt 2.000 kr.",
        "Ansøgt beløb: 8.000 kr.",
        "Projektet må vises på hjemmesiden Ja",
        "Skrevet under Asta,",
        "Sendt Asta,",
    ):
        assert words in said
    assert said.count("Asta, ") == 2


def test_it_keeps_both_standards_and_names_its_columns() -> None:
    letter = sent()
    actions.render(letter.pk)
    pdf = bytes(Enclosure.objects.get(letter=letter).pdf)

    for profile in ("ua1", "3a"):
        report = page.validate_pdf_bytes(pdf, profile=profile)
        assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert list(PdfReader(BytesIO(pdf)).attachments) == ["ansoegning.json"]


def test_it_speaks_to_one_person_and_in_danish() -> None:
    with translation.override("en"):
        letter = sent(kind=ApplicantKind.INDIVIDUAL, cvr="")

    html = actions.enclosure_html(letter)
    assert "Din idé" in html
    assert "Hvad vil du gøre?" in html
    assert '<p dir="auto">Ja</p>' in html
    assert "2. februar 2027" in html


def test_a_draft_with_little_in_it_becomes_a_short_paper() -> None:
    letter = Letter.objects.get(application=case_in(S.SUBMITTED), kind="RECEIPT")

    html = actions.enclosure_html(letter)

    assert "Puljens egne" not in html
    assert "None" not in html
    assert "Egne penge" not in html


def test_the_longest_application_still_becomes_a_paper() -> None:
    long = " ".join(["overordentlig"] * 700)
    draft = a_draft(description=long, learning=long[:2000])
    draft.partners.create(position=1, name="x" * 200, contribution=long[:300])
    BudgetLine.objects.bulk_create(
        BudgetLine(
            application=draft, position=n, kind=LineKind.EXPENSE, text="x" * 200, amount_kr=1
        )
        for n in range(2, 60)
    )
    Walk(draft, timezone.now() - timedelta(days=60)).submit()
    letter = Letter.objects.get(application=draft, kind="RECEIPT")

    assert actions.render(letter.pk)
    assert len(PdfReader(BytesIO(bytes(letter.enclosure.pdf))).pages) > 6


def test_the_receipt_s_mail_brings_nothing_along() -> None:
    """What is applied for stays on the case; the notice only says that a letter is there."""
    letter = sent()

    deliver_due()

    (message,) = mail.outbox
    assert message.attachments == []
    assert f"/ansoeg/{letter.application_id}/" in message.body
    assert letter.application.title not in message.body


def test_later_changes_do_not_reach_it() -> None:
    letter = sent()
    Application.objects.update(title="Noget andet")

    actions.render(letter.pk)

    assert "Noget andet" not in text_of(bytes(letter.enclosure.pdf))


@pytest.mark.parametrize(
    ("who", "status"),
    [(people.asta, 200), (people.karl, 200), (people.ulla, 403), (people.mads, 403)],
    ids=["applicant", "case worker", "stranger", "committee"],
)
def test_who_may_read_it(client: Client, who: object, status: int) -> None:
    letter = Letter.objects.get(application=case_in(S.SUBMITTED), kind="RECEIPT")
    client.force_login(who())  # type: ignore[operator]
    address = f"/brev/ansoegning/{letter.application_id}/"
    assert client.get(address).status_code == (202 if status == 200 else status)

    actions.render(letter.pk)

    response = client.get(address)
    assert response.status_code == status
    if status == 200:
        assert response.content == bytes(letter.enclosure.pdf)
        assert response["Cache-Control"] == "private, no-store"


def test_a_draft_has_none(client: Client) -> None:
    client.force_login(people.asta())

    assert client.get(f"/brev/ansoegning/{a_draft().pk}/").status_code == 404


def test_without_an_address_it_is_printed_too(settings: object, tmp_path: object) -> None:
    settings.LETTER_PRINT_DIR = tmp_path  # type: ignore[attr-defined]
    letter = sent()
    Letter.objects.update(channel="PRINT")

    deliver_due()

    letter.refresh_from_db()
    assert letter.state == LetterState.SENT
    names = sorted(
        file.name.removeprefix(letter.application.number) for file in tmp_path.glob("*.pdf")
    )  # type: ignore[attr-defined]
    assert names == [f"-{letter.uuid}-ansoegning.pdf", f"-{letter.uuid}.pdf"]
