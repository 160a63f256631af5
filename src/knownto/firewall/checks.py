"""The one question that everything asks before it shows or sends where somebody can be found. It fails closed.

`clear` for people (addresses, numbers, school, surgery), `without` for words that a machine sends on, `must_not_leave`
for words that somebody is about to send: they are shown the sentence, and nothing goes.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from knownto.access.refusals import NotPossibleNow
from knownto.firewall import contents, looking, phrases
from knownto.firewall.audiences import Audience
from knownto.firewall.contents import EVERYTHING, Subject
from knownto.firewall.looking import Standing
from knownto.firewall.models import What
from knownto.linkage import Evidence
from knownto.partners import offices

log = logging.getLogger(__name__)

COULD_NOT_CHECK = "It could not be checked who must not learn this, so it does not go. Try again, or ring."
MOST_ROUNDS = 20  # taking out one sentence can join what stood before and after it


class HoldsProtected(NotPossibleNow):
    """What was about to leave says where somebody can be found who must not be. `because` shows its author where."""

    def __init__(self, sentences: Sequence[str]) -> None:
        said = " … ".join(f"\u201c{each}\u201d" for each in sentences)
        super().__init__(
            "holds-protected",
            f"Nothing was sent. This says where somebody can be found, and it must not reach whoever could pass it on: "
            f"{said} Take it out, or {ring()}.",
        )


class CouldNotCheck(NotPossibleNow):
    """Whether it may leave could not be found out. That is a no."""

    def __init__(self) -> None:
        super().__init__("could-not-check", COULD_NOT_CHECK)


def not_shown() -> str:
    """What stands where an address, school or number would: the same words for what is kept back as for what nobody
    knows, so that they tell the wrong reader nothing.
    """
    return f"Not known, or not shown here: {ring()}"


def left_out() -> str:
    """What stands in a copy in place of a sentence."""
    return f"[Not in this copy: {ring()}]"


def ring() -> str:
    """Whom to ring, in words that say nothing else."""
    try:
        phone = offices.team_of("hub").phone
    except Exception:  # noqa: BLE001 (words for a page must not fail for want of a number)
        phone = ""
    return f"ring the front door{f' on {phone}' if phone else ''}"


@dataclass(frozen=True, slots=True)
class Whom:
    """Somebody who is about to be shown, with what stands beside their evidence."""

    evidence: Evidence
    schools: tuple[str, ...] = ()
    surgeries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cleared:
    """What of them may be shown: `evidence` without what is kept back, `hides` the kinds that are, and for a reader
    who may see it whom it must not reach.
    """

    evidence: Evidence
    hides: frozenset[str] = frozenset()
    warning: str = ""

    def school(self, name: str) -> str:
        return "" if What.SCHOOL in self.hides else name

    def surgery(self, name: str) -> str:
        return "" if What.SURGERY in self.hides else name

    def district(self, outcode: str) -> str:
        return "" if What.ADDRESS in self.hides else outcode


def clear(people: Sequence[Whom], audience: Audience) -> list[Cleared]:
    """Those people as that reader may be shown them. Whatever goes wrong, nothing that leads to anybody is."""
    try:
        found = looking.of_people(
            {at: each.evidence for at, each in enumerate(people)},
            {at: list(contents.phrases_of(_subject(each))) for at, each in enumerate(people)},
        )
        who = _who(audience) if any(found.values()) else (set(), set())
        return [_cleared(each.evidence, found[at], audience, who) for at, each in enumerate(people)]
    except Exception as error:  # noqa: BLE001 (fail closed: whatever it was, nothing is shown)
        log.error("Whom it must not reach could not be checked: %s", type(error).__name__)  # noqa: TRY400
        return [Cleared(hidden(each.evidence, EVERYTHING), EVERYTHING) for each in people]


def clear_one(
    evidence: Evidence, audience: Audience, *, schools: Iterable[str] = (), surgeries: Iterable[str] = ()
) -> Cleared:
    """The same of one person."""
    return clear([Whom(evidence, tuple(filter(None, schools)), tuple(filter(None, surgeries)))], audience)[0]


def _subject(whom: Whom) -> Subject:
    return Subject(whom.evidence, whom.schools, whom.surgeries)


def _who(audience: Audience) -> tuple[set[Any], set[Any]]:
    return looking.kept_from_name(audience.name), looking.kept_from_person(audience.person)


def _cleared(
    evidence: Evidence, found: Sequence[Standing], audience: Audience, who: tuple[set[Any], set[Any]]
) -> Cleared:
    kept = [each for each in found if each.keeps_from(audience, *who)]
    hides = frozenset[str]().union(*(each.plain.what for each in kept))
    seen = [each for each in found if each not in kept and not each.plain.what <= hides]
    return Cleared(hidden(evidence, hides), hides, _warning(seen))


def _warning(found: Iterable[Standing]) -> str:
    """Said to those who see it, of what they see."""
    whom = dict.fromkeys(each.must_not_reach for each in found)
    return f"Must not reach {', or '.join(whom)}: where they live, school, surgery and telephone." if whom else ""


def hidden(evidence: Evidence, hides: Collection[str]) -> Evidence:
    """That evidence without those kinds. Other facts that partners hold go with any of them."""
    found = evidence
    if What.ADDRESS in hides:
        found = replace(found, addresses=(), household="")
    if What.PHONE in hides:
        found = replace(found, phones=(), emails=())
    return replace(found, facts=()) if hides else found


def must_not_leave(texts: Iterable[str], audience: Audience) -> None:
    """Stop what somebody is about to send, where it holds what its reader must not learn.

    Raises HoldsProtected with each sentence, and CouldNotCheck where that could not be found out.
    """
    try:
        said = dict(enumerate(text for text in texts if text))
        found = _kept(said, audience)
    except Exception as error:  # noqa: BLE001 (fail closed: what could not be checked does not leave)
        log.error("What leaves could not be checked: %s", type(error).__name__)  # noqa: TRY400
        raise CouldNotCheck from None
    sentences = [_sentence(said[key], span) for key, spans in found.items() for span in spans]
    if sentences:
        raise HoldsProtected(list(dict.fromkeys(sentences)))


def without(text: str, audience: Audience) -> str:
    """That text without the sentences that its reader must not have; nothing of it where it cannot be checked."""
    return all_without({0: text}, audience)[0]


def all_without(texts: Mapping[int, str], audience: Audience) -> dict[int, str]:
    """Those texts without the sentences that their reader must not have, looked through together."""
    try:
        return _taken_out(dict(texts), audience)
    except Exception as error:  # noqa: BLE001 (fail closed)
        log.error("What leaves could not be checked: %s", type(error).__name__)  # noqa: TRY400
        return {key: left_out() if text else "" for key, text in texts.items()}


def _taken_out(texts: dict[int, str], audience: Audience) -> dict[int, str]:
    """Again until nothing is found: what stood around a sentence may say it too, once it is side by side."""
    done, left = dict(texts), {key: text for key, text in texts.items() if text}
    for _ in range(MOST_ROUNDS):
        found = {key: spans for key, spans in _kept(left, audience).items() if spans}
        if not found:
            return done
        left = {key: _cut(left[key], spans) for key, spans in found.items()}
        done |= left
    return done | dict.fromkeys(left, left_out())


def _cut(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """From the last to the first, so that what is before keeps its place."""
    out = text
    for start, end in reversed(_sentences(text, spans)):
        out = f"{out[:start]}{left_out()}{out[end:]}"
    return out


def _sentences(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    places = (looking.Place(*phrases.sentence(text, *span), frozenset()) for span in spans)
    return looking.joined(places)


def _sentence(text: str, span: tuple[int, int]) -> str:
    start, end = phrases.sentence(text, *span)
    return text[start:end].strip()


def _kept(texts: Mapping[int, str], audience: Audience) -> dict[int, list[tuple[int, int]]]:
    """Where each text holds what is kept from that reader."""
    found = looking.in_texts(texts)
    ids = {each for places in found.values() for place in places for each in place.of}
    if not ids:
        return {}
    there, who = looking.opened(ids), _who(audience)
    kept = {row for row, each in there.items() if each.keeps_from(audience, *who)}
    return {key: looking.joined(place for place in places if place.of & kept) for key, places in found.items()}


def leads_there(names: Collection[str], audience: Audience) -> set[str]:
    """Those names that would themselves say where somebody is: of one school, surgery or refuge, whosever it is (or
    what is not said would tell whose), and whatever else is kept from that reader.
    """
    cleared = all_without(dict(enumerate(names)), audience)
    return {name for at, name in enumerate(names) if phrases.is_one_place(name) or cleared[at] != name}


def document(plain: Any, audience: Audience) -> Any:
    """A document of plain values (as JSON has them), each of its texts without what its reader must not have."""
    texts: dict[int, str] = {}
    _walk(plain, lambda text: texts.setdefault(len(texts), text))
    cleared = iter(all_without(texts, audience).values())
    return _walk(plain, lambda _: next(cleared))


def _walk(plain: Any, each: Callable[[str], str]) -> Any:
    if isinstance(plain, str):
        return each(plain)
    if isinstance(plain, Mapping):
        return {key: _walk(value, each) for key, value in plain.items()}
    return [_walk(value, each) for value in plain] if isinstance(plain, list | tuple) else plain
