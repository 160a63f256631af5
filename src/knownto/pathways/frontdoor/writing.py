"""From what was typed to a referral. Pure: the day is given, and nothing is looked up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from knownto.linkage import Address, Evidence
from knownto.pathways.frontdoor import questions
from knownto.pathways.frontdoor.asking_form import Typed, cleaned
from knownto.pathways.frontdoor.levels import LEVELS, Level
from knownto.pathways.frontdoor.questions import EFFECT, FACTORS, LIVED, Page, Step
from knownto.pathways.frontdoor.referral import Adult, BodyWornVideo, Child, Factor, Referral

AROUND = timedelta(days=21)  # a birth is expected on a day and comes around it
ANY_LEVEL = tuple(Level(level, "", "") for level in LEVELS)
PLAIN = (
    "urgency_asked", "household_notes", "what_happened", "when", "where", "worries", "strengths", "consent",
    "consent_why", "wants", "level_why", "significant_harm", "sexual_abuse", "police_reference", "own_reference",
    "writer_phone",
)  # fmt: skip


@dataclass(frozen=True)
class Written:
    """A referral on the way: what was typed once, of each child and of each adult. `person` is the tracker's."""

    kind: str
    agency: str
    once: Typed = field(default_factory=dict)
    children: tuple[Typed, ...] = ()
    adults: tuple[Typed, ...] = ()
    found_by: str = ""
    before: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "agency": self.agency,
            "once": self.once,
            "children": list(self.children),
            "adults": list(self.adults),
            "found_by": self.found_by,
            "before": self.before,
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "Written":
        lists = {name: tuple(found.get(name, ())) for name in ("children", "adults")}
        return cls(**dict(found) | lists)

    def steps(self) -> list[Step]:
        return questions.steps(self.kind, len(self.children), len(self.adults))

    def typed(self, step: Step) -> Typed:
        """What was typed on that page; of somebody not yet there, nothing."""
        if not step.page.each:
            return self.once
        people = self.children if step.page.each == "child" else self.adults
        return people[step.number - 1] if step.number <= len(people) else {}

    def asked(self, step: Step) -> tuple[questions.Question, ...]:
        return step.page.asked(self.kind, self.agency, step.number)

    def with_typed(self, step: Step, typed: Typed) -> "Written":
        """The same, with what was typed on that page. Somebody new is added at the end."""
        if not step.page.each:
            return _replaced(self, once=self.once | typed)
        name = questions.OF_EACH[step.page.each]
        people = [dict(each) for each in getattr(self, name)]
        if step.number > len(people):
            people.append({})
        people[min(step.number, len(people)) - 1] |= typed
        while people and not any(people[-1].values()):
            people.pop()  # a page that was left empty is nobody
        return _replaced(self, **{name: tuple(people)})

    def without(self, step: Step) -> "Written":
        """The same without that child or adult."""
        name = questions.OF_EACH[step.page.each]
        people = [each for at, each in enumerate(getattr(self, name), 1) if at != step.number]
        return _replaced(self, **{name: tuple(people)})

    def name_of(self, step: Step) -> str:
        """Whom that page is about, for the page itself: never for its title."""
        typed = self.typed(step)
        whole = f"{typed.get('given', '')} {typed.get('family', '')}".strip()
        return whole or ("the unborn child" if typed.get("unborn") else "")

    def started(self, step: Step) -> bool:
        """Has anything been typed on it?"""
        typed = self.typed(step)
        return any(typed.get(name) for each in self.asked(step) for name in _names(each))


def _replaced(written: Written, **changes: Any) -> Written:
    return Written(**{**{name: getattr(written, name) for name in written.__dataclass_fields__}, **changes})


def _names(question: questions.Question) -> Iterable[str]:
    return (f"{question.name}_{piece}" for piece in ("day", "month", "year")) if question.type == "date" else (
        question.name,
    )  # fmt: skip


