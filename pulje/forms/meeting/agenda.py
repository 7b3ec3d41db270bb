"""What is typed where a meeting is prepared: the agenda, one case of it, one point, its lock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from pulje.actions.meeting.agenda import LETTERS, Line
from pulje.enums import AgendaSection
from pulje.errors import PuljeError, RowsRefused
from pulje.forms.amounts import AmountField
from pulje.forms.case import words
from pulje.forms.casework.recommend import PickField
from pulje.forms.fields import area_field, text_field
from pulje.models import AgendaItem, AgendaPoint, Ground
from pulje.queries.meeting.agenda import Preparation, PreparedPool, PreparedRow
from pulje.queries.meeting.packet_material import FIRST
from pulje.queries.pool.money import ZERO
from pulje.templatetags.words import tal

MOST_NOTE, MOST_TEXT, LONGEST_ID = 500, 5000, 18
UP, DOWN = "op", "ned"


@dataclass(frozen=True)
class ShownRow:
    """A row as it is shown, with what was typed in it; ``number`` is its place at the meeting.

    ``lost``: what was typed while the case came to be fixed, to be read and not saved.
    """

    row: PreparedRow
    is_picked: bool
    number: int
    amount: BoundField | None
    note: BoundField | None
    amount_kr: Decimal
    lost: str = ""


@dataclass(frozen=True)
class ShownPool:
    """A pool's block with its sums of what is picked, in kr., as typed; ``number`` of its point."""

    number: int
    pool: PreparedPool
    rows: Sequence[ShownRow]

    @property
    def picked_kr(self) -> Decimal:
        return sum((row.amount_kr for row in self.rows if row.is_picked), ZERO)

    @property
    def rest_kr(self) -> Decimal:
        return self.pool.left_kr - self.picked_kr

    @property
    def picked(self) -> int:
        return sum(row.is_picked for row in self.rows)


def _why_fixed(row: PreparedRow) -> str:
    """The sentence at a row that can no longer be changed."""
    why = _("Sag %s er behandlet på mødet og kan ikke ændres eller tages af.")
    if not row.is_ruled:
        why = _("Dagsordenen er låst, så sag %s kan ikke ændres eller tages af.")
    return str(why) % (row.item.position if row.item else row.case.number)


def number(text: str) -> int:
    """An id that was sent along; 0, which is nobody's, for what is none."""
    is_one = text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID
    return int(text) if is_one else 0


