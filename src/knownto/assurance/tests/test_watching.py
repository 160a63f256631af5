"""Each pattern is seen at its figure and not below it; what only looks alike is not; and reading it is a look."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from knownto.access import clock
from knownto.access.refusals import Refused
from knownto.access.viewer import viewer_of
from knownto.assurance import watching
from knownto.assurance.pages.watching import patterns
from knownto.footprint.tests.partnership import sign_in
from knownto.ledger.acts import Actor, record
from knownto.ledger.models import Entry
from knownto.partners import acts as partners
from knownto.partners.models import Agency

NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
FEW = replace(
    watching.figures(), people_a_day=3, unopened_a_day=3, same_person_days=3, one_work=3, danger=3, nights=3, lookers=3,
    looker_agencies=2, common_name=1,
)  # fmt: skip


def worker(role, *, of="childrens-social-care", name="", sign_in=""):
    """An open account that holds that role."""
    by = Actor(None, "", "system")
    if not Agency.objects.filter(code=of).exists():
        partners.add_agency(by=by, now=NOON, code=of, name=of, connected=True)
    said = {"sign_in_name": sign_in or f"{role}.{of}", "name": name or f"Test {role}", "password": "three words apart"}
    return partners.open_account(by=by, now=NOON, agency=of, roles=[role], **said)


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(watching, "figures", lambda path="": FEW)


@pytest.fixture
def officer(db):
    return worker("privacy-officer", name="Dora Protection")


@pytest.fixture
def pike(db):
    return worker("social-worker", name="Gareth Pike")


def looked(who, kind="view", about=None, at=NOON, purpose="child-concern", **detail):
    by = Actor(who.pk, who.agency_id, ",".join(who.roles))
    about = [str(about or uuid4())] if kind == "view" else []
    return record(kind=kind, by=by, about=about, purpose=purpose, detail=detail, now=at)


def searched(who, given="", family="", work="MASH-1", at=NOON):
    return looked(who, "search", at=at, asked={"given": given, "family": family}, work=work)


def seen(officer, now=NOON + timedelta(hours=1)):
    """The codes of patterns that show anything: {code: [sign, ...]}."""
    found = watching.watched(viewer_of(officer, second_factor=True), now)
    return {code: signs for code, signs in found.signs.items() if signs}


def own_name(who, n):
    for _ in range(n):
        searched(who, "Gareth John", "PIKE")


def own_family(who, n):
    for _ in range(n):
        searched(who, "Lily", "Pike")


def danger(who, n):
    for _ in range(n):
        looked(who, "search", purpose="immediate-danger", asked={"given": "A"}, work="x")
        looked(who)


def same_person(who, n):
    person = uuid4()
    for day in range(n):
        looked(who, about=person, at=NOON - timedelta(days=day))


def many_people(who, n):
    for _ in range(n):
        looked(who)


def unopened(who, n):
    looked(who)
    for _ in range(n + 1):
        searched(who, "Ann", "Other")


def one_work(who, n):
    for k in range(n):
        searched(who, f"Child {k}", f"Other{k}", work="Ref 7" if k % 2 else "ref 7 ")
        looked(who)


def at_night(who, n):
    for night in range(n):  # two looks of one night, before and after midnight
        looked(who, at=NOON - timedelta(days=night, hours=13))
        looked(who, at=NOON - timedelta(days=night, hours=9))


def many_lookers(who, n):
    person = uuid4()
    for k in range(n):
        agency = ("childrens-social-care", "police")[k % 2]
        looked(worker("screener", of=agency, sign_in=f"looker{k}"), about=person)


DONE = {
    "own-name": (own_name, 1), "own-family": (own_family, 1), "danger": (danger, 3), "same-person": (same_person, 3),
    "many-people": (many_people, 4), "unopened": (unopened, 3), "one-work": (one_work, 3), "at-night": (at_night, 3),
    "many-lookers": (many_lookers, 3),
}  # fmt: skip


@pytest.mark.parametrize("code", DONE)
def test_each_pattern_is_seen_at_its_figure_and_alone(officer, pike, code):
    done, figure = DONE[code]
    done(pike, figure)
    found = seen(officer)
    assert list(found) == [code], found
    (sign,) = found[code]
    assert sign.times == figure and (sign.worker == pike.pk or code == "many-lookers")
    assert (sign.person is not None) == (code in ("same-person", "many-lookers"))


@pytest.mark.parametrize("code", [code for code, (_, figure) in DONE.items() if figure > 1])
def test_below_its_figure_it_is_not(officer, pike, code):
    done, figure = DONE[code]
    done(pike, figure - 1)
    assert not seen(officer)


@pytest.mark.parametrize("code", DONE)
def test_what_is_older_than_the_days_is_not_seen(officer, pike, code):
    done, figure = DONE[code]
    done(pike, figure)
    assert not seen(officer, NOON + timedelta(days=FEW.days + 1))


def test_a_family_name_that_others_ask_for_is_common_here_and_says_nothing(officer, pike):
    other = worker("screener")
    own_family(pike, 1)
    own_family(other, FEW.common_name)
    assert "own-family" in seen(officer)
    own_family(other, 1)
    assert not seen(officer)


def test_a_colleagues_name_is_not_ones_own(officer, pike):
    searched(worker("screener", name="Sam Screener"), "Gareth", "Pike")
    assert not seen(officer)


def test_who_works_at_night_is_not_seen_for_it(officer):
    at_night(worker("out-of-hours", name="Denise Clifton"), 5)
    assert not seen(officer)


def test_many_of_one_agency_are_a_team_at_work(officer):
    person = uuid4()
    for k in range(5):
        looked(worker("screener", sign_in=f"one-team{k}"), about=person)
    assert not seen(officer)


def test_what_guardians_do_is_not_in_it(officer):
    many_people(worker("guardian"), 9)
    assert not seen(officer)


def test_reading_it_is_a_look_in_the_log_and_nobody_elses(officer, pike):
    seen(officer)
    entry = Entry.objects.latest("id")
    assert (entry.kind, entry.worker) == ("who-looked", officer.pk)
    with pytest.raises(Refused):
        watching.watched(viewer_of(pike, second_factor=True), NOON)


def test_searches_that_are_too_many_to_open_are_said(officer, pike, monkeypatch):
    own_name(pike, 3)
    searched(pike, "Ann", "Other", at=NOON + timedelta(minutes=1))
    monkeypatch.setattr(watching, "figures", lambda path="": replace(FEW, opened=1))
    found = watching.watched(viewer_of(officer, second_factor=True), NOON + timedelta(hours=1))
    assert found.not_opened == 3 and not found.signs["own-name"]


def test_it_says_what_a_pattern_does_not_show_and_leads_to_the_worker(officer, pike, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=1))
    own_name(pike, 1)
    same_person(pike, 3)
    client = Client()
    sign_in(client, officer)
    page = client.get("/assurance/patterns/").content.decode()
    assert "None of these says that anybody did wrong" in page and page.count("It does not show:") == 2
    assert f'href="/assurance/workers/{pike.pk}/"' in page and "Gareth Pike" in page
    assert "given names Gareth John; family name PIKE" in page and "Very many people on one day" in page
    assert (
        FEW.authority.replace("'", "&#x27;") in page
        and client.get("/assurance/").content.count(b"/assurance/patterns/") == 1
    )


def test_every_pattern_has_its_words_and_its_limits():
    assert {p.code for p in patterns()} == watching.COUNTED.keys() | watching.READ.keys() == DONE.keys()
    assert all(len(p.shows) > 20 and len(p.not_shown) > 20 for p in patterns())


@pytest.mark.parametrize(
    "wrong", ["days = 0", "nights = 'three'", "night_from = 25", "danger = 1\ndanger = 2", "unknown = 1"]
)
def test_a_setting_that_cannot_be_obeyed_is_refused(tmp_path, wrong, monkeypatch):
    monkeypatch.undo()
    shipped = Path(watching.__file__).with_suffix(".toml").read_text()
    name = wrong.split(" ")[0]
    file = tmp_path / "watching.toml"
    file.write_text("\n".join([line for line in shipped.splitlines() if not line.startswith(f"{name} =")] + [wrong]))
    with pytest.raises(watching.BadSetting):
        watching.figures(str(file))
