"""What was let across an agency's boundary (never changed, never taken back: a wrong one is followed by another),
and the copies on their way into agencies' own record systems.
"""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from knownto.keyring.models import SealedRow
from knownto.ledger.models import Entry
from knownto.partners.models import Agency

MARKING = "OFFICIAL-SENSITIVE"


class How(models.TextChoices):
    """In what way it left us."""

    VIEW = "view", "shown on a screen"
    PRINT = "print", "made for print"
    HOUSEHOLD = "household", "shown as one of a household"
    REFERRAL = "referral", "sent as a referral"
    ASK = "ask", "named to a partner who was asked"
    ANSWER = "answer", "given as an answer to what was asked"
    MEETING = "meeting", "said or sent to a discussion"
    COPY = "copy", "copied to an agency's own system"
    OUTCOME = "outcome", "told as an outcome"
    EXPORT = "export", "exported"
    NOT_SHARED = "not-shared", "considered, and not shared"


class Disclosure(models.Model):
    """One person's footprint, or something of one piece of work, let across to one agency; or a decision not to.

    Opaque ids, codes and dates only. `person` for a footprint, `work` for an episode; what was said is in the work.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    receipt = models.CharField(max_length=11, unique=True)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="disclosures")
    how = models.CharField(max_length=10, choices=How)
    person = models.UUIDField(null=True)
    work = models.UUIDField(null=True, db_index=True)
    worker = models.UUIDField(null=True)  # None where it was let across to an agency's team or system
    from_agency = models.CharField(max_length=40, blank=True)  # whose information it is, where it is one agency's
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
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, worker__isnull=False) | models.Q(work__isnull=False),
                name="a_disclosure_is_of_a_person_or_a_piece_of_work",
            ),
        ]


class Way(models.TextChoices):
    """How a copy reaches an agency's own record system."""

    HTTPS = "https", "posted to an address of theirs"
    DROP = "drop", "left in a folder that they empty"


class Endpoint(models.Model):
    """Where an agency's record system takes copies. One at a time; what was used before stays, closed.

    `secret` signs what is posted. After a change the former one signs as well until `former_until`, so that the
    agency can put the new one in without losing a copy. `faults` in a row and `rest_until` are the circuit: a system
    that is down is left in peace, and asked again with one parcel at a time.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="endpoints")
    way = models.CharField(max_length=5, choices=Way)
    where = models.CharField(max_length=300)  # an address without anybody's name in it, or a folder's name
    secret = models.BinaryField(null=True)  # wrapped, bound to this row
    former_secret = models.BinaryField(null=True)
    former_until = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    faults = models.PositiveIntegerField(default=0)
    rest_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency"], condition=Q(active=True), name="one_open_endpoint_an_agency"),
            models.UniqueConstraint(
                fields=["where"], condition=Q(active=True, way="drop"), name="no_folder_of_two_agencies"
            ),
            models.CheckConstraint(
                condition=~Q(way="https") | Q(secret__isnull=False), name="what_is_posted_is_signed"
            ),
            models.CheckConstraint(
                condition=Q(active=True, closed_at=None) | Q(active=False, closed_at__isnull=False),
                name="a_closed_endpoint_says_when",
            ),
            models.CheckConstraint(
                condition=Q(former_secret=None, former_until=None)
                | Q(former_secret__isnull=False, former_until__isnull=False),
                name="a_former_secret_says_until_when",
            ),
        ]


class Parcel(SealedRow):
    """A copy on its way into an agency's own record system. Sealed: the document, and any PDF.

    Its id is what the receiver knows it by, however often it comes. `child` is whom it is about, opaque to the
    receiver: what is about one child goes in the order of `number`, and waits for nobody else. Nothing is dropped:
    a parcel is waiting until it is acknowledged, or until its key is destroyed.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting to be sent"
        LEFT = "left", "Left in their folder, not yet acknowledged"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid4)
    to_agency = models.ForeignKey(Agency, models.PROTECT, related_name="parcels", db_index=False)
    child = models.UUIDField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    copy_of = models.UUIDField(null=True)  # what it is a copy of: one that is put twice is one parcel
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="parcels", db_index=False)
    simulated = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField()
    fault = models.CharField(max_length=20, blank=True)  # a code of ours: nothing that the other side said
    left_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    emptied_at = models.DateTimeField(null=True)  # its content destroyed here, having arrived long ago

    class Meta:
        indexes = [
            models.Index(
                fields=["to_agency", "next_try"], condition=Q(state__in=("waiting", "left")), name="parcel_to_be_tried"
            ),
            models.Index(
                fields=["to_agency", "child", "number"], condition=Q(state="waiting"), name="parcel_in_its_order"
            ),
            models.Index(
                fields=["to_agency", "made_at"], condition=Q(state__in=("waiting", "left")), name="parcel_by_age"
            ),
            models.Index(
                fields=["acknowledged_at"],
                condition=Q(state="acknowledged", emptied_at=None),
                name="parcel_to_be_emptied",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["to_agency", "child", "number"], name="one_parcel_a_place_in_its_order"),
            models.UniqueConstraint(
                fields=["to_agency", "kind", "copy_of"], condition=Q(copy_of__isnull=False), name="one_parcel_a_copy"
            ),
            models.CheckConstraint(
                condition=Q(state="acknowledged") ^ Q(acknowledged_at=None), name="acknowledged_says_when"
            ),
            models.CheckConstraint(condition=Q(state="withdrawn") ^ Q(withdrawn_at=None), name="withdrawn_says_when"),
            models.CheckConstraint(condition=~Q(state="left") | Q(left_at__isnull=False), name="left_says_when"),
        ]


class CopiesStuck(models.Model):
    """The alarm that an agency's copies do not arrive. One open at a time for an agency; closed when they do."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="copies_stuck")
    since = models.DateTimeField()  # when the oldest of them was made
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency"], condition=Q(cleared_at=None), name="one_open_alarm_of_copies"),
        ]
