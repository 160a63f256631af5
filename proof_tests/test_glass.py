"""Walks through breaking the glass, at random: whatever is done in whatever order, nobody is opened in silence.

The model shares no code with what it tests: it keeps, for each glass, when it was broken and what it has been told, and
asks the database's own tables. Time passes by moving what was written into the past, as the owner of the database,
since nobody else can; the hour itself is the database's. KNOWNTO_GLASS_WALKS sets how many walks (default 12); what is
drawn is derived from the test itself, so that a failure comes again.
"""

import os
import sys
from dataclasses import dataclass
from dataclasses import field as part
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from knownto.access import clock
from knownto.access.refusals import Refused
from knownto.footprint import open_search
from knownto.footprint.question import Question
from knownto.footprint.tests import partnership
from knownto.glass import accounting, breaking, closing, reviewing, through
from knownto.glass.breaking import Said
from knownto.glass.tests.conftest import seat
from knownto.policy import Allow
from knownto.policy.roles import HEADLINE, SURROUNDINGS

WALKS = int(os.environ.get("KNOWNTO_GLASS_WALKS", "12"))
STEPS = int(os.environ.get("KNOWNTO_GLASS_STEPS", "18"))
PEOPLE = (("Amelia", "Okafor-Lunt", date(2016, 2, 3)), ("Joseph", "Okafor-Lunt", date(2018, 7, 21)),
          ("Basil", "Quillfeather", date(1971, 4, 5)), ("Oleg", "Varnishka", date(1985, 9, 17)))  # fmt: skip
AN_HOUR = timedelta(hours=1)


@dataclass
class Known:
    """What the model knows of one glass. `age`: how much time has passed since it was broken, at the least."""

    worker: str
    age: timedelta = timedelta()
    closed: bool = False
    accounted: bool = False
    judged: set[str] = part(default_factory=set)


