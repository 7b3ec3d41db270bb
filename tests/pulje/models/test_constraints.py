"""What must always hold is refused by the database itself, whoever writes."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from pulje.enums import Role
from pulje.models import (
    AgendaItem,
    Applicant,
    Application,
    Assessment,
    BudgetLine,
    Decision,
    InformationRequest,
    LedgerEntry,
    Membership,
    Payment,
    PaymentBatch,
    Pool,
    PoolVersion,
    Recommendation,
    Report,
    Round,
    Score,
    User,
)
from pulje.models.fields import validate_cvr
from pulje.states import CaseState
from tests import people
from tests.factories import a_meeting, case_in, cvr

S = CaseState
NOW = timezone.now()

# the state to walk to, whose rows, what would be wrong, and the constraint that says so
WRONG = [
    (S.SUBMITTED, Application, {"state": "FORGOTTEN"}, "application_state_known"),
    (S.SUBMITTED, Application, {"number": ""}, "application_received_and_numbered"),
    (S.SUBMITTED, Application, {"submitted_at": None}, "application_received_and_numbered"),
    (S.DRAFT, Application, {"requested_kr": 0}, "application_asks_for_money"),
    (S.APPROVED, Application, {"granted_kr": None}, "application_granted_has_amount"),
    (S.CLOSED, Application, {"closed_on": None}, "application_closed_has_day"),
    (S.DRAFT, Applicant, {"name": ""}, "applicant_has_name"),
    (S.DRAFT, Membership, {"ended_on": date(2019, 12, 31)}, "membership_ends_after_start"),
    (S.DRAFT, BudgetLine, {"amount_kr": 0}, "budget_line_positive"),
    (S.DRAFT, PoolVersion, {"min_kr": 9, "ceiling_kr": 8}, "pool_ceiling_above_minimum"),
    (S.DRAFT, PoolVersion, {"own_share_percent": 101}, "pool_own_share_percent"),
    (S.DRAFT, Round, {"closes_at": NOW - timedelta(days=900)}, "round_closes_after_opening"),
    (S.IN_REVIEW, Assessment, {"state": "DONE"}, "assessment_finished_has_time"),
    (S.IN_REVIEW, Assessment, {"finished_at": NOW}, "assessment_finished_has_time"),
    (
        S.REVIEWED,
        Assessment,
        {"state": "ABSTAINED", "comment": ""},
        "assessment_abstained_has_reason",
    ),
    (S.REVIEWED, Score, {"points": 4}, "score_0_to_3"),
    (S.RECOMMENDED, Recommendation, {"amount_kr": -1}, "recommendation_not_negative"),
    (S.RECOMMENDED, Recommendation, {"reasons": ""}, "recommendation_has_reasons"),
    (S.APPROVED, Decision, {"amount_kr": 0}, "decision_amount_fits_outcome"),
    (
        S.APPROVED,
        Decision,
        {"outcome": "PARTIALLY_GRANTED", "reasons": ""},
        "decision_not_full_has_reasons",
    ),
    (
        S.APPROVED,
        Decision,
        {"decided_by": models.F("recommended_by")},
        "decision_by_another_than_recommender",
    ),
    (S.APPROVED, Decision, {"body": "COMMITTEE"}, "decision_committee_has_meeting"),
    (S.ACCEPTED, Payment, {"amount_kr": 0}, "payment_positive"),
    (S.ACCEPTED, Payment, {"state": "EXPORTED"}, "payment_sent_in_batch"),
    (S.PAID, Payment, {"confirmed_at": None}, "payment_confirmed_has_time"),
    (
        S.PAID,
        PaymentBatch,
        {"approved_by": models.F("collected_by")},
        "payment_batch_two_people",
    ),
    (S.REPORT_SUBMITTED, Report, {"submitted_at": None}, "report_submitted_has_time"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "model", "wrong", "constraint"), WRONG, ids=[row[3] for row in WRONG]
)
def test_database_refuses(state, model, wrong, constraint):
    case_in(state)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.update(**wrong)


@pytest.mark.django_db
def test_claim_is_made_by_two():
    case = case_in(S.IN_RECOVERY)

    with pytest.raises(IntegrityError, match="claim_two_people"), transaction.atomic():
        case.claims.update(claimed_by=models.F("proposed_by"))
    with pytest.raises(IntegrityError, match="claim_positive"), transaction.atomic():
        case.claims.update(amount_kr=0)


def another(row, **changes):
    """The same row once more."""
    row = type(row).objects.get(pk=row.pk)
    row.pk = None
    row._state.adding = True
    for name, value in changes.items():
        setattr(row, name, value)
    with transaction.atomic():
        row.save()


@pytest.mark.django_db
def test_what_is_unique_is_there_once():
    case = case_in(S.PAID)
    returned, heard, owing = (case_in(s) for s in (S.RETURNED, S.IN_HEARING, S.IN_RECOVERY))
    planned = case_in(S.RECOMMENDED, requested_kr=Decimal(40_000))
    a_meeting([planned])
    elsewhere = a_meeting([], at=timezone.now() + timedelta(days=1))

    for row, changes, constraint in (
        (Application.objects.get(pk=case.pk), {}, "application_number_once"),
        (case.decisions.get(), {}, "decision_one_current"),
        (case.recommendations.get(), {}, "recommendation_one_current"),
        (case.assessments.get(), {}, "assessment_once_per_reviewer"),
        (case.payments.get(), {}, "payment_once"),
        (case.applicant, {}, "applicant_cvr_once"),
        (case.applicant.memberships.get(), {}, "membership_once"),
        (case.ledger.order_by("pk")[0], {}, "cause"),
        (case.journal.order_by("pk")[0], {}, "journal_number_once"),
        (returned.information_requests.get(), {}, "information_request_one_open"),
        (heard.hearings.get(), {}, "hearing_one_open"),
        (owing.claims.get(), {"state": "PROPOSED"}, "claim_one_open"),
        (AgendaItem.objects.get(), {"meeting": elsewhere}, "agenda_case_pending_once"),
        (Pool.objects.order_by("pk")[0], {"slug": "ny"}, "pool_code_once_a_year"),
        (people.asta(), {"email": "ASTA@puljer.example"}, "user_email_once"),
    ):
        with pytest.raises(IntegrityError, match=constraint):
            another(row, **changes)


@pytest.mark.django_db
def test_ledger_takes_only_what_it_understands():
    case = case_in(S.APPROVED)
    entry = {"pool": case.pool, "at": NOW, "cause": "wrong"}

    for wrong, constraint in (
        ({"kind": "PAY", "amount_kr": -1, "application": case}, "ledger_positive"),
        ({"kind": "PAY", "amount_kr": 1}, "ledger_names_the_case"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            LedgerEntry.objects.create(**entry, **wrong)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.APPLICANT, Role.SYSTEM])
def test_nobody_holds_the_role_of_applicant_or_system(role):
    with pytest.raises(IntegrityError, match="user_roles_are_held"):
        people.person("Ib", Role.LEADER, role)


@pytest.mark.django_db
def test_nobody_is_deleted():
    case_in(S.APPROVED)

    for person in (people.asta(), people.karl(), people.dora()):
        with pytest.raises(models.ProtectedError):
            person.delete()


@pytest.mark.django_db
def test_every_row_has_a_name_of_its_own():
    for state in (S.RETURNED, S.IN_HEARING, S.IN_RECOVERY, S.REPORT_RETURNED):
        case_in(state)
    a_meeting([case_in(S.RECOMMENDED, requested_kr=Decimal(40_000))])

    for model in (*_models_of(Application), Applicant, Membership, User, Pool, PoolVersion, Round):
        rows = list(model.objects.order_by("pk"))
        assert len({str(row) for row in rows}) == len(rows), model.__name__
    assert InformationRequest.objects.count() == 1


def _models_of(model) -> set[type[models.Model]]:
    """The model and what points at it."""
    return {model, *(field.related_model for field in model._meta.related_objects)}


@pytest.mark.parametrize("number", [cvr(1), cvr(7), "29189846"])
def test_cvr_numbers_that_pass(number):
    validate_cvr(number)


@pytest.mark.parametrize("number", ["", "1234567", "12345678", "2918984x", "291898466"])
def test_cvr_numbers_that_do_not(number):
    with pytest.raises(ValidationError, match="er ikke et CVR-nummer"):
        validate_cvr(number)
