"""What comes with an invented application: answers, partners, attachments, a second signature."""

import random
from datetime import datetime, timedelta

from pulje.actions.application.application import save_draft
from pulje.actions.application.idea import keep_partners
from pulje.actions.application.partner import answer_leader, ask_leader
from pulje.actions.document import add_attachment
from pulje.enums import ApplicantKind, AttachmentKind, AttachmentNote
from pulje.models import Application, User
from workflow.demo.files import paper, picture
from workflow.demo.forms import answers
from workflow.demo.words import INSTITUTIONS

PDF, PNG = "application/pdf", "image/png"
WITH_BYLAWS = (ApplicantKind.ASSOCIATION, ApplicantKind.SELF_GOVERNING_INSTITUTION)
BYLAWS = (
    "§ 1. Foreningens formål er at samle folk om noget, de har lyst til at gøre sammen. "
    "§ 2. Alle, der støtter formålet, kan blive medlem. § 3. Generalforsamlingen holdes hvert år "
    "i marts. § 4. Bestyrelsen har fem medlemmer. § 5. Foreningen tegnes af formanden og "
    "kassereren. § 6. Opløses foreningen, går pengene til et lignende formål i kommunen."
)
ACCOUNTS = (
    "Indtægter: kontingent 18.400 kr., tilskud 25.000 kr., salg af kaffe og kage 3.150 kr. "
    "Udgifter: lokaler 12.000 kr., materialer 21.300 kr., forsikring 2.900 kr. "
    "Årets resultat: 10.350 kr. Set og godkendt af den valgte revisor."
)


def complete(
    case: Application, *, by: User, at: datetime, dice: random.Random, may_wait: bool
) -> None:
    """Everything the pool's form asks for that the application's own fields do not hold.

    ``may_wait``: perhaps the partner's leader has not answered yet.
    """
    assert case.starts_on is not None
    fields: dict[str, object] = {
        "answers": answers(case.version, dice, case.starts_on),
        "may_publish": dice.random() < 0.8,
    }
    if _needs_bylaws(case):
        if dice.random() < 0.15:
            fields["attachment_notes"] = {AttachmentKind.BYLAWS: AttachmentNote.LATER}
        else:
            _attach(case, by, at, AttachmentKind.BYLAWS, "Vedtægter.pdf", BYLAWS)
    limit = case.version.needs_accounts_from_kr
    if limit is not None and (case.requested_kr or 0) >= limit:
        _attach(case, by, at, AttachmentKind.ACCOUNTS, "Regnskab sidste år.pdf", ACCOUNTS)
    save_draft(case, by=by, at=at, fields=fields)
    if case.version.needs_partner:
        is_waiting = dice.random() < 0.5 and may_wait
        _with_institution(case, by, at, dice, is_waiting=is_waiting)


def _needs_bylaws(case: Application) -> bool:
    return case.version.needs_bylaws and case.applicant.kind in WITH_BYLAWS


def _attach(
    case: Application, by: User, at: datetime, kind: AttachmentKind, name: str, text: str
) -> None:
    content = paper(f"{name.removesuffix('.pdf')} – {case.applicant.name}", text)
    add_attachment(case, by=by, at=at, name=name, content_type=PDF, content=content, kind=kind)


def send_again(case: Application, *, by: User, at: datetime) -> None:
    """The bylaws as a file that can be opened, and some words that were not there before."""
    _attach(case, by, at, AttachmentKind.BYLAWS, "Vedtægter igen.pdf", BYLAWS)
    said = f"{case.description} Vi begynder en halv time før, så alle når at være med."
    fields = {"description": said, "participants": (case.participants or 20) + 10}
    save_draft(case, by=by, at=at, fields=fields)


def add_picture(case: Application, *, by: User, at: datetime, dice: random.Random) -> None:
    """A picture from the day, to go with the report."""
    add_attachment(
        case,
        by=by,
        at=at,
        name="Fra dagen.png",
        content_type=PNG,
        content=picture(dice),
        kind=AttachmentKind.PICTURE,
    )


def _with_institution(
    case: Application, by: User, at: datetime, dice: random.Random, *, is_waiting: bool
) -> None:
    """The institution's leader is asked, and says yes within the hour where nobody waits."""
    name, leader, contribution = dice.choice(INSTITUTIONS)
    address = leader.split()[0].lower()
    row = {
        "name": f"{name} i {case.area}",
        "contribution": contribution,
        "is_municipal": True,
        "leader_name": leader,
        "leader_email": f"{address}@institution.example",
    }
    (partner,) = keep_partners(case, [row], by=by)
    ask_leader(partner, by=by, at=at)
    if not is_waiting:
        later = at + timedelta(minutes=9)
        answer_leader(partner, at=later, is_confirmed=True, remark="Det glæder vi os til.")
