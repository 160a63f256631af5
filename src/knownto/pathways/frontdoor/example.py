"""Examples of each document, of people who do not exist, made by the same shapes as the real ones."""

from datetime import date, datetime

from knownto.disclosure.models import MARKING
from knownto.pathways.frontdoor import document as shape
from knownto.policy import PURPOSES
from knownto.worktime import LONDON

AT = datetime(2026, 11, 16, 9, 30, tzinfo=LONDON)
PROVENANCE = "This is an example. Nobody in it exists."

REFERRAL = shape.Referral(
    sent_at=AT,
    about="child",
    urgency_asked="amber",
    children=[
        shape.Child(
            role="child",
            name="Adaeze Example",
            given_names="Adaeze",
            family_name="Example",
            birth_date=date(2014, 3, 27),
            sex="F",
            addresses=[shape.Address(lines=["14 Heron Row"], postcode="QK1 2AB")],
            nhs_number="9990000018",
            school="Example Primary School",
            seen=shape.Coded(code="heard", words="Seen and spoken to"),
            own_words="I don't like it when they shout.",
            own_words_how="Alone, in the kitchen, in her own words.",
            impact="She stays awake to listen, and is tired at school.",
        )
    ],
    adults=[
        shape.Adult(
            role="parent",
            name="Grace Example",
            given_names="Grace",
            family_name="Example",
            relation="mother",
            lives_there=True,
            parental_responsibility=shape.Coded(code="yes", words="Yes"),
        )
    ],
    what_happened="Neighbours heard shouting. An argument about money; nobody was hurt.",
    when="Sunday 15 November 2026, about 21:00",
    worries="The third time this year.",
    strengths="Grace rang for help herself.",
    consent=shape.Coded(code="agreed", words="The family agrees"),
    wants="Somebody to talk with Grace about help at home.",
    level_thought=2,
    writer="PC Example",
    writer_phone="01632 960101",
    own_reference="EX-2026-0001",
)
OUTCOME = shape.Outcome(
    told_at=AT.replace(hour=16),
    decision=shape.Coded(code="early-help", words="Early help"),
    decided_at=AT.replace(hour=15),
    level=2,
    words="The early help team will ring the family this week.",
)
MINUTES = shape.Minutes(
    discussion="strategy",
    held_at=AT.replace(day=17),
    where="By video",
    quorate=True,
    seats=[
        shape.Seat(
            stands_for="Police", agency=shape.Agency(code="police", name="Example Police"), required=True, came=True
        ),
        shape.Seat(
            stands_for="Health",
            agency=shape.Agency(code="hospital", name="Example Hospital"),
            required=True,
            came=False,
            why_not="Sent a report.",
        ),
    ],
    sections=[shape.Heading(code="decision", heading="Decision", words="Section 47 is not met.")],
)
FILLED = {"referral": {"referral": REFERRAL}, "outcome": {"referral": REFERRAL, "outcome": OUTCOME}}
FILLED |= {"minutes": {"minutes": MINUTES}}


def document(what: str) -> shape.Document:
    """An example of that kind of document. Raises KeyError."""
    purpose = PURPOSES["child-concern"]
    return shape.Document(
        schema_version=shape.VERSION,
        marking=MARKING,
        kind=what,
        reference="7Q4F-2M9X-K",
        pathway=shape.Coded(code="contact", words="Contact about a child"),
        made_at=AT,
        from_agency=shape.Agency(code="police", name="Example Police", team="Response"),
        to_agency=shape.Agency(code="police", name="Example Police"),
        purpose=shape.Coded(code=purpose.code, words=purpose.name),
        basis=purpose.basis,
        provenance=PROVENANCE,
        **FILLED[what],
    )
