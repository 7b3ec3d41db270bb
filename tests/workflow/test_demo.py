"""The invented municipality is built by the real verbs: what always holds, holds there."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone
from pypdf import PdfReader

from letters import actions
from letters.models import Letter, LetterText, Mail
from letters.packets.actions import unmade
from letters.texts.engine import problems
from pulje.actions.journal import broken_entries
from pulje.actions.ledger import case_totals
from pulje.enums import AttachmentKind, LedgerKind, PaymentState, Role
from pulje.forms.attachment import check_upload
from pulje.models import (
    Applicant,
    Application,
    Attachment,
    ChangeRequest,
    Invitation,
    LedgerEntry,
    Membership,
    Partner,
    Payment,
    Pool,
    PoolVersion,
    Report,
    Subscription,
    User,
)
from pulje.queries.pool.money import money_of
from pulje.rules.budget import outstanding, paid
from pulje.states import CaseState
from workflow.contradictions import contradictions
from workflow.demo.files import paper, picture
from workflow.demo.pools import this_year

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
STEPS = ("queued_at", "rendered_at", "approved_at", "sent_at", "available_at", "opened_at")


def test_demo_agrees_with_itself(capsys):
    """Every life of the town, with fewer neighbours who live the same."""
    call_command("demo", most=4)

    cases = Application.objects.order_by("pk").prefetch_related("journal")
    assert set(cases.values_list("state", flat=True)) == set(CaseState)
    assert len(cases) >= 100
    assert f"{len(cases)}  sager i alt" in capsys.readouterr().out
    assert broken_entries(cases) == []
    assert contradictions() == []
    for money in money_of(Pool.objects.filter(is_public=True).order_by("pk")).values():
        assert money.remaining_kr >= 0, money.pool
        assert money.frame_kr > 0, money.pool
    for case in cases.exclude(ledger=None).distinct():
        sums = case_totals(case).items()
        assert outstanding(sums) >= 0, case
        assert 0 <= paid(sums) <= (case.granted_kr or 0), case
    confirmed = Payment.objects.filter(state=PaymentState.CONFIRMED).aggregate(Sum("amount_kr"))
    in_ledger = LedgerEntry.objects.filter(kind=LedgerKind.PAY).aggregate(Sum("amount_kr"))
    assert confirmed == in_ledger
    assert confirmed["amount_kr__sum"] > Decimal(100_000)
    assert not User.objects.exclude(email__endswith=".example").exists()
    held = {role for roles in User.objects.values_list("roles", flat=True) for role in roles}
    assert held == set(Role) - {Role.APPLICANT, Role.SYSTEM}
    assert not Applicant.objects.exclude(email="").exclude(email__contains=".example").exists()
    assert not unmade().filter(asked_at__lt=timezone.now() - timedelta(hours=1)).exists()
    what_waits_for_applicants()
    what_waits_in_the_letters()
    no_letter_arrives_before_it_is_sent()


def no_letter_arrives_before_it_is_sent():
    """Neither one that still waits, nor those a worker makes and sends now."""
    old = Letter.objects.filter(state="QUEUED", application__state=CaseState.CLOSED)
    for kind in ("RECEIPT", "REJECTION", "CLOSING"):
        letter = old.filter(kind=kind).order_by("pk")[0]
        assert actions.render(letter.pk), kind
        assert actions.deliver(letter.pk), kind
    letters = Letter.objects.order_by("pk").values_list(*STEPS)
    for steps in letters:
        reached = [at for at in steps if at]
        assert reached == sorted(reached), steps
    assert old.model.objects.filter(state="AVAILABLE").count() == 3


def what_waits_in_the_letters():
    """The newest meeting's and the newest small refusals; nothing of the years before."""
    unread = Letter.objects.filter(needs_second_reader=True, approved_by=None)
    newest = timezone.now() - timedelta(days=3)
    assert unread.filter(entry__at__gt=newest, state="QUEUED").count() >= 8
    assert not unread.filter(entry__at__lt=newest).exists()
    promised = [letter.application.round.answer_on for letter in unread]
    assert min(day for day in promised if day) > timezone.localdate()
    assert Letter.objects.filter(state="FAILED").exists()
    assert Mail.objects.filter(state="FAILED").exists()
    draft = LetterText.objects.get(approved_at=None)
    assert problems(draft.kind, draft.heading, draft.body, draft.english) == []


def what_waits_for_applicants():
    """A life in each of the applicants' corners, so that every page has something to show."""
    assert set(Attachment.objects.values_list("kind", flat=True)) == {
        "BYLAWS",
        "ACCOUNTS",
        "PICTURE",
    }
    assert set(Partner.objects.values_list("is_confirmed", flat=True)) == {True, False}
    waiting = Partner.objects.filter(is_municipal=True, answered_at=None).values_list(
        "application__state", flat=True
    )
    assert set(waiting) <= {"SUBMITTED", "IN_REVIEW", "REVIEWED"}
    half = Application.objects.filter(state="DRAFT", applicant__two_must_sign=True).get(
        signatures__isnull=False
    )
    assert half.applicant.members.filter(email="asta@puljer.example").exists()
    assert ChangeRequest.objects.get().state == "REQUESTED"
    assert Invitation.objects.waiting().get().application == half
    assert Membership.objects.active().filter(confirmed_at=None).count() == 1
    assert Subscription.objects.filter(code="NP").exclude(confirmed_at=None).count() == 1
    assert Report.objects.filter(may_publish=True).count() > 5
    newest = PoolVersion.objects.filter(pool__year=this_year(timezone.localdate()))
    assert {version.gates.count() for version in newest} == {5}


def test_files_of_the_demo_are_what_they_say():
    for name, content in (
        ("Vedtægter.pdf", paper("Vedtægter (2024)", "§ 1. Æbler \\ og pærer " * 9)),
        ("Fra dagen.png", picture(Random(1))),
    ):
        upload = check_upload(SimpleUploadedFile(name, content), AttachmentKind.OTHER)

        assert upload.name == name
    assert "Æbler" in PdfReader(BytesIO(paper("Vedtægter", "Æbler"))).pages[0].extract_text()


def test_demo_leaves_a_database_with_people_alone(capsys):
    User.objects.create_user("karl@puljer.example", name="Karl")

    call_command("demo")

    assert capsys.readouterr().out == "Der er allerede data. Demoen er ikke lagt ind.\n"
    assert not Application.objects.exists()
