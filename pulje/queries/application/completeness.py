"""What a draft lacks before it can be sent, and which of the pool's hard rules it breaks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from pulje.enums import ApplicantKind, AttachmentKind, QuestionKind
from pulje.models import Application, Identity, PoolVersion
from pulje.models.user import reaches
from pulje.queries.application.attachments import demanded
from pulje.queries.application.budget import bounds_of, posts, what_is_wrong
from pulje.queries.application.questions import control_id, questions_of, unanswered
from pulje.rules.eligibility import (
    Facts,
    Limits,
    Member,
    problems,
    why_network_may_not,
    why_person_may_not,
)

LATEST_MONTHS_TO_START = 12
WHO, IDEA, BUDGET, ATTACHMENTS, REVIEW = "who", "idea", "budget", "attachments", "review"


@dataclass(frozen=True)
class Lack:
    """One thing to mend: the step and the field where it is done, and the sentence that says it.

    ``field`` is the id of the control on the step's page; empty when there is none.
    """

    step: str
    field: str
    sentence: str


def lacks(application: Application, on: date) -> tuple[Lack, ...]:
    """Everything missing or against the pool's rules if it were sent that day, step by step.

    A handful of queries, whatever the number of rows.
    """
    broken = _broken(application, on)
    return (
        *_who(application, broken["applicant"], on),
        *_idea(application, broken),
        *_budget(application),
        *_attachments(application),
    )


def broken_rules(application: Application, version: PoolVersion, on: date) -> list[str]:
    """The hard rules of a version, maybe another pool's, that are broken; no query."""
    found = problems(_facts(application, on), _limits(version))
    return [_(why.sentence) % {"number": why.number} for said in found.values() for why in said]


def _broken(application: Application, on: date) -> dict[str, list[str]]:
    """The pool's hard rules that are broken, as sentences, by what they are about."""
    found = problems(_facts(application, on), _limits(application.version))
    return {
        topic: [_(why.sentence) % {"number": why.number} for why in said]
        for topic, said in found.items()
    }


def _who(application: Application, broken: list[str], on: date) -> Iterator[Lack]:
    yield from (Lack(WHO, "", sentence) for sentence in broken)
    if sentence := _why_people_may_not(application, on):
        yield Lack(WHO, "", _(sentence))
    if not application.contact_name:
        yield Lack(WHO, "id_contact_name", _("Skriv, hvem vi kan kontakte."))
    if not (application.contact_email and reaches(application.contact_email)):
        yield Lack(WHO, "id_contact_email", _("Skriv kontaktpersonens e-mail."))


def _why_people_may_not(application: Application, on: date) -> str:
    applicant = application.applicant
    if applicant.kind not in (ApplicantKind.INFORMAL_GROUP, ApplicantKind.INDIVIDUAL):
        return ""
    seats = applicant.memberships.active().select_related("user").order_by("pk")
    identity = Identity.objects.filter(user=OuterRef("user"))
    people = list(seats.annotate(is_identified=Exists(identity)))
    if applicant.kind == ApplicantKind.INFORMAL_GROUP:
        return why_network_may_not(
            (Member(seat.is_identified, seat.user.born_on) for seat in people), on
        )
    has_consent = application.guardian_consents.filter(is_given=True).exists()
    born_on = min((seat.user.born_on for seat in people if seat.user.born_on), default=None)
    return why_person_may_not(born_on, on, has_consent=has_consent)


def _idea(application: Application, broken: dict[str, list[str]]) -> Iterator[Lack]:
    one = application.applicant.is_one_person
    wanted = {
        "title": (_("Giv projektet en titel."), "id_title"),
        "summary": (_("Fortæl kort, hvad projektet går ud på."), "id_summary"),
        "description": (
            _("Skriv, hvad du vil gøre.") if one else _("Skriv, hvad I vil gøre."),
            "id_description",
        ),
        "target_group": (_("Vælg, hvem det er for."), "id_target_group_0"),
        "starts_on": (_("Skriv, hvornår det begynder."), "id_starts_on"),
        "ends_on": (_("Skriv, hvornår det slutter."), "id_ends_on"),
        "supplements_paid_work": (
            _("Sæt kryds ved, at de frivillige supplerer og ikke erstatter lønnet arbejde."),
            "id_supplements_paid_work",
        ),
    }
    missing = {name for name in wanted if not getattr(application, name)}
    yield from (Lack(IDEA, wanted[name][1], wanted[name][0]) for name in wanted if name in missing)
    if not missing & {"starts_on", "ends_on"}:
        yield from (Lack(IDEA, "id_starts_on", sentence) for sentence in broken["time"])
    if "supplements_paid_work" not in missing:
        yield from (Lack(IDEA, "id_description", sentence) for sentence in broken["purpose"])
    yield from _partners(application)
    yield from _questions(application)


def _partners(application: Application) -> Iterator[Lack]:
    partners = list(application.partners.order_by("position"))
    if application.version.needs_partner and not partners:
        yield Lack(IDEA, "id_partner-0-name", _("Skriv, hvem projektet laves sammen med."))
    for number, partner in enumerate(partners):
        if partner.is_municipal and not partner.leader_email:
            sentence = _("Skriv e-mailen på lederen af %s, så vi kan bede om et ja.") % partner.name
            yield Lack(IDEA, f"id_partner-{number}-leader_email", sentence)


def _questions(application: Application) -> Iterator[Lack]:
    """A FILE is answered on the page of attachments, all else with the idea."""
    asked = questions_of(application.version)
    if not asked:
        return
    files = set(application.attachments.exclude(question="").values_list("question", flat=True))
    for question in unanswered(asked, application.answers, files | {*application.attachment_notes}):
        step = ATTACHMENTS if question.kind == QuestionKind.FILE else IDEA
        yield Lack(step, control_id(question), _("Svar på ”%s”.") % question.label)


def _budget(application: Application) -> Iterator[Lack]:
    found = posts(application.budget_lines.order_by("position"))
    requested = application.requested_kr or Decimal(0)
    for sentence in what_is_wrong(found, bounds_of(application.version), requested):
        yield Lack(BUDGET, "id_EXPENSE-0-text", sentence)


def _attachments(application: Application) -> Iterator[Lack]:
    wanted = demanded(application)
    if not wanted:
        return
    sentences = {
        AttachmentKind.BYLAWS: _("Vedlæg vedtægterne, eller skriv, at de kommer senere."),
        AttachmentKind.ACCOUNTS: _(
            "Vedlæg det seneste regnskab, eller skriv, at det kommer senere."
        ),
    }
    there = set(application.attachments.values_list("kind", flat=True))
    there |= {kind for kind, note in application.attachment_notes.items() if note}
    for kind in wanted:
        if kind not in there:
            yield Lack(ATTACHMENTS, f"id_{kind.lower()}", sentences[kind])


def _facts(application: Application, on: date) -> Facts:
    return Facts(
        applicant_kind=application.applicant.kind,
        starts_on=application.starts_on or on,
        ends_on=application.ends_on or on,
        received_on=on,
        supplements_paid_work=application.supplements_paid_work,
        has_cvr=bool(application.applicant.cvr),
        benefits_many=True,
    )


def _limits(version: PoolVersion) -> Limits:
    kinds = frozenset(version.applicant_kinds)
    return Limits(kinds, latest_months_to_start=LATEST_MONTHS_TO_START)
