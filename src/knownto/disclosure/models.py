"""What was let across an agency's boundary. Never changed, never taken back: a wrong one is followed by
another.
"""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models

from knownto.ledger.models import Entry

MARKING = "OFFICIAL-SENSITIVE"


class How(models.TextChoices):
    """In what way it left us."""

    VIEW = "view", "shown on a screen"
    PRINT = "print", "made for print"
    HOUSEHOLD = "household", "shown as one of a household"


class Disclosure(models.Model):
    """One person's footprint, let across to one agency. Opaque ids, codes and dates only."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    receipt = models.CharField(max_length=11, unique=True)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="disclosures")
    how = models.CharField(max_length=10, choices=How)
    person = models.UUIDField()
    worker = models.UUIDField()
    to_agency = models.CharField(max_length=40)
    purpose = models.CharField(max_length=40)
    basis = models.TextField()  # the law as it was named on the day, whatever the list of purposes says later
    agreements = ArrayField(models.CharField(max_length=80))  # stamps of every agency whose row was filled in
    marking = models.CharField(max_length=40, default=MARKING)
    at = models.DateTimeField()
    expires = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "at"]), models.Index(fields=["worker", "at"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(expires__gt=models.F("at")), name="disclosed_until_later"),
        ]
