"""Step 1: who applies, whom we can ask, and who writes along. A draft begins here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.cache import cache
from django.db import transaction
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.application import application as actions
from pulje.actions.application.applicant import change_applicant, register
from pulje.enums import ApplicantKind
from pulje.errors import PuljeError
from pulje.forms.application.parts import ContactForm
from pulje.forms.application.who import PeopleForm, WhoForm
from pulje.models import Applicant, Application, PoolVersion, Round, User
from pulje.queries.applicant.applicant import my_applicants, my_case
from pulje.queries.applicant.membership import company_of
from pulje.queries.pool.public import OPEN, public_pool
from pulje.rules.eligibility import ADULT_YEARS, YOUNGEST_YEARS, age
from pulje.states import CaseState
from workflow.asking import ask_guardian, claim, invite
from workflow.views.applicant.cases import own_case_or_404
from workflow.views.applicant.draft import STEPS, StepPage, guide, show
from workflow.views.person import PersonRequest

ONE_DAY = 24 * 60 * 60


class WhoPage(StepPage):
    name: ClassVar[str] = "who"
    template: ClassVar[str] = "workflow/applicant/draft/who.html"
    parts: ClassVar[frozenset[str]] = frozenset({"contact"})

    def build(self) -> None:
        self.form = ContactForm(self.data, application=self.case, opened=self.opened)
        self.people = PeopleForm(
            self.data,
            user=self.request.user,
            application=self.case,
            needs_guardian=self._needs_guardian(),
        )

    def _needs_guardian(self) -> bool:
        """Only who goes on is asked for all: not while it saves itself, nor on leaving."""
        if self.opened is not None or not _goes_on(self.request):
            return False
        applicant = self.case.applicant
        seats = applicant.memberships.active().select_related("user")
        return applicant.is_one_person and any(_is_minor(seat.user) for seat in seats)

    def forms(self) -> Sequence[BaseForm | BaseFormSet]:
        return [self.form, self.people]

    def saved(self, application: Application) -> Mapping[str, Any]:
        return {name: getattr(application, name) for name in self.form.fields}

    def typed(self) -> Mapping[str, Any]:
        return self.form.said()

    def onward(self, *, at: datetime) -> HttpResponse | None:
        if self.opened is None:
            try:
                _ask_along(self.case, self.people, by=self.request.user, at=at)
            except PuljeError as refusal:
                self.refusal = refusal.sentence
        return None

    def context(self) -> dict[str, Any]:
        company = company_of(self.request.user, self.case)
        return {
            "contact": self.form,
            "people": self.people,
            "asks_guardian": any(_may_be_minor(seat.user) for seat in company.seats),
            "company": company,
        }


def who(request: PersonRequest, pk: int) -> HttpResponse:
    """Whom we can ask, and who writes along."""
    return show(request, pk, WhoPage)


@transaction.atomic
def _ask_along(case: Application, people: PeopleForm, *, by: User, at: datetime) -> None:
    said = people.cleaned_data
    if said["makker"]:
        invite(case.applicant, by=by, at=at, email=said["makker"], application=case)
    if said["guardian_email"] and case.applicant.kind == ApplicantKind.INDIVIDUAL:
        name, email = said["guardian_name"], said["guardian_email"]
        ask_guardian(case, by=by, at=at, name=name, email=email)


def _may_be_minor(user: User) -> bool:
    """Unknown counts: whoever logs in with MitID later may be 16."""
    return user.born_on is None or age(user.born_on, timezone.localdate()) < ADULT_YEARS


def _is_minor(user: User) -> bool:
    """Known by MitID to be 15-17; who is younger may not apply at all."""
    if user.born_on is None:
        return False
    return YOUNGEST_YEARS <= age(user.born_on, timezone.localdate()) < ADULT_YEARS


def _goes_on(request: PersonRequest) -> bool:
    return "frem" in request.POST and not request.headers.get("HX-Request")


def new(request: PersonRequest, slug: str) -> HttpResponse:
    """Begin: choose who applies. The draft is made once, however often the form comes."""
    shown = public_pool(slug, timezone.now())
    if shown is None:
        raise Http404
    if shown.state != OPEN and request.method != "POST":
        return redirect("pulje:pool", slug)
    user = request.user
    contact = Application(
        contact_name=user.called, contact_email=user.mail, contact_phone=user.phone
    )
    page = _Choosing(request, shown.round, shown.version)
    page.contact = ContactForm(page.data, application=contact)
    needs = _goes_on(request) and _is_minor(user) and page.is_for_one
    page.people = PeopleForm(page.data, user=user, application=None, needs_guardian=needs)
    if page.is_looking:
        return page.look()
    forms = [page.who, page.contact, page.people]
    if page.data is None or not all([form.is_valid() for form in forms]):
        return page.show()
    try:
        draft = _draft_once(page, at=timezone.now())
    except PuljeError as refusal:
        page.who.add_error(None, refusal.sentence)
        return page.show()
    if "luk" in request.POST:
        messages.success(request, _("Kladden er gemt."))
        return redirect("applicant:mine")
    return redirect("applicant:draft_idea", draft.pk)


def change(request: PersonRequest, pk: int) -> HttpResponse:
    """Let the draft be somebody else's, while it is a draft."""
    case = own_case_or_404(request, pk)
    if case.state != CaseState.DRAFT:
        return redirect("applicant:edit", pk)
    page = _Choosing(request, case.round, case.version, case)
    if page.is_looking:
        return page.look()
    if page.data is None or not page.who.is_valid():
        return page.show()
    try:
        with transaction.atomic():
            now = timezone.now()
            applicant = _applicant(page.who, by=request.user, at=now)
            change_applicant(case, applicant, by=request.user, at=now)
    except PuljeError as refusal:
        page.who.add_error(None, refusal.sentence)
        return page.show()
    messages.success(request, _("Nu er det %s, der søger.") % applicant.name)
    return redirect("applicant:draft_who", pk)


