"""The life of a worry about a child, from the referral to its outcome: what each person does, and when.

Lived through the same acts as everybody's. What goes wrong in real hubs goes wrong here too, now and then: an answer
that never comes, an outcome that nobody reads, a decision that a school disagrees with.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid5

from knownto.access.acts import system
from knownto.casework import answering
from knownto.casework.models import Answer, Ask, Episode
from knownto.linkage import Evidence
from knownto.partners import offices
from knownto.partners.models import Team
from knownto.pathways.frontdoor import (
    challenging,
    checking,
    deciding,
    feedback,
    gate,
    health,
    nights,
    recognised,
    referring,
    screening,
    supervising,
    targeting,
)
from knownto.pathways.frontdoor.referral import Adult, BodyWornVideo, Child, Factor, Referral
from knownto.town.aftermath import following
from knownto.town.diary import Life, in_office, soon
from knownto.town.people import Person
from knownto.town.people_at_work import Hands
from knownto.town.worries import Worry, as_known, expected

SPACE = UUID("6f6b6e6f-776e-746f-8000-000000000001")  # the names of intents, so that a build is the same each time
NEVER_ANSWERED, UNREAD, UNMARKED, DISAGREES = 0.08, 0.12, 0.1, 0.03
AGENCY_OF = {"officer": "police", "school.lead": "school", "health.visitor": "hospital", "gp": "gp"}
SUPERVISORS = {
    "officer": "police.supervisor",
    "health.visitor": "health.supervisor",
    "school.lead": "head.teacher",
    "gp": "practice.manager",
}
ANSWERERS = {
    "police": "police.hub",
    "gp": "gp",
    "school": "school.lead",
    "mental-health": "mental.health",
    "substance-misuse": "lodestone",
    "childrens-social-care": "social.worker",
    "adult-social-care": "adult.social.worker",
}
SAYS = {
    "police": "Two calls to the address in the year, both for arguments. No conviction for violence in the household.",
    "gp": "Registered as a family since 2021. Last seen in the spring. Nothing in the notes of an injury.",
    "school": "Attendance 86%. Often tired on Mondays. Talks readily to one teaching assistant.",
    "mental-health": "Seen twice in the summer and then discharged after missed appointments.",
    "substance-misuse": "In treatment since March, and comes. Has asked for help with childcare.",
    "childrens-social-care": "An earlier assessment was closed with no further action.",
    "adult-social-care": "A care package for the grandmother, who lives in the house.",
}
WEIGHED = (
    "What we know: {happened}\n\nWhat it means for the child: {impact}\n\n"
    "Why this level: the family's strengths and what is already in place were weighed with it."
)


Begin = Callable[[datetime, Life], None]


@dataclass(frozen=True)
class AtWork:
    """What every life needs: the hands that do it."""

    hands: Hands


def contact(worry: Worry, work: AtWork, begin: Begin) -> Life:
    """From the referral on. What it leads to is another life, which `begin` sets going."""
    chance, by = worry.chance, work.hands(worry.by)
    now = worry.at
    sent = referring.send(by=by, referral=referral(worry), intent=str(uuid5(SPACE, str(worry.number))), now=now)
    identity = sent.episode
    with_night = nights.is_night(now)
    if with_night and chance.random() < 0.45 and worry.outcome != "strategy":
        now = soon(now, 90, chance)
        yield now
        _leave_for_the_day(identity, worry, work, now)
        with_night = False
    decided = _decided_at_night if with_night else _screened
    for moment in decided(identity, worry, work, now):
        now = moment
        yield now
    begin(now, following(identity, chance, work.hands, now))
    begin(now, _marked(identity, worry, work, now))
    yield from _outcome_read(identity, worry, work, now)


def _marked(identity: UUID, worry: Worry, work: AtWork, now: datetime) -> Life:
    """A supervisor of the writer's agency reads it, mostly in time, and says how good it was."""
    chance, supervisor = worry.chance, SUPERVISORS.get(worry.by)
    if supervisor is None or chance.random() < UNMARKED:
        return
    now = in_office(now, 480, chance)
    yield now
    marks = {each.code: chance.choice((2, 3, 3, 4)) for each in supervising.rubric()}
    note = chance.choice(("Clear, and about the child. Thank you.", "Say what the child said in their own words."))
    supervising.mark(by=work.hands(supervisor), episode=identity, marks=marks, note=note, now=now)


def _leave_for_the_day(identity: UUID, worry: Worry, work: AtWork, now: datetime) -> None:
    """The night reads it, sees that it can wait, and hands it over."""
    night = work.hands("out.of.hours")
    if at(identity).state != "with-night":
        return
    screening.to_day(
        by=night, episode=identity, why="Safe until the morning: seen with family.", seen=seen(identity), now=now
    )
    nights.hand_over(by=night, episode=identity, note="Ring the school before nine.", now=now)


