"""What makes a lawful letter unlawful: one thing each, done to a letter of ``gated``."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from letters.models import Letter, LetterText
from pulje.actions.journal import note_down
from pulje.models import (
    AppealGuidance,
    Applicant,
    Application,
    ConflictOfInterest,
    Decision,
    Membership,
    PartyHearing,
    Tie,
    User,
)
from pulje.queries.meeting.attendance import PAIRS
from tests import people

TODAY = timezone.localdate


def decision(**changed: object) -> Callable[[Letter], None]:
    def do(letter: Letter) -> None:
        Decision.objects.filter(application=letter.application_id).update(**changed)

    return do


def told(**changed: object) -> Callable[[Letter], None]:
    """The letter's facts are others."""

    def do(letter: Letter) -> None:
        Letter.objects.filter(pk=letter.pk).update(facts=letter.facts | changed)

    return do


def letter_is(**changed: object) -> Callable[[Letter], None]:
    def do(letter: Letter) -> None:
        Letter.objects.filter(pk=letter.pk).update(**changed)

    return do


def all_of(model: type, **changed: object) -> Callable[[Letter], None]:
    """Also what the database itself refuses to change."""

    def do(_letter: Letter) -> None:
        with connection.cursor() as cursor:
            cursor.execute("set session_replication_role = replica")  # past the triggers
            model.objects.update(**changed)
            cursor.execute("set session_replication_role = default")

    return do


def applicant(**changed: object) -> Callable[[Letter], None]:
    def do(letter: Letter) -> None:
        Applicant.objects.filter(pk=letter.application.applicant_id).update(**changed)

    return do


def both(*parts: Callable[[Letter], None]) -> Callable[[Letter], None]:
    def do(letter: Letter) -> None:
        for part in parts:
            part(letter)

    return do


def heard(*, ended: bool, days: int = 0, fact: str = "Lokalet er lukket.") -> object:
    def do(letter: Letter) -> None:
        opened_at = timezone.now() - timedelta(days=days)
        PartyHearing.objects.create(
            application=letter.application,
            fact=fact,
            source="Ejendomscentret",
            due_on=TODAY() + timedelta(days=3 - days),
            opened_at=opened_at,
            opened_by=people.karl(),
            ended_at=opened_at + timedelta(hours=1) if ended else None,
        )

    return do


def disqualified(person: Callable[[], object]) -> Callable[[Letter], None]:
    def do(letter: Letter) -> None:
        ConflictOfInterest.objects.create(
            application=letter.application,
            user=person(),
            reason="Søster",
            declared_at=timezone.now(),
            declared_by=person(),
        )

    return do


def tied(letter: Letter) -> None:
    name = letter.application.applicant.name
    Tie.objects.create(user=people.mads(), name=name, relation="Kasserer")


def out_of_the_room(person: Callable[[], User]) -> Callable[[Letter], None]:
    """The person was away when the case was decided."""

    def do(letter: Letter) -> None:
        meeting = letter.application.decisions.get(is_current=True).meeting
        item = meeting.items.get(application=letter.application_id)
        meeting.attendance_kept[PAIRS[0]] = [[person().pk, item.pk]]
        meeting.save(update_fields=["attendance_kept"])

    return do


def newer_guidance(_letter: Letter) -> None:
    AppealGuidance.objects.create(
        legal_basis="KFM",
        version=2,
        text="Ny",
        approved_by=people.dora(),
        approved_at=timezone.now(),
    )


def text_from(day: date, **approved: object) -> Callable[[Letter], None]:
    """The letter was made with a text from that day, approved unless it says otherwise."""

    def do(letter: Letter) -> None:
        approved_by = {"approved_by": people.dora(), "approved_at": timezone.now()} | approved
        told = {"kind": letter.kind, "version": 99, "body": "Ny", "written_at": timezone.now()}
        text = LetterText.objects.create(valid_from=day, **told, **approved_by)
        Letter.objects.filter(pk=letter.pk).update(text=text)

    return do


def lapsing(days: int) -> Callable[[Letter], None]:
    def do(letter: Letter) -> None:
        day = TODAY() + timedelta(days=days)
        Application.objects.filter(pk=letter.application_id).update(due_on=day)
        told(due_on=day.isoformat())(letter)

    return do


def tells_of(by: Callable[[], object] | None, reason: str) -> Callable[[Letter], None]:
    """The letter tells of another line in the journal, which nobody can change."""

    def do(letter: Letter) -> None:
        who, said = by and by(), {"reason": reason}
        line = note_down(letter.application, "annul", by=who, at=timezone.now(), data=said)
        Letter.objects.filter(pk=letter.pk).update(entry=line)

    return do


def of_another_version(letter: Letter) -> None:
    rules = letter.application.version
    rules.pk, rules.number = None, 2
    rules.save()
    decision(version=rules)(letter)


def reminder(event: str) -> Callable[[Letter], None]:
    """What has become of the last reminder today."""

    def do(letter: Letter) -> None:
        about = {"entry": letter.application.journal.get(event="reminded").number}
        note_down(letter.application, event, by=None, at=timezone.now(), data=about)

    return do


def read_by(person: Callable[[], object]) -> Callable[[Letter], None]:
    def do(letter: Letter) -> None:
        letter_is(approved_by=person(), approved_at=timezone.now())(letter)

    return do


def words_by(person: Callable[[], object]) -> Callable[[Letter], None]:
    def do(letter: Letter) -> None:
        Letter.objects.filter(pk=letter.pk).update(words_by=person())

    return do


def nobody_can_log_in(letter: Letter) -> None:
    Membership.objects.filter(applicant=letter.application.applicant_id).delete()


def newer_text(kind: str) -> Callable[[Letter], None]:
    """Another version is taken into use; the letter was made with the one before."""

    def do(letter: Letter) -> None:
        used = LetterText.objects.get(kind=kind, approved_at__isnull=False)
        if kind != letter.kind:
            Letter.objects.filter(pk=letter.pk).update(parts=[used.pk])
        used.pk, used.version, used.written_by = None, 7, None
        used.save()

    return do
