"""The demo's Digital Post: what the post office on this machine took. Only where settings.DEMO."""

from base64 import b64decode
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

NEWEST = 200
NS = {"m": "https://DigitalPost.dk/MeMo-1", "k": "http://kle-online.dk/"}
HEADER = "m:MessageHeader"


def _messages() -> list[Path]:
    """The newest first."""
    found = (settings.DATA_DIR / "digital-post" / "messages").glob("*.xml")
    return sorted(found, key=lambda one: (one.stat().st_mtime_ns, one.name), reverse=True)


def _facts(root: Element, key: str) -> dict[str, Any]:
    """What the table shows; of a CPR number nothing."""
    kind = _text(root, f"{HEADER}/m:Recipient/m:idType")
    number = _text(root, f"{HEADER}/m:Recipient/m:recipientID")
    return {
        "key": key,
        "label": _text(root, f"{HEADER}/m:label"),
        "to": _text(root, f"{HEADER}/m:Recipient/m:label"),
        "id": f"CVR {number}" if kind == "CVR" else "CPR ••••••-••••",
        "at": parse_datetime(_text(root, "m:MessageBody/m:createdDateTime")),
        "is_mandatory": _text(root, f"{HEADER}/m:mandatory") == "true",
        "kle": _text(root, f"{HEADER}/m:ContentData/k:KLEdata/k:subjectKey"),
        "files": [one.text or "" for one in root.findall(".//m:File/m:filename", NS)],
    }


def _text(root: Element, path: str) -> str:
    return root.findtext(path, "", NS)


@login_not_required
@require_safe
def box(request: HttpRequest) -> HttpResponse:
    """The newest messages first."""
    found = _messages()
    messages = [_facts(ElementTree.parse(one).getroot(), one.stem) for one in found[:NEWEST]]
    return render(request, "demo_digital_post.html", {"posts": messages, "count": len(found)})


@login_not_required
@require_safe
def document(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One of a message's PDFs."""
    found = {one.stem: one for one in _messages()}.get(key)
    files = ElementTree.parse(found).getroot().findall(".//m:File", NS) if found else []
    if not 1 <= number <= len(files):
        raise Http404
    content = b64decode(_text(files[number - 1], "m:content"))
    return HttpResponse(content, content_type="application/pdf")


urlpatterns = [
    path("", box, name="demo-digital-post"),
    path("<str:key>/<int:number>/", document, name="demo-digital-post-document"),
]
