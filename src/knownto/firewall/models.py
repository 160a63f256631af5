"""Protections, the blind keys by which what they protect is recognised, and everything that was done about each."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from knownto.keyring.models import SealedRow
from knownto.partners.models import Agency, Team


class Reach(models.TextChoices):
    """From whom it is kept. Whoever else works with it sees it, with the warning that it must not reach them."""

    ANYBODY = "anybody", "A person, and so anything that leaves here: somebody could pass it on"
    PERSON = "person", "A person only: nothing that goes to them, and no page of somebody of their name"
    AGENCY = "agency", "A whole agency: none of its people, pages or systems"
    TEAM = "team", "A team: none of its people, and nothing that leaves to its agency"


class What(models.TextChoices):
    """What is kept back. Each leads to the others, so all of them unless somebody says otherwise."""

    ADDRESS = "address", "Where they live, and where they lived"
    SCHOOL = "school", "School or nursery"
    SURGERY = "surgery", "GP practice or clinic"
    PHONE = "phone", "Telephone and e-mail"


class Protection(SealedRow):
    """These people's whereabouts are kept from somebody, because of that. Sealed: who, what, from whom, why.

    It stands until two people have lifted it: an address is not safe again because an order ran out overnight. So
    `until` is the day on which somebody must look at it, and nothing else. `fact`: the statement that it comes of.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    reach = models.CharField(max_length=7, choices=Reach)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+", db_index=False)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+", db_index=False)
    fact = models.UUIDField(null=True, unique=True)
    since = models.DateField()
    until = models.DateField(null=True)
    simulated = models.BooleanField(default=False)
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True)  # None: the product's own, from a fact that somebody recorded
    set_in = models.CharField(max_length=40, blank=True)
    lift_asked_at = models.DateTimeField(null=True)
    lift_asked_by = models.UUIDField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(agency__isnull=False) ^ ~Q(reach="agency")) & (Q(team__isnull=False) ^ ~Q(reach="team")),
                name="a_protection_names_whom_it_is_kept_from",
            ),
            models.CheckConstraint(
                condition=Q(lift_asked_at=None, lift_asked_by=None)
                | Q(lift_asked_at__isnull=False, lift_asked_by__isnull=False),
                name="whoever_asks_to_lift_is_known",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False, lift_asked_by__isnull=False)
                & ~Q(lifted_by=F("lift_asked_by")),
                name="lifted_by_two_people",
            ),
        ]


class Mark(models.Model):
    """A blind key of something that a protection is about. What it stands for cannot be got back from it."""

    class Kind(models.TextChoices):
        SUBJECT = "subject", "a key of somebody who is protected"
        RECIPIENT = "recipient", "a key of whom it is kept from"
        NAMESAKE = "namesake", "their name, as a worker would have it"
        FIRST = "first", "the word with which a protected phrase begins"
        PHRASE = "phrase", "a protected phrase or code"

    protection = models.ForeignKey(Protection, models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=9, choices=Kind)
    token = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "token", "protection"], name="one_mark_of_a_kind")]


class Step(SealedRow):
    """What somebody did about a protection, and why (sealed). Never changed."""

    class Kind(models.TextChoices):
        SET = "set", "Set"
        WIDENED = "widened", "More was added that would lead to them"
        LIFT_ASKED = "lift-asked", "Asked to lift it"
        KEPT = "kept", "Looked at, and kept"
        LIFTED = "lifted", "Lifted, by a second person"

    id = models.UUIDField(primary_key=True, default=uuid4)
    protection = models.ForeignKey(Protection, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.UUIDField(null=True)
    agency = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
