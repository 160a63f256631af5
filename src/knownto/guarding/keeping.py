"""What partners send of a sealed person, kept where nobody looks; and given back, when the seal is lifted."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from knownto.feeds import handlers, withholding
from knownto.feeds.evidence import with_earlier
from knownto.feeds.withholding import Whole
from knownto.guarding import matching
from knownto.guarding.models import Kept, Seal
from knownto.identity import acts as identity
from knownto.keyring import acts as keyring
from knownto.keyring import guard
from knownto.keyring.generations import hold
from knownto.keyring.turning import FIRST
from knownto.linkage import Evidence
from knownto.quality import withdrawing

DAYS = ("started_on", "last_contact_on", "ended_on", "last_on")


def tokens_of(agency: str, tokens: Sequence[int]) -> list[int]:
    """The guards' own blind forms of records' ordinary ones."""
    return guard.tokens(("kept record", f"{agency}\0{token}") for token in _lasting(tokens))


def token_of(agency: str, token: int) -> int:
    return tokens_of(agency, [token])[0]


def _lasting(tokens: Sequence[int]) -> list[int]:
    """Records' and contacts' blind ids as the first index key made them: what is kept outlives the one in force."""
    return keyring.turned_tokens(tokens, hold("feeds").current, FIRST)


def _in_force(tokens: Sequence[int]) -> list[int]:
    """The other way round."""
    return keyring.turned_tokens(tokens, FIRST, hold("feeds").current)


def keep(seal: Seal, whole: Whole, *, sure: bool | None, shown: bool = False) -> Kept:
    """Keep a record of a sealed person: new, or in the place of what was kept of it."""
    token = token_of(whole.agency, whole.token)
    row = Kept.objects.filter(token=token).first()
    if row is None:
        [key] = guard.create()
        row = Kept(seal=seal, agency=whole.agency, token=token, sure=sure, shown=shown)
    else:
        [key] = guard.fetch([row.key]).values()
        whole = _merged(_whole(row, row.open_with(key)), whole)
        row.version += 1
    row.file, row.as_of = whole.file, whole.as_of
    row.seal_into(_plain(whole), key)
    row.save()
    matching.index(row.seal, row, whole.evidence)
    return row


def opened(rows: Iterable[Kept]) -> list[tuple[Kept, Whole]]:
    """What is kept in those rows."""
    wanted = list(rows)
    return [(row, _whole(row, plain)) for row, plain in zip(wanted, guard.open_rows(wanted), strict=True)]


def take_out(seal: Seal, records: Iterable[int], now: datetime, *, hides_person: bool) -> list[Kept]:
    """Those records are of a sealed person: from here on nobody finds them, or, of one whose whereabouts are sealed,
    nobody finds where they are."""
    taken = withholding.take_out(records)
    withdrawing.withdraw(taken)
    identity.forget_now([whole.id for whole in taken], now)
    kept = [keep(seal, whole, sure=True, shown=not hides_person) for whole in taken]
    if not hides_person:
        _land([without_place(whole) for whole in taken])
    return kept


def give_back(rows: Iterable[Kept], now: datetime) -> int:
    """Those records land after all, whole. Gives how many."""
    found = opened(rows)
    for _, whole in found:
        shown = withholding.ids_of(whole.agency, [whole.token])
        withholding.take_out(shown)
        identity.forget_now(shown, now)
    _land([whole for _, whole in found])
    forget([row for row, _ in found])
    return len(found)


def forget(rows: Iterable[Kept]) -> None:
    """Nothing of them is kept any more, and their keys are destroyed."""
    wanted = list(rows)
    Kept.objects.filter(pk__in=[row.pk for row in wanted]).delete()
    guard.shred(row.key for row in wanted)


def without_place(whole: Whole) -> Whole:
    """The same record without anything that says where they are."""
    fields = {field: getattr(whole.evidence, field) for field in ("given_names", "family_name", "other_names")}
    fields |= {field: getattr(whole.evidence, field) for field in ("birth_date", "born_from", "born_to", "unborn")}
    fields |= {field: getattr(whole.evidence, field) for field in ("sex", "nhs_number", "upn", "pnc")}
    contacts = [contact | {"team": ""} for contact in whole.contacts]
    return Whole(whole.agency, whole.token, whole.record_id, Evidence(**fields), whole.file, whole.as_of, contacts)


def _land(wholes: Iterable[Whole]) -> None:
    landed: dict[UUID, list[int]] = {}
    for whole in wholes:
        landed.setdefault(whole.file, []).append(withholding.put_back(whole))
    for file, ids in landed.items():
        handlers.tell_landed(file, ids, [])


def _merged(before: Whole, now: Whole) -> Whole:
    """The later file's word, with what was known before; a contact that is said again replaces itself."""
    newer, older = (now, before) if now.as_of >= before.as_of else (before, now)
    contacts = {each["token"]: each for each in (*older.contacts, *newer.contacts)}
    newer.evidence = with_earlier(newer.evidence, older.evidence)
    newer.contacts = list(contacts.values())
    return newer


def _plain(whole: Whole) -> dict[str, Any]:
    token, *tokens = _lasting([whole.token, *(each["token"] for each in whole.contacts)])
    contacts = [
        each | {day: each[day] and str(each[day]) for day in DAYS} | {"token": lasting}
        for each, lasting in zip(whole.contacts, tokens, strict=True)
    ]
    return {
        "token": token,
        "record_id": whole.record_id,
        "evidence": whole.evidence.to_json(),
        "contacts": contacts,
    }


def _whole(row: Kept, plain: dict[str, Any]) -> Whole:
    token, *tokens = _in_force([plain["token"], *(each["token"] for each in plain["contacts"])])
    contacts = [
        each | {day: each[day] and date.fromisoformat(each[day]) for day in DAYS} | {"token": now}
        for each, now in zip(plain["contacts"], tokens, strict=True)
    ]
    evidence = Evidence.from_json(plain["evidence"])
    return Whole(row.agency, token, plain["record_id"], evidence, row.file, row.as_of, contacts)
