"""A meeting is called: who is needed by the rules, who is invited, who is left out and why, and what they answer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from knownto.access.acts import Viewer
from knownto.casework import acts, reads, words
from knownto.casework.acts import AlreadyOver, NotSaid, Plan, Seat
from knownto.casework.entering import Entered, entering
from knownto.casework.models import Episode, Invitation, Meeting
from knownto.disclosure.acts import Crossing, cross
from knownto.disclosure.models import How
from knownto.ledger.acts import Actor
from knownto.ledger.models import Entry
from knownto.pathways.frontdoor import facts, sharing
from knownto.pathways.frontdoor.seating import must_run, my_seat, the_meeting
from knownto.pathways.frontdoor.seats import Case, Proposed, of_school_age, proposed
from knownto.policy import Permission
from knownto.worktime import LONDON

CHILDREN = ("subject", "sibling")


@dataclass(frozen=True)
class Calling:
    """What somebody calls. `concerns` are codes of `seats.CONCERNS`, and decide who is needed."""

    kind: str
    starts: datetime
    ends: datetime
    where: str
    agenda: str
    seats: tuple[Seat, ...]
    concerns: frozenset[str] = frozenset()
    there: bool = False


def line(episode: Episode) -> Iterator[Episode]:
    """The work, and what it came of, back to the referral."""
    at: Episode | None = episode
    while at is not None:
        yield at
        at = at.parent


def referral_of(episode: Episode) -> dict[str, Any]:
    """What was referred, from which this work came; {} where nobody referred it."""
    for each in line(episode):
        if found := reads.statements(each, "referral"):
            return found[-1][1]
    return {}


def case_of(episode: Episode, now: datetime, concerns: Iterable[str] | None = None) -> Case:
    """What decides who is needed, from what is written down. `concerns`: what somebody says is suspected now."""
    letter, today = referral_of(episode), now.astimezone(LONDON).date()
    known = reads.people([episode]).get(episode.id, [])
    children = [each for each in known if each.role in CHILDREN]
    written = [each.more.get("school", "") for each in children]
    written += [child.get("school", "") for child in letter.get("children", [])]
    said = suspected(episode, letter) if concerns is None else frozenset(concerns)
    return Case(
        said,
        tuple(dict.fromkeys(name.strip() for name in written if name.strip())),
        any(of_school_age(each.evidence, today) for each in children),
        episode.from_team,
        harm_unsaid=not said and bool(letter.get("significant_harm")),
    )


def suspected(episode: Episode, letter: dict[str, Any]) -> frozenset[str]:
    """What was last said to be suspected; before anybody said, what the referral has."""
    if said := reads.statements(episode, "suspected"):
        return frozenset(said[-1][1].get("concerns", ()))
    return frozenset({"sexual"}) if letter.get("sexual_abuse") else frozenset()


def seats_for(episode: Episode, kind: str, now: datetime, concerns: Iterable[str] | None = None) -> list[Proposed]:
    """Whom the rules propose for that meeting. Call it inside open rows."""
    return proposed(kind, case_of(episode, now, concerns))


def call_meeting(entered: Entered, calling: Calling, by: Actor, now: datetime) -> Meeting:
    """Call it and invite, in the open rows of the act that moves the work.

    Whoever may not be told is not invited, and that is the reason. Raises NotSaid with the names of required seats that
    nobody invited or gave a reason for.
    """
    episode = entered.episode
    seats = tuple(_if_may_be_told(episode, seat, by, now) for seat in calling.seats)
    _must_be_there(episode, calling, seats, now)
    if calling.concerns:
        plain = {"concerns": sorted(calling.concerns)}
        acts.say(episode=episode, kind="suspected", plain=plain, by=by, now=now)
    plan = Plan(calling.kind, calling.starts, calling.ends, calling.where, seats, calling.agenda, calling.there)
    meeting = acts.call(episode=episode, plan=plan, by=by, now=now)
    for agency in sorted({seat.team.agency_id for seat in calling.seats} - {by.agency}):
        invited = any(seat.team.agency_id == agency and not seat.why_not for seat in seats)
        barred = any(a.team.agency_id == agency and a != b for a, b in zip(calling.seats, seats, strict=True))
        _crosses(episode, agency, invited, barred, by, entered.granted.entry, now)
    return meeting


def _if_may_be_told(episode: Episode, seat: Seat, by: Actor, now: datetime) -> Seat:
    if seat.why_not or seat.team.agency_id == by.agency:
        return seat
    told = facts.may_be_told(episode, f"agency:{seat.team.agency_id}", now=now)
    return seat if told.may else replace(seat, why_not=told.because)


def _must_be_there(episode: Episode, calling: Calling, seats: Iterable[Seat], now: datetime) -> None:
    there = {seat.office for seat in seats}
    needed = [each for each in seats_for(episode, calling.kind, now, calling.concerns) if each.required]
    if missing := [each.name for each in needed if each.code not in there]:
        raise NotSaid(list(dict.fromkeys(missing)))


def _crosses(
    episode: Episode, agency: str, invited: bool, barred: bool, by: Actor, entry: Entry, now: datetime
) -> None:
    """An invitation tells whom it is about; that somebody may not be told is written down as well."""
    if invited or barred:
        how = How.MEETING if invited else How.NOT_SHARED
        cross(Crossing(episode.id, how, by.agency, agency, sharing.PURPOSE), entry=entry, now=now)


def move_to(*, by: Viewer, episode: UUID, meeting: UUID, starts: datetime, ends: datetime, now: datetime) -> Meeting:
    """Another time. Everybody invited is told, and takes the new calendar file for the old one."""
    with entering(by, episode, Permission.MEET, kind="meeting-changed", now=now) as entered:
        row = the_meeting(must_run(entered), meeting)
        return acts.move_to(meeting=row, starts=starts, ends=ends, by=by.actor, now=now)


def invite_more(*, by: Viewer, episode: UUID, meeting: UUID, seat: Seat, now: datetime) -> Invitation:
    """Invite somebody else. What was sent beforehand goes to them too. Raises NotSaid where they may not be told."""
    with entering(by, episode, Permission.MEET, kind="meeting-changed", now=now) as entered:
        row = the_meeting(must_run(entered), meeting)
        told = _if_may_be_told(entered.episode, replace(seat, why_not=""), by.actor, now)
        if told.why_not:
            raise NotSaid([told.why_not])
        invitation = acts.invite(meeting=row, seat=told, by=by.actor, now=now)
        entry = entered.granted.entry
        _crosses(entered.episode, seat.team.agency_id, seat.team.agency_id != by.agency, False, by.actor, entry, now)
        sharing.pass_on(entered, row, seat.team.agency_id, by.actor, now)
        return invitation


def answer_invitation(
    *, by: Viewer, episode: UUID, meeting: UUID, coming: bool, because: str = "", instead: str = "", now: datetime
) -> Invitation:
    """Say whether you come, or who comes instead. Raises NotSaid for a no without either, AlreadyOver."""
    with entering(by, episode, Permission.EPISODE, kind="invitation-answered", now=now) as entered:
        row = the_meeting(entered.episode, meeting)
        own = my_seat(by, row)
        if row.held_at or row.cancelled_at:
            raise AlreadyOver
        if not (coming or because.strip() or instead.strip()):
            raise NotSaid([own.office])
        return _answered(own, coming, because, instead, by, now)


def _answered(own: Invitation, coming: bool, because: str, instead: str, by: Viewer, now: datetime) -> Invitation:
    locked = Invitation.objects.select_for_update(of=("self",)).select_related("meeting__episode").get(pk=own.pk)
    [plain] = words.opened([locked])
    said = {"because": "" if coming else because, "substitute": instead, "answered_by": str(by.worker_id)}
    words.reseal(locked, plain | said, words.key_of(locked.meeting.episode))
    locked.accepted = coming or bool(instead.strip())
    locked.save()
    sort = f"came-back:{locked.pk.hex}:{locked.version}"
    meeting = locked.meeting
    acts.tell("meeting-answered", episode=meeting.episode, worker=meeting.called_by, sort=sort, now=now)
    return locked
