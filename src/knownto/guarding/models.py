"""What is guarded. Nothing here is readable, or findable, with the ordinary keys."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from knownto.casework.models import Ask, Episode
from knownto.keyring.models import SealedRow


class State(models.TextChoices):
    """Where a seal stands. It is in force from two people's word until two people's word."""

    PROPOSED = "proposed", "Waits for a second person"
    IN_FORCE = "in-force", "In force"
    LIFTING = "lifting", "In force; to be lifted, if a second person agrees"
    LIFTED = "lifted", "Lifted"
    TURNED_DOWN = "turned-down", "Turned down"


class Seal(SealedRow):
    """That a person is sealed, in which way, and who said so. Sealed: {"called", "reason", "do", "evidence"}.

    `episode` holds its clocks and what the desk owes. `lift_by` is who proposed to lift it. `named` are those who may
    see what is kept; the desk sees only what to do when somebody looks.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    episode = models.OneToOneField(Episode, models.PROTECT, related_name="+")
    sort = models.CharField(max_length=20)  # a code of sorts.toml
    state = models.CharField(max_length=12, choices=State, default=State.PROPOSED)
    proposed_by = models.UUIDField()
    proposed_agency = models.CharField(max_length=40)
    proposed_at = models.DateTimeField()
    agreed_by = models.UUIDField(null=True)
    agreed_agency = models.CharField(max_length=40, blank=True)
    agreed_at = models.DateTimeField(null=True)
    lift_by = models.UUIDField(null=True)
    lift_agency = models.CharField(max_length=40, blank=True)
    lifted_by = models.UUIDField(null=True)
    lifted_agency = models.CharField(max_length=40, blank=True)
    lifted_at = models.DateTimeField(null=True)
    named = ArrayField(models.UUIDField(), default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("proposed_by")) & ~Q(agreed_agency=F("proposed_agency")),
                name="two_people_of_two_agencies_seal",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("in-force", "lifting", "lifted"))
                | Q(agreed_by__isnull=False, agreed_at__isnull=False),
                name="nothing_is_sealed_by_one_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="lifted") | Q(lifted_by__isnull=False, lifted_at__isnull=False),
                name="a_lifted_seal_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by=None) | ~Q(lifted_by=F("lift_by")) & ~Q(lifted_agency=F("lift_agency")),
                name="two_people_of_two_agencies_lift",
            ),
        ]


class Kept(SealedRow):
    """What one agency sends of a sealed person, withheld from everybody. Sealed: the evidence and the contacts.

    `token` is the guards' blind form of the agency's own id. `sure` is null while a guardian must still say whether it
    is of the sealed person at all. `shown`: the rest of it is visible, without what tells where they are.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="kept")
    agency = models.CharField(max_length=40)
    token = models.BigIntegerField(unique=True)
    sure = models.BooleanField(null=True)
    shown = models.BooleanField(default=False)
    file = models.UUIDField()
    as_of = models.DateField()


class Token(models.Model):
    """A blind key of the guards' own index: how a row or a question is found to be about a sealed person."""

    id = models.BigAutoField(primary_key=True)
    token = models.BigIntegerField(db_index=True)
    seal = models.ForeignKey(Seal, models.CASCADE, related_name="+")
    kept = models.ForeignKey(Kept, models.CASCADE, null=True, related_name="+")


class NotThem(models.Model):
    """A guardian said that an agency's record is not of the sealed person: it is not withheld for that seal again."""

    token = models.BigIntegerField()
    seal = models.ForeignKey(Seal, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "seal"], name="said_once_that_it_is_not_them")]


class Staff(models.Model):
    """The conflict register: blind tokens of workers and their households, and nothing else. `owner` is blind too."""

    id = models.BigAutoField(primary_key=True)
    token = models.BigIntegerField(db_index=True)
    owner = models.BigIntegerField(db_index=True)


class Look(SealedRow):
    """That one search was checked, whatever came of it: as long, and as sealed, for a hit as for nothing."""

    event = models.UUIDField(primary_key=True)  # the ledger entry's
    at = models.DateTimeField(db_index=True)


class Alert(SealedRow):
    """Somebody looked. Sealed: which ledger entry, and what was done. `seal` is null for the conflict register."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, related_name="alerts")
    ask = models.OneToOneField(Ask, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    told_at = models.DateTimeField()
    done = models.CharField(max_length=20, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done="", done_at=None) | ~Q(done="") & Q(done_at__isnull=False),
                name="what_was_done_has_a_when",
            )
        ]


class JoinKey(models.Model):
    """The public half of a guardian's own key to joins. The other half is on the guardian's paper, and nowhere here."""

    worker = models.UUIDField(primary_key=True)
    public = models.BinaryField()
    made_at = models.DateTimeField()


class Join(SealedRow):
    """That two identities are one person's. Sealed under the guards' key: what two people's own keys open together.

    So neither the database with every key that servers hold, nor one of the two alone, can read it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    seal = models.OneToOneField(Seal, models.PROTECT, related_name="join")
    written_at = models.DateTimeField()


class Half(models.Model):
    """One of the two has given their half, closed so that only the other can open it, and not after `until`."""

    join = models.ForeignKey(Join, models.CASCADE, related_name="halves")
    given_by = models.UUIDField()
    closed = models.BinaryField()
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["join", "given_by"], name="one_half_each")]
