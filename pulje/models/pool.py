from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from pulje.enums import ApplicantKind, LateRule, LedgerKind, LegalBasis, PaymentPlan
from pulje.models.fields import NOTHING, kr_field

if TYPE_CHECKING:
    from pulje.models.user import User


class Pool(models.Model):
    """One pool of one year, e.g. Frivillighedspuljen 2027. Its settings are PoolVersions."""

    code = models.CharField("kode", max_length=6)
    year = models.PositiveSmallIntegerField("år")
    name = models.CharField("navn", max_length=200)
    slug = models.SlugField("adresse", unique=True)
    committee = models.ForeignKey(
        "Committee", models.PROTECT, related_name="pools", null=True, blank=True
    )
    account_string = models.CharField("kontostreng", max_length=60, blank=True)
    last_number = models.PositiveIntegerField("seneste løbenummer", default=0)
    is_public = models.BooleanField("vises offentligt", default=False)
    is_test = models.BooleanField("test: sender og betaler intet", default=False)
    published_at = models.DateTimeField("offentliggjort", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    standing_reviewers: "models.ManyToManyField[User, User]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name="faste vurderere"
    )

    class Meta:
        verbose_name = "pulje"
        verbose_name_plural = "puljer"
        constraints = [
            models.UniqueConstraint(
                fields=["code", "year"],
                name="pool_code_once_a_year",
                violation_error_message="Der er allerede en pulje med den kode i året.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code}-{self.year})"


class PoolVersion(models.Model):
    """The pool's rules as adopted: a case points at the version it is judged by."""

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("version")
    valid_from = models.DateField("gælder fra")
    adopted_on = models.DateField("vedtaget")
    legal_basis = models.CharField("retsgrundlag", max_length=10, choices=LegalBasis)
    purpose = models.TextField("formål")
    supported = models.TextField("hvad gives der tilskud til")
    not_supported = models.TextField("hvad gives der ikke tilskud til", blank=True)
    guidelines = models.TextField("retningslinjer", blank=True)
    applicant_kinds = ArrayField(
        models.CharField(max_length=30, choices=ApplicantKind), verbose_name="hvem kan søge"
    )
    min_kr = kr_field(default=NOTHING)
    ceiling_kr = kr_field(null=True)
    own_share_percent = models.PositiveSmallIntegerField("egenfinansiering i %", default=0)
    late_rule = models.CharField(
        "for sen ansøgning", max_length=10, choices=LateRule, default=LateRule.REFUSE
    )
    delegation_limit_kr = kr_field(null=True)
    delegation_from = models.DateField("delegation fra", null=True, blank=True)
    delegation_until = models.DateField("delegation til", null=True, blank=True)
    delegation_basis = models.CharField(
        "delegationen er besluttet", max_length=200, blank=True, default=""
    )
    needs_criteria = models.PositiveSmallIntegerField("mindst så mange kriterier", default=0)
    needs_points = models.PositiveSmallIntegerField("skal have mindst, point", default=1)
    information_days = models.PositiveSmallIntegerField("frist for oplysninger, dage", default=14)
    hearing_days = models.PositiveSmallIntegerField("høringsfrist, dage", default=14)
    heard_on = models.DateField("hørt i Folkeoplysningsudvalget", null=True, blank=True)
    answer_working_days = models.PositiveSmallIntegerField("svarfrist, arbejdsdage", default=10)
    reviewers = models.PositiveSmallIntegerField("antal vurderinger", default=1)
    needs_bylaws = models.BooleanField("vedtægter kræves af foreninger", default=False)
    needs_accounts_from_kr = kr_field(null=True)
    needs_partner = models.BooleanField("kræver en samarbejdspartner", default=False)
    payment_plan = models.CharField("udbetaling", max_length=20, choices=PaymentPlan)
    recover_returns_to_frame = models.BooleanField("tilbagebetaling går til rammen", default=True)
    report_months = models.PositiveSmallIntegerField("rapportfrist, måneder", default=2)
    report_steps = models.JSONField("rapportkrav", default=list, blank=True)
    retention_years = models.PositiveSmallIntegerField("slettefrist, år", default=5)
    closing_days = models.PositiveSmallIntegerField("dage før afslutning", default=28)
    second_reader_for_rejections = models.BooleanField("afslag læses af to", default=True)
    kle = models.CharField("KLE-nr.", max_length=8, default="18.16.00")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "puljeversion"
        verbose_name_plural = "puljeversioner"
        constraints = [
            models.UniqueConstraint(fields=["pool", "number"], name="pool_version_once"),
            models.CheckConstraint(
                condition=Q(ceiling_kr=None) | Q(ceiling_kr__gte=models.F("min_kr")),
                name="pool_ceiling_above_minimum",
                violation_error_message="Loftet skal være mindst lige så højt som mindstebeløbet.",
            ),
            models.CheckConstraint(
                condition=Q(own_share_percent__lte=100), name="pool_own_share_percent"
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number} af pulje {self.pool_id}"


class Criterion(models.Model):
    """One thing a case is scored on, 0-3, the same before, during and after."""

    version = models.ForeignKey(PoolVersion, models.PROTECT, related_name="criteria")
    position = models.PositiveSmallIntegerField("rækkefølge")
    name = models.CharField("navn", max_length=100)
    question = models.CharField("spørgsmål", max_length=250)
    weight = models.PositiveSmallIntegerField("vægt", default=1)

    class Meta:
        verbose_name = "kriterium"
        verbose_name_plural = "kriterier"
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="criterion_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} (#{self.pk})"


class Ground(models.Model):
    """A reason the pool's adopted rules carry; recommendations pick from these only."""

    version = models.ForeignKey(PoolVersion, models.PROTECT, related_name="grounds")
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, related_name="grounds", null=True, blank=True
    )
    section = models.CharField("afsnit i retningslinjerne", max_length=100)
    text = models.TextField("begrundelse")
    is_favourable = models.BooleanField("taler for", default=False)

    class Meta:
        verbose_name = "begrundelse"
        verbose_name_plural = "begrundelser"

    def __str__(self) -> str:
        return f"{self.section}: {self.text[:60]} (#{self.pk})"


class AppealGuidance(models.Model):
    """The appeal text of a legal basis; unapproved text cannot be sent. Frozen once approved."""

    legal_basis = models.CharField("retsgrundlag", max_length=10, choices=LegalBasis)
    version = models.PositiveSmallIntegerField("version")
    text = models.TextField("klagevejledning")
    note = models.CharField("hvad er ændret", max_length=200, blank=True)
    # nobody: the text that came with the system
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    written_at = models.DateTimeField("skrevet", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    approved_at = models.DateTimeField("godkendt", null=True, blank=True)
    legal_review = models.CharField(
        "juristens godkendelse", max_length=200, blank=True, help_text="Hvem og hvornår."
    )

    class Meta:
        verbose_name = "klagevejledning"
        verbose_name_plural = "klagevejledninger"
        constraints = [
            models.UniqueConstraint(fields=["legal_basis", "version"], name="appeal_text_once"),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="appeal_text_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | Q(written_by=None)
                | ~Q(approved_by=models.F("written_by")),
                name="appeal_text_two_people",
                violation_error_message="En anden end den, der har skrevet, skal godkende.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.legal_basis} version {self.version}"


class RoundQuerySet(models.QuerySet["Round"]):
    def open_at(self, now: object) -> "RoundQuerySet":
        return self.filter(opens_at__lte=now).filter(Q(closes_at=None) | Q(closes_at__gte=now))


class Round(models.Model):
    """A period in which a pool takes applications; without an end it is continuous."""

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField("runde")
    name = models.CharField("navn", max_length=100)
    opens_at = models.DateTimeField("åbner")
    closes_at = models.DateTimeField("ansøgningsfrist", null=True, blank=True)
    answer_on = models.DateField("svar senest", null=True, blank=True)
    announced_at = models.DateTimeField("åbningen er meldt ud", null=True, blank=True)
    share_percent = models.PositiveSmallIntegerField("andel af rammen, %", default=100)
    rolls_over = models.BooleanField("rest går videre til næste runde", default=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = "runde"
        verbose_name_plural = "runder"
        constraints = [
            models.UniqueConstraint(fields=["pool", "number"], name="round_once"),
            models.CheckConstraint(condition=Q(share_percent__lte=100), name="round_share_percent"),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(closes_at__gt=models.F("opens_at")),
                name="round_closes_after_opening",
                violation_error_message="Fristen skal ligge efter åbningen.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["opens_at"], condition=Q(announced_at=None), name="round_unannounced"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} (runde {self.number} i pulje {self.pool_id})"


class LedgerEntry(models.Model):
    """One line of the pool's money, never changed. FRAME may be negative, all others positive."""

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="ledger")
    application = models.ForeignKey(
        "Application", models.PROTECT, related_name="ledger", null=True, blank=True
    )
    kind = models.CharField("art", max_length=10, choices=LedgerKind)
    amount_kr = kr_field()
    cause = models.CharField("årsag", max_length=120, unique=True)
    note = models.CharField("bemærkning", max_length=250, blank=True)
    at = models.DateTimeField("tidspunkt")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = "kassebogslinje"
        verbose_name_plural = "kassebog"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=LedgerKind.FRAME) | Q(amount_kr__gt=0), name="ledger_positive"
            ),
            models.CheckConstraint(
                condition=Q(kind=LedgerKind.FRAME) | Q(application__isnull=False),
                name="ledger_names_the_case",
            ),
        ]
        indexes = [
            models.Index(
                fields=["pool", "kind"], include=["amount_kr", "application"], name="ledger_sum"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_kr} ({self.cause})"
