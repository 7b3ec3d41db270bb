"""What a keyed verb asks beside who, how and when: the forms of the applicant's own pages."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest

from pulje.actions.grant.control import asked_control
from pulje.actions.grant.report import demand
from pulje.forms.application.parts import ContactForm
from pulje.forms.attachment import Upload
from pulje.forms.grant.change import ChangeForm
from pulje.forms.grant.report import ReportForm
from pulje.models import Application
from pulje.queries.applicant.applicant import open_request
from pulje.queries.grant.report import report_draft
from pulje.rules.reporting import Demand
from pulje.states import ANSWER_CONTROL, REQUEST_CHANGE, Verb
from workflow.views.applicant.case import pays_from
from workflow.views.applicant.draft import StepPage
from workflow.views.applicant.draft_budget import BudgetPage
from workflow.views.applicant.draft_idea import IdeaPage
from workflow.views.applicant.draft_who import WhoPage
from workflow.views.applicant.report import DEMANDS


class Part:
    """Nothing more: the base, and what most verbs have."""

    template: ClassVar[str] = ""
    form: Any = None  # the one its template shows
    asks: ClassVar[str] = "Det har vi bedt om"  # over what is answered
    stays = False  # the button only changed the page

    def __init__(self, request: HttpRequest, case: Application) -> None:
        self.request, self.case = request, case
        self.build(request.POST if request.method == "POST" else None)

    def build(self, data: Any) -> None:
        """Make the forms, bound when something was sent."""

    def forms(self) -> Sequence[BaseForm | BaseFormSet]:
        return []

    def is_valid(self) -> bool:
        return all([form.is_valid() for form in self.forms()])

    def uploads(self) -> list[Upload]:
        return []

    def facts(self) -> Mapping[str, Any]:
        """What the action gets, when all is valid."""
        return {}

    def context(self) -> Mapping[str, Any]:
        return {}


class ReportPart(Part):
    template = "workflow/casework/_keyed_report.html"

    def build(self, data: Any) -> None:
        saved = report_draft(self.case)
        one, files = self.case.applicant.is_one_person, self.request.FILES or None
        facts = {"report": saved.report, "lines": saved.lines, "one": one, "sending": True}
        self.form = ReportForm(data, files, **facts)

    def forms(self) -> Sequence[BaseForm]:
        return [self.form]

    def uploads(self) -> list[Upload]:
        return list(self.form.uploads())

    def facts(self) -> Mapping[str, Any]:
        return {"fields": self.form.said(), "lines": self.form.lines()}

    def context(self) -> Mapping[str, Any]:
        code = Demand(demand(self.case))
        return {"needs_accounts": code != Demand.STORY, "demand_text": DEMANDS[code]}


class ChangePart(Part):
    template = "workflow/casework/_keyed_change.html"

    def build(self, data: Any) -> None:
        lines = list(self.case.budget_lines.order_by("position"))
        self.form = ChangeForm(data, case=self.case, lines=lines)

    def forms(self) -> Sequence[BaseForm]:
        return [self.form]

    def facts(self) -> Mapping[str, Any]:
        return self.form.facts()


class ContactPage(WhoPage):
    """Whom we can ask; nobody is asked along from here."""

    def build(self) -> None:
        self.form = ContactForm(self.data, application=self.case, opened=self.opened)

    def forms(self) -> Sequence[BaseForm]:
        return [self.form]

    def context(self) -> dict[str, Any]:
        return {"contact": self.form}


class MendPart(Part):
    """The steps of the application that hold a part we asked about, its other fields locked."""

    template = "workflow/casework/_keyed_mend.html"

    def build(self, data: Any) -> None:
        self.asked = open_request(self.case)
        opened = frozenset(self.asked.parts) if self.asked else frozenset()
        pages: list[StepPage] = [page(self.request, self.case, data, opened) for page in PAGES]
        self.pages = [page for page in pages if not page.is_locked]
        self.stays = any(page.stays for page in self.pages)

    def forms(self) -> Sequence[BaseForm | BaseFormSet]:
        return [form for page in self.pages for form in page.forms()]

    def facts(self) -> Mapping[str, Any]:
        return {"steps": self.pages}

    def context(self) -> Mapping[str, Any]:
        names = [page.name for page in self.pages]
        found: dict[str, Any] = {"mends": names, "asked": self.asked.message if self.asked else ""}
        for page in self.pages:
            found |= page.context()
            if isinstance(page, IdeaPage):
                found["has_partners"] = page.has_partners
        return found


class HearingPart(Part):
    asks = "Oplysningen, ansøgeren er hørt om"

    def context(self) -> Mapping[str, Any]:
        return {"asked": self.case.hearings.get(ended_at=None).fact}


class AcceptPart(Part):
    def context(self) -> Mapping[str, Any]:
        return {"pays_from": pays_from(self.case)}


class ControlPart(Part):
    def context(self) -> Mapping[str, Any]:
        return {"asked": asked_control(self.case).reason}


PAGES: Sequence[type[StepPage]] = (ContactPage, IdeaPage, BudgetPage)
PARTS: Mapping[str, type[Part]] = {
    Verb.ANSWER_INFORMATION: MendPart,
    Verb.ANSWER_HEARING: HearingPart,
    Verb.ACCEPT: AcceptPart,
    Verb.SUBMIT_REPORT: ReportPart,
    REQUEST_CHANGE: ChangePart,
    ANSWER_CONTROL: ControlPart,
}
