"""Set a protection, widen it, ask to lift it, keep it, lift it. Whoever lifts is not whoever asked."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from knownto.access.acts import Permission, Request, Viewer, asking, rows_open
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.firewall.contents import Protected, Subject, marks
from knownto.firewall.models import Mark, Protection, Reach, Step
from knownto.keyring import acts as keyring
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor
from knownto.partners.models import Team


class NothingProtected(ValueError):
    """It names nobody, nothing that leads to them, or not whom it is kept from."""


class NotYou(NotPossibleNow):
    """Lifting needs a second person."""

    def __init__(self) -> None:
        super().__init__("second-person", "You asked for this yourself. Somebody else must look at it and decide.")


class NotAsked(NotPossibleNow):
    """Somebody was first: it is lifted, or nobody asks for it any more."""

    def __init__(self) -> None:
        super().__init__("not-asked", "Somebody has decided this in the meantime. Look at it again.")


@dataclass(frozen=True)
class Setting:
    """A protection to be set. `fact`: the recorded statement that it comes of, where it comes of one."""

    protected: Protected
    reach: Reach
    since: date
    until: date | None = None
    agency: str = ""
    team: int | None = None
    fact: UUID | None = None


def protect(*, by: Viewer, setting: Setting, now: datetime) -> Protection:
    """Set it, as a worker who may record facts. Raises NothingProtected, a Refused."""
    with asking(by, Request(Permission.WHEREABOUTS), kind="whereabouts-protected", now=now):
        return set_up(setting=setting, by=by.actor, now=now)


def set_up(*, setting: Setting, by: Actor, simulated: bool = False, now: datetime) -> Protection:
    """Set it, in the transaction of the act that it follows from. Of one fact once. Raises NothingProtected."""
    found = marks(setting.protected)
    _must_protect(setting, found)
    with transaction.atomic(), rows_open("system:firewall", ""):
        if setting.fact and (there := Protection.objects.filter(fact=setting.fact).first()):
            return there
        row = Protection(
            reach=setting.reach,
            agency_id=setting.agency or None,
            team=Team.objects.get(pk=setting.team) if setting.team else None,
            fact=setting.fact,
            since=setting.since,
            until=setting.until,
            simulated=simulated,
            set_at=now,
            set_by=by.worker,
            set_in=by.agency,
        )
        [key] = keyring.create()
        row.seal_into(setting.protected.to_json(), key)
        row.save(force_insert=True)
        _mark(row, found)
        _step(row, Step.Kind.SET, by, {"why": setting.protected.why}, now)
    return row


def _must_protect(setting: Setting, found: set[tuple[str, int]]) -> None:
    leads = any(kind in (Mark.Kind.PHRASE, Mark.Kind.SUBJECT) for kind, _ in found)
    named = {
        Reach.AGENCY: bool(setting.agency),
        Reach.TEAM: bool(setting.team),
        Reach.PERSON: bool(setting.protected.whom_names),
    }
    if not (leads and setting.protected.what and setting.protected.why.strip() and named.get(setting.reach, True)):
        raise NothingProtected(setting.reach)


def _mark(row: Protection, found: set[tuple[str, int]]) -> None:
    rows = [Mark(protection=row, kind=kind, token=token) for kind, token in sorted(found)]
    Mark.objects.bulk_create(rows, ignore_conflicts=True)


def widen(*, protection: UUID, to: Protected, by: Actor, why: str, now: datetime) -> Protection:
    """Put what is known now in place of what was known: more that leads to them, never less that is recognised."""
    with transaction.atomic(), rows_open("system:firewall", ""):
        row = _standing(protection)
        row.version += 1
        row.seal_into(to.to_json(), keyring.key_of(keyring.fetch([row.key]), row.key))
        row.save(update_fields=["sealed", "version", "key"])
        _mark(row, marks(to))
        _step(row, Step.Kind.WIDENED, by, {"why": why}, now)
    return row


def protect_too(*, by: Viewer, protection: UUID, more: Subject, why: str, now: datetime) -> Protection:
    """Somebody else under the same protection, or more that leads to the same person. Raises NotAsked, NotYours."""
    with asking(by, Request(Permission.WHEREABOUTS), kind="protection-widened", now=now), \
         rows_open("system:firewall", by.agency):  # fmt: skip
        [plain] = keyring.open_rows([_standing(protection)])
        there = Protected.from_json(plain)
        to = replace(there, subjects=(*there.subjects, more))
        return widen(protection=protection, to=to, by=by.actor, why=why, now=now)


def ask_to_lift(*, by: Viewer, protection: UUID, why: str, now: datetime) -> Protection:
    """The first step: it stands until somebody else has looked at it. Raises NotAsked, NotYours, a Refused."""
    return _decide(by, protection, Step.Kind.LIFT_ASKED, why, now)


def keep(*, by: Viewer, protection: UUID, why: str, now: datetime) -> Protection:
    """It was looked at and stays. Whoever asked may take it back so too."""
    return _decide(by, protection, Step.Kind.KEPT, why, now)


def lift(*, by: Viewer, protection: UUID, why: str, now: datetime) -> Protection:
    """The second step, by another person. Raises NotYou, NotAsked, NotYours, a Refused."""
    return _decide(by, protection, Step.Kind.LIFTED, why, now)


def _decide(by: Viewer, protection: UUID, kind: Step.Kind, why: str, now: datetime) -> Protection:
    if not why.strip():
        raise NothingProtected("why")
    with asking(by, Request(Permission.WHEREABOUTS), kind=f"protection-{kind}", now=now), \
         rows_open("system:firewall", by.agency):  # fmt: skip
        row = _standing(protection)
        _WHAT[kind](row, by.actor, now)
        row.save()
        _step(row, kind, by.actor, {"why": why}, now)
    return row


def lift_asked_by_rule(*, fact: UUID, by: Actor, why: str, now: datetime) -> None:
    """What it rests on was withdrawn: that asks to lift it, by whoever withdrew it, and lifts nothing."""
    with transaction.atomic(), rows_open("system:firewall", ""):
        row = Protection.objects.select_for_update(of=("self",)).filter(fact=fact, lifted_at=None).first()
        if row and row.lift_asked_at is None and by.worker:
            _ask(row, by, now)
            row.save()
            _step(row, Step.Kind.LIFT_ASKED, by, {"why": why}, now)


def _ask(row: Protection, by: Actor, now: datetime) -> None:
    if row.lift_asked_at:
        raise NotAsked
    row.lift_asked_at, row.lift_asked_by = now, by.worker


def _keep(row: Protection, by: Actor, now: datetime) -> None:
    row.lift_asked_at = row.lift_asked_by = None


def _lift(row: Protection, by: Actor, now: datetime) -> None:
    if row.lift_asked_at is None:
        raise NotAsked
    if row.lift_asked_by == by.worker:
        raise NotYou
    row.lifted_at, row.lifted_by = now, by.worker


_WHAT = {Step.Kind.LIFT_ASKED: _ask, Step.Kind.KEPT: _keep, Step.Kind.LIFTED: _lift}


def _standing(protection: UUID) -> Protection:
    row = Protection.objects.select_for_update(of=("self",)).filter(pk=protection).first()
    if row is None:
        raise NotYours
    if row.lifted_at:
        raise NotAsked
    return row


def _step(row: Protection, kind: Step.Kind, by: Actor, plain: dict[str, Any], now: datetime) -> None:
    """Written down in the protection's history, and in the ledger."""
    step = Step(protection=row, kind=kind, by=by.worker, agency=by.agency, at=now)
    [key] = keyring.create()
    step.seal_into(plain, key)
    step.save(force_insert=True)
    about = [f"protection:{row.pk}"]
    ledger.record(kind=f"protection-{kind}", by=by, about=about, because=row.reach, now=now, simulated=row.simulated)
