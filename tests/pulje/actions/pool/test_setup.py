"""A pool set up from nothing, step by step, until nothing is missing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pulje.actions.grant import payment as payments
from pulje.actions.ledger import remaining_kr, set_frame, transfer
from pulje.actions.meeting.meeting import put_on_agenda
from pulje.actions.pool import criteria, form
from pulje.actions.pool.publish import copy_pool, make_pool, publish, unpublish
from pulje.actions.pool.rounds import delete_round, save_round
from pulje.actions.pool.rules import save_pool, save_settings
from pulje.actions.pool.version import new_version
from pulje.enums import ApplicantKind, LegalBasis, PaymentPlan, PhraseKind
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import AppealGuidance, LedgerEntry, Payment, Pool, PoolVersion
from pulje.queries.grant.payments import payable
from pulje.queries.pool.money import money_of
from pulje.queries.pool.public import public_pool
from pulje.queries.pool.setup import missing
from pulje.states import CaseState
from tests import people
from tests.factories import a_committee, a_meeting, a_pool, a_round, case_in, walk_to
from tests.pulje.actions.telling import refuses

S = CaseState
KR = Decimal
TEXTS = {"purpose": "Til naboer.", "supported": "Mad", "guidelines": "1. Formål"}


@pytest.fixture
def karl():
    people.rie()
    return people.karl()


def new(karl, now, *, code="NY", legal_basis=LegalBasis.KFM, is_test=False) -> Pool:
    return make_pool(
        by=karl,
        at=now,
        name="Nabopuljen",
        code=code,
        year=2027,
        committee=None,
        legal_basis=legal_basis,
        is_test=is_test,
    )


def told(pool, now) -> list[str]:
    return [each.sentence for each in missing(pool, now)]


def guidance(basis=LegalBasis.KFM) -> None:
    AppealGuidance.objects.create(
        legal_basis=basis,
        version=1,
        text="Skriv.",
        approved_by=people.dora(),
        approved_at=timezone.now(),
    )


def fill(pool, karl, now) -> PoolVersion:
    """Everything the checklist asks for."""
    guidance()
    version = pool.versions.get()
    version = save_settings(version, by=karl, fields=TEXTS)
    save_settings(version, by=karl, fields={"payment_plan": PaymentPlan.UPFRONT})
    save_pool(
        pool,
        by=karl,
        name=pool.name,
        account_string="3.64",
        committee=a_committee(),
        standing_reviewers=[],
    )
    row = criteria.save_criterion(
        version, None, by=karl, name="Lokalt", question="Er det her?", weight=1
    )
    criteria.save_ground(
        version,
        None,
        by=karl,
        section="§ 1",
        text="Det er ikke her.",
        criterion=row,
        is_favourable=False,
    )
    form.save_gate(version, None, by=karl, question="Er I her?", statement="Ja.", advice="Ring.")
    save_round(pool, None, by=karl, **a_time(now))
    set_frame(pool, by=people.dora(), amount_kr=KR(100_000), at=now, cause=f"f:{pool.pk}", note="B")
    pool.refresh_from_db()
    return version


def a_time(now, **fields) -> dict[str, object]:
    return {
        "name": "Runde 1",
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=30),
        "answer_on": None,
        "share_percent": 100,
        "rolls_over": True,
    } | fields


def test_a_pool_from_nothing_says_all_that_is_missing_until_nothing_is(karl, now):
    pool = new(karl, now)

    assert told(pool, now) == [
        "Puljens formål er ikke skrevet.",
        "Det er ikke skrevet, hvad der gives tilskud til.",
        "Retningslinjerne er ikke skrevet.",
        "Kontostrengen mangler.",
        "Klagevejledningen for Kommunalfuldmagten er ikke godkendt. "
        "En leder godkender den under Breve, Tekster.",
        "Der er ingen kriterier at vurdere efter.",
        "Der er ingen spørgsmål i ”Kan I søge?”.",
        "Vælg et udvalg, eller giv forvaltningen delegation.",
        "Det er ikke valgt, hvordan der udbetales.",
        "Puljen har ingen ramme. En leder sætter den.",
        "Der er ingen runde, som er åben eller åbner.",
    ]
    with refuses(RuleBroken, "Puljen kan ikke offentliggøres endnu. Puljens formål er ikke"):
        publish(pool, by=people.dora(), at=now)
    assert public_pool(pool.slug, now) is None

    fill(pool, karl, now)
    assert told(pool, now) == []
    with refuses(NotAllowed, "Det kan du ikke gøre. Det kan kun: administrator, leder."):
        publish(pool, by=karl, at=now)
    shown = publish(pool, by=people.dora(), at=now)

    assert (shown.is_public, shown.published_at, shown.published_by) == (True, now, people.dora())
    assert publish(pool, by=people.dora(), at=now + timedelta(days=1)).published_at == now
    assert public_pool(pool.slug, now).remaining_kr == 100_000
    with refuses(RuleBroken, "En runde er åben for ansøgninger."):
        unpublish(pool, by=people.dora(), at=now)
    assert not unpublish(pool, by=people.dora(), at=now + timedelta(days=40)).is_public


def test_what_else_can_be_missing(karl, now):
    pool = new(karl, now)
    version = fill(pool, karl, now)

    def says(**fields) -> list[str]:
        PoolVersion.objects.filter(pk=version.pk).update(**fields)
        return told(pool, now)

    criteria.save_criterion(version, None, by=karl, name="Nyt", question="Er det nyt?", weight=2)
    assert told(pool, now) == ["Kriteriet ”Nyt” har ingen begrundelse."]
    criteria.delete_criterion(version.criteria.get(name="Nyt"), by=karl)
    assert says(kle="18") == ["KLE-nummeret mangler. Det skrives som 18.16.00."]
    assert says(kle="18.16.00", reviewers=3) == [
        "Der skal 3 vurderinger til, men der er 2 vurderere."
    ]
    assert says(reviewers=1, report_steps=[[10_000, "STORY"]]) == [
        "Der er ingen rapportkrav, som dækker alle beløb."
    ]
    assert says(report_steps=[[None, "STORY"]], applicant_kinds=[]) == [
        "Det er ikke valgt, hvem der kan søge."
    ]
    assert says(applicant_kinds=list(ApplicantKind), delegation_limit_kr=5_000) == [
        "Det er ikke skrevet, hvor delegationen er besluttet."
    ]
    Pool.objects.filter(pk=pool.pk).update(committee=None)
    pool.refresh_from_db()
    assert says(delegation_basis="KFU") == [
        "Ingen kan afgøre beløb over delegationen. Vælg et udvalg."
    ]
    assert says(ceiling_kr=5_000) == []
    guidance(LegalBasis.FOL)
    assert says(legal_basis=LegalBasis.FOL) == [
        "Folkeoplysningsudvalget er ikke hørt om reglerne (folkeoplysningsloven § 35)."
    ]
    assert says(heard_on=date(2026, 1, 1)) == []
    assert missing(Pool.objects.create(code="TOM", year=2027, name="Tom", slug="tom"), now)


def test_settings_that_contradict_each_other_are_refused(karl, now):
    pool = new(karl, now)
    version = pool.versions.get()
    wrong = [
        ({"min_kr": KR(2), "ceiling_kr": KR(1)}, "Loftet skal være mindst lige så højt"),
        ({"own_share_percent": 101}, "Egenfinansieringen kan højst være 100 %."),
        ({"delegation_limit_kr": KR(1)}, "Skriv, hvor delegationen er besluttet"),
        (
            {"delegation_from": date(2027, 2, 1), "delegation_until": date(2027, 1, 1)},
            "Delegationen slutter, før den begynder.",
        ),
        ({"needs_criteria": 1}, "Puljen har 0 kriterier, så en ansøgning kan ikke opfylde 1."),
        ({"report_steps": [[5, "STORY"]]}, "Det sidste trin skal gælde alle beløb"),
        (
            {"report_steps": [[9, "STORY"], [5, "STORY"], [None, "STORY"]]},
            "Skriv trinnene med det laveste beløb først.",
        ),
    ]
    for fields, sentence in wrong:
        with refuses(RuleBroken, sentence):
            save_settings(version, by=karl, fields=fields)
    with pytest.raises(ValueError, match="report"):
        save_settings(version, by=karl, fields={"report_steps": [[None, "NOTHING"]]})
    with refuses(RuleBroken, "Kun sagsbehandlere kan vurdere: Mads."):
        save_pool(
            pool,
            by=karl,
            name="N",
            account_string="",
            committee=None,
            standing_reviewers=[people.mads()],
        )
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        save_settings(version, by=people.fie(), fields={"purpose": "x"})


def test_rows_of_a_version(karl, now):
    version = fill(new(karl, now), karl, now)
    first = version.criteria.get()
    second = criteria.save_criterion(
        version, None, by=karl, name="Nyt", question="Er det nyt?", weight=2
    )
    ground = version.grounds.get()
    phrase = {"by": karl, "kind": PhraseKind.REASONS, "name": "Kort", "text": "Nej.", "days": None}

    criteria.move_criterion(second, by=karl, up=True)
    assert [row.name for row in version.criteria.order_by("position")] == ["Nyt", "Lokalt"]
    with refuses(RuleBroken, "Der er allerede et kriterium med det navn."):
        criteria.save_criterion(version, None, by=karl, name="nyt", question="?", weight=1)
    with refuses(RuleBroken, "Der hører begrundelser til kriteriet."):
        criteria.delete_criterion(first, by=karl)
    save_settings(version, by=karl, fields={"needs_criteria": 2})
    with refuses(RuleBroken, "Reglen om, hvor mange kriterier"):
        criteria.delete_criterion(second, by=karl)
    with refuses(RuleBroken, "Vælg, hvilken af puljens begrundelser"):
        criteria.save_phrase(version, None, ground=None, **phrase)
    saved = criteria.save_phrase(version, None, ground=ground, **phrase)
    with refuses(RuleBroken, "Der er allerede en standardtekst med det navn."):
        criteria.save_phrase(version, None, ground=ground, **phrase)
    with refuses(RuleBroken, "Der hører standardtekster til begrundelsen."):
        criteria.delete_ground(ground, by=karl)
    with refuses(RuleBroken, "Rækken er slettet i mellemtiden."):
        criteria.save_phrase(a_pool().versions.get(), saved, ground=None, **phrase)
    criteria.delete_phrase(saved, by=karl)
    criteria.delete_ground(ground, by=karl)
    assert (version.phrases.count(), version.grounds.count()) == (0, 0)


def test_rounds_share_the_frame_and_stay_when_somebody_has_begun(karl, now):
    pool = a_pool()
    first = save_round(pool, None, by=karl, **a_time(now, share_percent=75))
    wrong = [
        ({"share_percent": 26}, "Runderne får tilsammen 101 % af rammen."),
        ({"closes_at": now - timedelta(days=2)}, "Fristen skal ligge efter åbningen."),
        ({"answer_on": timezone.localdate(now), "share_percent": 1}, "Svaret kan ikke komme før"),
    ]
    for fields, sentence in wrong:
        with refuses(RuleBroken, sentence):
            save_round(pool, None, by=karl, **a_time(now, **fields))
    second = save_round(pool, None, by=karl, **a_time(now, share_percent=25, closes_at=None))
    assert [first.number, second.number] == [1, 2]

    case_in(S.DRAFT, pool=pool, round=first)
    with refuses(RuleBroken, "Nogen er begyndt på en ansøgning, så åbningen kan ikke flyttes."):
        save_round(pool, first, by=karl, **a_time(now, opens_at=now, share_percent=75))
    first.refresh_from_db()
    with refuses(
        RuleBroken, "Nogen er begyndt på en ansøgning, så fristen kan kun flyttes længere frem."
    ):
        save_round(
            pool,
            first,
            by=karl,
            **a_time(
                now, opens_at=first.opens_at, closes_at=now + timedelta(days=3), share_percent=75
            ),
        )
    with refuses(RuleBroken, "Nogen er begyndt på en ansøgning i runden, så den kan ikke slettes."):
        delete_round(first, by=karl)
    delete_round(second, by=karl)
    assert list(pool.rounds.values_list("number", flat=True)) == [1]


def test_a_version_in_use_stands_and_the_next_is_open(karl, now):
    case = case_in(S.SUBMITTED)
    version, today = case.version, timezone.localdate()
    frozen = "Der er sendt en ansøgning efter version 1."
    ground = version.grounds.order_by("pk")[0]

    with refuses(RuleBroken, frozen):
        save_settings(version, by=karl, fields={"purpose": "Andet"})
    with refuses(RuleBroken, frozen):
        criteria.delete_criterion(version.criteria.order_by("pk")[0], by=karl)
    with refuses(RuleBroken, frozen):
        criteria.delete_ground(ground, by=karl)
    kind = PhraseKind.REASONS
    version.phrases.create(kind=kind, name="Kort", text="Nej.", ground=ground)

    made = new_version(version, by=karl, valid_from=today, today=today)
    save_settings(made, by=karl, fields={"purpose": "Andet"})

    assert made.phrases.get().ground.version == made
    version.refresh_from_db()
    assert version.purpose == "At støtte frivillige."


def test_a_copy_takes_the_rules_and_moves_the_rounds_a_year(karl, now):
    pool = new(karl, now)
    version = fill(pool, karl, now)
    save_settings(
        version,
        by=karl,
        fields={
            "delegation_limit_kr": KR(1_000),
            "delegation_basis": "KFU",
            "delegation_from": date(2028, 2, 29),
        },
    )
    pool.standing_reviewers.set([people.rie()])
    pool.refresh_from_db()

    made = copy_pool(pool, by=karl, at=now, name="Nabopuljen", code="ny", year=2028)

    copied, was, moved = made.versions.get(), pool.rounds.get(), made.rounds.get()
    assert (made.code, made.slug, made.is_public) == ("NY", "nabopuljen-2028", False)
    assert (made.committee, made.account_string) == (pool.committee, "")
    assert (copied.purpose, copied.delegation_from) == ("Til naboer.", date(2029, 2, 28))
    assert copied.grounds.get().criterion == copied.criteria.get()
    assert list(made.standing_reviewers.all()) == [people.rie()]
    opened, opens = (timezone.localtime(row.opens_at) for row in (was, moved))
    assert (opens.year, opens.time()) == (opened.year + 1, opened.time())
    assert not made.ledger.exists()
    with refuses(RuleBroken, "Der er allerede en pulje med koden NY i 2028."):
        copy_pool(pool, by=karl, at=now, name="Nabopuljen", code="NY", year=2028)
    bare = Pool.objects.create(code="B", year=2027, name="Bar", slug="bar")
    with refuses(RuleBroken, "Puljen har ingen regler at kopiere."):
        copy_pool(bare, by=karl, at=now, name="Bar", code="B", year=2028)


def test_frame_moves_in_pairs_once_and_never_between_test_and_real(karl, now):
    dora, pool, other = people.dora(), a_pool(frame_kr=KR(9_000)), a_pool(frame_kr=KR(0))
    facts = {"by": dora, "amount_kr": KR(4_000), "at": now, "note": "Juni"}

    for _twice in range(2):
        transfer(pool, other, cause="transfer:1", **facts)

    assert (remaining_kr(pool), remaining_kr(other)) == (5_000, 4_000)
    assert LedgerEntry.objects.filter(note="Juni").count() == 2
    with refuses(RuleBroken, "Vælg en anden pulje"):
        transfer(pool, pool, **facts)
    with refuses(RuleBroken, "En prøvepuljes penge er ikke rigtige"):
        transfer(pool, new(karl, now, is_test=True), **facts)
    with refuses(NotAllowed, "Det kan du ikke gøre. Det kan kun: administrator, leder."):
        transfer(pool, other, **facts | {"by": karl})


@pytest.mark.parametrize(("returns", "left"), [(True, 93_000), (False, 92_000)])
def test_money_of_a_pool_follows_its_newest_rule(now, returns, left):
    pool = a_pool(frame_kr=KR(100_000), recover_returns_to_frame=returns)
    walk = walk_to(S.IN_RECOVERY, pool=pool)
    walk.settle()

    money = money_of([pool])[pool.pk]

    assert (money.remaining_kr, money.recovered_kr) == (left, 1_000)
    assert remaining_kr(pool) == left


def test_a_test_pool_is_marked_and_never_public_paid_or_on_an_agenda(karl, now):
    pool = new(karl, now, is_test=True)
    assert (pool.code, pool.name) == ("T-NY", "TEST: Nabopuljen")
    fill(pool, karl, now)
    with refuses(RuleBroken, "En prøvepulje vises aldrig offentligt."):
        publish(pool, by=people.dora(), at=now)
    Pool.objects.filter(pk=pool.pk).update(is_public=True)
    assert public_pool(pool.slug, now) is None

    tried = a_pool()
    a_round(tried)
    Pool.objects.filter(pk=tried.pk).update(is_test=True)
    case = case_in(S.ACCEPTED, pool=tried)
    proposal = Payment.objects.filter(application=case)
    assert proposal.exists()
    assert not payable().exists()
    with refuses(RuleBroken, f"En prøvepulje betaler ikke: {case.number}."):
        payments.propose(proposal, by=people.fie(), at=now)
    big = case_in(S.RECOMMENDED, pool=tried, requested_kr=KR(50_000))
    with refuses(RuleBroken, f"En prøvepuljes sager kommer ikke for udvalget: {big.number}."):
        put_on_agenda(a_meeting([]), [big], by=people.sanne())

    real = copy_pool(pool, by=karl, at=now, name=pool.name, code=pool.code, year=2027)
    assert (real.code, real.name, real.account_string) == ("NY", "Nabopuljen", "3.64")
    assert not real.is_test
