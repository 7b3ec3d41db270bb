"""The frame of the five steps: nothing typed is lost, nobody overwrites anybody, one door each."""

from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from pulje.models import Application
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, an_applicant, case_in

S = CaseState
STEPS = ("hvem", "ide", "budget", "bilag", "send")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_here() -> None:
    cache.clear()


@pytest.fixture
def asta(client: Client) -> Client:
    client.force_login(people.asta())
    return client


def client_of(user: object) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def bo() -> Client:
    return client_of(people.person("Bo"))


@pytest.fixture
def draft() -> Application:
    case = a_draft(title="Lektiecafé", applicant=an_applicant(name="Naboerne"))
    people.seat(case.applicant, people.person("Bo"))
    return case


def text(response: object) -> str:
    return unescape(" ".join(response.content.decode().split()))


def page(client: Client, draft: Application, step: str = "ide") -> dict[str, object]:
    """The idea's form as a browser has it when it is loaded."""
    context = client.get(f"/ansoeg/{draft.pk}/{step}/").context
    form = context["idea"]
    typed = {bound.html_name: bound.value() for bound in form}
    typed = {name: value for name, value in typed.items() if value not in (None, False)}
    rows = context["partners_form"]
    return typed | {
        "base": context["base"],
        "side": context["key"],
        "partner-TOTAL_FORMS": rows.total_form_count(),
        "partner-INITIAL_FORMS": rows.initial_form_count(),
        "target_group": ["Alle"],
    }


def save(client: Client, draft: Application, typed: dict, **more: object) -> object:
    headers = more.pop("headers", {})
    return client.post(f"/ansoeg/{draft.pk}/ide/", typed | more, headers=headers)


def autosave(client: Client, draft: Application, typed: dict, **more: object) -> object:
    return save(client, draft, typed, headers={"HX-Request": "true"}, **more)


def again(draft: Application) -> Application:
    return Application.objects.get(pk=draft.pk)


@pytest.mark.parametrize("step", STEPS)
def test_each_step_opens_with_the_guide(asta: Client, draft: Application, step: str) -> None:
    response = asta.get(f"/ansoeg/{draft.pk}/{step}/")

    assert response.status_code == 200
    number = STEPS.index(step) + 1
    assert f"trin {number} af 5" in text(response)
    assert f"/ansoeg/{draft.pk}/budget/" in text(response)
    assert client_of(people.ulla()).get(f"/ansoeg/{draft.pk}/{step}/").status_code == 404


def test_save_and_go_on_close_or_stay(asta: Client, draft: Application) -> None:
    typed = page(asta, draft)

    on = save(asta, draft, typed, frem="1")
    close = save(asta, draft, typed, luk="1")
    stay = save(asta, draft, typed, gem="1")

    goals = [response.headers["Location"] for response in (on, close, stay)]
    assert goals == [f"/ansoeg/{draft.pk}/budget/", "/ansoeg/", f"/ansoeg/{draft.pk}/ide/"]


def test_the_draft_opens_where_something_is_missing(asta: Client, draft: Application) -> None:
    assert asta.get(f"/ansoeg/{draft.pk}/kladde/").headers["Location"].endswith("/send/")
    draft.budget_lines.all().delete()
    assert asta.get(f"/ansoeg/{draft.pk}/kladde/").headers["Location"].endswith("/budget/")


def test_saving_never_asks_for_completeness(asta: Client, draft: Application) -> None:
    response = save(asta, draft, page(asta, draft), title="", starts_on="", frem="1")

    assert response.status_code == 302
    assert (again(draft).title, again(draft).starts_on) == ("", None)


def test_what_is_wrong_stays_and_the_rest_is_saved(asta: Client, draft: Application) -> None:
    response = save(asta, draft, page(asta, draft), title="Nyt", starts_on="i morgen", frem="1")

    assert again(draft).title == "Nyt"
    assert again(draft).starts_on == draft.starts_on
    said = text(response)
    assert "<title>Fejl: Jeres idé" in said
    assert 'value="i morgen"' in said
    assert "Det, der skal rettes, står stadig i felterne." in said


