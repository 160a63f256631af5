"""Two contacts about the same worry become one piece of work, and neither is lost; and they are taken apart again."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from knownto.access.acts import Permission, Viewer
from knownto.access.refusals import NotPossibleNow
from knownto.casework import acts, clocks, reads, words
from knownto.casework.acts import Origin, Somebody
from knownto.casework.entering import entering
from knownto.casework.models import Clock, Decision, Episode, Statement
from knownto.casework.reads import Known
from knownto.casework.recognising import model
from knownto.casework.register import pathway
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor
from knownto.linkage import clean, compare
from knownto.pathways.frontdoor import feedback, strategy
from knownto.pathways.frontdoor.powers import power_of

WRITTEN = ("referral", "screening-note")


class CannotJoin(NotPossibleNow):
    """The other is closed or joined itself, is not a contact, or is this one."""

    def __init__(self) -> None:
        super().__init__("cannot-join", "Join it to another contact that is open.")


class NotJoined(NotPossibleNow):
    """It is not joined to anything, or no longer."""

    def __init__(self) -> None:
        super().__init__("not-joined", "This is not joined to another contact.")


def join(*, by: Viewer, episode: UUID, to: UUID, why: str, tell: str = "", seen: int, now: datetime) -> Decision:
    """Join this contact to that one, where the work goes on.

    Everything written stays where it is and is read from the other's page too; whoever is only in this one is added to
    the other; whoever raised either is told the outcome. Raises CannotJoin, Overtaken, NotFromHere, NoRationale.
    """
    with (
        entering(by, episode, Permission.SCREEN, kind="contact-joined", now=now) as entered,
        entering(by, to, Permission.SCREEN, kind="contact-joined-to", now=now) as other,
    ):
        survivor = _both_locked(entered.episode, other.episode)
        work, move = entered.episode, pathway("contact").move("join")
        facts = {"joined_to": survivor.reference}
        choice = acts.Choice("join", power_of(entered, by, move), why, facts=facts)
        decision = acts.decide(episode=work, choice=choice, by=by.actor, seen=seen, now=now)
        work.joined_to = survivor
        work.save(update_fields=["joined_to"])
        Episode.objects.filter(joined_to=work).update(joined_to=survivor)  # what was joined to it comes along
        _bring_people(work, survivor, by.actor, now)
        _bring_urgency(work, survivor, by, now)
        entry = entered.granted.entry
        feedback.tell_outcome(episode=work, decision=decision, words=tell, by=by.actor, entry=entry, now=now)
        return decision


def _both_locked(work: Episode, other: Episode) -> Episode:
    """The other, as it stands; both locked in one order, so that two who join them crosswise do not wait for ever."""
    rows = Episode.objects.select_for_update(no_key=True).filter(pk__in=[work.pk, other.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    survivor = found[other.pk]
    if len(found) < 2 or survivor.pathway != "contact" or survivor.closed_at:
        raise CannotJoin
    return survivor


def _bring_people(work: Episode, survivor: Episode, by: Actor, now: datetime) -> None:
    """Whoever is named only in the joined one must not be forgotten when the other is decided."""
    people = reads.people([work, survivor])
    there = people.get(survivor.id, [])
    for known in people.get(work.id, []):
        if not _is_among(known, there):
            more = known.more | {"from": work.reference}
            somebody = Somebody(known.role, known.evidence, more, known.person)
            acts.add_somebody(episode=survivor, somebody=somebody, by=by, now=now)


def _is_among(known: Known, there: Iterable[Known]) -> bool:
    mine = clean(known.evidence)
    return any(compare(mine, clean(each.evidence), model()).bits >= model().join for each in there)


def _bring_urgency(work: Episode, survivor: Episode, by: Viewer, now: datetime) -> None:
    """The more urgent of the two is what the work now is: joining must not make a red worry wait."""
    order = ("red", "amber", "green", "")
    if order.index(work.urgency) < order.index(survivor.urgency):
        why = f"{work.reference} was joined to it, and was rated {work.urgency}."
        choice = acts.Choice("rate", _last_power(work), why, urgency=work.urgency)
        acts.decide(episode=survivor, choice=choice, by=by.actor, seen=survivor.decided, now=now)


def _last_power(work: Episode) -> str:
    return Decision.objects.get(episode=work, number=work.decided).power


def take_apart(*, by: Viewer, episode: UUID, why: str, now: datetime) -> Episode:
    """They were not about the same worry after all: a new contact goes on from the joined one, as old as that one.

    Gives the new contact, which has its people, what was written, and who raised it. Its clocks count from when the
    joined one came in: a child does not wait longer because of a mistake here. Raises NotJoined, NoRationale.
    """
    if not why.strip():
        raise acts.NoRationale
    with entering(by, episode, Permission.SCREEN, kind="contact-taken-apart", now=now) as entered:
        old = Episode.objects.select_for_update(no_key=True).get(pk=entered.episode.pk)
        if old.joined_to_id is None:
            raise NotJoined
        was = reads.episode(old.joined_to_id)
        made = _again(old, by.actor, now)
        old.joined_to = None
        old.save(update_fields=["joined_to"])
        for work, other in ((old, made), (was, made), (made, old)):
            plain = {"note": f"Taken apart: {old.reference} goes on as {made.reference}. {why.strip()}"}
            acts.say(episode=work, kind="taken-apart", plain=plain | {"other": other.reference}, by=by.actor, now=now)
        return made


def _again(old: Episode, by: Actor, now: datetime) -> Episode:
    made = acts.open_episode(
        by=by,
        pathway_code="contact",
        origin=Origin(old.from_agency_id, old.from_team, old.from_worker),
        about=strategy.same_people(old),
        urgency=old.urgency,
        parent=old,
        now=now,
    )
    _carry_over(old, made, by, now)
    _as_old_as(made, old)
    return made


def _carry_over(old: Episode, made: Episode, by: Actor, now: datetime) -> None:
    """What was written, as it was written, by whom and when: only the carrying is ours, and recorded as ours."""
    key = words.key_of(made)
    for row, plain in reads.statements(old, *WRITTEN):
        copy = Statement(episode=made, kind=row.kind, worker=row.worker, agency=row.agency, at=row.at)
        words.sealed(copy, plain, key)
    about = [f"episode:{old.id}", f"episode:{made.id}"]
    ledger.record(kind="statements-carried-over", by=by, about=about, now=now)


def _as_old_as(made: Episode, old: Episode) -> None:
    for clock in Clock.objects.filter(episode=made, stopped_at=None):
        clock.started_at = old.opened_at
        clocks.work_out(clock)
        clock.save(update_fields=["started_at", "warn_at", "due_at", "calendar"])
    clocks.settle(made)
    made.save(update_fields=["next_due"])