def _decided_at_night(identity: UUID, worry: Worry, work: AtWork, now: datetime) -> Life:
    chance, night = worry.chance, work.hands(worry.chance.choice(("out.of.hours", "night.two")))
    now = soon(now, 70, chance)
    yield now
    if at(identity).state == "with-night":
        _decide(identity, worry, night, now)
        if chance.random() < 0.8:
            nights.hand_over(by=night, episode=_where_it_goes_on(identity), note=worry.happened[:200], now=now)
    now = in_office(now, 45, chance)
    yield now
    _accept(identity, work, now)


def _accept(identity: UUID, work: AtWork, now: datetime) -> None:
    for each in {identity, _where_it_goes_on(identity)}:
        with system("town"):
            waits = Ask.objects.filter(episode=each, kind="handover", answered_at=None).exists()
        if waits:
            nights.accept(by=work.hands("screener"), episode=each, take=False, now=now)


def _screened(identity: UUID, worry: Worry, work: AtWork, now: datetime) -> Life:
    chance = worry.chance
    now = in_office(now, 20 if worry.urgency == "red" else 55, chance)
    yield now
    _accept(identity, work, now)
    if at(identity).state not in ("received", "screening"):
        return
    screener = work.hands(chance.choice(("screener", "screener", "screener.two")))
    if at(identity).state == "received":
        screening.take(by=screener, episode=identity, seen=seen(identity), now=now)
    screening.rate(
        by=screener, episode=identity, urgency=worry.urgency, why=RATED[worry.urgency], seen=seen(identity), now=now
    )
    now = in_office(now, 25, chance)
    yield now
    if _open_case(identity) and chance.random() < 0.8:
        team = offices.team_of("safeguarding")
        why = "The family has a worker there, who knows them."
        screening.route(by=screener, episode=identity, to=team, why=why, seen=seen(identity), now=now)
    elif worry.outcome in ("assessment", "strategy", "early-help") or chance.random() < 0.25:
        yield from _checked(identity, worry, work, screener, now)
        return
    else:
        _decide(identity, worry, screener, now)


RATED = {
    "red": "Somebody may be hurt today.",
    "amber": "Nobody is in danger tonight, and it should not wait for the week.",
    "green": "There is time to talk with the family first.",
}


def _open_case(identity: UUID) -> bool:
    """Is an open piece of support or protection about the same child?"""
    with system("town"):
        work = Episode.objects.get(pk=identity)
        return any(each.sort == "already-open" for each in recognised.look(work, work.opened_at))


def _checked(identity: UUID, worry: Worry, work: AtWork, screener, now: datetime) -> Life:
    """Partners are asked, answer or do not, health analyses, and a manager decides."""
    chance = worry.chance
    if worry.harm and worry.outcome == "strategy":
        _decide(identity, worry, work.hands("hub.manager"), now)
        return
    told = chance.random() < 0.75
    gate.say_standing(
        by=screener,
        episode=identity,
        standing="told" if told else "dispensed",
        who="Mother, by telephone" if told else "",
        why="" if told else "Telling them now could put the child at risk of being spoken to first.",
        now=now,
    )
    picks = _partners(worry)
    checks = checking.Round("section-17", picks, _everybody(identity), worry.happened, shown=targeting.Shown())
    checking.ask_partners(by=screener, episode=identity, round=checks, seen=seen(identity), now=now)
    for ask, team in _asked(identity):
        now = in_office(now, 40, chance)
        yield now
        _answer(ask, team, worry, work, now)
    if any(pick.agency == "hospital" for pick in picks):
        now = in_office(now, 60, chance)
        yield now
        _analyse(identity, worry, work, now)
    now = in_office(now, 45, chance)
    yield now
    _stop_waiting(identity, screener, now)
    with_checks = at(identity)
    if with_checks.state == "checks":
        checking.done(by=screener, episode=identity, rationale="What was asked is in.", seen=seen(identity), now=now)
    now = in_office(now, 60, chance)
    yield now
    _decide(identity, worry, work.hands("hub.manager"), now)


def _partners(worry: Worry) -> tuple[checking.Pick, ...]:
    reason = "They are likely to know the family, from what was sent."
    wanted = ["police", "hospital"]
    if worry.by != "gp" and worry.chance.random() < 0.4:
        wanted.append("gp")
    if worry.kind.factor == "substance-misuse":
        wanted.append("substance-misuse")
    picks = [checking.Pick(_team(code), reason) for code in wanted if code != AGENCY_OF.get(worry.by)]
    school = next((child.school for child in worry.children if child.school), "")
    with_school = Team.objects.filter(agency="school", code=school).first() if school else None
    if with_school and worry.by != "school.lead":
        picks.append(checking.Pick(with_school, reason))
    return tuple(picks)


