"""Who must not learn what: kept back, shown with its warning, stopped, and never let through by an outage."""

from datetime import date, timedelta

import pytest

from knownto.access.acts import SYSTEM, system
from knownto.firewall import acts, audiences, checks, looking, reads
from knownto.firewall.acts import Setting
from knownto.firewall.audiences import Audience
from knownto.firewall.contents import EVERYTHING, Protected, Subject
from knownto.firewall.models import Mark, Protection, Reach
from knownto.linkage import Address, Evidence

HOME = Address(("12 Larch Court", "Norwick"), "QK1 2AB", "100012345678")
BEFORE = Address(("Flat 3", "41 St. Mary's Road"), "QK4 7RT")
MOTHER = Evidence(
    family_name="Wrenshaw", given_names="Imogen", birth_date=date(1990, 5, 17), addresses=(HOME, BEFORE),
    phones=("07700 900123",), emails=("imogen.w@example.org",), nhs_number="943 476 5919",
)  # fmt: skip
CHILD = Evidence(family_name="Wrenshaw", given_names="Tobias", birth_date=date(2016, 3, 4), addresses=(HOME,))
FATHER = Evidence(family_name="Ashdown", given_names="Piers", birth_date=date(1988, 1, 9))
STRANGER = Evidence(family_name="Okafor", given_names="Grace", birth_date=date(1971, 9, 30),
                    addresses=(Address(("7 Tallow Row",), "QK9 9ZZ"),))  # fmt: skip
WHY = "He has said that he will find them."
LEAKS = (
    "She lives at 12 Larch Court now.", "now at 12, LARCH\nCOURT", "No. 12 Larch Ct.", "Larch Court, number twelve",
    "qk12ab", "QK1-2AB", "Q K 1  2 A B", "flat 3, 41 Saint Marys Rd", "call 07700900123", "+44 (0)7700 900 123",
    "imogen.w@EXAMPLE.org", "at Riverside Primary", "RIVERSIDE   SCHOOL", "the Elm Grove Surgery", "UPRN 100012345678",
    "12 Lrach Court", "Larhc Ct 12", "the lady in Larch Court", "at Riversde Primary", "Elmgrove surgery",
    "///filled.count.soap", "map 51.50741,-0.12779", "51.5072\u00b0 N, 0.1276\u00b0 W",
    "12 L\u00e1rch Court", "12\u00a0Lar\u00adch Court", "12LarchCourt",
)  # fmt: skip
PLACES = ("filled.count.soap", "51.5074, -0.1278")
CLEAN = ("12 March in court", "51.60741,-0.12779", "St Marys church", "Primary care",
         "She lives with her mother.", "12 children and a larch tree", "The court sat on 12 May.", "QK9 9ZZ",
         "St Mary")  # fmt: skip


def set_up(now, *, reach=Reach.ANYBODY, whom=(FATHER,), what=EVERYTHING, agency="", team=None):
    subject = Subject(MOTHER, ("Riverside Primary School",), ("Elm Grove Surgery",), PLACES)
    protected = Protected((subject,), what, whom, WHY, "Family Law Act 1996, section 42")
    setting = Setting(protected, reach, now.date(), agency=agency, team=team)
    return acts.set_up(setting=setting, by=SYSTEM, now=now)


@pytest.fixture
def hidden(borough, now):
    return set_up(now)


PAGE, FILE = Audience("police", name="A Nother"), audiences.to_agency("police")


def test_a_practitioner_sees_it_with_whom_it_must_not_reach_and_a_file_does_not_hold_it(hidden):
    page, file = checks.clear_one(MOTHER, PAGE), checks.clear_one(MOTHER, FILE, schools=["Riverside"])
    assert page.evidence == MOTHER and "Piers Ashdown" in page.warning
    assert not (file.evidence.addresses or file.evidence.phones or file.evidence.emails or file.warning)
    assert file.school("Riverside") == "" and file.evidence.given_names == "Imogen"


def test_whoever_lives_with_them_or_goes_to_their_school_is_kept_back_too_and_a_stranger_is_not(hidden):
    schoolmate = checks.clear_one(STRANGER, FILE, schools=["Riverside Primary"])
    assert not checks.clear_one(CHILD, FILE).evidence.addresses
    assert not schoolmate.evidence.addresses
    assert checks.clear_one(STRANGER, FILE) == checks.Cleared(STRANGER)


