from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pulje.actions.application import application as actions
from pulje.actions.application.application import Line
from pulje.actions.signature import sign
from pulje.enums import ApplicantKind, LateRule, LineKind
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Application
from pulje.rules.deadlines import add_working_days
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, a_meeting, a_pool, a_round, an_applicant, case_in, walk_to
from tests.people import seat
from tests.pulje.actions.telling import again, day, ledger, payments, refuses

S = CaseState
KR = Decimal


# --- draft ------------------------------------------------------------------------------------


def test_start_draft_is_judged_by_the_rules_in_force(now):
    round = a_round()

    draft = actions.start_draft(round, an_applicant(), by=people.asta(), at=now, title="Bål")

    assert (draft.state, draft.version, draft.number) == (S.DRAFT, round.pool.versions.get(), "")
    assert draft.clock_on == timezone.localdate(now) + timedelta(days=53)  # a week before it lapses


def test_set_up_starts_a_draft_for_anybody(now):
    assert actions.start_draft(a_round(), an_applicant(), by=None, at=now, title="Bål").pk


def test_start_draft_refuses_a_pool_without_rules(now):
    round = a_round(a_pool(valid_from=date(2090, 1, 1)))

    with refuses(RuleBroken, "Puljen har ingen regler endnu."):
        actions.start_draft(round, an_applicant(), by=people.asta(), at=now, title="Bål")


def test_start_draft_refuses_a_stranger(now):
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.start_draft(a_round(), an_applicant(), by=people.ulla(), at=now, title="Bål")

    assert not Application.objects.exists()


def test_save_draft_replaces_the_budget():
    draft = a_draft(requested_kr=KR(8_000))
    lines = [
        Line(LineKind.EXPENSE, "Leje", KR(3_000)),
        Line(LineKind.OTHER_FUNDING, "Fond", KR(500), "APPLIED"),
    ]

    actions.save_draft(draft, by=people.asta(), fields={"title": "Nyt navn"}, lines=lines)

    rows = draft.budget_lines.order_by("position")
    assert again(draft).title == "Nyt navn"
    assert list(rows.values_list("text", "amount_kr", "funding_status")) == [
        ("Leje", KR(3_000), ""),
        ("Fond", KR(500), "APPLIED"),
    ]


def test_save_draft_without_lines_keeps_the_budget():
    draft = a_draft()

    actions.save_draft(draft, by=people.karl(), fields={"area": "Holte"})

    assert (again(draft).area, draft.budget_lines.count()) == ("Holte", 1)


def test_save_draft_refuses():
    draft, sent = a_draft(), case_in(S.SUBMITTED)
    seat(draft.applicant, people.rie(), ended_on=date(2021, 1, 1))

    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.save_draft(draft, by=people.ulla(), fields={})
    with refuses(WrongState, "Ansøgningen er sendt og kan ikke rettes."):
        actions.save_draft(sent, by=people.asta(), fields={})


# --- submit -----------------------------------------------------------------------------------


def test_submit_gives_number_deadline_and_receipt(now):
    pool = a_pool(code="FP", year=2027, answer_working_days=10)
    draft = a_draft(pool=pool)

    entry = actions.submit(draft, by=people.asta(), at=now)

    case = again(draft)
    assert (case.state, case.number, case.submitted_at) == (S.SUBMITTED, "FP-2027-001", now)
    assert (case.submitted_by, case.is_late, case.clock_on) == (people.asta(), False, None)
    assert case.due_on == add_working_days(timezone.localdate(now), 10)
    assert (entry.event, entry.data) == ("submit", {"number": "FP-2027-001", "version": 1})


def test_numbers_run_on_within_the_pool(now):
    pool = a_pool(code="FP", year=2027)

    numbers = [case_in(S.SUBMITTED, pool=pool).number for _n in range(3)]

    assert numbers == ["FP-2027-001", "FP-2027-002", "FP-2027-003"]


