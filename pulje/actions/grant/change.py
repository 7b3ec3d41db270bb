"""The grantee asks to change dates, budget or purpose; the case worker answers."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.deadline import report_anew
from pulje.actions.in_words import check_in_words
from pulje.actions.journal import note_down
from pulje.actions.on_behalf import OnBehalf, check_came
from pulje.actions.state import lock
from pulje.enums import ChangeState, Role
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Application, BudgetLine, ChangeRequest, JournalEntry, User
from pulje.permissions import (
    check_identified,
    check_may_key_in,
    check_not_disqualified,
    check_other,
    is_member,
)
from pulje.queries.grant.change import CHANGE_REQUESTED, CHANGEABLE
from pulje.rules.budget import Post, asked
from pulje.rules.texts import is_blank
from pulje.states import CaseState
from pulje.templatetags.words import kr_text

REPORT_FOLLOWS = frozenset({CaseState.ACCEPTED, CaseState.PAID})


@dataclass(frozen=True)
class NewLine:
    """A line of the new budget in kr."""

    kind: str
    text: str
    amount_kr: Decimal
    category: str = ""
    funding_status: str = ""


@transaction.atomic
def request_change(
    application: Application,
    *,
    by: User,
    at: datetime,
    reason: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    purpose: str = "",
    lines: Sequence[NewLine] = (),
    keyed: OnBehalf | None = None,
) -> ChangeRequest:
    """Ask to change what the grant is for; what is left out stays as it is. ``keyed``: on paper.

    Raises NotAllowed to who may not bind the applicant, WrongState without a grant, after the
    approved report or while another change waits, RuleBroken when it says nothing or the new
    budget needs less than the grant. Source: award letter, condition 1 (domain.md E4).
    """
    application = lock(application)
    check_may_ask(application, by)
    check_came(keyed, application, by=by, at=at)
    if is_blank(reason):
        raise RuleBroken(_("Skriv, hvorfor projektet skal ændres."))
    if not (starts_on or ends_on or purpose.strip() or lines):
        raise RuleBroken(_("Skriv en ny dato, et nyt budget eller et nyt formål."))
    _check_dates(starts_on or application.starts_on, ends_on or application.ends_on)
    _check_deficit(application, lines)
    change = ChangeRequest.objects.create(
        application=application,
        reason=reason,
        starts_on=starts_on,
        ends_on=ends_on,
        purpose=purpose,
        lines=[asdict(line) | {"amount_kr": f"{line.amount_kr:.2f}"} for line in lines],
        asked_at=at,
        asked_by=by,
    )
    _note_down(change, keyed)
    return change


def _note_down(change: ChangeRequest, keyed: OnBehalf | None) -> None:
    of, told = (keyed.of, keyed.told) if keyed else ("", {})
    note_down(
        change.application,
        CHANGE_REQUESTED,
        by=change.asked_by,
        at=change.asked_at,
        on_behalf_of=of,
        data={"change": change.pk, **told},
    )


@transaction.atomic
def answer_change(
    application: Application, *, by: User, at: datetime, is_approved: bool, answer: str = ""
) -> JournalEntry:
    """Say yes, and the application follows, or no with a reason.

    The journal keeps what stood before. The report's deadline follows a new end. Raises WrongState
    when nothing waits, RuleBroken for a no without a reason in words.
    """
    application = lock(application)
    check_other(by, "answer_change")
    check_not_disqualified(by, application)
    change = application.change_requests.filter(state=ChangeState.REQUESTED).first()
    if change is None:
        raise WrongState(_("Der er ingen ændring at svare på. En anden har måske svaret."))
    if not is_approved:
        check_in_words(answer, _("Skriv, hvorfor ændringen ikke kan godkendes."))
    facts = _apply(application, change, at) if is_approved else {}
    change.state = ChangeState.APPROVED if is_approved else ChangeState.REFUSED
    change.answer, change.answered_at, change.answered_by = answer, at, by
    change.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    event = "change_approved" if is_approved else "change_refused"
    return note_down(application, event, by=by, at=at, data={"change": change.pk, **facts})


def check_may_ask(application: Application, by: User) -> None:
    """Raise the sentence that says why this person cannot ask for a change now."""
    if is_member(by, application, binding=True):
        check_identified(by)
    elif by.has_role(Role.CASE_WORKER) and not is_member(by, application):
        check_may_key_in(by, application, binding=True)
    else:
        raise NotAllowed(
            _("Det kan kun den, der må binde ansøgeren. Bed en af dem om at gøre det.")
        )
    if application.state not in CHANGEABLE:
        raise WrongState(_("Projektet kan ikke ændres nu. Skriv en besked i stedet."))
    if application.change_requests.filter(state=ChangeState.REQUESTED).exists():
        raise WrongState(
            _("Der er allerede bedt om en ændring. Vent på svaret, før du beder igen.")
        )


def _check_dates(starts_on: date | None, ends_on: date | None) -> None:
    if starts_on and ends_on and ends_on < starts_on:
        raise RuleBroken(_("Projektet kan ikke slutte, før det begynder."))


def _check_deficit(application: Application, lines: Sequence[NewLine]) -> None:
    """A grant pays what nobody else pays, and no more."""
    if not lines:
        return
    posts = [Post(line.kind, line.amount_kr, status=line.funding_status) for line in lines]
    lacks, granted = asked(posts), application.granted_kr or Decimal(0)
    if lacks < granted:
        raise RuleBroken(
            _("Det nye budget mangler kun %(lacks)s, men tilskuddet er %(granted)s. Ret budgettet.")
            % {"lacks": kr_text(lacks), "granted": kr_text(granted)}
        )


def _apply(application: Application, change: ChangeRequest, at: datetime) -> dict[str, object]:
    """Write the new words and numbers; gives what stood before, and a new deadline."""
    if application.state not in CHANGEABLE:
        raise WrongState(_("Projektet kan ikke ændres nu, som sagen står. Sig nej med en grund."))
    lines = [NewLine(**row | {"amount_kr": Decimal(row["amount_kr"])}) for row in change.lines]
    _check_deficit(application, lines)
    new: dict[str, date | str | None] = {
        "starts_on": change.starts_on,
        "ends_on": change.ends_on,
        "description": change.purpose,
    }
    changed = {name: value for name, value in new.items() if value}
    old: dict[str, object] = {name: str(getattr(application, name) or "") for name in changed}
    for name, value in changed.items():
        setattr(application, name, value)
    facts: dict[str, object] = {"old": old}
    if change.ends_on and application.state in REPORT_FOLLOWS:
        time = report_anew(application, timezone.localdate(at))
        application.due_on, application.clock_on = time.due_on, time.clock_on
        facts |= time.told
    application.save(update_fields=[*changed, "due_on", "clock_on"])
    if lines:
        old["lines"] = _replace_lines(application, lines)
    return facts


def _replace_lines(application: Application, lines: Sequence[NewLine]) -> list[list[str]]:
    """The new budget in place of the old, which is given back."""
    rows = application.budget_lines.order_by("position")
    old = [[line.kind, line.text, f"{line.amount_kr:.2f}"] for line in rows]
    application.budget_lines.all().delete()
    BudgetLine.objects.bulk_create(
        BudgetLine(application=application, position=position, **asdict(line))
        for position, line in enumerate(lines, start=1)
    )
    return old
