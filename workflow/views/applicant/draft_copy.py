"""Use an earlier application as the beginning of a new one."""

from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from pulje.actions.application.copy import copy_draft
from pulje.errors import PuljeError
from pulje.models import Application, Round, User
from pulje.queries.applicant.applicant import my_case
from pulje.queries.pool.public import OPEN, PublicPool, public_pools
from workflow.views.applicant.cases import own_case_or_404
from workflow.views.person import PersonRequest

A_MINUTE = 60


def copy(request: PersonRequest, pk: int) -> HttpResponse:
    """Choose an open pool, the same one first; the draft opens where something is missing."""
    earlier = own_case_or_404(request, pk)
    pools = _pools(earlier)
    refusal = ""
    if request.method == "POST":
        chosen = next((p for p in pools if p.pool.slug == request.POST.get("pulje")), None)
        try:
            if chosen is not None:
                draft = _copy_once(earlier, chosen.round, request.user)
                return redirect("applicant:edit", draft.pk)
        except PuljeError as error:
            refusal = error.sentence
    context = {"case": earlier, "pools": pools, "refusal": refusal}
    return render(request, "workflow/applicant/draft/copy.html", context)


def _pools(earlier: Application) -> list[PublicPool]:
    """The open pools that this kind of applicant may apply to."""
    kind = earlier.applicant.kind
    found = [
        shown
        for shown in public_pools(timezone.now())
        if shown.state == OPEN and kind in shown.version.applicant_kinds
    ]
    return sorted(found, key=lambda shown: shown.pool.code != earlier.pool.code)


@transaction.atomic
def _copy_once(earlier: Application, round: Round, user: User) -> Application:
    """A double click makes one draft."""
    User.objects.select_for_update().get(pk=user.pk)
    name = f"draft-copy:{earlier.pk}:{round.pk}:{user.pk}"
    known = my_case(user, cache.get(name) or 0)
    if known is not None:
        return known
    draft = copy_draft(earlier, round, by=user, at=timezone.now())
    cache.set(name, draft.pk, A_MINUTE)
    return draft
