"""Records' blind keys by another index key: put beside the old ones for everybody, and those taken out at the end.

In between questions go over to the new key, so that at every moment each question finds whom it would have found. Small
committed transactions behind whatever lands; how far it is is in the set's own row, so that it may be killed and goes
on. What lands meanwhile is keyed by both (`blind.replace`).
"""

from collections.abc import Callable

from knownto.access import acts as access
from knownto.identity import blind
from knownto.identity.cleaned import TABLE
from knownto.identity.statements import rows
from knownto.keyring import acts as keyring
from knownto.keyring.generations import PEOPLE, State, alone, hold
from knownto.keyring.models import Generation

AT_ONCE = 500  # records in one transaction: whatever has just landed waits no longer
NEXT = f"SELECT record, tokens || homes FROM {TABLE} WHERE record > %s ORDER BY record LIMIT %s"  # noqa: S608
DONE = f"SELECT count(*) FILTER (WHERE record <= %s), count(*) FROM {TABLE}"  # noqa: S608
Tell = Callable[[int], None]


def put_beside(number: int, tell: Tell) -> None:
    """Every record's blind keys by that index key too, beside those that there are."""
    alone(PEOPLE, (), _opened, lambda: _begin(number))
    _sweep(tell)


def take_out(tell: Tell) -> None:
    """No blind keys are left by the index key that leaves."""
    _sweep(tell)
    alone(PEOPLE, (), _opened, lambda: _set(leaving=0, after=0))


def so_far() -> str:
    """How far it is, in words; "" where no index key is being replaced."""
    with _opened():
        state, run = hold(PEOPLE), Generation.objects.filter(name=PEOPLE).first()
        [(done, of)] = rows(DONE, run.after if run else 0)
    if not (state.coming or state.leaving):
        return ""
    return (
        f"blind keys by {state.coming or state.leaving} {'put in' if state.coming else 'taken out'}: {done:,} of {of:,}"
    )


def _begin(number: int) -> None:
    now, coming, leaving = hold(PEOPLE)
    if now != number and not (coming or leaving):
        Generation.objects.get_or_create(name=PEOPLE)
        _set(coming=number, after=0)


def _set(**to: int) -> None:
    Generation.objects.filter(name=PEOPLE).update(**to)


def _opened():
    return access.system("keys")


def _sweep(tell: Tell) -> None:
    done = 0
    while some := _some():
        done += some
        tell(done)


def _some() -> int:
    """The next few hundred; the lock of whoever puts keys in their place first, so that no record changes between its
    being read and its keys' being put in."""
    with _opened():
        state = hold(PEOPLE)
        rows("SELECT pg_advisory_xact_lock(%s)", blind.LOCK)
        run = Generation.objects.filter(name=PEOPLE).first()
        found = rows(NEXT, run.after, AT_ONCE) if run and (state.coming or state.leaving) else []
        if found:
            _put(state, found)
            _set(after=found[-1][0])
    return len(found)


def _put(state: State, found: list[tuple[int, bytes]]) -> None:
    held = {record: blind.unpacked(tokens) for record, tokens in found}
    records, tokens = blind.flat(held)
    other = records, keyring.turned_tokens(tokens, state.current, state.coming or state.leaving)
    blind.put(*((([], []), other) if state.coming else (other, ([], []))))
