"""Folder drop: one zip a case in a folder that the ESDH's import empties."""

import shutil
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from letters.archive import Package
from letters.delivery import DeliveryFailed


class FolderArchive:
    """One file a package, whole or not at all; a second try writes the same file."""

    def file(self, package: Package) -> str:
        folder = Path(settings.ESDH_FOLDER)
        target = folder / f"{package.subject.number}-{package.uuid}.zip"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = target.with_suffix(".part")
            shutil.copyfile(package.zip_path, part)
            part.replace(target)
        except OSError as error:
            raise DeliveryFailed(
                _("Mappen til ESDH-systemet kan ikke skrives."), str(error)
            ) from error
        return target.name
