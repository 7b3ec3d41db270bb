"""Who is told by mail of a letter on the case: never somebody who has left."""

from datetime import timedelta

import pytest
from django.utils import timezone

from letters import actions, channels
from letters.mail_address import mail_addresses
from letters.models import Channel, Letter
from pulje.models import Membership
from pulje.states import CaseState
from tests import people
from tests.factories import an_applicant, walk_to

pytestmark = pytest.mark.django_db


def test_a_contact_who_has_left_is_not_the_one_who_is_told() -> None:
    asta, ulla = people.asta(), people.ulla()
    applicant = an_applicant(email=asta.email)
    seat = people.seat(applicant, ulla)
    walk = walk_to(CaseState.SUBMITTED, applicant=applicant, contact_email=asta.email.upper())
    first = Letter.objects.get(application=walk.case)
    actions.render(first.pk)
    assert first.recipient_email == asta.email.upper()

    today = timezone.localdate()
    Membership.objects.filter(applicant=applicant, user=asta).update(ended_on=today)

    assert actions.deliver(first.pk)
    first.refresh_from_db()
    assert (first.channel, first.recipient_email) == (Channel.EMAIL, ulla.email)
    Membership.objects.filter(pk=seat.pk).update(ended_on=today + timedelta(days=1))
    nobody = mail_addresses([walk.case])
    assert channels.ways_of([walk.case], nobody)[walk.case.pk][0] == Channel.PRINT
    applicant.email = walk.case.applicant.email = "post@puljer.example"
    applicant.save()
    assert mail_addresses([walk.case]) == {walk.case.pk: "post@puljer.example"}