def test_autosave_answers_with_the_line_and_a_new_base(asta: Client, draft: Application) -> None:
    typed = page(asta, draft)

    first = autosave(asta, draft, typed, title="Ny")
    typed["base"] = first.context["base"]
    second = autosave(asta, draft, typed, title="Nyere")

    assert "Kladden er gemt kl." in text(first)
    assert 'hx-swap-oob="true"' in text(first)
    assert "<html" not in text(first)
    assert "En anden har også rettet" not in text(second)
    assert again(draft).title == "Nyere"


def test_a_lost_answer_is_no_conflict_with_oneself(asta: Client, draft: Application) -> None:
    typed = page(asta, draft)
    autosave(asta, draft, typed, title="Halvt")  # the answer never came

    response = save(asta, draft, typed, title="Helt", frem="1")

    assert response.status_code == 302
    assert again(draft).title == "Helt"


def test_two_people_in_two_fields_keep_both(asta: Client, bo: Client, draft: Application) -> None:
    astas, bos = page(asta, draft), page(bo, draft)

    save(asta, draft, astas, title="Astas titel", frem="1")
    save(bo, draft, bos, summary="Bos korte", frem="1")

    assert (again(draft).title, again(draft).summary) == ("Astas titel", "Bos korte")


def test_a_conflict_shows_both_texts_and_a_choice(
    asta: Client, bo: Client, draft: Application
) -> None:
    astas, bos = page(asta, draft), page(bo, draft)
    save(asta, draft, astas, title="Astas titel", frem="1")

    line = autosave(bo, draft, bos, title="Bos titel", summary="Bos korte")
    shown = save(bo, draft, bos, title="Bos titel", summary="Bos korte", frem="1")

    assert "En anden har også rettet ”Hvad hedder projektet?”." in text(line)
    assert "Asta skrev kl." in text(shown)
    assert "Astas titel</pre>" in text(shown)
    assert "Bos titel</pre>" in text(shown)
    assert (again(draft).title, again(draft).summary) == ("Astas titel", "Bos korte")
    (conflict,) = shown.context["conflicts"]
    chosen = {"valg-title": conflict["choose_mine"], "base": shown.context["base"]}
    response = save(bo, draft, bos | chosen, title="Bos titel", summary="Bos korte", frem="1")
    assert response.status_code == 302
    assert again(draft).title == "Bos titel"


def test_two_windows_of_one_person_are_told_apart(asta: Client, draft: Application) -> None:
    one, other = page(asta, draft), page(asta, draft)
    save(asta, draft, one, title="I den ene", frem="1")

    response = save(asta, draft, other, title="I den anden", frem="1")

    assert "i et andet vindue" in text(response)
    assert again(draft).title == "I den ene"


def test_the_back_button_overwrites_nothing(asta: Client, bo: Client, draft: Application) -> None:
    before = page(asta, draft)
    save(bo, draft, page(bo, draft), title="Bos titel", frem="1")

    save(asta, draft, before, frem="1")  # the old page sent once more, unchanged

    assert again(draft).title == "Bos titel"


def test_who_else_writes_is_shown(asta: Client, bo: Client, draft: Application) -> None:
    assert "skriver også" not in text(bo.get(f"/ansoeg/{draft.pk}/budget/"))

    assert "Bo skriver også i kladden lige nu" in text(asta.get(f"/ansoeg/{draft.pk}/ide/"))
    answer = autosave(bo, draft, page(bo, draft))
    assert "Asta skriver også i kladden lige nu" in text(answer)


