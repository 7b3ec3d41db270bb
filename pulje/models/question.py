from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from pulje.enums import ExpenseCategory, QuestionKind


class Question(models.Model):
    """A pool's own question in the application form, shown when another has a certain answer.

    Answers are kept on the application (``Application.answers``) by ``key``; a FILE's answer is
    an attachment with that ``question``.
    """

    version = models.ForeignKey("PoolVersion", models.PROTECT, related_name="questions")
    position = models.PositiveSmallIntegerField("rækkefølge")
    key = models.SlugField("nøgle", max_length=40)
    kind = models.CharField("svarets art", max_length=10, choices=QuestionKind)
    label = models.CharField("spørgsmål", max_length=250)
    help_text = models.CharField("hjælp", max_length=300, blank=True)
    is_required = models.BooleanField("skal besvares", default=False)
    choices = ArrayField(
        models.CharField(max_length=100), verbose_name="valg", default=list, blank=True
    )
    shown_if = models.ForeignKey(
        "self", models.PROTECT, related_name="dependents", null=True, blank=True
    )
    shown_if_answer = models.CharField("når svaret er", max_length=100, blank=True)

    class Meta:
        verbose_name = "spørgsmål"
        verbose_name_plural = "spørgsmål"
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="question_key_once"),
            models.UniqueConstraint(
                fields=["version", "position"],
                name="question_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(shown_if=None, shown_if_answer="")
                | (Q(shown_if__isnull=False) & ~Q(shown_if_answer="")),
                name="question_condition_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} (#{self.pk})"


class LineRule(models.Model):
    """How much of the expenses may be of one category, in per cent."""

    version = models.ForeignKey("PoolVersion", models.PROTECT, related_name="line_rules")
    category = models.CharField("udgiftstype", max_length=20, choices=ExpenseCategory)
    max_percent = models.PositiveSmallIntegerField("højst, % af udgifterne")

    class Meta:
        verbose_name = "budgetregel"
        verbose_name_plural = "budgetregler"
        constraints = [
            models.UniqueConstraint(fields=["version", "category"], name="line_rule_once"),
            models.CheckConstraint(condition=Q(max_percent__lte=100), name="line_rule_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.category}: højst {self.max_percent} % (#{self.pk})"


class Gate(models.Model):
    """One of the pool's hard rules put as a question: "Kan I søge?" (nothing is stored)."""

    version = models.ForeignKey("PoolVersion", models.PROTECT, related_name="gates")
    position = models.PositiveSmallIntegerField("rækkefølge")
    question = models.CharField("spørgsmål", max_length=200)
    statement = models.CharField("når det passer", max_length=200)
    advice = models.TextField("når det ikke passer")
    other_pool_code = models.CharField("pulje der passer bedre", max_length=6, blank=True)
    is_absolute = models.BooleanField("et nej kan ikke rettes", default=False)

    class Meta:
        verbose_name = "betingelse"
        verbose_name_plural = "betingelser"
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="gate_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.question} (#{self.pk})"
