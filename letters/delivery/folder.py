"""Print: a folder that somebody, or a print service, empties."""

import hashlib
import json
from datetime import datetime, time
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from letters.delivery import DeliveryFailed, Parcel, Refused, Sent
from pulje.rules.deadlines import add_working_days

NO_PLACE = "Adressen mangler vej eller postnummer. Ret ansøgers adresse, og prøv igen."


class FolderPort:
    """One file a letter, whole or not at all; a second try writes the same files.

    Names tell the case's number and the letter's own, nothing about anybody. Beside the letter lies
    a .json with the lines for the envelope; the letter comes last, so whoever sees it has all.
    """

    def send(self, parcel: Parcel) -> Sent:
        if not _has_place(parcel.address):
            raise Refused(_(NO_PLACE))
        folder = Path(settings.LETTER_PRINT_DIR)
        key = parcel.message_id.strip("<>").split("@")[0].rpartition(".")[2]
        target = folder / f"{parcel.number}-{key}.pdf"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if parcel.enclosure:
                _write(target.with_stem(f"{target.stem}-ansoegning"), parcel.enclosure)
            _write(target.with_suffix(".json"), envelope(parcel))
            _write(target, parcel.pdf)
        except OSError as error:
            raise DeliveryFailed(_("Mappen til print kan ikke skrives."), str(error)) from error
        return Sent(target.name, available_at=brought_at(timezone.now()))


def _has_place(address: tuple[str, ...]) -> bool:
    """True with a street and a postcode below the name, as letters.facts.base writes the lines."""
    place = [line for line in address[1:] if not line.startswith("Att. ")]
    return len(place) > 1 and any(sign.isdecimal() for sign in place[-1])


def envelope(parcel: Parcel) -> bytes:
    """What a print service needs to post the letter, and to see that it has the right file."""
    told = {
        "modtager": list(parcel.address),
        "sag": parcel.number,
        "brev": parcel.title,
        "forsendelse": parcel.uuid,
        "sha256": hashlib.sha256(parcel.pdf).hexdigest(),
        "bilag": bool(parcel.enclosure),
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def brought_at(sent_at: datetime) -> datetime:
    """When the post has brought it: so many working days after it left."""
    day = add_working_days(timezone.localdate(sent_at), settings.LETTER_POST_DAYS)
    return timezone.make_aware(datetime.combine(day, time()))


def _write(target: Path, content: bytes) -> None:
    part = target.with_suffix(".part")
    part.write_bytes(content)
    part.replace(target)
