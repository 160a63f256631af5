"""The guards at the door of every feed: what is of a sealed person goes elsewhere before any row is visible."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from knownto.access.acts import rows_open
from knownto.feeds import withholding
from knownto.feeds.evidence import evidence_of, variants
from knownto.feeds.landing import Group
from knownto.feeds.models import File, Mode, Staged
from knownto.feeds.withholding import Whole
from knownto.guarding import keeping, matching
from knownto.guarding.desk import ask_whether
from knownto.guarding.matching import Near
from knownto.guarding.models import Kept, NotThem, Seal, Token
from knownto.guarding.sorts import sorts
from knownto.keyring import acts as keyring

TELLS_WHERE = (
    "address_line_1", "address_line_2", "town", "postcode", "uprn", "earlier_postcodes", "phone", "email",
    "household_id",
)  # fmt: skip


class AtTheDoor:
    """Asked of every record that a file says anew (`feeds.handlers.withheld_by`)."""

    def withheld(self, file: File, said_anew: Sequence[Group]) -> dict[int, int]:
        with rows_open("system:guard", file.agency_id):
            return _withheld(file, said_anew) if Token.objects.exists() else {}

    def landed(self, file: File) -> None:
        """What the agency no longer sends is no longer kept either."""
        with rows_open("system:guard", file.agency_id):
            kept = Kept.objects.filter(agency=file.agency_id)
            if kept.exists() and not file.check_only:
                _let_go(file, list(kept))


@dataclass(frozen=True, slots=True)
class Case:
    """A record of a sealed person: of whom, whether for sure, and which contacts of it had come before."""

    seal: Seal
    sure: bool | None
    had: frozenset[int]
    new: bool

    @property
    def hides_person(self) -> bool:
        return sorts()[self.seal.sort].hides_person


def _withheld(file: File, groups: Sequence[Group]) -> dict[int, int]:
    known = _known(file, groups)
    strangers = [group for group in groups if group.token not in known]
    near = matching.near_records({g.token: evidence_of(g.distinct, file.as_of) for g in strangers})
    found: dict[int, int] = {}
    for group in groups:
        case = known.get(group.token) or _newly(file, group, near.get(group.token, []))
        if case is None:
            continue
        row = keeping.keep(case.seal, _whole(file, group), sure=case.sure, shown=not case.hides_person)
        if not case.hides_person:
            hide_place(group)
            continue
        found[group.token] = len({each["contact_token"] for each in group.rows} - case.had)
        if case.new and case.sure is None:
            ask_whether(row, file.received_at)
    return found


def _known(file: File, groups: Sequence[Group]) -> dict[int, Case]:
    """Those that were kept before."""
    own = [group.token for group in groups]
    tokens = dict(zip(keeping.tokens_of(file.agency_id, own), own, strict=True))
    rows = Kept.objects.filter(token__in=tokens).select_related("seal")
    return {tokens[row.token]: Case(row.seal, row.sure, _contacts(whole), False) for row, whole in keeping.opened(rows)}


def _newly(file: File, group: Group, near: Sequence[Near]) -> Case | None:
    """A record that nobody has yet seen to be of a sealed person. Where it only may be, a guardian is asked, and until
    they have answered nobody sees it."""
    token = keeping.token_of(file.agency_id, group.token)
    not_of = set(NotThem.objects.filter(token=token).values_list("seal", flat=True))
    best = next((each for each in near if each.seal not in not_of), None)
    if best is None:
        return None
    seal, held = Seal.objects.get(pk=best.seal), withholding.ids_of(file.agency_id, [group.token])
    hides_person = sorts()[seal.sort].hides_person
    taken = keeping.take_out(seal, held, file.received_at, hides_person=hides_person)  # it was visible until today
    had = frozenset().union(*(_contacts(whole) for _, whole in keeping.opened(taken)))
    return Case(seal, True if best.sure else None, had, True)


def _contacts(whole: Whole) -> frozenset[int]:
    return frozenset(contact["token"] for contact in whole.contacts)


def _whole(file: File, group: Group) -> Whole:
    evidence = evidence_of(group.distinct, file.as_of)
    contacts = [_contact(row) for row in group.rows]
    return Whole(file.agency_id, group.token, group.rows[-1]["record_id"], evidence, file.id, file.as_of, contacts)


def _contact(row: dict[str, Any]) -> dict[str, Any]:
    days = {name: _day(row.get(name)) for name in keeping.DAYS}
    return days | {
        "token": row["contact_token"],
        "category": row["category"],
        "open": row["status"] == "open",
        "team": row["team"],
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def hide_place(group: Group) -> None:
    """Take out of a record's rows, before any lands, whatever says where the person is: a team can be a school."""
    for row in group.rows:
        for column in TELLS_WHERE:
            row.pop(column, None)
        row["team"] = ""
    group.distinct = variants(group.rows)
    group.touched = True
    group.said = keyring.fingerprint(b"without place" + repr(group.distinct).encode())


def _let_go(file: File, kept: Sequence[Kept]) -> None:
    staged = Staged.objects.filter(file=file)
    if file.mode == Mode.SNAPSHOT:
        still = set(keeping.tokens_of(file.agency_id, list(staged.values_list("record_token", flat=True))))
        keeping.forget([row for row in kept if row.token not in still and row.as_of <= file.as_of])
        return
    removed = staged.filter(remove=True).values_list("record_token", "contact_token")
    by_token = {row.token: row for row in kept}
    for record, contact in removed:
        if row := by_token.get(keeping.token_of(file.agency_id, record)):
            _without(row, contact)


def _without(row: Kept, contact: int | None) -> None:
    [(_, whole)] = keeping.opened([row])
    left = [each for each in whole.contacts if contact is not None and each["token"] != contact]
    keeping.forget([row])
    if left:
        whole.contacts = left
        keeping.keep(row.seal, whole, sure=row.sure, shown=row.shown)
