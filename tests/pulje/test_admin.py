import pytest
from django.urls import reverse

from pulje.admin import site
from pulje.enums import Role
from pulje.models import AppealGuidance, LedgerEntry, User
from pulje.states import CaseState
from tests import people
from tests.factories import case_in

S = CaseState


@pytest.fixture(autouse=True)
def _the_framework_s_templates(settings) -> None:
    """Django's own admin pages print what is not there; ours may not."""
    options = settings.TEMPLATES[0]["OPTIONS"] | {"string_if_invalid": ""}
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"OPTIONS": options}]


@pytest.fixture
def alba(client, db) -> User:
    """An administrator, logged in."""
    person = people.person("Alba", Role.ADMINISTRATOR)
    client.force_login(person)
    return person


@pytest.mark.usefixtures("alba")
def test_every_list_and_row_opens(client):
    case_in(S.APPROVED)
    AppealGuidance.objects.create(legal_basis="KFM", version=1, text="Ring.")

    for model in site._registry:
        listed = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert client.get(listed).status_code == 200
        row = model.objects.order_by("pk").first()
        shown = client.get(f"{listed}{row.pk}/change/")
        assert shown.status_code == 200


@pytest.mark.parametrize("who", [people.karl, people.dora, people.asta])
def test_others_are_turned_away(client, db, who):
    client.force_login(who())

    assert client.get("/admin/", follow=True).status_code == 403


def test_strangers_log_in_on_the_common_page(client, db):
    shown = client.get("/admin/pulje/committee/", follow=True)

    assert shown.redirect_chain[-1] == ("/log-ind/?next=/admin/pulje/committee/", 302)


@pytest.mark.usefixtures("alba")
@pytest.mark.parametrize("model", ["application", "journalentry", "ledgerentry"])
def test_what_happened_is_only_read(client, model):
    case_in(S.APPROVED)
    row = {"application": "Application", "journalentry": "JournalEntry"}.get(model, "LedgerEntry")
    kind = next(kind for kind in site._registry if kind.__name__ == row)
    path = f"/admin/pulje/{model}/{kind.objects.order_by('pk')[0].pk}"

    assert client.get(f"/admin/pulje/{model}/add/").status_code == 403
    assert client.post(f"{path}/change/", {}).status_code == 403
    assert client.post(f"{path}/delete/", {"post": "yes"}).status_code == 403
    assert LedgerEntry.objects.count() == 2


@pytest.mark.usefixtures("alba")
def test_a_person_is_added_and_given_roles(client):
    told = {"email": "ny@puljer.example", "name": "Ny", "usable_password": "false"}

    added = client.post("/admin/pulje/user/add/", told | {"roles": [Role.FINANCE]})

    person = User.objects.get(email="ny@puljer.example")
    assert added.status_code == 302
    assert (person.roles, person.has_usable_password()) == ([Role.FINANCE], False)
    refused = client.post(
        f"/admin/pulje/user/{person.pk}/change/",
        {"email": person.email, "name": "Ny", "roles": ["SYSTEM"], "is_active": "on"},
    )
    assert refused.status_code == 200
    assert "Vælg en fra listen." in refused.content.decode()
