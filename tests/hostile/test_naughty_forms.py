"""Every naughty string in every field of every applicant form: kept as it is, or refused."""

from collections.abc import Callable, Mapping

import pytest
from django import forms
from django.http import QueryDict
from django.utils import timezone

from pulje.actions.application.application import save_draft
from pulje.actions.document import write_message
from pulje.forms.account import DemoIdentityForm, EmailForm
from pulje.forms.applicant.answer import AnswerForm, DeclineForm, TextForm
from pulje.forms.applicant.membership import ContactDataForm, InviteForm, LeaderForm
from pulje.forms.application.budget import Budget
from pulje.forms.application.idea import IdeaForm, PartnerForm
from pulje.forms.application.parts import ContactForm
from pulje.forms.application.review import SignForm
from pulje.forms.application.who import PeopleForm, WhoForm
from pulje.forms.fields import PlainField
from pulje.forms.grant.change import ChangeForm
from pulje.forms.grant.report import ReportForm
from pulje.forms.preferences import PreferencesForm
from pulje.models import Application, Question
from pulje.queries.application.questions import questions_of
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, a_pool, a_round, case_in
from tests.hostile.naughty import ALL, LONG, plain, turned

pytestmark = pytest.mark.django_db
Make = Callable[[Mapping[str, str], Application], forms.Form]
FORMS: dict[str, Make] = {
    "who": lambda data, case: WhoForm(
        data, user=people.asta(), applicants=[], kinds=case.version.applicant_kinds
    ),
    "people": lambda data, case: PeopleForm(data, user=people.asta(), application=case),
    "contact": lambda data, case: ContactForm(data, application=case),
    "idea": lambda data, case: IdeaForm(
        data, application=case, questions=questions_of(case.version)
    ),
    "partner": lambda data, case: PartnerForm(data),
    "sign": lambda data, case: SignForm(data, giving_back=True),
    "answer": lambda data, case: AnswerForm(data, {}),
    "text": lambda data, case: TextForm(data),
    "decline": lambda data, case: DeclineForm(data),
    "change": lambda data, case: ChangeForm(data, case=case, lines=list(case.budget_lines.all())),
    "report": lambda data, case: ReportForm(data, {}, lines=[]),
    "invite": lambda data, case: InviteForm(data),
    "contact data": lambda data, case: ContactDataForm(data, applicant=case.applicant),
    "leader": lambda data, case: LeaderForm(data),
    "e-mail": lambda data, case: EmailForm(data),
    "identity": lambda data, case: DemoIdentityForm(data),
    "preferences": lambda data, case: PreferencesForm(data, user=people.asta(), is_proved=False),
}


@pytest.fixture
def draft() -> Application:
    pool = a_pool()
    version = pool.versions.get()
    for number, kind in enumerate(("TEXT", "LONG_TEXT", "NUMBER", "DATE"), start=1):
        Question.objects.create(
            version=version, position=number, key=f"key_{number}", label=f"{number}?", kind=kind
        )
    return a_draft(round=a_round(pool))


def sent(data: Mapping[str, str]) -> QueryDict:
    query = QueryDict(mutable=True)
    query.update(data)
    return query


@pytest.mark.parametrize("name", FORMS)
def test_a_string_is_kept_as_it_is_or_refused_with_a_sentence(
    draft: Application, name: str
) -> None:
    fields = FORMS[name](sent({}), draft).fields
    texts = {field for field in fields if isinstance(fields[field], PlainField)}

    for number in range(len(ALL)):
        data = turned(number, list(fields))
        form = FORMS[name](sent(data), draft)
        said = [error for errors in form.errors.values() for error in errors]
        assert [error for error in said if not error.endswith((".", "?"))] == []
        kept = {field: form.cleaned_data[field] for field in texts & form.cleaned_data.keys()}
        assert kept == {field: plain(data[field]) for field in kept}


@pytest.mark.parametrize("name", FORMS)
def test_no_form_falls_over(draft: Application, name: str) -> None:
    fields = FORMS[name](sent({}), draft).fields

    for data in ({}, dict.fromkeys(fields, LONG), dict.fromkeys(fields, "a\x00b")):
        form = FORMS[name](sent(data), draft)
        form.is_valid()
        assert form.errors or not data


def test_the_database_gives_every_string_back(draft: Application) -> None:
    names = ["title", "summary", "description", "area", "learning", "q_key_1", "q_key_2"]
    asta = people.asta()

    for number in range(0, len(ALL), len(names)):
        form = IdeaForm(
            sent(turned(number, names)), application=draft, questions=questions_of(draft.version)
        )
        form.is_valid()
        said = {name: form.cleaned_data[name] for name in names if name in form.cleaned_data}
        fields = {name: text for name, text in said.items() if not name.startswith("q_")}
        answers = {name[2:]: text for name, text in said.items() if name.startswith("q_")}
        save_draft(draft, by=asta, fields={**fields, "answers": answers})
        draft = Application.objects.get(pk=draft.pk)
        assert {name: getattr(draft, name) for name in fields} == fields
        assert draft.answers == answers


def test_rows_and_messages_come_back_as_well() -> None:
    draft = case_in(CaseState.DRAFT)
    texts = [text for text in map(plain, ALL) if text and len(text) <= 200 and "\x00" not in text]

    for start in range(0, len(texts), 60):
        part = texts[start : start + 60]
        rows = {f"EXPENSE-{n}-text": text for n, text in enumerate(part)}
        rows |= {f"EXPENSE-{n}-amount_kr": "1" for n in range(60)}
        rows |= {"EXPENSE-TOTAL_FORMS": "60", "EXPENSE-INITIAL_FORMS": "0"}
        for kind in ("OWN_FUNDING", "OTHER_FUNDING"):
            rows |= {f"{kind}-TOTAL_FORMS": "0", f"{kind}-INITIAL_FORMS": "0"}
        save_draft(draft, by=people.asta(), fields={}, lines=Budget(sent(rows)).lines())
        saved = draft.budget_lines.order_by("position")
        assert list(saved.values_list("text", flat=True)) == part

    case, now = case_in(CaseState.SUBMITTED), timezone.now()
    some = list(dict.fromkeys(texts))[::10]
    for text in some:
        write_message(case, by=people.asta(), at=now, text=text)
    assert list(case.messages.order_by("pk").values_list("text", flat=True)) == some
