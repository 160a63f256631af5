"""Sending a referral: stored first, thought about later. Nothing here asks the tracker, a partner or a mail server.

The receipt is the episode's reference, and is given back only when the whole act has succeeded: whoever shows it shows
it after the transaction is over.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.timezone import localdate

from knownto.access.acts import SYSTEM, Permission, Request, Viewer, asking, check, rows_open
from knownto.access.refusals import NotPossibleNow
from knownto.casework import acts, reads
from knownto.casework.models import Episode, Statement
from knownto.disclosure.acts import Crossing, cross
from knownto.disclosure.models import How
from knownto.keyring import acts as keyring
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor
from knownto.ledger.models import Entry
from knownto.partners import offices
from knownto.partners.models import Team
from knownto.pathways.frontdoor import copies, drafts, nights, quality, strategy
from knownto.pathways.frontdoor.models import Submission
from knownto.pathways.frontdoor.referral import Referral
from knownto.pathways.frontdoor.writing import referral_of

PATHWAYS = {"child": "contact", "adult": "adult"}
PURPOSES = {"child": "child-concern", "adult": "adult-concern"}
LOOK_AT_IT = "Look at this referral, say how good it is, and tell its writer."
CLOSED = "The hub is closed: by day's end rule, what arrives now goes to the emergency duty team."


class SameIntentOtherBody(NotPossibleNow):
    """That key was used for another referral: sent on, it would hide one of the two."""

    def __init__(self) -> None:
        super().__init__("same-key-other-body", "This was sent before with other words. Send it as a new referral.")


class TooBare(NotPossibleNow):
    """Nobody could act on it. `sentences` say what is needed."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("too-bare", " ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Sent:
    """It is stored. `again`: it had been before, and this is the same receipt."""

    episode: UUID
    reference: str
    receipt: datetime
    again: bool = False


@dataclass(frozen=True)
class Writer:
    """Who sends it: somebody at a page, or an agency's own system."""

    actor: Actor
    team: Team | None
    worker: UUID | None = None


def send(*, by: Viewer, referral: Referral, intent: str, now: datetime) -> Sent:
    """Send it. The same `intent` (a draft's id, a partner's own key) again is the same referral.

    Raises TooBare, SameIntentOtherBody, and a Refused.
    """
    request = Request(Permission.REFER, purpose=PURPOSES[referral.kind])
    check(by, request)
    body = body_of(referral)
    with transaction.atomic():
        if before := _sent_before(by.agency, intent, body):
            return before
        with asking(by, request, kind="referral-sent", now=now) as granted:
            writer = Writer(by.actor, reads.team_of(by) or usual_team(by.agency), by.worker_id)
            return _store(referral, writer, intent, body, granted.entry, now)


def send_draft(*, by: Viewer, draft: UUID, now: datetime) -> Sent:
    """Send what was written. Sent twice (a double click, another device) it is the same referral.

    Raises TooBare, and NotYours for another's draft.
    """
    with transaction.atomic(), rows_open(drafts.OWN, by.agency):
        row = drafts.lock(by, draft)
        if row.sent_as_id:
            return _again(Episode.objects.get(pk=row.sent_as_id))
        referral = referral_of(drafts.written_of(row), localdate(now), by.name)
        sent = send(by=by, referral=referral, intent=f"draft:{draft}", now=now)
        drafts.was_sent(row=row, episode=sent.episode, now=now)
        return sent


def send_by_key(*, agency: str, team: Team | None, referral: Referral, intent: str, body: bytes, now: datetime) -> Sent:
    """Send what an agency's own system says with its sending key. `body` is what it sent, to tell two apart.

    Raises TooBare, SameIntentOtherBody.
    """
    by = Actor(None, agency, "sending-key")
    with transaction.atomic():
        if before := _sent_before(agency, intent, body):
            return before
        with rows_open("system:sending-key", agency):
            purpose = PURPOSES[referral.kind]
            entry = ledger.record(kind="referral-sent", by=by, purpose=purpose, because="sending key", now=now)
            return _store(referral, Writer(by, team or usual_team(agency)), intent, body, entry, now)


def body_of(referral: Referral) -> bytes:
    """The referral as bytes: the same words are always the same bytes."""
    return json.dumps(referral.to_json(), sort_keys=True, separators=(",", ":")).encode()


def usual_team(agency: str) -> Team | None:
    """Whose it is where the writer is in no team. None: then no supervisor is asked, and it goes all the same."""
    try:
        return offices.front_door_of(agency)
    except offices.NoSuchOffice:
        return None


def _sent_before(agency: str, intent: str, body: bytes) -> Sent | None:
    """What that intent became, if it did. Whoever sends the same at the same moment waits here."""
    token = _token(agency, intent)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [token])
    with rows_open("system:intent", agency):
        row = Submission.objects.select_related("episode").filter(pk=token).first()
    if row is None:
        return None
    if bytes(row.digest) != keyring.fingerprint(body, of="frontdoor"):
        raise SameIntentOtherBody
    return _again(row.episode)


