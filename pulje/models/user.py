from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from pulje.enums import Role

NO_MAIL = "uden-mail.invalid"  # the domain of whoever came by MitID and has told us no e-mail yet


def reaches(email: str) -> bool:
    """False for an address that only stands for the one we do not know."""
    return not email.endswith(f"@{NO_MAIL}")


class UserManager(BaseUserManager["User"]):
    """Creates people by e-mail; the framework asks for a manager here."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """The person with that e-mail, however it is capitalised."""
        return self.get(email__iexact=username)

    def create_superuser(self, email: str, password: str, **fields: object) -> "User":
        fields.setdefault("name", email)
        fields.setdefault("roles", [Role.ADMINISTRATOR])
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can log in. Never deleted, only deactivated: the journal points here."""

    email = models.EmailField("e-mail")
    name = models.CharField("navn", max_length=200)
    phone = models.CharField("telefon", max_length=30, blank=True)
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role),
        default=list,
        blank=True,
        verbose_name="roller",
    )
    title = models.CharField("titel", max_length=200, blank=True)
    born_on = models.DateField("født", null=True, blank=True)
    wants_message_mail = models.BooleanField("mail ved nye beskeder", default=True)
    wants_reminder_mail = models.BooleanField("mail om frister", default=True)
    calendar_key = models.UUIDField("kalendernøgle", null=True, blank=True, unique=True)

    is_staff = models.BooleanField("må bruge administrationen", default=False)
    is_active = models.BooleanField("aktiv", default=True)
    date_joined = models.DateTimeField("oprettet", default=timezone.now)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "personer"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message="Der er allerede en bruger med den e-mail.",
            ),
            models.CheckConstraint(
                condition=~Q(roles__overlap=[Role.APPLICANT, Role.SYSTEM]),
                name="user_roles_are_held",
                violation_error_message="Ansøger og system er ikke roller, man kan få.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def is_internal(self) -> bool:
        """True for everybody who works for the municipality or sits in a committee."""
        return bool(self.roles)

    @property
    def mail(self) -> str:
        """Where to write to the person; empty while we know no e-mail."""
        return self.email if self.has_mail else ""

    @property
    def called(self) -> str:
        """The person's name; empty while all we know is an e-mail."""
        return "" if self.name == self.email else self.name

    @property
    def has_mail(self) -> bool:
        """False for somebody who came by MitID and has told us no e-mail yet."""
        return reaches(self.email)

    def has_role(self, *roles: Role) -> bool:
        return any(role in self.roles for role in roles)


class Identity(models.Model):
    """An identity a person has logged in with (MitID through a broker); proves who they are.

    ``cvr`` and ``org_name`` are those of MitID Erhverv. The CPR number is never stored.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="identities")
    issuer = models.CharField("udsteder", max_length=200)
    subject = models.CharField("emne", max_length=255)
    name = models.CharField("navn", max_length=200)
    cvr = models.CharField("CVR-nr.", max_length=8, blank=True)
    org_name = models.CharField("virksomhed", max_length=250, blank=True)
    loa = models.CharField("sikringsniveau", max_length=20, blank=True)
    first_seen_at = models.DateTimeField("første gang")
    last_seen_at = models.DateTimeField("senest")

    class Meta:
        verbose_name = "identitet"
        verbose_name_plural = "identiteter"
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_once"),
        ]

    def __str__(self) -> str:
        return f"Identitet for person {self.user_id} (#{self.pk})"
