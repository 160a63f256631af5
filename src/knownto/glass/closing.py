"""A glass closes: by the worker who has seen enough, or by its hour. What came of it is owed either way."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from knownto.access.acts import SYSTEM, Permission, Request, Viewer, asking, system
from knownto.casework import acts as casework
from knownto.casework.models import Answer, Ask
from knownto.glass import reads
from knownto.glass.accounting import owing_own
from knownto.glass.limits import limits
from knownto.glass.models import Break, Suspension
from knownto.ledger import acts as ledger
from knownto.partners import acts as partners
from knownto.partners.models import Worker

AT_ONCE = 200
OUTCOMES: dict[str, str] = {
    "safe": "Somebody was found, reached or kept safe because of it",
    "helped": "It told us whom to ring, and they took it on",
    "no-difference": "It made no difference",
    "too-late": "It came too late",
    "mistake": "It was not needed, or it was the wrong person",
}


def close(*, by: Viewer, glass: UUID, now: datetime) -> None:
    """The worker has seen enough. Closing it twice changes nothing. Raises NotYours, and other Refused."""
    row = reads.own(by, glass)
    request = Request(Permission.WORK)
    with asking(by, request, kind="glass-closed", about=[str(row.person), f"glass:{row.id}"], now=now):
        Break.objects.filter(pk=row.pk, ended_at=None, until__gt=now).update(ended_at=now)


def give_outcome(*, by: Viewer, ask: UUID, outcome: str, words: str, now: datetime) -> None:
    """Say what came of it: a code of OUTCOMES, and words. What was taken away for want of it is given back.

    Raises NotYours for whoever did not break it, AlreadyAnswered, and a Refused.
    """
    with owing_own(by, ask, kind="glass-outcome", now=now) as row:
        said = {"answer": f"{OUTCOMES[outcome]}. {words}".strip(), "answers": {"outcome": outcome}}
        casework.answer(ask=row, answer=Answer.ANSWERED, plain=said, by=by.actor, now=now)
        owed = Suspension.objects.filter(glass__episode=row.episode_id, lifted_at=None)
        owed.filter(why=Suspension.Why.NO_OUTCOME).update(lifted_at=now, lifted_by=by.worker_id)


def sweep(now: datetime) -> int:
    """Write down what has closed by its hour, and suspend those who owe an outcome; gives how much was done.

    Nothing rests on it: a glass is shut, and its worker refused, by the clock, whether or not this has come.
    """
    return _each(_to_write_down(now), _write_down, now) + _each(_to_suspend(now), _suspend, now)


def _each[Id](found: list[Id], do: Callable[[Id, datetime], int], now: datetime) -> int:
    done = 0
    for identity in found:
        with system("glass"):
            done += do(identity, now)
    return done


def _to_write_down(now: datetime) -> list[UUID]:
    with system("glass"):
        return list(Break.objects.filter(until__lte=now, ended_at=None).values_list("pk", flat=True)[:AT_ONCE])


def _write_down(glass: UUID, now: datetime) -> int:
    row = Break.objects.select_for_update(skip_locked=True).filter(pk=glass, ended_at=None).first()
    if row is None:
        return 0
    row.ended_at = row.until
    row.save(update_fields=["ended_at"])
    about = [str(row.person), f"glass:{row.id}"]
    ledger.record(kind="glass-closed", by=SYSTEM, about=about, because="its hour is over", now=now)
    return 1


def _to_suspend(now: datetime) -> list[UUID]:
    with system("glass"):
        done = Suspension.objects.filter(why=Suspension.Why.NO_OUTCOME).values("glass__episode")
        late = reads.overdue(now).exclude(episode__in=done)
        return list(late.values_list("pk", flat=True)[:AT_ONCE])


def _suspend(ask: UUID, now: datetime) -> int:
    """Once for each outcome that is not given."""
    row = Ask.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=ask, answered_at=None).first()
    glass = Break.objects.filter(episode=row.episode_id).first() if row else None
    if glass is None:
        return 0
    suspend(glass, Suspension.Why.NO_OUTCOME, SYSTEM, now)
    if limits().if_no_outcome == "account" and Worker.objects.filter(pk=glass.worker, is_active=True).exists():
        partners.close_account(by=SYSTEM, worker=glass.worker, now=now)
    return 1


def suspend(glass: Break, why: Suspension.Why, by: ledger.Actor, now: datetime) -> None:
    """That worker breaks no more glass until it is lifted; they are told. Inside rows that are open."""
    _, new = Suspension.objects.get_or_create(glass=glass, why=why, defaults={"worker": glass.worker, "since": now})
    if not new:
        return
    ledger.record(kind="glass-suspended", by=by, about=[str(glass.worker), f"glass:{glass.id}"], because=why, now=now)
    casework.tell(
        "glass-suspended", episode=glass.episode, worker=glass.worker, sort=f"suspended:{glass.id}:{why}", now=now
    )
