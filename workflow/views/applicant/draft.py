"""The frame around every step of the application form: load, save, autosave, conflict, guide.

A step is a ``StepPage`` in a module of its own (draft_who, draft_idea …); ``show`` runs it.
Whatever can be kept is kept, also beside errors; saving never asks for completeness.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import uuid4

from django.contrib import messages
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pulje.actions.application.application import save_draft
from pulje.actions.application.draft import Conflict, Kept, Typing, save_step
from pulje.actions.digest import digests
from pulje.errors import PuljeError
from pulje.models import Application, User
from pulje.queries.applicant.applicant import open_request
from pulje.queries.application.completeness import lacks
from pulje.states import CaseState
from pulje.templatetags.words import dato, tid
from pulje.views.typed import typed_before
from workflow.views.applicant.cases import own_case_or_404
from workflow.views.applicant.draft_here import others_here
from workflow.views.applicant.former import saves_the_text
from workflow.views.person import PersonRequest

OPEN = (CaseState.DRAFT, CaseState.RETURNED)


@dataclass(frozen=True)
class Step:
    """A step's place: its name in completeness, its address, its heading to many and to one."""

    name: str
    url: str
    title: str | Promise
    title_one: str | Promise

    def heading(self, application: Application) -> str:
        return str(self.title_one if application.applicant.is_one_person else self.title)

    def link(self, application: Application) -> str:
        return reverse(f"applicant:{self.url}", args=[application.pk])


STEPS = (
    Step("who", "draft_who", gettext_lazy("Hvem søger"), gettext_lazy("Hvem søger")),
    Step("idea", "draft_idea", gettext_lazy("Jeres idé"), gettext_lazy("Din idé")),
    Step("budget", "draft_budget", gettext_lazy("Budget"), gettext_lazy("Budget")),
    Step("attachments", "draft_attachments", gettext_lazy("Bilag"), gettext_lazy("Bilag")),
    Step(
        "review",
        "draft_review",
        gettext_lazy("Gennemse og send"),
        gettext_lazy("Gennemse og send"),
    ),
)


class StepPage:
    """One step: its forms, what of them can be kept, and how. Names are the step's own fields.

    ``opened`` are the parts we asked the applicant to mend; None means all of a draft. A step
    that finds none of its parts there is shown locked.
    """

    name: ClassVar[str]
    template: ClassVar[str]
    parts: ClassVar[frozenset[str]] = frozenset()
    fresh: ClassVar[str] = ""  # what of the page is drawn anew at every autosave (out of band)
    refusal = ""  # the sentence, when nothing could be saved
    stays = False  # the button only changes the page: it is shown again once all is saved

    def __init__(
        self,
        request: PersonRequest,
        case: Application,
        data: QueryDict | None,
        opened: frozenset[str] | None,
    ) -> None:
        self.request, self.case, self.data, self.opened = request, case, data, opened
        self.files = request.FILES if request.method == "POST" else None
        self.build()

    def build(self) -> None:
        """Make the forms: bound to ``self.data`` when that is there, else as saved."""
        raise NotImplementedError

    def forms(self) -> Sequence[BaseForm | BaseFormSet]:
        """All forms of the page, for the error summary."""
        raise NotImplementedError

    def saved(self, application: Application) -> Mapping[str, Any]:
        """The values as they are saved, by name; no name of a locked part."""
        raise NotImplementedError

    def typed(self) -> Mapping[str, Any]:
        """The values that are typed and can be kept, by the same names."""
        raise NotImplementedError

    def keep(
        self, application: Application, values: Mapping[str, Any], *, by: User, at: datetime
    ) -> None:
        """Write these values; the others are not touched."""
        save_draft(application, by=by, at=at, fields=values)

    def after(self, *, by: User, at: datetime) -> None:
        """What is done at every save beside the values, e.g. files that came with it."""

    def onward(self, *, at: datetime) -> HttpResponse | None:
        """Where to go when all is saved; None follows the button that was pressed.

        With ``refusal`` set, the page is shown again with that sentence.
        """
        return None

    def label(self, name: str) -> str:
        """What a value is called where two have written it."""
        forms = (form for form in self.forms() if isinstance(form, BaseForm))
        labels = (str(form[name].label) for form in forms if name in form.fields)
        return next(labels, _("Felterne"))

    def context(self) -> dict[str, Any]:
        """What the template needs besides what every step has."""
        return {}

    @property
    def is_locked(self) -> bool:
        return self.opened is not None and not self.opened & self.parts

    @property
    def has_errors(self) -> bool:
        return not all([form.is_valid() for form in self.forms()])


