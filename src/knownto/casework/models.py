"""The nouns. Words are sealed under the episode's own data key; states, codes, times and opaque ids are in the clear.

What the database itself refuses: an open episode without an owner and a next time, a closed one that still has either,
two decisions of one number, an answer without who and when. Statements and decisions are never changed
(`access.wall.APPEND_ONLY`).
"""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from knownto.keyring.models import SealedRow
from knownto.partners.models import Agency, Team, Worker


class Episode(models.Model):
    """A period of concern on one pathway. `state` is the outcome of its last decision (a test rebuilds it).

    `key` is the data key under which everything of it is sealed. `team` owns it while it is open; `worker` has it in
    hand. `next_due` is the earliest of what runs. `decided` counts its decisions: a page sends it back, so that two
    people who decide at once are told apart.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    reference = models.CharField(max_length=11, unique=True)
    pathway = models.CharField(max_length=40)
    state = models.CharField(max_length=40)
    urgency = models.CharField(max_length=10, blank=True)  # red, amber, green; "" before anybody has said
    level = models.SmallIntegerField(null=True)  # of need, 1 to 4, once decided
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    worker = models.ForeignKey(Worker, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    from_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")  # who raised it
    from_team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    from_worker = models.UUIDField(null=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="led_to")
    joined_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="joined")
    decided = models.PositiveIntegerField(default=0)
    next_due = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    key = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["team", "next_due"], condition=Q(closed_at=None), name="episode_of_team"),
            models.Index(fields=["worker", "next_due"], condition=Q(closed_at=None), name="episode_of_worker"),
            models.Index(fields=["pathway", "state", "next_due"], condition=Q(closed_at=None), name="episode_on_board"),
            models.Index(fields=["from_agency", "opened_at"]),
            models.Index(fields=["from_worker", "opened_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, team__isnull=False, next_due__isnull=False)
                | Q(closed_at__isnull=False, next_due=None),
                name="open_work_has_an_owner_and_a_next_time",
            ),
            models.CheckConstraint(condition=~Q(id=F("parent")) & ~Q(id=F("joined_to")), name="not_its_own_parent"),
        ]


class Part(models.TextChoices):
    """The two sorts of taking part, which never mix: only WORKS_ON grants sight, and it lapses."""

    ABOUT = "about", "is about"
    WORKS_ON = "works-on", "works on it"


class Participation(SealedRow):
    """Who takes part, as what, from when until when.

    ABOUT: role subject, parent, carer, sibling, household, source-of-harm, adult...; sealed {"evidence":
    linkage.Evidence.to_json(), "relation": "", "unnamed": bool, ...}. WORKS_ON: role lead, allocated, referrer, chair,
    invitee...; sealed {} or why. `person` is the tracker's person, where somebody found one.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="participations")
    part = models.CharField(max_length=10, choices=Part)
    role = models.CharField(max_length=30)
    person = models.UUIDField(null=True, db_index=True)
    worker = models.UUIDField(null=True)
    agency = models.CharField(max_length=40, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["worker", "until"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(part="about", worker=None, team=None) | Q(part="works-on", person=None) & ~Q(agency=""),
                name="about_or_works_on_never_both",
            ),
        ]


class Trace(models.Model):
    """A blind key of somebody whom an episode is about: how the same child is recognised in another referral."""

    pk = models.CompositePrimaryKey("token", "participation")
    token = models.BigIntegerField()
    participation = models.ForeignKey(Participation, models.CASCADE, db_constraint=False)


class Statement(SealedRow):
    """What somebody saw, said, wrote or heard. Never changed: a correction is another that `corrects` it.

    `agency` is whose information it is. `about` is a participation, where it is of one person.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="statements")
    kind = models.CharField(max_length=40)
    worker = models.UUIDField(null=True)
    agency = models.CharField(max_length=40)
    at = models.DateTimeField()
    about = models.ForeignKey(Participation, models.PROTECT, null=True, related_name="statements")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrected_by")

    class Meta:
        indexes = [models.Index(fields=["episode", "at"]), models.Index(fields=["kind", "at"])]


class Decision(SealedRow):
    """Somebody with authority chose, or a named rule did: the only thing that moves an episode.

    Sealed: {"rationale": str, **facts}. `power` is a code of `pathway.POWERS`. `level_before` is what the referrer
    asked for or it stood at; `override` that it differs from what the guidance or another said, which needs a reason.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=40)
    to = models.CharField(max_length=40)
    power = models.CharField(max_length=30)
    worker = models.UUIDField(null=True)
    agency = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    level = models.SmallIntegerField(null=True)
    level_before = models.SmallIntegerField(null=True)
    override = models.BooleanField(default=False)
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="superseded_by")

    class Meta:
        indexes = [models.Index(fields=["kind", "at"])]
        constraints = [
            models.UniqueConstraint(fields=["episode", "number"], name="one_decision_a_number"),
            models.CheckConstraint(
                condition=Q(power="rule", worker=None) | ~Q(power="rule") & Q(worker__isnull=False),
                name="a_person_decided_or_a_rule_did",
            ),
        ]


