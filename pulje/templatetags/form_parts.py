"""What the templates of form fields and error summaries need to know, from Django's own forms."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    Field,
    FileInput,
    RadioSelect,
    Select,
    Textarea,
)
from django.forms.formsets import BaseFormSet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

NUMBER_WORDS = (
    *(N_("Ingen"), N_("Én"), N_("To"), N_("Tre"), N_("Fire"), N_("Fem"), N_("Seks"), N_("Syv")),
    *(N_("Otte"), N_("Ni")),
)


def field_context(bound: BoundField, *, hint: str, attrs: dict[str, Any]) -> dict[str, Any]:
    """What components/field.html shows: control, hint, errors and the ids that tie them."""
    field_id, errors = bound.auto_id, [str(text) for text in bound.errors]
    hint = hint or str(bound.help_text)
    described = " ".join([f"{field_id}-hint"] * bool(hint) + [f"{field_id}-error"] * bool(errors))
    kind = _kind(bound)
    context = {
        "kind": kind,
        "id": field_id,
        "hint": hint,
        "errors": errors,
        "described": described,
        "is_optional": not bound.field.required and kind != "checkbox",
        "lang": _lang(bound),
    }
    if kind == "choices":
        return context | {"options": list(options(bound)), "type": _choice_type(bound)}
    return context | {
        "control": bound.as_widget(attrs=_attributes(bound, kind, described, errors, attrs))
    }


def _lang(bound: BoundField) -> str:
    """What a pool asks itself is in the house's language on every page; empty where the page is.

    Source: WCAG 2.2, 3.1.2.
    """
    is_own = getattr(bound.field, "question", None) is not None
    home = settings.LANGUAGE_CODE
    return home if is_own and get_language() != home else ""


def options(bound: BoundField) -> Iterator[dict[str, Any]]:
    """The choices of a radio or tick field: id, name, value, label, whether it is chosen."""
    for widget in bound.subwidgets:
        data = widget.data
        if str(data["value"]) == "" and _choice_type(bound) == "radio":
            continue  # an empty choice is a select's business
        yield {
            "id": data["attrs"].get("id", f"{bound.auto_id}_{data['index']}"),
            "name": data["name"],
            "value": str(data["value"]),
            "label": data["label"],
            "checked": data["selected"],
        }


def summary(parts: tuple[BaseForm | BaseFormSet, ...]) -> dict[str, Any]:
    """All errors of forms and formsets as links to their fields, and a heading that counts them."""
    rows = [row for part in parts for row in _errors(part)]
    number = len(rows)
    word = _(NUMBER_WORDS[number]) if number < len(NUMBER_WORDS) else str(number)
    return {"rows": rows, "heading": _("%s ting skal rettes, før vi kan gå videre") % word}


def _errors(part: BaseForm | BaseFormSet) -> Iterator[dict[str, str]]:
    if not part.is_bound:
        return
    if isinstance(part, BaseFormSet):
        for form in part.forms:
            yield from _errors(form)
        yield from ({"href": "", "text": str(text)} for text in part.non_form_errors())
        return
    yield from ({"href": "", "text": str(text)} for text in part.non_field_errors())
    for name, errors in part.errors.items():
        if name in part.fields:
            bound = part[name]
            yield from (
                {"href": f"#{_target(bound)}", "text": _said(bound, str(text))} for text in errors
            )


def _said(bound: BoundField, text: str) -> str:
    """Far from its field, Django's "this field is required" must name the field."""
    required = Field.default_error_messages["required"]
    return _("Udfyld ”%s”") % bound.label if text == str(required) else text


def _target(bound: BoundField) -> str:
    if _kind(bound) != "choices":
        return bound.auto_id
    return next((option["id"] for option in options(bound)), bound.auto_id)


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, CheckboxInput):
        return "checkbox"
    if isinstance(widget, RadioSelect):  # and its child CheckboxSelectMultiple
        return "choices"
    if isinstance(widget, Select):
        return "select"
    if isinstance(widget, Textarea):
        return "area"
    return "file" if isinstance(widget, FileInput) else "text"


def _choice_type(bound: BoundField) -> str:
    return "checkbox" if bound.field.widget.allow_multiple_selected else "radio"


CLASSES = {"text": "form-input", "area": "form-input", "select": "form-select", "file": "pj-file"}
CLASSES |= {"checkbox": "form-checkbox"}


def _attributes(
    bound: BoundField, kind: str, described: str, errors: list[str], attrs: dict[str, Any]
) -> dict[str, Any]:
    css = [CLASSES[kind], bound.field.widget.attrs.get("class", "")]
    width = attrs.pop("width", "")
    if width:
        css.append(f"input-width-{width}")
    given = {
        name.replace("_", "-"): value for name, value in attrs.items() if value not in ("", None)
    }
    if described:
        given["aria-describedby"] = described
    if errors:
        given["aria-invalid"] = "true"
    if kind == "select" and _lang(bound):
        given["lang"] = _lang(bound)
    return given | {"class": " ".join(filter(None, css))}
