"""The clock: looks at what is due, does one thing to each case, and is safe to run twice."""

import logging
from datetime import datetime, timedelta

from celery import shared_task
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from letters import actions as letters
from letters.mails.actions import queue_mail
from pulje.actions import reminder
from pulje.actions.applicant.subscription import forget_subscriptions
from pulje.actions.application import application as case_actions
from pulje.actions.casework import clarification
from pulje.actions.grant import repayment
from pulje.actions.journal import note_down
from pulje.actions.meeting.agenda_lock import lock_agenda
from pulje.actions.meeting.committee import settle_ended_seats
from pulje.enums import ItemOutcome, MeetingState, ReminderKind
from pulje.errors import RuleBroken, WrongState
from pulje.models import Application, JournalEntry, Meeting
from pulje.queries.applicant.applicant import followers
from pulje.queries.clock import CLOSES_SOON, Due, Duty, due_now
from workflow import jobs
from workflow.asking import ask_boards
from workflow.contradictions import contradictions
from workflow.hands import carry_out, lock_process, one_at_a_time
from workflow.openings import announce

log = logging.getLogger(__name__)
BATCH = 500
FAILED = "clock_failed"


@shared_task
def sweep() -> int:
    """Do what is due, the longest overdue first; returns how many cases were looked at.

    Reads the clock's partial index only, so the cost follows what is due, never what is stored.
    """
    now = timezone.now()
    today = timezone.localdate(now)
    lock_agendas(now)
    due = Application.objects.due_for_clock(today).order_by("clock_on", "pk")
    numbers = list(due.values_list("pk", "number")[:BATCH])
    done = sum(_look_at(pk, number, now) for pk, number in numbers)
    if len(numbers) == BATCH and done:
        sweep.delay()
    return done


def lock_agendas(now: datetime) -> int:
    """Give the committees the agendas whose day has come; returns how many. Safe to repeat.

    One that was opened again is locked by hand; one without a case waits. A failing one is logged
    and tried again, and stops no other.
    """
    due = Meeting.objects.filter(
        state=MeetingState.PLANNED,
        locked_at=None,
        agenda_due_on__lte=timezone.localdate(now),
        held_at__gt=now,
        items__outcome=ItemOutcome.PENDING,
    )
    locked = 0
    for meeting in due.distinct().order_by("pk"):
        try:
            lock_agenda(meeting, by=None, at=now)
        except WrongState:
            continue  # somebody was faster
        except Exception:
            log.exception("sweep: agenda of meeting %s", meeting.pk)
        else:
            locked += 1
    return locked


@shared_task
def announce_openings() -> int:
    """Tell those who asked what has opened, forget addresses nobody confirmed; mails queued."""
    now = timezone.now()
    forget_subscriptions(at=now)
    return announce(now)


@shared_task
def ask_about_boards() -> int:
    """Every morning: ask those whose year has passed whether the board is the same."""
    return ask_boards(timezone.localtime())


@shared_task
def end_seats() -> int:
    """Every night: who left a committee yesterday may no longer do what the seat let them do."""
    return settle_ended_seats(timezone.localtime())


@shared_task
def run_jobs() -> int:
    """Do what waits of work on many cases; a full batch asks for the next. Safe to kill."""
    done = jobs.work_off()
    if done == jobs.BATCH:
        run_jobs.delay()
    return done


@shared_task
def find_contradictions() -> int:
    """Every night: say in the log which cases' tasks do not fit their state; returns how many."""
    found = contradictions()
    for sentence in found:
        log.error("contradiction: %s", sentence)
    return len(found)


def _look_at(pk: int, number: str, now: datetime) -> bool:
    """One case, one transaction. A case in use waits for the next sweep; a failing one, a day."""
    try:
        with one_at_a_time():
            application = _claim(pk, now)
            if application is None:
                return False
            _act(application, due_now(application, timezone.localdate(now)), now)
    except Exception as error:
        # one bad case must not stop the others: it stands in the journal, tried again tomorrow
        log.exception("sweep: case %s (%s)", number or "kladde", pk)
        _set_aside(pk, now, type(error).__name__)
        return False
    return True


def _claim(pk: int, now: datetime) -> Application | None:
    """The case, locked after its process, if it still is due and nobody else holds it."""
    due = Application.objects.due_for_clock(timezone.localdate(now)).filter(pk=pk)
    application = due.first()
    if application is None:
        return None
    in_process = hasattr(application, "link")
    if in_process and lock_process(application, skip_locked=True) is None:
        return None
    rows = due.select_for_update(skip_locked=True, of=("self",))
    return rows.select_related("round", "version", "pool").first()


def _act(application: Application, due: Due, now: datetime) -> None:
    match due.duty:
        case Duty.WAIT:
            reminder.wind_clock(application, due.clock_on)
        case Duty.REMIND:
            _remind(application, due, now)
        case Duty.EXPIRE_HEARING:
            carry_out(clarification.expire_hearing, application, by=None, at=now)
        case Duty.LAPSE:
            carry_out(case_actions.lapse, application, by=None, at=now)
        case Duty.CLOSE:
            _close(application, now)


def _remind(application: Application, due: Due, now: datetime) -> None:
    """A case is reminded by letter, a draft, which is no case yet, by mail to its people."""
    entry = carry_out(
        reminder.remind,
        application,
        by=None,
        at=now,
        kind=due.kind,
        about=due.about,
        number=due.number,
        new_due_on=due.new_due_on,
        clock_on=due.clock_on,
    )
    if entry is not None and due.kind == ReminderKind.DRAFT:
        _tell_writers(application, due, entry)


def _tell_writers(application: Application, due: Due, entry: JournalEntry) -> None:
    closes_soon = due.number == CLOSES_SOON
    deadline = application.round.closes_at if closes_soon else due.new_due_on
    assert deadline is not None
    facts = {
        "pool": f"{application.pool.name} {application.pool.year}",
        "path": reverse("applicant:edit", args=[application.pk]),
        "deadline": deadline.isoformat(),
    }
    for person in followers(application):
        if person.wants_reminder_mail:
            queue_mail(
                "DRAFT_DEADLINE" if closes_soon else "DRAFT_LAPSES",
                to=person.email,
                cause=f"journal:{entry.pk}:{person.pk}",
                facts=facts | {"person_id": person.pk},
                application=application,
            )


def _close(application: Application, now: datetime) -> None:
    """Close, or look again tomorrow while a letter is unsent or money or an appeal is open."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    if letters.is_awaited(application):
        reminder.wind_clock(application, tomorrow)
        return
    try:
        carry_out(repayment.close, application, by=None, at=now)
    except RuleBroken:
        reminder.wind_clock(application, tomorrow)


@transaction.atomic
def _set_aside(pk: int, now: datetime, error: str) -> None:
    application = Application.objects.get(pk=pk)
    note_down(application, FAILED, by=None, at=now, data={"error": error})
    reminder.wind_clock(application, timezone.localdate(now) + timedelta(days=1))
