from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from pulje.enums import Role


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

    def has_role(self, *roles: Role) -> bool:
        return any(role in self.roles for role in roles)