@saves_the_text
def show(request: PersonRequest, pk: int, page_of: type[StepPage]) -> HttpResponse:
    """One step of one draft: GET shows it, POST keeps it and goes on."""
    case = own_case_or_404(request, pk)
    if case.state not in OPEN:
        return _elsewhere(request, case)
    if request.method == "POST":
        page = page_of(request, case, request.POST, opened_parts(case))
        if not page.is_locked:
            return _keep(request, page)
    typed = typed_before(request, request.path)  # when the log-in ended while writing
    page = page_of(request, case, typed, opened_parts(case))
    base = dict(_typing(typed).base) if typed else digests(page.saved(case))
    return _page(request, page, Kept(base, frozenset(), ()), was_logged_off=typed is not None)


def _elsewhere(request: PersonRequest, case: Application) -> HttpResponse:
    """The case has left the applicant; whoever sent it twice gets the receipt of the first."""
    was_sent_twice = "send" in request.POST and case.state == CaseState.SUBMITTED
    return redirect("applicant:receipt" if was_sent_twice else "applicant:case", case.pk)


def opened_parts(case: Application) -> frozenset[str] | None:
    """What may be changed: None is all (a draft), else the parts that we asked about."""
    if case.state == CaseState.DRAFT:
        return None
    asked = open_request(case)
    return frozenset(asked.parts) if asked else frozenset()


def _keep(request: PersonRequest, page: StepPage) -> HttpResponse:
    now = timezone.now()
    has_errors = page.has_errors  # finds what can be kept, too
    try:
        kept = save_step(page.case, page, by=request.user, at=now, typing=_typing(request.POST))
        page.after(by=request.user, at=now)
    except PuljeError as refusal:
        return _refused(request, page, refusal.sentence)
    page.case.refresh_from_db()
    if request.headers.get("HX-Request") and not page.stays:
        return _save_line(request, page, kept)
    if not kept.conflicts and not has_errors and not page.stays:
        response = page.onward(at=now)
        if not page.refusal:
            return response or _onward(request, page, now)
    return _page(request, page, kept, was_saved=True)


def _refused(request: PersonRequest, page: StepPage, sentence: str) -> HttpResponse:
    """Nothing was saved; what is typed stays on the page with the sentence that says why."""
    page.case.refresh_from_db()
    if page.case.state not in OPEN and "send" in request.POST:
        return _elsewhere(request, page.case)
    kept = Kept(dict(_typing(request.POST).base), frozenset(), ())
    page.refusal = sentence
    if request.headers.get("HX-Request"):
        return _save_line(request, page, kept)
    return _page(request, page, kept)


def _typing(data: QueryDict) -> Typing:
    names = data.get("base", "").split()
    base = dict(pair.rsplit(":", 1) for pair in names if ":" in pair)
    choices = {name[5:]: data[name] for name in data if name.startswith("valg-")}
    return Typing(base, data.get("side", "")[:40], choices)


def _onward(request: PersonRequest, page: StepPage, now: datetime) -> HttpResponse:
    case = page.case
    if case.state == CaseState.RETURNED:
        messages.success(request, _("Rettelserne er gemt. Send svaret, når alt er med."))
        return redirect("applicant:case", case.pk)
    if "luk" in request.POST:
        messages.success(request, _("Kladden er gemt %s.") % tid(now))
        return redirect("applicant:mine")
    number = [step.name for step in STEPS].index(page.name)
    to = STEPS[number + 1] if "frem" in request.POST else STEPS[number]
    return redirect(f"applicant:{to.url}", case.pk)


def _save_line(request: PersonRequest, page: StepPage, kept: Kept) -> HttpResponse:
    """The answer to an autosave: the line, and what the page now builds on."""
    context = {
        "page": page,
        "case": page.case,
        "conflicts": _conflicts(request, page, kept),
        "oob": True,
        **_line(request, page, kept),
        **(page.context() if page.fresh else {}),
    }
    return render(request, "workflow/applicant/draft/saved.html", context)


