"""May this person do this verb to this case? ``check_may`` raises the sentence, ``may`` asks."""

from collections.abc import Iterable, Sequence

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, Model
from django.utils.translation import gettext as _

from pulje.enums import AssessmentState, PaymentState, Role
from pulje.errors import NotAllowed, PuljeError, WrongState
from pulje.models import Application, ConflictOfInterest, Membership, User
from pulje.states import STEPS, CaseState, Verb

# Verbs beside the case's own table: who may do them at all.
OTHER_VERBS: dict[str, frozenset[Role]] = {
    "see_case": frozenset({Role.CASE_WORKER, Role.LEADER, Role.FINANCE}),
    "see_meeting": frozenset(
        {Role.CASE_WORKER, Role.LEADER, Role.COMMITTEE_MEMBER, Role.SECRETARY}
    ),
    "prepare_meeting": frozenset({Role.CASE_WORKER, Role.SECRETARY}),
    "close_meeting": frozenset({Role.SECRETARY}),
    "write_note": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "assign": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "confirm_right": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "answer_change": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "propose_payment": frozenset({Role.CASE_WORKER, Role.FINANCE}),
    "approve_payment": frozenset({Role.FINANCE, Role.LEADER}),
    "export_payment": frozenset({Role.FINANCE}),
    "confirm_payment": frozenset({Role.FINANCE}),
    "approve_letter": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "see_letters": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "propose_claim": frozenset({Role.CASE_WORKER}),
    "approve_claim": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "set_frame": frozenset({Role.LEADER, Role.ADMINISTRATOR}),
    "edit_form": frozenset({Role.CASE_WORKER, Role.LEADER, Role.ADMINISTRATOR}),
    "edit_pool": frozenset({Role.CASE_WORKER, Role.LEADER, Role.ADMINISTRATOR}),
    "publish_pool": frozenset({Role.LEADER, Role.ADMINISTRATOR}),
    "check_case": frozenset({Role.CASE_WORKER}),
    "extend_deadline": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "move_pool": frozenset({Role.CASE_WORKER}),
    "merge_applicants": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "make_scenario": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "choose_scenario": frozenset({Role.CASE_WORKER}),
    "receive_appeal": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "assess_appeal": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "answer_appeal": frozenset({Role.LEADER, Role.SECRETARY}),
    "tell_tie": frozenset(
        {Role.CASE_WORKER, Role.LEADER, Role.FINANCE, Role.COMMITTEE_MEMBER, Role.SECRETARY}
    ),
}

# Verbs that bind the applicant: only a person with the right to act may do them.
BINDING = frozenset({Verb.SUBMIT, Verb.ACCEPT, Verb.DECLINE, Verb.WITHDRAW})
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
    check_role(user, step.who)
    check_not_disqualified(user, application)
    if verb == Verb.RECORD_ASSESSMENT:
        _check_reviewer(user, application)


def _where_it_stands(who: frozenset[Role], application: Application) -> str:
    """The applicant's verbs are refused in the applicant's words, on the case's own page."""
    if Role.APPLICANT in who:
        state = application.public_state
        return _("Det kan ikke gøres nu. Sagen står som ”%(state)s”.") % {"state": state}
    return _(
        "Det kan ikke gøres nu. Sagen står som ”%(state)s”. Genindlæs siden for at se den."
    ) % {"state": CaseState(application.state).label}


def check_may_many(user: User, verb: Verb, applications: Sequence[Application]) -> None:
    """``check_may`` on a set, for verbs of the house; two queries, and every case is named."""
    step = STEPS[verb]
    moved = [a.number for a in applications if CaseState(a.state) not in step.sources]
    if moved:
        raise WrongState(_("Sagerne er allerede behandlet eller ikke klar: %s.") % ", ".join(moved))
    check_role(user, step.who)
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


def disqualified(
    users: Iterable[User], applications: Iterable[Application]
) -> set[tuple[int, int]]:
    """Who is disqualified where, as (user id, case id): declared, or a member of the applicant.

    Two queries. Source: forvaltningsloven § 3, stk. 1, nr. 1 and 3 (own interest, leadership), § 6.
    """
    users, cases = list(users), {a.pk: a.applicant_id for a in applications}
    declared = ConflictOfInterest.objects.filter(user__in=users, application__in=list(cases))
    rows = Membership.objects.active().filter(user__in=users, applicant__in=set(cases.values()))
    members = set(rows.values_list("user_id", "applicant_id"))
    own = {(user, case) for user, who in members for case, its in cases.items() if who == its}
    return own | set(declared.values_list("user_id", "application_id"))


def check_not_disqualified(user: User, application: Application) -> None:
    """Raise NotAllowed when the person is disqualified in this case.

    Source: forvaltningsloven §§ 3-6.
    """
    if disqualified([user], [application]):
        raise NotAllowed(
            _("Du er inhabil i sagen og kan hverken læse vurderingen eller behandle den.")
        )


def check_none_disqualified(user: User, applications: Sequence[Application]) -> None:
    """Raise NotAllowed with the number of each case in which the person is disqualified.

    Source: forvaltningsloven §§ 3-6.
    """
    out = {case for _user, case in disqualified([user], applications)}
    locked = sorted(a.number for a in applications if a.pk in out)
    if locked:
        raise NotAllowed(_("Du er inhabil i %s.") % ", ".join(locked))


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

    An applicant's verb is a permission on one case: it is had through membership, never by role.
    """

    def has_perm(self, user_obj: User | AnonymousUser, perm: str, obj: Model | None = None) -> bool:
        app, _dot, verb = perm.partition(".")
        if app != "pulje" or not isinstance(user_obj, User) or not user_obj.is_active:
            return False
        roles = OTHER_VERBS.get(verb) or (
            STEPS[Verb(verb)].who if verb in Verb.values else frozenset()
        )
        if isinstance(obj, Application) and Role.APPLICANT in roles:
            return is_member(user_obj, obj, binding=verb in BINDING)
        return any(role in roles for role in user_obj.roles)
