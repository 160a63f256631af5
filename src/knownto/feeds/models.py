"""Feeds, the files that came, rows on their way in, and what is held: records and their contacts.

In the clear are only opaque ids, agency, category code, team, dates and states of contacts, age bands, counts and
blind tokens. Who a record is about, what a file was called and what a bad cell held are sealed.
"""

from datetime import time
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from knownto.keyring.models import SealedRow
from knownto.partners.models import Agency


class Mode(models.TextChoices):
    SNAPSHOT = "snapshot", "Full snapshot"
    DELTA = "delta", "Changes"


class State(models.TextChoices):
    """Where a file is on its way. The last five are final unless it is replayed."""

    RECEIVED = "received", "Received"
    CHECKING = "checking", "Being checked"
    LANDING = "landing", "Being saved"
    HELD = "held", "Held for a person"
    LANDED = "landed", "Landed"
    REFUSED = "refused", "Refused"
    TURNED_AWAY = "turned-away", "Turned away"
    SAME = "same", "Same as before"
    CHECKED = "checked", "Checked only"


ON_THE_WAY = (State.RECEIVED, State.CHECKING, State.LANDING)


class Feed(models.Model):
    """What one agency is expected to send, and how far its information has come. No person in it."""

    agency = models.OneToOneField(Agency, models.PROTECT, primary_key=True)
    every = models.CharField(max_length=20, default="daily")  # worktime.Every
    at = models.TimeField(default=time(9))  # London time
    days_after = models.PositiveSmallIntegerField(default=1)  # the file about one day comes on the next
    grace_minutes = models.PositiveIntegerField(default=60)
    weekday = models.PositiveSmallIntegerField(default=0)
    last_as_of = models.DateField(null=True)
    last_snapshot_as_of = models.DateField(null=True)
    last_landed_at = models.DateTimeField(null=True)
    records = models.PositiveIntegerField(default=0)
    contacts = models.PositiveIntegerField(default=0)
    put_aside = models.PositiveIntegerField(default=0)  # rows that were not taken, since its last whole file
    overdue_since = models.DateTimeField(null=True)


class Alarm(models.Model):
    """A feed that should have come and did not. Closed when it comes."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="alarms")
    expected_by = models.DateTimeField()
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed"], condition=Q(cleared_at=None), name="one_open_alarm_a_feed")
        ]


class File(SealedRow):
    """One received file. Sealed: its name, SHA-256, manifest, figures said of it, and any decision's reason."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    agency = models.ForeignKey(Agency, models.PROTECT)
    mode = models.CharField(max_length=8, choices=Mode)
    as_of = models.DateField()
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    check_only = models.BooleanField(default=False)
    simulated = models.BooleanField(default=False)
    same_bytes = models.BinaryField()  # keyed fingerprint of the SHA-256
    same_as = models.ForeignKey("self", models.PROTECT, null=True)
    size = models.BigIntegerField()
    lines = models.PositiveIntegerField(default=0)  # line feeds in it: about how many rows to expect
    has_manifest = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    received_by = models.UUIDField(null=True)
    came_by = models.CharField(max_length=60, blank=True)  # the role that handed it in: a worker's, or a way in
    rows = models.PositiveIntegerField(default=0)  # read so far, which is where a killed check goes on
    rows_bad = models.PositiveIntegerField(default=0)
    rows_not_agreed = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=dict)  # code -> how many
    notices = models.JSONField(default=dict)
    added = models.PositiveIntegerField(default=0)  # contacts
    changed = models.PositiveIntegerField(default=0)
    dropped = models.PositiveIntegerField(default=0)
    codes = models.JSONField(default=list)  # why it was refused or held: codes of `faults`
    released = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    finished_at = models.DateTimeField(null=True)
    copy_destroyed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["agency", "-received_at"], name="file_by_arrival"),
            models.Index(fields=["agency", "same_bytes"], name="file_by_bytes"),
            models.Index(fields=["state"], condition=Q(state__in=ON_THE_WAY), name="file_on_the_way"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None) | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="a_decision_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.TURNED_AWAY) | Q(decided_at__isnull=False), name="turned_away_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(state__in=(*ON_THE_WAY, State.HELD), finished_at=None)
                | (~Q(state__in=(*ON_THE_WAY, State.HELD)) & Q(finished_at__isnull=False)),
                name="a_finished_file_says_when",
            ),
        ]


