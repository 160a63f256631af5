"""Every glass that was broken, and who may not break another. Whom it opened and why, in words, is sealed."""

from datetime import timedelta
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from knownto.casework.models import Episode
from knownto.keyring.models import SealedRow
from knownto.ledger.models import Entry


class Break(SealedRow):
    """One worker opened one person until then. Sealed: {"words": str, "name": str, "born": str}.

    `ended_at` is when it was closed: by the worker, or written down by the sweep after `until`. Once written nothing
    else of it changes, and no row goes: the database refuses it (`glass.wall`).
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    worker = models.UUIDField()
    agency = models.CharField(max_length=40)
    person = models.UUIDField()
    reason = models.CharField(max_length=40)  # a code of policy.LIFE_REASONS
    at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    episode = models.OneToOneField(Episode, models.PROTECT, related_name="glass")

    class Meta:
        indexes = [
            models.Index(fields=["worker", "until"], name="glass_of_worker"),
            models.Index(fields=["until"], condition=Q(ended_at=None), name="glass_to_close"),
            models.Index(fields=["at"], name="glass_latest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=F("at") + timedelta(minutes=60)), name="a_glass_is_open_for_an_hour"
            ),
        ]


class Suspension(models.Model):
    """That worker may not break the glass. Lifted by giving what was owed, or by a reviewer."""

    class Why(models.TextChoices):
        NO_OUTCOME = "no-outcome", "What came of it was not said in time"
        NOT_RIGHT = "not-right", "A reviewer found that it was not right"

    id = models.BigAutoField(primary_key=True)
    worker = models.UUIDField()
    glass = models.ForeignKey(Break, models.PROTECT, related_name="suspensions")
    why = models.CharField(max_length=20, choices=Why)
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["worker"], condition=Q(lifted_at=None), name="glass_suspended")]
        constraints = [
            models.UniqueConstraint(fields=["glass", "why"], name="suspended_once_for_each"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="a_lifted_suspension_says_by_whom",
            ),
        ]
