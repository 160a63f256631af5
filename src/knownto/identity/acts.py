"""What is done about who is who: keep up with what partners send, and say what a model cannot know."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from knownto.access import acts as access
from knownto.access.refusals import NotPossibleNow
from knownto.feeds.models import File
from knownto.identity import beliefs, blind, harm, jobs, keying, pending
from knownto.identity.catching_up import catch_up
from knownto.identity.changes import Cause
from knownto.identity.cleaned import Opened
from knownto.identity.grouping import forget, hold_grouping, regroup
from knownto.identity.models import Belief, BeliefState, Cleaned, Member, Ruling, RulingKind
from knownto.identity.scores import Pair, Scores, belief, model, pair
from knownto.keyring import acts as keyring
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor

__all__ = [
    "NeedsTwo", "catch_up", "forbid", "forget_now", "landed", "link", "still_matching", "undo", "unlink",
]  # fmt: skip

SAID = {
    RulingKind.TOGETHER: BeliefState.CONFIRMED,
    RulingKind.APART: BeliefState.UNDONE,
    RulingKind.NEVER: BeliefState.UNDONE,
}


def landed(file_id: UUID, changed: list[int], removed: list[int]) -> None:
    """Handler of a file that lands, in its transaction: those records must be read again, and soon."""
    agency = File.objects.values_list("agency_id", flat=True).get(pk=file_id)
    pending.add([*changed, *removed], agency=agency)
    if changed or removed:
        jobs.match.defer()


def forget_now(ids: list[int], now: datetime) -> None:
    """Those records are not to be known of any more, at once and within this transaction: no key leads to them."""
    before = keying.held_before(ids)
    blind.replace({i: each.tokens + each.homes for i, each in before.items()}, {})
    pending.done(ids)
    forget(list(before), now)


def still_matching() -> set[str]:
    """The agencies of which landed records are not matched yet: asked for freshness, which no page may overstate."""
    with access.system("identity"):
        return pending.agencies()


class NeedsTwo(NotPossibleNow):
    """A link of such a class of data is made and undone by two people, of two agencies where the class says so."""

    def __init__(self) -> None:
        super().__init__("needs-two", "Two people must agree on this.")


def link(*, records: Pair, reason: str, by: Actor, agreed: Actor | None = None, now: datetime) -> UUID:
    """Two records are one person's, whatever the model says. Returns the ruling's id. Raises NotPossibleNow, NeedsTwo.

    Like every act here, it works on rows that its caller has opened, in the caller's transaction. `agreed` is the
    second person, where the class of data needs one.
    """
    return _rule(RulingKind.TOGETHER, pair(*records), reason, by, agreed, now)


def unlink(*, records: Pair, reason: str, by: Actor, agreed: Actor | None = None, now: datetime) -> UUID:
    """Two records are two people's, as far as is known now. Returns the ruling's id. Raises as `link`."""
    return _rule(RulingKind.APART, pair(*records), reason, by, agreed, now)


def forbid(*, records: Pair, reason: str, by: Actor, agreed: Actor | None = None, now: datetime) -> UUID:
    """Two records are two people's for certain (twins, a father and son). Returns the ruling's id. Raises as `link`."""
    return _rule(RulingKind.NEVER, pair(*records), reason, by, agreed, now)


@transaction.atomic
def undo(*, ruling: UUID, reason: str, by: Actor, agreed: Actor | None = None, now: datetime) -> None:
    """Take a ruling back, and put what it replaced in force again. Raises NotPossibleNow when it is not in force, and
    NeedsTwo."""
    hold_grouping()
    found = Ruling.objects.select_for_update().filter(pk=ruling, undone_at=None, replaced_by=None).first()
    if found is None:
        raise NotPossibleNow("not-in-force", "That decision is not in force any more.")
    _must_be_enough((found.lower, found.higher), by, agreed)
    Ruling.objects.filter(pk=ruling).update(undone_at=now, undone_by=_worker(by))
    Ruling.objects.filter(replaced_by=ruling).update(replaced_by=None)
    both = (found.lower, found.higher)
    _say(both, _in_force(both), Cause(ruling, _worker(by)), now)
    _record("link-undone", both, reason, by, now)


@transaction.atomic
def _rule(kind: RulingKind, both: Pair, reason: str, by: Actor, agreed: Actor | None, now: datetime) -> UUID:
    hold_grouping()
    before = _in_force(both)
    if before and before.kind == kind:
        raise NotPossibleNow("already-decided", "Somebody has already decided that.")
    if Cleaned.objects.filter(pk__in=both).count() < 2:
        raise NotPossibleNow("no-such-record", "One of these records is not held any more.")
    _must_be_enough(both, by, agreed)
    ruling = _sealed(kind, both, reason, by, agreed, now)
    if before:  # before the later one is there: only one may be in force
        Ruling.objects.filter(pk=before.pk).update(replaced_by=ruling.pk)
    ruling.save(force_insert=True)
    _say(both, ruling, Cause(ruling.pk, ruling.by), now)
    _record(f"link-{kind}", both, reason, by, now)
    return ruling.pk


def _must_be_enough(both: Pair, by: Actor, agreed: Actor | None) -> None:
    """Whoever calls: nothing of a class that needs two people comes in force by one."""
    of = harm.of_records(both)
    if not of.two_people:
        return
    if agreed is None or agreed.worker in (None, by.worker) or (of.two_agencies and agreed.agency == by.agency):
        raise NeedsTwo


def _sealed(kind: RulingKind, both: Pair, reason: str, by: Actor, agreed: Actor | None, now: datetime) -> Ruling:
    second = agreed.worker if agreed else None
    ruling = Ruling(id=uuid4(), lower=both[0], higher=both[1], kind=kind, by=_worker(by), agreed_by=second, at=now)
    [key] = keyring.create()
    ruling.seal_into({"reason": reason}, key)
    return ruling


def _worker(by: Actor) -> UUID:
    """Only a person decides: the product itself only ever believes."""
    if by.worker is None:
        raise NotPossibleNow("nobody", "Somebody must decide this.")
    return by.worker


def _in_force(both: Pair) -> Ruling | None:
    return Ruling.objects.filter(lower=both[0], higher=both[1], undone_at=None, replaced_by=None).first()


def _say(both: Pair, ruling: Ruling | None, cause: Cause, now: datetime) -> None:
    """Let the belief say what is in force, and the people follow from it."""
    scores = Scores(Opened())
    scores.open(both)
    if scores.has(both[0]) and scores.has(both[1]):
        beliefs.write([belief(both, scores(*both), now)])
    state, by = (SAID[RulingKind(ruling.kind)], ruling.by) if ruling else (BeliefState.AUTO, None)
    Belief.objects.filter(lower=both[0], higher=both[1]).update(state=state, by=by)
    Belief.objects.filter(lower=both[0], higher=both[1], state=BeliefState.AUTO, bits__lt=model().possible).delete()
    regroup(both, scores, now, cause)


def _record(kind: str, both: Pair, reason: str, by: Actor, now: datetime) -> None:
    people = Member.objects.filter(record__in=both).values_list("person_id", flat=True)
    about = [*(f"record:{i}" for i in both), *(str(p) for p in people)]
    ledger.record(kind=kind, by=by, about=about, detail={"reason": reason}, now=now)
