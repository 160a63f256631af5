"""What the desk sees: who looked, what waits for its word, and the seals. Every look of its own is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from knownto import linkage
from knownto.access.acts import Viewer
from knownto.access.refusals import NotYours
from knownto.casework.models import Ask
from knownto.feeds import withholding
from knownto.footprint.question import Question
from knownto.guarding import desk, joins, keeping, matching, watching
from knownto.guarding.entering import guarding, guards_own, of_seal
from knownto.guarding.joins import Standing
from knownto.guarding.models import Alert, Kept, Seal, State
from knownto.guarding.sorts import sorts
from knownto.identity import reads as identity
from knownto.identity.answers import KnownPerson
from knownto.keyring import guard
from knownto.ledger.models import Entry
from knownto.linkage import Comparison, Evidence
from knownto.partners import reads as partners
from knownto.partners.models import Worker
from knownto.policy import PURPOSES

MOST = 50
REGISTER = "Somebody in the staff conflict register"


@dataclass(frozen=True, slots=True)
class Looked:
    """Somebody looked: who, from where, why, and for what; whom to ring; and what was done."""

    id: UUID
    seal: UUID | None
    called: str
    do: str
    who: str
    agency: str
    team: str
    phone: str
    purpose: str
    work: str
    asked: Question | None
    kind: str  # the ledger's, of what they did
    at: datetime
    told_at: datetime
    due: datetime
    done: str
    done_at: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal, as the whole desk sees it. `due`: the review, or the second person's word."""

    id: UUID
    called: str
    sort: str
    hides: str
    says: str
    state: State
    due: datetime
    waits_for_me: bool
    named: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One person's word on a seal."""

    move: str
    who: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Held:
    """What one agency sends of them."""

    agency: str
    as_of: Any
    contacts: int
    shown: bool


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody who is still found and may be them too."""

    person: UUID
    name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """One seal: for those named on it, with who it is, what is kept, and who else may be them."""

    seal: Sealed
    do: str
    reason: str
    evidence: Evidence | None
    said: tuple[Said, ...]
    held: tuple[Held, ...] = ()
    others: tuple[Other, ...] = ()
    looks: Sequence[Looked] = field(default=())
    join: Standing | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record that a file brought, which nobody sees until the desk has said whether it is of the sealed person."""

    id: UUID
    agency: str
    called: str
    as_of: Any
    theirs: Evidence
    ours: Evidence | None


def looks(viewer: Viewer, now: datetime) -> list[Looked]:
    """The latest looks, those that wait for the desk's word first."""
    with guarding(viewer, kind="desk", now=now):
        rows = _alerts().order_by("done", "-at")[:MOST]
        return sorted(_looked(rows), key=lambda each: (each.done_at is not None, -each.at.timestamp()))


def look(viewer: Viewer, alert: UUID, now: datetime) -> Looked:
    """One look. Raises NotYours."""
    with guarding(viewer, kind="look-seen", about=[f"alert:{alert}"], now=now):
        found = _looked(_alerts().filter(pk=alert))
    if not found:
        raise NotYours
    return found[0]


def seals(viewer: Viewer, now: datetime) -> list[Sealed]:
    """Every seal that is not past, by what is due first."""
    with guarding(viewer, kind="desk", now=now):
        rows = Seal.objects.exclude(state__in=(State.LIFTED, State.TURNED_DOWN)).select_related("episode")
        return sorted(_sealed(rows, viewer), key=lambda each: each.due)


def seal(viewer: Viewer, identity: UUID, now: datetime) -> Whole:
    """One seal; who it is only for those named on it. Raises NotYours."""
    with of_seal(viewer, identity, kind="seal-seen", now=now) as row:
        [plain] = guard.open_rows([row])
        [shown] = _sealed([row], viewer)
        evidence = Evidence.from_json(plain["evidence"])
        may_see = shown.named or row.state == State.PROPOSED
        return Whole(
            shown,
            plain["do"],
            plain["reason"] if may_see else "",
            evidence if may_see else None,
            _said(plain.get("said", ())) if may_see else (),
            _held(row) if shown.named else (),
            _others(viewer, evidence, sorts()[row.sort].split, now) if shown.named and desk.in_force(row) else (),
            _looked(_alerts().filter(seal=row).order_by("-at")[:MOST]),
            joins.standing(row, viewer, now),
        )


def waiting(viewer: Viewer, now: datetime, only: UUID | None = None) -> list[Waiting]:
    """Records that wait for this guardian's word."""
    with guarding(viewer, kind="records-seen", now=now):
        rows = Kept.objects.filter(sure=None, shown=False).select_related("seal").order_by("as_of")
        return _waiting([row for row in (rows.filter(pk=only) if only else rows) if desk.may_say(row.seal, viewer)])


def of_ask(viewer: Viewer, ask: UUID, now: datetime) -> tuple[str, UUID | None]:
    """The page, by the last part of its route, and the id on which the desk answers that ask. Raises NotYours."""
    with guarding(viewer, kind="ask-seen", about=[f"ask:{ask}"], now=now):
        row = Ask.objects.filter(pk=ask, kind__startswith="guard-").first()
        if row is None:
            raise NotYours
        if alert := Alert.objects.filter(ask=row).first():
            return "look", alert.pk
        return ("records", None) if row.kind == "guard-whether" else ("seal", _seal_of(row.episode_id))


