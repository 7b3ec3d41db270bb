"""From sent to read: when a letter is there, what counts from then, and what carriers tell late."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from letters import actions
from letters.available import arrive
from letters.delivery.folder import brought_at
from letters.kinds.registry import KINDS
from letters.models import Channel, DeliveryReceipt, Letter, LetterState, ReceiptKind
from letters.opened import open_letter
from letters.receipts import take
from letters.tasks import note_arrivals
from pulje.actions.deadline_counted import count_from
from pulje.actions.grant.control import select_for_control
from pulje.actions.journal import note_down
from pulje.actions.reminder import remind
from pulje.enums import LegalBasis, ReminderKind
from pulje.errors import NotAllowed, WrongState
from pulje.models import AppealGuidance, Application, JournalEntry
from pulje.queries.appeal import last_day_to_appeal
from pulje.queries.casework.course import course_of
from pulje.queries.clock import Duty, due_now, original_due_on
from pulje.queries.grant.control import control_of
from pulje.queries.told import COUNTED, EXTENDED, TOLD_BY_LETTER
from pulje.states import CaseState as S
from pulje.states import Verb
from pulje.templatetags.words import dato
from tests import people
from tests.factories import a_pool, case_in
from workflow.told import Telling, open_decision, telling, with_telling

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def sent(case: Application, event: str, channel: Channel = Channel.EMAIL) -> Letter:
    """The letter about the newest line of that event, as a worker leaves it when it is sent."""
    entry = case.journal.filter(event=event).latest("number")
    letter = Letter.objects.filter(application=case, entry=entry).latest("pk")
    letter.state, letter.sent_at, letter.channel = LetterState.SENT, timezone.now(), channel
    letter.sha256, letter.failure = "0" * 64, ""
    letter.save()
    return letter


def fresh(case: Application) -> Application:
    return Application.objects.get(pk=case.pk)


def promised(entry: JournalEntry) -> int:
    due_on = date.fromisoformat(entry.data["due_on"])
    return (due_on - timezone.localdate(entry.at)).days


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (S.RETURNED, Verb.ASK_FOR_INFORMATION),
        (S.IN_HEARING, Verb.OPEN_HEARING),
        (S.APPROVED, Verb.DECIDE),
        (S.REPORT_RETURNED, Verb.RETURN_REPORT),
    ],
)
def test_every_deadline_counts_from_the_day_its_letter_is_there(state: S, event: Verb) -> None:
    """For each: not told, the clock waits; there late, all the days; once more, nothing."""
    case = case_in(state)
    letter = sent(case, event)
    entry, old = letter.entry, case.due_on
    assert entry is not None
    assert old is not None
    late = entry.at + 30 * DAY
    there_on = timezone.localdate(late)
    case.clock_on = there_on
    assert due_now(case, there_on).duty == Duty.WAIT

    arrive(letter, late)

    case = fresh(case)
    assert case.due_on is not None
    assert case.clock_on is not None
    assert there_on + promised(entry) * DAY <= case.due_on <= there_on + (promised(entry) + 5) * DAY
    line = case.journal.latest("number")
    assert (line.event, line.data["due_on"], line.data["old"]) == (
        COUNTED,
        case.due_on.isoformat(),
        old.isoformat(),
    )
    assert case.clock_on > there_on
    rows = [*case.information_requests.all(), *case.hearings.filter(ended_at=None)]
    assert {row.due_on for row in rows} <= {case.due_on}
    assert count_from(entry, at=late - 2 * DAY) is None, "never shortened"
    assert fresh(case).due_on == case.due_on


def test_a_reminder_that_gives_days_gives_them_all_and_one_that_reminds_gives_none() -> None:
    case = case_in(S.ACCEPTED)
    due_on = case.due_on
    assert due_on is not None
    at = datetime.combine(due_on + DAY, datetime.min.time(), timezone.get_current_timezone())
    facts: dict[str, Any] = {"kind": ReminderKind.REPORT, "about": due_on}
    before = remind(
        case, at=at - 15 * DAY, number=1, new_due_on=due_on, clock_on=due_on + DAY, **facts
    )
    first = remind(
        case, at=at, number=2, new_due_on=due_on + 15 * DAY, clock_on=due_on + 15 * DAY, **facts
    )
    actions.queue_many([entry for entry in (before, first) if entry])
    gentle, letter = Letter.objects.filter(entry__in=[before, first]).order_by("pk")
    Letter.objects.filter(pk__in=[gentle.pk, letter.pk]).update(
        state="SENT", sent_at=at, sha256="0" * 64, failure=""
    )

    arrive(gentle, at)
    assert fresh(case).due_on == due_on + 15 * DAY
    arrive(letter, at + 4 * DAY)

    moved = fresh(case)
    assert moved.due_on is not None
    assert moved.clock_on is not None
    assert moved.due_on >= due_on + 19 * DAY
    assert moved.clock_on - (due_on + 15 * DAY) == moved.due_on - (due_on + 15 * DAY)
    assert case.journal.latest("number").data["until"] == moved.due_on.isoformat()


def test_a_claim_and_a_control_count_from_the_day_their_letter_is_there() -> None:
    """However often the letter is made anew before it is there; the report's deadline stands."""
    claimed, picked = case_in(S.IN_RECOVERY), case_in(S.PAID)
    asked_at, report_due = timezone.now(), picked.due_on
    due_on = timezone.localdate(asked_at) + 9 * DAY
    entry = select_for_control(
        picked, by=people.karl(), at=asked_at, reason="Kvitteringer.", due_on=due_on
    )
    actions.queue_many([entry])

    for case, event in ((claimed, Verb.CLAIM_REPAYMENT), (picked, entry.event)):
        letter = sent(case, event)
        assert letter.entry is not None
        given, at = _asked_of(case), letter.entry.at + 40 * DAY
        late = timezone.localdate(at) - timezone.localdate(letter.entry.at)  # summer may end
        count_from(letter.entry, at=at - 30 * DAY)
        arrive(letter, at)
        assert given + late <= _asked_of(case) <= given + late + 4 * DAY
        assert count_from(letter.entry, at=at - DAY) is None, "never shortened"

    assert fresh(claimed).due_on == _asked_of(claimed)
    assert (fresh(picked).due_on, original_due_on(picked)) == (report_due, report_due)
    assert [row.due_on for row in course_of(picked, due_on).controls] == [_asked_of(picked)]