def _team(agency: str) -> Team:
    return offices.team_of("health") if agency == "hospital" else offices.front_door_of(agency)


def _everybody(identity: UUID) -> frozenset[UUID]:
    with system("town"):
        found = Episode.objects.get(pk=identity).participations.filter(part="about", until=None)
        return frozenset(found.values_list("pk", flat=True))


def _asked(identity: UUID) -> list[tuple[UUID, Team]]:
    with system("town"):
        rows = Ask.objects.filter(episode=identity, answered_at=None).select_related("to_team")
        return [(row.pk, row.to_team) for row in rows if row.kind in ("check", "gp-request")]


def _answer(ask: UUID, team: Team, worry: Worry, work: AtWork, now: datetime) -> None:
    """Most answer; some know nothing; a few never do."""
    chance = worry.chance
    by = ANSWERERS.get(team.agency_id)
    if by is None or chance.random() < NEVER_ANSWERED:
        return
    viewer = work.hands(by)
    if not _works_there(viewer, team):
        return
    known = chance.random() < 0.75
    answering.reply(
        by=viewer,
        ask=ask,
        answer=Answer.ANSWERED if known else Answer.NOTHING_KNOWN,
        words=SAYS[team.agency_id] if known else "",
        now=now,
    )


def _works_there(viewer, team: Team) -> bool:
    return Team.objects.filter(pk=team.pk, worker=viewer.worker_id).exists()


def _analyse(identity: UUID, worry: Worry, work: AtWork, now: datetime) -> None:
    """The hub's health practitioner puts together what health knows, and signs it."""
    nurse = work.hands("hub.health")
    with system("town"):
        asked = Ask.objects.filter(episode=identity, kind="health-check", answered_at=None).exists()
    if not asked or worry.chance.random() < NEVER_ANSWERED:
        return
    source = health.Source("health-visitor", "known", "Seen at the two-year review; weight and speech as expected.")
    health.add_source(by=nurse, episode=identity, source=source, now=now)
    analysis = health.Analysis(
        means=f"Health's information fits what was seen. {worry.kind.impact[0]}",
        significance="It adds weight to the worry, and is not new by itself.",
        gaps="The dentist has not answered, and there is no record of the last year's eye test.",
        role="Named nurse",
    )
    health.sign(by=nurse, episode=identity, analysis=analysis, now=now)


def _stop_waiting(identity: UUID, screener, now: datetime) -> None:
    """Whoever never answered is not waited for, and it is written down why."""
    with system("town"):
        silent = list(
            Ask.objects.filter(
                episode=identity, kind__in=("check", "gp-request", "health-check"), answered_at=None
            ).values_list("pk", flat=True)
        )
        answered = list(
            Ask.objects.filter(episode=identity, kind="gp-request", answer=Answer.ANSWERED).values_list("pk", flat=True)
        )
    if silent:
        why = "No answer in time, and what is known is enough to decide on."
        checking.not_wait(by=screener, episode=identity, asks=silent, why=why, now=now)
    for ask in answered:
        checking.say_used(by=screener, episode=identity, ask=ask, words="Weighed with what the school says.", now=now)


def _decide(identity: UUID, worry: Worry, by, now: datetime) -> None:
    """Decide what the worry comes to, as whoever may."""
    level = {"no-further-action": 1, "advice": 2, "early-help": 3, "assessment": 4, "strategy": 4}[worry.outcome]
    rationale = WEIGHED.format(happened=worry.happened, impact=worry.chance.choice(worry.kind.impact))
    deciding.decide(
        by=by,
        episode=identity,
        move=worry.outcome,
        level=level,
        rationale=rationale,
        override_why="What is known by now weighs differently from what could be seen when it was sent.",
        seen=seen(identity),
        now=now,
    )


def _outcome_read(identity: UUID, worry: Worry, work: AtWork, now: datetime) -> Life:
    """The referrer reads what became of it, mostly; a school now and then disagrees; the supervisor looks at it."""
    chance, by = worry.chance, work.hands(worry.by)
    if chance.random() < UNREAD:
        return
    now = in_office(now, 300, chance)
    yield now
    if at(identity).closed_at is None:
        return
    with feedback.entering(by, identity, feedback.Permission.EPISODE, kind="outcome-read", now=now) as entered:
        feedback.read_outcome(entered=entered, by=by, now=now)
    if worry.outcome in ("no-further-action", "advice") and chance.random() < DISAGREES * 3:
        yield from _disagreed(identity, worry, work, now)