def _line(request: PersonRequest, page: StepPage, kept: Kept) -> dict[str, Any]:
    return {
        "saved_at": saved_when(page.case),
        "others": others_here(request.user, page.case),
        "base": " ".join(f"{name}:{value}" for name, value in sorted(kept.base.items())),
    }


def _page(
    request: PersonRequest,
    page: StepPage,
    kept: Kept,
    *,
    was_saved: bool = False,
    was_logged_off: bool = False,
) -> HttpResponse:
    case, forms = page.case, page.forms()
    wrong = [form for form in forms if form.is_bound and not form.is_valid()]
    context = {
        "page": page,
        "case": case,
        "form": next(iter(wrong), None),  # its errors put "Fejl:" in the title
        "errors": forms,
        "was_saved": was_saved,
        "conflicts": _conflicts(request, page, kept),
        "was_logged_off": was_logged_off,
        "key": _typing(page.data or QueryDict()).page or uuid4().hex,
        **guide(case, page.name, has_errors=bool(wrong)),
        **_line(request, page, kept),
        **page.context(),
    }
    return render(request, page.template, context)


def _conflicts(request: PersonRequest, page: StepPage, kept: Kept) -> list[dict[str, Any]]:
    return [
        {
            "name": conflict.name,
            "label": page.label(conflict.name),
            "who": _who(request, conflict),
            "is_own": conflict.by == request.user,
            "theirs": as_text(conflict.theirs),
            "mine": as_text(conflict.mine),
            "choose_mine": conflict.choose_mine,
        }
        for conflict in kept.conflicts
    ]


def _who(request: PersonRequest, conflict: Conflict) -> str:
    at = tid(conflict.at) if conflict.at else ""
    if conflict.by is None:
        return _("En anden skrev:")
    if conflict.by == request.user:
        return _("Du skrev %s i et andet vindue:") % at
    return _("%(name)s skrev %(at)s:") % {"name": conflict.by.get_short_name(), "at": at}


def as_text(value: Any) -> str:
    """A value as people can read and copy it, whatever its kind."""
    match value:
        case None | "" | [] | ():
            return _("(tomt)")
        case bool():
            return _("Ja") if value else _("Nej")
        case date():
            return dato(value)
        case Decimal():
            return f"{value:.2f}".replace(".", ",")
        case dict():
            return ", ".join(as_text(one) for one in value.values() if one not in ("", None, False))
        case list() | tuple():
            return "\n".join(as_text(one) for one in value)
        case _:
            return str(value)


def saved_when(case: Application) -> str:
    """When the draft was saved last: kl. 14.32, with the day when it was not today."""
    at = case.edited_at or case.created_at
    day = "" if timezone.localdate(at) == timezone.localdate() else f"{dato(at)} "
    return f"{day}{tid(at)}"


def guide(case: Application, current: str, *, has_errors: bool = False) -> dict[str, Any]:
    """The step guide: a check for every step with nothing to mend, and the steps beside."""
    found = lacks(case, timezone.localdate())
    unfinished = {lack.step for lack in found} | {"review"}
    rows = [
        {
            "number": number,
            "name": step.name,
            "title": step.heading(case),
            "url": step.link(case),
            "info": case.applicant.name if step.name == "who" else "",
            "state": _state(step.name, current, unfinished),
            "error": has_errors and step.name == current,
        }
        for number, step in enumerate(STEPS, start=1)
    ]
    at = [step.name for step in STEPS].index(current)
    return {
        "rows": rows,
        "current": rows[at],
        "total": len(rows),
        "back": rows[at - 1]["url"] if at else "",
        "lacks": found,
    }


def _state(name: str, current: str, unfinished: set[str]) -> str:
    if name == current:
        return "current"
    return "open" if name in unfinished else "done"


def edit(request: PersonRequest, pk: int) -> HttpResponse:
    """On to the first step that is not finished; what we asked about when the case was returned."""
    case = own_case_or_404(request, pk)
    if case.state not in OPEN:
        return redirect("applicant:case", case.pk)
    return redirect(f"applicant:{_first(case).url}", case.pk)


def _first(case: Application) -> Step:
    opened = opened_parts(case)
    if opened is not None:
        parts = {"contact": "who", "idea": "idea", "dates": "idea"}
        names = {parts.get(part, part) for part in opened}
    else:
        names = {lack.step for lack in lacks(case, timezone.localdate())}
    return next((step for step in STEPS if step.name in names), STEPS[-1])
