"""The parts every page is made of (design/DESIGN.md section 3): `{% load pulje %}`.

Filters
  {{ x|kr }}  {{ x|tal }}        "25.000 kr." (no-break space; øre only when not 0), "25.000"
  {{ d|dato }}  {{ d|dato_aar }} "14. januar" (year when it is not this year), "14. januar 2027"
  {{ d|dato_kort }}              "6. jan." (internal tables)
  {{ t|tid }}  {{ t|dato_tid }}  "kl. 14.32" ("kl. 12" on the hour), "1. december kl. 12"
  {{ n|dage }}                   "1 dag", "2 dage"
  {{ roles|role_names }}         "Sagsbehandler, Leder"

Tags that give one small thing
  {% icon "check" label="" %}                  svg of dkfds's sprite; with a label an image
  {% kr amount big=False %}                    <span class="pj-amount">25.000 kr.</span>
  {% status state text="" %}                   badge with the case worker's label
  {% public_status state one=False text="" %}  badge with the applicant's (one: du, else I)
  {% badge "success" "Klar" %}                 others: neutral info success warning error
  {% deadline d long=False quiet=False %}      icon and "2. jan. – 2 dage over", "I dag", "6. jan.";
                                               long (public): "1. december kl. 12 – om 10 dage";
                                               quiet: never urgent
  {% back url "Mine ansøgninger" %}            link back, above h1
  {% site "name" %}                            settings.SITE: municipality office phone hours email

Components
  {% alert "info" "Heading" role="" level="h2" %}…{% endalert %}   info success warning error
  {% timeline steps label="" %}                steps: [(name, note, "done"|"current"|"todo")]
  {% case_timeline state notes label="" %}     the five of a case; notes (optional): {1: "21. nov."}
  {% budgetbar "id" total granted=x recommended=y rest=z rest_name="Rest" granted_name="Bevilget"
               recommended_name="Indstillet" total_name="Ramme" caption="" height=24 %}  (id, total)
  {% field form.name hint="" label="" suffix="kr." width="s" rows=4 hide_label=False %}
               any BoundField (text, area, select, file, tick, radios, ticks) with label, hint (else
               help_text), error, aria, "(frivilligt)" when not required and not say_optional=False;
               width: xxs xs s m l xl; others (inputmode="numeric") are attributes of the control
  {% seg form.score small=False hide_legend=False legend="" %}     segmented radios of a BoundField
  {% error_summary form formset … %}           first thing after h1; nothing when nothing is wrong
  {% attachment "navn.pdf" url meta="" kind="file-pdf" %}          <li> for <ul class="pj-list">
  {% empty_state "Heading" "Text" url="" link="" %}                what is missing, why, one button
  {% steps rows current=3 errors=numbers %}    step guide of a form; rows: [(title, url, info)]

For the base templates: {% menu "staff" %} {% user_box %} {% messages_list %} {% source_url %}
Bases: base.html (public, applicant), base_staff.html, base_committee.html. Blocks: title main
content script. `<title>` begins with "Fejl:" when the context's `form` has errors; `inbox_count`
and `failures` in the context show in the staff menu.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.forms import BaseForm, BoundField
from django.forms.formsets import BaseFormSet
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from pulje.enums import Role
from pulje.states import MILESTONES, STATES, CaseState, public_label
from pulje.templatetags import form_parts, menus, words

register = template.Library()

SOON_DAYS = 7

BADGES = {
    "neutral": "pj-badge-neutral",
    "info": "badge-info",
    "success": "badge-success",
    "warning": "badge-warning",
    "error": "badge-error",
}
S = CaseState
STATE_BADGES: dict[CaseState, str] = {
    S.DRAFT: "neutral",
    S.SUBMITTED: "info",
    S.RETURNED: "warning",
    S.IN_REVIEW: "info",
    S.IN_HEARING: "warning",
    S.REVIEWED: "info",
    S.RECOMMENDED: "info",
    S.APPROVED: "success",
    S.REJECTED: "neutral",
    S.ACCEPTED: "success",
    S.PAID: "success",
    S.REPORT_SUBMITTED: "info",
    S.REPORT_RETURNED: "warning",
    S.REPORTED: "success",
    S.IN_RECOVERY: "warning",
    S.CLOSED: "neutral",
    S.WITHDRAWN: "neutral",
    S.DECLINED: "neutral",
    S.LAPSED: "neutral",
}
ALERTS = {
    "info": N_("Information"),
    "success": N_("Udført"),
    "warning": N_("Vigtigt"),
    "error": N_("Fejl"),
}
MILESTONE_REACHED = frozenset(
    {S.SUBMITTED, S.RETURNED, S.APPROVED, S.REJECTED, S.ACCEPTED, S.DECLINED, S.PAID, S.REPORTED}
    | {S.CLOSED}
)
ENDS_WITH_THE_DECISION = frozenset({S.REJECTED, S.DECLINED})

# ---- filters ----

register.filter("kr", words.kr_text)
register.filter("tal", words.tal)
register.filter("dato", words.dato)
register.filter("dato_aar", words.dato_aar)
register.filter("dato_kort", words.dato_kort)
register.filter("tid", words.tid)
register.filter("dato_tid", words.dato_tid)
register.filter("dage", words.dage)
register.filter("is_over", words.has_passed)


@register.filter
def role_names(roles: list[str]) -> str:
    """The roles' labels: "Sagsbehandler, Leder"."""
    return ", ".join(str(Role(role).label) for role in roles)


