"""Puts the invented municipality together: people, pools, cases, meetings. Same seed, same town."""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone

from pulje.actions import document
from pulje.actions.application import application as applications
from pulje.actions.application.idea import keep_partners
from pulje.actions.casework import tie
from pulje.actions.casework.scenario import make_scenario
from pulje.actions.meeting import meeting
from pulje.enums import (
    ApplicantKind,
    Distribution,
    Theme,
)
from pulje.models import Applicant, Application, Committee, Membership, Pool, PoolVersion, Round
from workflow.demo import lives
from workflow.demo.away import leave_to_the_substitute
from workflow.demo.complaints import leave_complaints
from workflow.demo.desk import leave_on_the_desk
from workflow.demo.letters import (
    bring_some_back,
    hold_newest,
    leave_the_archive_to_the_newest,
    make_first,
    refuse_by_delegation,
)
from workflow.demo.lives import Life
from workflow.demo.loose_ends import leave_loose_ends, seat_asta
from workflow.demo.meetings import ask_anew, free_evening, have_read, hold, let_go_in_their_time
from workflow.demo.money import amount_of, budget_of
from workflow.demo.next_year import prepare_next_year
from workflow.demo.papers import complete
from workflow.demo.people import MEMBERS, TWO_MUST_SIGN, make_applicants, make_staff
from workflow.demo.phrases import make_phrases
from workflow.demo.pools import (
    RECIPES,
    Recipe,
    approve_appeal_texts,
    make_committee,
    make_pool,
    moment,
    this_year,
)
from workflow.demo.ties import leave_ties
from workflow.demo.walk import Walk
from workflow.demo.words import NEIGHBOURS, PROJECTS, THEMES

WHOLE, PART, NONE = Decimal(1), Decimal("0.6"), Decimal(0)
Fate = tuple[Callable[[Walk], Life], Decimal, int]

# life, share granted, how many: one earlier year of the recipe in domain.md A8
EARLIER: tuple[Fate, ...] = (
    (lives.closed, WHOLE, 21),
    (lives.closed, PART, 15),
    (lives.refused_and_closed, NONE, 11),
    (lives.formally_rejected, NONE, 2),
    (lives.withdrawn, NONE, 2),
    (lives.lapsed_unanswered, NONE, 1),
    (lives.lapsed_award, WHOLE, 1),
    (lives.declined, WHOLE, 1),
    (lives.recovered, WHOLE, 1),
)
LAST_YEAR: tuple[Fate, ...] = (
    *EARLIER[:2],
    (lives.refused_and_closed, NONE, 9),
    (lives.in_recovery, WHOLE, 2),
    (lives.reminded_twice, WHOLE, 2),
    (lives.reported, WHOLE, 3),
    (lives.withdrawn, NONE, 2),
    (lives.formally_rejected, NONE, 2),
    (lives.lapsed_unanswered, NONE, 1),
    (lives.recovered, WHOLE, 1),
)
THIS_YEAR: tuple[Fate, ...] = (
    (lives.drafted, WHOLE, 3),
    (lives.half_signed, WHOLE, 1),
    (lives.submitted, WHOLE, 7),
    (lives.returned, WHOLE, 3),
    (lives.answered, WHOLE, 2),
    (lives.in_review, WHOLE, 5),
    (lives.in_hearing, WHOLE, 2),
    (lives.reviewed, WHOLE, 6),
    (lives.recommended, PART, 8),
    (lives.recommended, NONE, 2),
    (lives.decided, WHOLE, 3),
    (lives.decided, PART, 3),
    (lives.decided, NONE, 3),
    (lives.accepted, WHOLE, 4),
    (lives.payment_bounced, WHOLE, 1),
    (lives.paid, WHOLE, 4),
    (lives.reported_in, WHOLE, 2),
    (lives.report_returned, PART, 1),
    (lives.reported, WHOLE, 1),
    (lives.declined, WHOLE, 1),
    (lives.withdrawn, WHOLE, 1),
    (lives.reopened, WHOLE, 1),
    (lives.annulled, WHOLE, 1),
    (lives.lapsed_unanswered, WHOLE, 1),
    (lives.formally_rejected, NONE, 1),
)
# lives that are still being handled belong to the open round; the days they need until today
UNDER_WAY: dict[Callable[[Walk], Life], int] = {
    lives.drafted: 4,
    lives.half_signed: 3,
    lives.submitted: 1,
    lives.returned: 6,
    lives.answered: 9,
    lives.in_review: 5,
    lives.in_hearing: 11,
    lives.reviewed: 11,
    lives.recommended: 21,
}
MEETING_AFTER_DAYS = 32
POOL_MIX = ("FP",) * 5 + ("PD",) * 2 + ("KP",) * 2 + ("PP",) + ("NP",)


