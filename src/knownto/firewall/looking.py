"""Which protections something touches, and whether they keep it from that reader. Opens its own rows: a caller who
forgot to must not thereby be told that there are none.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from knownto.access.acts import rows_open
from knownto.firewall import contents, phrases, slips
from knownto.firewall.audiences import Audience
from knownto.firewall.contents import Protected
from knownto.firewall.models import Mark, Protection, Reach
from knownto.keyring import acts as keyring
from knownto.linkage import Evidence, Model, clean, compare, load_model

Kind = Mark.Kind


@dataclass(frozen=True)
class Standing:
    """A protection that stands, opened."""

    row: Protection
    plain: Protected

    def keeps_from(self, audience: Audience, namesakes: Collection[UUID], persons: Collection[UUID]) -> bool:
        """Is it this reader whom it is kept from? `namesakes`, `persons`: protections that are kept from somebody of
        the reader's name, or from the person it goes to.
        """
        if self.row.pk in namesakes or self.row.pk in persons:
            return True
        reach = self.row.reach
        if reach == Reach.AGENCY:
            return audience.agency == self.row.agency_id
        if reach == Reach.TEAM:
            whole = audience.leaves and audience.team is None and audience.agency == self.row.team.agency_id
            return whole or audience.team == self.row.team_id
        return reach == Reach.ANYBODY and audience.leaves

    @property
    def must_not_reach(self) -> str:
        """Whom, in words, for those who may see it."""
        if self.row.reach == Reach.AGENCY:
            return f"anybody of {self.row.agency.name}"
        if self.row.reach == Reach.TEAM:
            return f"anybody of {self.row.team.name}"
        return " or ".join(self.plain.whom_names) or "anybody outside who could pass it on"


@cache
def _model() -> Model:
    return load_model()


def _standing() -> Q:
    """One that somebody has asked to lift stands until a second person has."""
    return Q(protection__lifted_at=None)


def hit(kinds: Mapping[str, Collection[int]]) -> dict[tuple[str, int], set[UUID]]:
    """The protections that stand and have one of those keys, by key."""
    wanted = Q(pk__in=[])
    for kind, tokens in kinds.items():
        wanted |= Q(kind=kind, token__in=list(tokens))
    found: dict[tuple[str, int], set[UUID]] = {}
    with transaction.atomic(), rows_open("system:firewall", ""):
        for kind, token, row in Mark.objects.filter(wanted & _standing()).values_list("kind", "token", "protection"):
            found.setdefault((kind, token), set()).add(row)
    return found


def opened(ids: Collection[UUID]) -> dict[UUID, Standing]:
    """Those protections, opened, by id. Raises whatever keeps one from being opened: it is there all the same."""
    if not ids:
        return {}
    with transaction.atomic(), rows_open("system:firewall", ""):
        rows = list(Protection.objects.filter(pk__in=ids).select_related("agency", "team__agency"))
        plain = keyring.open_rows(rows)
    return {row.pk: Standing(row, Protected.from_json(each)) for row, each in zip(rows, plain, strict=True)}


def of_people(people: Mapping[int, Evidence], said: Mapping[int, Iterable[str]]) -> dict[int, list[Standing]]:
    """The protections of each of those people: recognised as one of the protected, or tied to one by an address,
    number, school or surgery. `said`: the phrases that stand beside each of them.
    """
    asked = {key: contents.asked_by(each) for key, each in people.items()}
    texts = {key: list(said[key]) for key in people}
    token = contents.keyed("phrase", (each for some in texts.values() for each in some))
    phrased = {key: [token[each] for each in some] for key, some in texts.items()}
    marks = hit({Kind.SUBJECT: _all(asked), Kind.PHRASE: _all(phrased)})
    by_key = {key: _union(marks, Kind.SUBJECT, asked[key]) for key in people}
    tied = {key: _union(marks, Kind.PHRASE, phrased[key]) for key in people}
    there = opened(set().union(*by_key.values(), *tied.values()))
    return {
        key: [
            there[row]
            for row in sorted(by_key[key] | tied[key])
            if row in there and (row in tied[key] or _is_one(evidence, there[row]))
        ]
        for key, evidence in people.items()
    }


def _is_one(evidence: Evidence, standing: Standing) -> bool:
    """May they be one of the protected? Whoever cannot be told from them is."""
    return any(_may_be(evidence, subject.evidence) for subject in standing.plain.subjects)


def _may_be(one: Evidence, other: Evidence) -> bool:
    return compare(clean(one), clean(other), _model()).bits >= _model().possible


def kept_from_person(person: Evidence | None) -> set[UUID]:
    """The protections that are kept from somebody who may be this person."""
    if person is None:
        return set()
    tokens = contents.asked_by(person)
    found = opened(_union(hit({Kind.RECIPIENT: tokens}), Kind.RECIPIENT, tokens))
    return {row for row, each in found.items() if any(_may_be(person, whom) for whom in each.plain.whom)}


def kept_from_name(name: str) -> set[UUID]:
    """The protections that are kept from somebody of that worker's name: an officer may look up his former partner."""
    token = contents.of_name(name) if name else None
    return _union(hit({Kind.NAMESAKE: [token]}), Kind.NAMESAKE, [token]) if token is not None else set()


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a text something protected stands, and which protections it is of."""

    start: int
    end: int
    of: frozenset[UUID]


def in_texts(texts: Mapping[int, str]) -> dict[int, list[Place]]:
    """Where each of those texts holds something protected, however it is written. Two look-ups for them all."""
    said = {key: phrases.words(text) for key, text in texts.items()}
    first = contents.keyed("first", (word for each in said.values() for word in phrases.firsts(each)))
    coded = {key: list(phrases.codes(text)) for key, text in texts.items()}
    code = contents.keyed("phrase", (each.plain for found in coded.values() for each in found))
    marks = hit({Kind.FIRST: first.values(), Kind.PHRASE: code.values()})
    begins = {word for word, token in first.items() if (Kind.FIRST, token) in marks}
    runs = {key: list(phrases.runs(each, begins)) for key, each in said.items()} if begins else {}
    loose = {key: list(slips.in_text(texts[key], each, begins)) for key, each in said.items()}
    run = contents.keyed("phrase", (each.plain for found in runs.values() for each in found))
    slip = contents.keyed("loose", (each.plain for found in loose.values() for each in found))
    marks |= hit({Kind.PHRASE: {*run.values(), *slip.values()}}) if run or slip else {}
    return {
        key: [
            Place(each.start, each.end, frozenset(marks[Kind.PHRASE, token[each.plain]]))
            for token, written in ((code | run, (*coded[key], *runs.get(key, ()))), (slip, loose[key]))
            for each in written
            if (Kind.PHRASE, token[each.plain]) in marks
        ]
        for key in texts
    }


def _all(tokens: Mapping[int, Iterable[int]]) -> set[int]:
    return {token for each in tokens.values() for token in each}


def _union(marks: Mapping[tuple[str, int], set[UUID]], kind: str, tokens: Iterable[int]) -> set[UUID]:
    return set().union(*(marks.get((kind, token), set()) for token in tokens))


def joined(places: Iterable[Place]) -> list[tuple[int, int]]:
    """Where those places begin and end, those that overlap as one."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted((each.start, each.end) for each in places):
        if spans and start <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], end)
        else:
            spans.append((start, end))
    return spans
