"""What the front door needs beside the nouns: a draft while it is written, a submission that comes twice, the words
that describe each level of need.
"""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from knownto.casework.models import Episode
from knownto.keyring.models import SealedRow


class Draft(SealedRow):
    """A referral that is being written, sealed as it is typed: {"answers": {page: {field: value}}, ...}.

    Its own worker's alone. `until`: a draft that nobody finishes is destroyed then, and its writer told before.
    `sent_as`: what it became.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    kind = models.CharField(max_length=20)  # child, adult
    worker = models.UUIDField()
    agency = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    until = models.DateTimeField()
    sent_as = models.ForeignKey(Episode, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["worker", "until"])]
        constraints = [models.CheckConstraint(condition=Q(until__gt=F("started_at")), name="a_draft_is_kept_a_while")]


class Submission(models.Model):
    """One intent to refer. The same intent sent again is the same referral; with another body it is a mistake.

    `intent` is a blind key of (agency, the sender's own key); `digest` a keyed fingerprint of the body.
    """

    intent = models.BigIntegerField(primary_key=True)
    agency = models.CharField(max_length=40)
    digest = models.BinaryField()
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Descriptor(models.Model):
    """The words for a level of need in force from `since`; never changed, only followed by others."""

    id = models.BigAutoField(primary_key=True)
    level = models.SmallIntegerField()
    name = models.CharField(max_length=80)
    words = models.TextField()
    since = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["level", "-since"])]
        constraints = [models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="levels_are_one_to_four")]