class PrepareForm(forms.Form):
    """The agenda as a table: which cases, in what order, with what amount and words.

    The order is that of the hidden fields ``raekke`` and ``punkt``; a button ``flyt`` moves one.
    """

    use_required_attribute = False  # our own sentence, not the browser's

    def __init__(self, data: Any = None, *, plan: Preparation, may_adjust: bool) -> None:
        super().__init__(data)
        self.plan = plan
        self._typed = {name: self._numbers(name) for name in ("raekke", "punkt", "med")}
        self._shown_once = frozenset(self._typed["raekke"])
        self._ticked = frozenset(self._typed["med"])
        self._is_new = not self.is_bound and not plan.meeting.changes
        if plan.can_order:
            news = area_field(_("Meddelelser"), MOST_TEXT, initial=plan.meeting.announcements)
            self.fields["announcements"] = news
        for row in plan.rows:
            if row.can_change and may_adjust:
                self.fields[f"kr{row.case.pk}"] = AmountField(
                    label=_("Indstillet beløb til %s, når sagen er med") % row.case.applicant.name,
                    initial=row.amount_kr,
                    required=False,
                )
            if row.can_change:
                note = text_field(_("Bemærkning om %s") % row.case.applicant.name, MOST_NOTE)
                note.initial = row.note
                del note.widget.attrs["maxlength"]  # the browser would cut without a word
                self.fields[f"note{row.case.pk}"] = note

    def clean(self) -> dict[str, Any]:
        """What is not picked may stand as it stands; what is must have an amount."""
        said = super().clean() or self.cleaned_data
        known = {row.case.pk for row in self.plan.rows}
        if self._ticked - known:
            self.add_error(None, _("En af sagerne er ikke længere klar til mødet. Se listen igen."))
        for row in self.plan.rows:
            pk = row.case.pk
            if self._lost(row):
                self.add_error(None, _why_fixed(row))
            if pk not in self._shown_once or not self._is_picked(row):
                for name in (f"kr{pk}", f"note{pk}"):
                    self.errors.pop(name, None)
            elif f"kr{pk}" in said:
                self._check_amount(row, said[f"kr{pk}"], said.get(f"note{pk}", ""))
        return said

    def _check_amount(self, row: PreparedRow, typed: Decimal | None, note: str) -> None:
        if typed is None:
            self.add_error(f"kr{row.case.pk}", _("Skriv beløbet til %s.") % row.case.number)
        elif typed != row.amount_kr and not note:
            said = _("Skriv, hvorfor beløbet til %s er ændret.") % row.case.number
            self.add_error(f"note{row.case.pk}", said)

    def refuse(self, refusal: PuljeError) -> None:
        """Show a refusal at the rows it names, else over the form."""
        if not isinstance(refusal, RowsRefused):
            self.add_error(None, refusal.sentence)
            return
        for pk, sentence in refusal.rows.items():
            name = f"kr{pk}" if f"kr{pk}" in self.fields else f"note{pk}"
            self.add_error(name if name in self.fields else None, sentence)

    @property
    def seen(self) -> int:
        """What number of changes the page was opened at."""
        return number(self.data.get("vist", ""))

    @property
    def news(self) -> str | None:
        """The words of the first item; None when they were not on the page."""
        shown = "announcements" in self.data
        return self.cleaned_data.get("announcements") if shown else None

    def lines(self) -> list[Line]:
        """Every row in order, as the action takes it."""
        return [self._line(row) for pool in self._pools() for row in self._rows(pool)]

    def pools(self) -> list[int]:
        """The pools' ids in order."""
        return [pool.pool.pk for pool in self._pools()]

    def blocks(self) -> Iterator[ShownPool]:
        """What the page shows, in order."""
        before = 0
        for point, pool in enumerate(self._pools(), start=FIRST + 1):
            rows = []
            for row in self._rows(pool):
                is_picked = self._is_picked(row)
                before += is_picked
                rows.append(self._shown(row, is_picked, before))
            yield ShownPool(point, pool, rows)

    def _shown(self, row: PreparedRow, is_picked: bool, place: int) -> ShownRow:
        names = [f"kr{row.case.pk}", f"note{row.case.pk}"]
        amount, note = (self[name] if name in self.fields else None for name in names)
        typed = getattr(self, "cleaned_data", {}).get(names[0])
        shown_kr = row.amount_kr if typed is None else typed
        if row.item and not self.plan.can_order:
            place = row.item.position
        seen_kr = ZERO if row.is_hidden else shown_kr or ZERO
        return ShownRow(row, is_picked, place, amount, note, seen_kr, self._lost(row))

    def _lost(self, row: PreparedRow) -> str:
        """What was changed in a row that was open on the page, and is not any more."""
        pk = row.case.pk
        typed = self.data.get(f"note{pk}")
        if typed is None or row.item is None or row.can_change or row.is_hidden:
            return ""
        stood = [tal(row.amount_kr), row.note]
        said = [self.data.get(f"kr{pk}", stood[0]).strip(), typed.strip()]
        new = [text for text, before in zip(said, stood, strict=True) if text != before]
        return " · ".join(new) if pk in self._ticked else str(_("Ikke med"))

    def _line(self, row: PreparedRow) -> Line:
        said, pk = self.cleaned_data, row.case.pk
        if not row.can_change or pk not in self._shown_once:
            return Line(row.case, row.item is not None)
        return Line(row.case, self._is_picked(row), said.get(f"kr{pk}"), said.get(f"note{pk}"))

    def _is_picked(self, row: PreparedRow) -> bool:
        """A row that came after the page was opened stays as it is; at first all are picked."""
        if not row.can_change:
            return row.item is not None
        if row.case.pk in self._shown_once:
            return row.case.pk in self._ticked
        return row.item is not None or self._is_new

    def _pools(self) -> list[PreparedPool]:
        pools = {pool.pool.pk: pool for pool in self.plan.pools}
        return [pools[pk] for pk in self._moved("punkt", list(pools), "punkt")]

    def _rows(self, pool: PreparedPool) -> list[PreparedRow]:
        """The pool's rows in order; one moves past the nearest that is picked."""
        rows = {row.case.pk: row for row in pool.rows}
        picked = [pk for pk, row in rows.items() if self._is_picked(row)]
        order = self._ordered("raekke", list(rows))
        moved = self._moved("raekke", [pk for pk in order if pk in picked], "sag")
        return [rows[pk] for pk in moved + [pk for pk in order if pk not in picked]]

    def _ordered(self, name: str, known: Sequence[int]) -> list[int]:
        """The ids in the order of the hidden fields; those not there come after."""
        there = set(known)
        typed = [pk for pk in self._typed[name] if pk in there] if self.plan.can_order else []
        return list(dict.fromkeys([*typed, *known]))

    def _moved(self, name: str, known: Sequence[int], what: str) -> list[int]:
        """As ordered, and with the one whose button was pressed a place up or down."""
        order = self._ordered(name, known)
        way, _dash, pk = str(self.data.get("flyt", "")).partition(f"-{what}-")
        if self.plan.can_order and number(pk) in order and way in (UP, DOWN):
            at = order.index(number(pk))
            to = at - 1 if way == UP else at + 1
            if 0 <= to < len(order):
                order[at], order[to] = order[to], order[at]
        return order

    def _numbers(self, name: str) -> list[int]:
        typed = self.data.getlist(name) if self.is_bound else []
        return [number(text) for text in typed]


