"""What is missing before an application can be sent, and where it is mended."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from pulje.enums import ApplicantKind, AttachmentKind, AttachmentNote, QuestionKind
from pulje.models import Application, Partner
from pulje.queries.application.completeness import Lack, lacks
from tests import people
from tests.factories import a_draft, a_pool, an_applicant

pytestmark = pytest.mark.django_db


def found(draft: Application) -> list[Lack]:
    return list(lacks(Application.objects.get(pk=draft.pk), timezone.localdate()))


def sentences(draft: Application) -> list[str]:
    return [lack.sentence for lack in found(draft)]


def test_a_whole_draft_lacks_nothing():
    assert found(a_draft()) == []


def test_an_empty_draft_lacks_a_thing_in_each_step_and_says_where():
    draft = a_draft()
    Application.objects.update(
        title="", target_group="", starts_on=None, contact_email="", supplements_paid_work=False
    )
    draft.budget_lines.all().delete()

    assert [(lack.step, lack.field) for lack in found(draft)] == [
        ("who", "id_contact_email"),
        ("idea", "id_title"),
        ("idea", "id_target_group_0"),
        ("idea", "id_starts_on"),
        ("idea", "id_supplements_paid_work"),
        ("budget", "id_EXPENSE-0-text"),
    ]


def test_the_pool_s_rules_are_told_in_the_reader_s_language():
    draft = a_draft()
    Application.objects.update(starts_on="2031-01-01", ends_on="2031-02-01")

    with translation.override("en"):
        (said,) = sentences(draft)

    assert said == "The project must begin no later than 12 months after the application is sent."


def test_one_person_is_called_du():
    draft = a_draft(applicant=an_applicant(kind=ApplicantKind.INDIVIDUAL, cvr=""), description="")

    assert sentences(draft) == ["Skriv, hvad du vil gøre."]


def test_a_network_is_two():
    draft = a_draft(applicant=an_applicant(kind=ApplicantKind.INFORMAL_GROUP, cvr=""))
    assert sentences(draft) == ["Et netværk skal have mindst to personer. Inviter en mere."]

    people.seat(draft.applicant, people.ulla())
    assert found(draft) == []


def test_a_minor_needs_a_guardian():
    asta = people.asta()
    asta.born_on = date(timezone.localdate().year - 16, 1, 1)
    asta.save()
    draft = a_draft(applicant=an_applicant(kind=ApplicantKind.INDIVIDUAL, cvr=""))
    (lack,) = found(draft)
    assert (lack.step, "Du er under 18 år." in lack.sentence) == ("who", True)

    now = timezone.now()
    draft.guardian_consents.create(name="Far", asked_at=now, answered_at=now, is_given=True)
    assert found(draft) == []


def test_the_pool_s_own_questions_are_asked_when_they_are_shown():
    draft = a_draft()
    asked = draft.version.questions
    first = asked.create(
        position=1, key="nyt", kind=QuestionKind.YES_NO, label="Er det nyt?", is_required=True
    )
    asked.create(
        position=2,
        key="hvordan",
        kind=QuestionKind.TEXT,
        label="Hvordan?",
        is_required=True,
        shown_if=first,
        shown_if_answer="YES",
    )
    asked.create(position=3, key="plan", kind=QuestionKind.FILE, label="Tegning", is_required=True)
    assert found(draft) == [
        Lack("idea", "id_q_nyt_0", "Svar på ”Er det nyt?”."),
        Lack("attachments", "id_q_plan", "Svar på ”Tegning”."),
    ]

    Application.objects.update(
        answers={"nyt": "YES"}, attachment_notes={"plan": AttachmentNote.LATER}
    )
    assert sentences(draft) == ["Svar på ”Hvordan?”."]


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (ApplicantKind.ASSOCIATION, 1),
        (ApplicantKind.SELF_GOVERNING_INSTITUTION, 1),
        (ApplicantKind.INDIVIDUAL, 0),
    ],
)
def test_bylaws_are_for_those_who_have_them(kind, wanted):
    draft = a_draft(pool=a_pool(needs_bylaws=True), applicant=an_applicant(kind=kind))

    assert [lack.step for lack in found(draft)] == ["attachments"] * wanted
    Application.objects.update(attachment_notes={AttachmentKind.BYLAWS: AttachmentNote.ELSEWHERE})
    assert found(draft) == []


@pytest.mark.parametrize(("asked", "wanted"), [("49999.99", 0), ("50000.00", 1)])
def test_accounts_are_for_large_amounts(asked, wanted):
    draft = a_draft(
        pool=a_pool(needs_accounts_from_kr=Decimal(50_000)), requested_kr=Decimal(asked)
    )

    assert len(found(draft)) == wanted


def test_a_partner_where_the_pool_asks_for_one():
    draft = a_draft(pool=a_pool(needs_partner=True))
    assert sentences(draft) == ["Skriv, hvem projektet laves sammen med."]

    school = Partner.objects.create(application=draft, position=1, name="Skolen", is_municipal=True)
    assert [lack.field for lack in found(draft)] == ["id_partner-0-leader_email"]

    school.leader_email = "leder@skole.example"
    school.save()
    assert found(draft) == []


@pytest.mark.parametrize("number", [1, 3])
def test_it_costs_the_same_for_one_and_three(django_assert_num_queries, number):
    draft = a_draft(pool=a_pool(needs_bylaws=True))
    for n in range(number):
        Partner.objects.create(application=draft, position=n, name=f"Nabo {n}")
        draft.version.questions.create(position=n, key=f"k{n}", kind="TEXT", label="?")
    draft = Application.objects.select_related("applicant", "version").get(pk=draft.pk)

    with django_assert_num_queries(6):
        lacks(draft, timezone.localdate())
