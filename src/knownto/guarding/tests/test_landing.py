"""What partners send of a sealed person lands nowhere that anybody looks; and what is of somebody else does."""

from datetime import timedelta

import pytest

from knownto.access.acts import system
from knownto.feeds.models import Contact, Feed, Record
from knownto.footprint.answers import Found, NothingKnown
from knownto.footprint.tests.partnership import AMY, AMYS_NUMBER, JOE
from knownto.guarding import acts, keeping, reads
from knownto.guarding.entering import guards_own
from knownto.guarding.models import Kept, Token
from knownto.identity import acts as identity
from knownto.keyring import acts as keyring
from knownto.keyring import guard
from knownto.keyring.models import WrappedKey
from knownto.ledger.models import Entry

ATTENDED = {"record_id": "R9", "contact_id": "K1", "category": "emergency_attendance", "team": "emergency-department"}


def sent(who, day, **more):
    return who | ATTENDED | {"started_on": day.isoformat(), "status": "closed"} | more


def held(agency="hospital"):
    with system("test"):
        return Record.objects.filter(agency=agency).count(), Contact.objects.filter(agency=agency).count()


@pytest.fixture
def seal(guarded):
    return guarded.seal()


def test_a_new_row_of_a_sealed_person_is_sealed_at_landing(guarded, seal):
    before, feed = held(), Feed.objects.values_list("records", "contacts").get(pk="hospital")
    file = guarded.send(
        "hospital", sent(AMY | AMYS_NUMBER, guarded.town.today), sent(JOE, guarded.town.today, record_id="R10")
    )
    assert file.state == "landed" and file.added == 2  # the sender is told that both came
    assert held() == (before[0] + 1, before[1] + 1)
    assert Feed.objects.values_list("records", "contacts").get(pk="hospital") == (feed[0] + 1, feed[1] + 1)
    assert Entry.objects.filter(kind="file-landed").latest("id").because.startswith("1 added")
    identity.catch_up(now=guarded.now)
    assert isinstance(guarded.search(), NothingKnown)
    with guards_own():
        assert len([whole for _, whole in keeping.opened(Kept.objects.filter(agency="hospital"))]) == 2


def test_a_row_that_may_be_of_them_waits_for_the_desk(guarded, seal):
    mistyped = AMY | {"date_of_birth": "2016-02-13", "given_names": "Amelie"}
    guarded.send("hospital", sent(mistyped, guarded.town.today))
    before = held()
    [waits] = reads.waiting(guarded.council, guarded.now)
    assert waits.theirs.given_names == "Amelie"
    acts.say_whether(by=guarded.council, kept=waits.id, is_them=False, now=guarded.now)
    assert held() == (before[0] + 1, before[1] + 1)
    file = guarded.send(
        "hospital", sent(mistyped, guarded.town.today), sent(mistyped, guarded.town.today, contact_id="K2")
    )
    assert file.added == 1 and held() == (before[0] + 1, before[1] + 2)


def test_what_an_agency_takes_back_is_not_kept_either(guarded, seal):
    guarded.send("hospital", sent(AMY | AMYS_NUMBER, guarded.town.today))
    with guards_own():
        key = Kept.objects.get(token=_token("hospital", "R9")).key
    taken_back = guarded.send("hospital", sent(AMY, guarded.town.today, change="remove"))
    assert taken_back.state == "landed"
    with guards_own():
        assert not Kept.objects.filter(token=_token("hospital", "R9")).exists()
    assert not guard.fetch([key])


def _token(agency, record):
    from knownto.feeds import tokens  # noqa: PLC0415

    return keeping.token_of(agency, tokens.record(agency, record))


def test_a_sealed_place_is_nowhere_and_the_person_is_found(guarded):
    guarded.seal("whereabouts")
    identity.catch_up(now=guarded.now)
    found = guarded.search()
    assert isinstance(found, Found) and not found.candidates[0].district
    assert isinstance(
        guarded.search(address=AMY["address_line_1"], postcode=AMY["postcode"], given="Amelia"), NothingKnown
    )
    guarded.send("hospital", sent(AMY | AMYS_NUMBER, guarded.town.today + timedelta(days=0)))
    identity.catch_up(now=guarded.now)
    with system("test"):
        rows = Record.objects.filter(removed_at=None)
        hers = [p["evidence"] for p in keyring.open_rows(rows) if p["evidence"].get("given_names") == "Amelia"]
        assert len(hers) == 4 and not any(e.keys() & {"addresses", "phones", "household"} for e in hers)
        assert set(Contact.objects.filter(record__age_band="5-10").values_list("team", flat=True)) == {
            "",
            "family-safeguarding",
        }


def test_the_ordinary_keys_lead_to_nothing_that_is_guarded(guarded, seal):
    """Not to a data key, and not to a token: neither can even be worked out in the ordinary domain."""
    with guards_own():
        kept, tokens = list(Kept.objects.all()), set(Token.objects.values_list("token", flat=True))
    assert len(kept) == 3 and not keyring.fetch(row.key for row in kept)
    assert not WrappedKey.objects.using("keys").filter(pk__in=[row.key for row in kept]).exists()
    with system("test"):
        assert not Token.objects.exists() and not Kept.objects.exists()  # the database's own wall
    assert guard.token("nhs", "9990000018") in tokens or len(tokens) > 10
    assert keyring.token("nhs", "9990000018") not in tokens
