"""A guardian's consent to the application of somebody who is 15-17 years old.

Source: værgemålsloven §§ 1 and 42 (minors act with consent).
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pulje.actions.application.application import check_open_to
from pulje.actions.journal import note_down
from pulje.enums import ApplicantKind
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Application, GuardianConsent, User
from pulje.states import CaseState

OWN_EMAIL = gettext_lazy("Skriv værgens e-mail, ikke din egen.")
NOT_YOURSELF = gettext_lazy("Log af først: samtykket skal gives af forælderen eller værgen selv.")
OWN_NAME = gettext_lazy("Skriv værgens navn, ikke dit eget.")


def is_one_of(said: str, known: Iterable[str]) -> bool:
    """The same address or name, however it is written; nothing is never the same."""
    same = " ".join(said.casefold().split())
    return bool(same) and same in (" ".join(one.casefold().split()) for one in known)


def is_the_young(user: User | None, consent: GuardianConsent) -> bool:
    """True for everybody who is with the applicant: none of them answers for the guardian."""
    if user is None:
        return False
    return consent.application.applicant.memberships.active().filter(user=user).exists()


@transaction.atomic
def ask_guardian(
    application: Application, *, by: User, at: datetime, name: str, email: str
) -> GuardianConsent | None:
    """Whom to ask; the mail is the caller's. None when the same guardian is asked already.

    Another guardian replaces the one before and what they answered. Raises RuleBroken for others
    than single persons and for one's own address or name.
    """
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    check_open_to(by, application)
    if application.applicant.kind != ApplicantKind.INDIVIDUAL:
        raise RuleBroken(_("Kun en, der søger for sig selv, har brug for en værges samtykke."))
    applicant = application.applicant
    if is_one_of(email, [by.email, applicant.email, application.contact_email]):
        raise RuleBroken(OWN_EMAIL)
    if is_one_of(name, [by.name, applicant.name]):
        raise RuleBroken(OWN_NAME)
    known = application.guardian_consents.first()
    if known is not None and known.email.lower() == email.lower():
        if known.name != name:
            known.name = name
            known.save(update_fields=["name"])
        return None
    application.guardian_consents.all().delete()
    consent = GuardianConsent.objects.create(
        application=application, name=name, email=email, asked_at=at
    )
    note_down(application, "guardian_asked", by=by, at=at, data={"consent": consent.pk})
    return consent


@transaction.atomic
def answer_guardian(
    consent: GuardianConsent, *, by: User | None, at: datetime, is_given: bool
) -> GuardianConsent:
    """The guardian's yes or no by the mailed link, changeable until the application is sent.

    ``by`` is who is logged in, if anybody. The same answer twice is harmless; WrongState when it
    is sent, NotAllowed to everybody who is with the applicant.
    """
    Application.objects.select_for_update().get(pk=consent.application_id)
    consent = GuardianConsent.objects.select_related("application__applicant").get(pk=consent.pk)
    if is_the_young(by, consent):
        raise NotAllowed(NOT_YOURSELF)
    if consent.answered_at is not None and consent.is_given == is_given:
        return consent
    if consent.application.state != CaseState.DRAFT:
        raise WrongState(_("Ansøgningen er sendt, så svaret kan ikke ændres her. Ring til os."))
    consent.answered_at, consent.is_given = at, is_given
    consent.save(update_fields=["answered_at", "is_given"])
    event = "guardian_consented" if is_given else "guardian_refused"
    note_down(consent.application, event, by=None, at=at, data={"consent": consent.pk})
    return consent
