"""Signing where the applicant's rule is that two must: the first signs, the last one sends."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.journal import note_down
from pulje.actions.state import lock
from pulje.enums import SignatureKind
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import Application, Signature, SignatureReturn, User
from pulje.permissions import check_identified, check_may, is_member
from pulje.queries.application.completeness import lacks
from pulje.queries.application.signature import digest, signatures
from pulje.rules.texts import is_blank
from pulje.states import Verb

VERBS = {
    SignatureKind.APPLICATION: Verb.SUBMIT,
    SignatureKind.REPORT: Verb.SUBMIT_REPORT,
}


@transaction.atomic
def sign(
    application: Application,
    *,
    by: User,
    at: datetime,
    kind: SignatureKind = SignatureKind.APPLICATION,
) -> Signature:
    """Sign the text as it stands; the same text twice is one signature.

    Raises NotAllowed unless the person may bind the applicant and has logged in with MitID,
    WrongState when it is not the time, RuleBroken when an application is not complete.
    """
    application = lock(application)
    _check_signer(application, by, kind)
    if kind == SignatureKind.APPLICATION:
        check_complete(application, at)
    signature, is_new = Signature.objects.get_or_create(
        application=application,
        kind=kind,
        digest=digest(application, kind),
        user=by,
        defaults={"signed_at": at},
    )
    if is_new:
        note_down(application, "signed", by=by, at=at, data={"kind": kind})
    return signature


@transaction.atomic
def give_back(
    application: Application,
    *,
    by: User,
    at: datetime,
    comment: str,
    kind: SignatureKind = SignatureKind.APPLICATION,
) -> SignatureReturn:
    """Do not sign: say what should be mended. The signatures so far are void.

    Raises what ``sign`` raises, and RuleBroken without a comment.
    """
    application = lock(application)
    _check_signer(application, by, kind)
    if is_blank(comment):
        raise RuleBroken(_("Skriv, hvad der skal rettes, så de andre kan rette det."))
    application.signatures.filter(kind=kind).delete()
    note_down(application, "signature_returned", by=by, at=at, data={"kind": kind})
    return SignatureReturn.objects.create(
        application=application, kind=kind, user=by, comment=comment.strip(), returned_at=at
    )


def check_signed(application: Application, kind: SignatureKind = SignatureKind.APPLICATION) -> None:
    """Raise RuleBroken where two must sign and fewer have signed the text that stands there."""
    if not application.applicant.two_must_sign:
        return
    if len({row.user_id for row in signatures(application, kind)}) < 2:
        raise RuleBroken(
            _("To skal skrive under for jer. Send linket til en mere, der må binde jer.")
        )


def check_complete(application: Application, at: datetime) -> None:
    """Raise RuleBroken with every sentence of what is missing or against the pool's rules."""
    if found := lacks(application, timezone.localdate(at)):
        raise RuleBroken(" ".join(lack.sentence for lack in found))


def _check_signer(application: Application, by: User, kind: SignatureKind) -> None:
    check_may(by, VERBS[kind], application)
    if not is_member(by, application, binding=True):
        raise NotAllowed(_("Kun den, der må binde ansøgeren, kan skrive under."))
    check_identified(by)