class Clock(models.Model):
    """A time limit that runs, ran out or was met. Due times are worked out, stored and swept; never counted down.

    `runs` says why it is here: "state", "opening", "decision" or "ask". `ambered_at` and `reddened_at` are flips that
    happened.
    """

    id = models.BigAutoField(primary_key=True)
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="clocks")
    pathway = models.CharField(max_length=40)
    limit = models.CharField(max_length=40)
    runs = models.CharField(max_length=10)
    started_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    calendar = models.CharField(max_length=60)
    look_again = models.DateTimeField(null=True)  # while paused: by when somebody looks whether it still should be
    ambered_at = models.DateTimeField(null=True)
    reddened_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["warn_at"], condition=Q(stopped_at=None, ambered_at=None), name="clock_to_amber"),
            models.Index(fields=["due_at"], condition=Q(stopped_at=None, reddened_at=None), name="clock_to_red"),
            models.Index(fields=["limit", "started_at"]),
        ]


class Standstill(models.Model):
    """A pause of a clock: from when, until when, and the code of the reason (the words are in the ledger, sealed)."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="pauses")
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True)
    why = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clock"], condition=Q(ends=None), name="one_pause_at_a_time"),
        ]


class Answer(models.TextChoices):
    """What came back. Silence is none of these: it is an ask whose clock ran out."""

    ANSWERED = "answered", "Answered"
    NOTHING_KNOWN = "nothing-known", "Nothing known"
    DECLINED = "declined", "Declined, because"
    WITHDRAWN = "withdrawn", "No longer needed"


class Ask(SealedRow):
    """One party owes another an answer by a time. Sealed: {"question": str, "answer": str, "because": str, ...}.

    Owed by `to_team` (or one worker of it), to `by_worker` of `by_agency`. `episode` holds its key and its clock.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    reference = models.CharField(max_length=11, unique=True)
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="asks")
    kind = models.CharField(max_length=40)
    purpose = models.CharField(max_length=40, blank=True)  # a code of policy.PURPOSES
    basis = models.TextField(blank=True)  # the law as it was named on the day
    by_agency = models.CharField(max_length=40)
    by_team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    by_worker = models.UUIDField(null=True)
    to_agency = models.CharField(max_length=40)
    to_team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    to_worker = models.UUIDField(null=True)
    meeting = models.ForeignKey("Meeting", models.PROTECT, null=True, related_name="asks")
    about = models.ForeignKey(Participation, models.PROTECT, null=True, related_name="asks")
    clock = models.OneToOneField(Clock, models.PROTECT, related_name="ask")
    asked_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    reminded = models.SmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=20, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["to_team"], condition=Q(answered_at=None), name="ask_owed_by_team"),
            models.Index(fields=["by_worker"], condition=Q(answered_at=None), name="ask_owed_to_worker"),
            models.Index(fields=["episode", "kind"]),
            models.Index(fields=["kind", "asked_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | ~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False),
                name="an_answer_says_who_and_when",
            ),
        ]


class Meeting(SealedRow):
    """People convene and decide. Sealed: {"where": str, "agenda": str, "why_without": {...}, ...}."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="meetings")
    kind = models.CharField(max_length=40)
    called_by = models.UUIDField()
    called_at = models.DateTimeField()
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    sequence = models.PositiveSmallIntegerField(default=0)  # of the calendar invitation
    held_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    quorate = models.BooleanField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "held_at"]), models.Index(fields=["starts"])]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="a_meeting_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(held_at=None) | Q(cancelled_at=None), name="held_or_cancelled"),
        ]


class Invitation(SealedRow):
    """Who is needed at a meeting, and whether they came. `office` is what they stand for: police, health, school...

    `attended` None: not yet known. Sealed: {"why_not": str, "sent": str, "instead": str}.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="invitations")
    office = models.CharField(max_length=40)
    required = models.BooleanField()
    agency = models.CharField(max_length=40)
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    worker = models.UUIDField(null=True)
    invited_at = models.DateTimeField(null=True)  # None: required and not invited, which needs a reason
    accepted = models.BooleanField(null=True)
    attended = models.BooleanField(null=True)
    informed = models.BooleanField(default=False)  # sent information, whether or not they came

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "office", "team"], name="one_invitation_an_office"),
        ]


class Notice(models.Model):
    """Somebody is to be told of something. On paper and in mail: a reference and a kind, never a name.

    `sort` tells one cause from another, so that a sweep that comes twice tells once.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    episode = models.ForeignKey(Episode, models.PROTECT, null=True, related_name="notices")
    ask = models.ForeignKey(Ask, models.PROTECT, null=True, related_name="notices")
    reference = models.CharField(max_length=11)
    to_team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    to_worker = models.UUIDField(null=True)
    sort = models.CharField(max_length=60)
    at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["to_worker", "at"], condition=Q(seen_at=None), name="notice_for_worker"),
            models.Index(fields=["to_team", "at"], condition=Q(seen_at=None), name="notice_for_team"),
            models.Index(fields=["at"], condition=Q(mailed_at=None), name="notice_to_mail"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["sort", "to_team", "to_worker"], name="told_once", nulls_distinct=False),
        ]
