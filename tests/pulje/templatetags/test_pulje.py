from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template

from pulje.states import CaseState
from pulje.templatetags.pulje import STATE_BADGES, milestone_steps


def html(text: str, **context: object) -> str:
    return " ".join(Template("{% load pulje %}" + text).render(Context(context)).split())


class ShortForm(forms.Form):
    amount = forms.CharField(label="Beløb", help_text="Højst 75.000 kr.")
    note = forms.CharField(label="Note", required=False)
    score = forms.ChoiceField(
        label="Samarbejde", choices=[(0, "0"), (1, "1")], widget=forms.RadioSelect
    )


RowFormSet = forms.formset_factory(ShortForm)


def test_every_state_has_a_badge() -> None:
    assert set(STATE_BADGES) == set(CaseState)


def test_status_says_the_words_of_its_reader() -> None:
    assert (
        html("{% status 'RETURNED' %}")
        == '<span class="badge badge-warning">Afventer oplysninger</span>'
    )
    assert "Vi mangler noget fra jer" in html("{% public_status 'RETURNED' %}")
    assert "Vi mangler noget fra dig" in html("{% public_status 'RETURNED' one=True %}")


def test_icon_with_a_label_is_an_image() -> None:
    assert 'role="img" aria-label="Udført"' in html("{% icon 'check' 'Udført' %}")
    assert 'aria-hidden="true"' in html("{% icon 'check' %}")


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        (CaseState.DRAFT, "todo todo todo todo todo"),
        (CaseState.SUBMITTED, "done current todo todo todo"),
        (CaseState.RETURNED, "done current todo todo todo"),
        (CaseState.REVIEWED, "done current todo todo todo"),
        (CaseState.APPROVED, "done done done current todo"),
        (CaseState.PAID, "done done done done current"),
        (CaseState.REPORT_SUBMITTED, "done done done done current"),
        (CaseState.REPORTED, "done done done done done"),
        (CaseState.REJECTED, "done done done"),
        (CaseState.WITHDRAWN, "todo todo todo todo todo"),
    ],
)
def test_timeline_follows_the_state(state: CaseState, steps: str) -> None:
    assert [step for _name, _note, step in milestone_steps(state, {})] == steps.split()


def test_budgetbar_gives_widths_as_attributes() -> None:
    bar = html(
        "{% budgetbar 'x' total granted=granted recommended=rec %}",
        total=Decimal(1000),
        granted=250,
        rec=500,
    )

    assert 'data-seg="granted" x="0.00%" width="25.00%"' in bar
    assert 'data-seg="rec" x="25.00%" width="50.00%"' in bar
    assert "rest 250\xa0kr." in Template(
        "{% load pulje %}{% budgetbar 'x' 1000 granted=250 recommended=500 %}"
    ).render(Context())
    assert "style=" not in bar


@pytest.mark.parametrize(("total", "width"), [(Decimal(0), "0.00%"), (Decimal(100), "100.00%")])
def test_budgetbar_stays_inside_its_frame(total: Decimal, width: str) -> None:
    assert f'x="0.00%" width="{width}"' in html(
        "{% budgetbar 'x' total granted=250 %}", total=total
    )


def test_field_ties_hint_and_error_to_its_control() -> None:
    shown = html("{% field form.amount suffix='kr.' %}", form=ShortForm({}))

    assert 'aria-describedby="id_amount-hint id_amount-error" aria-invalid="true"' in shown
    assert '<span class="form-hint" id="id_amount-hint">Højst 75.000 kr.</span>' in shown
    assert "(frivilligt)" not in shown


def test_optional_field_says_so() -> None:
    assert "(frivilligt)" in html("{% field form.note %}", form=ShortForm())


def test_error_summary_links_to_each_control() -> None:
    form = ShortForm({})
    form.add_error(None, "Puljen er lukket.")

    shown = html("{% error_summary form %}", form=form)

    assert "Tre ting skal rettes" in shown
    assert "<li>Puljen er lukket.</li>" in shown
    assert '<a href="#id_amount">Udfyld ”Beløb”</a>' in shown
    assert '<a href="#id_score_0">Udfyld ”Samarbejde”</a>' in shown


def test_error_summary_counts_the_rows_of_a_formset() -> None:
    rows = RowFormSet(
        {
            "form-TOTAL_FORMS": "1",
            "form-INITIAL_FORMS": "0",
            "form-0-amount": "1",
            "form-0-score": "7",
        }
    )

    assert "Én ting skal rettes" in html("{% error_summary rows %}", rows=rows)


def test_nothing_to_mend_shows_nothing() -> None:
    assert html("{% error_summary form %}", form=ShortForm()) == ""


def test_words_of_others_are_escaped() -> None:
    shown = html(
        "{% alert 'info' name %}{{ name }}{% endalert %}{% badge 'info' name %}", name="<b>"
    )

    assert "<b>" not in shown