class Town:
    """What the demo's cases need of their surroundings."""

    def __init__(self, seed: int) -> None:
        self.dice, self.extras = random.Random(seed), random.Random(seed + 1)
        self.today = timezone.localdate()
        self.year = this_year(self.today)
        self.staff = make_staff()
        members = [
            self.staff["karen"],
            self.staff["mads"],
            *(self.staff[n.split()[0].lower()] for n in MEMBERS),
        ]
        self.members = members
        self.committee: Committee = make_committee(
            self.staff["sanne"], members, self.staff["preben"]
        )
        self.applicants = make_applicants(
            self.dice, self.staff["asta"], self.staff["ulla"], self.today
        )
        people = list(Membership.objects.select_related("user").order_by("pk"))
        self.writers = {m.applicant_id: m.user for m in reversed(people)}
        self.two_signers = [self.applicants[number] for number in TWO_MUST_SIGN]
        two = {applicant.pk for applicant in self.two_signers}
        self.seconds = {m.applicant_id: m.user for m in people if m.applicant_id in two}
        self.pools: dict[tuple[str, int], Pool] = {}


def build(seed: int, *, most: int) -> Mapping[str, int]:
    """Fill the empty database; returns how many cases stand in each state.

    ``most``: how many cases live the same life in a year, for a town quicker to build.
    """
    town = Town(seed)
    approve_appeal_texts(town.staff["dora"])
    year = town.year
    for when, fates in ((year - 2, EARLIER), (year - 1, LAST_YEAR), (year, THIS_YEAR)):
        for recipe in RECIPES:
            town.pools[recipe.code, when] = make_pool(
                recipe, when, town.today, town.committee, town.staff["dora"]
            )
        _live(town, when, [fate for *fate, count in fates for _n in range(min(count, most))])
    _awkward(town)
    _share_out(town)
    seat_asta(town.staff["asta"], town.today)
    a_day_ago = moment(town.today - timedelta(days=1), 9, 5)
    leave_complaints(town.staff, a_day_ago)
    leave_loose_ends(town.staff["asta"], town.two_signers[0], a_day_ago)
    leave_on_the_desk(town.staff, a_day_ago)
    leave_to_the_substitute(town.staff, a_day_ago)
    leave_ties(town.staff)
    prepare_next_year(town.pools["FP", town.year], town.staff, a_day_ago)
    _leave_letters(town, most)
    ask_anew()
    states = Application.objects.order_by("pk").values_list("state", flat=True)
    return Counter(states)


def _leave_letters(town: Town, most: int) -> None:
    """The old ones left in their time; the newest meeting's wait."""

    def set_out(code: str, share: Decimal, day: date, applicant: Applicant) -> Walk:
        place = _Place(applicant, moment(day, 9, 30))
        return _set_out(town, town.year, code, share, lives.decided, place)

    on, staff = town.today - timedelta(days=2), town.staff
    closes_at = town.pools["FP", town.year].rounds.order_by("number")[0].closes_at
    assert closes_at is not None
    hold_newest(
        set_out,
        town.committee,
        town.members,
        staff,
        town.applicants,
        on=on,
        applied_on=timezone.localdate(closes_at) - timedelta(days=1),
        most=most,
    )
    refuse_by_delegation(set_out, staff, town.applicants, on=on, most=most)
    since = moment(on, 9)
    let_go_in_their_time(staff["dora"], since=since)
    make_first(since)
    bring_some_back(staff, moment(town.today - timedelta(days=1), 11, 5))
    leave_the_archive_to_the_newest()


