"""The document as people read it: headings, questions and answers. One layout for the screen, print and PDF."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.template.loader import render_to_string
from django.utils.timezone import localtime

from knownto.face.times import long_date
from knownto.pathways.frontdoor import document as shape
from knownto.pathways.frontdoor import paper

Pair = tuple[str, str]
KINDS = {"referral": "Referral", "outcome": "Outcome of a referral", "minutes": "Minutes of a discussion"}
ROLES = {
    "child": "Child",
    "parent": "Parent",
    "carer": "Carer",
    "sibling": "Brother or sister",
    "household": "In the household",
    "source-of-harm": "Possible source of harm",
    "adult-at-risk": "Adult this is about",
}


@dataclass(frozen=True)
class Part:
    """A heading, and what is said under it. What was not said is not shown."""

    title: str
    pairs: tuple[Pair, ...]


def heading_of(document: shape.Document) -> str:
    return f"{KINDS[document.kind]} {document.reference}"


def parts_of(document: shape.Document) -> list[Part]:
    """The whole document, the outcome first: it is what its reader waits for."""
    parts = [*_outcome(document.outcome), *_minutes(document.minutes), *_referral(document.referral)]
    return [part for part in parts if part.pairs]


def provenance_of(document: shape.Document) -> list[Pair]:
    """Where it comes from, for whom it is and why it may be shared."""
    raised = ", ".join(filter(None, [document.from_agency.name, document.from_agency.team]))
    theirs = [(f"Reference in {each.system}", each.reference) for each in document.their_references]
    return [
        ("Reference", document.reference),
        *theirs,
        ("Raised by", raised),
        ("For", document.to_agency.name),
        ("Why it is shared", document.purpose.words),
        ("Law", document.basis),
        ("What it comes from", document.provenance),
        ("Made", said(document.made_at)),
    ]


def html_of(document: shape.Document) -> str:
    """The page that the PDF is made of."""
    return render_to_string("frontdoor/document_pdf.html", values_of(document))


def pdf_of(document: shape.Document) -> bytes:
    """Raises NoPaper."""
    return paper.pdf_of(html_of(document))


def values_of(document: shape.Document) -> dict:
    """What the layout's template is given, on screen and on paper."""
    return {
        "heading": heading_of(document),
        "document": document,
        "handling": document.handling,
        "parts": parts_of(document),
        "sources": provenance_of(document),
    }


def said(when: datetime | date | None) -> str:
    if when is None:
        return ""
    if isinstance(when, datetime):
        local = localtime(when)
        return f"{long_date(local.date())}, {local:%H:%M}"
    return long_date(when)


def _answered(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    return tuple((question, answer) for question, answer in pairs if answer)


def _outcome(outcome: shape.Outcome | None) -> Iterator[Part]:
    if outcome:
        pairs = (
            ("Decision", _words(outcome.decision)),
            ("Level of need", str(outcome.level or "")),
            ("Decided", said(outcome.decided_at)),
            ("What the referrer was told", outcome.words),
            ("What happens next", outcome.next),
            ("Told", said(outcome.told_at)),
        )
        yield Part("Outcome", _answered(pairs))


def _referral(referral: shape.Referral | None) -> Iterator[Part]:
    if referral is None:
        return
    yield Part("What happened", _answered(_story(referral)))
    for child in referral.children:
        yield Part(f"{ROLES[child.role]}: {child.name}", _answered([*_who(child), *_life(child)]))
    for adult in referral.adults:
        yield Part(f"{ROLES[adult.role]}: {adult.name}", _answered([*_who(adult), *_standing(adult)]))
    yield Part("How this was sent", _answered(_sending(referral)))


def _story(referral: shape.Referral) -> Iterator[Pair]:
    yield "What happened", referral.what_happened
    yield "When", referral.when
    yield "Where", referral.where
    yield "Worries", referral.worries
    yield "What is going well", referral.strengths
    yield "The household", referral.household_notes
    yield "Significant harm suspected", _yes(referral.significant_harm)
    yield "Sexual abuse suspected", _yes(referral.sexual_abuse)
    yield "What the referrer wants", referral.wants
    yield "Level of need, as the referrer thinks", str(referral.level_thought or "")
    yield "Why that level", referral.level_why


def _sending(referral: shape.Referral) -> Iterator[Pair]:
    yield "The family", _words(referral.consent)
    yield "Why", referral.consent_why
    yield "Urgency asked for", referral.urgency_asked
    yield "Written by", referral.writer
    yield "Telephone", referral.writer_phone
    yield "Sent", said(referral.sent_at)
    yield "Police reference", referral.police_reference
    yield "The agency's own number", referral.own_reference
    if video := referral.body_worn_video:
        yield "Body-worn video", video.reference or f"Not recorded: {video.why_not or 'no reason given'}"


def _who(person: shape.Person) -> Iterator[Pair]:
    yield "Other names", ", ".join(person.other_names)
    yield "Expected" if person.unborn else "Born", _born(person)
    yield "Sex", person.sex
    yield "Relation to the first child", person.relation
    yield "Address", "\n".join(_address(each) for each in person.addresses)
    yield "Telephone", ", ".join(person.phones)
    yield "Email", ", ".join(person.emails)
    yield "NHS number", person.nhs_number
    yield "Unique pupil number", person.upn


def _born(person: shape.Person) -> str:
    if person.birth_date:
        return said(person.birth_date)
    return f"between {said(person.born_from)} and {said(person.born_to)}" if person.born_from else ""


def _address(address: shape.Address) -> str:
    return ", ".join(filter(None, [*address.lines, address.postcode]))


def _life(child: shape.Child) -> Iterator[Pair]:
    yield "School or nursery", child.school
    yield "First language", child.language
    yield "Was the child seen?", _words(child.seen)
    yield "The child's own words", child.own_words
    yield "How they were heard", child.own_words_how
    yield "Why there are none", child.own_words_why_not
    yield from ((each.heading, each.words) for each in child.lived_experience)
    yield "What this does to the child", child.impact


def _standing(adult: shape.Adult) -> Iterator[Pair]:
    yield "Parental responsibility", _words(adult.parental_responsibility)
    yield "Lives with the child", _yes(adult.lives_there)
    yield from ((each.heading, each.words or "Yes") for each in adult.factors)
    yield "Their own views", adult.views
    yield "What they want to happen", adult.wanted_outcome
    yield "Capacity", _words(adult.capacity)
    yield "About their capacity", adult.capacity_why


def _minutes(minutes: shape.Minutes | None) -> Iterator[Part]:
    if minutes is None:
        return
    pairs = (
        ("Held", said(minutes.held_at)),
        ("Where", minutes.where),
        ("Quorate", "Yes" if minutes.quorate else f"No. {minutes.why_not_quorate}".strip()),
        *((each.heading, each.words) for each in minutes.sections),
    )
    yield Part("The discussion", _answered(pairs))
    yield Part(
        "Who was there", tuple((f"{each.stands_for} ({each.agency.name})", _came(each)) for each in minutes.seats)
    )
    yield Part("What was agreed", tuple((each.heading, each.words) for each in minutes.actions))


def _came(seat: shape.Seat) -> str:
    here = "Came" if seat.came else "Did not come"
    informed = "sent information" if seat.sent_information else ""
    return ". ".join(filter(None, [", ".join(filter(None, [here, informed])), seat.why_not]))


def _words(coded: shape.Coded | None) -> str:
    return coded.words if coded else ""


def _yes(true: bool) -> str:
    return "Yes" if true else ""
