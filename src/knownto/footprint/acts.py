"""Ask; open a footprint; print it; say what is wrong in it. Each is recorded before anything is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.timezone import localdate

from knownto.access.acts import Granted, Permission, Request, Viewer, asking, system
from knownto.access.refusals import NoLawfulReason
from knownto.disclosure import acts as disclosure
from knownto.disclosure.models import Disclosure, How
from knownto.firewall.audiences import on_page, on_paper
from knownto.footprint import finding, reads
from knownto.footprint.answers import Answer, Found
from knownto.footprint.coverage import agreements_shown, coverage
from knownto.footprint.models import Query, Search, Wrong
from knownto.footprint.open_search import OpenSearch
from knownto.footprint.question import Question
from knownto.footprint.reads import Footprint
from knownto.footprint.sealed_answer import answer_to_json
from knownto.footprint.why import Why
from knownto.identity import reads as identity
from knownto.identity.reporting import not_one_person
from knownto.keyring import acts as keyring
from knownto.partners.agreement import Agreement

# A closed search's id outlives it by a session's longest life, so that 'this has closed' can be told from
# 'not yours'.
KEPT_AFTER_CLOSING = timedelta(hours=10)
QUERIES_KEPT = timedelta(days=3 * 365)
MINUTES_TO_CHOOSE = 10  # of those whom a search found for whom the glass is to be broken
KINDS = {How.VIEW: "view", How.PRINT: "print"}
PERMISSIONS = {How.VIEW: Permission.FOOTPRINT, How.PRINT: Permission.PACK}


ADDRESS_ALONE = "Your role is not shown who lives at an address: enter something of the person as well."


class TooLittle(ValueError):
    """Two identifying facts, or one that identifies by itself, were not given."""


class NothingHeld(LookupError):
    """The agency holds no record of that person which may be shown here."""


def search(
    *, by: Viewer, question: Question, why: Why, for_life: Request | None = None, now: datetime
) -> Search:
    """Ask who this is known to. The search, its answer and its ledger entry are one transaction.

    `for_life`: what is put to policy instead, where the glass is to be broken for whoever is found.

    What was asked is sealed into the entry, and the entry is about its blind keys: so that whoever was
    looked for and not found can still be told that somebody looked. Raises TooLittle, and a Refused.
    """
    if question.too_little():
        raise TooLittle
    evidence = question.evidence(localdate(now))
    with asking(
        by,
        for_life or why.request(Permission.SEARCH),
        kind="glass-search" if for_life else "search",
        about=identity.searched_tokens(evidence),
        detail={"asked": question.to_json()},
        now=now,
    ) as granted:
        if question.by_address_alone and not for_life and "household" not in granted.allow.fields:
            raise NoLawfulReason("household-not-shown", ADDRESS_ALONE)
        looked = coverage(by, why.purpose, now, for_life=for_life is not None)
        answer = finding.answer(question, looked, on_page(by), now)
        return _keep(by, granted, question, why, answer, now)


def _keep(by: Viewer, granted: Granted, question: Question, why: Why, answer: Answer, now: datetime) -> Search:
    people = [each.person for each in answer.candidates] if isinstance(answer, Found) else []
    row = Search(
        worker=by.worker_id,
        agency=by.agency,
        purpose=why.purpose,
        family=why.family,
        people=people,
        at=now,
        until=now + timedelta(minutes=granted.allow.minutes or MINUTES_TO_CHOOSE),
    )
    [key] = keyring.create()
    plain = {"why": why.to_json(), "asked": question.to_json(), "answer": answer_to_json(answer)}
    row.seal_into(plain, key)
    row.save(force_insert=True)
    return row


def look_at_answer(*, by: Viewer, search: OpenSearch, now: datetime) -> Answer:
    """The answer of an open search, recorded as a look at everybody it names. Raises a Refused."""
    request, about = search.why.request(Permission.SEARCH), [str(person) for person in search.people]
    with asking(by, request, kind="answer", about=about, now=now):
        return search.answer


def open_footprint(*, by: Viewer, search: OpenSearch, place: int, how: How, now: datetime) -> Footprint:
    """The footprint of the person at that place of an open search, with its receipt.

    The ledger entry, the household's entry and the disclosure are written before this returns, in one
    transaction. Raises NotYours for a place that the search does not lead to, and a Refused.
    """
    person = search.person_at(place)
    request = search.why.request(PERMISSIONS[how], found_by_own_search=True)
    with asking(by, request, kind=KINDS[how], about=[str(person)], now=now) as granted:
        looked = coverage(by, search.why.purpose, now)
        reader = on_paper(by) if how is How.PRINT else on_page(by)
        found = reads.footprint(person, granted.allow.fields, looked, reader, localdate(now))
        shown = Showing(by, search, place, request, list(agreements_shown(looked).values()), now)
        shown.household([each.person for each in found.household])
        return found.with_receipt(shown.disclosed(granted, person, how))


@dataclass(frozen=True)
class Showing:
    """One footprint on its way out: what is recorded of it."""

    by: Viewer
    search: OpenSearch
    place: int
    request: Request
    agreements: list[Agreement]
    now: datetime

    def disclosed(self, granted: Granted, person: UUID, how: How) -> Disclosure:
        return disclosure.disclose(
            by=self.by,
            granted=granted,
            person=person,
            purpose=self.request.purpose,
            agreements=self.agreements,
            how=how,
            now=self.now,
        )

    def household(self, members: Sequence[UUID]) -> None:
        """Each is recorded as seen; from an answer's own footprint, theirs can be opened too.

        Not from theirs on: a search leads to a person and who they live with, not from household to household.
        """
        if not members:
            return
        about = [str(person) for person in members]
        with asking(self.by, self.request, kind="household", about=about, now=self.now) as granted:
            for person in members:
                self.disclosed(granted, person, How.HOUSEHOLD)
            if self.search.led_to(self.place):
                self._reach(members)

    def _reach(self, members: Sequence[UUID]) -> None:
        row = Search.objects.select_for_update().get(pk=self.search.id)
        fresh = [person for person in members if person not in row.people + row.reached]
        if fresh:
            row.reached = row.reached + fresh
            row.save(update_fields=["reached"])


def say_wrong(
    *, by: Viewer, search: OpenSearch, place: int, agency: str, wrong: Wrong, words: str, now: datetime
) -> list[Query]:
    """Say that what an agency told us of this person is wrong: one query for each of its records of them.

    Raises NothingHeld when that agency has none that this worker may be shown, and a Refused.
    """
    person = search.person_at(place)
    request = search.why.request(Permission.QUERY_RECORD, found_by_own_search=True)
    with asking(by, request, kind="query", about=[str(person)], detail={"agency": agency}, now=now):
        records = reads.records_of(person, agency, coverage(by, search.why.purpose, now))
        said = _queries(records, words, search.why.work, agency=agency, person=person, wrong=wrong, by=by, now=now)
        if wrong is Wrong.PERSON:
            for record in records:
                not_one_person(person=identity.called_now(person), record=record, now=now)
    if not said:  # outside, so that the entry stays: that nothing is held is an answer too
        raise NothingHeld
    return said


def _queries(
    records: dict[int, str],
    words: str,
    work: str,
    *,
    agency: str,
    person: UUID,
    wrong: Wrong,
    by: Viewer,
    now: datetime,
) -> list[Query]:
    """One for each of those records (id: the agency's own id of it), sealed."""
    queries = [
        Query(
            agency=agency,
            record=record,
            person=person,
            wrong=wrong,
            by=by.worker_id,
            from_agency=by.agency,
            at=now,
        )
        for record in records
    ]
    for query, key in zip(queries, keyring.create(len(queries)), strict=True):
        query.seal_into({"record_id": records[query.record], "words": words, "work": work}, key)
    return Query.objects.bulk_create(queries)


def close_lapsed(*, now: datetime) -> int:
    """Destroy the keys and contents of searches that have lapsed, and queries past their time.

    Returns how many searches were closed. Coming late or twice does no harm: what has lapsed opens nothing
    anyway.
    """
    with system("close-searches"):
        lapsed = Search.objects.filter(until__lte=now).exclude(sealed=b"")
        keys = list(lapsed.values_list("key", flat=True))
        closed = lapsed.update(sealed=b"", people=[], reached=[])
        Search.objects.filter(until__lte=now - KEPT_AFTER_CLOSING).delete()
        old = Query.objects.filter(at__lte=now - QUERIES_KEPT)
        keys += old.values_list("key", flat=True)
        old.delete()
    keyring.shred(keys)
    return closed