def _disagreed(identity: UUID, worry: Worry, work: AtWork, now: datetime) -> Life:
    """A disagreement: answered at the first stage, or taken on."""
    chance, by = worry.chance, work.hands(worry.by)
    said = challenging.Disagreement("We see this child every day and it is getting worse.", "An assessment.", 4)
    row = challenging.challenge(by=by, episode=identity, disagreement=said, now=now)
    now = in_office(now, 180, chance)
    yield now
    manager = work.hands("hub.manager")
    words = "We have read it again with what you add. Early help is offered now; ring if that changes."
    challenging.answer(by=manager, challenge=row.id, words=words, now=now)
    now = in_office(now, 240, chance)
    yield now
    if chance.random() < 0.6:
        why = "That meets what we were worried about."
        challenging.agree(by=by, challenge=row.id, why=why, seen=seen(row.id), now=now)
    else:
        why = "The offer has been refused by the family, as we said it would be."
        challenging.take_further(by=by, challenge=row.id, why=why, seen=seen(row.id), now=now)


def at(identity: UUID) -> Episode:
    """The episode as it stands."""
    with system("town"):
        return Episode.objects.get(pk=identity)


def seen(identity: UUID) -> int:
    return at(identity).decided


def _where_it_goes_on(identity: UUID) -> UUID:
    with system("town"):
        after = Episode.objects.filter(parent=identity, closed_at=None).exclude(pathway="challenge").first()
        return after.id if after else identity


# The referral


def referral(worry: Worry) -> Referral:
    """What whoever raises it writes."""
    kind, chance = worry.kind, worry.chance
    police = worry.by in ("officer", "officer.two")
    return Referral(
        kind="child",
        urgency_asked=worry.urgency,
        children=_children(worry),
        adults=tuple(_adult(person, worry) for person in worry.adults[:2]),
        what_happened=worry.happened,
        when=f"{worry.at - timedelta(hours=chance.randint(1, 20)):%-d %B, about %H:00}",
        where=chance.choice(kind.where),
        worries=worry.happened.split(". ")[-1],
        strengths=chance.choice(("", "The grandmother visits every day.", "Comes to school and likes it.")),
        consent="unsafe" if worry.harm else chance.choice(("agreed", "told", "told", "not-sought")),
        consent_why="It could put the child at risk." if worry.harm else "The parent could not be reached today.",
        wants=chance.choice(
            ("Advice on what to do next.", "Somebody to see the family.", "To know whether others worry.")
        ),
        level_thought=chance.choice((2, 3, 3, 4)) if chance.random() < 0.8 else None,
        level_why="It has happened more than once.",
        significant_harm=worry.harm,
        sexual_abuse=kind.sexual,
        body_worn_video=_video(chance) if police else None,
        police_reference=f"20/{chance.randint(10000, 99999)}/26" if police else "",
    )


def _video(chance: Random) -> BodyWornVideo:
    if chance.random() < 0.7:
        return BodyWornVideo(True, f"BWV-{chance.randint(100000, 999999)}")
    return BodyWornVideo(False, "", "Battery was empty at the end of the shift.")


def _children(worry: Worry) -> tuple[Child, ...]:
    chance, kind = worry.chance, worry.kind
    if kind.unborn:
        return (Child(expected(worry.day, chance), impact=chance.choice(kind.impact)),)
    return tuple(_child(person, worry, eldest=not place) for place, person in enumerate(worry.children[:4]))


def _child(person: Person, worry: Worry, *, eldest: bool) -> Child:
    chance, kind = worry.chance, worry.kind
    talks = person.age_on(worry.day) >= 4
    heard = talks and bool(kind.words) and chance.random() < 0.55
    return Child(
        as_known(person, worry.day, chance),
        relation="" if eldest else "brother or sister",
        school=person.school,
        seen="heard" if heard else chance.choice(("seen", "seen", "not-seen")),
        words=chance.choice(kind.words) if heard else "",
        words_how="Alone with me, in the quiet room." if heard else "",
        words_why_not="" if heard else ("Was asleep." if talks else "Too young to say."),
        lived={"appearance": "Tired, dressed for the weather."} if chance.random() < 0.4 else {},
        impact=chance.choice(kind.impact) if eldest or chance.random() < 0.5 else "",
    )


def _adult(person: Person, worry: Worry) -> Adult:
    known: Evidence = as_known(person, worry.day, worry.chance)
    factor = (Factor(worry.kind.factor, worry.chance.choice(worry.kind.impact)),)
    affected = worry.chance.random() < 0.5
    return Adult(
        known, "parent", parental_responsibility="not-known", lives_there=True, factors=factor if affected else ()
    )
