"""May this person do this verb to this case? ``check_may`` raises the sentence, ``may`` asks."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Exists, Model, OuterRef, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.enums import AssessmentState, PaymentState, Role
from pulje.errors import NotAllowed, PuljeError, TieUntold, WrongState
from pulje.models import (
    Application,
    ConflictOfInterest,
    ConflictQuestion,
    ImpartialityStatement,
    Membership,
    Partner,
    Tie,
    User,
)
from pulje.rules.impartiality import matches
from pulje.states import OTHER_VERBS, STEPS, CaseState, Verb

# Verbs that bind the applicant: only a person with the right to act may do them.
Pair = tuple[int, int]  # user id, case id
BINDING = frozenset({Verb.SUBMIT, Verb.ACCEPT, Verb.DECLINE, Verb.WITHDRAW})
_CAN_LOG_IN = (
    "Det kan du ikke gøre. Ansøgeren kan selv logge ind og gøre det på sagen. Hjælp gerne i"
    " telefonen (forvaltningsloven § 7)."
)
# where a person says what a tie means for a case; a path, for this package knows no pages
IMPARTIALITY_PAGE = "/sag/%d/habilitet/"
_SEATS = Membership.objects.active().filter(applicant=OuterRef("applicant")).order_by("pk")
_PARTNERS = Partner.objects.filter(application=OuterRef("pk")).order_by("pk")
# whom a case is about, beside the applicant: columns for a query on Application
PARTIES = {
    "member_names": ArraySubquery(_SEATS.values("user__name")),
    "partner_names": ArraySubquery(_PARTNERS.values("name")),
    "leader_names": ArraySubquery(_PARTNERS.values("leader_name")),
}
PAYMENT_OPEN = (PaymentState.PROPOSED, PaymentState.APPROVED, PaymentState.EXPORTED)


def check_may(user: User | None, verb: Verb, application: Application) -> None:
    """Promise that ``user`` may do ``verb`` to the case as it stands; ``None`` is the clock.

    Raises WrongState when the verb does not begin in the case's state, NotAllowed when the person
    lacks the role, the membership or the right to act, or is disqualified
    (Source: forvaltningsloven §§ 3-6).
    """
    step = STEPS[verb]
    if CaseState(application.state) not in step.sources:
        raise WrongState(_where_it_stands(step.who, application))
    if user is None:
        if Role.SYSTEM not in step.who:
            raise NotAllowed(_("Det kan systemet ikke gøre af sig selv."))
        return
    if Role.APPLICANT in step.who and is_member(user, application, binding=verb in BINDING):
        return
    if step.is_keyed and user.has_role(Role.CASE_WORKER):
        _check_nobody_acts(application, binding=verb in BINDING)
    else:
        check_role(user, step.who)
    check_not_disqualified(user, application)
    if verb == Verb.RECORD_ASSESSMENT:
        _check_reviewer(user, application)


def somebody_acts(application: Application, *, binding: bool = False) -> bool:
    """True when somebody of the applicant can log in and answer; ``binding``: and act for it."""
    acting = Membership.objects.acting(binding=binding)
    return Application.objects.filter(acting, pk=application.pk).exists()


def check_may_key_in(user: User, application: Application, *, binding: bool) -> None:
    """Promise that ``user`` may key in for the applicant what is no row of the table.

    Raises NotAllowed to others than case workers, to the disqualified, and where somebody of the
    applicant can log in; ``binding``: and act for it.
    """
    check_other(user, "key_in")
    _check_nobody_acts(application, binding=binding)
    check_not_disqualified(user, application)


def _check_nobody_acts(application: Application, *, binding: bool) -> None:
    """What the applicant can do is not done for them; a draft is their own.

    Source: forvaltningsloven §§ 7 and 8 (the house guides; a party chooses who speaks for it).
    """
    is_draft = application.submitted_at is None
    if is_draft or somebody_acts(application, binding=binding):
        raise NotAllowed(_CAN_LOG_IN)


def _where_it_stands(who: frozenset[Role], application: Application) -> str:
    """The applicant's verbs are refused in the applicant's words, on the case's own page."""
    if Role.APPLICANT in who:
        state = application.public_state
        return _("Det kan ikke gøres nu. Sagen står som ”%(state)s”.") % {"state": state}
    return _(
        "Det kan ikke gøres nu. Sagen står som ”%(state)s”. Genindlæs siden for at se den."
    ) % {"state": CaseState(application.state).label}


