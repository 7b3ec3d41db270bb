"""Letters to a folder, for printing or hand-over to another system."""

from pathlib import Path

from django.conf import settings

from letters.models import Letter


class Folder:
    """Writes the PDF once under a name that says nothing; writing it again changes nothing."""

    name = "mappe"

    def send(self, letter: Letter, pdf: bytes) -> None:
        folder = Path(settings.LETTER_FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f".{letter.filename}"
        unfinished.write_bytes(pdf)
        unfinished.rename(folder / letter.filename)
