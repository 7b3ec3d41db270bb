from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Coalesce, NullIf, Trim
from django.utils.translation import gettext_lazy as _

from pulje.enums import (
    AttachmentKind,
    AttachmentReview,
    Channel,
    ExpenseCategory,
    FundingStatus,
    LineKind,
    Theme,
)
from pulje.models.applicant import Invitation, Membership
from pulje.models.fields import Apart, Bare, PhoneDigits, kr_field
from pulje.states import ENDED, GRANTED, OPEN, TODO, WAITING, CaseState, public_label

if TYPE_CHECKING:
    from pulje.models.user import User

# what may be without a date of receipt: it was never submitted
_NEVER_SUBMITTED = Q(state__in=[CaseState.DRAFT, CaseState.WITHDRAWN, CaseState.LAPSED])
# the very expressions an index is on; a search must use them to be quick
_SAID = ("number", "title", "summary", "description", "contact_name", "contact_email")
CASE_WORDS = SearchVector(
    *(Apart(name) for name in _SAID), PhoneDigits("contact_phone"), config="danish"
)
FILE_WORDS = SearchVector(Apart("name"), config="danish")
_WITH_GRANT = sorted({*GRANTED, CaseState.IN_RECOVERY, CaseState.DECLINED})


class ApplicationQuerySet(models.QuerySet["Application"]):
    def open(self) -> "ApplicationQuerySet":
        return self.filter(state__in=OPEN)

    def granted(self) -> "ApplicationQuerySet":
        return self.filter(state__in=GRANTED)

    def ended(self) -> "ApplicationQuerySet":
        return self.filter(state__in=ENDED)

    def with_place(self) -> "ApplicationQuerySet":
        """``place``: where it happens, else where the applicant lives; as statistics count it."""
        place = Coalesce(NullIf(Trim("area"), Value("")), Trim("applicant__town"))
        return self.annotate(place=Func(place, function="initcap"))

    def submitted(self) -> "ApplicationQuerySet":
        return self.exclude(submitted_at=None)

    def late(self, today: date) -> "ApplicationQuerySet":
        return self.filter(due_on__lt=today)

    def due_for_clock(self, today: date) -> "ApplicationQuerySet":
        """What the sweep must look at; reads only the partial index."""
        return self.filter(clock_on__isnull=False, clock_on__lte=today)

    def of_person(self, user: "User") -> "ApplicationQuerySet":
        """The cases a person may follow as applicant.

        A confirmed member follows all of the applicant's; one whose place is only claimed follows
        what they began or were invited to.
        """
        seats = Membership.objects.active().filter(user=user, applicant=OuterRef("applicant"))
        invited = Invitation.objects.filter(accepted_by=user, application=OuterRef("pk"))
        confirmed = seats.filter(confirmed_at__isnull=False)
        return self.filter(
            Exists(confirmed) | Exists(seats) & (Q(created_by=user) | Exists(invited))
        )


