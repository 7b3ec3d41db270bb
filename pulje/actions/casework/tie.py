"""The register of posts and ties, and what a tie means in one case."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.casework.assessment import give_up
from pulje.actions.journal import note_down
from pulje.actions.state import lock
from pulje.enums import Role
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Application, ImpartialityStatement, JournalEntry, Tie, User
from pulje.permissions import (
    check_impartial,
    check_other,
    check_role,
    disqualified,
    unresolved_ties,
)
from pulje.queries.casework.impartiality import in_words
from pulje.rules.texts import is_blank


@transaction.atomic
def tell_tie(
    user: User,
    *,
    by: User,
    name: str,
    relation: str,
    cvr: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Tie:
    """Write down a post or a tie; the same again changes nothing.

    Raises NotAllowed to others than the person itself and a leader, RuleBroken without a name or a
    relation, and for days in the wrong order.
    Source: forvaltningsloven § 6, stk. 1 (the duty to tell).
    """
    _check_whose(user, by)
    if is_blank(name) or is_blank(relation):
        raise RuleBroken(_("Skriv, hvem du har en tilknytning til, og hvad du er der."))
    _check_days(since, until)
    tie, _is_new = Tie.objects.get_or_create(
        user=user, name=name.strip(), relation=relation.strip(), cvr=cvr, since=since, until=until
    )
    return tie


@transaction.atomic
def end_tie(tie: Tie, *, by: User, until: date | None) -> Tie:
    """Say when the tie ended or ends; None: it goes on. A tie is never deleted.

    Raises NotAllowed to others than the person itself and a leader, RuleBroken before its start.
    """
    _check_whose(tie.user, by)
    _check_days(tie.since, until)
    tie.until = until
    tie.save(update_fields=["until"])
    return tie


@transaction.atomic
def declare_impartial(
    application: Application, *, by: User, at: datetime, reason: str
) -> JournalEntry | None:
    """Say why a tie that touches the case does not disqualify; it opens the case.

    Saying it again changes nothing (None). Raises RuleBroken without a reason, NotAllowed to the
    disqualified, WrongState when there is no tie to say anything about.
    Source: forvaltningsloven § 3, stk. 2 (no disqualification where the interest cannot matter).
    """
    application = lock(application)
    if disqualified([by], [application]):
        raise NotAllowed(_("Du er inhabil i sagen."))
    ties = unresolved_ties([by], [application]).get((by.pk, application.pk), ())
    if not ties:
        if application.impartiality_statements.filter(user=by).exists():
            return None
        raise WrongState(_("Der er ingen tilknytning at tage stilling til."))
    if is_blank(reason):
        raise RuleBroken(_("Skriv, hvorfor du ikke er inhabil."))
    told = "; ".join(in_words(tie) for tie in ties)[:300]
    ImpartialityStatement.objects.create(
        application=application, user=by, tie=told, reason=reason.strip()[:300], stated_at=at
    )
    facts = {"tie": told, "reason": f"{told} – {reason.strip()}"}
    return note_down(application, "impartial", by=by, at=at, data=facts)


@transaction.atomic
def disqualify(
    application: Application,
    *,
    by: User,
    at: datetime,
    person: User,
    reason: str,
    to: User | None = None,
) -> JournalEntry | None:
    """Lock a person out of the case; ``to`` takes over what the person had to do there.

    Without ``to`` nobody has the case, and an open assessment counts as abstained. Returns the
    last line, None when it is said already.

    Source: forvaltningsloven §§ 3-6 (inhabilitet; duty to tell, § 6 stk. 1).
    Raises NotAllowed to somebody without a task here, and to others than the person itself,
    a leader and the secretary; NotAllowed or RuleBroken when ``to`` cannot have the case.
    """
    _check_may_disqualify(by, person)
    application = lock(application)
    said = {"reason": reason, "declared_at": at, "declared_by": by}
    _row, is_new = application.conflicts.get_or_create(user=person, defaults=said)
    if application.caseworker == person:
        _pass_on(application, to, by=by, at=at)
    entry = None
    if is_new:
        why = reason if person == by else f"{person.name}: {reason}"
        data = {"person": person.pk, "reason": why}
        entry = note_down(application, "disqualified", by=by, at=at, data=data)
    return give_up(application, by=by, at=at, person=person, to=to) or entry


def _check_may_disqualify(by: User, person: User) -> None:
    if not by.roles:
        raise NotAllowed(_("Kun medarbejdere og udvalgsmedlemmer kan melde inhabilitet."))
    if by != person and not by.has_role(Role.LEADER, Role.SECRETARY):
        raise NotAllowed(_("Kun lederen, formanden eller sekretæren kan melde en anden inhabil."))


def _pass_on(application: Application, to: User | None, *, by: User, at: datetime) -> None:
    if to is not None:
        check_role(to, frozenset({Role.CASE_WORKER}))
        check_impartial(to, application)
    application.caseworker = to
    application.save(update_fields=["caseworker"])
    if to is not None:
        note_down(application, "assigned", by=by, at=at, data={"to": to.pk})


def _check_whose(user: User, by: User) -> None:
    check_other(by, "tell_tie")
    if user != by and not by.has_role(Role.LEADER):
        raise NotAllowed(_("Du kan kun skrive dine egne poster. En leder kan skrive andres."))


def _check_days(since: date | None, until: date | None) -> None:
    if since and until and until < since:
        raise RuleBroken(_("Tilknytningen kan ikke slutte, før den begynder."))
