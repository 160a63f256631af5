"""Grants: who exists, what they may do, and that each grant is in the ledger with nobody's name in the clear."""

from uuid import uuid4

import pytest
from django.db import connection

from knownto.ledger.acts import Actor
from knownto.ledger.models import Entry
from knownto.partners import acts, reads
from knownto.partners.models import Team, Worker

BY = Actor(uuid4(), "childrens-social-care", "administrator")
SAID = {"name": "Wanda Worker", "sign_in_name": "Wanda.Worker", "agency": "police", "password": "three words apart"}


@pytest.fixture
def police(db, now):
    return acts.add_agency(by=BY, now=now, code="police", name="Police", connected=True)


@pytest.fixture
def wanda(police, now):
    return acts.open_account(by=BY, now=now, roles=["officer"], **SAID)


def last():
    return Entry.objects.latest("id")


def test_it_opens_an_account_and_finds_it_by_what_is_typed(wanda):
    assert reads.by_sign_in_name("  WANDA.worker ") == wanda
    assert reads.account(wanda.pk).name == "Wanda Worker"
    assert (last().kind, last().because, last().worker) == ("grant", "open-account", BY.worker)


def test_it_keeps_no_name_in_the_clear(wanda):
    with connection.cursor() as cursor:
        for table in ("partners_worker", "ledger_entry", "ledger_about"):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ''), '') FROM {table} t")
            stored = cursor.fetchone()[0].lower()
            assert "wanda" not in stored and b"Wanda".hex() not in stored


def test_it_takes_a_sign_in_name_once(wanda, now):
    with pytest.raises(acts.NameTaken):
        acts.open_account(by=BY, now=now, roles=["officer"], **(SAID | {"sign_in_name": "wanda.worker"}))


@pytest.mark.parametrize("wrong", [{"roles": []}, {"roles": ["emperor"]}, {"agency": "nobody"}, {"team": "nowhere"}])
def test_it_opens_nothing_that_does_not_exist(police, now, wrong):
    with pytest.raises(acts.NoSuchThing):
        acts.open_account(by=BY, now=now, **({"roles": ["officer"]} | SAID | wrong))
    assert not Worker.objects.exists()


def test_it_lets_nobody_change_or_close_their_own_account(wanda, now):
    own = Actor(wanda.pk, "police", "administrator")
    for act in (
        lambda: acts.change_roles(by=own, now=now, worker=wanda.pk, roles=["administrator"]),
        lambda: acts.close_account(by=own, now=now, worker=wanda.pk),
        lambda: acts.give_first_password(by=own, now=now, worker=wanda.pk, password="another one"),
    ):
        with pytest.raises(acts.OwnAccount):
            act()
    assert Worker.objects.get(pk=wanda.pk).roles == ["officer"]


def test_it_changes_roles_and_says_what_they_were(wanda, now):
    acts.change_roles(by=BY, now=now, worker=wanda.pk, roles=["screener", "screener"])
    assert Worker.objects.get(pk=wanda.pk).roles == ["screener"] and last().because == "change-roles"


def test_it_closes_an_account_once(wanda, now):
    acts.close_account(by=BY, now=now, worker=wanda.pk)
    assert Worker.objects.get(pk=wanda.pk).closed_at == now
    with pytest.raises(acts.NoSuchThing):
        acts.close_account(by=BY, now=now, worker=wanda.pk)


def test_it_records_a_change_of_route(police, now):
    route = {"agency": "police", "phone": "01632 960101", "hours": "always"}
    acts.add_team(by=BY, now=now, code="response", name="Response", **route)
    acts.set_route(by=BY, now=now, team="response", **(route | {"phone": "01632 960199"}))
    assert Team.objects.get().phone == "01632 960199" and last().because == "set-route"


def test_it_says_which_agency_sends_a_feed(police, now):
    acts.set_connected(by=BY, now=now, agency="police", connected=False)
    assert [a.connected for a in reads.agencies()] == [False]
    with pytest.raises(acts.NoSuchThing):
        acts.set_connected(by=BY, now=now, agency="nobody", connected=True)


def test_it_leaves_neither_account_nor_entry_when_the_ledger_cannot_be_written(police, now, monkeypatch):
    def fails(**_):
        raise RuntimeError

    monkeypatch.setattr(acts, "record", fails)
    with pytest.raises(RuntimeError):
        acts.open_account(by=BY, now=now, roles=["officer"], **SAID)
    assert not Worker.objects.exists()


def test_it_lists_accounts_by_name_with_the_closed_ones_last(wanda, now):
    acts.open_account(by=BY, now=now, roles=["officer"], **(SAID | {"name": "Abe", "sign_in_name": "abe"}))
    acts.open_account(by=BY, now=now, roles=["officer"], **(SAID | {"name": "Zed", "sign_in_name": "zed"}))
    acts.close_account(by=BY, now=now, worker=reads.by_sign_in_name("abe").pk)
    assert [a.name for a in reads.accounts()] == ["Wanda Worker", "Zed", "Abe"]
