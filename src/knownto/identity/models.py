"""Blind keys, cleaned forms, people, and what is believed of them. Nothing here is readable without its keys.

A `record` is the id of a partner's record; it is no foreign key, so that what is left of a record can be removed
after the record itself has gone.
"""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from knownto.casework.models import Episode
from knownto.keyring.models import SealedRow


class BlindKey(models.Model):
    """A page of keys and the records that have them. Never read directly: only through the functions in `blind`."""

    pk = models.CompositePrimaryKey("bucket", "page")
    bucket = models.IntegerField()
    page = models.IntegerField()
    keys = ArrayField(models.BigIntegerField())


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


class Rematch(models.Model):
    """Everybody matched again by another model: first `reading` all, then comparing all. One at most has not ended.

    `after` is the record that was done last, `last` the newest of the `records` that there were when it was begun;
    `done` counts steps, of which each record has two. The newest row says by which model everybody is matched.
    """

    id = models.BigAutoField(primary_key=True)
    model = models.CharField(max_length=64)  # checksum
    records = models.BigIntegerField()
    last = models.BigIntegerField()
    reading = models.BooleanField(default=True)
    after = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


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
        indexes = [
            models.Index(
                fields=["lower", "higher"], condition=Q(outcome="possible", state="auto"), name="belief_to_be_reviewed"
            )
        ]
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
    agreed_by = models.UUIDField(null=True)  # the second person, where the records are of a class that needs two
    at = models.DateTimeField()
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced")
    undone_by = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(lower__lt=F("higher")), name="a_ruling_is_on_two_records"),
            models.CheckConstraint(condition=~Q(agreed_by=F("by")), name="nobody_agrees_with_themselves"),
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


class Doubt(models.Model):
    """What grouping could not settle by itself, and left as it was: it is tried again whenever its block changes.

    APART: a strong belief between two people, whom the rest of their records keep apart. CONTRADICTED: somebody said
    that two records are one person's, and what others said keeps them apart. TOO_LARGE: a block of more records than
    a person can have; `lower` is its oldest.
    """

    class Kind(models.TextChoices):
        APART = "apart"
        CONTRADICTED = "contradicted"
        TOO_LARGE = "too-large"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12, choices=Kind)
    lower = models.BigIntegerField()
    higher = models.BigIntegerField(null=True, db_index=True)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lower", "higher", "kind"], nulls_distinct=False, name="one_doubt_of_a_sort"
            )
        ]


class Change(models.Model):
    """People who were found to be one (JOINED: `person` went into `into`), or one who was found to be two (PARTED:
    `moved` left `person`, where `kept` stayed, and are `into` now; they had been together since `since`).

    `ruling` and `by` say who decided it; without them the model did, or the evidence changed. `told_at`: when everybody
    who had seen them as one was told.
    """

    class Kind(models.TextChoices):
        JOINED = "joined"
        PARTED = "parted"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=6, choices=Kind)
    at = models.DateTimeField()
    person = models.UUIDField(db_index=True)
    into = models.UUIDField(db_index=True)
    moved = ArrayField(models.BigIntegerField())
    kept = ArrayField(models.BigIntegerField(), default=list)
    since = models.DateTimeField(null=True)
    ruling = models.UUIDField(null=True)
    by = models.UUIDField(null=True)
    told_at = models.DateTimeField(null=True)
    episode = models.ForeignKey(Episode, models.PROTECT, null=True, related_name="+")  # in which those who saw are told

    class Meta:
        indexes = [models.Index(fields=["at"], condition=Q(kind="parted", told_at=None), name="parted_and_not_told")]


class Why(models.TextChoices):
    """Why somebody must look."""

    POSSIBLE = "possible", "The model is not sure"
    REPORTED = "reported", "A worker says that this is not one person"
    APART = "apart", "They look like one person, and other records keep them apart"
    CONTRADICTED = "contradicted", "A decision on them is contradicted by another, or by newer evidence"
    AGAIN = "again", "Decided before, and the evidence has changed since"
    TOO_LARGE = "too-large", "More records hang together than one person can have"
    SET_ASIDE = "set-aside", "A record that cannot be read"
    UNDO = "undo", "Somebody wants a decision undone, and two people must agree"


class Review(models.Model):
    """A pair (or, without `higher`, a record) that waits for a reviewer, as a piece of work with an owner and a clock.

    `rank` is the harm that a wrong or missed link would do, by class of data, times how unsure the score is: it orders
    links, never people. `claimed_by` has it before them until `claimed_until`.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    episode = models.OneToOneField(Episode, models.PROTECT, related_name="+")
    lower = models.BigIntegerField()
    higher = models.BigIntegerField(null=True)
    why = models.CharField(max_length=12, choices=Why)
    agencies = ArrayField(models.CharField(max_length=40))  # whose records they are
    data_class = models.CharField(max_length=40)
    two_people = models.BooleanField(default=False)
    two_agencies = models.BooleanField(default=False)
    bits = models.FloatField(default=0.0)
    rank = models.FloatField()
    since = models.DateTimeField()
    claimed_by = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    skipped_by = ArrayField(models.UUIDField(), default=list)
    undoes = models.ForeignKey(Ruling, models.PROTECT, null=True, related_name="+")  # what would be taken back
    ruling = models.ForeignKey(Ruling, models.PROTECT, null=True, related_name="+")  # what came of it
    answer = models.CharField(max_length=8, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-rank", "since"], condition=Q(closed_at=None), name="review_in_order"),
            models.Index(fields=["lower", "higher"]),
            models.Index(fields=["higher"]),
            models.Index(fields=["claimed_by"], condition=Q(closed_at=None), name="review_in_hand"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["lower", "higher"],
                condition=Q(closed_at=None),
                nulls_distinct=False,
                name="one_open_review_of_two_records",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_until=None)
                | Q(claimed_by__isnull=False, claimed_until__isnull=False),
                name="a_claim_says_by_whom_and_until_when",
            ),
        ]


class Opinion(SealedRow):
    """What one reviewer said of a pair. The reason is sealed with the review's episode. Never changed, but taken back.

    `levels`, `bits` and `model` are the belief as it stood: so that the decision can be learnt from.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    review = models.ForeignKey(Review, models.PROTECT, related_name="opinions")
    worker = models.UUIDField()
    agency = models.CharField(max_length=40)
    lead = models.BooleanField(default=False)
    answer = models.CharField(max_length=8)  # a RulingKind, "unsure" or, of an undo, "undo" and "keep"
    short = models.CharField(max_length=20, blank=True)
    bits = models.FloatField()
    levels = models.CharField(max_length=400, blank=True)
    model = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["worker", "-at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "worker"], condition=Q(withdrawn_at=None), name="one_opinion_a_reviewer"
            )
        ]
