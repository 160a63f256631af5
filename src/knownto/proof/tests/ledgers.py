"""Honest ledgers to test with, and every way of tampering with one that we could think of.

Each way of tampering says what it did: the entries (as they are numbered afterwards) that must be located, or
the heads. `exact`: a finding must name the very entry; otherwise the stretch between a few heads is enough.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import copy, deepcopy
from dataclasses import dataclass, field

from knownto.proof import (
    Entry,
    Frontier,
    Signer,
    StoredHead,
    canonical,
    commitment,
    leaf_hash,
    read_head,
    sign_head,
)

OWNER = Signer("hallowbridge.example/ledger", bytes(range(32)))
THIEF = Signer("hallowbridge.example/ledger", bytes(range(1, 33)))
START = 1_790_000_000_000_000


@dataclass
class Row:
    place: int
    fields: dict
    leaf: bytes
    payload: bytes

    def entry(self) -> Entry:
        return Entry(self.place, canonical(self.fields), self.leaf, self.payload)


@dataclass
class Ledger:
    rows: list[Row]
    heads: list[StoredHead]
    published: list[list[StoredHead]] = field(default_factory=list)
    receipts: list[bytes] = field(default_factory=list)
    gap: int = 0  # the most entries between two heads

    def copied(self) -> Ledger:
        return Ledger([copy(row) for row in self.rows], list(self.heads), [list(kept) for kept in self.published],
                      list(self.receipts), self.gap)

    def rehash(self) -> None:
        for row in self.rows:
            row.leaf = leaf_hash(canonical(row.fields))

    def renumber(self) -> None:
        for place, row in enumerate(self.rows):
            row.place = place

    def signed(self) -> int:
        return read_head(self.heads[-1].note).size


def row(place: int, rng: random.Random) -> Row:
    payload = rng.randbytes(24) if rng.random() < 0.7 else b""
    fields = {"id": rng.randbytes(16), "at": START + place * 1_000_000, "by": f"worker-{rng.randrange(9)}",
              "agency": rng.choice(["police", "school"]), "kind": rng.choice(["search", "view", "refusal"]),
              "about": [rng.randbytes(4).hex() for _ in range(rng.randrange(3))]}
    if payload:
        fields["payload"] = commitment(payload)
    return Row(place, fields, leaf_hash(canonical(fields)), payload)


def sign_all(rows: list[Row], sizes: list[int], signer: Signer, heads=()) -> list[StoredHead]:
    """`heads` (kept as they are) and then one head for each of these sizes."""
    signed = list(heads)
    tree = Frontier()
    for size in sizes:
        tree = tree.extended(row.leaf for row in rows[tree.size:size])
        previous = signed[-1] if signed else None
        signed.append(sign_head(tree, time=START + len(signed) * 5_000_000, previous=previous, signer=signer))
    return signed


def honest(seed: int) -> Ledger:
    """Up to 260 entries, heads 1 to 12 entries apart, sometimes none new; a few entries not signed yet."""
    rng = random.Random(seed)
    gap = rng.choice([1, 3, 7, 12])
    sizes = [rng.choice([0, 1, 2])]
    while sizes[-1] < rng.randrange(60, 260) or len(sizes) < 12:
        sizes.append(sizes[-1] + rng.randint(0 if gap > 1 else 1, gap))
    rows = [row(place, rng) for place in range(sizes[-1] + rng.randrange(4))]
    heads = sign_all(rows, sizes, OWNER)
    return Ledger(rows, heads, [heads[::5] + heads[-1:], heads[::3]], [rows[-1].leaf], gap)


@dataclass
class Done:
    entries: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    exact: bool = False
    stretch: tuple[int, int] | None = None  # the very first and last entry that must be named
    kinds: tuple[str, ...] = ()  # one of these must be among the findings, if given


Tampering = Callable[[Ledger, random.Random], Done]
TAMPERINGS: dict[str, Tampering] = {}


def tampering(function: Tampering) -> Tampering:
    TAMPERINGS[function.__name__] = function
    return function


def _any(ledger: Ledger, rng: random.Random) -> int:
    """An entry that is signed for, not among the last few."""
    return rng.randrange(0, ledger.signed() - 6)


def _change(row: Row, rng: random.Random) -> None:
    name = rng.choice(["id", "at", "by", "agency", "kind", "about"])
    old = row.fields[name]
    new = {"id": lambda: rng.randbytes(16), "at": lambda: old + 1, "by": lambda: old + "x",
           "agency": lambda: "housing", "kind": lambda: "nothing", "about": lambda: [*old, "x"]}[name]()
    row.fields = {**row.fields, name: new}


@tampering
def flipped_field(ledger, rng):
    place = _any(ledger, rng)
    _change(ledger.rows[place], rng)
    return Done([place], exact=True, kinds=("entry_changed",))


@tampering
def flipped_field_and_fingerprint(ledger, rng):
    place = _any(ledger, rng)
    _change(ledger.rows[place], rng)
    ledger.rehash()
    return Done([place], kinds=("not_as_signed",))


@tampering
def changed_time(ledger, rng):
    place = _any(ledger, rng)
    old = ledger.rows[place]
    old.fields = {**old.fields, "at": old.fields["at"] - rng.randrange(1, 10**9)}
    ledger.rehash()
    return Done([place])


@tampering
def changed_user(ledger, rng):
    place = _any(ledger, rng)
    ledger.rows[place].fields = {**ledger.rows[place].fields, "by": "worker-99"}
    ledger.rehash()
    return Done([place])


@tampering
def dropped_a_field(ledger, rng):
    place = _any(ledger, rng)
    ledger.rows[place].fields = {name: v for name, v in ledger.rows[place].fields.items() if name != "by"}
    ledger.rehash()
    return Done([place])


@tampering
def flipped_fingerprint(ledger, rng):
    place = _any(ledger, rng)
    ledger.rows[place].leaf = rng.randbytes(32)
    return Done([place], exact=True)


@tampering
def deleted(ledger, rng):
    place = _any(ledger, rng)
    del ledger.rows[place]
    return Done([place], exact=True, kinds=("entry_missing",))


@tampering
def deleted_and_renumbered(ledger, rng):
    place = _any(ledger, rng)
    del ledger.rows[place]
    ledger.renumber()
    return Done([place])


@tampering
def deleted_a_stretch_and_renumbered(ledger, rng):
    place = rng.randrange(0, ledger.signed() - 20)
    del ledger.rows[place:place + rng.randrange(2, 20)]
    ledger.renumber()
    return Done([place])


@tampering
def deleted_one_workers_entries(ledger, rng):
    gone = [place for place, row in enumerate(ledger.rows) if row.fields["by"] == "worker-3"]
    gone = [place for place in gone if place < ledger.signed() - 6] or [5]
    ledger.rows = [row for place, row in enumerate(ledger.rows) if place not in gone]
    ledger.renumber()
    return Done([place - before for before, place in enumerate(gone)])


@tampering
def truncated(ledger, rng):
    stop = rng.randrange(0, ledger.signed())
    end = ledger.signed() - 1
    del ledger.rows[stop:]
    return Done(stretch=(stop, end), kinds=("cut_short",))


@tampering
def truncated_at_the_front(ledger, rng):
    stop = rng.randrange(1, ledger.signed() - 6)
    del ledger.rows[:stop]
    return Done(stretch=(0, stop - 1), kinds=("entry_missing",))


@tampering
def last_seconds_dropped_with_their_heads(ledger, rng):
    keep = rng.randrange(2, len(ledger.heads) - 1)
    before, end = read_head(ledger.heads[keep - 1].note).size, ledger.signed()
    del ledger.heads[keep:], ledger.rows[before:]
    return Done(stretch=(before, end - 1) if end > before else None,
                heads=[read_head(ledger.published[0][-1].note).number], kinds=("rolled_back", "head_missing"))


@tampering
def rolled_back_and_carried_on(ledger, rng):
    """An old backup, on which work went on: everything about it is properly signed."""
    keep = rng.randrange(2, len(ledger.heads) - 6)
    before = read_head(ledger.heads[keep - 1].note).size
    sizes = [before + 1 + i for i in range(len(ledger.heads))]
    ledger.rows = ledger.rows[:before] + [row(before + i, rng) for i in range(sizes[-1] - before)]
    ledger.heads = sign_all(ledger.rows, sizes, OWNER, ledger.heads[:keep])
    return Done([before], kinds=("forked",))


@tampering
def forked_to_two_witnesses(ledger, rng):
    """The operator shows one history to one witness and another to the other."""
    keep = rng.randrange(2, len(ledger.heads) - 3)
    before = read_head(ledger.heads[keep - 1].note).size
    other = deepcopy(ledger.rows)
    other[before].fields["by"] = "worker-77"
    other[before].leaf = leaf_hash(canonical(other[before].fields))
    sizes = [max(read_head(head.note).size, before + 1) for head in ledger.heads[keep:]]
    ledger.published[1] = sign_all(other, sizes, OWNER, ledger.heads[:keep])[::2]
    return Done([before], kinds=("forked",))


@tampering
def swapped_neighbours(ledger, rng):
    place = _any(ledger, rng)
    rows = ledger.rows
    rows[place], rows[place + 1] = rows[place + 1], rows[place]
    ledger.renumber()
    return Done([place, place + 1])


@tampering
def swapped_far_apart(ledger, rng):
    one, two = sorted(rng.sample(range(ledger.signed() - 6), 2))
    ledger.rows[one], ledger.rows[two] = ledger.rows[two], ledger.rows[one]
    ledger.renumber()
    return Done([one, two])


@tampering
def swapped_numbers_only(ledger, rng):
    one, two = sorted(rng.sample(range(ledger.signed() - 6), 2))
    ledger.rows[one].place, ledger.rows[two].place = two, one
    return Done([one, two])


@tampering
def stored_in_another_order(ledger, rng):
    place = _any(ledger, rng)
    ledger.rows.insert(place + rng.randrange(1, 5), ledger.rows.pop(place))
    return Done([place], exact=True, kinds=("out_of_order",))


@tampering
def moved_and_renumbered(ledger, rng):
    one, two = sorted(rng.sample(range(ledger.signed() - 6), 2))
    ledger.rows.insert(two, ledger.rows.pop(one))
    ledger.renumber()
    return Done([one, two])


@tampering
def inserted_and_renumbered(ledger, rng):
    place = _any(ledger, rng)
    ledger.rows.insert(place, row(place, rng))
    ledger.renumber()
    return Done([place])


@tampering
def inserted_under_a_number_in_use(ledger, rng):
    place = _any(ledger, rng)
    ledger.rows.insert(place + rng.randrange(2), row(place, rng))
    return Done([place], exact=True, kinds=("number_repeated",))


@tampering
def duplicated_and_renumbered(ledger, rng):
    one, two = _any(ledger, rng), _any(ledger, rng)
    one, two = min(one, two), max(one, two) + 1
    ledger.rows.insert(two, copy(ledger.rows[one]))
    ledger.renumber()
    return Done([two])


@tampering
def replaced_by_a_copy(ledger, rng):
    one, two = sorted(rng.sample(range(ledger.signed() - 6), 2))
    ledger.rows[two] = copy(ledger.rows[one])
    ledger.renumber()
    return Done([two], exact=True, kinds=("entry_repeated",))


@tampering
def replayed_at_the_end(ledger, rng):
    ledger.rows.append(copy(ledger.rows[_any(ledger, rng)]))
    ledger.renumber()
    return Done([len(ledger.rows) - 1], exact=True, kinds=("entry_repeated",))


@tampering
def renumbered_to_the_end(ledger, rng):
    place = _any(ledger, rng)
    moved = ledger.rows.pop(place)
    moved.place = len(ledger.rows) + rng.randrange(2, 10**6)
    ledger.rows.append(moved)
    return Done([place], exact=True, kinds=("entry_missing",))


@tampering
def rehashed_throughout_without_the_key(ledger, rng):
    """All leaves, roots and peaks are made to fit; only the signatures cannot be."""
    place = _any(ledger, rng)
    _change(ledger.rows[place], rng)
    ledger.rehash()
    sizes = [read_head(head.note).size for head in ledger.heads]
    for number, fresh in enumerate(sign_all(ledger.rows, sizes, OWNER)):
        if sizes[number] > place:
            text, signature = fresh.note.split("\n\n")[0], ledger.heads[number].note.split("\n\n")[1]
            ledger.heads[number] = StoredHead(f"{text}\n\n{signature}", fresh.peaks)
    return Done([place], kinds=("head_forged",))


@tampering
def signed_again_with_another_key(ledger, rng):
    place = _any(ledger, rng)
    _change(ledger.rows[place], rng)
    ledger.rehash()
    sizes = [read_head(head.note).size for head in ledger.heads]
    keep = sum(size <= place for size in sizes)
    ledger.heads = sign_all(ledger.rows, sizes[keep:], THIEF, ledger.heads[:keep])
    return Done([place], kinds=("head_unknown_key",))


@tampering
def signed_again_with_the_stolen_key(ledger, rng):
    place = _any(ledger, rng)
    _change(ledger.rows[place], rng)
    ledger.rehash()
    sizes = [read_head(head.note).size for head in ledger.heads]
    keep = sum(size <= place for size in sizes)
    ledger.heads = sign_all(ledger.rows, sizes[keep:], OWNER, ledger.heads[:keep])
    return Done([place], kinds=("forked",))


@tampering
def head_removed(ledger, rng):
    number = rng.randrange(len(ledger.heads) - 1)
    del ledger.heads[number]
    return Done(heads=[number], kinds=("head_missing",))


@tampering
def last_head_removed(ledger, rng):
    del ledger.heads[-1]
    return Done(heads=[len(ledger.heads)], kinds=("head_missing",))


@tampering
def all_heads_removed(ledger, rng):
    ledger.heads.clear()
    return Done([0], kinds=("head_missing",))


@tampering
def head_put_in(ledger, rng):
    last = read_head(ledger.heads[-1].note)
    ledger.heads += sign_all(ledger.rows, [last.size], THIEF, ledger.heads)[-1:]
    return Done(heads=[last.number + 1], kinds=("head_unknown_key",))


def _rewrite(ledger: Ledger, rng: random.Random, line: int, new: Callable[[str], str]) -> Done:
    number = rng.randrange(1, len(ledger.heads))
    lines = ledger.heads[number].note.split("\n")
    lines[line] = new(lines[line])
    ledger.heads[number] = StoredHead("\n".join(lines), ledger.heads[number].peaks)
    return Done(heads=[number], kinds=("head_forged", "head_unknown_key"))


@tampering
def head_size_changed(ledger, rng):
    return _rewrite(ledger, rng, 1, lambda old: str(int(old) + 1))


@tampering
def head_root_changed(ledger, rng):
    return _rewrite(ledger, rng, 2, lambda old: ("B" if old[0] == "A" else "A") + old[1:])


@tampering
def head_time_changed(ledger, rng):
    return _rewrite(ledger, rng, 3, lambda old: f"time {int(old[5:]) - 1}")


@tampering
def head_signature_flipped(ledger, rng):
    return _rewrite(ledger, rng, 7, lambda old: old[:-6] + ("B" if old[-6] == "A" else "A") + old[-5:])


@tampering
def head_overwritten(ledger, rng):
    number = rng.randrange(len(ledger.heads))
    ledger.heads[number] = StoredHead("nothing to see here\n", ledger.heads[number].peaks)
    return Done(heads=[number], kinds=("head_forged",))


@tampering
def head_stored_twice(ledger, rng):
    number = rng.randrange(len(ledger.heads))
    ledger.heads.insert(number, ledger.heads[number])
    return Done(heads=[number], kinds=("head_repeated",))


@tampering
def head_of_another_size_in_its_place(ledger, rng):
    """Properly signed, with the stolen key, in the place of one in the middle."""
    number = rng.randrange(2, len(ledger.heads) - 1)
    ledger.heads[number] = sign_head(Frontier(), time=START * 2, previous=None, signer=OWNER)
    return Done(heads=[number], kinds=("head_missing",))


@tampering
def head_replaced_with_the_stolen_key(ledger, rng):
    """Same entries, same number, properly signed: only its time is another."""
    number = rng.randrange(1, len(ledger.heads) - 1)
    tree = Frontier(read_head(ledger.heads[number].note).size, ledger.heads[number].peaks)
    before = ledger.heads[number - 1]
    ledger.heads[number] = sign_head(tree, time=read_head(before.note).time + 1, previous=before, signer=OWNER)
    return Done(heads=[number], kinds=("forked",))


@tampering
def head_signed_over_another_history(ledger, rng):
    """The entries are as they were, but the newest head stands for others."""
    others = deepcopy(ledger.rows)
    _change(others[rng.randrange(4)], rng)
    others[0].fields["by"] = "worker-66"
    for other in others:
        other.leaf = leaf_hash(canonical(other.fields))
    ledger.heads += sign_all(others, [ledger.signed()], OWNER, ledger.heads)[-1:]
    return Done(kinds=("not_as_signed",))


@tampering
def head_back_dated_with_the_stolen_key(ledger, rng):
    note = ledger.heads[-1].note
    last = read_head(note)
    tree = Frontier(last.size, ledger.heads[-1].peaks)
    early = sign_head(tree, time=START - 1, previous=None, signer=OWNER).note
    text = early.replace("number 0", f"number {last.number + 1}").split("\n\n")[0]
    text = "\n".join([*text.split("\n")[:5], f"previous {_previous(note)}"]) + "\n"
    ledger.heads.append(StoredHead(_signed(text), tree.peaks))
    return Done(heads=[last.number + 1], kinds=("head_out_of_step",))


def _previous(note: str) -> str:
    import base64
    return base64.b64encode(read_head(note).digest).decode()


def _signed(text: str) -> str:
    from knownto.proof.verifier import signed_note
    return signed_note(text, OWNER.public, OWNER.sign(text))


@tampering
def peaks_changed(ledger, rng):
    number = rng.randrange(3, len(ledger.heads))
    head = ledger.heads[number]
    peaks = list(head.peaks) or [b"x" * 32]
    peaks[rng.randrange(len(peaks))] = rng.randbytes(32)
    ledger.heads[number] = StoredHead(head.note, tuple(peaks))
    return Done(heads=[number], kinds=("peaks_changed",))


@tampering
def peaks_removed_and_an_entry_changed(ledger, rng):
    """Nothing but the roots is left to go by."""
    place = _any(ledger, rng)
    _change(ledger.rows[place], rng)
    ledger.rehash()
    ledger.heads = [StoredHead(head.note) for head in ledger.heads]
    return Done([place])


def _with_payload(ledger: Ledger, rng: random.Random) -> int:
    return rng.choice([row.place for row in ledger.rows if row.payload])


@tampering
def payload_edited(ledger, rng):
    place = _with_payload(ledger, rng)
    ledger.rows[place].payload = ledger.rows[place].payload[:-1] + b"!?"
    return Done([place], exact=True, kinds=("payload_changed",))


@tampering
def payload_removed(ledger, rng):
    place = _with_payload(ledger, rng)
    ledger.rows[place].payload = b""
    return Done([place], exact=True, kinds=("payload_changed",))


@tampering
def payload_put_in(ledger, rng):
    place = rng.choice([row.place for row in ledger.rows if not row.payload])
    ledger.rows[place].payload = b"something"
    return Done([place], exact=True, kinds=("payload_changed",))


@tampering
def payloads_swapped(ledger, rng):
    one, two = rng.sample([row for row in ledger.rows if row.payload], 2)
    one.payload, two.payload = two.payload, one.payload
    return Done([one.place, two.place], exact=True, kinds=("payload_changed",))


@tampering
def payload_and_its_commitment_edited(ledger, rng):
    place = rng.choice([row.place for row in ledger.rows[:ledger.signed()] if row.payload])
    old = ledger.rows[place]
    old.payload = b"another story"
    old.fields = {**old.fields, "payload": commitment(old.payload)}
    ledger.rehash()
    return Done([place])


@tampering
def unsigned_entry_with_a_receipt_removed(ledger, rng):
    ledger.rows.append(row(len(ledger.rows), rng))
    ledger.receipts = [ledger.rows.pop().leaf]
    return Done([len(ledger.rows)], kinds=("receipt_missing",))


@tampering
def two_far_apart_at_once(ledger, rng):
    places = rng.sample(range(ledger.signed() - 6), 2)
    for place in places:
        _change(ledger.rows[place], rng)
    ledger.rehash()
    return Done(places)
