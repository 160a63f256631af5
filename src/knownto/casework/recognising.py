"""The same child in another piece of work: found by blind keys, compared by `linkage`, never merged."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.db.models import Count, Q

from knownto.casework import words
from knownto.casework.models import Participation, Trace
from knownto.casework.register import pathways
from knownto.keyring import acts as keyring
from knownto.linkage import Comparison, Evidence, Model, clean, compare, keys, load_model, query_keys

MOST_COMPARED = 300


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody in another episode who may be the same person, with what speaks for and against it."""

    participation: Participation
    comparison: Comparison
    sure: bool


def tokens(evidence: Evidence) -> list[int]:
    """The blind keys under which somebody is found again. Apart from the tracker's own: one index is not the other."""
    return _tokens(dict.fromkeys(keys(clean(evidence))))


def _tokens(pairs: dict[tuple[str, str], None]) -> list[int]:
    return list(dict.fromkeys(keyring.tokens((f"casework-{kind}", value) for kind, value in pairs)))


def seen_before(evidence: Evidence, *, but: Participation | None = None, among: Q | None = None) -> list[Seen]:
    """Those in other work of the hub's who may be this person, best first. Call inside rows that are open.

    Only in pathways that the hub sees: that an agency asked another about a child, or considered a referral and sent
    none, is not the hub's to be shown. `among`: only those of whom that is true, where most would be compared in vain.
    """
    asked = clean(evidence)
    found = _sharing_most(list(_tokens(dict.fromkeys(query_keys(asked)))))
    rows = list(
        Participation.objects.filter(pk__in=found, episode__pathway__in=_of_the_hub())
        .filter(among or Q())
        .exclude(pk=but.pk if but else None)
        .select_related("episode")
    )
    compared = [
        (row, compare(asked, clean(Evidence.from_json(plain["evidence"])), model()))
        for row, plain in zip(rows, words.opened(rows), strict=True)
    ]
    likely = [Seen(row, said, said.bits >= model().join) for row, said in compared if said.bits >= model().possible]
    return sorted(likely, key=lambda seen: -seen.comparison.bits)


def _sharing_most(wanted: list[int]) -> list[UUID]:
    """Who shares most blind keys with it: of a common name there may be more than can be compared."""
    shared = Trace.objects.filter(token__in=wanted).values("participation").annotate(number=Count("token"))
    return [each["participation"] for each in shared.order_by("-number")[:MOST_COMPARED]]


def _of_the_hub() -> list[str]:
    return [each.code for each in pathways() if each.seen_by_hub]


def be_forgotten(evidence: Evidence) -> list[str]:
    """Whoever is surely this person is not to be recognised in other work any more. Gives their ids, for afterwards."""
    found = [str(seen.participation.pk) for seen in seen_before(evidence) if seen.sure]
    Trace.objects.filter(participation__in=found).delete()
    return found


def be_found_again(participations: Iterable[str]) -> None:
    """They may be recognised again."""
    rows = list(Participation.objects.filter(pk__in=list(participations)))
    for row, plain in zip(rows, words.opened(rows), strict=True):
        found = tokens(Evidence.from_json(plain["evidence"]))
        Trace.objects.bulk_create(Trace(token=token, participation=row) for token in found)


@cache
def model() -> Model:
    return load_model()