def sql(statement, *values):
    """As the owner, who is held to no wall: what is really there."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SELECT set_config('knownto.access', 'system:proof', true)")
        cursor.execute(statement, values)
        found = cursor.fetchall() if cursor.description else []
        cursor.execute("SELECT set_config('knownto.access', '', true); SET ROLE knownto_app")
        return found


class Glasses(RuleBasedStateMachine):
    """Two workers who may break the glass, and the two who answer for them."""

    town = None

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.known = {}

    def teardown(self):
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @rule(who=st.sampled_from(["officer", "chair"]), person=st.sampled_from(PEOPLE), honest=st.integers(0, 9))
    def breaks(self, who, person, honest):
        """Nine times in ten as it should be; otherwise with one thing missing."""
        by = getattr(self.town, who)
        said = Said("missing", "proof", sure=honest != 0, fresh=honest != 1)
        now = clock.now()
        before = {row[0] for row in sql("SELECT id FROM glass_break")}
        try:
            with transaction.atomic():
                made = breaking.search(by=by, question=Question(given=person[0], family=person[1], born=person[2]),
                                       said=said, now=now)  # fmt: skip
                opened = open_search.own(by, made.id, now)
                glass = breaking.break_glass(by=by, search=opened, place=1, said=said, now=now)
        except Refused:
            after = {row[0] for row in sql("SELECT id FROM glass_break")}
            assert before == after, "refused, and something was opened"
            return
        assert honest > 1
        self.known.setdefault(glass.pk, Known(who))

    @precondition(lambda self: self.known)
    @rule(data=st.data(), minutes=st.sampled_from([1, 30, 59, 60, 61, 24 * 60, 8 * 24 * 60]))
    def time_passes(self, data, minutes):
        """Everything that has a time is moved into the past."""
        by = timedelta(minutes=minutes)
        statements = (
            "UPDATE glass_break SET at = at - %s, until = until - %s, ended_at = ended_at - %s",
            "UPDATE casework_clock SET started_at = started_at - %s, warn_at = warn_at - %s, due_at = due_at - %s",
        )
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE; SET LOCAL session_replication_role = replica;"
                           " SELECT set_config('knownto.access', 'system:proof', true)")  # fmt: skip
            for each in statements:
                cursor.execute(each, [by, by, by])
            cursor.execute("UPDATE ledger_entry SET at = at - %s", [by])
            cursor.execute("SET LOCAL session_replication_role = origin;"
                           " SELECT set_config('knownto.access', '', true); SET ROLE knownto_app")  # fmt: skip
        for each in self.known.values():
            each.age += by

    @precondition(lambda self: self.known)
    @rule(data=st.data(), who=st.sampled_from(["officer", "chair", "sergeant", "privacy"]))
    def looks(self, data, who):
        """Only whoever broke it, only within its hour, and the rest are refused; each look is a leaf."""
        glass = self.one(data)
        known = self.known[glass]
        may = known.worker == who and known.age < AN_HOUR and not known.closed
        leaves = self.leaves(glass, "glass-seen")
        try:
            with transaction.atomic():
                seen = through.look(by=getattr(self.town, who), glass=glass, now=clock.now())
        except Refused:
            assert not may, "an open glass was refused"
            return
        assert may, "seen through a glass that is shut, or another's"
        assert seen.footprint.rows and self.leaves(glass, "glass-seen") == leaves + 1

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def closes(self, data):
        glass = self.one(data)
        closing.close(by=getattr(self.town, self.known[glass].worker), glass=glass, now=clock.now())
        self.known[glass].closed = True

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def accounts_for_it(self, data):
        glass = self.one(data)
        known = self.known[glass]
        by = getattr(self.town, known.worker)
        ask = accounting.of_own(by, self.episode(glass))
        try:
            with transaction.atomic():
                closing.give_outcome(by=by, ask=ask, outcome="helped", words="proof", now=clock.now())
        except Refused as refused:
            assert known.accounted and refused.code == "already-answered"
        known.accounted = True

    @precondition(lambda self: self.known)
    @rule(data=st.data(), who=st.sampled_from(["sergeant", "privacy"]), verdict=st.sampled_from(["right", "not-right"]))
    def is_reviewed(self, data, who, verdict):
        glass = self.one(data)
        by, known = getattr(self.town, who), self.known[glass]
        team = {"sergeant": "response", "privacy": "information-governance"}[who]
        asked = sql("SELECT a.id FROM casework_ask a JOIN partners_team t ON t.id = a.to_team_id"
                    " WHERE a.episode_id = %s AND a.kind = 'glass-review' AND t.code = %s",
                    self.episode(glass), team)  # fmt: skip
        if not asked:
            return
        try:
            with transaction.atomic():
                reviewing.review(by=by, ask=asked[0][0], verdict=verdict, words="proof", now=clock.now())
        except Refused:
            assert who in known.judged or not known.accounted
            return
        assert verdict == "not-right" or known.accounted, "found right before anybody said what came of it"
        known.judged.add(who)

    @rule()
    def the_worker_sweeps(self):
        closing.sweep(clock.now())
        assert closing.sweep(clock.now()) == 0, "a sweep that comes twice did something twice"

    def one(self, data):
        """One of the glasses, by its place: ids are drawn anew in every run."""
        return list(self.known)[data.draw(st.integers(0, 5)) % len(self.known)]

    def episode(self, glass):
        return sql("SELECT episode_id FROM glass_break WHERE id = %s", glass)[0][0]

    def leaves(self, glass, kind):
        found = sql("SELECT count(*) FROM ledger_about a JOIN ledger_entry e ON e.id = a.entry_id"
                    " WHERE a.subject = %s AND e.kind = %s", f"glass:{glass}", kind)  # fmt: skip
        return found[0][0]

    @invariant()
    def every_glass_has_its_alert_leaf_expiry_and_reviews(self):
        whole(self.known)

    @invariant()
    def what_is_shut_shows_no_row(self):
        for glass, known in self.known.items():
            shown = rows_through(glass)
            assert not shown or known.age < AN_HOUR and not known.closed, "rows through a glass that is shut"

    @invariant()
    def nobody_has_three_open(self):
        open_now = sql("SELECT worker, count(*) FROM glass_break WHERE ended_at IS NULL AND until > clock_timestamp()"
                       " GROUP BY worker")  # fmt: skip
        assert all(number <= 2 for _, number in open_now)


def whole(known):
    """Each has exactly one leaf, at least one alert and review, one outcome owed, and an hour."""
    rows = sql(
        """SELECT g.id, g.until - g.at,
             (SELECT count(*) FROM ledger_entry e WHERE e.id = g.entry_id AND e.kind = 'glass-broken'),
             (SELECT count(*) FROM casework_notice n WHERE n.episode_id = g.episode_id AND n.kind = 'glass-broken'),
             (SELECT count(*) FROM casework_ask a WHERE a.episode_id = g.episode_id AND a.kind = 'glass-review'),
             (SELECT count(*) FROM casework_ask a WHERE a.episode_id = g.episode_id AND a.kind = 'glass-outcome'
                AND a.to_worker = g.worker)
           FROM glass_break g"""
    )
    assert {row[0] for row in rows} == set(known), "a glass that nobody knows of"
    for _, open_for, leaf, alerts, reviews, owed in rows:
        assert (open_for, leaf, owed) == (AN_HOUR, 1, 1), (open_for, leaf, owed)
        assert alerts == reviews >= 1, (alerts, reviews)


def rows_through(glass):
    """How many contacts and records the plain role is shown in that glass's context."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('knownto.access', %s, true)", [f"glass:{glass}"])
        cursor.execute("SELECT (SELECT count(*) FROM feeds_contact) + (SELECT count(*) FROM feeds_record)")
        found = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('knownto.access', '', true)")
        return found


