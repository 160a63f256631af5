"""Ask them: from an answer or a footprint, one team is asked about one person, for the reason the search was made.

The team learns what the asker typed, who it is about, and the facts that the asker chose to tell; nothing that any
feed says. What comes back closes the loop in the asker's own list.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.utils.timezone import localdate

from knownto.access.acts import Permission, Viewer, asking, check
from knownto.access.refusals import NotPossibleNow
from knownto.casework import acts, clocks
from knownto.casework import reads as casework
from knownto.casework.models import Ask, Episode, Part
from knownto.disclosure.acts import Crossing, cross
from knownto.disclosure.models import How
from knownto.face.times import long_date
from knownto.firewall.audiences import on_paper
from knownto.footprint.coverage import agreements_shown, coverage
from knownto.footprint.open_search import OpenSearch
from knownto.footprint.question import Question
from knownto.footprint.requests import ASK_THEM, REQUEST, TODAY, TWO_DAYS
from knownto.footprint.told import NO_NAME, Told, kept, may_show, told
from knownto.identity import reads as identity
from knownto.linkage import Evidence
from knownto.partners.models import Team, Worker
from knownto.policy.purposes import FAMILY_STANDING

SEXES = {"F": "Female", "M": "Male"}
ALWAYS = ("name",)  # without it a question is about nobody


class NoTeam(NotPossibleNow):
    """An answer goes to a team, so that it is read when somebody is off sick."""

    def __init__(self) -> None:
        super().__init__("no-team", "Your account has no team that could read the answer. Ring them instead.")


class AlreadyAsked(NotPossibleNow):
    """The same worker waits for that team's answer about that person."""

    def __init__(self, ask: UUID) -> None:
        super().__init__("already-asked", "You have asked them about this person, and they have not answered yet.")
        self.ask = ask


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing by which they can find the person. `usual` ones are told unless the asker says otherwise."""

    code: str
    label: str
    value: str
    usual: bool = True


@dataclass(frozen=True, slots=True)
class Whom:
    """Who it is about: what is sealed of them in the asker's own work, and what can be told."""

    evidence: Evidence
    facts: tuple[Fact, ...]
    person: UUID | None


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of which team. `tell` are codes of facts; the name always goes along."""

    to: Team
    words: str
    today: bool
    tell: Collection[str]


def whom(by: Viewer, search: OpenSearch, place: int, now: datetime) -> Whom:
    """Who that place of the search is; place 0 is whoever was asked about, found or not. Raises NotYours, a Refused."""
    if not place:
        return _as_asked(search.question, None, None, now)
    person = search.person_at(place)
    with asking(by, search.why.request(Permission.SEARCH), kind="ask-them-about", about=[str(person)], now=now):
        known, shown = identity.person(person), agreements_shown(coverage(by, search.why.purpose, now))
        [mine] = kept([may_show(known.records if known else (), shown)], on_paper(by))  # it goes to another team
        held = told(mine.records, localdate(now))
    return _as_asked(search.question, person, held, now) if search.led_to(place) else _as_held(person, held)


def _as_asked(question: Question, person: UUID | None, held: Told | None, now: datetime) -> Whom:
    """As the asker typed them, and by the name that was shown."""
    typed, shown = f"{question.given} {question.family}".strip(), held.name if held and held.name != NO_NAME else ""
    evidence = question.evidence(localdate(now))
    if shown and shown.casefold() != typed.casefold():
        evidence = replace(evidence, other_names=(*evidence.other_names, shown))
    if not typed and shown:
        evidence = _named(evidence, shown)
    others = ", ".join(dict.fromkeys(name for name in (question.other, shown) if name and name != (typed or shown)))
    where = ", ".join(filter(None, (question.address, question.postcode)))
    facts = (
        Fact("name", "Name", typed or shown or question.other),
        Fact("others", "Also known as", others),
        Fact("born", "Born", _born(question, held)),
        Fact("sex", "Sex", SEXES.get(question.sex, "")),
        Fact("address", "Address", where, usual=not (typed or shown)),
        Fact("nhs_number", "NHS number", question.nhs_number, usual=False),
        Fact("phone", "Phone number", question.phone, usual=False),
    )
    return Whom(evidence, tuple(fact for fact in facts if fact.value), person)


def _as_held(person: UUID, held: Told) -> Whom:
    """Somebody of the household: nothing was typed of them, so no more than what tells them apart."""
    evidence, year = _named(Evidence(), held.name), held.born.removeprefix("Born ")
    if year.isdigit():
        evidence = replace(evidence, born_from=date(int(year), 1, 1), born_to=date(int(year), 12, 31))
    facts = (Fact("name", "Name", held.name), Fact("born", "Born", year), Fact("area", "Area", held.district))
    return Whom(evidence, tuple(fact for fact in facts if fact.value), person)


def _named(evidence: Evidence, name: str) -> Evidence:
    given, _, family = name.rpartition(" ")
    return replace(evidence, given_names=given, family_name=family)


def _born(question: Question, held: Told | None) -> str:
    if question.born:
        return long_date(question.born)
    if question.age is not None:
        return f"About {question.age} years ago"
    return held.born.removeprefix("Born ") if held and held.born.startswith("Born ") else ""


def due_by(today: bool, now: datetime) -> datetime:
    """When the answer would be due."""
    limit = REQUEST.limit(ASK_THEM.limits[TODAY if today else TWO_DAYS])
    return clocks.times(limit, now, ())[1]


def ask_them(*, by: Viewer, search: OpenSearch, place: int, asking_: Asking, now: datetime) -> Ask:
    """Ask that team, for the reason of that search: a piece of work of the asker's own team, with its clock.

    Asked across agencies it is a Disclosure, for to ask is to tell. Raises NoTeam, AlreadyAsked, NotYours, a Refused.
    """
    check(by, search.why.request(Permission.SEARCH))  # purpose and family as for the search itself
    who, request = whom(by, search, place, now), search.why.request(Permission.ASK)
    about = [str(who.person)] if who.person else []
    with asking(by, request, kind="ask-them", about=about, now=now) as granted:
        _must_be_new(by, who, asking_.to)
        episode = _opened(by, who, asking_, now)
        row = acts.ask(
            episode=episode,
            question=_question(search, who, asking_, episode),
            by=by.actor,
            by_team=casework.team_of(by),
            now=now,
        )
        if asking_.to.agency_id != by.agency:
            to_whom = asking_.to.agency_id
            crossing = Crossing(episode.id, How.ASK, by.agency, to_whom, search.why.purpose, person=who.person)
            cross(crossing, entry=granted.entry, now=now)
        return row


def _must_be_new(by: Viewer, who: Whom, to: Team) -> None:
    if who.person is None:
        return
    waiting = Ask.objects.filter(kind=ASK_THEM.code, by_worker=by.worker_id, to_team=to, answered_at=None)
    if before := waiting.filter(about__person=who.person).values_list("pk", flat=True).first():
        raise AlreadyAsked(before)


def _opened(by: Viewer, who: Whom, asking_: Asking, now: datetime) -> Episode:
    team = casework.team_of(by)
    if team is None:
        raise NoTeam
    return acts.open_episode(
        by=by.actor,
        pathway_code=REQUEST.code,
        origin=acts.Origin(by.agency, team, by.worker_id),
        about=[acts.Somebody("subject", who.evidence, person=who.person)],
        urgency=TODAY if asking_.today else TWO_DAYS,
        team=team,
        worker=Worker.objects.get(pk=by.worker_id),
        now=now,
    )


def _question(search: OpenSearch, who: Whom, asking_: Asking, episode: Episode) -> acts.Question:
    chosen = {*ALWAYS, *asking_.tell}
    return acts.Question(
        ASK_THEM.code,
        asking_.to,
        asking_.words,
        purpose=search.why.purpose,
        about=episode.participations.get(part=Part.ABOUT),
        more={
            "who": [[fact.label, fact.value] for fact in who.facts if fact.code in chosen],
            "legal": f"{FAMILY_STANDING[search.why.family]}." if search.why.family else "",
        },
    )
