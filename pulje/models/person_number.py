from django.conf import settings
from django.db import models


class PersonNumber(models.Model):
    """The CPR number of an applicant who is a person, encrypted; only for sending Digital Post.

    Source: databeskyttelsesloven § 11 (a public authority may use it to identify somebody).
    """

    applicant = models.OneToOneField(
        "Applicant", models.CASCADE, related_name="person_number", primary_key=True
    )
    sealed = models.TextField("CPR-nummer, krypteret")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField("skrevet")

    class Meta:
        verbose_name = "CPR-nummer"
        verbose_name_plural = "CPR-numre"

    def __str__(self) -> str:
        return f"CPR-nummer for ansøger {self.applicant_id}"