def test_submit_twice_says_the_number(now):
    case = case_in(S.SUBMITTED)

    with refuses(WrongState, f"Ansøgningen er allerede sendt. Den har sagsnummer {case.number}"):
        actions.submit(case, by=people.asta(), at=now)

    assert case.journal.count() == 1


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("title", "Giv projektet en titel."),
        ("description", "Skriv, hvad I vil gøre."),
        ("summary", "Fortæl kort, hvad projektet går ud på."),
        ("target_group", "Vælg, hvem det er for."),
        ("starts_on", "Skriv, hvornår det begynder."),
        ("ends_on", "Skriv, hvornår det slutter."),
        ("requested_kr", "Skriv, hvor mange penge der søges om."),
        ("contact_name", "Skriv, hvem vi kan kontakte."),
        ("contact_email", "Skriv kontaktpersonens e-mail."),
    ],
)
def test_submit_names_what_is_missing(now, field, sentence):
    draft = a_draft()
    empty = None if field in ("starts_on", "ends_on", "requested_kr") else ""
    Application.objects.filter(pk=draft.pk).update(**{field: empty})

    with refuses(RuleBroken, sentence):
        actions.submit(draft, by=people.asta(), at=now)

    assert again(draft).state == S.DRAFT


def test_submit_asks_for_a_budget(now):
    draft = a_draft()
    draft.budget_lines.all().delete()

    with refuses(RuleBroken, "Skriv mindst én udgift i budgettet."):
        actions.submit(draft, by=people.asta(), at=now)


def test_submit_asks_the_pool_s_hard_rules(now):
    draft = a_draft(
        pool=a_pool(ceiling_kr=KR(5_000), applicant_kinds=[ApplicantKind.INDIVIDUAL]),
        requested_kr=KR(8_000),
    )

    with pytest.raises(RuleBroken) as refusal:
        actions.submit(draft, by=people.asta(), at=now)

    assert "Denne type ansøger kan ikke søge puljen." in refusal.value.sentence
    assert "Puljen giver højst 5.000\xa0kr." in refusal.value.sentence


def test_submit_needs_the_right_to_act(now):
    draft = a_draft()
    seat(draft.applicant, people.ulla())

    for stranger in (people.ulla(), people.karl()):
        with refuses(NotAllowed, "Det kan du ikke gøre. Det kan kun: ansøger."):
            actions.submit(draft, by=stranger, at=now)


def test_where_two_must_sign_two_must_be_there(now):
    draft = a_draft(applicant=an_applicant(two_must_sign=True))

    with refuses(RuleBroken, "To skal skrive under for jer."):
        actions.submit(draft, by=people.asta(), at=now)

    seat(draft.applicant, people.ulla(), may_sign=True)
    sign(draft, by=people.ulla(), at=now)
    actions.submit(draft, by=people.asta(), at=now)
    assert again(draft).state == S.SUBMITTED


def test_submit_before_the_round_opens(now):
    draft = a_draft(round=a_round(opens_at=now + timedelta(days=2)))

    with refuses(RuleBroken, "Puljen åbner "):
        actions.submit(draft, by=people.asta(), at=now)


@pytest.mark.parametrize("rule", LateRule)
def test_submit_after_the_deadline_follows_the_pool_s_rule(now, rule):
    round = a_round(a_pool(late_rule=rule), closes_at=now - timedelta(minutes=1))
    draft = a_draft(round=round)

    if rule == LateRule.REFUSE:
        with refuses(RuleBroken, "Puljen lukkede .* Kladden er gemt"):
            actions.submit(draft, by=people.asta(), at=now)
    else:
        actions.submit(draft, by=people.asta(), at=now)

    assert again(draft).is_late == (rule == LateRule.MARK)


# --- on behalf --------------------------------------------------------------------------------


def test_register_on_behalf_keeps_the_day_it_came(now):
    draft, came_at = a_draft(), now - timedelta(days=3)

    entry = actions.register_on_behalf(
        draft, by=people.karl(), at=now, received_at=came_at, on_behalf_of="Naboerne"
    )

    assert (again(draft).submitted_at, entry.at) == (came_at, now)
    assert (entry.event, entry.on_behalf_of) == ("register_on_behalf", "Naboerne")


def test_register_on_behalf_refuses(now):
    draft = a_draft()
    told = {"on_behalf_of": "Naboerne", "at": now}

    with refuses(RuleBroken, "Datoen for modtagelse kan ikke ligge i fremtiden."):
        actions.register_on_behalf(
            draft, by=people.karl(), received_at=now + timedelta(hours=1), **told
        )
    with refuses(NotAllowed, "Det kan du ikke gøre. Det kan kun: sagsbehandler."):
        actions.register_on_behalf(draft, by=people.asta(), received_at=now, **told)