def _asked_of(case: Application) -> date:
    """The day to pay a claim, or to answer a control."""
    control = control_of(case)
    return control.due_on if control else case.claims.get().due_on


def test_a_reminder_before_a_lapse_gives_all_its_days_and_one_before_a_report_none() -> None:
    for state, kind, moves in (
        (S.RETURNED, ReminderKind.INFORMATION, True),
        (S.APPROVED, ReminderKind.AWARD, True),
        (S.ACCEPTED, ReminderKind.REPORT, False),
    ):
        case = case_in(state)
        due_on = case.due_on
        assert due_on is not None
        at = timezone.now()
        entry = remind(
            case, at=at, kind=kind, about=due_on, number=1, new_due_on=due_on, clock_on=due_on
        )
        assert entry is not None

        moved = count_from(entry, at=at + 5 * DAY)

        assert (fresh(case).due_on >= due_on + 5 * DAY) == moves == (moved is not None)


def test_what_is_answered_is_not_moved() -> None:
    case = case_in(S.RETURNED)
    letter = sent(case, Verb.ASK_FOR_INFORMATION)
    Application.objects.filter(pk=case.pk).update(state=S.SUBMITTED)
    old = fresh(case).due_on

    arrive(letter, timezone.now())

    assert fresh(case).due_on == old


def test_all_that_gives_a_deadline_is_told_by_a_letter() -> None:
    """Else the clock would wait for a letter that never comes."""
    data = {"kind": "INFORMATION", "number": 1, "outcome": "GRANTED", "due_on": "2027-01-15"}
    told = {
        event
        for event in TOLD_BY_LETTER
        if any(
            kind.tells(JournalEntry(event=event, data=data, to_state=S.RETURNED))
            for kind in KINDS.values()
        )
    }

    assert told | {EXTENDED} == TOLD_BY_LETTER


