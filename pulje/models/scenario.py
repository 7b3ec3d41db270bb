from django.conf import settings
from django.db import models
from django.db.models import Q

from pulje.enums import Distribution
from pulje.models.fields import kr_field


class Scenario(models.Model):
    """One named way to distribute a round's money; the chosen one becomes the recommendations.

    ``numbers`` holds the method's numbers: {"percent": 22, "ceiling_kr": "30000.00", …}.
    """

    round = models.ForeignKey("Round", models.PROTECT, related_name="scenarios")
    name = models.CharField("navn", max_length=80)
    method = models.CharField("metode", max_length=20, choices=Distribution)
    numbers = models.JSONField("tal", default=dict, blank=True)
    made_at = models.DateTimeField("lavet")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField("valgt", null=True, blank=True)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = "scenarie"
        verbose_name_plural = "scenarier"
        constraints = [
            models.UniqueConstraint(
                fields=["round", "name"],
                name="scenario_once",
                violation_error_message="Runden har allerede et scenarie med det navn.",
            ),
            models.CheckConstraint(
                condition=Q(chosen_at=None, chosen_by=None)
                | Q(chosen_at__isnull=False, chosen_by__isnull=False),
                name="scenario_chosen_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (#{self.pk})"


class ScenarioLine(models.Model):
    """What one case gets in a scenario, in kr.; 0 is a refusal."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="lines")
    application = models.ForeignKey("Application", models.PROTECT, related_name="+")
    amount_kr = kr_field()
    is_hand_made = models.BooleanField("rettet i hånden", default=False)

    class Meta:
        verbose_name = "scenariets linje"
        verbose_name_plural = "scenariets linjer"
        constraints = [
            models.UniqueConstraint(fields=["scenario", "application"], name="scenario_line_once"),
            models.CheckConstraint(condition=Q(amount_kr__gte=0), name="scenario_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_kr} i scenarie {self.scenario_id} (#{self.pk})"
