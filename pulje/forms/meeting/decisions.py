"""A file of decisions from another meeting system, and the lines of it that are confirmed."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from pulje.errors import RegisterUnavailable
from pulje.forms.attachment import CHECKS, LARGEST_BYTES, TROUBLES, tidy_name
from pulje.forms.file_content import Trouble, trouble_in
from pulje.registers.virus import is_infected

LINE = 5  # number, case, outcome, amount, reasons


class DecisionsFileForm(forms.Form):
    """The file itself; gives its name and its bytes."""

    use_required_attribute = False

    fil = forms.FileField(
        label="Fil med beslutningerne",
        widget=forms.FileInput({"accept": ".csv,.xlsx"}),
        help_text="CSV eller Excel (xlsx) med kolonnerne sagsnr, udfald, beløb og begrundelse.",
        error_messages={"required": "Vælg en fil.", "empty": "Filen er tom."},
    )

    def clean_fil(self) -> tuple[str, bytes]:
        file: UploadedFile = self.cleaned_data["fil"]
        name = tidy_name(file.name or "")
        if not name.lower().endswith((".csv", ".xlsx")):
            raise ValidationError("Vælg en csv- eller xlsx-fil.")
        if (file.size or 0) > LARGEST_BYTES:
            raise ValidationError("Filen fylder mere end 10 MB. Gør den mindre.")
        content = file.read()
        if trouble := trouble_in(content):
            raise ValidationError(TROUBLES[trouble], params={"name": name})
        if name.lower().endswith(".xlsx") and not CHECKS["xlsx"](content):
            raise ValidationError(
                "Filen kan ikke åbnes som Excel. Gem den på ny, og vælg den igen."
            )
        try:
            if is_infected(content):
                raise ValidationError(TROUBLES[Trouble.VIRUS], params={"name": name})
        except RegisterUnavailable as silent:
            raise ValidationError(silent.sentence) from silent
        return name, content


class ConfirmedLinesForm(forms.Form):
    """The lines as they were shown: [[number, case, outcome, amount, reasons], …]."""

    linjer = forms.CharField(widget=forms.HiddenInput)

    def clean_linjer(self) -> list[list[Any]]:
        try:
            lines = json.loads(self.cleaned_data["linjer"])
        except ValueError:
            lines = None
        is_whole = isinstance(lines, list) and all(
            isinstance(line, list)
            and len(line) == LINE
            and isinstance(line[0], int)
            and all(isinstance(cell, str) and "\0" not in cell for cell in line[1:])
            for line in lines
        )
        if not is_whole or not lines:
            raise ValidationError("Vælg filen igen.")
        return lines