# --- carriers tell it later ---


def test_receipts_move_a_letter_once_and_a_bad_word_only_about_its_newest_way() -> None:
    case = case_in(S.RETURNED)
    letter = sent(case, Verb.ASK_FOR_INFORMATION)
    letter.delivery_attempts.create(
        channel=Channel.EMAIL, started_at=timezone.now(), reference="T-1"
    )
    now = timezone.now()
    post, mail = Channel.DIGITAL_POST, Channel.EMAIL

    def told(source: Channel, number: str, kind: ReceiptKind, at: datetime = now) -> str:
        take(source, number, "T-1", kind, at, "adressen findes ikke")
        letter.refresh_from_db()
        return str(letter.state)

    assert take(mail, "0", "ukendt", ReceiptKind.AVAILABLE, now) is None
    assert told(mail, "1", ReceiptKind.ACCEPTED) == "SENT"
    assert told(post, "2", ReceiptKind.BOUNCED) == "SENT", "another way out"
    assert told(mail, "3", ReceiptKind.BOUNCED, now - DAY) == "SENT", "an older sending"
    assert told(mail, "4", ReceiptKind.BOUNCED) == "FAILED"
    assert letter.failure == "Mailen kom retur: adressen findes ikke"
    assert told(post, "5", ReceiptKind.AVAILABLE) == "AVAILABLE", "a good word, however late"
    assert told(mail, "4", ReceiptKind.BOUNCED) == "AVAILABLE", "the same receipt again"
    assert told(post, "6" * 300, ReceiptKind.OPENED) == "OPENED"
    assert told(post, "6" * 300, ReceiptKind.OPENED) == "OPENED"
    assert told(mail, "7", ReceiptKind.BOUNCED) == "OPENED", "it has been read"
    assert DeliveryReceipt.objects.count() == 7
    events = list(case.journal.order_by("number").values_list("event", flat=True))
    assert [event for event in events if event.startswith("letter_")] == [
        "letter_returned",
        "letter_available",
        "letter_opened",
    ]


def test_what_came_back_holds_the_clock_again_but_stays_on_the_case() -> None:
    case = case_in(S.APPROVED)
    letter = sent(case, Verb.DECIDE)
    arrive(letter, timezone.now())
    last_day = fresh(case).due_on
    assert last_day is not None
    assert due_now(fresh(case), last_day).duty == Duty.REMIND

    take(Channel.EMAIL, "1", letter, ReceiptKind.BOUNCED, timezone.now(), "adressen findes ikke")

    letter.refresh_from_db()
    assert (letter.state, letter.available_at) == (LetterState.FAILED, None)
    assert due_now(fresh(case), last_day).duty == Duty.WAIT
    shown = with_telling(Application.objects.filter(pk=case.pk)).get()
    assert telling(shown) == Telling.UNOPENED, "it is still there to be opened"


def test_the_post_takes_five_working_days() -> None:
    zone = timezone.get_current_timezone()
    friday = datetime(2027, 1, 8, 15, tzinfo=zone)
    assert brought_at(friday) == datetime(2027, 1, 15, tzinfo=zone)
    letter = sent(case_in(S.RETURNED), Verb.ASK_FOR_INFORMATION, Channel.PRINT)
    for days, state in ((1, "SENT"), (0, "AVAILABLE")):
        Letter.objects.filter(pk=letter.pk).update(available_at=timezone.now() + days * DAY)
        note_arrivals()
        letter.refresh_from_db()
        assert letter.state == state


def test_the_four_weeks_to_complain_count_from_the_day_it_was_there() -> None:
    case = case_in(S.REJECTED, pool=a_pool(legal_basis=LegalBasis.SEL18))
    decision, text = case.decisions.get(), "Klag inden fire uger til Ankestyrelsen."
    AppealGuidance.objects.create(legal_basis=LegalBasis.SEL18, version=3, text=text)
    letter = Letter.objects.get(application=case, kind="REJECTION")
    Letter.objects.filter(pk=letter.pk).update(facts=letter.facts | {"guidance": {"version": 3}})
    letter = sent(case, letter.entry.event)
    assert last_day_to_appeal(case, decision) is None

    at = decision.decided_at + 9 * DAY
    arrive(letter, at)

    assert last_day_to_appeal(case, decision) == timezone.localdate(at) + 28 * DAY