class Application(models.Model):
    """A case from draft to closed. ``state`` is written by actions/state.py and nobody else.

    ``due_on`` is the deadline people see; ``clock_on`` the day the sweep must look next.
    """

    pool = models.ForeignKey("Pool", models.PROTECT, related_name="applications")
    round = models.ForeignKey("Round", models.PROTECT, related_name="applications")
    version = models.ForeignKey("PoolVersion", models.PROTECT, related_name="applications")
    applicant = models.ForeignKey("Applicant", models.PROTECT, related_name="applications")
    number = models.CharField("sagsnummer", max_length=30, blank=True)
    state = models.CharField(
        "tilstand", max_length=20, choices=CaseState, default=CaseState.DRAFT, editable=False
    )
    caseworker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="cases", null=True, blank=True
    )

    title = models.CharField("titel", max_length=200)
    summary = models.CharField("kort fortalt", max_length=300, blank=True)
    description = models.TextField("hvad vil I gøre", blank=True)
    target_group = models.CharField("hvem er det for", max_length=200, blank=True)
    area = models.CharField("hvor", max_length=100, blank=True)
    participants = models.PositiveIntegerField("deltagere", null=True, blank=True)
    volunteers = models.PositiveIntegerField("frivillige", null=True, blank=True)
    learning = models.TextField("hvad vil I prøve eller lære", blank=True)
    starts_on = models.DateField("begynder", null=True, blank=True)
    ends_on = models.DateField("slutter", null=True, blank=True)
    supplements_paid_work = models.BooleanField(
        "frivillige supplerer og erstatter ikke lønnet arbejde", default=False
    )
    contact_name = models.CharField("kontaktperson", max_length=200, blank=True)
    contact_email = models.EmailField("kontaktens e-mail", blank=True)
    contact_phone = models.CharField("kontaktens telefon", max_length=30, blank=True)
    theme = models.CharField("tema", max_length=20, choices=Theme, blank=True, default="")
    channel = models.CharField(
        "kom ind som", max_length=10, choices=Channel, default=Channel.DIGITAL
    )
    answers = models.JSONField("svar på puljens egne spørgsmål", default=dict, blank=True)
    attachment_notes = models.JSONField("bilag, der ikke er vedlagt", default=dict, blank=True)
    may_publish = models.BooleanField("projektet må vises på hjemmesiden", default=False)
    wants_english = models.BooleanField("kort på engelsk i brevene", default=False)
    requested_kr = kr_field(null=True)
    granted_kr = kr_field(null=True)
    points = models.PositiveSmallIntegerField("point", null=True, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    edited_at = models.DateTimeField("senest rettet", null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    submitted_at = models.DateTimeField("modtaget", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    is_late = models.BooleanField("for sen", default=False)
    state_since = models.DateTimeField("i tilstanden siden", null=True, blank=True)
    due_on = models.DateField("frist", null=True, blank=True)
    clock_on = models.DateField("uret ser på sagen", null=True, blank=True)
    closed_on = models.DateField("afsluttet", null=True, blank=True)

    journal_length = models.PositiveIntegerField(default=0, editable=False)
    journal_head = models.CharField(max_length=64, blank=True, editable=False)

    objects = ApplicationQuerySet.as_manager()
    place: str  # with_place() reads it

    class Meta:
        verbose_name = "ansøgning"
        verbose_name_plural = "ansøgninger"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(CaseState)), name="application_state_known"
            ),
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="application_number_once"
            ),
            models.CheckConstraint(
                condition=_NEVER_SUBMITTED | (Q(submitted_at__isnull=False) & ~Q(number="")),
                name="application_received_and_numbered",
            ),
            models.CheckConstraint(
                condition=Q(requested_kr=None) | Q(requested_kr__gt=0),
                name="application_asks_for_money",
                violation_error_message=_("Skriv, hvor meget I søger om."),
            ),
            models.CheckConstraint(
                # null > 0 is unknown, and a check lets the unknown pass: so both are said
                condition=~Q(state__in=_WITH_GRANT) | Q(granted_kr__isnull=False, granted_kr__gt=0),
                name="application_granted_has_amount",
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.CLOSED) | Q(closed_on__isnull=False),
                name="application_closed_has_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["clock_on"], condition=Q(clock_on__isnull=False), name="application_clock"
            ),
            models.Index(
                fields=["due_on", "id"],
                condition=Q(state__in=sorted(OPEN)),
                name="application_open_due",
            ),
            # the inbox: what the house must do, what it waits for; by person and by deadline
            models.Index(
                fields=["due_on", "id"],
                condition=Q(state__in=sorted(TODO)),
                name="application_todo",
            ),
            models.Index(
                fields=["caseworker", "due_on", "id"],
                condition=Q(state__in=sorted(TODO)),
                name="application_todo_of",
            ),
            models.Index(
                fields=["due_on", "id"],
                condition=Q(state__in=sorted(WAITING)),
                name="application_waiting",
            ),
            models.Index(
                fields=["caseworker", "due_on", "id"],
                condition=Q(state__in=sorted(WAITING)),
                name="application_waiting_of",
            ),
            models.Index(fields=["pool", "state", "due_on"], name="application_pool_state"),
            models.Index(F("submitted_at").desc(), F("id").desc(), name="application_newest"),
            # who has been supported before, and since when (queries/pool/statistics.py)
            models.Index(
                fields=["applicant"],
                include=["submitted_at"],
                condition=Q(granted_kr__isnull=False),
                name="application_grants",
            ),
            # search (queries/search.py): words with Danish endings, and words nearly right
            GinIndex(CASE_WORDS, name="application_words"),
            GinIndex(OpClass(Bare("title"), "gin_trgm_ops"), name="application_nearly"),
        ]

    def __str__(self) -> str:
        return f"{self.number or 'Kladde'} {self.title} (#{self.pk})"

    @property
    def public_state(self) -> str:
        """The state in the applicant's words."""
        return public_label(CaseState(self.state), one=self.applicant.is_one_person)