def referral_of(written: Written, today: date, writer: str = "") -> Referral:
    """The referral that it is so far."""
    held = _read(written, "", written.once)
    children = [_child(written, typed, number, today) for number, typed in enumerate(written.children, 1)]
    adults = [_adult(written, typed, today) for typed in written.adults]
    if written.kind == "adult":
        adults.insert(0, _adult_at_risk(held, written.once, today))
    return Referral(
        kind=written.kind,
        children=tuple(child for child in children if child is not None),
        adults=tuple(adult for adult in adults if adult is not None),
        level_thought=int(held["level_thought"]) if held.get("level_thought") else None,
        body_worn_video=_video(held),
        writer=writer,
        found_by=written.found_by,
        before=written.before,
        **{name: held[name] for name in PLAIN if name in held},
    )


def _read(written: Written, each: str, typed: Typed, number: int = 1) -> dict[str, Any]:
    """What can be read of it, over all the pages that are asked of this child, this adult, or once."""
    pages: list[Page] = [p for p in questions.pages().values() if p.each == each and written.kind in p.kinds]
    found: dict[str, Any] = {}
    for page in pages:
        found |= cleaned(page.asked(written.kind, written.agency, number), typed, ANY_LEVEL)
    return found


def _child(written: Written, typed: Typed, number: int, today: date) -> Child | None:
    held = _read(written, "child", typed, number)
    if not held:
        return None
    plain = ("relation", "school", "language", "seen", "words", "words_how", "words_why_not", "impact")
    return Child(
        evidence_of(held, today),
        role=held.get("worry", "subject"),
        lived={name.removeprefix(LIVED): words for name, words in held.items() if name.startswith(LIVED)},
        person=_person(typed),
        **{name: held[name] for name in plain if name in held},
    )


def _adult(written: Written, typed: Typed, today: date) -> Adult | None:
    held = _read(written, "adult", typed)
    if not held:
        return None
    plain = ("relation", "parental_responsibility", "lives_there")
    return Adult(
        evidence_of(held, today),
        role=held.get("role", "household"),
        factors=tuple(Factor(code, held.get(f"{EFFECT}{code}", "")) for code in held.get(FACTORS, ())),
        person=_person(typed),
        **{name: held[name] for name in plain if name in held},
    )


def _adult_at_risk(held: Mapping[str, Any], typed: Typed, today: date) -> Adult | None:
    evidence = evidence_of(held, today)
    plain = {name: held[name] for name in ("views", "outcome", "capacity", "capacity_why") if name in held}
    return Adult(evidence, role="adult-at-risk", person=_person(typed), **plain) if evidence != Evidence() else None


def _person(typed: Typed) -> UUID | None:
    return UUID(typed["person"]) if typed.get("person") else None


def evidence_of(held: Mapping[str, Any], today: date) -> Evidence:
    """Who they are, as the writer knows them."""
    lines = tuple(line.strip() for line in held.get("address", "").split(",") if line.strip())
    where = Address(lines, held.get("postcode", ""))
    return Evidence(
        family_name=held.get("family", ""),
        given_names=held.get("given", ""),
        other_names=tuple(name.strip() for name in held.get("other_names", "").split(",") if name.strip()),
        sex=held.get("sex", ""),
        addresses=(where,) if where != Address() else (),
        nhs_number=held.get("nhs_number", ""),
        phones=(held["phone"],) if held.get("phone") else (),
        **_born(held, today),
    )


def _born(held: Mapping[str, Any], today: date) -> dict[str, Any]:
    born, age = held.get("born"), held.get("age")
    if held.get("unborn"):
        return {"unborn": True} | ({"born_from": born - AROUND, "born_to": born + AROUND} if born else {})
    if born:
        return {"birth_date": born}
    return span_of_age(age, today) if age is not None else {}


def span_of_age(age: int, today: date) -> dict[str, Any]:
    """The days on which somebody of that age was born."""
    return {"born_from": _years_before(today, age + 1) + timedelta(days=1), "born_to": _years_before(today, age)}


def _years_before(day: date, years: int) -> date:
    """That day years ago; 28 February for a leap day that was not there."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _video(held: Mapping[str, Any]) -> BodyWornVideo | None:
    if not held.get("video"):
        return None
    return BodyWornVideo(held["video"] == "yes", held.get("video_reference", ""), held.get("video_why_not", ""))
