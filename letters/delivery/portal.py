"""The case on the net: whoever logs in reads the letter there. Nothing leaves the house."""

from django.utils import timezone
from django.utils.translation import gettext as _

from letters.delivery import Parcel, Sent


class PortalPort:
    """There the moment it is let go."""

    def send(self, parcel: Parcel) -> Sent:
        return Sent(_("Ligger på sagen."), available_at=timezone.now())
