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
