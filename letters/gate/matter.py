"""All that the gate asks about many letters, read in a number of queries that does not grow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, JSONObject

from letters.kinds.kind import Kind
from letters.kinds.registry import KINDS
from letters.models import Letter, LetterText
from letters.texts.parts import PARTS
from pulje.enums import AssessmentState, Outcome, PaymentState
from pulje.models import (
    Appeal,
    AppealGuidance,
    Application,
    Assessment,
    ChangeRequest,
    Criterion,
    Decision,
    Ground,
    ItemRuling,
    LedgerEntry,
    Membership,
    PartyHearing,
    Payment,
    PersonNumber,
    RepaymentClaim,
    User,
)
from pulje.permissions import shut_out
from pulje.queries.grant.heard import Heard, heard_in_reminder
from pulje.queries.meeting.attendance import PAIRS, VOTING
from pulje.states import CaseState, Verb

RELATED = (
    "entry__by",
    "text",
    "author",
    "words_by",
    "approved_by",
    "batch",
    "application__caseworker",
)
CASE = ("application__pool", "application__version", "application__applicant")


@dataclass(frozen=True)
class Person:
    """Somebody who took part in the case; ``part`` says as what, in Danish."""

    pk: int
    name: str
    part: str


@dataclass
class Matter:
    """One letter with what it must agree with. ``rows`` holds plain rows of the case (``READ``)."""

    letter: Any  # a Letter, annotated
    today: date
    kind: type[Kind]
    decision: Decision | None = None
    claim: RepaymentClaim | None = None
    appeal: Appeal | None = None
    change: ChangeRequest | None = None
    heard: Heard | None = None  # the last report reminder, where money or a grant is taken back
    parts: list[LetterText] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    out: set[int] = field(default_factory=set)  # user ids: disqualified, asked about, or a tie

    @property
    def case(self) -> Application:
        found: Application = self.letter.application
        return found

    @property
    def facts(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.letter.facts
        return found

    @property
    def event(self) -> str:
        return self.letter.entry.event if self.letter.entry else ""

    @property
    def told(self) -> Mapping[str, Any]:
        return self.letter.entry.data if self.letter.entry else {}

    @property
    def is_ruling(self) -> bool:
        """The letter tells of the grant or the refusal itself."""
        return self.kind.is_decision and self.decision is not None

    @property
    def decides(self) -> bool:
        """The letter is an afgørelse: all with appeal guidance, and what is granted in full."""
        return self.kind.is_decision or self.kind.needs_guidance

    @property
    def is_annulment(self) -> bool:
        return self.event == Verb.ANNUL

    @property
    def is_about_report(self) -> bool:
        """Not all of the spending is accepted."""
        return self.event == Verb.APPROVE_REPORT

    @property
    def is_lapse(self) -> bool:
        """The clock ended it: nobody has weighed anything, a deadline has run out."""
        return self.event == Verb.LAPSE

    @property
    def is_lapse_of_grant(self) -> bool:
        """A grant that lapses without its report: the last reminder was the hearing."""
        return self.is_lapse and self.letter.entry.from_state == CaseState.ACCEPTED

    @property
    def is_award(self) -> bool:
        d = self.decision
        return self.is_ruling and d is not None and d.outcome != Outcome.REJECTED

    @property
    def is_full(self) -> bool:
        """All that was asked for, and nothing in it to complain about."""
        d = self.decision
        is_granted = self.is_ruling and d is not None and d.outcome == Outcome.GRANTED
        return is_granted and not self.kind.needs_guidance

    @property
    def reasons(self) -> str:
        """The reasons of what is decided, as they stand in the case."""
        if self.claim is not None:
            return self.claim.reasons
        if self.appeal is not None:
            return self.appeal.answer
        if self.change is not None:
            return self.change.answer
        if self.is_ruling and self.decision is not None:
            return self.decision.reasons
        return str(self.told.get("reason", ""))

    @property
    def said(self) -> str:
        """What the letter itself says in reasons, with the sentence that somebody has added."""
        return "\n".join(self.facts.get(name, "") for name in ("reasons", "reason", "added"))

    @property
    def case_url(self) -> str:
        return str(self.letter.case_path)

    @property
    def page_url(self) -> str:
        """The letter's own page."""
        return f"/brev/{self.letter.uuid}/side/"


def _rows(rows: QuerySet[Any], **columns: Any) -> ArraySubquery:
    return ArraySubquery(rows.order_by("pk").values(told=JSONObject(**columns)))


def _of_case(model: type[Model], **which: Any) -> QuerySet[Any]:
    return model._default_manager.filter(application=OuterRef("application"), **which)


