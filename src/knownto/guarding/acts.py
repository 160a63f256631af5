"""What guardians do: seal and lift, each by two people of two agencies; and say what they did when somebody looked."""

from datetime import datetime
from uuid import UUID, uuid4

from knownto import linkage
from knownto.access.acts import Viewer
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework import acts as casework
from knownto.casework import recognising
from knownto.casework.models import Answer, Ask
from knownto.footprint.closing import close_about
from knownto.guarding import desk, joins, keeping, matching
from knownto.guarding.entering import guarding, guards_own, of_seal
from knownto.guarding.models import Alert, Kept, NotThem, Seal, State, Token
from knownto.guarding.noting import must_say, note, plain_of, reseal
from knownto.guarding.pathway import AGREE, SEALED
from knownto.guarding.sorts import sorts
from knownto.identity import reads as identity
from knownto.identity.scores import model
from knownto.keyring import guard
from knownto.linkage import Evidence

# What a guardian can have done about a look.
DONE: dict[str, str] = {
    "rang": "Rang them, and told nothing",
    "helped": "Rang them, and gave what they needed for the person's safety",
    "expected": "It was expected: they work with the person",
    "suspect": "It looks wrong: taken to the data protection officer and the police",
    "nobody": "It is not about the person we guard",
}


class NeedsAnother(NotPossibleNow):
    """Whoever proposed it does not agree to it, and neither does their agency."""

    def __init__(self) -> None:
        super().__init__("needs-another", "Another agency's guardian must agree to this, not you or your own agency.")


def propose(*, by: Viewer, sort: str, called: str, evidence: Evidence, reason: str, do: str, now: datetime) -> UUID:
    """Propose that a person be sealed. Nothing is hidden until a second person agrees. Gives the seal's id.

    `called` is what the desk calls them, never their name; `do` is what to do when somebody looks. Raises NeedsReason,
    KeyError for a sort there is not, and a Refused.
    """
    must_say(reason)
    identity = uuid4()
    with guarding(by, kind="seal-proposed", about=[f"seal:{identity}"], now=now):
        row = Seal(id=identity, sort=sorts()[sort].code, proposed_by=by.worker_id, proposed_agency=by.agency)
        row.episode = desk.open_work(SEALED.code, by.actor, by.agency, now)
        row.proposed_at, row.named = now, [by.worker_id]
        [key] = guard.create()
        row.seal_into({"called": called, "reason": reason, "do": do, "evidence": evidence.to_json()}, key)
        row.save(force_insert=True)
        desk.ask_to_agree(row, by.actor, now)
    return identity


def agree(*, by: Viewer, seal: UUID, reason: str, now: datetime) -> int:
    """The second person's word: from here on nobody finds them. Gives how many records were taken out.

    Raises NeedsAnother, NeedsReason, and a Refused.
    """
    must_say(reason)
    with of_seal(by, seal, kind="seal-agreed", now=now) as row:
        _must_stand(row, State.PROPOSED)
        _must_be_another(by, row.proposed_by, row.proposed_agency)
        row.agreed_by, row.agreed_agency, row.agreed_at = by.worker_id, by.agency, now
        row.named = [*row.named, by.worker_id]
        _move(row, "agree", State.IN_FORCE, by, now, said=reason)
        with guards_own(by):
            return _bring_in_force(row, now)


def turn_down(*, by: Viewer, seal: UUID, reason: str, now: datetime) -> None:
    """The second person does not agree. Raises as `agree`."""
    must_say(reason)
    with of_seal(by, seal, kind="seal-turned-down", now=now) as row:
        _must_stand(row, State.PROPOSED)
        _move(row, "turn-down", State.TURNED_DOWN, by, now, said=reason)


def keep(*, by: Viewer, seal: UUID, reason: str, now: datetime) -> None:
    """Looked at again, and kept: the review's clock starts anew. Raises NeedsReason and a Refused."""
    must_say(reason)
    with of_seal(by, seal, kind="seal-reviewed", now=now) as row:
        _must_stand(row, State.IN_FORCE)
        _move(row, "keep", State.IN_FORCE, by, now, said=reason)


def propose_lift(*, by: Viewer, seal: UUID, reason: str, now: datetime) -> None:
    """Propose to lift it. It stays in force until a second person agrees. Raises NeedsReason and a Refused."""
    must_say(reason)
    with of_seal(by, seal, kind="lift-proposed", now=now) as row:
        _must_stand(row, State.IN_FORCE)
        row.lift_by, row.lift_agency = by.worker_id, by.agency
        _move(row, "propose-lift", State.LIFTING, by, now, said=reason)
        desk.ask_to_agree(row, by.actor, now)


def do_not_lift(*, by: Viewer, seal: UUID, reason: str, now: datetime) -> None:
    """It stays sealed. Raises NeedsReason and a Refused."""
    must_say(reason)
    with of_seal(by, seal, kind="lift-turned-down", now=now) as row:
        _must_stand(row, State.LIFTING)
        row.lift_by, row.lift_agency = None, ""
        _move(row, "do-not-lift", State.IN_FORCE, by, now, said=reason)


