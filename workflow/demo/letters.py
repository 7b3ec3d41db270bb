"""The newest meeting's letters, waiting; beside them what is to be read, and what came back."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from letters import actions
from letters.mails.actions import queue_mail
from letters.models import (
    CaseExport,
    Channel,
    DeliveryAttempt,
    Letter,
    LetterState,
    Mail,
    MailState,
    ReceiptKind,
)
from letters.receipts import take
from letters.texts.actions import in_force, write
from pulje.actions.decision import decision
from pulje.actions.meeting import meeting as meetings
from pulje.enums import ApplicantKind
from pulje.models import Applicant, Application, Committee, User
from pulje.states import OPEN
from workflow.demo import lives
from workflow.demo.meetings import hold
from workflow.demo.pools import moment
from workflow.demo.walk import Walk

WHOLE, PART, NONE = Decimal(1), Decimal("0.6"), Decimal(0)
SHARES = (WHOLE, PART, WHOLE, WHOLE, NONE, PART, WHOLE, PART, WHOLE, WHOLE)
CHANGED, WITHOUT_ADDRESS = 2, 7  # which of them
DELEGATED = 3
NOW_CHEAPER = (
    "Udvalget giver til lokale og materialer. Forplejningen er dyrere end i de andre projekter, og "
    "den del kan deltagerne selv betale."
)
LESS = "Der er hverken CVR- eller CPR-nummer at sende Digital Post til, og adressen mangler."
KEPT_EXPORTS = 3
# code of the pool, share, day, applicant -> a case on its way
SetOut = Callable[[str, Decimal, date, Applicant], Walk]


def hold_newest(
    set_out: SetOut,
    committee: Committee,
    members: list[User],
    staff: Mapping[str, User],
    applicants: list[Applicant],
    *,
    on: date,
    applied_on: date,
    most: int,
) -> None:
    """The meeting two days ago: its letters wait for somebody to read and send them.

    Rie has recommended, so that Karl may send. The meeting gave one case less than that.
    """
    at = moment(on, 16)
    who = _associations(applicants)[-len(SHARES) :]
    who[WITHOUT_ADDRESS] = [a for a in applicants if a.kind == ApplicantKind.INDIVIDUAL][-1]
    walks = []
    for number, (share, applicant) in enumerate(zip(SHARES, who, strict=True)):
        if number < most + CHANGED:
            day = applied_on - timedelta(days=number % 5)
            walks.append(_by_rie(set_out("FP", share, day, applicant), staff))
    for walk in walks:
        list(lives.recommended(walk))
    session = meetings.plan_meeting(
        committee, by=staff["sanne"], held_at=at, place="Rådhuset, mødelokale 2"
    )
    cases = [walk.case for walk in walks]
    meetings.put_on_agenda(session, cases, by=staff["sanne"])
    meetings.record_attendance(session, by=staff["sanne"], at=at, present=members)
    cut = (cases[CHANGED].requested_kr * PART).quantize(Decimal(100))
    others = {cases[CHANGED].pk: (cut, NOW_CHEAPER)}
    hold(session, at=at, secretary=staff["sanne"], chair=staff["karen"], others=others)
    if len(cases) > WITHOUT_ADDRESS:
        _cannot_be_reached(cases[WITHOUT_ADDRESS], at)


def _cannot_be_reached(case: Application, at: datetime) -> None:
    nowhere = {"street": "", "postcode": "", "town": ""}
    Applicant.objects.filter(pk=case.applicant_id).update(**nowhere)
    Letter.objects.filter(application=case, state=LetterState.QUEUED, entry__at__gte=at).update(
        state=LetterState.FAILED, channel=Channel.DIGITAL_POST, failure=LESS
    )


def refuse_by_delegation(
    set_out: SetOut, staff: Mapping[str, User], applicants: list[Applicant], *, on: date, most: int
) -> None:
    """Small refusals that a colleague is to read before they leave."""
    others = _associations(applicants)[: -len(SHARES)]
    for applicant in others[-min(DELEGATED, most) :]:
        walk = _by_rie(set_out("PD", NONE, on - timedelta(days=18), applicant), staff)
        list(lives.recommended(walk))
        walk.at = moment(on, 13)
        proposal = walk.case.recommendations.get(is_current=True)
        walk.do(decision.decide, "dora", amount_kr=proposal.amount_kr)


def make_first(since: datetime) -> None:
    """What waits is seen before hundreds of old letters have been made."""
    Letter.objects.filter(entry__at__gte=since).update(next_attempt_at=since)


def bring_some_back(staff: Mapping[str, User], at: datetime) -> None:
    """A mail to an old address, a letter that Digital Post refused, and a text to be approved."""
    waiting = Letter.objects.filter(kind="RECEIPT", state=LetterState.QUEUED)
    for channel, kind, detail in (
        (Channel.EMAIL, ReceiptKind.BOUNCED, "adressen findes ikke (5.1.1)"),
        (Channel.DIGITAL_POST, ReceiptKind.REJECTED, "501 Modtageren er afmeldt."),
    ):
        found = waiting.filter(channel=channel, application__state__in=OPEN)
        letter = found.order_by("pk").last()
        if letter is not None and actions.render(letter.pk):
            _come_back(letter, channel, kind, detail, at)
    facts = {"invitation": 1, "applicant": "Bogbyttere Holte", "inviter": "Asta Rosenvang"}
    queue_mail("INVITATION", to="gerner@forening.example", cause="demo-invitation", facts=facts)
    Mail.objects.filter(cause="demo-invitation").update(
        state=MailState.FAILED, attempts=1, failure="Mailen kom retur: adressen findes ikke (5.1.1)"
    )
    today = timezone.localdate(at)
    text = in_force("REJECTION", "", today)
    assert text is not None
    write(
        "REJECTION",
        "",
        by=staff["karl"],
        at=at,
        heading=text.heading,
        body=f"{text.body}\n\nRing gerne til {{{{ kontaktperson }}}}, hvis noget er uklart.",
        english=text.english,
        note="Et venligt ord til sidst",
        valid_from=today,
    )


def leave_the_archive_to_the_newest() -> None:
    """Cases closed before the ESDH was set up were never handed over."""
    newest = CaseExport.objects.order_by("-asked_at", "-pk").values("pk")[:KEPT_EXPORTS]
    kept = [row["pk"] for row in newest]
    CaseExport.objects.exclude(pk__in=kept).delete()


def _by_rie(walk: Walk, staff: Mapping[str, User]) -> Walk:
    walk.staff = {**staff, "karl": staff["rie"], "rie": staff["karl"]}
    return walk


def _associations(applicants: list[Applicant]) -> list[Applicant]:
    return [a for a in applicants if a.kind == ApplicantKind.ASSOCIATION and not a.two_must_sign]


def _come_back(
    letter: Letter, channel: Channel, kind: ReceiptKind, detail: str, at: datetime
) -> None:
    """Sent an hour before, and then the carrier said no; there is no address for paper."""
    sent_at = at - timedelta(hours=1)
    Applicant.objects.filter(applications=letter.application_id).update(street="")
    DeliveryAttempt.objects.create(
        letter=letter, channel=channel, started_at=sent_at, ended_at=sent_at, is_sent=True
    )
    Letter.objects.filter(pk=letter.pk).update(
        state=LetterState.SENT, queued_at=sent_at, rendered_at=sent_at, sent_at=sent_at, attempts=1
    )
    take(channel, f"demo-{letter.pk}", letter, kind, at, detail)
