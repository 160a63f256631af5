"""Referrals and signed-in people for the tests of referring. No real child has these names."""

from datetime import date

from django.test import Client

from knownto.access import clock
from knownto.access.middleware import SECOND_FACTOR
from knownto.linkage import Address, Evidence
from knownto.partners.reads import by_sign_in_name
from knownto.pathways.frontdoor.referral import Adult, BodyWornVideo, Child, Factor, Referral

HOME = Address(("4 Tallow Row",), "QK1 2AB")


def child(**more):
    usual = {
        "words": "I hide in the bath when it starts.",
        "words_how": "Said to the officer, alone in the kitchen.",
        "impact": "Does not sleep; has stopped talking at school.",
        "seen": "heard",
        "lived": {"environment": "No bed of his own."},
    }
    evidence = Evidence(family_name="Wrenshaw", given_names="Tobias", birth_date=date(2016, 3, 4), addresses=(HOME,))
    return Child(**{"evidence": evidence} | usual | more)


def referral(**more):
    usual = {
        "urgency_asked": "amber",
        "children": (child(),),
        "adults": (
            Adult(
                Evidence(family_name="Wrenshaw", given_names="Dawn"),
                relation="mother",
                parental_responsibility="yes",
                factors=(Factor("substance-misuse", "Asleep when he comes home from school."),),
            ),
        ),
        "what_happened": "Called at 21:10 by a neighbour to shouting. The door was broken, Tobias was in the bath.",
        "when": "Tonight at 21:10",
        "strengths": "His grandmother takes him in.",
        "consent": "told",
        "wants": "Somebody to see the family this week.",
        "level_thought": 3,
        "level_why": "Third call in two months.",
        "body_worn_video": BodyWornVideo(on=True, reference="BWV-104"),
        "writer_phone": "01632 960101",
    }
    return Referral(**usual | more)


def signed_in(sign_in):
    client, at = Client(), clock.now().timestamp()
    client.force_login(by_sign_in_name(sign_in), backend="knownto.site.sign_in.BySealedName")
    session = client.session
    session.update({SECOND_FACTOR: True, "began": at, "last_seen": at, "shared": True, "proved": {"persona": at}})
    session.save()
    return client
