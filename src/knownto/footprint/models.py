"""A search that is still open, and what somebody said is wrong. Both sealed under a key of their own."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models

from knownto.keyring.models import SealedRow


class Search(SealedRow):
    """One justified question of one worker, its answer, and until when it opens footprints.

    Sealed: the work it is for, why the family was not told, what was asked, and the answer as it was shown.
    `people` are those the answer named; `reached` are those of their households, whose footprints may be
    opened without asking again.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    worker = models.UUIDField()
    agency = models.CharField(max_length=40)
    purpose = models.CharField(max_length=40)
    family = models.CharField(max_length=20, blank=True)
    people = ArrayField(models.UUIDField(), default=list)
    reached = ArrayField(models.UUIDField(), default=list)
    at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["worker", "until"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gt=models.F("at")), name="a_search_is_open_for_a_while"),
        ]


class Wrong(models.TextChoices):
    """What can be wrong with something a partner told us, or that we concluded."""

    PERSON = "person", "It belongs to somebody else"
    NAME = "name", "The name, date of birth or sex"
    ADDRESS = "address", "The address"
    OPEN = "open", "Whether it is open"
    CONTACT = "contact", "A kind of contact, a number or a date"
    TEAM = "team", "The team or how to ring it"
    HOUSEHOLD = "household", "Who lives together"


class Query(SealedRow):
    """'This is wrong', said of one agency's record by somebody to whom it was shown. Sealed: their words,
    and the partner's own id of the record, which is all that its data manager is shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    agency = models.CharField(max_length=40)  # whose record it is
    record = models.BigIntegerField()
    person = models.UUIDField()
    wrong = models.CharField(max_length=20, choices=Wrong)
    by = models.UUIDField()
    from_agency = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["agency", "at"])]
