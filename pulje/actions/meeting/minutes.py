"""After the meeting: its rulings are corrected openly until the minutes are approved."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.decision.competence import check_quorum
from pulje.actions.decision.deciding import Maker, Ruling, enter_decisions, proposals
from pulje.actions.decision.decision import replace_decision
from pulje.actions.in_words import in_words
from pulje.actions.journal import note_down
from pulje.actions.meeting.at_meeting import lock_any, touch
from pulje.actions.meeting.packet import ask_for_packet, write_approved
from pulje.actions.meeting.ruling import Votes, check_recorder, votes_refusal
from pulje.actions.state import lock
from pulje.enums import DecidedBy, ItemOutcome, MeetingState, PacketKind
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import AgendaItem, Application, Decision, ItemRuling, JournalEntry, Meeting, User
from pulje.permissions import check_not_disqualified, check_other
from pulje.queries.meeting.attendance import attendance_of
from pulje.rules.texts import says_nothing
from pulje.states import CaseState

CORRECTED = "ruling_corrected"  # the journal's word when only votes or dissent are corrected


@dataclass(frozen=True)
class Corrected:
    """What the meeting really came to in one case, and why it was recorded otherwise."""

    amount_kr: Decimal
    correction: str
    reasons: str = ""
    votes: Votes | None = None
    dissent: str = ""

    def as_row(self, item: AgendaItem, by: User, at: datetime) -> ItemRuling:
        votes = self.votes or (None, None, None)
        return ItemRuling(
            item=item,
            outcome=ItemOutcome.DECIDED,
            amount_kr=self.amount_kr,
            reasons=self.reasons,
            votes_for=votes[0],
            votes_against=votes[1],
            votes_abstained=votes[2],
            dissent=self.dissent,
            correction=self.correction,
            recorded_at=at,
            recorded_by=by,
        )


@transaction.atomic
def correct_ruling(
    application: Application, *, by: User, at: datetime, item: AgendaItem, corrected: Corrected
) -> JournalEntry:
    """Record what the committee really decided, and replace the decision by it.

    The ledger carries the difference, the minutes are asked for anew, the old rows stay. Nobody
    has been told, so nobody is heard (the caller takes the old letter back). A case that was
    postponed or sent back may be decided while it is recommended and on no other agenda.

    Raises NotAllowed without role, seat or impartiality; WrongState when the meeting is not closed,
    its minutes are approved, the case has moved or nothing is corrected; RuleBroken without why,
    and for amounts and reasons as when it was recorded.
    Source: kommunestyrelsesloven § 20 (record of decisions); forvaltningsloven §§ 3-6, 22.
    """
    meeting = lock_unapproved(item.meeting)
    check_recorder(meeting, by)
    application = lock(application)
    check_not_disqualified(by, application)
    if says_nothing(corrected.correction):
        said = _("Skriv, hvorfor beslutningen rettes. Det kommer i referatet.")
        raise RuleBroken(in_words(said))
    item = meeting.items.select_related("meeting").get(pk=item.pk, application=application)
    _check_votes(meeting, item, corrected)
    if item.outcome == ItemOutcome.DECIDED:
        entry = _replace(meeting, application, corrected, by, at)
    else:
        entry = _decide_after_all(meeting, item, application, corrected, by, at)
    standing = item.rulings.filter(is_current=True).first()
    if standing is not None:
        corrected = _with_words(corrected, standing)
        item.rulings.filter(pk=standing.pk).update(is_current=False)
    corrected.as_row(item, by, at).save()
    touch(meeting)
    ask_for_packet(meeting, kind=PacketKind.MINUTES, by=by, at=at)
    return entry


@transaction.atomic
def approve_minutes(
    meeting: Meeting, *, by: User, at: datetime, seen: int | None = None
) -> Meeting:
    """The minutes stand from now on, and the letters may go when a second person has read them.

    What was read is written once more, as approved; ``seen`` is ``Meeting.changes`` as it was
    read. Raises NotAllowed without role and seat, and for the one who closed the meeting;
    WrongState when it is not closed, is approved already, or is another since it was read.
    Source: kommunestyrelsesloven § 20 (record of decisions); four eyes are local config.
    """
    check_other(by, "approve_minutes")
    meeting = lock_unapproved(meeting)
    check_recorder(meeting, by)
    if meeting.closed_by_id == by.pk:
        raise NotAllowed(_("Du har selv afsluttet mødet. En anden skal godkende referatet."))
    if seen is not None and seen != meeting.changes:
        raise WrongState(_("Referatet er rettet, siden du læste det. Læs det igen."))
    meeting.minutes_approved_at, meeting.minutes_approved_by = at, by
    meeting.save(update_fields=["minutes_approved_at", "minutes_approved_by"])
    write_approved(meeting, by=by, at=at)
    touch(meeting)
    return meeting


def lock_unapproved(meeting: Meeting) -> Meeting:
    """The closed meeting, locked, while its minutes may be mended; WrongState otherwise."""
    locked = lock_any(meeting)
    if locked.state != MeetingState.CLOSED:
        raise WrongState(_("Mødet er ikke afsluttet endnu."))
    if locked.minutes_approved_at:
        raise WrongState(
            _(
                "Referatet er allerede godkendt, og der er ikke ændret noget. Skal en afgørelse"
                " laves om, kan lederen annullere den, eller udvalget kan afgøre sagen på ny."
            )
        )
    return locked


def _replace(
    meeting: Meeting, application: Application, corrected: Corrected, by: User, at: datetime
) -> JournalEntry:
    old = application.decisions.filter(is_current=True, meeting=meeting).first()
    if old is None or application.state not in (CaseState.APPROVED, CaseState.REJECTED):
        raise WrongState(
            _("%s er kommet videre siden mødet, så beslutningen kan ikke rettes her.")
            % application.number
        )
    if corrected.amount_kr == old.amount_kr and corrected.reasons in ("", old.reasons):
        _check_news(application, meeting, corrected)
        said = {"reason": corrected.correction}
        return note_down(application, CORRECTED, by=by, at=at, data=said)
    _check_decision(application, old, corrected, by)
    return replace_decision(
        application,
        old,
        amount_kr=corrected.amount_kr,
        reasons=corrected.reasons,
        by=by,
        at=at,
        why=corrected.correction,
        sections=old.sections,
    )


def _with_words(corrected: Corrected, standing: ItemRuling) -> Corrected:
    """Who corrects only the votes keeps the committee's words."""
    if corrected.reasons or corrected.amount_kr != standing.amount_kr:
        return corrected
    return replace(corrected, reasons=standing.reasons)


