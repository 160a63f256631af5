"""The pathways there are, and how each finds out what a decision needs to know first. Filled at start-up."""

from collections.abc import Callable, Iterator, Mapping

from knownto.casework.models import Episode
from knownto.casework.pathway import Pathway, problems

# A fact that a decision needs: given the episode, what is still missing, as a sentence for the worker; "" when known.
Finder = Callable[[Episode], str]

_PATHWAYS: dict[str, Pathway] = {}
_FINDERS: dict[tuple[str, str], Finder] = {}


class BadPathway(ValueError):
    """A pathway that would let work drop: the product does not start with it."""


def register(pathway: Pathway, finders: Mapping[str, Finder]) -> None:
    """Take a pathway in. `finders` has one for each code in `pathway.needs`. Raises BadPathway."""
    wrong = problems(pathway)
    if missing := pathway.needs - finders.keys():
        wrong.append(f"{pathway.code}: nobody finds out {', '.join(sorted(missing))}")
    if wrong:
        raise BadPathway("; ".join(wrong))
    _PATHWAYS[pathway.code] = pathway
    _FINDERS.update({(pathway.code, code): finder for code, finder in finders.items()})


def pathway(code: str) -> Pathway:
    """That pathway. Raises KeyError."""
    return _PATHWAYS[code]


def pathways() -> Iterator[Pathway]:
    yield from _PATHWAYS.values()


def not_for(may: Callable[[str], bool]) -> list[str]:
    """The kinds of ask that somebody cannot answer who may do only what `may` says of a permission's code."""
    return sorted({kind.code for path in pathways() for kind in path.asks if kind.needs and not may(kind.needs)})


def missing(episode: Episode, needs: tuple[str, ...]) -> list[str]:
    """What must still be known before a decision that needs those, as sentences."""
    said = (_FINDERS[episode.pathway, code](episode) for code in needs)
    return [sentence for sentence in said if sentence]