def _of_version(model: type[Model]) -> QuerySet[Any]:
    return model._default_manager.filter(version=OuterRef("application__version"))


_KR = Cast("amount_kr", CharField())
_APPROVED = AppealGuidance.objects.filter(
    legal_basis=OuterRef("application__version__legal_basis"), approved_at__isnull=False
)
_RULINGS = ItemRuling.objects.filter(
    item__application=OuterRef("application"), is_current=True, amount_kr__isnull=False
)
_APPLICANT = {"applicant": OuterRef("application__applicant")}
# columns for the query on letters: a case has few of each, and one query reads them all
READ: dict[str, Any] = {
    "ledger": _rows(_of_case(LedgerEntry), kind="kind", kr=_KR),
    "payments": _rows(
        _of_case(Payment).exclude(state=PaymentState.CANCELLED), kr=_KR, decision="decision_id"
    ),
    "rulings": _rows(
        _RULINGS, kr=_KR, meeting="item__meeting_id", item="item_id", place="item__position"
    ),
    "hearings": _rows(
        _of_case(PartyHearing),
        fact="fact",
        answer="answer",
        due_on="due_on",
        opened_at="opened_at",
        ended_at="ended_at",
    ),
    "reviewers": _rows(
        _of_case(Assessment, state=AssessmentState.DONE), pk="reviewer_id", name="reviewer__name"
    ),
    "grounds": _rows(_of_version(Ground), section="section", text="text"),
    "criteria": _rows(_of_version(Criterion), name="name"),
    "guidance_version": Subquery(_APPROVED.order_by("-version").values("version")[:1]),
    "has_person_number": Exists(PersonNumber.objects.filter(**_APPLICANT)),
    "has_member": Exists(Membership.objects.active().filter(**_APPLICANT)),
}


def matters_of(
    letters: Iterable[Letter], today: date, *, readers: Iterable[User] = ()
) -> list[Matter]:
    """The letters as they stand, in their order, with all that the gate asks about.

    ``readers`` are asked about impartiality along with those who took part.
    """
    pks = [letter.pk for letter in letters]
    rows = Letter.objects.filter(pk__in=pks).select_related(*RELATED, *CASE)
    rows = rows.annotate(**READ, texts_now=_texts_in_force(today))
    by_pk = {row.pk: row for row in rows.order_by("pk")}
    found = [Matter(by_pk[pk], today, KINDS[by_pk[pk].kind]) for pk in pks]
    _load_parts(found)
    _load_decisions(found)
    _load_told(found)
    _load_heard(found)
    _load_people(found, list(readers))
    return found


def _texts_in_force(today: date) -> ArraySubquery:
    """The letter's kind and the shared parts as they would be chosen today; the last of each."""
    basis = Q(legal_basis="") | Q(legal_basis=OuterRef("application__version__legal_basis"))
    rows = LetterText.objects.in_force(today).filter(
        basis, Q(kind=OuterRef("kind")) | Q(kind__in=PARTS)
    )
    ordered = rows.order_by("legal_basis", "version", "pk")
    return ArraySubquery(ordered.values(told=JSONObject(pk="pk", kind="kind", version="version")))


def _load_parts(matters: Sequence[Matter]) -> None:
    """The texts that several letters share, as the letter was made with them."""
    if wanted := {pk for m in matters for pk in m.letter.parts}:
        found = LetterText.objects.in_bulk(wanted)
        for m in matters:
            m.parts = [found[pk] for pk in m.letter.parts if pk in found]


def _load_decisions(matters: Sequence[Matter]) -> None:
    """The decision the letter tells about or takes back, else the one in force."""
    wanted = [m for m in matters if m.kind.is_decision or m.kind.needs_guidance]
    if not wanted:
        return
    told = [m.told["decision"] for m in wanted if "decision" in m.told]
    cases = [m.letter.application_id for m in wanted]
    annulled = [m.letter.application_id for m in wanted if m.is_annulment]
    rows = Decision.objects.filter(
        Q(pk__in=told) | Q(is_current=True, application__in=cases) | Q(application__in=annulled)
    )
    related = ("meeting", "decided_by", "recommended_by", "replaces")
    by_pk = {row.pk: row for row in rows.select_related(*related).order_by("pk")}
    current = {row.application_id: row for row in by_pk.values() if row.is_current}
    for m in wanted:
        m.decision = by_pk.get(m.told.get("decision", 0)) or current.get(m.letter.application_id)
        if m.is_annulment:
            m.decision = _annulled(m, by_pk.values())


def _annulled(m: Matter, rows: Iterable[Decision]) -> Decision | None:
    """The newest decision before the letter's journal line took it back."""
    case, at = m.letter.application_id, m.letter.entry.at
    before = [row for row in rows if row.application_id == case and row.decided_at <= at]
    return before[-1] if before else None


