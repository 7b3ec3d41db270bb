"""Each verb of the case page, sent as the browser sends it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pulje.actions.document import add_attachment
from pulje.enums import AttachmentKind
from pulje.models import Application, JournalEntry
from pulje.states import CaseState
from tests import people
from tests.factories import case_in

pytestmark = pytest.mark.django_db
S = CaseState
FORMAL = {"section": "§ 2", "reasons": "Puljen støtter ikke løn til ansatte.", "is_guided": "on"}
BACKEND = "django.contrib.auth.backends.ModelBackend"


def soon():
    return (timezone.localdate() + timedelta(days=20)).isoformat()


def state_of(case):
    return Application.objects.get(pk=case.pk).state


def send(client, who, case, verb, **typed):
    client.force_login(who(), backend=BACKEND)
    return client.post(f"/sag/{case.pk}/{verb}/", typed)


def test_accept_for_review(client):
    case = case_in(S.SUBMITTED)

    response = send(
        client,
        people.karl,
        case,
        "accept_for_review",
        reviewers=[people.rie().pk],
        rest_is_fine="on",
    )

    assert response.url == f"/sag/{case.pk}/"
    assert state_of(case) == S.IN_REVIEW


def test_ask_for_information(client):
    case = case_in(S.SUBMITTED)
    typed = {"parts": ["budget"], "message": "Budgettet mangler.", "due_on": soon()}

    send(client, people.karl, case, "ask_for_information", **typed)

    assert state_of(case) == S.RETURNED
    assert case.information_requests.get().message == "Budgettet mangler."


def test_reject_formally(client):
    case = case_in(S.SUBMITTED)

    short = {"section": "§ 2", "reasons": "Det er løn."}
    page = send(client, people.karl, case, "reject_formally", **short).content.decode()
    assert "i mindst en hel sætning" in page
    assert "Vejled ansøger først" in page
    assert state_of(case) == S.SUBMITTED

    send(client, people.karl, case, "reject_formally", **FORMAL)

    assert state_of(case) == S.REJECTED


def test_record_assessment(client):
    case = case_in(S.IN_REVIEW)
    criteria = case.version.criteria.order_by("position")
    typed = {f"points_{c.pk}": "3" for c in criteria} | {f"words_{c.pk}": "Godt" for c in criteria}

    send(client, people.rie, case, "record_assessment", **typed, is_impartial="on")

    assert state_of(case) == S.REVIEWED
    assert Application.objects.get(pk=case.pk).points == 6


def test_record_assessment_without_points_keeps_what_was_typed(client):
    case = case_in(S.IN_REVIEW)
    criterion = case.version.criteria.order_by("position")[0]

    response = send(
        client, people.rie, case, "record_assessment", **{f"words_{criterion.pk}": "Varmt og åbent"}
    )

    page = response.content.decode()
    assert "Varmt og åbent" in page
    assert "Giv point for ”Fællesskab”." in page
    assert "<title>Fejl:" in page
    assert state_of(case) == S.IN_REVIEW


def test_abstain(client):
    case = case_in(S.IN_REVIEW)

    send(client, people.rie, case, "abstain", reason="Jeg kender formanden.")

    assert state_of(case) == S.REVIEWED


def test_open_hearing(client):
    case = case_in(S.REVIEWED)
    typed = {"fact": "Lokalet er lukket.", "source": "Ejendomscentret", "due_on": soon()}

    send(
        client,
        people.karl,
        case,
        "open_hearing",
        **typed,
        against="on",
        essential="on",
        unknown="on",
    )

    assert state_of(case) == S.IN_HEARING


def test_recommend_and_undo(client):
    case = case_in(S.REVIEWED)

    send(client, people.karl, case, "recommend", amount_kr="8.000", reasons="Godt for byen.")
    assert state_of(case) == S.RECOMMENDED

    send(client, people.karl, case, "undo")
    assert state_of(case) == S.REVIEWED


def test_recommend_less_without_ground_shows_the_rule_and_the_text(client):
    case = case_in(S.REVIEWED)

    response = send(client, people.karl, case, "recommend", amount_kr="5.000", reasons="Kun mad.")

    page = response.content.decode()
    assert "skal en af puljens begrundelser for det vælges" in page
    assert "Kun mad." in page
    assert "5.000" in page


def test_decide_by_the_leader(client):
    case = case_in(S.RECOMMENDED)

    send(client, people.dora, case, "decide", amount_kr="8000", reasons="")

    assert state_of(case) == S.APPROVED


def test_recommender_cannot_decide(client):
    case = case_in(S.RECOMMENDED)

    response = send(client, people.karl, case, "decide", amount_kr="8000", reasons="")

    assert "Det kan kun" in response.content.decode()
    assert state_of(case) == S.RECOMMENDED


def test_send_back(client):
    case = case_in(S.RECOMMENDED)

    send(client, people.dora, case, "send_back", reason="Se på budgettet igen.")

    assert state_of(case) == S.REVIEWED


def test_annul(client):
    case = case_in(S.APPROVED)

    send(client, people.dora, case, "annul", reason="Forkert beløb.")

    assert state_of(case) == S.REVIEWED


def test_reopen(client):
    case = case_in(S.WITHDRAWN)

    send(client, people.dora, case, "reopen", reason="Det var en fejl.")

    assert state_of(case) == S.SUBMITTED


def test_redecide(client):
    case = case_in(S.REJECTED)

    send(client, people.dora, case, "redecide", amount_kr="4.000", reasons="Ny oplysning.")

    assert state_of(case) == S.APPROVED


@pytest.mark.parametrize(
    ("verb", "typed", "after"),
    [
        ("approve_report", {}, S.REPORTED),
        ("approve_report", {"accepted_kr": "7.000"}, S.REPORT_SUBMITTED),  # and why not all of it?
        ("approve_report", {"accepted_kr": "7.000", "reason": "Maden er for dyr."}, S.REPORTED),
        ("return_report", {"missing": "Bilag 3", "due_on": soon()}, S.REPORT_RETURNED),
    ],
)
def test_report(client, verb, typed, after):
    case = case_in(S.REPORT_SUBMITTED)

    send(client, people.karl, case, verb, **typed)

    assert state_of(case) == after


def test_waive_report(client):
    case = case_in(S.PAID)

    send(client, people.karl, case, "waive_report", reason="Foreningen er lukket.")

    assert state_of(case) == S.REPORTED


def test_claim_by_two_people_and_settle(client):
    case = case_in(S.PAID, requested_kr=8000)
    case.hearings.create(
        fact="x",
        source="y",
        due_on=timezone.localdate(),
        opened_at=timezone.now(),
        opened_by=people.karl(),
        ended_at=timezone.now(),
    )
    typed = {"amount_kr": "1.000", "reasons": "Pengene er ikke brugt.", "due_on": soon()}

    send(client, people.karl, case, "propose_claim", **typed)
    assert "Du har selv" in send(client, people.karl, case, "claim_repayment").content.decode()
    send(client, people.rie, case, "claim_repayment")
    assert state_of(case) == S.IN_RECOVERY

    send(client, people.fie, case, "settle_repayment", received_kr="1000")
    assert state_of(case) == S.CLOSED


def test_assign_and_claim(client):
    case = case_in(S.SUBMITTED)

    send(client, people.dora, case, "assign", to=people.rie().pk)
    assert Application.objects.get(pk=case.pk).caseworker == people.rie()

    client.force_login(people.karl(), backend=BACKEND)
    client.post(f"/sag/{case.pk}/tag/")  # somebody has it
    assert Application.objects.get(pk=case.pk).caseworker == people.rie()
    free = case_in(S.SUBMITTED)
    client.post(f"/sag/{free.pk}/tag/")
    assert Application.objects.get(pk=free.pk).caseworker == people.karl()


def test_own_disqualification_locks_the_case(client):
    case = case_in(S.SUBMITTED)

    response = send(client, people.karl, case, "inhabil", reason="Min søster er kasserer.")

    assert response.url == "/sag/"
    assert "låst for dig" in client.get(f"/sag/{case.pk}/").content.decode()


def test_note_and_message(client):
    case = case_in(S.SUBMITTED)

    send(client, people.karl, case, "note", text="Ringede til Asta.", is_phone_call="on")
    send(client, people.karl, case, "besked", **{"besked-text": "Hej Asta."})

    page = client.get(f"/sag/{case.pk}/").content.decode()
    assert "Ringede til Asta." in page
    assert "Hej Asta." in page


def test_empty_note_is_asked_for_again(client):
    case = case_in(S.SUBMITTED)

    response = send(client, people.karl, case, "note", text="")

    assert "Skriv en note." in response.content.decode()
    assert not case.notes.exists()


def test_get_of_a_verb_never_writes_and_moved_cases_say_so(client):
    case = case_in(S.SUBMITTED)
    before = JournalEntry.objects.count()
    client.force_login(people.karl(), backend=BACKEND)

    assert client.get(f"/sag/{case.pk}/ask_for_information/").status_code == 200
    moved = client.get(f"/sag/{case.pk}/recommend/")
    assert moved.status_code == 409
    assert "Modtaget" in moved.content.decode()
    assert client.get(f"/sag/{case.pk}/explode/").status_code == 404
    assert JournalEntry.objects.count() == before


def test_sent_twice_the_second_is_told(client):
    case = case_in(S.SUBMITTED)
    send(client, people.karl, case, "reject_formally", **FORMAL)
    second = send(client, people.karl, case, "reject_formally", **FORMAL)

    assert "Sagen står som ”Afslag”" in second.content.decode()
    assert case.decisions.count() == 1


def test_attachment_is_a_download_for_the_house_only(client):
    case = case_in(S.SUBMITTED)
    paper = add_attachment(
        case,
        by=people.asta(),
        at=timezone.now(),
        name="vedtægter.pdf",
        content_type="application/pdf",
        content=b"%PDF-1.7",
        kind=AttachmentKind.BYLAWS,
    )
    client.force_login(people.karl(), backend=BACKEND)

    response = client.get(f"/sag/{case.pk}/bilag/{paper.pk}/")

    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content) == b"%PDF-1.7"
    client.force_login(people.mads(), backend=BACKEND)
    assert client.get(f"/sag/{case.pk}/bilag/{paper.pk}/").status_code == 403
