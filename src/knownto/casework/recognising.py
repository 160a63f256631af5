"""The same child in another piece of work: found by blind keys, compared by `linkage`, never merged."""

from dataclasses import dataclass
from functools import cache

from knownto.casework import words
from knownto.casework.models import Participation, Trace
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
    return list(dict.fromkeys(keyring.token(f"casework-{kind}", value) for kind, value in pairs))


def seen_before(evidence: Evidence, *, but: Participation | None = None) -> list[Seen]:
    """Those in any episode who may be this person, best first. Call inside rows that are open."""
    asked = clean(evidence)
    found = Trace.objects.filter(token__in=_tokens(dict.fromkeys(query_keys(asked)))).values_list(
        "participation", flat=True
    )
    rows = list(
        Participation.objects.filter(pk__in=set(found[:MOST_COMPARED]))
        .exclude(pk=but.pk if but else None)
        .select_related("episode")
    )
    compared = [
        (row, compare(asked, clean(Evidence.from_json(plain["evidence"])), model()))
        for row, plain in zip(rows, words.opened(rows), strict=True)
    ]
    likely = [Seen(row, said, said.bits >= model().join) for row, said in compared if said.bits >= model().possible]
    return sorted(likely, key=lambda seen: -seen.comparison.bits)


@cache
def model() -> Model:
    return load_model()
