"""Fill the document from a piece of work. Call inside open rows; what was said after `until` is not in it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from knownto.access.refusals import NotPossibleNow
from knownto.casework import reads, words
from knownto.casework.models import Episode, Invitation, Meeting, Statement
from knownto.casework.register import pathway
from knownto.disclosure.models import MARKING
from knownto.firewall import audiences, checks
from knownto.firewall.audiences import Audience
from knownto.linkage import Evidence
from knownto.partners import reads as partners
from knownto.partners.models import Team
from knownto.pathways.frontdoor import document as shape
from knownto.pathways.frontdoor import questions
from knownto.pathways.frontdoor import referral as told
from knownto.pathways.frontdoor.holding import INVESTIGATIONS
from knownto.pathways.frontdoor.kept_back import letter_for
from knownto.pathways.frontdoor.seating import name_of
from knownto.policy import PURPOSES

FROM_THE_REFERRER = "As the referrer wrote it. Nothing was looked up, added or put right."
FROM_THE_HUB = "The referral as its writer wrote it; the outcome as the front door told it to the referrer."
FROM_THE_DISCUSSION = "As it was written down at the discussion."
PROVENANCE = {"referral": FROM_THE_REFERRER, "outcome": FROM_THE_HUB, "minutes": FROM_THE_DISCUSSION}
# Why a copy of work on that pathway is shared, as the purposes that the law knows.
PURPOSE_OF = {"adult": "adult-concern", "protection": "section-47", "support": "section-17"}
USUAL_PURPOSE = "child-concern"


class NothingToSay(NotPossibleNow):
    """The work holds nothing of that kind: no referral was written, no outcome told, no discussion held."""

    def __init__(self, what: str) -> None:
        super().__init__("nothing-to-say", f"There is no {what} in this work yet.")


@dataclass(frozen=True)
class Wanted:
    """Which document: of what, for which agency, made when, with what was said until when.

    `handling`: what must not be passed on, where a court or somebody's safety says so. `reader`: for whom it is made,
    where it is not their agency's system.
    """

    what: str
    to_agency: str
    made_at: datetime
    until: datetime
    handling: str = ""
    reader: Audience | None = None

    @property
    def audience(self) -> Audience:
        """Who reads it: that agency's system, unless it is made for somebody in particular."""
        return self.reader or audiences.to_agency(self.to_agency)


def document_of(episode: Episode, wanted: Wanted) -> shape.Document:
    """That document. Raises NothingToSay, and KeyError for a `what` there is not."""
    filled = _filled(episode, wanted)
    plain = checks.document(filled.model_dump(mode="json"), wanted.audience)
    return shape.Document.model_validate_json(json.dumps(plain))


def _filled(episode: Episode, wanted: Wanted) -> shape.Document:
    path, purpose = pathway(episode.pathway), PURPOSES[purpose_of(episode)]
    names = partners.agency_names()
    team = episode.from_team.name if episode.from_team else ""
    return shape.Document(
        schema_version=shape.VERSION,
        marking=MARKING,
        kind=wanted.what,
        reference=episode.reference,
        pathway=shape.Coded(code=path.code, words=path.name),
        made_at=localtime(wanted.made_at),
        from_agency=shape.Agency(code=episode.from_agency_id, name=names[episode.from_agency_id], team=team),
        to_agency=shape.Agency(code=wanted.to_agency, name=names[wanted.to_agency]),
        purpose=shape.Coded(code=purpose.code, words=purpose.name),
        basis=purpose.basis,
        provenance=PROVENANCE[wanted.what],
        handling=wanted.handling,
        their_references=their_references(episode),
        **_FILLS[wanted.what](episode, wanted),
    )


def purpose_of(episode: Episode) -> str:
    return PURPOSE_OF.get(episode.pathway, USUAL_PURPOSE)


def their_references(episode: Episode) -> list[shape.Reference]:
    """What partners' own systems call it: of each system the latest."""
    said = {plain["system"]: plain["reference"] for _, plain in reads.statements(episode, "their-reference")}
    return [shape.Reference(system=system, reference=reference) for system, reference in sorted(said.items())]


def _of_referral(episode: Episode, wanted: Wanted) -> dict[str, Any]:
    found = _last(episode, "referral", wanted.until)
    if found is None:
        raise NothingToSay("referral")
    letter = letter_for(told.Referral.from_json(found[1]), wanted.audience)
    return {"referral": _referral(letter.referral, found[0].at)}


def _of_outcome(episode: Episode, wanted: Wanted) -> dict[str, Any]:
    """The outcome, and the referral that it is the outcome of: for support or protection that of the contact before."""
    found = _last(episode, "outcome", wanted.until)
    if found is None:
        raise NothingToSay("outcome")
    said, plain = found
    outcome = shape.Outcome(
        told_at=localtime(said.at),
        decision=shape.Coded(code=plain["kind"], words=plain["name"]) if plain.get("kind") else None,
        decided_at=localtime(datetime.fromisoformat(plain["at"])) if plain.get("at") else None,
        level=plain.get("level"),
        words=plain.get("words", ""),
        next=plain.get("next", ""),
    )
    return _referral_before(episode, wanted) | {"outcome": outcome}


def _referral_before(episode: Episode | None, wanted: Wanted) -> dict[str, Any]:
    while episode is not None:
        try:
            return _of_referral(episode, wanted)
        except NothingToSay:
            episode = episode.parent
    return {}


