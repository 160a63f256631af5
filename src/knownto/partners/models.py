"""Agencies, teams and workers. A worker's name and sign-in name are sealed like anybody else's."""

from typing import Any
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.functional import cached_property

from knownto.keyring import acts as keyring
from knownto.keyring.models import SealedRow


class Agency(models.Model):
    """A partner. `connected` says whether it sends a feed: what is not connected is never 'not known'."""

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=80)
    connected = models.BooleanField(default=False)
    order = models.SmallIntegerField(default=0)


class Team(models.Model):
    """Whom to ring. The route is the team's, never a person's."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="teams")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=30)
    email = models.EmailField(blank=True)
    hours = models.CharField(max_length=80)
    out_of_hours = models.CharField(max_length=120, blank=True)  # what to do when they are closed

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "code"], name="one_team_a_code")]


class Workers(BaseUserManager):
    """Finds workers by the sign-in name they type, through its blind key."""

    def get_by_natural_key(self, username: str | None) -> "Worker":
        return self.get(sign_in=sign_in_token(username or ""))


def sign_in_token(username: str) -> str:
    """What is stored of a sign-in name."""
    return format(keyring.token("sign-in", username.strip().lower()) & (2**64 - 1), "016x")


class Worker(AbstractBaseUser, SealedRow):
    """Somebody who signs in. Roles are codes of `policy.ROLES`; names are sealed in `sealed`."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    sign_in = models.CharField(max_length=16, unique=True)
    agency = models.ForeignKey(Agency, models.PROTECT)
    team = models.ForeignKey(Team, models.PROTECT, null=True)
    roles = ArrayField(models.CharField(max_length=40), default=list)
    is_active = models.BooleanField(default=True)
    closed_at = models.DateTimeField(null=True)
    first_password = models.BooleanField(default=False)  # given by somebody else: to be changed before anything

    USERNAME_FIELD = "sign_in"
    objects = Workers()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_active=True, closed_at=None) | models.Q(is_active=False, closed_at__isnull=False),
                name="a_closed_account_says_when",
            )
        ]

    @cached_property
    def plain(self) -> dict[str, Any]:
        return keyring.open_rows([self])[0]

    @property
    def name(self) -> str:
        return self.plain["name"]

    def get_full_name(self) -> str:
        return self.name