@pytest.fixture
def walked(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    found = partnership.borough(clock.now())
    found.tell()
    Glasses.town = seat(found)
    return Glasses


def walk(machine):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),  # fmt: skip
    )


def test_no_walk_opens_anybody_in_silence_or_after_the_hour(walked):
    walk(walked)


@pytest.mark.parametrize(
    "plant",
    [
        pytest.param("alert", id="nobody is told"),
        pytest.param("policy", id="policy forgets the hour"),
        pytest.param("wall", id="the database forgets the hour"),
    ],
)
def test_a_planted_fault_is_found(walked, monkeypatch, plant):
    """The negative controls: each fault, planted, makes the walks red."""
    if plant == "alert":
        monkeypatch.setattr("knownto.casework.asking.tell", lambda *_, **__: None)
    if plant == "policy":
        # The hour is policy's and the database's: with the first gone the second must still show nothing.
        monkeypatch.setattr("knownto.glass.through.context", lambda row: "")
        monkeypatch.setattr(sys.modules["knownto.policy.decide"], "_through_glass", _allow)
    if plant == "wall":
        sql("DROP POLICY glass ON feeds_contact")
    with pytest.raises(AssertionError):
        shortest(walked())


def test_the_shortest_walk_is_sound(walked):
    """Without a fault, what the negative controls do is in order."""
    shortest(walked())


class First:
    """In place of what Hypothesis draws: the first."""

    def draw(self, _):
        return 0


def shortest(machine):
    """Break one, let its hour pass, look: each of the planted faults shows."""
    try:
        machine.breaks(who="officer", person=PEOPLE[0], honest=9)
        machine.every_glass_has_its_alert_leaf_expiry_and_reviews()
        machine.time_passes(data=First(), minutes=61)
        machine.what_is_shut_shows_no_row()
        machine.looks(data=First(), who="officer")
    finally:
        machine.teardown()


def _allow(roles, request):
    return Allow(HEADLINE | SURROUNDINGS, 60, "planted")
