"""Contacts of a period as rows of our fields, one for each child or adult that a contact is about.

Call inside open rows. Everything is read in a few queries, however many contacts there are.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.timezone import localtime

from knownto.casework import words
from knownto.casework.models import Decision, Episode, Statement
from knownto.firewall import checks
from knownto.firewall.audiences import Audience
from knownto.linkage import Evidence
from knownto.partners import reads as partners
from knownto.pathways.frontdoor import questions
from knownto.pathways.frontdoor.exports.fields import FIELDS
from knownto.pathways.frontdoor.kept_back import letter_for
from knownto.pathways.frontdoor.referral import Adult, Child, Referral
from knownto.worktime import LONDON

PATHWAYS = ("contact", "adult")
OF = {"decided": "What we decided", "referred": "What we referred"}
MOST = 500
SAID = ("referral", "outcome", "their-reference", "quality")

Values = dict[str, str]


@dataclass(frozen=True)
class Period:
    """Whole days in London, both included."""

    since: date
    until: date

    @property
    def span(self) -> tuple[datetime, datetime]:
        first, after = (datetime.combine(day, time(), LONDON) for day in (self.since, self.until + timedelta(days=1)))
        return first, after


@dataclass(frozen=True)
class Line:
    """One row: the contact that it is of, and its values by the names of our fields."""

    episode: UUID
    reference: str
    values: Values


@dataclass(frozen=True)
class _Told:
    """What was said in one contact, latest last of each kind."""

    episode: Episode
    referral: Referral
    referred_at: datetime
    outcome: Mapping[str, Any]
    told_at: datetime | None
    theirs: str
    decision: Decision | None
    rationale: str
    looked: tuple[Statement, Mapping[str, Any]] | None


def contacts(agency: str, of: str, period: Period) -> list[Episode]:
    """That agency's contacts: those it raised in the period, or those it decided in it. At most MOST and one more."""
    since, after = period.span
    found = Episode.objects.filter(pathway__in=PATHWAYS).select_related("from_agency", "from_team", "team")
    if of == "decided":
        found = found.filter(team__agency=agency, closed_at__gte=since, closed_at__lt=after).order_by("closed_at", "id")
    else:
        found = found.filter(from_agency=agency, opened_at__gte=since, opened_at__lt=after).order_by("opened_at", "id")
    return list(found[: MOST + 1])


def lines(episodes: Sequence[Episode], *, of: str, system: str, reader: Audience) -> list[Line]:
    """Their rows. `of`: a code of OF, which says what may be in them. `system`: whose reference is theirs.
    `reader`: for whom; nothing that they must not learn is in them.
    """
    told = [replace(each, referral=letter_for(each.referral, reader).referral) for each in _told(episodes, system)]
    names = partners.names(_workers(told))
    hidden = tuple(name for name, field in FIELDS.items() if field.only not in ("", of))
    found = [
        Line(each.episode.id, each.episode.reference, _values(each, who, of, names, hidden))
        for each in told
        for who in _who(each.referral)
    ]
    plain = checks.document([line.values for line in found], reader)
    return [replace(line, values=values) for line, values in zip(found, plain, strict=True)]


def _workers(told: Iterable[_Told]) -> Iterator[UUID | None]:
    """Whose names are needed: who decided, and who looked at it for the agency that referred."""
    for each in told:
        yield each.decision.worker if each.decision else None
        yield each.looked[0].worker if each.looked else None


def _who(referral: Referral) -> Iterator[Child | Adult]:
    """Whom it is about; somebody unnamed still has a row."""
    about = [adult for adult in referral.adults if adult.role == "adult-at-risk"]
    found = list(referral.children) if referral.kind == "child" else about
    yield from found or [Child(Evidence())]


def _told(episodes: Sequence[Episode], system: str) -> Iterator[_Told]:
    said = _statements(episodes)
    decided = _decided(episodes)
    for episode in episodes:
        mine = said.get(episode.id, {})
        if "referral" not in mine:
            continue  # raised in another way: there is nothing that a referrer wrote
        row, plain = mine["referral"]
        told_row, outcome = mine.get("outcome", (None, {}))
        decision, rationale = decided.get(episode.id, (None, ""))
        yield _Told(
            episode,
            Referral.from_json(plain),
            row.at,
            outcome,
            told_row.at if told_row else None,
            _theirs(mine, system),
            decision,
            rationale,
            mine.get("quality"),
        )


def _theirs(mine: Mapping[str, tuple[Statement, dict[str, Any]]], system: str) -> str:
    return mine[f"their-reference {system}"][1]["reference"] if f"their-reference {system}" in mine else ""


def _statements(episodes: Sequence[Episode]) -> dict[UUID, dict[str, tuple[Statement, dict[str, Any]]]]:
    """The last of each kind said in each; partners' own references by the system that they are of."""
    rows = list(Statement.objects.filter(episode__in=episodes, kind__in=SAID).order_by("at", "id"))
    found: dict[UUID, dict[str, tuple[Statement, dict[str, Any]]]] = {}
    for row, plain in zip(rows, words.opened(rows), strict=True):
        kind = f"{row.kind} {plain['system']}" if row.kind == "their-reference" else row.kind
        found.setdefault(row.episode_id, {})[kind] = (row, plain)
    return found