def _token(agency: str, intent: str) -> int:
    return keyring.token("submission", f"{agency}\0{intent}")


def _again(episode: Episode) -> Sent:
    return Sent(episode.id, episode.reference, episode.opened_at, again=True)


def _store(referral: Referral, writer: Writer, intent: str, body: bytes, entry: Entry, now: datetime) -> Sent:
    if lacking := quality.needed(referral, writer.actor.agency):
        raise TooBare([miss.rule.says for miss in lacking])
    episode = _open(referral, writer, now)
    acts.say(episode=episode, kind="referral", plain=referral.to_json(), by=writer.actor, now=now)
    _take_part(episode, writer, now)
    _cross(episode, referral, writer.actor.agency, entry, now)
    _to_the_night(episode, now)
    if referral.significant_harm and referral.kind == "child":
        strategy.watch_harm(episode, now, by=writer.actor, entry=entry)
    _ask_supervisor(episode, writer, now)
    _after_all(referral, writer, now)
    copies.put_copies(episode=episode, what="referral", by=writer.actor, entry=entry, now=now)
    Submission.objects.create(
        intent=_token(writer.actor.agency, intent),
        agency=writer.actor.agency,
        digest=keyring.fingerprint(body, of="frontdoor"),
        episode=episode,
        at=now,
    )
    return Sent(episode.id, episode.reference, now)


def _open(referral: Referral, writer: Writer, now: datetime) -> Episode:
    """What the referrer calls red is taken in hand as red: somebody may be in danger, whoever rates it later."""
    return acts.open_episode(
        by=writer.actor,
        pathway_code=PATHWAYS[referral.kind],
        origin=acts.Origin(writer.actor.agency, writer.team, writer.worker),
        about=about(referral),
        urgency="red" if referral.urgency_asked == "red" else "",
        now=now,
    )


def about(referral: Referral) -> list[acts.Somebody]:
    """Whom it is about, so that the same child is recognised in another referral."""
    found: list[acts.Somebody] = []
    for child in referral.children:
        role = child.role if referral.kind == "child" else "household"
        more: dict[str, Any] = {"relation": child.relation, "school": child.school, "language": child.language}
        found.append(acts.Somebody(role, child.evidence, more | {"unnamed": child.unnamed}, child.person))
    for adult in referral.adults:
        more = {"relation": adult.relation, "parental_responsibility": adult.parental_responsibility}
        found.append(acts.Somebody(adult.role, adult.evidence, more | {"lives_there": adult.lives_there}, adult.person))
    return found


def _take_part(episode: Episode, writer: Writer, now: datetime) -> None:
    """Whoever wrote it sees it go on; where a system sent it, the team does."""
    team = None if writer.worker else writer.team
    if writer.worker or team:
        acts.take_part(
            episode=episode,
            role="referrer",
            agency=writer.actor.agency,
            worker=writer.worker,
            team=team,
            by=writer.actor,
            now=now,
        )


def _cross(episode: Episode, referral: Referral, agency: str, entry: Entry, now: datetime) -> None:
    """Within one agency nothing crosses."""
    to = episode.team.agency_id if episode.team else ""
    if to != agency:
        cross(Crossing(episode.id, How.REFERRAL, agency, to, PURPOSES[referral.kind]), entry=entry, now=now)


def _to_the_night(episode: Episode, now: datetime) -> None:
    if nights.is_night(now):
        choice = acts.Choice("to-night", "rule", CLOSED)
        acts.decide(episode=episode, choice=choice, by=SYSTEM, seen=episode.decided, now=now)


def _ask_supervisor(episode: Episode, writer: Writer, now: datetime) -> None:
    """Each referral comes before a supervisor of the writer's own team: nobody saw them before."""
    if writer.team:
        question = acts.Question("supervision", writer.team, LOOK_AT_IT)
        acts.ask(episode=episode, question=question, by=writer.actor, by_team=writer.team, now=now)


def _after_all(referral: Referral, writer: Writer, now: datetime) -> None:
    """What was considered and not referred is referred after all: that earlier piece of work ends here."""
    if not referral.before:
        return
    earlier = Episode.objects.filter(pk=referral.before, pathway="considered", from_agency=writer.actor.agency)
    for episode in earlier.filter(closed_at=None):
        choice = acts.Choice("refer", "referrer", "Referred after all.")
        acts.decide(episode=episode, choice=choice, by=writer.actor, seen=episode.decided, now=now)


def referral_in(episode: Episode) -> Referral | None:
    """The referral that an episode began with, inside rows that are open. None: it began otherwise."""
    found = reads.statements(episode, "referral")
    return Referral.from_json(found[0][1]) if found else None


def statement_in(episode: Episode) -> Statement | None:
    """The statement of it: what a correction corrects."""
    return Statement.objects.filter(episode=episode, kind="referral").order_by("at").first()