def test_what_was_typed_before_the_log_in_ended_stands_there_again(
    asta: Client, draft: Application
) -> None:
    path, session = f"/ansoeg/{draft.pk}/ide/", asta.session
    text_typed = urlencode(page(asta, draft) | {"title": "Næsten tabt"}, doseq=True)
    told = {"who": str(people.asta().pk), "path": path, "at": timezone.now().timestamp()}
    session["typed"] = told | {"text": text_typed}
    session.save()

    again_there = asta.get(path)

    assert 'value="Næsten tabt"' in text(again_there)
    assert "Her er det, du skrev, før du blev logget af" in text(again_there)
    assert again(draft).title == "Lektiecafé"


def test_partners_and_answers_are_kept(asta: Client, draft: Application) -> None:
    draft.version.questions.create(position=1, key="nyt", kind="TEXT", label="Er det nyt?")
    row = {
        "partner-0-name": "Toftevangskolen",
        "partner-0-is_municipal": "on",
        "partner-0-leader_email": "lise@skole.example",
    }

    save(asta, draft, page(asta, draft) | row, q_nyt="Ja, helt", frem="1")

    assert again(draft).answers == {"nyt": "Ja, helt"}
    assert draft.partners.get().leader_email == "lise@skole.example"
    assert page(asta, draft)["partner-TOTAL_FORMS"] == 2


def test_a_returned_case_opens_the_named_parts_only(asta: Client) -> None:
    case = case_in(S.RETURNED)  # we asked about the budget

    assert asta.get(f"/ansoeg/{case.pk}/kladde/").headers["Location"].endswith("/budget/")
    idea = asta.get(f"/ansoeg/{case.pk}/ide/")
    asta.post(f"/ansoeg/{case.pk}/ide/", {"title": "Andet", "rettet": "1"})

    assert "Denne del kan ikke rettes nu" in text(idea)
    assert "Gem rettelserne" not in text(idea)
    assert again(case).title == case.title
    assert "Gem rettelserne" in text(asta.get(f"/ansoeg/{case.pk}/budget/"))


def test_dates_alone_can_be_opened(asta: Client) -> None:
    case = case_in(S.RETURNED)
    case.information_requests.update(parts=["dates"])
    ends = case.ends_on + timedelta(days=3)

    typed = {"base": asta.get(f"/ansoeg/{case.pk}/ide/").context["base"]}
    typed |= {"title": "Andet", "starts_on": case.starts_on, "ends_on": ends}
    response = asta.post(f"/ansoeg/{case.pk}/ide/", typed | {"rettet": "1"})

    assert response.headers["Location"] == f"/ansoeg/{case.pk}/"
    assert (again(case).title, again(case).ends_on) == (case.title, ends)


def test_a_sent_application_cannot_be_changed(asta: Client) -> None:
    case = case_in(S.IN_REVIEW)

    response = asta.post(f"/ansoeg/{case.pk}/ide/", {"title": "Andet"})

    assert response.headers["Location"] == f"/ansoeg/{case.pk}/"
    assert again(case).title == case.title


def test_a_member_who_was_removed_saves_nothing(bo: Client, draft: Application) -> None:
    typed = page(bo, draft)
    draft.applicant.memberships.filter(user=people.person("Bo")).update(
        ended_on=timezone.localdate()
    )

    answer = autosave(bo, draft, typed, title="Bos")
    assert "ikke længere med" in answer.content.decode()
    assert again(draft).title == "Lektiecafé"


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("number", [1, 3])
def test_a_step_costs_the_same_for_one_and_three(
    asta: Client, draft: Application, django_assert_max_num_queries, step: str, number: int
) -> None:
    for n in range(number):
        draft.partners.create(position=n, name=f"Nabo {n}")
        draft.budget_lines.create(position=9 + n, kind="EXPENSE", text="Mad", amount_kr=1)
        people.seat(draft.applicant, people.person(f"Nabo{n}"), may_sign=True)

    with django_assert_max_num_queries(20):
        asta.get(f"/ansoeg/{draft.pk}/{step}/")