# --- read on the case ---


def test_the_first_reading_is_kept_and_no_get_writes() -> None:
    case = case_in(S.RETURNED)
    letter = sent(case, Verb.ASK_FOR_INFORMATION)
    client, url = Client(), f"/brev/{letter.uuid}/laes/"
    signer = case.applicant.memberships.signing().order_by("pk")[0].user
    client.force_login(signer, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/ansoeg/{case.pk}/").content.decode()
    assert url in page

    answers = [client.post(url)["Location"] for _twice in range(2)]

    assert answers == [f"/brev/{letter.uuid}/"] * 2
    assert client.post(f"{url}?hent")["Location"] == f"/brev/{letter.uuid}/?hent"
    letter.refresh_from_db()
    assert letter.state == LetterState.OPENED
    (line,) = case.journal.filter(event="letter_opened")
    assert line.by == signer
    assert url not in client.get(f"/ansoeg/{case.pk}/").content.decode()
    assert client.get(url).status_code == 405
    with pytest.raises(NotAllowed):
        open_letter(letter, by=people.karl(), at=timezone.now())
    with pytest.raises(WrongState):
        open_letter(Letter.objects.filter(sent_at=None)[0], by=signer, at=timezone.now())


def test_opening_the_decision_opens_its_letter() -> None:
    case = case_in(S.APPROVED)
    letter = sent(case, Verb.DECIDE)
    signer = case.applicant.memberships.signing().order_by("pk")[0].user

    for _twice in range(2):
        open_decision(case, by=signer, at=timezone.now())

    letter.refresh_from_db()
    assert letter.state == LetterState.OPENED
    assert case.journal.filter(event="letter_opened").count() == 1


def test_reading_the_decisions_letter_opens_the_decision_and_no_other() -> None:
    """By its own address, however often; a letter of a decision that is gone opens nothing."""
    case = case_in(S.APPROVED)
    letter = sent(case, Verb.DECIDE)
    signer = case.applicant.memberships.signing().order_by("pk")[0].user
    case.decisions.update(is_current=False)

    assert open_letter(letter, by=signer, at=timezone.now())
    assert case.decisions.get().opened_at is None
    case.decisions.update(is_current=True)
    answers = [open_letter(letter, by=signer, at=timezone.now()) for _twice in range(2)]

    assert answers == [False, False]
    assert case.decisions.get().opened_by == signer
    assert case.journal.filter(event="decision_opened").count() == 1


def test_the_post_of_a_case_is_one_list() -> None:
    case = case_in(S.RETURNED)
    letter = sent(case, Verb.ASK_FOR_INFORMATION)
    take(Channel.EMAIL, "1", letter, ReceiptKind.BOUNCED, timezone.now(), "adressen findes ikke")
    client = Client()
    client.force_login(people.karl(), backend="django.contrib.auth.backends.ModelBackend")

    page = client.get(f"/sag/{case.pk}/post/").content.decode()

    assert "Mailen kom retur: adressen findes ikke" in page
    assert f"/brev/{letter.uuid}/igen/" in page
    assert "Kvittering for ansøgning" in page
    coming = {"state": LetterState.SENT, "available_at": timezone.now() + 5 * DAY}
    Letter.objects.filter(pk=letter.pk).update(**coming)
    told = f"Ventes {dato(coming['available_at'])}"
    assert told in client.get(f"/sag/{case.pk}/post/").content.decode()


def test_a_line_of_old_letters_counts_as_being_told() -> None:
    """Before letters told of arriving, being sent was all that was known."""
    case = case_in(S.IN_HEARING)
    note_down(case, "letter_sent", by=None, at=timezone.now(), data={"kind": "HEARING"})
    case.clock_on = case.due_on

    assert due_now(case, case.due_on + DAY).duty == Duty.EXPIRE_HEARING