def test_an_agency_and_a_namesake_among_its_people_see_nothing_and_are_told_nothing(borough, now):
    set_up(now, reach=Reach.AGENCY, agency="police")
    assert checks.clear_one(MOTHER, PAGE) == checks.Cleared(checks.hidden(MOTHER, EVERYTHING), EVERYTHING)
    assert checks.clear_one(MOTHER, Audience("school")).warning
    assert not checks.clear_one(MOTHER, audiences.to_person(FATHER)).evidence.addresses
    set_up(now)
    assert not checks.clear_one(MOTHER, Audience("school", name="Ashdown, Piers")).evidence.addresses


def test_what_goes_to_the_person_themselves_holds_nothing_and_to_another_person_only_what_may_go(borough, now):
    set_up(now, reach=Reach.PERSON)
    assert not checks.clear_one(MOTHER, audiences.to_person(FATHER)).evidence.addresses
    assert checks.clear_one(MOTHER, audiences.to_person(STRANGER)).evidence.addresses
    assert checks.clear_one(MOTHER, FILE).warning


@pytest.mark.parametrize("text", LEAKS)
def test_words_that_say_it_are_stopped_and_their_author_is_shown_where(hidden, text):
    with pytest.raises(checks.HoldsProtected) as stopped:
        checks.must_not_leave(["Nothing here.", f"First this. {text} Then that."], FILE)
    assert "Nothing here" not in stopped.value.because
    left = checks.without(text, FILE)
    checks.must_not_leave([left], FILE)
    assert checks.left_out() in left
    checks.must_not_leave([text], PAGE)


@pytest.mark.parametrize("text", CLEAN)
def test_words_that_only_look_like_it_go(hidden, text):
    checks.must_not_leave([text], FILE)
    assert checks.without(text, FILE) == text


def test_only_the_sentence_is_taken_out(hidden):
    said = "He rang. She is at 12 Larch\nCourt. He left."
    assert checks.without(said, FILE) == f"He rang. {checks.left_out()} He left."
    plain = checks.document({"a": ["At QK1 2AB.", 3, None], "b": {"c": "Well."}}, FILE)
    assert plain == {"a": [checks.left_out(), 3, None], "b": {"c": "Well."}}


@pytest.mark.parametrize("broken", ["hit", "opened"])
def test_an_outage_shows_nothing_and_lets_nothing_leave(hidden, monkeypatch, broken):
    def fails(*_, **__):
        raise ConnectionError

    monkeypatch.setattr(looking, broken, fails)
    for reader in (PAGE, FILE):
        assert checks.clear_one(MOTHER, reader) == checks.Cleared(checks.hidden(MOTHER, EVERYTHING), EVERYTHING)
    with pytest.raises(checks.CouldNotCheck):
        checks.must_not_leave(["12 Larch Court"], FILE)
    assert "Larch" not in checks.without("12 Larch Court", FILE)


def test_whoever_forgot_to_open_the_rows_is_not_told_that_there_is_nothing(hidden):
    assert not Protection.objects.exists() and not Mark.objects.exists()
    assert not checks.clear_one(MOTHER, FILE).evidence.addresses


def test_it_stands_until_two_people_have_lifted_it(hidden, viewer_of, now):
    first, second = viewer_of("hub.manager"), viewer_of("screener")
    with pytest.raises(acts.NotAsked):
        acts.lift(by=second, protection=hidden.pk, why="They moved.", now=now)
    acts.ask_to_lift(by=first, protection=hidden.pk, why="They moved.", now=now + timedelta(minutes=1))
    with pytest.raises(acts.NotYou):
        acts.lift(by=first, protection=hidden.pk, why="They moved.", now=now)
    assert not checks.clear_one(MOTHER, FILE).evidence.addresses
    assert reads.standing(first, now)[0].to_look_at(now.date())
    acts.lift(by=second, protection=hidden.pk, why="I rang her.", now=now + timedelta(minutes=5))
    assert checks.clear_one(MOTHER, FILE).evidence == MOTHER
    history = reads.one(first, hidden.pk, now).history
    assert [each.kind for each in history] == ["Set", "Asked to lift it", "Lifted, by a second person"]


def test_what_lies_in_the_database_is_blind(hidden):
    with system("test"):
        row = Protection.objects.get(pk=hidden.pk)
    assert b"Larch" not in bytes(row.sealed)
