"""The applicant's own people: who is with it, who may bind it, and what became of its cases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pulje.actions.applicant import board, invitation, membership
from pulje.actions.application import applicant as applicants
from pulje.enums import MemberRole
from pulje.errors import PuljeError
from pulje.forms.applicant.membership import (
    ContactDataForm,
    HandOverForm,
    InviteForm,
    NothingForm,
    ProofForm,
    RoleForm,
    SigningForm,
)
from pulje.models import Application, Invitation, Membership, User
from pulje.queries.applicant.membership import (
    HAS_BOARD,
    Account,
    account,
    boards_to_confirm,
    my_seats,
)
from pulje.states import CaseState
from workflow.asking import ask_leader, invite, invite_again
from workflow.told import Telling, shown_state, telling, with_telling
from workflow.views.applicant.cases import own_case_or_404
from workflow.views.person import PersonRequest

PER_PAGE = 20


@dataclass
class Asked:
    """One verb as it was sent: who, to what, with which form."""

    request: PersonRequest
    found: Account
    form: Any
    at: datetime

    @property
    def by(self) -> Any:
        return self.request.user

    @property
    def said(self) -> dict[str, Any]:
        return self.form.cleaned_data

    def member(self) -> Membership:
        """The place the form is about, of this applicant and no other."""
        pk = self.request.POST.get("member") or self.request.GET.get("member", "")
        seats = self.found.applicant.memberships.select_related("user")
        return get_object_or_404(seats, pk=pk if pk.isdecimal() else 0)

    def invitation(self) -> Invitation:
        pk = self.request.POST.get("invitation", "")
        return get_object_or_404(self.found.applicant.invitations, pk=pk if pk.isdecimal() else 0)


@dataclass(frozen=True)
class Verb:
    """A form on the page: what it asks, what is done, what is said afterwards."""

    form: Callable[[PersonRequest | None, Account], forms.Form]
    do: Callable[[Asked], object]
    done: str | Promise


def _plain(kind: type[forms.Form]) -> Callable[[PersonRequest | None, Account], forms.Form]:
    def build(request: PersonRequest | None, found: Account) -> forms.Form:
        return kind(request.POST, request.FILES) if request else kind()

    return build


def _contact(request: PersonRequest | None, found: Account) -> forms.Form:
    return ContactDataForm(request.POST if request else None, applicant=found.applicant)


def _signing(request: PersonRequest | None, found: Account) -> forms.Form:
    initial = {"two_must_sign": found.applicant.two_must_sign}
    return SigningForm(request.POST if request else None, initial=initial)


def _role(request: PersonRequest | None, found: Account) -> forms.Form:
    """One per member, so its ids carry the member's."""
    assert request is not None
    return RoleForm(request.POST, prefix=f"m{request.POST.get('member', '')}")


def _hand_over(request: PersonRequest | None, found: Account) -> forms.Form:
    form = HandOverForm(request.POST if request else None)
    choices = [(str(seat.pk), seat.user.name) for seat in found.others]
    form.fields["member"].choices = [("", _("Vælg")), *choices]
    return form


def _invite(a: Asked) -> object:
    role = MemberRole(a.said["role"])
    facts = {"email": a.said["email"], "role": role, "may_sign": a.said["may_sign"]}
    return invite(a.found.applicant, by=a.by, at=a.at, **facts)


def _change_role(a: Asked) -> object:
    role, may_sign = MemberRole(a.said["role"]), a.said["may_sign"]
    return membership.change_role(a.member(), by=a.by, at=a.at, role=role, may_sign=may_sign)


def _hand_it_over(a: Asked) -> object:
    return membership.hand_over(a.member(), by=a.by, at=a.at, leave_too=a.said["leave_too"])


def _attach(a: Asked) -> object:
    upload = a.said["proof"]
    return membership.attach_proof(
        a.found.own, by=a.by, at=a.at, name=upload.name, content=upload.content
    )


VERBS: Mapping[str, Verb] = {
    "inviter": Verb(_plain(InviteForm), _invite, _("Invitationen er sendt.")),
    "send-igen": Verb(
        _plain(NothingForm),
        lambda a: invite_again(a.invitation(), by=a.by, at=a.at),
        _("Invitationen er sendt igen."),
    ),
    "traek-tilbage": Verb(
        _plain(NothingForm),
        lambda a: invitation.revoke(a.invitation(), by=a.by, at=a.at),
        _("Invitationen er trukket tilbage. Linket virker ikke mere."),
    ),
    "bekraeft": Verb(
        _plain(NothingForm),
        lambda a: membership.confirm_member(a.member(), by=a.by, at=a.at),
        _("Tak. Personen er bekræftet."),
    ),
    "fjern": Verb(
        _plain(NothingForm),
        lambda a: membership.remove(a.member(), by=a.by, at=a.at),
        _("Personen er ikke længere med. Det, personen har skrevet, bliver."),
    ),
    "rolle": Verb(_role, _change_role, _("Rollen er ændret.")),
    "overdrag": Verb(_hand_over, _hand_it_over, _("Opgaverne er givet videre.")),
    "forlad": Verb(
        _plain(NothingForm),
        lambda a: membership.leave(a.found.own, by=a.by, at=a.at),
        _("Du er ikke længere med. Det, du har skrevet, bliver hos foreningen."),
    ),
    "kontakt": Verb(
        _contact,
        lambda a: applicants.change_contact(a.found.applicant, by=a.by, **a.said),
        _("Oplysningerne er gemt."),
    ),
    "underskrifter": Verb(
        _signing,
        lambda a: applicants.set_two_must_sign(a.found.applicant, by=a.by, **a.said),
        _("Reglen for underskrifter er gemt."),
    ),
    "bestyrelse": Verb(
        _plain(NothingForm),
        lambda a: board.confirm_board(a.found.applicant, by=a.by, at=a.at),
        _("Tak. Vi spørger igen om et år."),
    ),
    "bevis": Verb(_plain(ProofForm), _attach, _("Tak. Dokumentet er gemt, og vi ser på det.")),
}
ASKS_FIRST = ("fjern", "forlad")
FORMS = {
    "invite_form": "inviter",
    "contact_form": "kontakt",
    "signing_form": "underskrifter",
    "hand_over_form": "overdrag",
    "proof_form": "bevis",
}


