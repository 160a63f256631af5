"""Asking the tracker, from a contact, whether children's services have the child already: who has a known case.

One click for the screener; the tracker's own acts search, open the footprint and record both, as they do for anybody.
What was found is written down in the contact: a case that was there and not seen is what inspectors ask about.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from knownto.access.acts import Permission, Viewer
from knownto.access.refusals import NotPossibleNow
from knownto.casework import acts, reads
from knownto.casework.entering import entering
from knownto.casework.models import Episode, Participation
from knownto.disclosure.models import How
from knownto.footprint import acts as footprint
from knownto.footprint import open_search
from knownto.footprint.answers import Answer, CouldNotCheck, Found, NothingKnown, Sure
from knownto.footprint.picture import Says
from knownto.footprint.question import Question
from knownto.footprint.why import Why
from knownto.linkage import Evidence
from knownto.partners.models import Team

KIND = "tracker-look"
PURPOSE = "child-concern"


class TooLittle(NotPossibleNow):
    """Too little is known of the child to ask."""

    def __init__(self) -> None:
        super().__init__("too-little", "Too little is known of this child to ask the tracker. Find out more first.")


@dataclass(frozen=True)
class Looked:
    """What the tracker said of one child. `said` is a code of SAID; `teams` are the council's that have them open.

    `search` is the tracker's, open for an hour; `person` is the place in it of whom it found, 0 for nobody.
    """

    said: str
    search: UUID
    child: UUID
    place: int = 0
    teams: tuple[str, ...] = ()


SAID = {
    "open": "Children's services have an open case",
    "known": "The tracker knows them; children's services have no open case in their feed",
    "unsure": "The tracker found several or nobody for certain: look at its answer",
    "nothing": "No connected agency has a contact with them",
    "could-not-check": "Could not check: an agency's feed could not be looked at",
}


def look(*, by: Viewer, episode: UUID, child: UUID, now: datetime) -> Looked:
    """Ask the tracker about one child of the contact. Raises TooLittle, NotYours, and what the tracker's acts raise."""
    work, question = _question(by, episode, child, now)
    if question.too_little():
        raise TooLittle
    made = footprint.search(by=by, question=question, why=Why(PURPOSE, work.reference), now=now)
    opened = open_search.own(by, made.id, now)
    looked = _looked(by, opened, child, now)
    with entering(by, episode, Permission.SCREEN, kind="tracker-looked", now=now) as entered:
        _note(entered.episode, looked, opened, by, now)
    return looked


def _question(by: Viewer, episode: UUID, child: UUID, now: datetime) -> tuple[Episode, Question]:
    with entering(by, episode, Permission.SCREEN, kind="tracker-asked", now=now) as entered:
        known = {each.id: each for each in reads.people([entered.episode]).get(entered.episode.id, [])}
        if child not in known:
            raise TooLittle
        return entered.episode, question_of(known[child].evidence)


def question_of(evidence: Evidence) -> Question:
    """What the tracker is asked of somebody as a contact knows them."""
    home = evidence.addresses[0] if evidence.addresses else None
    return Question(
        given=evidence.given_names,
        family=evidence.family_name,
        other=evidence.other_names[0] if evidence.other_names else "",
        born=evidence.birth_date,
        sex=evidence.sex if evidence.sex in ("F", "M") else "",
        address="\n".join(home.lines) if home else "",
        postcode=home.postcode if home else "",
        nhs_number=evidence.nhs_number,
        phone=evidence.phones[0] if evidence.phones else "",
    )


def _looked(by: Viewer, opened: open_search.OpenSearch, child: UUID, now: datetime) -> Looked:
    answer: Answer = opened.answer
    if isinstance(answer, NothingKnown):
        return Looked("nothing", opened.id, child)
    if isinstance(answer, CouldNotCheck):
        return Looked("could-not-check", opened.id, child)
    if not (isinstance(answer, Found) and answer.sure is Sure.MATCH and len(answer.candidates) == 1):
        return Looked("unsure", opened.id, child)
    shown = footprint.open_footprint(by=by, search=opened, place=1, how=How.VIEW, now=now)
    mine = next((row for row in shown.rows if row.agency == by.agency), None)
    if mine is None or mine.says not in (Says.CONTACT, Says.NONE):
        return Looked("could-not-check", opened.id, child, 1)
    return Looked("open" if mine.open else "known", opened.id, child, 1, mine.open_teams)


def _note(work: Episode, looked: Looked, opened: open_search.OpenSearch, by: Viewer, now: datetime) -> None:
    who = Participation.objects.get(pk=looked.child, episode=work)
    if looked.place:
        who.person = opened.person_at(looked.place)
        who.save(update_fields=["person"])
    plain = {
        "said": looked.said, "search": str(looked.search), "place": looked.place, "teams": list(looked.teams),
        "until": opened.until.isoformat(),
    }  # fmt: skip
    acts.say(episode=work, kind=KIND, plain=plain, by=by.actor, about=who, now=now)


@dataclass(frozen=True)
class Told:
    """A look as the page shows it. `search` is None once it has closed, or is another worker's."""

    child: UUID
    said: str
    words: str
    at: datetime
    teams: tuple[Team, ...]
    search: UUID | None
    place: int


def looks(work: Episode, viewer: Viewer, now: datetime) -> list[Told]:
    """The last look at each child, opened. Call inside rows that are open."""
    last = {row.about_id: (row, plain) for row, plain in reads.statements(work, KIND)}
    return [_told(row, plain, viewer, now) for row, plain in last.values()]


def _told(row, plain: dict, viewer: Viewer, now: datetime) -> Told:
    still = row.worker == viewer.worker_id and datetime.fromisoformat(plain["until"]) > now
    teams = Team.objects.filter(agency=row.agency, code__in=plain.get("teams", ())).order_by("name")
    search = UUID(plain["search"]) if still else None
    return Told(row.about_id, plain["said"], SAID[plain["said"]], row.at, tuple(teams), search, plain.get("place", 0))
