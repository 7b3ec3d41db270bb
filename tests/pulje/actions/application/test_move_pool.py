"""A case finds a better pool: consent, the new pool's rules, a new number, the old one found."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from pulje.actions.application import move_pool as actions
from pulje.enums import ApplicantKind
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Application, CheckMark, JournalEntry, Round
from pulje.queries.search import found
from pulje.states import CaseState
from tests import people
from tests.factories import a_pool, a_round, case_in
from workflow.contradictions import contradictions

pytestmark = pytest.mark.django_db
YES = "Telefonisk samtykke fra Asta den 3. maj."


def moved(case: Application, round: Round, **facts: Any) -> JournalEntry:
    facts = {"by": people.karl(), "at": timezone.now(), "consent": YES} | facts
    return actions.move_pool(case, round=round, **facts)


def test_a_case_moves_with_new_rules_and_is_found_by_its_old_number() -> None:
    case = case_in(CaseState.SUBMITTED)
    CheckMark.objects.create(
        application=case,
        key="idea",
        is_fine=True,
        checked_at=timezone.now(),
        checked_by=people.karl(),
    )
    pool = a_pool(answer_working_days=20)
    old = case.number

    entry = moved(case, a_round(pool))

    case = Application.objects.get(pk=case.pk)
    assert (case.pool, case.version.pool, case.round.pool) == (pool, pool, pool)
    assert case.number.startswith(f"{pool.code}-{pool.year}-")
    assert case.due_on > timezone.localdate() + timedelta(days=20)
    assert not case.check_marks.exists()
    assert (entry.data["from_number"], entry.data["reason"]) == (old, YES)
    for number in (old, old.lower(), case.number):
        assert list(found(Application.objects.all(), number)) == [case]


def test_what_a_case_cannot_do_is_refused_in_a_sentence() -> None:
    """One table over one set of cases; nothing is written."""
    pool, now = a_pool(), timezone.now()
    case, judged = (
        case_in(state, pool=pool) for state in (CaseState.SUBMITTED, CaseState.REVIEWED)
    )
    other = a_round(a_pool())
    networks = a_round(a_pool(applicant_kinds=[ApplicantKind.INFORMAL_GROUP]))
    shut = a_round(a_pool(), closes_at=case.submitted_at - timedelta(days=1))
    later = a_round(a_pool(), opens_at=now + timedelta(days=1))
    test_pool = a_pool()
    test_pool.is_test = True
    test_pool.save(update_fields=["is_test"])
    table: list[tuple[Application, Round, dict[str, Any], type[Exception], str]] = [
        (case, case.round, {}, WrongState, "allerede i"),
        (judged, other, {}, WrongState, "før den er sendt til vurdering"),
        (case, other, {"consent": " "}, RuleBroken, "hvordan og hvornår"),
        (case, networks, {}, RuleBroken, "."),
        (case, shut, {}, RuleBroken, "efter den puljes frist"),
        (case, later, {}, RuleBroken, "ikke åben endnu"),
        (case, a_round(test_pool), {}, RuleBroken, "mellem en test"),
        (case, other, {"by": people.fie()}, NotAllowed, "kun"),
    ]

    for one, round, facts, error, sentence in table:
        with pytest.raises(error, match=sentence):
            moved(one, round, **facts)

    assert not JournalEntry.objects.filter(event="pool_moved").exists()


def test_the_page_offers_the_pools_that_fit_and_tells_the_applicant(client: Any) -> None:
    case = case_in(CaseState.SUBMITTED, requested_kr=Decimal(8000))
    small = a_round(a_pool(ceiling_kr=Decimal(5000)))
    networks = a_round(a_pool(applicant_kinds=[ApplicantKind.INFORMAL_GROUP]))
    path = f"/sag/{case.pk}/flyt/"
    client.force_login(people.karl())

    text = client.get(path).content.decode()
    assert f"{small.pool.name} 2027, Løbende – der kan højst søges 5.000" in text
    assert f"Kan ikke vælges: {networks.pool.name} –" in text
    assert "Vælg en pulje." in client.post(path, {"consent": YES}).content.decode()
    assert "hvornår ansøger har sagt ja" in client.post(path, {"round": small.pk}).content.decode()
    data = {"round": small.pk, "consent": YES}
    assert client.post(path, data).url == f"/sag/{case.pk}/"
    assert client.post(path, data).status_code == 200

    case.refresh_from_db()
    assert case.pool == small.pool
    (message,) = case.messages.all()
    assert case.number in message.text
    assert contradictions() == []
