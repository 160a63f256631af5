"""The life of a worry about an adult: raised, weighed against section 42, looked at twice where the answer is no."""

from uuid import uuid5

from knownto.pathways.frontdoor import adults, feedback, nights, referring, screening
from knownto.pathways.frontdoor.referral import Adult, Referral
from knownto.town.contacts import SPACE, AtWork, at, seen
from knownto.town.diary import Life, in_office, soon
from knownto.town.worries import AdultWorry, as_known


def adult(worry: AdultWorry, work: AtWork) -> Life:
    """From the referral to the decision, and to whoever raised it."""
    chance, by = worry.chance, work.hands(worry.by)
    now = worry.at
    sent = referring.send(by=by, referral=referral(worry), intent=str(uuid5(SPACE, f"adult-{worry.number}")), now=now)
    identity = sent.episode
    if at(identity).state == "with-night":
        now = soon(now, 80, chance)
        yield now
        night = work.hands("out.of.hours")
        why = "Safe tonight: a neighbour is with them."
        screening.to_day(by=night, episode=identity, why=why, seen=seen(identity), now=now)
        nights.hand_over(by=night, episode=identity, note="Needs a visit before noon.", now=now)
    now = in_office(now, 200, chance)
    yield now
    worker, second = work.hands("adult.social.worker"), work.hands("adult.social.worker.two")
    _accept(identity, worker, now)
    _weigh(worry, identity, worker, now)
    adults.decide(by=worker, episode=identity, wish=_wish(worry), seen=seen(identity), now=now)
    if not worry.section_42:
        now = in_office(now, 120, chance)
        yield now
        words = "I agree: needs are met, and there is no sign of abuse."
        adults.agree(by=second, episode=identity, words=words, now=now)
    now = in_office(now, 300, chance)
    yield now
    if chance.random() < 0.8:
        with feedback.entering(by, identity, feedback.Permission.EPISODE, kind="outcome-read", now=now) as entered:
            feedback.read_outcome(entered=entered, by=by, now=now)
    if worry.section_42:
        now = in_office(now, 60 * 8 * chance.randint(4, 20), chance)
        yield now
        wish = adults.Wish("finish", "The plan is in place and the adult says that it helps.", met=_met(chance))
        adults.decide(by=worker, episode=identity, wish=wish, seen=seen(identity), now=now)


def _met(chance) -> str:
    return chance.choice(tuple(adults.MET))


def _accept(identity, worker, now) -> None:
    try:
        nights.accept(by=worker, episode=identity, take=True, now=now)
    except nights.NothingToAccept:
        return


def _weigh(worry: AdultWorry, identity, worker, now) -> None:
    says = dict.fromkeys(adults.LIMBS, "yes")
    if not worry.section_42:
        says[worry.chance.choice(list(adults.LIMBS))] = "no"
    limbs = {code: adults.Limb(answer, worry.happened) for code, answer in says.items()}
    adults.answer_limbs(by=worker, episode=identity, limbs=limbs, now=now)
    personal = adults.Personal(
        asked="asked",
        wants="To stay at home, and to have somebody ring in the mornings.",
        capacity="has",
        capacity_for="where to live",
        capacity_basis="Talked it through twice, and could say what might go wrong.",
        advocacy="not-needed",
        advocacy_words="A daughter speaks for her when she is tired.",
    )
    adults.make_personal(by=worker, episode=identity, personal=personal, now=now)


def _wish(worry: AdultWorry) -> adults.Wish:
    if worry.section_42:
        return adults.Wish("enquire", f"All three limbs are met. {worry.happened}")
    return adults.Wish("advice", "One of the three limbs is not met; what is needed can be given otherwise.")


def referral(worry: AdultWorry) -> Referral:
    """What whoever raises it writes."""
    known = as_known(worry.adult, worry.at.date().toordinal(), worry.chance)
    person = Adult(known, "adult-at-risk", views="Would like it to stop, and not to be moved.", capacity="yes")
    return Referral(
        kind="adult",
        adults=(person,),
        what_happened=worry.happened,
        when=f"{worry.at:%-d %B}",
        where="At home",
        consent=worry.chance.choice(("agreed", "told")),
        wants="Somebody to visit.",
        level_thought=None,
        urgency_asked=worry.chance.choice(("amber", "green")),
    )
