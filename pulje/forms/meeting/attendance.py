"""What is typed about who is in the room."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pulje.forms.case import PeopleField, PersonField
from pulje.forms.fields import PlainField, text_field
from pulje.models import AgendaItem, User
from pulje.queries.meeting.attendance import Attendance

RANGE = re.compile(r"(\d{1,4})(?:\s*[-–]\s*(\d{1,4}))?")
BY_NAME = ("name", "pk")


class PresentForm(forms.Form):
    present = PeopleField(
        queryset=User.objects.none(),
        label=_("Hvem er til stede?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Vælg, hvem der er til stede.")},
    )

    def __init__(self, data: Any = None, *, attendance: Attendance) -> None:
        here = [seat.user.pk for seat in attendance.voting if seat.is_present]
        super().__init__(data, initial={"present": here})
        people = [seat.user for seat in attendance.voting]
        self.fields["present"].queryset = _people(people)


class NumbersField(PlainField):
    """Cases by their numbers on the agenda, such as "3, 5-8"; gives the rows."""

    def __init__(self, *, items: Sequence[AgendaItem] = (), **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)
        self.items = items

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        wanted: set[int] = set()
        for part in filter(None, re.split(r"[,;\s]+(?![-–])(?<![-–]\s)", text)):
            found = RANGE.fullmatch(part)
            if found is None:
                raise ValidationError(_("Skriv sagernes numre, fx 3, 5-8."))
            first, last = int(found[1]), int(found[2] or found[1])
            wanted.update(range(first, last + 1))
        known = {item.position: item for item in self.items}
        if unknown := sorted(wanted - set(known)):
            raise ValidationError(_("Nr. %d er ikke på dagsordenen.") % unknown[0])
        return [known[number] for number in sorted(wanted)]


class SubstituteForm(forms.Form):
    """A substitute for a member: the whole meeting, or some cases."""

    use_required_attribute = False

    user = PersonField(
        queryset=User.objects.none(),
        label=_("Stedfortræder"),
        empty_label=_("Vælg en stedfortræder"),
        error_messages={"required": _("Vælg en stedfortræder.")},
    )
    stands_in_for = PersonField(
        queryset=User.objects.none(),
        label=_("I stedet for"),
        empty_label=_("Vælg et medlem"),
        error_messages={"required": _("Vælg det medlem, der ikke deltager.")},
    )
    items = NumbersField(
        label=_("Ved hvilke numre?"),
        required=False,
        help_text=_("Fx 3, 5-8. Lad feltet stå tomt, når det gælder hele mødet."),
    )

    def __init__(
        self, data: Any = None, *, attendance: Attendance, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["user"].queryset = _people(attendance.substitutes)
        members = [seat.user for seat in attendance.voting]
        self.fields["stands_in_for"].queryset = _people(members)
        self.fields["items"].items = attendance.items


class AbsenceForm(forms.Form):
    """Somebody present who is out of the room for some cases."""

    use_required_attribute = False

    user = PersonField(
        queryset=User.objects.none(),
        label=_("Hvem går ud?"),
        empty_label=_("Vælg en person"),
        error_messages={"required": _("Vælg en person.")},
    )
    items = NumbersField(
        label=_("Ved hvilke numre?"),
        help_text=_("Fx 3, 5-8. Kommer eller går nogen undervejs, så skriv de numre, de mangler."),
        error_messages={"required": _("Skriv sagernes numre, fx 3, 5-8.")},
    )
    reason = text_field(_("Hvorfor?"), 200)

    def __init__(self, data: Any = None, *, attendance: Attendance) -> None:
        super().__init__(data, auto_id="id_ude_%s")
        self.fields["user"].queryset = _people(attendance.here)
        self.fields["items"].items = attendance.items


def _people(users: Sequence[User]) -> Any:
    return User.objects.filter(pk__in=[user.pk for user in users]).order_by(*BY_NAME)