def _check_news(application: Application, meeting: Meeting, corrected: Corrected) -> None:
    standing = ItemRuling.objects.filter(item__application=application, item__meeting=meeting)
    now = standing.get(is_current=True)
    votes = (now.votes_for, now.votes_against, now.votes_abstained)
    if (votes, now.dissent) == (corrected.votes or (None, None, None), corrected.dissent):
        raise WrongState(_("Beslutningen står allerede sådan. Der er ikke ændret noget."))


def _check_votes(meeting: Meeting, item: AgendaItem, corrected: Corrected) -> None:
    if corrected.votes is None:
        return
    there = len(attendance_of(meeting, [item]).taking_part(item))
    if refusal := votes_refusal(corrected.votes, there, ItemOutcome.DECIDED):
        raise RuleBroken(refusal)


def _check_decision(
    application: Application, old: Decision, corrected: Corrected, by: User
) -> None:
    if old.recommended_by_id == by.pk:
        raise NotAllowed(_("Du har selv indstillet sagen, så en anden skal rette beslutningen."))
    if not 0 <= corrected.amount_kr <= (application.requested_kr or 0):
        raise RuleBroken(_("Beløbet skal være mellem 0 kr. og det, der er søgt om."))
    if says_nothing(corrected.reasons):
        raise RuleBroken(in_words(_("Skriv begrundelsen, som den skal stå i brevet.")))


def _decide_after_all(
    meeting: Meeting,
    item: AgendaItem,
    application: Application,
    corrected: Corrected,
    by: User,
    at: datetime,
) -> JournalEntry:
    elsewhere = application.agenda_items.filter(outcome=ItemOutcome.PENDING)
    if application.state != CaseState.RECOMMENDED or elsewhere.exists():
        raise WrongState(
            _("%s er kommet videre siden mødet, så den kan ikke afgøres i referatet.")
            % application.number
        )
    check_quorum([application], meeting)
    (entry,) = enter_decisions(
        [application],
        proposals([application]),
        {application.pk: Ruling(application, corrected.amount_kr, corrected.reasons)},
        maker=Maker(by, DecidedBy.COMMITTEE, meeting),
        at=at,
    )
    item.outcome, item.remark = ItemOutcome.DECIDED, ""
    item.save(update_fields=["outcome", "remark"])
    return entry
