"""The process of a case: viewflow's own rows and one link to the application; no case data."""

from functools import cached_property
from typing import ClassVar

from django.db import models
from viewflow.workflow.models import Process

from pulje.models import Application


class GrantProcess(Process):
    """viewflow's process under our name (a proxy; docs/adr/0004 tells why not a child table)."""

    class Meta:
        proxy = True
        ordering: ClassVar = ["-created", "-pk"]
        verbose_name = "sagsgang"
        verbose_name_plural = "sagsgange"

    def __str__(self) -> str:
        return f"Sagsgang {self.pk}"

    @cached_property
    def application(self) -> Application:
        """The case; hands.py sets it to the row it has locked, so nodes read what was written."""
        return Application.objects.select_related("caseworker").get(link__process=self.pk)


class CaseLink(models.Model):
    """Which process carries which case: one to one, made when the application is submitted."""

    process = models.OneToOneField(Process, models.PROTECT, related_name="link", primary_key=True)
    application = models.OneToOneField(Application, models.PROTECT, related_name="link")

    class Meta:
        verbose_name = "sagens sagsgang"
        verbose_name_plural = "sagernes sagsgange"

    def __str__(self) -> str:
        return f"Sag {self.application_id} i sagsgang {self.process_id}"