@require_safe
def mine(request: PersonRequest) -> HttpResponse:
    """Everybody the person belongs to."""
    asked = boards_to_confirm(request.user, timezone.localdate())
    context = {"seats": my_seats(request.user), "asked": {applicant.pk for applicant in asked}}
    return render(request, "workflow/applicant/my_applicants.html", context)


@require_safe
def one(request: PersonRequest, pk: int) -> HttpResponse:
    """One applicant: its people, its cases, its data."""
    return _show(request, _account_or_404(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: PersonRequest, pk: int, verb: str) -> HttpResponse:
    """One verb; what is wrong is said on the same page, with everything that was typed."""
    if verb not in VERBS:
        raise Http404
    found = _account_or_404(request, pk)
    if verb in ASKS_FIRST and "ja" not in request.POST:
        return _ask_first(request, found, verb)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = VERBS[verb].form(request, found)
    if form.is_valid():
        try:
            VERBS[verb].do(Asked(request, found, form, timezone.now()))
        except PuljeError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, VERBS[verb].done)
            is_with = account(request.user, pk) is not None
            return redirect("applicant:account", pk) if is_with else redirect("applicant:accounts")
    return _show(request, found, verb, form)


def _ask_first(request: PersonRequest, found: Account, verb: str) -> HttpResponse:
    """The page between the button and the deed; what would be refused is refused at once."""
    asked = Asked(request, found, NothingForm({}), timezone.now())
    applicant, is_leaving = found.applicant, verb == "forlad"
    seat = found.own if is_leaving else asked.member()
    try:
        if is_leaving:
            membership.check_not_last(seat)
        else:
            membership.check_manages(request.user, applicant)
    except PuljeError as refusal:
        asked.form.add_error(None, refusal.sentence)
        return _show(request, found, verb, asked.form)
    is_last = is_leaving and membership.is_last_signer(seat)
    drafts = applicant.applications.filter(state=CaseState.DRAFT).count() if is_last else 0
    context = {"applicant": applicant, "seat": seat, "is_leaving": is_leaving, "drafts": drafts}
    return render(request, "workflow/applicant/member_ends.html", context)


@require_safe
def proof(request: PersonRequest, pk: int, seat: int) -> FileResponse:
    """The document as a download, to the person and to who may confirm."""
    found = _account_or_404(request, pk)
    wanted = next((one for one in found.seats if one.pk == seat), None)
    if wanted is None or not wanted.proof_file:
        raise Http404
    if wanted.pk != found.own.pk and not found.may_manage:
        raise Http404
    return proof_file(wanted)


def proof_file(seat: Membership) -> FileResponse:
    """A browser never shows it as a page of ours."""
    return FileResponse(
        seat.proof_file.open("rb"),
        as_attachment=True,
        filename=seat.proof_name,
        content_type="application/octet-stream",
    )


@require_POST
def ask_partner(request: PersonRequest, pk: int, partner: int) -> HttpResponse:
    """Ask the leader of an institution, or ask again."""
    ask_and_tell(request, own_case_or_404(request, pk), partner)
    return redirect("applicant:case", pk)


def ask_and_tell(request: HttpRequest, case: Application, partner: int) -> None:
    """Ask the leader of the case's partner, and say how it went."""
    found = get_object_or_404(case.partners, pk=partner)
    try:
        ask_leader(found, by=cast(User, request.user), at=timezone.now())
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Lederen er spurgt."))


def _account_or_404(request: PersonRequest, pk: int) -> Account:
    found = account(request.user, pk)
    if found is None:
        raise Http404
    return found


def _show(
    request: PersonRequest, found: Account, verb: str = "", form: forms.Form | None = None
) -> HttpResponse:
    cases = Paginator(with_telling(found.cases).select_related("pool", "applicant"), PER_PAGE)
    page = cases.get_page(request.GET.get("side"))
    own = {name: VERBS[key].form(None, found) for name, key in FORMS.items()}
    if form is not None:
        own |= {name: form for name, key in FORMS.items() if key == verb}
    asked = found.applicant.kind in HAS_BOARD and found.may_manage
    today = timezone.localdate()
    context = {
        "account": found,
        "applicant": found.applicant,
        "page": page,
        "cases": [(case, shown_state(case), telling(case) == Telling.UNOPENED) for case in page],
        "form": form,
        "rows": [(seat, _role_form(seat, form)) for seat in found.seats],
        "asks_board": asked and found.applicant in boards_to_confirm(request.user, today),
        "has_board": found.applicant.kind in HAS_BOARD,
    }
    return render(request, "workflow/applicant/members.html", context | own)


def _role_form(seat: Membership, sent: forms.Form | None) -> forms.Form:
    """The member's role as it is, or as it was sent and refused."""
    prefix = f"m{seat.pk}"
    if sent is not None and sent.prefix == prefix:
        return sent
    return RoleForm(prefix=prefix, initial={"role": seat.role, "may_sign": seat.may_sign})