# ---- small things ----


@register.simple_tag
def icon(name: str, label: str = "", css: str = "icon-svg") -> SafeString:
    aria = (
        format_html(' role="img" aria-label="{}"', label)
        if label
        else mark_safe(' aria-hidden="true"')
    )
    return format_html(
        '<svg class="{}" focusable="false"{}><use href="{}#{}"></use></svg>',
        css,
        aria,
        static("dkfds/icons.svg"),
        name,
    )


@register.simple_tag
def kr(amount: Decimal | int | None, big: bool = False) -> SafeString:
    css = "pj-amount pj-amount--big" if big else "pj-amount"
    return format_html('<span class="{}">{}</span>', css, words.kr_text(amount))


@register.simple_tag
def badge(variant: str, text: str) -> SafeString:
    return format_html('<span class="badge {}">{}</span>', BADGES[variant], text)


@register.simple_tag
def status(state: str, text: str = "") -> SafeString:
    state = CaseState(state)
    return badge(STATE_BADGES[state], text or state.label)


@register.simple_tag
def public_status(state: str, one: bool = False, text: str = "") -> SafeString:
    state = CaseState(state)
    return badge(STATE_BADGES[state], text or public_label(state, one=one))


@register.simple_tag
def deadline(when: date | None, long: bool = False, quiet: bool = False) -> SafeString:
    if not when:
        return mark_safe('<span class="pj-muted">–</span>')
    if quiet:
        name, css, text = "time", "", words.dato(when) if long else words.dato_kort(when)
    else:
        late, soon = words.has_passed(when), words.days_until(when) <= SOON_DAYS
        name = "warning" if late else "time"
        css = " pj-deadline--late" if late else " pj-deadline--soon" if soon else ""
        text = words.frist_lang(when) if long else words.frist(when)
    return format_html(
        '<span class="pj-deadline{}">{}<span>{}</span></span>', css, icon(name), text
    )


@register.simple_tag
def back(url: str, text: str) -> SafeString:
    return format_html(
        '<p class="mt-0 mb-3"><a href="{}" class="back-link mb-0">{}{}</a></p>',
        url,
        icon("chevron-left"),
        text,
    )


@register.simple_tag
def site(name: str) -> str:
    return settings.SITE[name]


@register.simple_tag
def source_url() -> str:
    """Where this program's source can be had (AGPL section 13)."""
    return settings.SOURCE_URL


# ---- components ----


@register.simple_block_tag
def alert(
    content: str, kind: str, heading: str = "", role: str = "", level: str = "h2"
) -> SafeString:
    return format_html(
        '<div class="alert alert-{}"{}>{}<div class="alert-body">{}'
        '<div class="alert-text">{}</div></div></div>',
        kind,
        format_html(' role="{}"', role) if role else "",
        icon(kind, _(ALERTS[kind]), "icon-svg alert-icon"),
        format_html('<{0} class="alert-heading">{1}</{0}>', mark_safe(level), heading)
        if heading
        else "",
        content,
    )


Steps = list[tuple[str, str, str]]


@register.inclusion_tag("components/timeline.html")
def timeline(steps: Steps, label: str = "") -> dict[str, Any]:
    return {"steps": steps, "label": label or _("Hvor er sagen nu?")}


def milestone_steps(state: CaseState, notes: dict[int, str]) -> Steps:
    """The five steps of a case as (name, note, done/current/todo); a refusal ends at the third."""
    done = STATES[state].milestone - (0 if state in MILESTONE_REACHED else 1)
    current = 0 if not STATES[state].milestone else done + 1
    names = MILESTONES[:3] if state in ENDS_WITH_THE_DECISION else MILESTONES
    return [
        (
            _(name),
            notes.get(number, ""),
            "done" if number <= done else "current" if number == current else "todo",
        )
        for number, name in enumerate(names, start=1)
    ]


@register.inclusion_tag("components/timeline.html")
def case_timeline(
    state: str, notes: dict[int, str] | None = None, label: str = ""
) -> dict[str, Any]:
    return {
        "steps": milestone_steps(CaseState(state), notes or {}),
        "label": label or _("Hvor er sagen nu?"),
    }