def test_register_many_takes_in_a_file(now):
    round, applicant = a_round(a_pool(code="FP", year=2027)), an_applicant()
    drafts = [
        Application(
            pool=round.pool,
            round=round,
            version=round.pool.versions.get(),
            applicant=applicant,
            title=f"Nr. {number}",
            submitted_at=now,
        )
        for number in (1, 2)
    ]

    entries = actions.register_many(drafts, by=people.karl(), at=now)

    assert [(e.event, e.application.number) for e in entries] == [
        ("register_on_behalf", "FP-2027-001"),
        ("register_on_behalf", "FP-2027-002"),
    ]
    assert set(Application.objects.values_list("state", flat=True)) == {S.SUBMITTED}
    assert actions.register_many([], by=people.karl(), at=now) == []


# --- withdraw, lapse --------------------------------------------------------------------------


def test_withdraw_gives_the_grant_back(now):
    case = case_in(S.ACCEPTED, requested_kr=KR(8_000))

    entry = actions.withdraw(case, by=people.asta(), at=now)

    case = again(case)
    assert (case.state, case.due_on) == (S.WITHDRAWN, None)
    assert case.clock_on == timezone.localdate(now) + timedelta(days=case.version.closing_days)
    assert ledger(case) == [("COMMIT", KR(8_000)), ("RELEASE", KR(8_000))]
    assert payments(case) == [("CANCELLED", KR(8_000))]
    assert (entry.event, entry.to_state) == ("withdraw", S.WITHDRAWN)


def test_withdraw_takes_the_case_off_the_agenda(now):
    case = case_in(S.RECOMMENDED, requested_kr=KR(40_000))
    item = a_meeting([case]).items.get()

    actions.withdraw(case, by=people.asta(), at=now)

    item.refresh_from_db()
    assert item.outcome == "POSTPONED"
    assert item.remark == "Sagen er taget af dagsordenen: Trak ansøgningen tilbage."


def test_withdrawn_draft_leaves_nothing_for_the_clock(now):
    draft = a_draft()

    actions.withdraw(draft, by=people.asta(), at=now)

    assert (again(draft).state, again(draft).clock_on) == (S.WITHDRAWN, None)


def test_withdraw_refuses_when_money_is_out(now):
    case = case_in(S.ACCEPTED, pool=a_pool(payment_plan="INSTALMENTS"))
    walk = walk_to(S.ACCEPTED, pool=a_pool(payment_plan="DEFICIT_GUARANTEE"))
    walk.pay()

    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.withdraw(case, by=people.ulla(), at=now)
    with refuses(WrongState, "Det kan ikke gøres nu."):
        actions.withdraw(walk.case, by=people.asta(), at=now)


def test_withdraw_refuses_when_an_instalment_is_paid(now):
    walk = walk_to(S.ACCEPTED, pool=a_pool(payment_plan="INSTALMENTS"))
    walk.pay_one()

    with refuses(RuleBroken, "Der er udbetalt penge. Skriv til os"):
        actions.withdraw(walk.case, by=people.asta(), at=now)


@pytest.mark.parametrize("state", [S.RETURNED, S.APPROVED, S.ACCEPTED])
def test_clock_lapses_the_day_after_the_deadline(state):
    case = case_in(state)
    that_day = day(case.due_on.year, case.due_on.month, case.due_on.day)

    with refuses(RuleBroken, "Fristen er ikke udløbet"):
        actions.lapse(case, at=that_day)

    entry = actions.lapse(case, at=that_day + timedelta(days=1))
    assert (again(case).state, entry.by, entry.event) == (S.LAPSED, None, "lapse")
    assert ledger(case)[1:] == ([] if state == S.RETURNED else [("RELEASE", case.granted_kr)])


def test_lapse_is_the_clock_s(now):
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.lapse(case_in(S.RETURNED), by=people.karl(), at=now)
    with refuses(WrongState, "Det kan ikke gøres nu."):
        actions.lapse(case_in(S.SUBMITTED), at=now)
