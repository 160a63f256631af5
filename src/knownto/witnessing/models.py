"""Who witnesses, what each has signed, and which of them is silent or refuses. Nothing here is about anybody."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from knownto.ledger.models import Head, Restore
from knownto.partners.models import Agency


class Witness(models.Model):
    """A partner's witness: where it is asked, the key it signs with, and how far it has seen.

    `key` was given to us by its people, not by its machine. One that is closed stays, with what it signed.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="witnesses")
    where = models.CharField(max_length=300)  # an https address
    key = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    seen_size = models.BigIntegerField(default=0)
    seen_number = models.BigIntegerField(default=-1)
    answered_at = models.DateTimeField(null=True)  # when it last signed
    told_of = models.ForeignKey(Restore, models.PROTECT, null=True)  # the last restore that it has taken note of
    fault = models.CharField(max_length=20, blank=True)  # a code of ours
    faults = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(closed_at=None), name="one_open_witness_a_key"),
        ]


class Cosignature(models.Model):
    """A witness's word that it saw that head, and that the log only grew until then."""

    witness = models.ForeignKey(Witness, models.PROTECT, related_name="cosignatures", db_index=False)
    head = models.ForeignKey(Head, models.PROTECT, related_name="cosignatures")
    at = models.DateTimeField()  # by the witness's own clock
    line = models.CharField(max_length=400)

    class Meta:
        indexes = [models.Index(fields=["witness", "-at"])]


class Alarm(models.Model):
    """One witness has been silent for too long, or refuses our log. One of each kind open at a time."""

    class Kind(models.TextChoices):
        SILENT = "silent", "has signed nothing for too long"
        REFUSES = "refuses", "refuses our log"

    witness = models.ForeignKey(Witness, models.PROTECT, related_name="alarms")
    kind = models.CharField(max_length=8, choices=Kind)
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["witness", "kind"], condition=Q(cleared_at=None), name="one_open_alarm_of_a_witness"
            ),
        ]