def _live(town: Town, year: int, fates: list) -> None:
    town.dice.shuffle(fates)
    waiting: dict[Round, list[tuple[Walk, Life]]] = {}
    for number, (life, share) in enumerate(fates):
        walk = _set_out(town, year, POOL_MIX[number % len(POOL_MIX)], share, life)
        steps = life(walk)
        if next(steps, "done") is None:
            waiting.setdefault(walk.case.round, []).append((walk, steps))
    for round, walks in waiting.items():
        _meet(town, round, walks)


class _Place(NamedTuple):
    """Who applies, and when."""

    applicant: Applicant
    at: datetime


def _set_out(
    town: Town,
    year: int,
    code: str,
    share: Decimal,
    life: Callable[[Walk], Life],
    place: _Place | None = None,
) -> Walk:
    now = year == town.year
    if now and life in UNDER_WAY and code == "NP":
        code = "FP"  # the neighbours' pool has not opened its new round yet
    pool = town.pools[code, year]
    recipe = next(r for r in RECIPES if r.code == code)
    rounds = list(pool.rounds.order_by("number"))
    round = rounds[0] if now else town.dice.choice(rounds)
    if now and life in UNDER_WAY:
        round = rounds[-1]
    place = place or _Place(_applicant(town, recipe), _when(town, round, life))
    applicant, at = place
    if life is lives.half_signed:
        applicant = town.two_signers[0]
    case = _draft(town, recipe, round, applicant, at)
    writer, second = town.writers[applicant.pk], town.seconds.get(applicant.pk)
    is_open = life in (lives.submitted, lives.in_review, lives.reviewed)
    complete(case, by=writer, at=at, dice=town.extras, may_wait=is_open)
    case.refresh_from_db()
    return Walk(case, at, writer, town.staff, town.dice, town.extras, second, share)


def _when(town: Town, round: Round, life: Callable[[Walk], Life]) -> datetime:
    """A day in the round; in an open round late enough, and early enough for the life to happen."""
    opens = timezone.localdate(round.opens_at)
    closes = timezone.localdate(round.closes_at) if round.closes_at else town.today
    last = min(closes, town.today) - timedelta(days=1)
    if closes >= town.today:
        last = town.today - timedelta(days=UNDER_WAY.get(life, 110))
    first = max(opens + timedelta(days=1), last - timedelta(days=7 if life in UNDER_WAY else 40))
    day = first + timedelta(days=town.dice.randint(0, max(0, (last - first).days)))
    return moment(min(day, last), town.dice.randint(8, 11), town.dice.randint(0, 59))


def _applicant(town: Town, recipe: Recipe) -> Applicant:
    fitting = [a for a in town.applicants if ApplicantKind(a.kind) in recipe.kinds]
    return town.dice.choice(fitting)


def _draft(
    town: Town, recipe: Recipe, round: Round, applicant: Applicant, at: datetime
) -> Application:
    dice, writer = town.dice, town.writers[applicant.pk]
    own = [project for project in PROJECTS if applicant.name.startswith(project[0])]
    chosen = own[0] if own and dice.random() < 0.7 else dice.choice(PROJECTS)
    group, title, summary, description, target = chosen
    amount = amount_of(dice, recipe.ceiling_kr)
    begins = timezone.localdate(at) + timedelta(days=dice.randint(95, 130))
    case = applications.start_draft(round, applicant, by=writer, at=at, title=title)
    participants, volunteers = dice.randint(12, 120), dice.randint(3, 25)
    if dice.random() < 0.4:
        keep_partners(case, [NEIGHBOURS[case.pk % len(NEIGHBOURS)]], by=writer)
    fields = {
        "summary": summary,
        "description": description,
        "target_group": target,
        "area": applicant.town,
        "theme": THEMES.get(group, Theme.SOCIAL),
        "participants": participants,
        "volunteers": volunteers,
        "learning": "Om det er bedre at mødes om aftenen end om eftermiddagen.",
        "starts_on": begins,
        "ends_on": begins + timedelta(days=dice.randint(20, 60)),
        "supplements_paid_work": True,
        "contact_name": writer.name,
        "contact_email": writer.email,
        "contact_phone": "12 34 56 78",
        "requested_kr": amount,
    }
    return applications.save_draft(
        case, by=writer, at=at, fields=fields, lines=budget_of(dice, amount)
    )


