"""A copy is owed in the act, made once whatever happens, says what its schema says, and leaves only where it may."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest

from knownto.access.acts import system
from knownto.casework import acts, reads
from knownto.casework.models import Statement
from knownto.disclosure import endpoints
from knownto.disclosure.models import Disclosure, Parcel, Way
from knownto.keyring import acts as keyring
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor
from knownto.linkage import Address, Evidence
from knownto.partners.models import Team
from knownto.partners.reads import by_sign_in_name
from knownto.pathways.frontdoor import copies, facts, laying_out, paper
from knownto.pathways.frontdoor.document import Document
from knownto.pathways.frontdoor.documenting import NothingToSay, Wanted, document_of
from knownto.pathways.frontdoor.orders import Told
from knownto.pathways.frontdoor.referral import Adult, Child, Factor, Referral

CHILD = Evidence(
    family_name="Wrenshaw",
    given_names="Tobias",
    birth_date=date(2016, 3, 4),
    addresses=(Address(("4 Tallow Row",), "QK1 2AB"),),
)
REFERRAL = Referral(
    children=(Child(CHILD, school="Hallow Primary", seen="heard", words="I hide in the cupboard", impact="Afraid"),),
    adults=(Adult(Evidence(family_name="Wrenshaw", given_names="Dana"), factors=(Factor("domestic-abuse", "Hit"),)),),
    what_happened="Shouting was heard.\nThe door was broken.",
    consent="told",
    consent_why="She was told on the step",
    level_thought=3,
    writer="PC Pike",
)
POLICE, COUNCIL = Actor(None, "police", "officer"), Actor(None, "childrens-social-care", "screener")


@pytest.fixture
def takes(borough, now):
    endpoints.open_endpoint(agency="police", way=Way.DROP, where="police", by=POLICE, now=now)


@pytest.fixture
def contact(borough, now):
    return referred(now)


def referred(now, referral=REFERRAL):
    """A contact from the police, as `referring.send` leaves it behind."""
    with system("test"):
        team = Team.objects.get(agency="police", code="response")
        episode = acts.open_episode(
            by=POLICE,
            pathway_code="contact",
            origin=acts.Origin("police", team),
            about=[acts.Somebody("subject", CHILD)],
            now=now,
        )
        acts.say(episode=episode, kind="referral", plain=referral.to_json(), by=POLICE, now=now)
        return episode


def owe(episode, what, by, now):
    with system("test"):
        entry = ledger.record(kind="test", by=by, now=now)
        copies.put_copies(episode=episode, what=what, by=by, entry=entry, now=now)


def outcome(episode, now, words="The assessment team will visit this week."):
    with system("test"):
        plain = {"words": words, "kind": "advice", "name": "Advice", "level": 2, "at": now.isoformat()}
        acts.say(episode=episode, kind="outcome", plain=plain, by=COUNCIL, now=now)


def waiting():
    """What is in the outbox, oldest first: (row, what it holds)."""
    with system("test"):
        rows = list(Parcel.objects.order_by("made_at", "number"))
        return list(zip(rows, keyring.open_rows(rows), strict=True))


def said(*kinds):
    with system("test"):
        return Statement.objects.filter(kind__in=kinds).count()


def test_the_referrers_own_system_gets_what_they_wrote_once(takes, contact, now):
    owe(contact, "referral", POLICE, now)
    assert not waiting(), "made before the act was over"
    assert (copies.make(now), copies.make(now)) == (1, 0)
    [(parcel, plain)] = waiting()
    assert (parcel.to_agency_id, parcel.kind) == ("police", "referral")
    document = Document.model_validate(plain["document"])
    assert document.reference == contact.reference
    assert document.referral.children[0].own_words == "I hide in the cupboard"
    assert document.referral.children[0].addresses[0].postcode == "QK1 2AB"
    assert plain["document"]["referral"]["sent_at"] == "2026-11-16T09:30:00Z"
    with system("test"):
        assert not Disclosure.objects.filter(how="copy").exists(), "one's own words cross nothing"


def test_an_agency_without_a_system_is_owed_nothing(contact, now):
    owe(contact, "referral", POLICE, now)
    assert copies.make(now) == 0 and not said("copy")


def test_the_outcome_follows_its_referral_and_crosses(takes, contact, now):
    later = now + timedelta(hours=1)
    owe(contact, "referral", POLICE, now)
    outcome(contact, later)
    owe(contact, "outcome", COUNCIL, later)
    assert copies.make(later) == 2
    (first, _), (second, plain) = waiting()
    assert (first.child, first.number, second.child, second.number) == (first.child, 1, first.child, 2)
    assert plain["document"]["outcome"]["words"].startswith("The assessment team")
    assert plain["document"]["referral"]["what_happened"].startswith("Shouting")
    with system("test"):
        crossed = Disclosure.objects.get(how="copy")
    assert (crossed.from_agency, crossed.to_agency, crossed.work) == ("childrens-social-care", "police", contact.id)
    assert crossed.entry.kind == "test"


def test_what_partners_answered_and_why_it_was_decided_are_in_no_copy(takes, contact, now):
    with system("test"):
        acts.say(episode=contact, kind="check-used", plain={"words": "SECRETCHECK"}, by=COUNCIL, now=now)
        acts.say(episode=contact, kind="screening-note", plain={"words": "SECRETNOTE"}, by=COUNCIL, now=now)
    outcome(contact, now)
    owe(contact, "outcome", COUNCIL, now)
    copies.make(now)
    [(_, plain)] = waiting()
    assert "SECRET" not in json.dumps(plain["document"])


def test_what_is_said_after_it_was_owed_is_not_in_it(takes, contact, now):
    owe(contact, "referral", POLICE, now)
    with system("test"):
        changed = replace(REFERRAL, what_happened="Something else").to_json()
        acts.say(episode=contact, kind="referral", plain=changed, by=POLICE, now=now + timedelta(hours=1))
    copies.make(now + timedelta(hours=2))
    [(_, plain)] = waiting()
    assert plain["document"]["referral"]["what_happened"].startswith("Shouting")


def test_what_may_not_be_told_does_not_leave_and_that_is_recorded(takes, contact, now, monkeypatch):
    outcome(contact, now)
    owe(contact, "outcome", COUNCIL, now)
    monkeypatch.setattr(facts, "may_be_told", lambda episode, audience, now: Told(False, "A court said so."))
    assert copies.make(now) == 1 and not waiting()
    monkeypatch.undo()
    assert copies.make(now) == 0, "refused once, and sent later all the same"
    with system("test"):
        assert Disclosure.objects.get(how="not-shared").to_agency == "police"
        [(_, plain)] = reads.statements(contact, "copy-not-sent")
    assert plain["because"] == "A court said so."


def test_what_cannot_be_checked_does_not_leave_until_it_can(takes, contact, now, monkeypatch):
    owe(contact, "referral", POLICE, now)
    monkeypatch.setattr(facts, "standing", lambda *_: 1 / 0)
    assert copies.make(now) == 0
    assert not waiting() and not said("copy-not-sent"), "an outage is no refusal"
    monkeypatch.undo()
    assert copies.make(now) == 1 and len(waiting()) == 1


def test_one_that_cannot_be_made_holds_up_its_own_work_only(takes, contact, now, monkeypatch):
    owe(contact, "outcome", COUNCIL, now)  # no outcome was written: it cannot be made
    owe(contact, "referral", POLICE, now + timedelta(minutes=1))
    other = referred(now)
    owe(other, "referral", POLICE, now + timedelta(minutes=2))
    assert copies.make(now + timedelta(minutes=3)) == 1
    [(_, plain)] = waiting()
    assert plain["document"]["reference"] == other.reference
    outcome(contact, now)
    assert copies.make(now + timedelta(minutes=4)) == 2


def test_killed_between_document_and_answer_it_is_made_once(takes, contact, now, monkeypatch):
    owe(contact, "referral", POLICE, now)
    monkeypatch.setattr(copies, "_answer", lambda *_: 1 / 0)
    assert copies.make(now) == 0 and not waiting()
    monkeypatch.undo()
    assert copies.make(now) == 1 and len(waiting()) == 1


def test_copies_of_one_child_have_an_id_of_their_own_for_each_agency(contact, now):
    with system("test"):
        ours, theirs = copies._child_of(contact, "police"), copies._child_of(contact, "hospital")
        again = copies._child_of(contact, "police")
    assert ours == again != theirs and contact.id not in (ours, theirs)


def test_old_ones_are_found_by_the_long_look_alone(takes, contact, now):
    owe(contact, "referral", POLICE, now)
    later = now + timedelta(days=20)
    assert copies.make(later) == 0
    assert copies.make(later, recent=False) == 1


def test_there_is_no_document_of_what_was_never_written(contact, now):
    with system("test"), pytest.raises(NothingToSay):
        document_of(contact, Wanted("outcome", "police", now, now))


def discussed(episode, now, not_to=()):
    """A strategy discussion with police and health, held, and its minutes written."""
    with system("test"):
        by = Actor(by_sign_in_name("hub.manager").pk, "childrens-social-care", "hub-manager")
        seats = [
            acts.Seat("police", Team.objects.get(agency="police", code="child-abuse")),
            acts.Seat("health", Team.objects.get(agency="hospital", code="safeguarding-children")),
        ]
        plan = acts.Plan("strategy", now, now + timedelta(hours=1), "By video", tuple(seats))
        meeting = acts.call(episode=episode, plan=plan, by=by, now=now)
        came = {row.pk: acts.Came(attended=row.office == "police", why_not="Ill") for row in meeting.invitations.all()}
        acts.hold(meeting=meeting, record=acts.Record(came, quorate=True), by=by, now=now, held_at=now)
        plain = {"words": "Section 47 is met.", "meeting": str(meeting.id), "not_to": list(not_to)}
        acts.say(episode=episode, kind="minutes", plain=plain, by=by, now=now)


def test_minutes_go_to_the_systems_of_those_who_were_invited(takes, contact, now):
    endpoints.open_endpoint(agency="hospital", way=Way.DROP, where="hospital", by=POLICE, now=now)
    endpoints.open_endpoint(agency="school", way=Way.DROP, where="school", by=POLICE, now=now)
    discussed(contact, now)
    owe(contact, "minutes", COUNCIL, now)
    copies.make(now)
    found = waiting()
    assert {parcel.to_agency_id for parcel, _ in found} == {"police", "hospital"}
    minutes = Document.model_validate(found[0][1]["document"]).minutes
    assert minutes.sections[0].words == "Section 47 is met."
    assert [(seat.agency.code, seat.came, seat.why_not) for seat in minutes.seats] == [
        ("hospital", False, "Ill"),
        ("police", True, "Ill"),
    ]


def test_minutes_do_not_go_to_whom_they_were_kept_from(takes, contact, now):
    discussed(contact, now, not_to=["police"])
    owe(contact, "minutes", COUNCIL, now)
    assert copies.make(now) == 0 and not waiting()


def test_a_machine_without_pango_starts_all_the_same(tmp_path):
    (tmp_path / "weasyprint.py").write_text('raise OSError("cannot load library libpango-1.0-0")')
    ask = "from knownto.pathways.frontdoor import paper; print(paper.can_make())"
    said = subprocess.run(
        [sys.executable, "-c", ask], env=os.environ | {"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert said.stdout.strip() == "False" and "Pango is missing" in said.stderr


def test_without_pango_the_document_goes_without_its_pdf(takes, contact, now, monkeypatch):
    monkeypatch.setattr(paper, "HTML", None)
    owe(contact, "referral", POLICE, now)
    assert copies.make(now) == 1
    [(_, plain)] = waiting()
    assert plain["pdf"] is None and plain["document"]["reference"] == contact.reference


@pytest.mark.skipif(not paper.can_make(), reason="no Pango on this machine")
def test_it_comes_with_an_accessible_pdf(takes, contact, now):
    owe(contact, "referral", POLICE, now)
    copies.make(now)
    [(_, plain)] = waiting()
    assert plain["pdf"]
    with system("test"):
        document = document_of(contact, Wanted("referral", "police", now, now))
    assert laying_out.pdf_of(document).startswith(b"%PDF-")
