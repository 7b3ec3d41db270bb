"""What the applicant has been told: an outcome is shown when its letter has left and is opened.

A decision is made before its letter is read by a second person and sent. Until then the case is
"Behandles" to its applicant, wherever it really stands.
"""

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import BigIntegerField, Exists, F, OuterRef, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from letters.models import Letter
from letters.opened import open_letter
from pulje.actions.grant import award
from pulje.errors import WrongState
from pulje.models import Application, Decision, User
from pulje.models.application import ApplicationQuerySet
from pulje.states import CaseState, Verb

DECIDING = (Verb.DECIDE, Verb.REDECIDE, Verb.REJECT_FORMALLY)
# later states follow from something the applicant did, or are so old that nobody asks
TO_BE_OPENED = frozenset({CaseState.APPROVED, CaseState.REJECTED})


class Telling(StrEnum):
    """How far a decision has come to its applicant; TOLD also when there is none."""

    HELD = "held"
    UNOPENED = "unopened"
    TOLD = "told"


def with_telling(cases: ApplicationQuerySet) -> ApplicationQuerySet:
    """The cases with what ``telling`` needs to know, in the same query."""
    current = Decision.objects.filter(application=OuterRef("pk"), is_current=True)
    about = Cast(KeyTextTransform("decision", "entry__data"), BigIntegerField())
    unsent = Letter.objects.never_sent().filter(
        application=OuterRef("pk"),
        entry__event__in=DECIDING,
        application__decisions__is_current=True,
    )
    of_current = unsent.annotate(about=about).filter(about=F("application__decisions__pk"))
    return cases.annotate(
        is_held=Exists(of_current), is_opened=Exists(current.filter(opened_at__isnull=False))
    )


def with_told_at(cases: ApplicationQuerySet) -> ApplicationQuerySet:
    """The cases with the moment the newest letter about a decision left (``told_at``)."""
    sent = Letter.objects.on_the_case().filter(
        application=OuterRef("pk"), entry__event__in=DECIDING
    )
    return cases.annotate(told_at=Subquery(sent.order_by("-sent_at").values("sent_at")[:1]))


def telling(case: Application) -> Telling:
    """How far the current decision has come; the case was read by ``with_telling``."""
    if getattr(case, "is_held"):  # noqa: B009 (an annotation, unknown to the type)
        return Telling.HELD
    if case.state in TO_BE_OPENED and not getattr(case, "is_opened"):  # noqa: B009
        return Telling.UNOPENED
    return Telling.TOLD


def shown_state(case: Application) -> CaseState:
    """Where the case stands to its applicant; what is not told yet is being dealt with."""
    is_told = telling(case) == Telling.TOLD
    return CaseState(case.state) if is_told else CaseState.RECOMMENDED


@transaction.atomic
def open_decision(case: Application, *, by: User, at: datetime) -> None:
    """The applicant opens the decision, and with it the letter that tells it.

    Letters are locked before the case (hands.py, ``lock_process``).
    """
    letters = Letter.objects.on_the_case().filter(application=case, opened_at=None)
    for letter in letters.filter(entry__event__in=DECIDING).defer("facts").order_by("pk"):
        open_letter(letter, by=by, at=at)
    award.open_decision(case, by=by, at=at)


def check_told(case: Application) -> None:
    """Raise WrongState, without a word of where the case stands, until its decision is opened."""
    if telling(case) != Telling.TOLD:
        raise WrongState(_("Det kan ikke gøres lige nu. Her kan du se, hvor sagen er."))
