"""Print: a folder that somebody, or a print service, empties."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from letters.delivery import DeliveryFailed, Parcel


class FolderPort:
    """One file a letter, whole or not at all; a second try writes the same file."""

    def send(self, parcel: Parcel) -> str:
        folder = Path(settings.LETTER_PRINT_DIR)
        key = parcel.message_id.strip("<>").split("@")[0].rpartition(".")[2]
        target = folder / f"{parcel.number}-{key}.pdf"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if parcel.enclosure:
                _write(target.with_stem(f"{target.stem}-ansoegning"), parcel.enclosure)
            _write(target, parcel.pdf)
        except OSError as error:
            raise DeliveryFailed(_("Mappen til print kan ikke skrives."), str(error)) from error
        return target.name


def _write(target: Path, content: bytes) -> None:
    part = target.with_suffix(".part")
    part.write_bytes(content)
    part.replace(target)
