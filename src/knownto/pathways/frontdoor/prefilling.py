"""A referral begun from what a search of one's own found: copied under that search's purpose, recorded, never more than
this worker may be shown.

What they asked with, and what their own agency holds, is theirs. From other agencies' records comes the name, which
the footprint shows to everybody; the date of birth only for those who are shown headlines, the address only for those
who are shown where people live.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.timezone import localdate

from knownto.access.acts import Permission, Viewer, asking
from knownto.disclosure import acts as disclosure
from knownto.disclosure.models import How
from knownto.firewall.audiences import on_page
from knownto.footprint.coverage import agreements_shown, coverage
from knownto.footprint.open_search import OpenSearch
from knownto.footprint.question import Question
from knownto.footprint.told import kept, may_show
from knownto.identity import reads as identity
from knownto.identity.answers import HeldRecord
from knownto.linkage import Address, Evidence
from knownto.pathways.frontdoor import drafts
from knownto.pathways.frontdoor.asking_form import Typed
from knownto.pathways.frontdoor.writing import Written

BIRTH, WHERE = frozenset({"counts"}), frozenset({"addresses"})
ADULT = 18


def begin_from(
    *, by: Viewer, search: OpenSearch, place: int, kind: str, household: bool, once: Typed, now: datetime
) -> UUID:
    """A draft about the person at that place, with their household where that is wanted and may be shown.

    Raises NotYours for a place that the search does not lead to, and a Refused.
    """
    person = search.person_at(place)
    others = [each for each in search.reached if each != person] if household and search.led_to(place) else []
    request = search.why.request(Permission.FOOTPRINT, found_by_own_search=True)
    about = [str(each) for each in (person, *others)]
    with asking(by, request, kind="copied-to-referral", about=about, now=now) as granted:
        looked = agreements_shown(coverage(by, search.why.purpose, now))
        for each in (person, *others):
            disclosure.disclose(
                by=by,
                granted=granted,
                person=each,
                purpose=search.why.purpose,
                agreements=list(looked.values()),
                how=How.VIEW,
                now=now,
            )
        known = identity.people([person, *others])
        covered = [may_show(found.records, looked) for found in known.values()]
        held = {each: one.records for each, one in zip(known, kept(covered, on_page(by)), strict=True)}
        fields = granted.allow.fields
        first = copied(held.get(person, ()), fields, by.agency) | _asked(search.question, led_to=search.led_to(place))
        rest = [(each, copied(held[each], fields, by.agency)) for each in others if held.get(each)]
        written = _written(by, kind, (person, first), rest, localdate(now))
        return drafts.begin(by=by, written=_with(written, once, search.id), now=now)


def _with(written: Written, once: Typed, search: UUID) -> Written:
    return Written(
        written.kind, written.agency, once | written.once, written.children, written.adults, found_by=str(search)
    )


def _written(
    by: Viewer, kind: str, first: tuple[UUID, Typed], rest: Sequence[tuple[UUID, Typed]], today: date
) -> Written:
    """Children among the children, everybody else among the adults: whose age is not known is put with the adults."""
    person, typed = first
    mine = typed | {"person": str(person)}
    children = [mine] if kind == "child" else []
    adults: list[Typed] = []
    for each, theirs in rest:
        one = theirs | {"person": str(each)}
        if _is_child(theirs, today):
            children.append(one | ({"worry": "sibling"} if kind == "child" else {}))
        else:
            adults.append(one | {"role": "household", "lives_there": "on"})
    return Written(kind, by.agency, mine if kind == "adult" else {}, tuple(children), tuple(adults))


def _is_child(typed: Typed, today: date) -> bool:
    """By the year alone: the writer looks at each of them anyway."""
    return bool(typed.get("unborn")) or bool(typed.get("born_year")) and today.year - int(typed["born_year"]) < ADULT


def copied(records: Sequence[HeldRecord], fields: frozenset[str], own_agency: str) -> Typed:
    """The answers of a page of somebody, each from the first record that has it and may be used for it."""
    found: Typed = {}
    for record in records:
        mine = record.agency == own_agency
        birth, where = mine or bool(fields & BIRTH), mine or bool(fields & WHERE)
        for name, value in _answers(record.evidence, birth=birth, where=where).items():
            found.setdefault(name, value)
    return found


def _answers(evidence: Evidence, *, birth: bool, where: bool) -> Typed:
    found: Typed = {"given": evidence.given_names, "family": evidence.family_name, "sex": evidence.sex}
    if birth:
        found |= _born(evidence)
    if where and evidence.addresses:
        found |= _where(evidence.addresses[0])
    return {name: value for name, value in found.items() if value}


def _born(evidence: Evidence) -> Typed:
    day = evidence.birth_date
    if day:
        return {"born_day": str(day.day), "born_month": str(day.month), "born_year": str(day.year)}
    return {"unborn": "on"} if evidence.unborn else {}


def _where(address: Address) -> Typed:
    return {"address": ", ".join(address.lines), "postcode": address.postcode}


def _asked(question: Question, *, led_to: bool) -> Typed:
    """What the worker typed of this very person; of somebody reached through the household, nothing."""
    if not led_to:
        return {}
    mine = Evidence(
        given_names=question.given,
        family_name=question.family,
        birth_date=question.born,
        sex=question.sex,
        addresses=(question.where,) if question.address_is_exact else (),
    )
    return _answers(mine, birth=True, where=True) | ({"nhs_number": question.nhs_number} if question.nhs_number else {})