class _Choosing:
    """The page on which somebody chooses who applies: for a new draft, or one that changes."""

    contact: ContactForm | None = None
    people: PeopleForm | None = None

    def __init__(
        self,
        request: PersonRequest,
        round: Round,
        version: PoolVersion,
        case: Application | None = None,
    ) -> None:
        self.request, self.round, self.case = request, round, case
        self.is_looking = request.method == "POST" and "find" in request.POST
        self.data = request.POST if request.method == "POST" and not self.is_looking else None
        typed = request.POST.dict() if self.is_looking else {}
        typed.pop("company", None)  # what was chosen from an earlier list
        if case is not None:
            typed.setdefault("applicant", str(case.applicant_id))
        self.who = WhoForm(
            self.data,
            user=request.user,
            applicants=my_applicants(request.user),
            kinds=version.applicant_kinds,
            initial=typed,
        )
        self.key = _key(request)

    @property
    def is_for_one(self) -> bool:
        """What was chosen, before it is checked, is a single person."""
        known = self.who.applicants.get(str(self.who["applicant"].value()))
        kind = known.kind if known else self.who["kind"].value()
        return bool(kind == ApplicantKind.INDIVIDUAL)

    def look(self) -> HttpResponse:
        """What CVR says, on the page with everything typed; nothing is saved or demanded."""
        self.who.look()
        if self.contact is not None and self.people is not None:
            self.contact.initial.update(self.request.POST.dict())
            self.people.initial.update(self.request.POST.dict())
        if self.request.headers.get("HX-Request"):
            return self.show("workflow/applicant/draft/_company.html")
        return self.show()

    def show(self, template: str = "workflow/applicant/draft/new.html") -> HttpResponse:
        forms = [form for form in (self.who, self.contact, self.people) if form is not None]
        wrong = [form for form in forms if form.is_bound and form.errors]
        context = {
            "pool": self.round.pool,
            "round": self.round,
            "who": self.who,
            "found": self.who.found,
            "contact": self.contact,
            "people": self.people,
            "asks_guardian": _may_be_minor(self.request.user),
            "form": wrong[0] if wrong else None,  # its errors put "Fejl:" in the title
            "errors": forms,
            "key": self.key,
            "case": self.case,
        }
        context |= guide(self.case, "who") if self.case else _guide()
        return render(self.request, template, context)


def _guide() -> dict[str, Any]:
    """The step guide before there is a draft: the first step, and what comes."""
    rows = [
        {
            "number": number,
            "name": step.name,
            "title": step.title,
            "url": "",
            "info": "",
            "state": "current" if number == 1 else "todo",
            "error": False,
        }
        for number, step in enumerate(STEPS, start=1)
    ]
    return {"rows": rows, "current": rows[0], "total": len(rows)}


def _key(request: PersonRequest) -> str:
    """The form's own key: the same form sent twice makes one draft."""
    try:
        return UUID(request.POST.get("noegle", "")).hex
    except ValueError:
        return uuid4().hex


@transaction.atomic
def _draft_once(page: _Choosing, *, at: datetime) -> Application:
    """The form's draft: made the first time, found again when the form comes twice."""
    assert page.contact is not None
    assert page.people is not None
    user = User.objects.select_for_update().get(pk=page.request.user.pk)  # a double click waits
    name = f"kladde:{user.pk}:{page.key}"
    known = my_case(user, cache.get(name) or 0)
    if known is not None:
        return known
    applicant = _applicant(page.who, by=user, at=at)
    draft = actions.start_draft(page.round, applicant, by=user, at=at, title="")
    draft = actions.save_draft(draft, by=user, at=at, fields=page.contact.said())
    _ask_along(draft, page.people, by=user, at=at)
    cache.set(name, draft.pk, ONE_DAY)
    return draft


def _applicant(form: WhoForm, *, by: User, at: datetime) -> Applicant:
    """Who was chosen: known, claimed by its CVR number, or new."""
    if form.known is not None:
        return form.known
    if form.found.here is not None:
        claim(form.found.here, by=by, at=at)
        return form.found.here
    facts = form.facts()
    kind = ApplicantKind(facts.pop("kind"))
    return register(by=by, at=at, kind=kind, **facts)
