"""Entries, their places in the tree, and signed heads. The database itself refuses to change any of them."""

from django.db import models


class Entry(models.Model):
    """One thing that somebody did or asked, and why. Opaque ids only; anything personal is in `sealed`."""

    id = models.BigAutoField(primary_key=True)
    event = models.UUIDField(unique=True)
    at = models.DateTimeField()
    simulated = models.BooleanField(default=False)  # the fictional borough's year, lived on its own calendar
    kind = models.CharField(max_length=40)
    worker = models.UUIDField(null=True)
    agency = models.CharField(max_length=40)
    role = models.CharField(max_length=60)
    purpose = models.CharField(max_length=40, blank=True)
    because = models.CharField(max_length=120, blank=True)  # the rule that allowed or refused it
    agreement = models.CharField(max_length=80, blank=True)
    key = models.UUIDField(null=True)
    sealed = models.BinaryField()
    commitment = models.BinaryField()  # SHA-256 of `sealed`, so that the proof survives its destruction

    class Meta:
        indexes = [models.Index(fields=["worker", "at"]), models.Index(fields=["kind", "at"])]


class About(models.Model):
    """What an entry is about: a person's, record's, file's or token's opaque id."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="about")
    subject = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["subject", "entry"])]


class Waiting(models.Model):
    """An entry not yet numbered. Written with the entry, removed by the sequencer."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True)


class Leaf(models.Model):
    """An entry's place in the tree, and the hash it went in with."""

    index = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT)
    hash = models.BinaryField()


class Head(models.Model):
    """The tree's root at a moment, signed: the note that a partner keeps, and the peaks to go on from."""

    number = models.BigIntegerField(primary_key=True)
    size = models.BigIntegerField()
    at = models.DateTimeField()
    note = models.TextField()
    peaks = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["size"])]  # where a proof finds the roots of what is complete


class Restore(models.Model):
    """A backup was put back: the log goes on from head `kept`, and what came after it, up to `lost`, is gone.

    Until somebody declares it, with a reason, nothing leaves the product. The declaration is a note that we sign, and
    an entry in the log that names its digest.
    """

    found_at = models.DateTimeField()
    kept = models.ForeignKey(Head, models.PROTECT)
    lost = models.TextField()  # the newest head that anybody was shown before, as it was signed
    note = models.TextField(blank=True)
    entry = models.ForeignKey(Entry, models.PROTECT, null=True)
    declared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["declared_at"],
                condition=models.Q(declared_at=None),
                nulls_distinct=False,
                name="one_undeclared_restore_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(declared_at=None, entry=None, note="")
                | (models.Q(declared_at__isnull=False, entry__isnull=False) & ~models.Q(note="")),
                name="a_declared_restore_says_when_and_where",
            ),
        ]