def check_may_many(
    user: User,
    verb: Verb,
    applications: Sequence[Application],
    *,
    roles: frozenset[Role] = frozenset(),
) -> None:
    """``check_may`` on a set, for verbs of the house; two queries, and every case is named.

    ``roles``: who may, where it is not those of the table.
    """
    step = STEPS[verb]
    moved = [a.number for a in applications if CaseState(a.state) not in step.sources]
    if moved:
        raise WrongState(_("Sagerne er allerede behandlet eller ikke klar: %s.") % ", ".join(moved))
    check_role(user, roles or step.who)
    check_none_disqualified(user, applications)


def check_role(user: User, roles: frozenset[Role]) -> None:
    """Raise NotAllowed with the names of the roles that may."""
    if user.is_active and any(role in roles for role in user.roles):
        return
    names = ", ".join(sorted(role.label.lower() for role in roles if role != Role.SYSTEM))
    raise NotAllowed(_("Det kan du ikke gøre. Det kan kun: %(names)s.") % {"names": names})


def check_other(user: User, verb: str) -> None:
    """Raise NotAllowed unless the person's role may do this verb beside the case table."""
    check_role(user, OTHER_VERBS[verb])


def disqualified(users: Iterable[User], applications: Iterable[Application]) -> set[Pair]:
    """Who is disqualified where, as (user id, case id): declared, or a member of the applicant.

    So is whom the committee has been asked about, until it has answered. Two queries.
    Source: forvaltningsloven § 3, stk. 1, nr. 1 and 3 (own interest, leadership), § 6.
    """
    out, _asked = disqualified_and_asked(users, applications)
    return out


def disqualified_and_asked(
    users: Iterable[User], applications: Iterable[Application]
) -> tuple[set[Pair], set[Pair]]:
    """``disqualified``, and those of them of whom it is only asked; two queries."""
    users, cases = list(users), {a.pk: a.applicant_id for a in applications}
    declared = ConflictOfInterest.objects.filter(user__in=users, application__in=list(cases))
    asked = ConflictQuestion.objects.filter(person__in=users, application__in=list(cases))
    told = declared.values_list("user_id", "application_id", Value(False)).union(
        asked.filter(settled_at=None).values_list("person_id", "application_id", Value(True))
    )
    rows = Membership.objects.active().filter(user__in=users, applicant__in=set(cases.values()))
    members = set(rows.values_list("user_id", "applicant_id"))
    own = {(user, case) for user, who in members for case, its in cases.items() if who == its}
    said = list(told)
    out = own | {(user, case) for user, case, _is_asked in said}
    return out, {(user, case) for user, case, is_asked in said if is_asked}


def touching(ties: Iterable[Tie], case: Any) -> tuple[Tie, ...]:
    """Those of the ties that touch the case today; it was read with ``PARTIES`` and applicant."""
    names = {case.applicant.name, case.contact_name}
    names.update(case.member_names, case.partner_names, case.leader_names)
    cvrs = frozenset({case.applicant.cvr})
    return matches(ties, cvrs=cvrs, names=frozenset(names), on=timezone.localdate())