def lift(*, by: Viewer, seal: UUID, reason: str, now: datetime) -> int:
    """The second person's word: they are found again, as partners hold them now. Gives how many records came back.

    Raises NeedsAnother, NeedsReason, and a Refused.
    """
    must_say(reason)
    with of_seal(by, seal, kind="seal-lifted", now=now) as row:
        _must_stand(row, State.LIFTING)
        _must_be_another(by, row.lift_by, row.lift_agency)
        row.lifted_by, row.lifted_agency, row.lifted_at = by.worker_id, by.agency, now
        _move(row, "lift", State.LIFTED, by, now, said=reason)
        with guards_own(by):
            Token.objects.filter(seal=row).delete()
            recognising.be_found_again(plain_of(row).get("parts", []))
            joins.destroy(row)
            return keeping.give_back(Kept.objects.filter(seal=row), now)


def take_too(*, by: Viewer, seal: UUID, person: UUID, now: datetime) -> int:
    """Somebody who is still found is the sealed person too. For those named on it. Gives how many records went."""
    with of_seal(by, seal, kind="sealed-too", named=True, now=now) as row:
        if not desk.in_force(row):
            raise NotPossibleNow("not-in-force", "This seal is not in force.")
        with guards_own(by):
            return _take_people(row, [person], now)


def say_whether(*, by: Viewer, kept: UUID, is_them: bool, now: datetime) -> None:
    """Is a record that a file brought of the sealed person? If not, it lands after all. Raises NotYours."""
    with guarding(by, kind="record-said", about=[f"kept:{kept}"], now=now):
        row = (
            Kept.objects.select_for_update(of=("self",))
            .select_related("seal__episode")
            .filter(pk=kept, sure=None)
            .first()
        )
        if row is None or not desk.may_say(row.seal, by):
            raise NotYours
        if is_them:
            row.sure = True
            row.save(update_fields=["sure"])
        else:
            NotThem.objects.get_or_create(token=row.token, seal=row.seal)
            with guards_own(by):
                keeping.give_back([row], now)
        _answer_one(row.seal.episode_id, "guard-whether", by, now)


def answer(*, by: Viewer, alert: UUID, did: str, words: str, now: datetime) -> None:
    """What was done about a look: a code of DONE, and in words. Raises KeyError, NeedsReason, NotYours."""
    must_say(words)
    DONE[did]
    with guarding(by, kind="look-answered", about=[f"alert:{alert}"], now=now):
        row = (
            Alert.objects.select_for_update(of=("self",))
            .select_related("ask__episode")
            .filter(pk=alert, done="")
            .first()
        )
        if row is None:
            raise NotYours
        [key] = guard.fetch([row.key]).values()
        plain = row.open_with(key) | {"words": words, "by": str(by.worker_id)}
        row.done, row.done_at, row.version = did, now, row.version + 1
        row.seal_into(plain, key)
        row.save()
        _answered(row.ask, by, now)


def _must_stand(row: Seal, state: State) -> None:
    if row.state != state:
        raise NotPossibleNow("not-from-here", "Somebody else has decided this in the meantime. Read it first.")


def _must_be_another(by: Viewer, first: UUID | None, agency: str) -> None:
    if by.worker_id == first or by.agency == agency:
        raise NeedsAnother


def _move(row: Seal, move: str, to: State, by: Viewer, now: datetime, *, said: str) -> None:
    """The decision moves the work; the reason is kept under the guards' own key, where casework's is not."""
    row.state = to
    note(row, move, by, now, said=said)
    choice = casework.Choice(move, "guardian", desk.OPEN)
    casework.decide(episode=row.episode, choice=choice, by=by.actor, seen=row.episode.decided, now=now)
    if move != "propose-lift":
        _answer_one(row.episode_id, AGREE.code, by, now)


def _answer_one(episode: UUID, kind: str, by: Viewer, now: datetime) -> None:
    asked = Ask.objects.filter(episode=episode, kind=kind, answered_at=None).order_by("asked_at").first()
    if asked:
        _answered(asked, by, now)


def _answered(asked: Ask, by: Viewer, now: datetime) -> None:
    casework.answer(ask=asked, answer=Answer.ANSWERED, plain={"answer": "Said at the desk."}, by=by.actor, now=now)


def _bring_in_force(row: Seal, now: datetime) -> int:
    """Whoever is found now by what is known of them is taken out, and whoever comes later will be."""
    plain = plain_of(row)
    evidence = Evidence.from_json(plain["evidence"])
    matching.index(row, None, evidence)
    if sorts()[row.sort].hides_person:
        plain["parts"] = recognising.be_forgotten(evidence)
        reseal(row, plain)
    people = getattr(identity.find(evidence, now), "people", ())
    return _take_people(row, [each.person for each in people if each.comparison.bits >= model().join], now)


def _take_people(row: Seal, people: list[UUID], now: datetime) -> int:
    close_about(people)
    records = [record for person in people for record in _theirs(row, person)]
    return len(keeping.take_out(row, records, now, hides_person=sorts()[row.sort].hides_person))


def _theirs(row: Seal, person: UUID) -> list[int]:
    """The person's records; of one whose identity is split, those that say something of the new one. The rest are the
    old one's, and stay where they are."""
    if not sorts()[row.sort].split:
        return list(identity.records_of(person))
    new = linkage.clean(Evidence.from_json(plain_of(row)["evidence"]))
    records = [record for known in identity.people([person]).values() for record in known.records]
    return [record.id for record in records if matching.says_of(record.cleaned, new)]
