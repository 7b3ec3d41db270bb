"""Whoever came by MitID without an e-mail is asked for one before anything can be sent."""

import pytest
from django.utils import timezone

from pulje.models import User
from pulje.models.user import NO_MAIL
from pulje.queries.completeness import lacks
from tests import people
from tests.factories import a_draft, a_round

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