def _decided(episodes: Sequence[Episode]) -> dict[UUID, tuple[Decision, str]]:
    """The decision that closed each, with its reasons."""
    closed = [episode for episode in episodes if episode.closed_at]
    rows = list(Decision.objects.filter(episode__in=closed).order_by("number"))
    last = {row.episode_id: row for row in rows}
    opened = words.opened(list(last.values()))
    return {key: (row, plain.get("rationale", "")) for (key, row), plain in zip(last.items(), opened, strict=True)}


def _values(told: _Told, who: Child | Adult, of: str, names: Mapping[UUID, str], hidden: Iterable[str]) -> Values:
    values = _of_contact(told) | _of_person(who.evidence) | _of_referral(told.referral)
    values |= _of_decision(told, names) if of == "decided" and told.decision else _of_outcome(told)
    values |= _of_supervision(told, names)
    values |= _of_child(who) if isinstance(who, Child) else {"role": "adult-at-risk", "child_words": who.views}
    return {name: text for name, text in values.items() if text and name not in hidden}


def _of_contact(told: _Told) -> Values:
    row, at = told.episode, localtime(told.referred_at)
    return {
        "reference": row.reference,
        "their_reference": told.theirs,
        "received_on": f"{at:%Y-%m-%d}",
        "received_at": f"{at:%H:%M}",
        "kind": told.referral.kind,
        "referred_by": row.from_agency.name,
        "referred_by_team": row.from_team.name if row.from_team else "",
        "urgency": row.urgency or told.referral.urgency_asked,
    }


def _of_person(evidence: Evidence) -> Values:
    address = evidence.addresses[0] if evidence.addresses else None
    expected = evidence.born_from or evidence.birth_date if evidence.unborn else None
    born = evidence.birth_date if not evidence.unborn else None
    return {
        "family_name": evidence.family_name,
        "given_names": evidence.given_names,
        "other_names": "; ".join(evidence.other_names),
        "born": born.isoformat() if born else "",
        "expected": expected.isoformat() if expected else "",
        "sex": evidence.sex,
        "address": ", ".join(address.lines) if address else "",
        "postcode": address.postcode if address else "",
        "uprn": address.uprn if address else "",
        "nhs_number": evidence.nhs_number,
        "upn": evidence.upn,
        "phone": "; ".join(evidence.phones),
        "email": "; ".join(evidence.emails),
    }


def _of_child(child: Child) -> Values:
    return {
        "role": "child",
        "school": child.school,
        "language": child.language,
        "child_words": child.words,
        "child_words_how": child.words_how or child.words_why_not,
        "lived": "; ".join(f"{_prompt(code)}: {said}" for code, said in child.lived.items()),
        "impact": child.impact,
        "seen": child.seen,
    }


def _prompt(code: str) -> str:
    return next((each.name for each in questions.aware() if each.code == code), code)


def _of_referral(referral: Referral) -> Values:
    plain = referral.to_json()
    same = {name: str(plain[name]) for name in _AS_IT_IS if name in plain}
    video = referral.body_worn_video
    return same | {
        "adults": "; ".join(_adult(each) for each in referral.adults if each.role != "adult-at-risk"),
        "body_worn_video": (video.reference or video.why_not) if video else "",
        "significant_harm": "yes" if referral.significant_harm else "",
        "sexual_abuse": "yes" if referral.sexual_abuse else "",
    }


_AS_IT_IS = (
    "writer", "writer_phone", "what_happened", "when", "where", "worries", "strengths", "consent", "consent_why",
    "wants", "level_thought", "police_reference", "own_reference",
)  # fmt: skip


def _adult(adult: Adult) -> str:
    born = f", born {adult.evidence.birth_date.isoformat()}" if adult.evidence.birth_date else ""
    return f"{adult.name} ({adult.relation or adult.role}{born})"


def _of_decision(told: _Told, names: Mapping[UUID, str]) -> Values:
    """Whoever decided has their decision, whatever the referrer was told of it and when."""
    row = told.decision
    return _of_outcome(told) | {
        "decision": row.kind,
        "level": str(row.level or ""),
        "decided_on": _day(row.at),
        "decided_by": names.get(row.worker, "") if row.worker else "",
        "rationale": told.rationale,
    }


def _of_outcome(told: _Told) -> Values:
    """A referrer has what they were told of it."""
    outcome = told.outcome
    return {
        "decision": outcome.get("kind", ""),
        "level": str(outcome.get("level") or ""),
        "decided_on": _day(datetime.fromisoformat(outcome["at"])) if outcome.get("at") else "",
        "outcome": outcome.get("words", ""),
        "told_on": _day(told.told_at) if told.told_at else "",
    }


def _of_supervision(told: _Told, names: Mapping[UUID, str]) -> Values:
    if told.looked is None:
        return {}
    row, plain = told.looked
    return {
        "supervised_on": _day(row.at),
        "supervised_by": names.get(row.worker, "") if row.worker else "",
        "supervision_marks": "; ".join(f"{code}: {mark}" for code, mark in plain.get("marks", {}).items()),
        "supervision_note": plain.get("note", ""),
    }


def _day(when: datetime) -> str:
    return f"{localtime(when):%Y-%m-%d}"