def unresolved_ties(
    users: Iterable[User], applications: Iterable[Application]
) -> dict[Pair, tuple[Tie, ...]]:
    """The ties that touch a case and that nobody has said a word about, by (user id, case id).

    One query when nobody has a tie today, else three, whatever the number of people and cases.
    Source: forvaltningsloven §§ 3-6 (§ 6 stk. 1: who may be disqualified must tell).
    """
    told: dict[int, list[Tie]] = {}
    rows = Tie.objects.valid_on(timezone.localdate()).filter(user__in=list(users))
    for tie in rows.order_by("pk"):
        told.setdefault(tie.user_id, []).append(tie)
    if not told:
        return {}
    keys = (
        list(applications.order_by().values_list("pk", flat=True))
        if isinstance(applications, QuerySet)
        else [case.pk for case in applications]
    )
    wanted = Application.objects.filter(pk__in=keys)
    read = wanted.select_related("applicant").annotate(**PARTIES)
    cases = list(read.only("contact_name", "applicant__name", "applicant__cvr"))
    found = {
        (user, case.pk): touched
        for user, ties in told.items()
        for case in cases
        if (touched := touching(ties, case))
    }
    said = _said(found) if found else set()
    return {pair: ties for pair, ties in found.items() if pair not in said}


def _said(pairs: Iterable[Pair]) -> set[Pair]:
    """Who has declared themselves disqualified, or not, in which case."""
    people, cases = {user for user, _case in pairs}, {case for _user, case in pairs}
    columns = ("user_id", "application_id")
    within = {"user__in": people, "application__in": cases}
    conflicts = ConflictOfInterest.objects.filter(**within).values_list(*columns)
    statements = ImpartialityStatement.objects.filter(**within).values_list(*columns)
    return set(conflicts.union(statements))


def shut_out(users: Iterable[User], applications: Iterable[Application]) -> set[Pair]:
    """Who takes no part where: the disqualified, and who has yet to say what a tie means."""
    users, applications = list(users), list(applications)
    return disqualified(users, applications) | set(unresolved_ties(users, applications))


def hidden_from(user: User, cases: Collection[Application] | QuerySet[Application]) -> set[int]:
    """Those of the cases whose points, amounts and papers are no business of this person's.

    The same as ``shut_out`` of one person, for lists: one query when the person has no ties.
    Source: forvaltningsloven §§ 3-6.
    """
    if not isinstance(cases, QuerySet) and not cases:
        return set()
    seats = Membership.objects.active().filter(user=user)
    own = Application.objects.filter(applicant__in=seats.values("applicant"))
    told = Tie.objects.valid_on(timezone.localdate()).filter(user=user)
    nobody = Value(None, output_field=BigIntegerField())  # stands for a tie
    declared = ConflictOfInterest.objects.filter(user=user).values_list("application_id")
    asked = ConflictQuestion.objects.filter(person=user, settled_at=None)
    found = declared.union(
        own.values_list("pk"), told.values_list(nobody), asked.values_list("application_id")
    )
    keys = {key for (key,) in found}
    mine = keys - {None}
    if isinstance(cases, QuerySet):
        mine &= set(cases.filter(pk__in=mine).values_list("pk", flat=True)) if mine else mine
    else:
        mine &= {case.pk for case in cases}
    if None in keys:
        mine |= {case for _user, case in unresolved_ties([user], cases)}
    return mine


def check_not_disqualified(user: User, application: Application) -> None:
    """Raise NotAllowed when the person is disqualified in this case, or has yet to say so or not.

    Source: forvaltningsloven §§ 3-6.
    """
    out, asked = disqualified_and_asked([user], [application])
    if out:
        if asked:
            raise NotAllowed(_("Udvalget har ikke afgjort endnu, om du er inhabil i sagen."))
        raise NotAllowed(
            _("Du er inhabil i sagen og kan hverken læse vurderingen eller behandle den.")
        )
    if unresolved_ties([user], [application]):
        sentence = _(
            "Du har oplyst en tilknytning, der kan gøre dig inhabil i sagen."
            " Tag stilling til den først: %s"
        )
        raise TieUntold(sentence % (IMPARTIALITY_PAGE % application.pk), application.pk)