class Progress(models.Model):
    """How many rows of a large file have been saved. Written beside the landing's transaction, so that it shows."""

    file = models.UUIDField(primary_key=True)
    done = models.PositiveIntegerField()


class Staged(models.Model):
    """A checked row on its way in, sealed under its file's key. Gone once the file has landed or is finished."""

    pk = models.CompositePrimaryKey("file", "line")
    file = models.ForeignKey(File, models.CASCADE)
    line = models.PositiveIntegerField()
    record_token = models.BigIntegerField()
    contact_token = models.BigIntegerField(null=True)  # none when a whole record is to be removed
    remove = models.BooleanField(default=False)
    digest = models.BinaryField()  # keyed, of the whole row: tells a repeat from a contradiction
    sealed = models.BinaryField()


class Rejected(models.Model):
    """A fault of one cell of a row that was put aside. What the cell held is sealed under its file's key."""

    id = models.BigAutoField(primary_key=True)
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False)
    file = models.ForeignKey(File, models.CASCADE, related_name="rejected")
    line = models.PositiveIntegerField()
    field = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    what = models.CharField(max_length=400, blank=True)
    # Which contact it is about, where the row says so: a contact in a bad row is not a contact that is gone.
    record_token = models.BigIntegerField(null=True)
    contact_token = models.BigIntegerField(null=True)
    sealed = models.BinaryField(null=True)


class Record(SealedRow):
    """One person in one agency's books. Sealed: the agency's id of the person, and the identity evidence.

    `token` is the blind form of (agency, record_id). `said` tells whether the evidence is said anew or just again.
    A removed record keeps its id and token, and nothing else: its key is destroyed.
    """

    id = models.BigAutoField(primary_key=True)
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False)
    token = models.BigIntegerField()
    said = models.BinaryField()  # keyed digest of the evidence as it last came
    age_band = models.CharField(max_length=10, blank=True)
    as_of = models.DateField()
    file = models.ForeignKey(File, models.PROTECT, db_index=False, related_name="+")
    earlier_on = models.DateField(null=True)  # last day of a contact that the agency no longer sends because of its age
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "token"], name="one_record_a_token")]


class Contact(models.Model):
    """One contact: only what the agreement lets the tracker hold. An empty category is one that is not held."""

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(Record, models.CASCADE, db_index=False, related_name="contacts")
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False)
    token = models.BigIntegerField()
    category = models.CharField(max_length=40, blank=True)
    started_on = models.DateField()
    last_contact_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    last_on = models.DateField()  # the latest of the three: what counts for 12 and 36 months
    open = models.BooleanField()
    team = models.CharField(max_length=40)
    as_of = models.DateField()
    file = models.ForeignKey(File, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "token"], name="one_contact_a_token"),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("started_on")), name="the_last_day_is_not_before_the_first"
            ),
        ]
        indexes = [models.Index(fields=["last_on"], condition=Q(open=False), name="contact_by_age")]


class Gone(models.Model):
    """That a contact, or (without contact) a record, was removed as of a day: an older file must not bring it back."""

    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False)
    record_token = models.BigIntegerField()
    contact_token = models.BigIntegerField(null=True)
    as_of = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "record_token", "contact_token"], nulls_distinct=False, name="gone_once"
            )
        ]


class SendingKey(models.Model):
    """A partner system's key for the API, kept as a digest: it sends for one agency and reads nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    agency = models.ForeignKey(Agency, models.PROTECT)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