def _meet(town: Town, round: Round, walks: list[tuple[Walk, Life]]) -> None:
    """The committee meets after the round and follows the recommendations."""
    closed = round.closes_at or max(walk.at for walk, _steps in walks)
    ready_at = max(walk.at for walk, _steps in walks) + timedelta(hours=1)
    ready_on = timezone.localdate(max(closed, ready_at))
    wished = ready_on + timedelta(days=MEETING_AFTER_DAYS)
    day = max(min(wished, town.today - timedelta(days=35)), timezone.localdate(ready_at))
    held_at = free_evening(day, after=ready_at)
    sanne = town.staff["sanne"]
    session = meeting.plan_meeting(
        town.committee, by=sanne, held_at=held_at, place="Rådhuset, mødelokale 2"
    )
    cases = [walk.case for walk, _steps in walks]
    meeting.put_on_agenda(session, cases, by=sanne)
    meeting.record_attendance(session, by=sanne, at=session.held_at, present=town.members)
    hold(session, at=held_at, secretary=sanne, chair=town.staff["karen"])
    have_read(session, reader=town.staff["dora"], at=held_at)
    for walk, steps in walks:
        walk.case.refresh_from_db()
        walk.at = held_at
        next(steps, None)


def _awkward(town: Town) -> None:
    """The next meeting's agenda, a disqualified case worker and member, a message, a note."""
    ready = list(
        Application.objects.filter(
            state="RECOMMENDED",
            recommendations__is_current=True,
            recommendations__is_delegated=False,
        ).order_by("pk")
    )
    now = moment(town.today - timedelta(days=1), 10, 40)
    sanne, karl = town.staff["sanne"], town.staff["karl"]
    session = meeting.plan_meeting(
        town.committee,
        by=sanne,
        held_at=moment(town.today, 16),
        place="Rådhuset, mødelokale 2",
    )
    if ready:
        meeting.put_on_agenda(session, ready[:-2] or ready, by=sanne)
        tie.disqualify(
            ready[0],
            by=town.staff["mads"],
            at=now,
            person=town.staff["mads"],
            reason="Min søn sidder i bestyrelsen.",
        )
    open_cases = list(Application.objects.filter(state="REVIEWED").order_by("pk"))
    for case in open_cases[:1]:
        tie.disqualify(
            case,
            by=town.staff["rie"],
            at=now,
            person=town.staff["rie"],
            reason="Jeg er med i foreningen.",
        )
    for case in open_cases:
        document.write_message(
            case, by=karl, at=now, text="Tak for jeres ansøgning. Ring gerne, hvis I har spørgsmål."
        )
        document.write_note(case, by=karl, at=now, text="Talte med biblioteket – lokalet er fri.")


def _share_out(town: Town) -> None:
    """A round with enough assessed cases for it to matter how the money is shared out."""
    year = town.year
    make_phrases(PoolVersion.objects.filter(pool__year=year, number=1).order_by("pk"))
    for number in range(16):
        share = NONE if number % 5 == 4 else WHOLE
        walk = _set_out(town, year, "FP", share, lives.reviewed)
        list(lives.reviewed(walk))
    round = town.pools["FP", year].rounds.order_by("-number")[0]
    at = moment(town.today - timedelta(days=1), 13, 20)
    ways: tuple[tuple[str, Distribution, dict[str, object]], ...] = (
        ("Efter point, mindst 11", Distribution.BY_POINTS, {"min_points": 11}),
        ("Alle 20 % ned", Distribution.SAME_CUT, {"min_points": 8, "cut_percent": "20"}),
        ("Højst 15.000 kr. til hver", Distribution.CEILING, {"ceiling_kr": "15000.00"}),
    )
    for name, method, numbers in ways:
        make_scenario(
            round, by=town.staff["karl"], at=at, name=name, method=method, numbers=numbers
        )