def _last(episode: Episode, kind: str, until: datetime) -> tuple[Statement, dict[str, Any]] | None:
    """What was said last of that kind: a correction comes after what it corrects."""
    return next((each for each in reversed(reads.statements(episode, kind)) if each[0].at <= until), None)


def _referral(said: told.Referral, at: datetime) -> shape.Referral:
    plain = said.to_json()
    video = said.body_worn_video
    return shape.Referral(
        sent_at=localtime(at),
        about=said.kind,
        children=[_child(child) for child in said.children],
        adults=[_adult(adult) for adult in said.adults],
        consent=_coded(told.CONSENT, said.consent),
        body_worn_video=shape.BodyWornVideo(**video.to_json()) if video else None,
        **{name: plain[name] for name in _AS_IT_IS if name in plain},
    )


_AS_IT_IS = (
    "urgency_asked", "household_notes", "what_happened", "when", "where", "worries", "strengths", "consent_why",
    "wants", "level_thought", "level_why", "significant_harm", "sexual_abuse", "police_reference", "own_reference",
    "writer", "writer_phone",
)  # fmt: skip


def _child(child: told.Child) -> shape.Child:
    return shape.Child(
        **_person(child.name, child.evidence),
        role="child",
        relation=child.relation,
        school=child.school,
        language=child.language,
        seen=_coded(told.SEEN, child.seen),
        own_words=child.words,
        own_words_how=child.words_how,
        own_words_why_not=child.words_why_not,
        lived_experience=[_named(questions.aware(), code, each) for code, each in child.lived.items()],
        impact=child.impact,
    )


def _adult(adult: told.Adult) -> shape.Adult:
    return shape.Adult(
        **_person(adult.name, adult.evidence),
        role=adult.role,
        relation=adult.relation,
        parental_responsibility=_coded(told.PARENTAL_RESPONSIBILITY, adult.parental_responsibility),
        lives_there=adult.lives_there,
        factors=[_named(questions.factors(), factor.code, factor.effect) for factor in adult.factors],
        views=adult.views,
        wanted_outcome=adult.outcome,
        capacity=_coded(told.CAPACITY, adult.capacity),
        capacity_why=adult.capacity_why,
    )


def _person(name: str, evidence: Evidence) -> dict[str, Any]:
    known = {field: value for field, value in evidence.to_json().items() if field in shape.Person.model_fields}
    return {"name": name} | known


def _named(table: Iterable[questions.Named], code: str, said: str) -> shape.Heading:
    """Under the heading that its question has. One that is no longer asked is named after its code."""
    heading = next((each.name for each in table if each.code == code), "")
    return shape.Heading(code=code, heading=heading, words=said) if heading else _heading(code, said)


def _heading(code: str, said: str) -> shape.Heading:
    return shape.Heading(code=code, heading=code.replace("-", " ").capitalize(), words=said)


def _coded(table: Mapping[str, str], code: str) -> shape.Coded | None:
    return shape.Coded(code=code, words=table.get(code, code)) if code else None


def _of_minutes(episode: Episode, wanted: Wanted) -> dict[str, Any]:
    found = _last(episode, "minutes", wanted.until)
    if found is None:
        raise NothingToSay("discussion with minutes")
    held = Meeting.objects.get(pk=found[1]["meeting"], episode=episode)
    [plain] = words.opened([held])
    minutes = shape.Minutes(
        discussion=held.kind,
        held_at=localtime(held.held_at),
        where=plain.get("where", ""),
        quorate=bool(held.quorate),
        why_not_quorate=plain.get("why_not_quorate", ""),
        seats=_seats(held),
        sections=list(_sections(found[1], plain)),
        actions=_actions(episode, held),
    )
    return {"minutes": minutes}


def _seats(held: Meeting) -> list[shape.Seat]:
    rows = list(Invitation.objects.filter(meeting=held).select_related("team").order_by("office", "agency"))
    names = partners.agency_names()
    return [
        shape.Seat(
            stands_for=name_of(held.kind, row.office),
            agency=shape.Agency(code=row.agency, name=names.get(row.agency, row.agency), team=row.team.name),
            required=row.required,
            came=bool(row.attended),
            sent_information=row.informed,
            why_not=plain.get("why_not", ""),
        )
        for row, plain in zip(rows, words.opened(rows), strict=True)
    ]


def _sections(minutes: Mapping[str, Any], held: Mapping[str, Any]) -> Iterator[shape.Heading]:
    """What the minutes say, and what was written down when it was held."""
    said = {
        "minutes": minutes.get("words", ""),
        "why-this-version": minutes.get("why", ""),
        "agenda": held.get("agenda", ""),
        "discussed": held.get("discussed", ""),
        "investigation": INVESTIGATIONS.get(held.get("investigation", ""), ""),
        "joint-review": held.get("review_on", ""),
    }
    yield from (_heading(code, text) for code, text in said.items() if text)


def _actions(episode: Episode, held: Meeting) -> list[shape.Heading]:
    return [
        shape.Heading(code=ask.reference, heading=_who_and_when(ask.to_team, ask.clock.due_at), words=plain["question"])
        for ask, plain in reads.asks(episode, "action")
        if ask.meeting_id == held.pk
    ]


def _who_and_when(team: Team, due: datetime) -> str:
    return f"{team.agency.name}, {team.name}, by {localtime(due):%-d %B %Y, %H:%M}"


_FILLS = {"referral": _of_referral, "outcome": _of_outcome, "minutes": _of_minutes}
