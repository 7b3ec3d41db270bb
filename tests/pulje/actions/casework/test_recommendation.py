from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pulje.actions.casework import recommendation as actions
from pulje.actions.deadline import handle_by
from pulje.enums import PhraseKind
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Phrase
from pulje.rules.delegation import answer_due
from pulje.states import CaseState
from tests import people
from tests.factories import a_meeting, a_pool, case_in, walk_to
from tests.pulje.actions.telling import again, last_line, refuses

S = CaseState
KR = Decimal
ALL = KR(8_000)


def recommend(case, now, amount_kr=ALL, **facts):
    told = {"reasons": "Godt for kvarteret.", "by": people.karl(), "at": now} | facts
    return actions.recommend(case, amount_kr=amount_kr, **told)


def a_phrase(version, *, kind=PhraseKind.REASONS, ground=None, text="Fint."):
    ground = ground or version.grounds.order_by("pk")[0]
    return Phrase.objects.create(version=version, kind=kind, name=text, text=text, ground=ground)


def test_recommend_writes_amount_reasons_and_grounds(now):
    case = case_in(S.REVIEWED, requested_kr=KR(8_000))
    ground = case.version.grounds.order_by("pk")[0]

    entry = recommend(case, now, KR(5_000), grounds=[ground], conditions="Kun mad.")

    proposal = case.recommendations.get()
    assert (proposal.amount_kr, proposal.reasons, proposal.conditions) == (
        KR(5_000),
        "Godt for kvarteret.",
        "Kun mad.",
    )
    assert list(proposal.grounds.order_by("pk")) == [ground]
    assert entry.data == {"recommendation": proposal.pk, "amount_kr": "5000"}
    assert again(case).state == S.RECOMMENDED


@pytest.mark.parametrize(
    ("requested_kr", "rules", "is_delegated"),
    [
        (KR(10_000), {}, True),
        (KR("10000.01"), {}, False),
        (KR(8_000), {"delegation_limit_kr": None}, False),
        (KR(8_000), {"delegation_basis": ""}, False),
        (KR(8_000), {"delegation_until": date(2021, 1, 1)}, False),
        (KR(8_000), {"delegation_from": date(2090, 1, 1)}, False),
    ],
    ids=[
        "at the limit",
        "an øre above",
        "nothing delegated",
        "nobody has decided it",
        "delegation over",
        "not begun",
    ],
)
def test_small_amounts_go_to_the_leader(now, requested_kr, rules, is_delegated):
    case = case_in(S.REVIEWED, pool=a_pool(**rules), requested_kr=requested_kr)

    recommend(case, now, requested_kr)

    assert case.recommendations.get().is_delegated is is_delegated


@pytest.mark.parametrize(
    ("amount_kr", "reasons", "sentence"),
    [
        (KR(-1), "Godt", "Beløbet kan ikke være negativt."),
        (KR(8_001), "Godt", "Der kan højst indstilles det, der er søgt om."),
        (KR(7_001), "Godt", "Beløbet er over puljens loft."),
        (KR(7_000), "Godt", "Når der ikke indstilles det hele, skal en af puljens begrundelser"),
        (KR(0), "Skidt", "Når der ikke indstilles det hele"),
    ],
)
def test_recommend_refuses(now, amount_kr, reasons, sentence):
    case = case_in(S.REVIEWED, requested_kr=KR(8_000))
    case.version.ceiling_kr = KR(7_000)
    case.version.save()

    with refuses(RuleBroken, sentence):
        recommend(case, now, amount_kr, reasons=reasons)


def test_recommend_takes_grounds_from_the_pool_s_own_rules_only(now):
    case = case_in(S.REVIEWED)
    foreign = a_pool().versions.get().grounds.order_by("pk")[:1]

    with refuses(RuleBroken, "En begrundelse skal stå i puljens egne, vedtagne kriterier."):
        recommend(case, now, grounds=foreign)


def test_reasons_nobody_wrote_are_composed_of_what_is_picked(now):
    version = (case := case_in(S.REVIEWED)).version
    ground, other = version.grounds.order_by("pk")
    phrase = a_phrase(version, ground=other, text="Idéen er prøvet før.")
    foreign = a_phrase(a_pool().versions.get(), text="Nej.")
    shared = dict(reasons=" ", grounds=[ground])
    expected = {
        KR(5_000): "Idéen er prøvet før. Fællesskab er ikke beskrevet.",
        ALL: "Ansøgningen opfylder puljens kriterier, især: Fællesskab og Nytænkning.",
    }

    with refuses(RuleBroken, "En begrundelse skal stå i puljens egne, vedtagne kriterier."):
        recommend(case, now, KR(5_000), phrases=[foreign], **shared)
    recommend(case, now, KR(5_000), phrases=[phrase], **shared)
    proposal = case.recommendations.get()
    assert set(proposal.grounds.order_by("pk")) == {ground, other}
    actions.undo(case, by=people.karl(), at=now)
    recommend(case, now, ALL, reasons="")

    told = case.recommendations.order_by("pk").values_list("amount_kr", "reasons")
    assert dict(told) == expected