def _load_told(matters: Sequence[Matter]) -> None:
    """The claim, complaint or change that the letter is about."""
    wanted = [m for m in matters if m.kind.needs_guidance and not m.kind.is_decision]
    if claims := [m.told["claim"] for m in wanted if "claim" in m.told]:
        related = ("hearing", "proposed_by", "claimed_by")
        found = RepaymentClaim.objects.select_related(*related).in_bulk(claims)
        for m in wanted:
            m.claim = found.get(m.told.get("claim"))
    if appeals := [m.told["appeal"] for m in wanted if "appeal" in m.told]:
        answered = Appeal.objects.select_related("decision", "assessed_by", "answered_by")
        known = answered.in_bulk(appeals)
        for m in wanted:
            m.appeal = known.get(m.told.get("appeal"))
    if changes := [m.told["change"] for m in wanted if "change" in m.told]:
        asked = ChangeRequest.objects.select_related("answered_by").in_bulk(changes)
        for m in wanted:
            m.change = asked.get(m.told.get("change"))


def _load_heard(matters: Sequence[Matter]) -> None:
    """The last reminder, for the letters whose hearing it was."""
    wanted = [m for m in matters if m.is_lapse_of_grant or (m.claim and m.claim.hearing is None)]
    if wanted:
        heard = heard_in_reminder({m.letter.application_id for m in wanted})
        for m in wanted:
            m.heard = heard.get(m.letter.application_id)


def _load_people(matters: Sequence[Matter], readers: Sequence[User]) -> None:
    for m in matters:
        m.people = list(dict.fromkeys(_took_part(m))) if m.decides else []
    people = {person.pk for m in matters for person in m.people} | {user.pk for user in readers}
    if not people:
        return
    pairs = shut_out([User(pk=pk) for pk in sorted(people)], [m.case for m in matters])
    for m in matters:
        m.out = {user for user, case in pairs if case == m.letter.application_id}


def _took_part(m: Matter) -> Iterable[Person]:
    """Who recommended, assessed, voted, decided, answered, wrote in the letter and let it go."""
    d, claim, appeal = m.decision, m.claim, m.appeal
    parts: list[tuple[User | None, str]] = [
        (m.letter.approved_by, "har godkendt brevet"),
        (m.letter.words_by, "har føjet tekst til brevet"),
    ]
    if m.is_ruling and d is not None:
        parts += [(d.recommended_by, "har indstillet"), (d.decided_by, "har ført afgørelsen")]
    if claim is not None:
        parts += [(claim.proposed_by, "har foreslået"), (claim.claimed_by, "har krævet")]
    if appeal is not None:
        parts += [(appeal.assessed_by, "har genvurderet"), (appeal.answered_by, "har svaret")]
    if m.change is not None:
        parts += [(m.change.answered_by, "har svaret")]
    if m.is_annulment:
        parts += [(m.letter.entry.by, "har annulleret")]
    if m.is_about_report:
        parts += [(m.letter.entry.by, "har godkendt rapporten")]
    for user, part in parts:
        if user is not None:
            yield Person(user.pk, user.name, part)
    if m.is_ruling:
        for row in m.letter.reviewers:
            yield Person(row["pk"], row["name"], "har vurderet")
        yield from _voted(m)


def _voted(m: Matter) -> Iterable[Person]:
    """Who took part in the case by the attendance that was kept when the meeting closed."""
    meeting = m.decision.meeting if m.decision else None
    ruling = ruling_of(m)
    if meeting is None or ruling is None or not meeting.attendance_kept:
        return
    kept, case = meeting.attendance_kept, m.letter.application_id
    away, *shut = ({tuple(pair) for pair in kept[name]} for name in PAIRS)
    names = {pk: name for pk, name, _role, _here in kept["seats"]}
    there = [pk for pk, _name, role, here in kept["seats"] if here and role in VOTING]
    there += [pk for pk, _member, item in kept["called"] if item in (None, ruling["item"])]
    for pk in dict.fromkeys(there):
        if (pk, ruling["item"]) not in away and not any((pk, case) in pairs for pairs in shut):
            yield Person(pk, names.get(pk, "En stedfortræder"), "har stemt")


def ruling_of(m: Matter) -> Mapping[str, Any] | None:
    """What the minutes of the decision's meeting say that was decided.

    A decision made anew keeps the meeting of the one it replaces, but was not made there.
    """
    meeting = m.decision.meeting_id if m.decision and m.decision.is_of_meeting else None
    rows = [row for row in m.letter.rulings if meeting and row["meeting"] == meeting]
    return rows[0] if rows else None


def kr(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None
