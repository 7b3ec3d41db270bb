"""Every form an applicant posts, posted twice: the second time changes nothing."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from letters.models import Letter, Mail
from pulje.actions.applicant.identity import person_by_mail
from pulje.actions.applicant.invitation import invite
from pulje.actions.link import make_token
from pulje.enums import ApplicantKind
from pulje.models import (
    Applicant,
    Application,
    Attachment,
    ChangeRequest,
    GuardianConsent,
    Invitation,
    JournalEntry,
    LedgerEntry,
    Membership,
    Message,
    Partner,
    Signature,
    Subscription,
)
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, a_pool, a_round, an_applicant, case_in
from tests.workflow.opening import opened, told

pytestmark = pytest.mark.django_db
S = CaseState
Post = tuple[str, dict[str, Any]]
COUNTED = (
    Applicant,
    Application,
    Attachment,
    ChangeRequest,
    Invitation,
    JournalEntry,
    LedgerEntry,
    Letter,
    Mail,
    Membership,
    Message,
    Partner,
    Signature,
    Subscription,
)
IDEA = {"title": "Sang", "partner-TOTAL_FORMS": "1", "partner-INITIAL_FORMS": "0"} | {
    "partner-0-name": "Skolen"
}
ROWS = {
    f"{kind}-{count}_FORMS": "1" if (kind, count) == ("EXPENSE", "TOTAL") else "0"
    for kind in ("EXPENSE", "OWN_FUNDING", "OTHER_FUNDING")
    for count in ("TOTAL", "INITIAL")
} | {"EXPENSE-0-text": "Saft", "EXPENSE-0-amount_kr": "500"}


def in_state(state: CaseState, path: str, data: dict[str, Any]) -> Callable[[], Post]:
    """A post to a page of a case whose decision, if any, has been opened."""
    decided = state in (S.APPROVED, S.ACCEPTED)
    return lambda: (f"/ansoeg/{(opened if decided else told)(case_in(state)).pk}/{path}", data)


def at_club(verb: str, **data: str) -> Callable[[], Post]:
    """A post about one's association, in which Bo is a member."""

    def post() -> Post:
        club = an_applicant()
        bo = people.seat(club, people.person("Bo"), may_sign=True)
        place = {"member": str(bo.pk), f"m{bo.pk}-role": "BOARD"}
        return f"/ansoeg/foreninger/{club.pk}/{verb}/", place | data

    return post


def _new() -> Post:
    pool = a_pool()
    a_round(pool)
    pool.is_public = True
    pool.save(update_fields=["is_public"])
    typed = {"noegle": uuid4().hex, "applicant": "NEW", "kind": "INFORMAL_GROUP", "name": "Naboer"}
    return f"/ansoeg/ny/{pool.slug}/", typed | {"makker": "bo@nabo.example", "frem": "1"}


def _sign() -> Post:
    ours = an_applicant(two_must_sign=True)
    people.seat(ours, people.person("Bo"), may_sign=True)
    token = make_token("signature", a_draft(applicant=ours).pk)
    return f"/underskrift/{token}/", {"is_true": "on", "underskriv": "1"}


def _invited() -> Post:
    club = an_applicant(signer=people.person("Bo"))
    found = invite(club, by=people.person("Bo"), at=timezone.now(), email="asta@puljer.example")
    return f"/invitation/{make_token('invitation', found.pk)}/", {}


def _leader() -> Post:
    partner = a_draft().partners.create(position=1, name="Skolen", is_municipal=True)
    answer = {"answer": "yes", "supplements": "on"}
    return f"/samarbejde/{make_token('partner', partner.pk)}/", answer


def _guardian() -> Post:
    one = an_applicant(kind=ApplicantKind.INDIVIDUAL, cvr="", signer=people.person("Bo"))
    found = GuardianConsent.objects.create(
        application=a_draft(applicant=one),
        name="Mor",
        email="mor@hjem.example",
        asked_at=timezone.now(),
    )
    return f"/samtykke/{make_token('guardian', found.pk)}/", {"answer": "yes"}


def _start() -> Post:
    return f"/start/{make_token('start', person_by_mail('ny@nabo.example').pk)}/", {}


def _partner() -> Post:
    draft = a_draft()
    row = draft.partners.create(
        position=1, name="Skolen", is_municipal=True, leader_email="leder@skole.example"
    )
    return f"/ansoeg/{draft.pk}/samarbejde/{row.pk}/", {}


POSTS: dict[str, Callable[[], Post]] = {
    "begin": _new,
    "who": in_state(S.DRAFT, "hvem/", {"contact_name": "Bo", "makker": "bo@nabo.example"}),
    "idea": in_state(S.DRAFT, "ide/", IDEA),
    "budget": in_state(S.DRAFT, "budget/", ROWS),
    "send": in_state(S.DRAFT, "send/", {"send": "1", "is_true": "on"}),
    "ask to sign": in_state(S.DRAFT, "send/", {"bed": "1"}),
    "sign": _sign,
    "copy": in_state(S.REJECTED, "kopier/", {}),
    "answer": in_state(S.RETURNED, "svar/", {"answer-text": "Her er det."}),
    "hearing": in_state(S.IN_HEARING, "bemaerkninger/", {"remarks-text": "Det passer ikke."}),
    "message": in_state(S.IN_REVIEW, "besked/", {"message-text": "Hvordan går det?"}),
    "open": lambda: (f"/ansoeg/{told(case_in(S.APPROVED)).pk}/afgoerelse/", {}),
    "accept": in_state(S.APPROVED, "ja-tak/", {}),
    "decline": in_state(S.APPROVED, "nej-tak/", {"reason": "Vi fik andre penge."}),
    "withdraw": in_state(S.SUBMITTED, "traek-tilbage/", {}),
    "delete": in_state(S.DRAFT, "traek-tilbage/", {}),
    "change": in_state(S.ACCEPTED, "aendring/", {"reason": "Regn.", "line_0": "7.000"}),
    "report": in_state(
        S.PAID, "rapport/", {"story": "Det gik.", "actual_0": "8.000", "rows": "1", "send": "1"}
    ),
    "invite": at_club("inviter", email="ny@nabo.example", role="WRITER"),
    "remove": at_club("fjern", ja="1"),
    "role": at_club("rolle"),
    "hand over": at_club("overdrag"),
    "leave": at_club("forlad", ja="1"),
    "contact data": at_club("kontakt", town="Holte"),
    "two sign": at_club("underskrifter", two_must_sign="on"),
    "board": at_club("bestyrelse"),
    "invitation": _invited,
    "leader": _leader,
    "guardian": _guardian,
    "start": _start,
    "partner": _partner,
    "preferences": lambda: ("/ansoeg/indstillinger/", {"name": "Asta", "phone": "1"}),
}


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in COUNTED}


@pytest.mark.parametrize("name", POSTS)
def test_the_second_post_changes_nothing(client: Client, name: str) -> None:
    cache.clear()
    client.force_login(people.asta())
    url, data = POSTS[name]()

    first = client.post(url, data)
    after = counts()
    second = client.post(url, data)

    assert first.status_code in (200, 302)
    assert second.status_code in (200, 302, 404, 409, 410)
    assert counts() == after


def test_a_file_sent_twice_is_one_file(client: Client) -> None:
    client.force_login(people.asta())
    url = f"/ansoeg/{a_draft().pk}/bilag/"

    for _time in range(2):
        client.post(url, {"other": SimpleUploadedFile("plan.pdf", b"%PDF-1.7 plan")})

    assert Attachment.objects.count() == 1
