"""First stage of matching a record: read its evidence, clean it, seal it, and put its blind keys in place."""

from dataclasses import dataclass

from knownto import linkage
from knownto.access import acts as access
from knownto.identity import blind, pending
from knownto.identity.cleaned import TABLE, Opened, plain_bytes, seal, write
from knownto.identity.grouping import forget
from knownto.identity.held import Held, held
from knownto.identity.models import Stage
from knownto.identity.statements import numbers, rows
from knownto.keyring import acts as keyring
from knownto.keyring.generations import PEOPLE, hold


@dataclass(frozen=True, slots=True)
class Before:
    """What was there of a record."""

    version: int
    key: object
    digest: bytes
    tokens: bytes
    homes: bytes


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a record is to have."""

    held: Held
    cleaned: linkage.Cleaned
    data: bytes
    digest: bytes
    tokens: bytes
    homes: bytes


def key_some(opened: Opened, most: int, now: object) -> int:
    """Key the next `most` landed records, in one transaction. Returns how many there were."""
    with access.system("identity"):
        ids = [record for record, _ in pending.claim(Stage.LANDED, most)]
        if ids:
            key_records(ids, opened, now)
    return len(ids)


def key_records(ids: list[int], opened: Opened, now: object) -> None:
    """Read, clean and key those records, in the caller's transaction; those that changed wait to be compared."""
    (there, tampered), before = held(ids), held_before(ids)
    anew = fresh(there)
    changed = {i: f for i, f in anew.items() if not _same(before.get(i), f)}
    removed = [i for i in ids if i not in there and i not in tampered]
    opened.drop([*changed, *removed])
    _write(changed, removed, before)
    if removed:
        forget([i for i in removed if i in before], now)
    pending.set_aside(tampered)
    pending.done(set(ids) - changed.keys() - set(tampered))
    pending.keyed(dict(zip(changed, _near(list(changed.values())), strict=True)))
    opened.put({i: f.cleaned for i, f in changed.items()})


def held_before(ids: list[int]) -> dict[int, Before]:
    hold(PEOPLE)
    found = rows(
        f"SELECT record, version, key, digest, tokens, homes FROM {TABLE} WHERE record = ANY(%s::bigint[])",  # noqa: S608
        numbers(ids),
    )
    return {record: Before(*rest) for record, *rest in found}


def fresh(there: dict[int, Held]) -> dict[int, Fresh]:
    """What those records are to have: cleaned, with their blind keys, asked for all at once."""
    cleaned = [linkage.clean(each.evidence) for each in there.values()]
    data = [plain_bytes(each) for each in cleaned]
    tokens = blind.tokens_of_each([linkage.keys(each) for each in cleaned])
    homes = blind.tokens_of_each([blind.homes(each) for each in cleaned])
    made = map(Fresh, there.values(), cleaned, data, keyring.fingerprints(data, of=PEOPLE), tokens, homes)
    return dict(zip(there, made, strict=True))


def _same(before: Before | None, fresh: Fresh) -> bool:
    """Nothing to match anew: a contact was added, or the same was said again."""
    if before is None or before.key != fresh.held.key.id:
        return False
    return (before.digest, before.tokens, before.homes) == (fresh.digest, fresh.tokens, fresh.homes)


def _write(changed: dict[int, Fresh], removed: list[int], before: dict[int, Before]) -> None:
    old = {i: before[i].tokens + before[i].homes for i in (*changed, *removed) if i in before}
    blind.replace(old, {i: f.tokens + f.homes for i, f in changed.items()})
    write([row(i, f, before.get(i)) for i, f in changed.items()])


def row(record: int, fresh: Fresh, before: Before | None) -> tuple:
    version = before.version + 1 if before else 1
    sealed = seal(record, version, fresh.data, fresh.held.key)
    return record, fresh.held.key, version, sealed, fresh.tokens, fresh.homes, fresh.digest


def _near(several: list[Fresh]) -> list[int]:
    """Where each is in the order of comparing: by postcode, or else by any key; blind, like every key."""
    codes = [next((p.postcode for p in fresh.cleaned.places if p.postcode), "") for fresh in several]
    by_code = keyring.tokens((("near", code) for code in codes), of=PEOPLE)
    return [
        token if code else next(reversed(blind.unpacked(fresh.tokens)), 0)
        for fresh, code, token in zip(several, codes, by_code, strict=True)
    ]
