"""Two people, or two windows, in one draft: nothing is lost and nothing is overwritten unseen."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache

from pulje.actions.application import application as actions
from pulje.actions.application.draft import THEIRS, Kept, Typing, save_step
from pulje.actions.digest import digest, digests
from pulje.errors import NotAllowed, WrongState
from pulje.models import Application
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, case_in
from tests.pulje.actions.telling import again, refuses

pytestmark = pytest.mark.django_db


class Texts:
    """A step of two texts."""

    def __init__(self, **typed: Any) -> None:
        self.values = typed

    def saved(self, application: Application) -> Mapping[str, Any]:
        return {name: getattr(application, name) for name in ("title", "summary")}

    def typed(self) -> Mapping[str, Any]:
        return self.values

    def keep(self, application: Application, values: Mapping[str, Any], **told: Any) -> None:
        actions.save_draft(application, fields=values, **told)


@pytest.fixture
def draft():
    cache.clear()
    case = a_draft(title="Før", summary="Kort")
    people.seat(case.applicant, bo())
    return case


def bo():
    return people.person("Bo")


def save(draft, now, by, base, page="", choices=None, **typed) -> Kept:
    return save_step(draft, Texts(**typed), by=by, at=now, typing=Typing(base, page, choices or {}))


def loaded(draft):
    return digests(Texts().saved(again(draft)))


def test_what_is_typed_is_written_and_told_who_wrote(draft, now):
    kept = save(draft, now, people.asta(), loaded(draft), title="Nyt", summary="Kort")

    case = again(draft)
    assert (case.title, case.edited_by, case.edited_at) == ("Nyt", people.asta(), now)
    assert (kept.written, kept.conflicts) == ({"title"}, ())
    assert kept.base["title"] == digest("Nyt")


def test_two_people_in_two_fields_keep_both(draft, now):
    asta, bos = loaded(draft), loaded(draft)

    save(draft, now, people.asta(), asta, title="Astas", summary="Kort")
    kept = save(draft, now, bo(), bos, title="Før", summary="Bos")

    assert (again(draft).title, again(draft).summary) == ("Astas", "Bos")
    assert kept.conflicts == ()


def test_the_same_field_twice_is_a_conflict_and_the_rest_is_saved(draft, now):
    asta, bos = loaded(draft), loaded(draft)
    save(draft, now, people.asta(), asta, title="Astas", summary="Kort")

    kept = save(draft, now, bo(), bos, title="Bos", summary="Bos korte")

    (conflict,) = kept.conflicts
    assert (conflict.name, conflict.theirs, conflict.mine) == ("title", "Astas", "Bos")
    assert (conflict.by, conflict.at) == (people.asta(), now)
    assert (again(draft).title, again(draft).summary) == ("Astas", "Bos korte")


def test_whose_text_is_chosen_stands(draft, now):
    asta, bos = loaded(draft), loaded(draft)
    save(draft, now, people.asta(), asta, title="Astas")
    (conflict,) = save(draft, now, bo(), bos, title="Bos").conflicts

    theirs = save(draft, now, bo(), bos, choices={"title": THEIRS}, title="Bos")
    assert (theirs.conflicts, again(draft).title) == ((), "Astas")

    save(draft, now, bo(), bos, choices={"title": conflict.choose_mine}, title="Bos")
    assert again(draft).title == "Bos"


def test_a_choice_made_of_an_older_text_asks_again(draft, now):
    asta, bos = loaded(draft), loaded(draft)
    save(draft, now, people.asta(), asta, title="Astas")
    (conflict,) = save(draft, now, bo(), bos, title="Bos").conflicts
    save(draft, now, people.asta(), loaded(draft), title="Astas nyere")

    kept = save(draft, now, bo(), bos, choices={"title": conflict.choose_mine}, title="Bos")

    assert kept.conflicts[0].theirs == "Astas nyere"
    assert again(draft).title == "Astas nyere"


def test_a_page_that_never_got_its_answer_does_not_fight_itself(draft, now):
    base = loaded(draft)
    save(draft, now, people.asta(), base, page="a", title="Halvt")

    kept = save(draft, now, people.asta(), base, page="a", title="Helt færdigt")

    assert kept.conflicts == ()
    assert again(draft).title == "Helt færdigt"


def test_another_window_of_the_same_person_is_a_conflict(draft, now):
    base = loaded(draft)
    save(draft, now, people.asta(), base, page="a", title="I den ene")

    (conflict,) = save(draft, now, people.asta(), base, page="b", title="I den anden").conflicts

    assert conflict.by == people.asta()


def test_both_wrote_the_same_is_no_conflict(draft, now):
    asta, bos = loaded(draft), loaded(draft)
    save(draft, now, people.asta(), asta, title="Ens")

    kept = save(draft, now, bo(), bos, title="Ens ")

    assert (kept.written, kept.conflicts) == (frozenset(), ())


def test_who_wrote_is_known_without_the_cache(draft, now):
    bos = loaded(draft)
    save(draft, now, people.asta(), loaded(draft), title="Astas")
    cache.clear()

    (conflict,) = save(draft, now, bo(), bos, title="Bos").conflicts

    assert conflict.by == people.asta()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("to\r\nlinjer", "to\nlinjer", id="line ends"),
        pytest.param([Decimal(25)], [Decimal("25.00")], id="amounts"),
        pytest.param(date(2027, 2, 2), "2027-02-02", id="a day"),
    ],
)
def test_the_same_value_has_the_same_digest(one, other):
    assert digest(one) == digest(other)


def test_nothing_is_nothing():
    assert digests({"a": None}) == digests({"a": ""})


def test_save_step_refuses(draft, now):
    with refuses(NotAllowed, "Det kan du ikke gøre"):
        save(draft, now, people.ulla(), {}, title="Min")
    with refuses(WrongState, "Ansøgningen er sendt"):
        save(case_in(CaseState.IN_REVIEW), now, people.asta(), {}, title="For sent")
