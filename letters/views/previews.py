"""A text as the letter it makes: typed just now, kept as a version, or all of them as pictures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from letters.forms.texts import PreviewForm
from letters.models import LetterText
from letters.previews import asking
from letters.previews.asking import Choices, Drawn, Preview
from letters.texts import overview
from letters.texts.standard import Standard
from letters.views.texts import allow, check_known
from letters.views.writing import Typed, basis_of, mark_of, show_form, text_form

LONGEST_ID = 12


@require_POST
def typed(request: HttpRequest, code: str) -> HttpResponse:
    """What is being written: pages as pictures for htmx, else the PDF or the form's errors."""
    allow(request)
    check_known(code)
    basis, form = basis_of(request), text_form(code, request.POST)
    form.is_valid()
    is_live = "HX-Request" in request.headers
    if form.problems or not form.cleaned_data.get("body"):
        if is_live:
            problems = form.problems or form.errors.get("body", [])
            return render(request, "letters/_text_preview.html", {"problems": problems})
        standing = overview.standing(code, basis, timezone.localdate())
        return show_form(request, form, code, standing, Typed(mark_of(request)))
    said = form.cleaned_data
    words = Standard(code, said.get("heading", ""), said["body"], said.get("english", ""))
    preview = asking.preview_of(words, basis, choices_of(request), timezone.localdate())
    made = asking.drawn(preview, is_live=is_live)
    if is_live:
        return render(request, "letters/_text_preview.html", {"drawn": made, "code": code})
    return as_pdf(request, made)


def choices_of(request: HttpRequest) -> Choices:
    """What was chosen for the preview; what cannot be read is the first of its choices."""
    form = PreviewForm(request.POST if request.method == "POST" else request.GET)
    form.is_valid()
    said = form.cleaned_data
    return Choices(
        one=said.get("som") == "dig",
        outcome=said.get("udfald") or Choices.outcome,
        decided_by=said.get("af") or Choices.decided_by,
        english=bool(said.get("engelsk")),
    )


def as_pdf(request: HttpRequest, made: Drawn | None) -> HttpResponse:
    """The PDF, a page that asks for patience, or one that says why there is none."""
    if made is None:
        posted = [(name, said) for name, all_said in request.POST.lists() for said in all_said]
        fields = [(name, said) for name, said in posted if name != "csrfmiddlewaretoken"]
        context = {"base": "base_staff.html", "fields": fields}
        return render(request, "papers/wait.html", context, status=202)
    if made.failure:
        context = {"heading": "Brevet kan ikke vises", "sentence": made.failure}
        return render(request, "errors/409.html", context, status=409)
    headers = {"Content-Disposition": 'inline; filename="brev.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(made.pdf, content_type="application/pdf", headers=headers)


@require_safe
def pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The letter of a kept version, or of the text that is shown when none is asked for.

    For htmx its pages as pictures.
    """
    preview = _kept(request, code)
    if "HX-Request" not in request.headers:
        return as_pdf(request, asking.drawn(preview))
    context = {"drawn": asking.drawn(preview, is_live=True), "again": request.get_full_path()}
    return render(request, "letters/_text_preview.html", context)


@require_safe
def picture(request: HttpRequest, code: str) -> HttpResponse:
    """Its first page; a picture that says so when there is none in time.

    For htmx the picture, or words that are asked again: thirty of them must hold no thread.
    """
    preview = _kept(request, code)
    if "HX-Request" in request.headers:
        context = {"drawn": asking.asked(preview), "again": request.get_full_path()}
        return render(request, "letters/_text_picture.html", context)
    made = asking.drawn(preview)
    if made is None:
        return redirect(static("letters/drawing.svg"))
    if not made.pages:
        return redirect(static("dkfds/icons/file-pdf.svg"))
    headers = {"Cache-Control": "private, no-cache"}
    return HttpResponse(made.pages[0], content_type="image/png", headers=headers)


def _kept(request: HttpRequest, code: str) -> Preview:
    """The letter of the version asked for, else of the text that is shown."""
    allow(request)
    check_known(code)
    asked, day = request.GET.get("version", ""), timezone.localdate()
    if asked.isdecimal() and len(asked) <= LONGEST_ID:
        text = get_object_or_404(LetterText, pk=asked, kind=code)
        words = Standard(code, text.heading, text.body, text.english)
        return asking.preview_of(words, text.legal_basis, choices_of(request), day)
    shown = asking.words_shown([code], "", day)[code]
    return asking.preview_of(shown, "", choices_of(request), day)


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every letter as a small picture, on the invented case."""
    allow(request)
    stages = overview.overview(timezone.localdate())
    kinds = [
        {"title": stage.title, "rows": [row for row in stage.rows if not row.legal_basis]}
        for stage in stages
        if stage.title != overview.SHARED
    ]
    context = {
        "stages": kinds,
        "choices": PreviewForm(request.GET or None),
        "asks": {"decided": True, "outcome": True},
        "query": request.GET.urlencode(),
    }
    return render(request, "letters/text_gallery.html", context)
