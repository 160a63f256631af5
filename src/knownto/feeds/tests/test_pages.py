"""The pages, as a data manager, and as somebody of another agency."""

import json
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from knownto.access import clock
from knownto.access.middleware import SECOND_FACTOR
from knownto.feeds import acts
from knownto.feeds.limits import Limits
from knownto.feeds.models import State
from knownto.feeds.tests.conftest import DAY, POLICE, add_partners, csv_of, row
from knownto.partners import acts as partners

NAME = "police_delta_2026-11-15.csv"


def sign_in(agency, role="data-manager"):
    """A browser in which somebody with that role has signed in with both factors."""
    worker = partners.open_account(
        by=POLICE,
        now=clock.now(),
        sign_in_name=f"{agency}-{role}-{uuid4()}",
        name="Sam Example",
        agency=agency,
        roles=[role],
        password="long enough for anybody",
    )
    client = Client()
    client.force_login(worker, backend="knownto.site.sign_in.BySealedName")
    session, at = client.session, clock.now().timestamp()
    session.update({SECOND_FACTOR: True, "began": at, "last_seen": at, "shared": True})
    session.save()
    return client


@pytest.fixture
def manager(committed):
    add_partners()
    return sign_in("police")


def upload(client, rows, name=NAME, **more):
    file = BytesIO(csv_of(rows))
    file.name = name
    return client.post(reverse("feeds:send"), {"file": file} | more, follow=True)


def test_it_takes_a_file_from_the_upload_page_and_shows_what_came_of_it(manager):
    answer = upload(manager, [row(n) for n in range(1, 30)] + [row(30, status="ongoing")])
    text = answer.content.decode()
    assert answer.status_code == 200 and "It has landed" in text
    assert "This must be one of: open, closed." in text and "ongoing" in text


def test_it_explains_a_form_that_says_too_little(manager):
    answer = upload(manager, [row()], name="rows.csv")
    assert answer.status_code == 422
    assert "Select what is in the file" in answer.content.decode()


def test_it_refuses_a_file_that_is_another_agencys_by_its_name(manager, received_folder):
    answer = upload(manager, [row()], name="hospital_delta_2026-11-15.csv")
    assert answer.status_code == 422 and "another agency" in answer.content.decode()
    assert not [path for path in received_folder.rglob("*") if path.is_file()]


def test_it_refuses_an_upload_that_did_not_come_from_its_own_page(manager, now):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = manager.cookies
    assert upload(strict, [row()]).status_code == 403


def test_it_says_when_an_upload_is_too_large_and_keeps_nothing_of_it(manager, monkeypatch, received_folder):
    monkeypatch.setattr("knownto.feeds.copies.limits", lambda: Limits(bytes=100))
    answer = upload(manager, [row()])
    assert answer.status_code == 422 and "larger than" in answer.content.decode()
    assert not [path for path in received_folder.rglob("*") if path.is_file()]


def test_it_takes_one_file_at_a_time_and_keeps_nothing_of_two(manager, received_folder):
    several = [BytesIO(csv_of([row(n)])) for n in (1, 2)]
    for file in several:
        file.name = NAME
    answer = manager.post(reverse("feeds:send"), {"file": several})
    assert answer.status_code == 422 and "one after the other" in answer.content.decode()
    assert not [path for path in received_folder.rglob("*") if path.is_file()]


def test_it_reads_the_manifest_beside_a_large_file(manager):
    """A cut-off snapshot is only noticed by its manifest, and it is large files that are cut off."""
    rows = [row(n, address_line_1="x" * 90) for n in range(1, 20_001)]
    answer = upload(manager, rows, manifest=_manifest({"rows": 7}))
    [file] = acts.unfinished("police")
    assert answer.status_code == 200 and acts.load(file).has_manifest


def test_it_only_checks_when_asked_to(manager):
    answer = upload(manager, [row()], check_only="on")
    assert "It was checked only" in answer.content.decode()


def test_it_lets_the_data_manager_release_a_held_file(manager):
    answer = upload(manager, [row()], manifest=_manifest({"rows": 7}))
    assert "7 rows, and there are 1" in answer.content.decode()
    file = answer.redirect_chain[-1][0].rstrip("/").rsplit("/", 1)[-1]
    said = {"decision": "release", "reason": "The manifest was wrong."}
    answer = manager.post(reverse("feeds:decide", args=[file]), said, follow=True)
    assert "It has landed" in answer.content.decode() and "The manifest was wrong." in answer.content.decode()


def _manifest(said):
    file = BytesIO(json.dumps(said).encode())
    file.name = "manifest.json"
    return file


def test_it_shows_another_agency_nothing_of_a_file_not_even_that_it_is_there(manager, now):
    file = acts.take_in(csv_of([row()]), agency="police", mode="delta", as_of=DAY, by=POLICE, now=now)
    other = sign_in("hospital")
    for name in ("file", "progress", "rows"):
        mine, theirs = (c.get(reverse(f"feeds:{name}", args=[file.id])) for c in (manager, other))
        assert (mine.status_code, theirs.status_code) == (200, 404), name
    assert other.post(reverse("feeds:replay", args=[file.id])).status_code == 404


@pytest.mark.parametrize("name", ["feeds", "files", "send", "keys", "contracts"])
def test_it_renders_every_page_for_a_data_manager(manager, name):
    assert manager.get(reverse(f"feeds:{name}"), follow=True).status_code == 200


def test_it_keeps_files_from_those_whose_role_does_not_include_them(manager):
    screener = sign_in("police", "screener")
    assert screener.get(reverse("feeds:files")).status_code == 404
    assert screener.get(reverse("feeds:contract", args=["police"])).status_code == 200


def test_it_gives_the_bad_rows_as_a_spreadsheet_without_what_was_in_them(manager, now):
    file = acts.take_in(
        csv_of([row(1), row(2), row(3, status="=HYPERLINK(1)")]),
        agency="police", mode="delta", as_of=DAY, by=POLICE, now=now,
    )  # fmt: skip
    assert file.state == State.LANDED
    text = manager.get(reverse("feeds:rows", args=[file.id])).content.decode()
    assert "4,status," in text and "HYPERLINK" not in text


def test_it_publishes_a_contract_whose_examples_are_accepted(manager, now):
    page = manager.get(reverse("feeds:contract", args=["police"])).content.decode()
    assert "domestic_abuse" in page and "response" in page and "Do not send it in bulk" in page
    for ending in ("csv", "xlsx"):
        example = manager.get(reverse("feeds:contract-download", args=["police", "example", ending])).content
        today = localdate(clock.now())
        file = acts.take_in(example, agency="police", mode="delta", as_of=today, by=POLICE, now=clock.now())
        assert (file.state, file.rows, file.rows_bad) == (State.LANDED, 3, 0), ending


def test_it_makes_a_key_that_is_shown_once(manager):
    page = manager.post(reverse("feeds:keys")).content.decode()
    assert "knownto_" in page
    assert "knownto_" not in manager.get(reverse("feeds:keys")).content.decode()
