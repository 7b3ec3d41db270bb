"""The case alone, without a word to anybody: no way any more, as no deadline can count from it."""

from django.utils.translation import gettext as _

from letters.delivery import Parcel, Sent, Unreachable


class PortalPort:
    """A letter that was to go so before takes the next way (letters/actions/fall_back.py)."""

    def send(self, parcel: Parcel) -> Sent:
        raise Unreachable(_("Der er ingen e-mailadresse at give besked på."))