def of_work(viewer: Viewer, episode: UUID, now: datetime) -> UUID | None:
    """The seal that is that piece of work; None for the conflict register. Raises NotYours."""
    with guarding(viewer, kind="work-seen", about=[f"episode:{episode}"], now=now):
        return _seal_of(episode)


def _seal_of(episode: UUID) -> UUID | None:
    return Seal.objects.filter(episode=episode).values_list("pk", flat=True).first()


def _alerts() -> QuerySet[Alert]:
    return Alert.objects.select_related("seal", "ask__clock")


def _looked(rows: QuerySet[Alert]) -> list[Looked]:
    found = list(rows)
    plain = dict(zip((row.pk for row in found), guard.open_rows(found), strict=True))
    entries = {e.event: e for e in Entry.objects.filter(event__in=[UUID(p["event"]) for p in plain.values()])}
    details = watching.details(list(entries.values()))
    seals = {row.seal_id: row.seal for row in found if row.seal}
    said = dict(zip(seals, guard.open_rows(seals.values()), strict=True))
    workers = {
        w.pk: w for w in Worker.objects.filter(pk__in=[e.worker for e in entries.values()]).select_related("team")
    }
    names, agencies = partners.names(workers), partners.agency_names()
    shown = []
    for row in found:
        entry = entries[UUID(plain[row.pk]["event"])]
        detail, worker = details.get(entry.event, {}), workers.get(entry.worker)
        team = worker.team if worker else None
        shown.append(
            Looked(
                id=row.pk,
                seal=row.seal_id,
                called=said[row.seal_id]["called"] if row.seal_id else REGISTER,
                do=said[row.seal_id]["do"] if row.seal_id else "",
                who=names.get(entry.worker, "The product itself") if entry.worker else "The product itself",
                agency=agencies.get(entry.agency, entry.agency),
                team=team.name if team else "",
                phone=team.phone if team else "",
                purpose=PURPOSES[entry.purpose].name if entry.purpose in PURPOSES else "",
                work=detail.get("work", ""),
                asked=Question.from_json(detail["asked"]) if "asked" in detail else None,
                kind=entry.kind,
                at=row.at,
                told_at=row.told_at,
                due=row.ask.clock.due_at,
                done=row.done,
                done_at=row.done_at,
                words=plain[row.pk].get("words", ""),
            )
        )
    return shown


def _sealed(rows: Sequence[Seal] | QuerySet[Seal], viewer: Viewer) -> list[Sealed]:
    found = list(rows)
    return [_one_sealed(row, plain, viewer) for row, plain in zip(found, guard.open_rows(found), strict=True)]


def _one_sealed(row: Seal, plain: dict[str, Any], viewer: Viewer) -> Sealed:
    sort = sorts()[row.sort]
    first = {State.PROPOSED: row.proposed_agency, State.LIFTING: row.lift_agency}.get(State(row.state), "")
    due = row.episode.next_due or row.proposed_at
    waits, named = bool(first) and first != viewer.agency, viewer.worker_id in row.named
    return Sealed(row.pk, plain["called"], sort.name, sort.hides, sort.says, State(row.state), due, waits, named)


def _said(said: Sequence[dict[str, Any]]) -> tuple[Said, ...]:
    names = partners.names(UUID(each["by"]) for each in said)
    return tuple(Said(e["move"], names.get(UUID(e["by"]), ""), datetime.fromisoformat(e["at"]), e["why"]) for e in said)


def _held(row: Seal) -> tuple[Held, ...]:
    names = partners.agency_names()
    found = keeping.opened(Kept.objects.filter(seal=row, sure=True).order_by("agency"))
    return tuple(Held(names.get(k.agency, k.agency), k.as_of, len(whole.contacts), k.shown) for k, whole in found)


def _others(viewer: Viewer, evidence: Evidence, split: bool, now: datetime) -> tuple[Other, ...]:
    """Whoever is still found when their own name is asked for, but for those who are found without a place already."""
    with guards_own(viewer):
        found = {each.person: each for each in getattr(identity.find(evidence, now), "people", ())}
        known = {i: each for i, each in identity.people(found).items() if not split or _says_of(each, evidence)}
        return tuple(_other(known[i], each.comparison) for i, each in found.items() if i in known and _is_new(known[i]))


def _says_of(known: KnownPerson, evidence: Evidence) -> bool:
    new = linkage.clean(evidence)
    return any(matching.says_of(record.cleaned, new) for record in known.records)


def _other(known: KnownPerson, comparison: Comparison) -> Other:
    first = known.records[0].evidence
    reasons = tuple(reason.sentence for reason in comparison.reasons if reason.bits > 0)
    return Other(known.id, f"{first.given_names} {first.family_name}".strip(), reasons)


def _is_new(known: KnownPerson) -> bool:
    """Nothing of them is kept."""
    tokens = withholding.tokens_of([record.id for record in known.records])
    return not Kept.objects.filter(token__in=[keeping.token_of(agency, token) for agency, token in tokens]).exists()


def _waiting(rows: Sequence[Kept]) -> list[Waiting]:
    names, found = partners.agency_names(), []
    for row, whole in keeping.opened(rows):
        [plain] = guard.open_rows([row.seal])
        ours = Evidence.from_json(plain["evidence"])
        found.append(Waiting(row.pk, names.get(row.agency, ""), plain["called"], row.as_of, whole.evidence, ours))
    return found