class PreparedCaseForm(forms.Form):
    """One case: what is recommended with its grounds, the note, and up to three alternatives."""

    use_required_attribute = False

    amount_kr = AmountField(label=_("Indstillet beløb"))
    grounds = PickField(
        label=_("Puljens egne begrundelser"),
        help_text=_("Vælg mindst én, når der ikke indstilles det hele."),
    )
    note = text_field(
        _("Bemærkning til udvalget"),
        MOST_NOTE,
        help_text=_("Skal med, når beløbet ændres. Udvalget læser den i tabellen."),
    )

    def __init__(self, data: Any, *, item: AgendaItem, may_adjust: bool) -> None:
        proposal = item.application.recommendations.get(is_current=True)
        grounds = item.application.version.grounds.order_by("section", "pk")
        self.own_grounds: dict[int, Ground] = {row.pk: row for row in grounds}
        picked = list(proposal.grounds.values_list("pk", flat=True))
        said = {"amount_kr": proposal.amount_kr, "note": item.note, "grounds": picked}
        for row in item.alternatives.all():
            said |= {f"{row.letter}_kr": row.amount_kr, f"{row.letter}_text": row.text}
        super().__init__(data, initial=said)
        self.fields["grounds"].choices = [
            (row.pk, f"{row.text} ({row.section})") for row in self.own_grounds.values()
        ]
        del self.fields["note"].widget.attrs["maxlength"]
        if not may_adjust:
            del self.fields["amount_kr"], self.fields["grounds"]
        for letter in LETTERS:
            self.fields[f"{letter}_kr"] = AmountField(
                label=_("Alternativ %s: beløb") % letter, required=False
            )
            self.fields[f"{letter}_text"] = text_field(
                _("Alternativ %s: hvad det betyder") % letter, 300
            )
            del self.fields[f"{letter}_text"].widget.attrs["maxlength"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for letter in LETTERS:
            kr, text = f"{letter}_kr", f"{letter}_text"
            if kr in self.errors or text in self.errors:
                continue
            if said[kr] is not None and not said[text]:
                self.add_error(text, _("Skriv, hvad alternativ %s betyder.") % letter)
            elif said.get(kr) is None and said[text]:
                self.add_error(kr, _("Skriv beløbet i alternativ %s.") % letter)
        return said

    def alternatives(self) -> list[tuple[BoundField, BoundField]]:
        """The fields of a, b and c."""
        return [(self[f"{letter}_kr"], self[f"{letter}_text"]) for letter in LETTERS]

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        rows = [(said[f"{letter}_kr"], said[f"{letter}_text"]) for letter in LETTERS]
        return {
            "note": said["note"],
            "alternatives": [(kr, text) for kr, text in rows if kr is not None],
            "amount_kr": said.get("amount_kr"),
            "grounds": [self.own_grounds[pk] for pk in said.get("grounds", ())],
        }


class PointForm(forms.Form):
    """A point's heading, whether doors are closed, and own words under the committee's headings."""

    title = text_field(
        _("Overskrift"), 200, help_text=_("Står her intet, er overskriften puljens navn.")
    )
    is_closed = forms.BooleanField(label=_("Punktet behandles for lukkede døre"), required=False)

    def __init__(self, data: Any, *, point: AgendaPoint) -> None:
        super().__init__(data, initial={"title": point.title, "is_closed": point.is_closed})
        self.point = point
        del self.fields["title"].widget.attrs["maxlength"]
        own = point.meeting.committee.headings.all()
        self.sections = {row.section: row.title for row in own} or dict(AgendaSection.choices)
        for section, title in self.sections.items():
            self.fields[section] = area_field(title, MOST_TEXT)
            self.initial[section] = point.texts.get(section, "")

    def texts(self) -> list[BoundField]:
        """A field for each heading."""
        return [self[section] for section in self.sections]

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "title": said["title"],
            "is_closed": said["is_closed"],
            "texts": self.point.texts | {section: said[section] for section in self.sections},
        }


class UnlockForm(forms.Form):
    """Why what the committee has been given is opened again."""

    reason = words(
        _("Hvorfor låses dagsordenen op?"),
        _("Skriv, hvorfor dagsordenen låses op."),
        rows=2,
        help_text=_("Kort. Begrundelsen står i sagernes journal."),
    )
