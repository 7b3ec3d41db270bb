"""The report: saved by itself, two who write at once, two who sign, and what is left."""

from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from letters.models import Mail
from pulje.enums import AttachmentKind, MemberRole
from pulje.models import Applicant, Application, Report
from pulje.queries.clock import Duty, due_now
from pulje.states import CaseState
from tests import people
from tests.factories import a_pool, an_applicant, case_in
from tests.pulje.forms.test_file_content import a_picture
from tests.workflow.opening import told

S = CaseState
pytestmark = pytest.mark.django_db
TYPED = {"went": "NOT_QUITE", "story": "Det gik skævt, og vi lærte noget.", "actual_0": "7.500"}
PNG = a_picture("PNG")


@pytest.fixture
def asta(client: Client) -> Client:
    client.force_login(people.asta())
    return client


@pytest.fixture
def case() -> Application:
    return told(case_in(S.PAID))


def text(response: object) -> str:
    return " ".join(unescape(response.content.decode()).split())


def url(case: Application) -> str:
    return f"/ansoeg/{case.pk}/rapport/"


def shown(client: Client, case: Application) -> dict[str, str]:
    """What a page sends along of itself."""
    context = client.get(url(case)).context
    return {"base": context["base"], "rows": str(len(context["form"].account))}


def test_autosave_keeps_new_rows_once_and_tells_what_is_left(
    asta: Client, case: Application
) -> None:
    page = shown(asta, case)
    row = {"more_text_0": "Fest", "more_actual_0": "100"}

    for _time in range(2):
        saved = asta.post(url(case), TYPED | row | page, headers={"HX-Request": "true"})
        page["base"] = saved.context["base"]

    report = Report.objects.get(application=case)
    rows = report.lines.order_by("position").values_list("text", "actual_kr")
    assert list(rows) == [("Råvarer", Decimal(7_500)), ("Fest", Decimal(100))]
    assert (report.went, report.story) == (TYPED["went"], TYPED["story"])
    assert "Kladden er gemt" in text(saved)
    assert "I har 400 kr. tilbage" in text(saved).replace("\N{NO-BREAK SPACE}", " ")
    assert "<h1>" not in text(saved)


def test_two_who_write_at_once_see_both_texts(asta: Client, case: Application) -> None:
    page = shown(asta, case)
    asta.post(url(case), TYPED | page | {"story": "Sofies tekst", "gem": "1"})

    mine = TYPED | page | {"story": "Min tekst", "learned": "At spørge.", "send": "1"}
    clash = asta.post(url(case), mine)
    kept = Report.objects.get(application=case)
    again = asta.post(url(case), mine | {"base": clash.context["base"], "send": "1"})

    assert "Sofies tekst" in text(clash)
    assert "Min tekst" in text(clash)
    assert (kept.story, kept.learned) == ("Sofies tekst", "At spørge.")
    assert again.headers["Location"] == f"/ansoeg/{case.pk}/"
    assert Report.objects.get(application=case).story == "Min tekst"


def test_two_must_sign_and_the_second_sends(client: Client) -> None:
    applicant = an_applicant()
    sofie = people.identified(people.person("Sofie"))
    people.seat(applicant, sofie, role=MemberRole.TREASURER, may_sign=True)
    case = told(case_in(S.PAID, applicant=applicant))
    applicant.two_must_sign = True
    applicant.save()

    client.force_login(people.asta())
    first = client.post(url(case), TYPED | {"send": "1"}, follow=True)
    waits = Application.objects.get(pk=case.pk).state
    client.force_login(sofie)
    page = text(client.get(url(case)))
    client.post(url(case), TYPED | shown(client, case) | {"send": "1"})

    assert "Rapporten er sendt, når en mere har skrevet under." in text(first)
    assert waits == S.PAID
    assert Mail.objects.get(kind="REPORT_SIGN_REQUEST").recipient_email == sofie.email
    assert "Asta skrev under" in page
    assert Application.objects.get(pk=case.pk).state == S.REPORT_SUBMITTED
    assert case.signatures.filter(kind="REPORT").count() == 2


def test_bigger_amounts_ask_for_the_signed_account_where_there_is_a_board(asta: Client) -> None:
    case = told(case_in(S.PAID, pool=a_pool(report_steps=[[None, "BOARD_SIGNED"]])))
    Applicant.objects.update(kind="INFORMAL_GROUP")
    assert "bestyrelse" not in text(asta.get(url(case)))
    Applicant.objects.update(kind="ASSOCIATION")

    refused = text(asta.post(url(case), TYPED | {"send": "1"}))
    file = SimpleUploadedFile("regnskab.pdf", b"%PDF-1.7")
    asta.post(url(case), TYPED | {"attachments": file, "send": "1"})

    assert "Vedlæg regnskabet med bestyrelsens underskrift." in refused
    assert "Det gik skævt" in refused
    assert Application.objects.get(pk=case.pk).state == S.REPORT_SUBMITTED


def test_same_picture_under_another_name_is_told_of(asta: Client, case: Application) -> None:
    for name in ("fest.png", "fest igen.png"):
        asta.post(url(case), TYPED | {"pictures": SimpleUploadedFile(name, PNG), "gem": "1"})

    assert "”fest igen.png” ligger her allerede som ”fest.png”." in text(asta.get(url(case)))
    assert case.attachments.count() == 1


def test_picture_is_a_picture(asta: Client, case: Application) -> None:
    good = SimpleUploadedFile("fest.png", PNG)
    bad = SimpleUploadedFile("fest.pdf", b"%PDF-1.7")

    asta.post(url(case), TYPED | {"pictures": good, "gem": "1"})
    refused = text(asta.post(url(case), TYPED | {"pictures": bad, "gem": "1"}))

    assert "Et billede skal være JPG eller PNG." in refused
    assert "Dem, man kan kende på billederne, har sagt ja til det." in refused
    assert list(case.attachments.values_list("kind", flat=True)) == [AttachmentKind.PICTURE]


def test_one_person_is_spoken_to_as_one(asta: Client) -> None:
    person = an_applicant(kind="INDIVIDUAL", cvr="")
    case = told(case_in(S.PAID, applicant=person))

    page = text(asta.get(url(case)))

    assert "Blev det, som du havde håbet?" in page
    assert "Hvad har du lært, som andre kan bruge?" in page
    assert "har I " not in page


def test_no_reminder_comes_when_the_report_is_sent(asta: Client, case: Application) -> None:
    late = timezone.localdate() + timedelta(days=400)
    case = Application.objects.get(pk=case.pk)
    assert due_now(case, late).duty == Duty.REMIND

    asta.post(url(case), TYPED | {"send": "1"})

    case = Application.objects.get(pk=case.pk)
    assert (case.state, case.clock_on) == (S.REPORT_SUBMITTED, None)
    assert due_now(case, late).duty == Duty.WAIT


def test_nothing_typed_is_lost_when_the_case_moves_on(asta: Client) -> None:
    case = told(case_in(S.REPORTED))

    response = asta.post(url(case), TYPED | {"gem": "1"}, follow=True)

    assert "Det kan ikke gøres nu" in text(response)