@register.inclusion_tag("components/budgetbar.html")
def budgetbar(
    bar_id: str,
    total: Decimal,
    granted: Decimal | None = Decimal(0),
    recommended: Decimal | None = None,
    rest: Decimal | None = None,
    rest_name: str = "Rest",
    granted_name: str = "Bevilget",
    recommended_name: str = "Indstillet",
    total_name: str = "",
    caption: str = "",
    height: int = 24,
    before: Decimal = Decimal(0),
) -> dict[str, Any]:
    parts = [("before", "Bevilget før mødet", before)] if before else []
    if granted is not None:
        parts.append(("granted", granted_name, Decimal(granted)))
    if recommended is not None:
        parts.append(("rec", recommended_name, Decimal(recommended)))
    segments, at = [], Decimal(0)
    for css, name, amount in parts:
        share = min(max(amount, Decimal(0)) / total * 100, 100 - at) if total else Decimal(0)
        segments.append(
            {"css": css, "name": name, "amount": amount, "x": f"{at:.2f}", "w": f"{share:.2f}"}
        )
        at += share
    if rest is None:
        rest = total - sum(amount for _, _, amount in parts)
    names = {"rest_name": rest_name, "total_name": total_name or _("Ramme"), "caption": caption}
    amounts = {"total": total, "segments": segments, "rest": rest}
    return {"id": bar_id, "height": height} | names | amounts


@register.inclusion_tag("components/attachment.html")
def attachment(name: str, url: str, meta: str = "", kind: str = "file-pdf") -> dict[str, Any]:
    return {"name": name, "url": url, "meta": meta, "kind": kind}


@register.inclusion_tag("components/empty_state.html")
def empty_state(heading: str, text: str, url: str = "", link: str = "") -> dict[str, Any]:
    return {"heading": heading, "text": text, "url": url, "link": link}


@register.inclusion_tag("components/steps.html")
def steps(
    steps: list[tuple[str, str, str]], current: int, errors: list[int] | None = None
) -> dict[str, Any]:
    rows = [
        {
            "number": number,
            "title": title,
            "url": url,
            "info": info if number <= current else "",
            "state": "done" if number < current else "current" if number == current else "todo",
            "error": number in (errors or []),
        }
        for number, (title, url, info) in enumerate(steps, start=1)
    ]
    return {"rows": rows, "current": rows[current - 1], "total": len(rows)}


# ---- forms ----


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField,
    hint: str = "",
    suffix: str = "",
    label: str = "",
    hide_label: bool = False,
    say_optional: bool = True,
    **attrs: object,
) -> dict[str, Any]:
    shown = form_parts.field_context(bound, hint=hint, attrs=attrs)
    return shown | {
        "suffix": suffix,
        "label": label or bound.label,
        "hide_label": hide_label,
        "is_optional": shown["is_optional"] and say_optional,
    }


@register.inclusion_tag("components/seg.html")
def seg(
    bound: BoundField, small: bool = False, hide_legend: bool = False, legend: str = ""
) -> dict[str, Any]:
    return {
        "id": bound.auto_id,
        "legend": legend or bound.label,
        "options": list(form_parts.options(bound)),
        "errors": list(bound.errors),
        "small": small,
        "hide_legend": hide_legend,
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(*parts: BaseForm | BaseFormSet | list[BaseForm | BaseFormSet]) -> dict[str, Any]:
    """Each part a form, a formset or a list of them."""
    flat = [one for part in parts for one in (part if isinstance(part, list) else [part])]
    return form_parts.summary(tuple(flat))


# ---- the page around ----


@register.inclusion_tag("components/menu.html", takes_context=True)
def menu(context: Context, audience: str) -> dict[str, Any]:
    request = context.get("request")
    user = getattr(request, "user", AnonymousUser())
    path = request.path if request else ""
    failed = getattr(context.get("failures"), "all", 0)
    counts = {"/sag/": context.get("inbox_count"), "/brev/": failed}
    return {
        "items": [(item, counts.get(item.path)) for item in menus.items_for(audience, user, path)]
    }


@register.inclusion_tag("components/user_box.html", takes_context=True)
def user_box(context: Context) -> dict[str, Any]:
    request = context.get("request")
    user = getattr(request, "user", AnonymousUser())
    roles = role_names(getattr(user, "roles", []))
    title = getattr(user, "title", "") or roles or _("Ansøger")
    return {
        "user": user,
        "title": title,
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/messages.html", takes_context=True)
def messages_list(context: Context) -> dict[str, Any]:
    request = context.get("request")
    found = get_messages(request) if request else []
    return {"messages": [(m.level_tag if m.level_tag in ALERTS else "info", m) for m in found]}