def test_a_reason_that_speaks_for_is_none_for_a_cut(now):
    case = case_in(S.REVIEWED)
    case.version.grounds.update(is_favourable=True)

    with refuses(RuleBroken, "Når der ikke indstilles det hele, skal en af puljens begrundelser"):
        recommend(case, now, KR(5_000), grounds=case.version.grounds.order_by("pk"))


def test_the_amount_is_shared_out_on_the_budget_s_lines(now):
    case = case_in(S.REVIEWED)
    line = case.budget_lines.get()
    ground = case.version.grounds.order_by("pk")[:1]
    cases = [
        ({line.position + 1: KR(5_000)}, "Ansøgers budget er ændret."),
        ({line.position: KR(8_001)}, "”Råvarer” er budgetteret til 8.000\N{NO-BREAK SPACE}kr."),
        ({line.position: KR(4_000)}, "Posterne giver i alt 4.000"),
    ]

    for lines, sentence in cases:
        with refuses(RuleBroken, sentence):
            recommend(case, now, KR(5_000), grounds=ground, lines=lines)
    recommend(case, now, KR(5_000), grounds=ground, lines={line.position: KR(5_000)})

    share = case.recommendations.get().lines.get()
    assert (share.text, share.budget_kr, share.amount_kr) == ("Råvarer", ALL, KR(5_000))


def test_more_than_three_years_takes_a_consent(now):
    case = case_in(S.REVIEWED)
    case.ends_on = case.starts_on + timedelta(days=1_200)
    case.save()

    with refuses(RuleBroken, "Projektet løber i mere end tre år."):
        recommend(case, now)
    entry = recommend(case, now, consent="Ankestyrelsen 3. maj, 2027-42")

    assert entry.data["consent"] == "Ankestyrelsen 3. maj, 2027-42"


def test_the_leader_s_case_has_the_applicant_s_deadline(now):
    """Ten working days from receipt, also when they have passed."""
    late, soon = case_in(S.REVIEWED), case_in(S.REVIEWED, starts=now - timedelta(days=4))
    large = case_in(S.REVIEWED, requested_kr=KR(40_000))

    for case in (late, soon, large):
        recommend(case, now, case.requested_kr)

    for case in (late, soon):
        assert again(case).due_on == answer_due(timezone.localdate(case.submitted_at), 10)
    assert again(large).due_on == handle_by(now)


def test_send_back_takes_the_case_off_the_agenda(now):
    case = case_in(S.RECOMMENDED, requested_kr=KR(40_000))
    item = a_meeting([case]).items.get()

    entry = actions.send_back(case, by=people.sanne(), at=now, reason="Hvad koster lokalet?")

    item.refresh_from_db()
    assert (item.outcome, item.remark) == ("SENT_BACK", "Hvad koster lokalet?")
    assert (again(case).state, case.recommendations.get().is_current) == (S.REVIEWED, False)
    assert entry.data == {"reason": "Hvad koster lokalet?"}


def test_send_back_refuses(now):
    case = case_in(S.RECOMMENDED)

    with refuses(RuleBroken, "Skriv, hvad der skal ses på igen."):
        actions.send_back(case, by=people.dora(), at=now, reason=" ")
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.send_back(case, by=people.karl(), at=now, reason="Hm")


def test_undo_a_recommendation(now):
    case = case_in(S.RECOMMENDED)

    actions.undo(case, by=people.karl(), at=now)

    assert (again(case).state, last_line(case).event) == (S.REVIEWED, "undo")
    assert not case.recommendations.filter(is_current=True).exists()


def test_undo_a_screening(now):
    case = case_in(S.IN_REVIEW)

    actions.undo(case, by=people.karl(), at=now)

    assert (again(case).state, case.assessments.count()) == (S.SUBMITTED, 0)


def test_undo_refuses_what_others_have_acted_on(now):
    walk = walk_to(S.IN_REVIEW, pool=a_pool(reviewers=2))
    row = walk.case.assessments.order_by("pk")[0]
    row.state, row.finished_at = "DONE", now
    row.save()
    on_agenda = case_in(S.RECOMMENDED, requested_kr=KR(40_000))
    a_meeting([on_agenda])

    with refuses(RuleBroken, "En vurdering er afgivet, så skridtet kan ikke fortrydes."):
        actions.undo(walk.case, by=people.karl(), at=now)
    with refuses(RuleBroken, "Sagen er på en dagsorden. Tag den af mødet først."):
        actions.undo(on_agenda, by=people.karl(), at=now)
    with refuses(WrongState, "Det kan ikke gøres nu."):
        actions.undo(case_in(S.APPROVED), by=people.karl(), at=now)