def check_impartial(person: User, application: Application) -> None:
    """Raise NotAllowed when somebody else cannot be given a task in the case.

    Source: forvaltningsloven §§ 3-6.
    """
    out, asked = disqualified_and_asked([person], [application])
    if asked:
        raise NotAllowed(_("Udvalget har ikke afgjort, om %s er inhabil i sagen.") % person.name)
    if out:
        raise NotAllowed(_("%s er inhabil i sagen.") % person.name)
    if unresolved_ties([person], [application]):
        raise NotAllowed(
            _("%s skal først tage stilling til, om en tilknytning gør inhabil i sagen.")
            % person.name
        )


def check_none_disqualified(user: User, applications: Sequence[Application]) -> None:
    """Raise NotAllowed with the number of each case in which the person is disqualified.

    Source: forvaltningsloven §§ 3-6.
    """
    out, asked = disqualified_and_asked([user], applications)
    if unsettled := sorted(a.number for a in applications if (user.pk, a.pk) in asked):
        raise NotAllowed(
            _("Udvalget har ikke afgjort endnu, om du er inhabil i %s.") % ", ".join(unsettled)
        )
    if locked := sorted(a.number for a in applications if (user.pk, a.pk) in out):
        raise NotAllowed(_("Du er inhabil i %s.") % ", ".join(locked))
    tied = {case for _user, case in unresolved_ties([user], applications)}
    if waiting := sorted(a.number for a in applications if a.pk in tied):
        raise NotAllowed(
            _("Åbn sagen, og tag stilling til, om din tilknytning gør dig inhabil: %s.")
            % ", ".join(waiting)
        )


def is_member(user: User, application: Application, *, binding: bool = False) -> bool:
    """True when the person may follow the case as applicant; ``binding``: and act for it."""
    if not user.is_active:
        return False
    followed = Application.objects.of_person(user).filter(pk=application.pk)
    if binding:
        signing = Membership.objects.signing().filter(user=user, applicant=application.applicant_id)
        followed = followed.filter(Exists(signing))
    return followed.exists()


def check_identified(user: User) -> None:
    """Raise NotAllowed unless the person has logged in with an identity, as what binds demands."""
    if not user.identities.exists():
        raise NotAllowed(_("Log ind med MitID først. Så ved vi, hvem der binder jer."))


def check_see(user: User, application: Application) -> None:
    """Raise NotAllowed unless the person may open the case at all."""
    if is_member(user, application):
        return
    check_role(user, OTHER_VERBS["see_case"])


def _check_reviewer(user: User, application: Application) -> None:
    mine = application.assessments.filter(reviewer=user)
    if not mine.exists():
        raise NotAllowed(_("Du er ikke sat til at vurdere sagen."))
    if not mine.filter(state=AssessmentState.OPEN).exists():
        raise WrongState(_("Du har allerede afgivet din vurdering."))


def may(user: User | None, verb: Verb, application: Application) -> bool:
    """True when ``check_may`` would not object."""
    return why_not(user, verb, application) == ""


def why_not(user: User | None, verb: Verb, application: Application) -> str:
    """The sentence that refuses, or an empty string."""
    try:
        check_may(user, verb, application)
    except PuljeError as refusal:
        return refusal.sentence
    return ""


class RoleBackend(BaseBackend):
    """Answers ``user.has_perm("pulje.<verb>")`` from the same tables, for viewflow's tasks.

    An applicant's verb is a permission on one case: it is had through membership; by role only
    where nobody of the applicant can log in.
    """

    def has_perm(self, user_obj: User | AnonymousUser, perm: str, obj: Model | None = None) -> bool:
        app, _dot, verb = perm.partition(".")
        if app != "pulje" or not isinstance(user_obj, User) or not user_obj.is_active:
            return False
        roles = OTHER_VERBS.get(verb) or (
            STEPS[Verb(verb)].who if verb in Verb.values else frozenset()
        )
        if isinstance(obj, Application) and Role.APPLICANT in roles:
            is_own = is_member(user_obj, obj, binding=verb in BINDING)
            return is_own or user_obj.has_role(Role.CASE_WORKER) and may(user_obj, Verb(verb), obj)
        return any(role in roles for role in user_obj.roles)
