"""What a browser would send: the forms of a page as it is, filled in by somebody unkind."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

TYPED = {"text", "email", "tel", "date", "number", "search", "password", ""}


@dataclass
class PageForm:
    """One POST form: where it goes, what it sends of itself, what is typed, its buttons."""

    action: str
    sends: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Forms(HTMLParser):
    """``Forms.of(html, url)``: the page's POST forms, the switch of language and log-out aside."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.found, self.now, self.select = url, [], None, ""

    @classmethod
    def of(cls, html: str, url: str) -> list[PageForm]:
        parser = cls(url)
        parser.feed(html)
        return [form for form in parser.found if form.action not in ("/sprog/", "/log-af/")]

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        attrs = {name: value or "" for name, value in pairs}
        if tag == "form":
            is_post = attrs.get("method", "").lower() == "post"
            self.now = PageForm(attrs.get("action") or self.url) if is_post else None
            if self.now:
                self.found.append(self.now)
        elif self.now and attrs.get("name"):
            self._control(tag, attrs, self.now)
        elif self.now and tag == "option" and self.select and "selected" in attrs:
            self.now.sends[self.select] = attrs.get("value", "")

    def _control(self, tag: str, attrs: dict[str, Any], form: PageForm) -> None:
        name, kind = attrs["name"], attrs.get("type", "").lower()
        if tag == "textarea" or (tag == "input" and kind in TYPED):
            form.typed.append(name)
        elif tag == "input" and kind == "hidden":
            form.sends[name] = attrs.get("value", "")
        elif tag == "input" and kind in ("radio", "checkbox") and "checked" in attrs:
            form.sends[name] = attrs.get("value", "on")
        elif tag == "button":
            form.buttons.append((name, attrs.get("value", "")))
        elif tag == "select":
            self.select = name

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.now = None
        elif tag == "select":
            self.select = ""
