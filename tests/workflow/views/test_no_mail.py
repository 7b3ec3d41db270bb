"""Whoever came by MitID without an e-mail is asked for one before anything can be sent."""

import pytest
from django.utils import timezone

from letters.models import Mail
from pulje.actions.applicant.invitation import accept_invitation, invite
from pulje.models import User
from pulje.models.user import NO_MAIL
from pulje.queries.application.completeness import lacks
from tests import people
from tests.factories import a_draft, a_round, an_applicant

pytestmark = pytest.mark.django_db
NOWHERE = f"4d5d@{NO_MAIL}"


@pytest.fixture
def newcomer() -> User:
    return people.identified(User.objects.create_user(NOWHERE, name="Vera Vang"))


def test_the_form_begins_without_the_made_up_address(client, newcomer):
    pool = a_round().pool
    type(pool).objects.filter(pk=pool.pk).update(is_public=True)
    client.force_login(newcomer)

    page = client.get(f"/ansoeg/ny/{pool.slug}/").content.decode()

    assert "Vera Vang" in page
    assert NO_MAIL not in page


def test_the_made_up_address_is_refused_and_is_missing():
    draft = a_draft()
    draft.contact_email = NOWHERE

    found = [lack for lack in lacks(draft, timezone.localdate()) if lack.step == "who"]

    assert [lack.sentence for lack in found] == ["Skriv kontaktpersonens e-mail."]


def test_the_settings_tell_where_an_e_mail_can_be_given(client, newcomer):
    client.force_login(newcomer)

    page = client.get("/ansoeg/indstillinger/").content.decode()

    assert 'href="/start/e-mail/"' in page
    assert NO_MAIL not in page


@pytest.mark.parametrize("typed", [{"bed": "1"}, {"send": "1", "is_true": "on"}])
def test_a_signer_without_an_e_mail_is_said_to_get_no_link(client, newcomer, typed):
    ours = an_applicant(two_must_sign=True)
    people.seat(ours, newcomer, may_sign=True)
    draft = a_draft(applicant=ours)
    client.force_login(people.asta())
    sentence = "Vera har ikke givet os en e-mail. Bed Vera logge ind"

    assert sentence in client.get(f"/ansoeg/{draft.pk}/send/").content.decode()
    typed |= {"underskriver": str(newcomer.pk)}
    answer = client.post(f"/ansoeg/{draft.pk}/send/", typed, follow=True)

    told = [str(message) for message in answer.context["messages"]]
    assert any(sentence in one for one in told)
    assert not any("Vi har sendt et link" in one for one in told)
    assert not Mail.objects.exists()


@pytest.mark.parametrize("is_free", [True, False])
def test_the_invitations_address_becomes_the_e_mail_when_it_is_free(newcomer, is_free):
    now, email = timezone.now(), "Vera@nabo.example"
    invitation = invite(an_applicant(), by=people.asta(), at=now, email=email)
    if not is_free:
        User.objects.create_user("vera@nabo.example", name="En anden")

    accept_invitation(invitation, by=newcomer, at=now)

    newcomer.refresh_from_db()
    assert newcomer.email == ("vera@nabo.example" if is_free else NOWHERE)
