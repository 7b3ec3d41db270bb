"""Every component on one page, in every base: the page the browser and axe look at."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import include, path
from django.utils import timezone

from pulje.states import CaseState

TEXT = (Path(__file__).parent / "gallery.html").read_text()
SCORES = [(number, str(number)) for number in range(4)]


class GalleryForm(forms.Form):
    title = forms.CharField(label="Hvad hedder projektet?", help_text="Højst 200 tegn.")
    amount = forms.CharField(label="Beløb")
    reason = forms.CharField(label="Begrundelse", widget=forms.Textarea, required=False)
    where = forms.ChoiceField(label="Hvor", choices=[("B", "Birkerød"), ("H", "Holte")])
    starts_on = forms.DateField(label="Begynder", widget=forms.DateInput({"type": "date"}))
    kind = forms.ChoiceField(
        label="Jeg søger for",
        choices=[("A", "En forening"), ("B", "Mig selv")],
        widget=forms.RadioSelect,
    )
    target_groups = forms.MultipleChoiceField(
        label="Hvem er det for?",
        choices=[("A", "Alle"), ("B", "Børn")],
        widget=forms.CheckboxSelectMultiple,
        help_text="Vælg gerne flere.",
    )
    attachment = forms.FileField(label="Vedtægter", required=False)
    agreed = forms.BooleanField(label="Oplysningerne er rigtige")
    score = forms.TypedChoiceField(
        label="Samarbejde", choices=SCORES, coerce=int, widget=forms.RadioSelect
    )


def gallery(request: HttpRequest, base: str) -> HttpResponse:
    today = timezone.localdate()
    if request.method == "GET":
        messages.success(request, "Svaret er sendt.")
    context = {
        "base": base,
        "form": GalleryForm({"amount": "25.000", "score": "2"} if "fejl" in request.GET else None),
        "states": list(CaseState),
        "notes": {1: "21. november", 2: "Vi mangler et svar fra jer"},
        "guide": [
            ("Hvem søger", "#1", "Birkerød Lektiecafé"),
            ("Jeres idé", "#2", ""),
            ("Budget", "#3", ""),
            ("Send", "#4", ""),
        ],
        "wrong": [3],
        "total": Decimal(600_000),
        "granted": Decimal(112_000),
        "recommended": Decimal(273_000),
        "deadlines": [
            today - timedelta(days=2),
            today,
            today + timedelta(days=30),
            timezone.now() + timedelta(days=3),
        ],
    }
    return HttpResponse(Template(TEXT).render(RequestContext(request, context)))


urlpatterns = [
    path("galleri/<slug:base>.html", lambda request, base: gallery(request, f"{base}.html"))
]
urlpatterns += [path("", include("config.urls"))]
