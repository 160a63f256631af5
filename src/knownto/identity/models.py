"""Blind keys, cleaned forms, people, and what is believed of them. Nothing here is readable without its keys.

A `record` is the id of a partner's record; it is no foreign key, so that what is left of a record can be removed
after the record itself has gone.
"""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from knownto.keyring.models import SealedRow


class BlindKey(models.Model):
    """That a record has a key. Never read directly: only through the functions in `blind`."""

    pk = models.CompositePrimaryKey("token", "record")
    token = models.BigIntegerField()
    record = models.BigIntegerField()


class Cleaned(SealedRow):
    """A record's cleaned form, sealed under the record's own data key.

    `tokens` and `homes` are its blind keys (8 bytes each), so that all can be found again to be replaced or removed
    once the record and its data key have gone. `digest` tells unchanged evidence, so that it is not matched anew.
    """

    record = models.BigIntegerField(primary_key=True)
    tokens = models.BinaryField()
    homes = models.BinaryField()
    digest = models.BinaryField()


class Stage(models.IntegerChoices):
    """How far a pending record has come. One that was altered in the database is set aside until it is sent again."""

    LANDED = 0
    KEYED = 1
    SET_ASIDE = 2


class Pending(models.Model):
    """A record whose identity evidence must be read (LANDED), or compared with others (KEYED).

    `agency` is the one whose file it came in, "" when matching anew for another reason.
    Records are compared in the order of `near`, the blind form of a postcode: neighbours are often each other's
    candidates, so each is then opened once for many comparisons.
    """

    record = models.BigIntegerField(primary_key=True)
    stage = models.SmallIntegerField(choices=Stage, default=Stage.LANDED)
    near = models.BigIntegerField(default=0)
    agency = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["stage", "near", "record"])]


class Person(models.Model):
    """A stable id. `since` is the oldest record that it was first given to; a person may have no records now."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    since = models.BigIntegerField(db_index=True)


class Member(models.Model):
    """That a record is, for now, one of a person's."""

    record = models.BigIntegerField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT)
    since = models.DateTimeField()


class BeliefState(models.TextChoices):
    """What people have said of a belief. Without their word it is the model's alone."""

    AUTO = "auto"
    CONFIRMED = "confirmed"
    UNDONE = "undone"


class Belief(models.Model):
    """What the model says of two records. `levels` are codes of agreement such as "birth=exact", never values."""

    pk = models.CompositePrimaryKey("lower", "higher")
    lower = models.BigIntegerField()
    higher = models.BigIntegerField(db_index=True)
    bits = models.FloatField()
    outcome = models.CharField(max_length=8)  # "match", "possible" or, when only a person says so, "unlikely"
    levels = models.CharField(max_length=400)
    model = models.CharField(max_length=64)  # checksum
    at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=BeliefState, default=BeliefState.AUTO)
    by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(lower__lt=F("higher")), name="a_belief_is_of_two_records"),
            models.CheckConstraint(
                condition=Q(state="auto", by=None) | (~Q(state="auto") & Q(by__isnull=False)),
                name="a_confirmed_belief_says_by_whom",
            ),
        ]


class RulingKind(models.TextChoices):
    """What somebody decided of two records."""

    TOGETHER = "together", "One person"
    APART = "apart", "Two people, as far as is known: may be asked again when the evidence changes"
    NEVER = "never", "Two people for certain: never to be asked again"


class Ruling(SealedRow):
    """A person's decision about two records, which no model overrules. The reason is sealed under a key of its own.

    A later ruling on the same two replaces the one in force; undoing the later one puts the earlier back.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    lower = models.BigIntegerField()
    higher = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=8, choices=RulingKind)
    by = models.UUIDField()
    at = models.DateTimeField()
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced")
    undone_by = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(lower__lt=F("higher")), name="a_ruling_is_on_two_records"),
            models.CheckConstraint(
                condition=Q(undone_by=None, undone_at=None) | Q(undone_by__isnull=False, undone_at__isnull=False),
                name="an_undone_ruling_says_by_whom_and_when",
            ),
            models.UniqueConstraint(
                fields=["lower", "higher"],
                condition=Q(undone_at=None, replaced_by=None),
                name="one_ruling_in_force_for_two_records",
            ),
        ]
