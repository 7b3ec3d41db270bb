"""Payments: collected, approved by another person, sent, confirmed or rejected one by one."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pulje.actions.grant import payment as actions
from pulje.errors import PuljeError
from pulje.exports.payment_csv import fingerprint, payment_file
from pulje.forms.grant.payment import ApproveForm, ProposeForm, RejectForm
from pulje.models import Payment
from pulje.queries.grant import payments as read
from pulje.rules.payments import four_eyes
from pulje.templatetags.words import dato
from workflow.hands import carry_out
from workflow.views.access import allow, may_do, not_now, told

PER_PAGE = 50


def payable(request: HttpRequest) -> HttpResponse:
    """What can be paid now; the chosen ones become a batch."""
    allow(request.user, "see_case")
    form = ProposeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            batch = actions.propose(form.chosen(), by=request.user, at=timezone.now())
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, "Udbetalingen er samlet. En anden skal godkende den.")
            return redirect("staff:batch", batch.pk)
    context = {
        "page": Paginator(read.payable(), PER_PAGE).get_page(request.GET.get("side")),
        "batches": read.latest_batches(),
        "form": form,
        "may_propose": may_do(request.user, "propose_payment"),
    }
    return render(request, "workflow/payments.html", context)


@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: its lines, how far it is, and the one next thing to do."""
    return _show(request, _batch_or_404(request, pk), ApproveForm())


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person's yes."""
    found = _batch_or_404(request, pk)
    form = ApproveForm(request.POST)
    if form.is_valid():
        try:
            actions.approve(found.batch, by=request.user, at=timezone.now())
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, "Udbetalingen er godkendt.")
            return redirect("staff:batch", pk)
    return _show(request, found, form)


@require_POST
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark the batch as sent with the hash of its file; the file is fetched from the page."""
    found = _batch_or_404(request, pk)
    sha256 = fingerprint(payment_file(found.lines))
    return _then_back(
        request,
        pk,
        "Betalingsfilen er klar. Hent den, og læg den i økonomisystemet.",
        lambda: actions.export(found.batch, by=request.user, at=timezone.now(), sha256=sha256),
    )


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as it was sent; refused when its lines are no longer the same."""
    allow(request.user, "export_payment")
    found = _batch_or_404(request, pk)
    content = payment_file(found.lines)
    if not found.batch.exported_at:
        raise Http404
    if not _is_as_sent(found):
        sentence = "En linje er afvist, siden filen blev sendt. Den gamle fil kan ikke hentes igen."
        way_on = {"way_on_url": f"/udbetaling/{pk}/", "way_on": "Gå til udbetalingen"}
        return not_now(request, "Filen er forældet", sentence, **way_on)
    name = f"udbetaling-{pk}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


@require_POST
def confirm_all(request: HttpRequest, pk: int) -> HttpResponse:
    """The bank has paid every line it has not answered about; all or nothing."""
    found = _batch_or_404(request, pk)
    return _then_back(
        request, pk, "Alle linjer er udbetalt.", lambda: _confirm(request, found.waiting)
    )


@require_POST
def confirm(request: HttpRequest, pk: int, payment: int) -> HttpResponse:
    """The bank has paid one line."""
    line = _line_or_404(request, pk, payment)
    return _then_back(request, pk, "Linjen er udbetalt.", lambda: _confirm(request, [line]))


def reject(request: HttpRequest, pk: int, payment: int) -> HttpResponse:
    """The bank refused one line; it can be proposed again with the next batch."""
    line = _line_or_404(request, pk, payment)
    form = RejectForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        facts = {"payment": line, "reason": form.cleaned_data["reason"]}
        try:
            carry_out(actions.reject, line.application, by=request.user, **facts)
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, "Udbetalingen er afvist og kan samles igen.")
            return redirect("staff:batch", pk)
    return render(request, "workflow/payment_reject.html", {"line": line, "form": form})


def _confirm(request: HttpRequest, lines: list[Payment]) -> None:
    with transaction.atomic():
        for line in lines:
            carry_out(actions.confirm, line.application, by=request.user, payment=line)


def _batch_or_404(request: HttpRequest, pk: int) -> read.BatchLines:
    allow(request.user, "see_case")
    found = read.batch_with_lines(pk)
    if found is None:
        raise Http404
    return found


def _line_or_404(request: HttpRequest, pk: int, payment: int) -> Payment:
    allow(request.user, "confirm_payment")
    lines = Payment.objects.select_related("application__applicant")
    return get_object_or_404(lines, pk=payment, batch=pk)


def _then_back(request: HttpRequest, pk: int, done: str, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, done)
    return redirect("staff:batch", pk)


def _show(request: HttpRequest, found: read.BatchLines, form: ApproveForm) -> HttpResponse:
    batch, user = found.batch, request.user
    context = {
        "found": found,
        "batch": batch,
        "form": form,
        "may_approve": may_do(user, "approve_payment")
        and four_eyes(batch.collected_by_id, user.pk),
        "may_export": may_do(user, "export_payment"),
        "may_confirm": may_do(user, "confirm_payment"),
        "has_file": _is_as_sent(found),
        "steps": _steps(found),
    }
    return render(request, "workflow/batch.html", context)


def _is_as_sent(found: read.BatchLines) -> bool:
    """The lines still make the very file that was sent."""
    sent = found.batch.file_sha256
    return bool(sent) and fingerprint(payment_file(found.lines)) == sent


def _steps(found: read.BatchLines) -> list[tuple[str, str, str]]:
    batch = found.batch
    done = 1 + bool(batch.approved_at) + bool(batch.exported_at) + found.is_paid
    approver = batch.approved_by.name if batch.approved_by else ""
    notes = (
        ("Samlet", f"{batch.collected_by.name}, {dato(batch.collected_at)}"),
        ("Godkendt", f"{approver}, {dato(batch.approved_at)}" if approver else "Af en anden"),
        ("Sendt til økonomi", dato(batch.exported_at) if batch.exported_at else "Betalingsfil"),
        ("Udbetalt", "Svar fra banken"),
    )
    states = ["done"] * done + ["current"] + ["todo"] * len(notes)
    return [(name, note, state) for (name, note), state in zip(notes, states, strict=False)]