class BudgetLine(models.Model):
    """One line of the applicant's budget in kr.; funding lines say how far the money is."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="budget_lines")
    position = models.PositiveSmallIntegerField("rækkefølge")
    kind = models.CharField("art", max_length=20, choices=LineKind)
    text = models.CharField("post", max_length=200)
    amount_kr = kr_field()
    category = models.CharField(
        "udgiftstype", max_length=20, choices=ExpenseCategory, blank=True, default=""
    )
    funding_status = models.CharField(
        "status", max_length=10, choices=FundingStatus, blank=True, default=""
    )

    class Meta:
        verbose_name = "budgetpost"
        verbose_name_plural = "budgetposter"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_kr__gt=0),
                name="budget_line_positive",
                violation_error_message=_("Et beløb i budgettet skal være større end 0."),
            ),
            models.UniqueConstraint(
                fields=["application", "position"], name="budget_line_position_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text}: {self.amount_kr} (#{self.pk})"


class Attachment(models.Model):
    """A file on the case. Its bytes never change; its name on disk says nothing about anybody."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="attachments")
    kind = models.CharField("art", max_length=20, choices=AttachmentKind)
    question = models.CharField("svar på spørgsmålet", max_length=40, blank=True, default="")
    file = models.FileField("fil", upload_to="attachments/%Y/%m/")
    name = models.CharField("navn", max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField("størrelse i byte")
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField("modtaget")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    review = models.CharField(
        "gennemgang", max_length=12, choices=AttachmentReview, blank=True, default=""
    )
    review_note = models.CharField("hvad er der galt", max_length=300, blank=True)
    reviewed_at = models.DateTimeField("gennemgået", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    public_title = models.CharField("titel i postlisten", max_length=150, blank=True)
    is_exempt = models.BooleanField("undtaget fra postlisten", default=False)

    class Meta:
        verbose_name = "bilag"
        verbose_name_plural = "bilag"
        constraints = [
            models.CheckConstraint(
                condition=Q(review="", reviewed_at=None, reviewed_by=None)
                | (~Q(review="") & Q(reviewed_at__isnull=False, reviewed_by__isnull=False)),
                name="attachment_review_by_somebody",
            )
        ]
        indexes = [GinIndex(FILE_WORDS, name="attachment_words")]

    def __str__(self) -> str:
        return f"{self.name} (#{self.pk})"


class InformationRequest(models.Model):
    """What we asked the applicant for, which parts it re-opened, and the answer."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="information_requests"
    )
    parts = ArrayField(models.CharField(max_length=40), verbose_name="dele")
    message = models.TextField("hvad mangler")
    due_on = models.DateField("frist")
    asked_at = models.DateTimeField("bedt om")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.TextField("svar", blank=True)
    answered_at = models.DateTimeField("besvaret", null=True, blank=True)

    class Meta:
        verbose_name = "anmodning om oplysninger"
        verbose_name_plural = "anmodninger om oplysninger"
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(answered_at=None),
                name="information_request_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"Oplysninger til sag {self.application_id}, frist {self.due_on} (#{self.pk})"


class PartyHearing(models.Model):
    """A fact from others put to the applicant (partshøring, forvaltningsloven § 19)."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="hearings")
    fact = models.TextField("oplysning")
    source = models.CharField("hvor kommer den fra", max_length=200)
    due_on = models.DateField("frist")
    opened_at = models.DateTimeField("sendt")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.TextField("bemærkninger", blank=True)
    ended_at = models.DateTimeField("afsluttet", null=True, blank=True)
    is_answered = models.BooleanField("besvaret", default=False)

    class Meta:
        verbose_name = "partshøring"
        verbose_name_plural = "partshøringer"
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(ended_at=None), name="hearing_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"Høring i sag {self.application_id}, frist {self.due_on} (#{self.pk})"


class Reminder(models.Model):
    """A reminder that has been made; the unique row makes it happen once."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="reminders")
    kind = models.CharField("art", max_length=20)
    due_on = models.DateField("fristen det gjaldt")
    number = models.PositiveSmallIntegerField("nr.")
    made_at = models.DateTimeField("lavet")

    class Meta:
        verbose_name = "påmindelse"
        verbose_name_plural = "påmindelser"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind", "due_on", "number"], name="reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} nr. {self.number} til sag {self.application_id}"


class ImportedRow(models.Model):
    """Which row of which file a case came from; the unique row makes an import safe to repeat."""

    source = models.CharField("kilde", max_length=100)
    identity = models.CharField("række", max_length=200)
    application = models.ForeignKey(Application, models.PROTECT, related_name="imported_rows")

    class Meta:
        verbose_name = "importeret række"
        verbose_name_plural = "importerede rækker"
        constraints = [
            models.UniqueConstraint(fields=["source", "identity"], name="imported_row_once")
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.identity}"
