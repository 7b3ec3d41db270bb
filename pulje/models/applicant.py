from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Exists, OuterRef, Q

from pulje.enums import ApplicantKind, MemberRole, PayeeKind, RightProof
from pulje.models.fields import Apart, Bare, PhoneDigits, validate_cvr

# the very expression an index is on; a search must use it to be quick
APPLICANT_WORDS = SearchVector(
    Apart("name"), "cvr", Apart("email"), PhoneDigits("phone"), config="danish"
)


class Applicant(models.Model):
    """Who applies: an association, network, person or institution. It outlives its volunteers."""

    kind = models.CharField("type", max_length=30, choices=ApplicantKind)
    name = models.CharField("navn", max_length=250)
    cvr = models.CharField("CVR-nr.", max_length=8, blank=True, validators=[validate_cvr])
    street = models.CharField("adresse", max_length=200, blank=True)
    postcode = models.CharField("postnr.", max_length=10, blank=True)
    town = models.CharField("by", max_length=100, blank=True)
    email = models.EmailField("e-mail", blank=True)
    phone = models.CharField("telefon", max_length=30, blank=True)
    cvr_since = models.DateField("CVR-nr. siden", null=True, blank=True)
    is_exempt = models.BooleanField("fritaget for Digital Post", default=False)
    account_string = models.CharField("kontostreng", max_length=60, blank=True)
    two_must_sign = models.BooleanField("to skal skrive under", default=False)
    board_confirmed_on = models.DateField("bestyrelsen bekræftet", null=True, blank=True)
    board_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, related_name="merged", null=True, blank=True
    )
    merged_at = models.DateTimeField("lagt sammen", null=True, blank=True)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        through="Membership",
        through_fields=("applicant", "user"),
        related_name="applicants",
    )

    class Meta:
        verbose_name = "ansøger"
        verbose_name_plural = "ansøgere"
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="applicant_has_name",
                violation_error_message="Skriv ansøgerens navn.",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None, merged_at=None)
                | Q(merged_into__isnull=False, merged_at__isnull=False, cvr=""),
                name="applicant_merged_has_time",
            ),
            models.UniqueConstraint(
                fields=["cvr"],
                condition=~Q(cvr=""),
                name="applicant_cvr_once",
                violation_error_message="Der er allerede en ansøger med det CVR-nummer.",
            ),
        ]
        indexes = [
            models.Index(fields=["name"], name="applicant_name"),
            # who has the same address as another (queries/casework/compare.py)
            models.Index(fields=["email"], condition=~Q(email=""), name="applicant_email"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="applicant_phone"),
            models.Index(
                fields=["account_string"],
                condition=~Q(account_string=""),
                name="applicant_account",
            ),
            # search (queries/search.py): words with Danish endings, and words nearly right
            GinIndex(APPLICANT_WORDS, name="applicant_words"),
            GinIndex(OpClass(Bare("name"), "gin_trgm_ops"), name="applicant_nearly"),
            # whom to ask about the board: a few days of a year ago
            models.Index(
                fields=["board_confirmed_on"],
                condition=Q(board_confirmed_on__isnull=False),
                name="applicant_board",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (#{self.pk})"

    @property
    def is_one_person(self) -> bool:
        """True when letters say du/din; else they say I/jeres."""
        return self.kind == ApplicantKind.INDIVIDUAL

    @property
    def payee_kind(self) -> PayeeKind:
        """A municipal institution is paid by an internal posting, all others by NemKonto."""
        if self.kind == ApplicantKind.MUNICIPAL_INSTITUTION:
            return PayeeKind.INTERNAL
        return PayeeKind.NEMKONTO


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        return self.filter(ended_on=None)

    def signing(self) -> "MembershipQuerySet":
        return self.active().filter(may_sign=True)

    def confirmed(self) -> "MembershipQuerySet":
        return self.active().filter(confirmed_at__isnull=False)

    def deciding(self) -> "MembershipQuerySet":
        """Who may decide on the others, once logged in with an identity."""
        return self.signing().confirmed().exclude(role=MemberRole.WRITER)

    def acting(self, *, binding: bool = False) -> Exists:
        """A column for a query on Application: somebody can log in and follow the case.

        ``binding``: and act for the applicant. The same as ``of_person``, of anybody.
        """
        seats = self.signing() if binding else self.active()
        case, person = OuterRef(OuterRef("pk")), OuterRef("user")
        invited = Exists(Invitation.objects.filter(application=case, accepted_by=person))
        follows = Q(confirmed_at__isnull=False) | Q(user=OuterRef("created_by")) | Q(invited)
        here = seats.filter(follows, applicant=OuterRef("applicant"), user__is_active=True)
        return Exists(here)


class Membership(models.Model):
    """A person's place at an applicant, and whether that person may bind it.

    Until ``confirmed_at`` the place is only claimed: the person sees the cases they began or were
    invited to, not the applicant's others. ``proof`` says how the right was proved.
    """

    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField("rolle", max_length=20, choices=MemberRole)
    may_sign = models.BooleanField("må binde ansøgeren", default=False)
    confirmed_at = models.DateTimeField("retten er bekræftet", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    proof = models.CharField("bevis", max_length=20, choices=RightProof, default=RightProof.NONE)
    proof_file = models.FileField("dokument", upload_to="proofs/%Y/%m/", blank=True)
    proof_name = models.CharField("dokumentets navn", max_length=200, blank=True)
    started_on = models.DateField("fra")
    ended_on = models.DateField("til", null=True, blank=True)

    objects: ClassVar = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "medlemskab"
        verbose_name_plural = "medlemskaber"
        constraints = [
            models.UniqueConstraint(
                fields=["applicant", "user"],
                condition=Q(ended_on=None),
                name="membership_once",
                violation_error_message="Personen er allerede medlem hos ansøgeren.",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, proof=RightProof.NONE)
                | (Q(confirmed_at__isnull=False) & ~Q(proof=RightProof.NONE)),
                name="membership_confirmed_has_proof",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=models.F("started_on")),
                name="membership_ends_after_start",
                violation_error_message="Medlemskabet kan ikke slutte, før det begynder.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} i {self.applicant_id} ({self.role}, #{self.pk})"

    @property
    def may_bind(self) -> bool:
        """True for a confirmed member who may bind the applicant."""
        return self.ended_on is None and self.confirmed_at is not None and self.may_sign

    @property
    def may_decide(self) -> bool:
        """May bind, and is more than a writer: decides on the others once identified."""
        return self.may_bind and self.role != MemberRole.WRITER


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self) -> "InvitationQuerySet":
        return self.filter(accepted_at=None, revoked_at=None)


class Invitation(models.Model):
    """A mailed invitation to join an applicant; with a case it leads straight to its draft.

    The link carries the signed id of this row (pulje/actions/link.py); nothing secret is stored.
    """

    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="invitations")
    application = models.ForeignKey(
        "Application", models.SET_NULL, related_name="invitations", null=True, blank=True
    )
    email = models.EmailField("e-mail")
    role = models.CharField("rolle", max_length=20, choices=MemberRole, default=MemberRole.WRITER)
    may_sign = models.BooleanField("må binde ansøgeren", default=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField("inviteret")
    expires_at = models.DateTimeField("udløber")
    accepted_at = models.DateTimeField("sagt ja", null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    revoked_at = models.DateTimeField("trukket tilbage", null=True, blank=True)

    objects: ClassVar = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        verbose_name_plural = "invitationer"
        constraints = [
            models.UniqueConstraint(
                fields=["applicant", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_one_waiting",
                violation_error_message="Der er allerede sendt en invitation til den e-mail.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation til ansøger {self.applicant_id} (#{self.pk})"
