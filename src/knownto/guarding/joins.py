"""An identity split: who somebody was, for two named people together and for nobody and nothing else.

The product joins the two identities nowhere. What is known of it is written down once by one of those named on the
seal, under both of their own keys (`halves`); one of them reads it, within an hour of the other's giving their half.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from knownto.access.acts import Viewer
from knownto.access.refusals import NotPossibleNow
from knownto.guarding import desk, halves
from knownto.guarding.entering import guarding, of_seal
from knownto.guarding.models import Half, Join, JoinKey, Seal
from knownto.guarding.noting import must_say, note
from knownto.guarding.sorts import sorts
from knownto.keyring import guard
from knownto.linkage import Evidence

STANDS = timedelta(hours=1)  # how long a half that was given can be used


@dataclass(frozen=True, slots=True)
class Joined:
    """Who a sealed person was, and what their other identity's holders need to know of it."""

    old: Evidence
    words: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the join of a seal stands, for one of those named. `given_until`: the other has given their half."""

    written: bool
    readable: bool
    i_hold_a_key: bool
    other_holds_a_key: bool
    given_until: datetime | None
    i_gave_until: datetime | None


def make_key(*, by: Viewer, now: datetime) -> str:
    """A fresh key to joins for that guardian, in the place of any before it: said once, and kept nowhere."""
    paper = halves.new_paper()
    with guarding(by, kind="join-key-made", now=now):
        key = {"public": halves.public_of(paper), "made_at": now}
        JoinKey.objects.update_or_create(worker=by.worker_id, defaults=key)
    return paper


def holds_key(viewer: Viewer, now: datetime) -> bool:
    with guarding(viewer, kind="join-key-seen", now=now):
        return JoinKey.objects.filter(worker=viewer.worker_id).exists()


def write(*, by: Viewer, seal: UUID, old: Evidence, words: str, now: datetime) -> None:
    """Write down who they were, under the keys of both who are named on the seal.

    Raises NotPossibleNow when the seal joins nothing, a key is missing, or it is written already: what one person wrote
    over could never be read again. Raises NotYours to whoever is not named.
    """
    with of_seal(by, seal, kind="join-written", named=True, now=now) as row:
        _must_split(row)
        keys = _keys(row)
        if len(keys) < 2:  # noqa: PLR2004 (both)
            raise NotPossibleNow("no-keys", "Both who are named on the seal must first have a key of their own.")
        if _readable(row, keys):
            raise NotPossibleNow("written", "It is written already. Read it together first.")
        Join.objects.filter(seal=row).delete()
        _new(row, keys, {"old": old.to_json(), "words": words}, now)
        note(row, "join-written", by, now, said="")


def give_half(*, by: Viewer, seal: UUID, paper: str, reason: str, now: datetime) -> None:
    """One of the two opens their half for the other, for an hour. Raises NotTheKey, NeedsReason, and a Refused."""
    must_say(reason)
    with of_seal(by, seal, kind="join-half-given", named=True, now=now) as row:
        join, plain, keys = _opened(row)
        [other] = keys.keys() - {by.worker_id}
        half = _own_half(paper, by, row, plain)
        closed = halves.close_for(keys[other], half, _about(row))
        Half.objects.update_or_create(
            join=join, given_by=by.worker_id, defaults={"closed": closed, "until": now + STANDS}
        )
        note(row, "join-half-given", by, now, said=reason)


def read(*, by: Viewer, seal: UUID, paper: str, reason: str, now: datetime) -> Joined:
    """Who they were: to one of the two, once, with the half that the other has just given.

    Raises NotTheKey, NeedsReason, NotPossibleNow while the other has given none, and NotYours.
    """
    must_say(reason)
    with of_seal(by, seal, kind="join-read", named=True, now=now) as row:
        join, plain, _ = _opened(row)
        given = Half.objects.filter(join=join, until__gt=now).exclude(given_by=by.worker_id).first()
        if given is None:
            raise NotPossibleNow("one-half", "The other person named on the seal must give their half first.")
        both = (
            _own_half(paper, by, row, plain),
            halves.open_with(paper, bytes(given.closed), _about(row)),
        )
        told = json.loads(halves.unseal_with(both, bytes.fromhex(plain["join"]), _about(row)))
        given.delete()
        note(row, "join-read", by, now, said=reason)
    return Joined(Evidence.from_json(told["old"]), told["words"])


def standing(row: Seal, viewer: Viewer, now: datetime) -> Standing | None:
    """Where it stands, inside rows that are open; None for whoever is not named, and where nothing is split."""
    if not sorts()[row.sort].split or viewer.worker_id not in row.named or not desk.in_force(row):
        return None
    keys, given = _keys(row), dict(Half.objects.filter(join__seal=row, until__gt=now).values_list("given_by", "until"))
    mine = given.pop(viewer.worker_id, None)
    written = Join.objects.filter(seal=row).exists()
    return Standing(
        written,
        written and _readable(row, keys),
        viewer.worker_id in keys,
        bool(keys.keys() - {viewer.worker_id}),
        next(iter(given.values()), None),
        mine,
    )


def destroy(row: Seal) -> None:
    """Who they were cannot be read any more, by anybody: the seal is over."""
    join = Join.objects.filter(seal=row).first()
    if join:
        join.delete()
        guard.shred([join.key])


def _new(row: Seal, keys: dict[UUID, bytes], told: dict[str, object], now: datetime) -> None:
    both = (halves.new_half(), halves.new_half())
    closed = {
        str(worker): {"key": public.hex(), "half": halves.close_for(public, half, _about(row)).hex()}
        for (worker, public), half in zip(sorted(keys.items()), both, strict=True)
    }
    join = Join(seal=row, written_at=now)
    [key] = guard.create()
    sealed = halves.seal_with(both, json.dumps(told).encode(), _about(row))
    join.seal_into({"halves": closed, "join": sealed.hex()}, key)
    join.save(force_insert=True)


def _opened(row: Seal) -> tuple[Join, dict[str, object], dict[UUID, bytes]]:
    """The join as the guards' own key opens it, and the keys of the two. Raises NotPossibleNow."""
    _must_split(row)
    join, keys = Join.objects.filter(seal=row).first(), _keys(row)
    if join is None or not _readable(row, keys):
        raise NotPossibleNow("no-join", "Nothing is written that your two keys open.")
    [plain] = guard.open_rows([join])
    return join, plain, keys


def _own_half(paper: str, by: Viewer, row: Seal, plain: dict[str, object]) -> bytes:
    mine = plain["halves"][str(by.worker_id)]  # type: ignore[index]
    return halves.open_with(paper, bytes.fromhex(mine["half"]), _about(row))


def _readable(row: Seal, keys: dict[UUID, bytes]) -> bool:
    """Is it written, for the keys that the two hold now?"""
    join = Join.objects.filter(seal=row).first()
    if join is None:
        return False
    [plain] = guard.open_rows([join])
    return {worker: each["key"] for worker, each in plain["halves"].items()} == {
        str(worker): public.hex() for worker, public in keys.items()
    }


def _keys(row: Seal) -> dict[UUID, bytes]:
    found = JoinKey.objects.filter(worker__in=row.named)
    return {key.worker: bytes(key.public) for key in found}


def _must_split(row: Seal) -> None:
    if not (sorts()[row.sort].split and desk.in_force(row)):
        raise NotPossibleNow("no-split", "This seal joins no two identities, or is not in force.")


def _about(row: Seal) -> bytes:
    return b"join of " + row.pk.bytes
