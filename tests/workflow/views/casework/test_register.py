"""An application on paper: keyed in, late, refused with everything kept, and sent twice."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from letters.models import Letter
from pulje.enums import ApplicantKind, LateRule
from pulje.models import Applicant, Application, LineRule
from pulje.states import CaseState
from tests import people
from tests.factories import a_pool, a_round, an_applicant

pytestmark = pytest.mark.django_db
PATH = "/sag/ny/"


def rows(kind, *lines):
    data = {f"{kind}-TOTAL_FORMS": "3", f"{kind}-INITIAL_FORMS": "0"}
    for number, (text, amount) in enumerate(lines):
        data |= {f"{kind}-{number}-text": text, f"{kind}-{number}-amount_kr": amount}
    return data


def keyed(round, who, **more):
    day = timezone.localdate() - timedelta(days=3)
    return {
        "kvittering": "side-1",
        "round": str(round.pk),
        "channel": "PAPER",
        "received_on": f"{day:%Y-%m-%d}",
        "who": who,
        "title": "Fælles havedag",
        "description": "Vi laver haven om.",
        "requested_kr": "8.000",
        **rows("EXPENSE", ("Jord og planter", "8.000")),
        **rows("OWN_FUNDING"),
        **rows("OTHER_FUNDING"),
        **more,
    }


def paper(name="ansoegning_scannet.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n")


def test_a_paper_application_becomes_a_received_case_once(client):
    applicant, round = an_applicant(name="Havevennerne"), a_round()
    client.force_login(people.karl())

    answer = client.post(PATH, keyed(round, f"a:{applicant.pk}", files=paper()))
    again = client.post(PATH, keyed(round, f"a:{applicant.pk}"))

    case = Application.objects.get()
    entry = case.journal.get(event="register_on_behalf")
    assert (answer.status_code, answer["Location"]) == (302, f"/sag/{case.pk}/")
    assert again["Location"] == answer["Location"]
    assert (case.state, case.channel, case.requested_kr) == (CaseState.SUBMITTED, "PAPER", 8000)
    assert timezone.localdate(case.submitted_at) == timezone.localdate() - timedelta(days=3)
    assert (entry.by, entry.on_behalf_of) == (people.karl(), "Havevennerne")
    assert [line.text for line in case.budget_lines.all()] == ["Jord og planter"]
    assert [file.name for file in case.attachments.all()] == ["ansoegning_scannet.pdf"]
    assert Letter.objects.filter(application=case, kind="RECEIPT").count() == 1
    assert not applicant.memberships.filter(user=people.karl()).exists()


def test_who_applies_is_found_here_or_in_cvr_or_made(client):
    round = a_round()
    an_applicant(name="Havevennerne")
    client.force_login(people.karl())

    found = client.post(PATH, keyed(round, "", find="havevenner", soeg="1")).content.decode()
    new = {"kind": ApplicantKind.INFORMAL_GROUP, "name": "Gaden", "contact_phone": "12345678"}
    unreached = client.post(PATH, keyed(round, "NEW", **new)).content.decode()
    assert "Ingen breve kan nå ansøgeren" in unreached  # an e-mail alone opens no case
    client.post(PATH, keyed(round, "NEW", street="Gaden 1", postcode="3460", **new))

    assert "Havevennerne, Forening" in found
    assert 'value="Fælles havedag"' in found
    assert "skal rettes" not in found
    gaden = Applicant.objects.get(name="Gaden")
    assert (gaden.kind, gaden.phone) == (ApplicantKind.INFORMAL_GROUP, "12345678")
    assert gaden.applications.get().state == CaseState.SUBMITTED


@pytest.mark.parametrize(
    ("rule", "days", "said"),
    [
        (LateRule.REFUSE, 3, "Ansøgningen kom efter fristen"),
        (LateRule.MARK, 3, ""),
        (LateRule.REFUSE, 9, ""),
        (LateRule.MARK, 20, "Runden åbnede først"),
        (LateRule.MARK, -1, "kan ikke ligge i fremtiden"),
    ],
)
def test_the_day_of_receipt_decides(client, rule, days, said):
    now = timezone.now()
    round = a_round(
        a_pool(late_rule=rule),
        opens_at=now - timedelta(days=15),
        closes_at=now - timedelta(days=6),
    )
    day = timezone.localdate(now) - timedelta(days=days)
    client.force_login(people.karl())

    page = client.post(PATH, keyed(round, f"a:{an_applicant().pk}", received_on=f"{day:%Y-%m-%d}"))

    if said:
        assert said in page.content.decode()
        assert not Application.objects.exists()
    else:
        assert Application.objects.get().is_late == (days == 3)


def test_a_refused_page_keeps_all_that_was_keyed_in(client):
    round = a_round()
    cache.clear()
    client.force_login(people.karl())

    typed = keyed(round, "NEW", requested_kr="mange", cvr="123", files=paper())
    page = client.post(PATH, typed).content.decode()
    new = {"kind": ApplicantKind.INFORMAL_GROUP, "street": "Gaden 1", "postcode": "3460"}
    mended = keyed(round, "NEW", name="Gaden", **new)
    client.post(PATH, mended)

    for kept in ('value="Fælles havedag"', "Vi laver haven om.", 'value="mange"', 'value="123"'):
        assert kept in page
    assert "Skriv beløbet i tal" in page
    assert "ansoegning_scannet.pdf" in page
    assert 'value="Jord og planter"' in page
    assert Application.objects.get().attachments.get().name == "ansoegning_scannet.pdf"


def test_only_case_workers_key_in_and_never_for_their_own(client):
    own = an_applicant(signer=people.karl())
    round = a_round()
    for who in (people.dora, people.fie, people.asta, people.mads):
        client.force_login(who())
        assert client.get(PATH).status_code == 403

    client.force_login(people.karl())
    page = client.post(PATH, keyed(round, f"a:{own.pk}")).content.decode()

    assert "inhabil" in page
    assert not Application.objects.exists()


def test_types_of_expense_are_asked_for_where_the_pool_has_rules_about_them(client):
    with_rules, applicant = a_round(), an_applicant()
    LineRule.objects.create(version=with_rules.pool.versions.get(), category="FOOD", max_percent=50)
    typed = keyed(with_rules, f"a:{applicant.pk}") | {"EXPENSE-0-category": "FOOD"}
    client.force_login(people.karl())

    assert 'name="EXPENSE-0-category"' in client.get(PATH).content.decode()
    told = client.post(PATH, typed).content.decode()
    assert "passer ikke til puljens regler" in told
    assert '<option value="FOOD" selected>' in told
    client.post(PATH, typed | {"alligevel": "1"})

    assert Application.objects.get().budget_lines.get().category == "FOOD"
    without = a_round()
    chosen = client.post(PATH, typed | {"round": str(without.pk), "tilfoej": "EXPENSE"})
    assert 'name="EXPENSE-0-category"' not in chosen.content.decode()


def test_senseless_input_is_answered_with_a_page(client):
    client.force_login(people.karl())

    round = a_round()
    for more in (
        {"who": "a:99999999999999999999", "soeg": "1"},
        {"who": "cvr:x", "tilfoej": "EXPENSE"},
        {"find": "' & | :*\x00", "slet": "EXPENSE-9"},
        {"who": "a:x", "round": "x", "channel": "DIGITAL", "received_time": "25:00"},
    ):
        assert client.post(PATH, keyed(round, "") | more).status_code == 200
    assert client.post(PATH, {}).status_code == 200
    assert not Application.objects.exists()


def test_broken_rules_and_who_may_be_here_already_are_told_first(client):
    round = a_round(a_pool(ceiling_kr=5_000))
    known = an_applicant(name="Gadens Venner", phone="40 12 34 56")
    client.force_login(people.karl())
    typed = {"kind": ApplicantKind.INFORMAL_GROUP, "name": "Gaden", "contact_phone": "40123456"}

    page = client.post(PATH, keyed(round, "NEW", **typed)).content.decode()

    assert "Sagen er ikke oprettet endnu" in page
    assert "Puljen giver højst 5.000" in page
    assert f'value="a:{known.pk}"' in page
    assert not Application.objects.exists()

    client.post(PATH, keyed(round, "NEW", **typed, alligevel="1"))
    assert Application.objects.get().applicant.name == "Gaden"
