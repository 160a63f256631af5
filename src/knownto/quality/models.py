"""Checks of one agency's records, and what they found: codes, counts and opaque ids, and no value of anybody's."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from knownto.partners.models import Agency


class Phase(models.TextChoices):
    """How far a check is. Each phase goes through the agency's records once, in the order of their ids."""

    READING = "reading", "Reading the records"
    NUMBERS = "numbers", "Comparing identifiers"
    COMPARING = "comparing", "Comparing records"
    DONE = "done", "Done"


class Check(models.Model):
    """One look through an agency's records. `against`: what others hold was compared too.

    `after` is the record it has come to, so that a killed check goes on where it was.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    agency = models.ForeignKey(Agency, models.PROTECT)
    as_of = models.DateField()  # how far the agency's information had come
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    against = models.BooleanField(default=False)
    phase = models.CharField(max_length=9, choices=Phase, default=Phase.READING)
    after = models.BigIntegerField(default=0)
    records = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # code -> records
    missing = models.JSONField(default=dict)  # field -> [records without it, records that should have it]
    settling = models.PositiveIntegerField(default=0)  # records that changed too lately to be compared with others

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=Q(finished_at=None), name="one_running_check_an_agency"
            )
        ]
        indexes = [models.Index(fields=["agency", "-begun_at"], name="check_by_time")]


class Finding(models.Model):
    """That something is wrong of a record; `other` is another record of the same agency that it is about too."""

    id = models.BigAutoField(primary_key=True)
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False)
    check_of = models.ForeignKey(Check, models.CASCADE)
    code = models.CharField(max_length=20)
    record = models.BigIntegerField()
    other = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["check_of", "code", "record", "other"], nulls_distinct=False, name="quality_found_once"
            )
        ]


class Number(models.Model):
    """An identifier of a record, blind, while a check runs: to find one number on two records."""

    id = models.BigAutoField(primary_key=True)
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False)
    check_of = models.ForeignKey(Check, models.CASCADE)
    kind = models.CharField(max_length=3)
    token = models.BigIntegerField()
    record = models.BigIntegerField()


class Steady(models.Model):
    """Since when a record has said the same of who it is about. `said` is a keyed fingerprint."""

    record = models.BigIntegerField(primary_key=True)
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False)
    said = models.BinaryField()
    since = models.DateTimeField()


class Told(models.Model):
    """That an agency was told that its version of a person differs. `said` is the fingerprint of that version.

    Counted by person and not by record: a record sent under another number is the same guess at the same person.
    """

    id = models.BigAutoField(primary_key=True)
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False)
    person = models.UUIDField()
    said = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "person", "said"], name="told_once_a_version")]
