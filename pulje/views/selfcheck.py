"""Kan I søge? A plain form; the answers are judged, shown and forgotten."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from pulje.enums import ApplicantKind
from pulje.forms.application.selfcheck import SelfCheckForm
from pulje.queries.pool.public import OPEN, PublicPool, public_pools
from pulje.rules.selfcheck import Result, Verdict, judge
from pulje.views.public import card, shown_or_404

MOST_OTHERS = 3


@csrf_exempt  # writes nothing and needs no cookie
@login_not_required
def selfcheck(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions, or what the answers mean; ``igen`` shows the questions with the answers."""
    shown = shown_or_404(slug)
    about = card(shown)
    data = request.POST if request.method == "POST" else None
    form = SelfCheckForm(data, version=shown.version, who_may=str(about["who_may"]))
    if data is None or "igen" in data:
        return render(request, "public/selfcheck.html", about | {"check": form})
    result = judge(form.demands, form.answers())
    context = about | {
        "result": result,
        "heading": _heading(result, shown, one=form.kind == ApplicantKind.INDIVIDUAL),
        "tone": "info" if result.verdict == Verdict.ASK else "success",
        "fitting": len(result.of(Verdict.FITS)),
        "mending": len(result.of(Verdict.MEND)),
        "asking": len(result.of(Verdict.ASK)),
        "others": [card(other) for other in _others(shown, result, form.kind)],
        "one": form.kind == ApplicantKind.INDIVIDUAL,
        "said": [(name, data[name]) for name in form.fields if name in data],
    }
    return render(request, "public/selfcheck_result.html", context)


def _heading(result: Result, shown: PublicPool, *, one: bool) -> str:
    if result.verdict == Verdict.NEVER:
        return _("%(pool)s passer desværre ikke") % {"pool": shown.pool.name}
    if result.verdict == Verdict.ASK:
        return _("Det ser godt ud så langt.") if result.of(Verdict.FITS) else _("Det ved vi ikke.")
    return _("Ja, du kan godt søge.") if one else _("Ja, I kan godt søge.")


def _others(shown: PublicPool, result: Result, kind: str) -> Sequence[PublicPool]:
    """The pools named by the demands; after a no that is final, else those open to this kind."""
    if result.verdict != Verdict.NEVER and not result.other_pool_codes:
        return []
    pools = [other for other in public_pools(timezone.now()) if other.pool.code != shown.pool.code]
    named = [other for other in pools if other.pool.code in result.other_pool_codes]
    if named or result.verdict != Verdict.NEVER:
        return named
    fitting = (
        other
        for other in pools
        if other.state == OPEN and (not kind or kind in other.version.applicant_kinds)
    )
    return list(fitting)[:MOST_OTHERS]
