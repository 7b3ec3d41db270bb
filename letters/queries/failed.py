"""What could not be sent, what is too long under way, and whether the workers live; reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet, Value
from django.urls import reverse

from letters.mails.kinds import MAILS
from letters.models import CaseExport, Channel, Letter, LetterState, Mail
from pulje.models import User
from pulje.permissions import hidden_from

SHOWN = 200
SLOW_AFTER = timedelta(days=2)
# these bring an answer; paper brings none
ANSWERED = (Channel.DIGITAL_POST, Channel.EMAIL)
BY_MAIL = (Channel.EMAIL, Channel.PORTAL)


@dataclass(frozen=True)
class Failures:
    """How many letters, mails and cases for the ESDH somebody must do something about."""

    letters: int
    mails: int
    exports: int = 0

    @property
    def all(self) -> int:
        return self.letters + self.mails + self.exports


def count() -> Failures:
    """One query, by the partial indexes of what is not sent."""
    letters = Letter.objects.failed().values_list(Value("letter"), "pk")
    mails = Mail.objects.failed().values_list(Value("mail"), "pk")
    exports = CaseExport.objects.failed().values_list(Value("export"), "pk")
    found = [kind for kind, _pk in letters.union(mails, exports, all=True)]
    return Failures(found.count("letter"), found.count("mail"), found.count("export"))


@dataclass(frozen=True)
class Seen:
    """What one person may see to. ``hidden``: how many are about cases they are kept out of."""

    letters: list[Letter]
    mails: list[tuple[Mail, str]]
    exports: list[CaseExport]
    slow: list[Letter]
    hidden: int


def seen_by(user: User, now: datetime) -> Seen:
    """All that could not be sent; of a case that somebody is disqualified in nothing is told."""
    found = Seen(list(letters()), mails(), list(exports()), list(slow(now)), 0)
    rows: list[Letter | Mail | CaseExport] = [*found.letters, *found.exports, *found.slow]
    rows += [mail for mail, _name in found.mails]
    out = hidden_from(user, [row.application for row in rows if row.application])
    return Seen(
        [row for row in found.letters if row.application_id not in out],
        [(mail, name) for mail, name in found.mails if mail.application_id not in out],
        [row for row in found.exports if row.application_id not in out],
        [row for row in found.slow if row.application_id not in out],
        sum(row.application_id in out for row in rows),
    )


def letters() -> QuerySet[Letter]:
    """The letters that failed, the oldest first, with every attempt: two queries."""
    rows = Letter.objects.failed().defer("facts")
    rows = rows.select_related("application__applicant", "batch")
    return rows.prefetch_related("delivery_attempts").order_by("queued_at", "pk")[:SHOWN]


def cures_of(letter: Letter) -> list[tuple[str, str]]:
    """What mends the reason of a failed letter, and where; it was read with its applicant."""
    who = letter.application.applicant
    at_applicant = reverse("staff:applicant", args=[who.pk])
    has_address = bool(who.street and who.postcode)
    cures = {
        ("Skriv ansøgers adresse", at_applicant): not has_address,
        ("Ret ansøgers e-mail", at_applicant): bool(letter.sha256) and letter.channel in BY_MAIL,
        ("Gå til brevenes tekster", reverse("letters:texts")): has_address and not letter.sha256,
    }
    return [cure for cure, is_wanted in cures.items() if is_wanted]


def mails() -> list[tuple[Mail, str]]:
    """The mails that failed, each with the name of its kind."""
    rows = Mail.objects.failed().select_related("application").order_by("queued_at", "pk")
    return [(mail, MAILS[mail.kind].name) for mail in rows[:SHOWN]]


def exports() -> QuerySet[CaseExport]:
    """The cases that the ESDH did not take, the oldest first."""
    rows = CaseExport.objects.failed().select_related("application__applicant")
    return rows.order_by("asked_at", "pk")[:SHOWN]


def slow(now: datetime) -> QuerySet[Letter]:
    """Handed over long ago, and nobody has said that they arrived."""
    rows = Letter.objects.filter(state=LetterState.SENT, sent_at__lt=now - SLOW_AFTER)
    rows = rows.filter(channel__in=ANSWERED, available_at=None).defer("facts")
    return rows.select_related("application").order_by("sent_at", "pk")[:SHOWN]


def stuck(now: datetime) -> Failures:
    """Due for half an hour, and nobody has taken them: a worker is missing."""
    return Failures(Letter.objects.stuck(now).count(), Mail.objects.stuck(now).count())
