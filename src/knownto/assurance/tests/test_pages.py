"""The officer's questions, asked as an officer asks them, of looks that really happened."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from knownto.access import acts as access
from knownto.access import clock
from knownto.disclosure.models import Disclosure
from knownto.footprint.tests import partnership
from knownto.footprint.tests.partnership import AMY, sign_in
from knownto.ledger.acts import Actor, record
from knownto.ledger.models import Entry
from knownto.ledger.sequence import sequence

WHO = {
    "why": "SAR-17", "given": AMY["given_names"], "family": AMY["family_name"],
    "born_day": "3", "born_month": "2", "born_year": "2016",
}  # fmt: skip
NOBODY = WHO | {"given": "Nobodia", "family": "Unheardof-Vanish"}


@pytest.fixture
def town(db):
    found = partnership.borough(clock.now())
    found.tell()
    return found


@pytest.fixture
def screener(town):
    return Client(), town.worker("screener", name="Sam Screener")


@pytest.fixture
def officer(town, client):
    sign_in(client, town.worker("privacy-officer", name="Dora Protection"))
    return client


def search(screener, **facts):
    client, worker = screener
    sign_in(client, worker)
    asked = {"purpose": "child-concern", "work": "MASH-42"} | facts
    page = client.post("/search/", asked, follow=True)
    assert page.status_code == 200
    return page


def amy(screener, **more):
    keys = ("given", "family", "born_day", "born_month", "born_year")
    return search(screener, **{key: WHO[key] for key in keys}, **more)


def test_it_tells_who_looked_at_a_person_and_for_which_work(officer, screener):
    amy(screener)
    page = officer.post("/assurance/person/", WHO).content.decode()
    assert "Sam Screener" in page and "MASH-42" in page and "Searched" in page
    assert "Saw who it may be" in page and "A worry about a child has reached us" in page


def test_it_tells_who_searched_and_found_nothing(officer, screener):
    search(screener, **{k: v for k, v in NOBODY.items() if k != "why"})
    page = officer.post("/assurance/person/", NOBODY).content.decode()
    assert "Sam Screener" in page and "Unheardof-Vanish" in page
    assert "nobody can have opened a footprint" in page


def test_it_does_not_tell_of_a_search_for_somebody_else(officer, screener):
    search(screener, given="Basil", family="Quillfeather", born_day="5", born_month="4", born_year="1971")
    assert "Sam Screener" not in officer.post("/assurance/person/", WHO).content.decode()


def test_it_never_shows_what_agencies_hold(officer, screener):
    amy(screener)
    page = officer.post("/assurance/person/", {k: v for k, v in WHO.items() if "born" not in k} | {"phone": ""} | {
        "address": AMY["address_line_1"], "postcode": AMY["postcode"]}).content.decode()  # fmt: skip
    assert "2016" not in page.replace("born 2016-02-03", "") and "Missing episode" not in page


def test_it_records_the_officers_own_look_before_anything_is_shown(officer, screener):
    officer.post("/assurance/person/", WHO)
    entry = Entry.objects.filter(kind="who-looked").latest("id")
    assert entry.role == "privacy-officer" and entry.about.exists() and entry.sealed
    page = officer.post("/assurance/person/", WHO).content.decode()
    assert "Looked at who looked" in page and "Dora Protection" in page


def test_it_wants_to_know_what_the_look_is_for_and_enough_facts(officer, town):
    before = Entry.objects.count()
    assert b"Enter what this is for" in officer.post("/assurance/person/", WHO | {"why": ""}).content
    assert b"Enter two things" in officer.post("/assurance/person/", {"why": "x", "family": "Smith"}).content
    assert Entry.objects.count() == before


def test_it_puts_nothing_about_the_person_in_an_address_or_title(officer, screener):
    amy(screener)
    page = officer.post("/assurance/person/", WHO).content.decode()
    title = page[page.index("<title>") : page.index("</title>")]
    assert "Okafor" not in title and "?given" not in page


def test_it_downloads_what_was_found_with_nothing_that_a_spreadsheet_runs(officer, screener):
    amy(screener, work="=HYPERLINK(evil)")
    answer = officer.post("/assurance/person/", WHO | {"csv": "1"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows and {row["Who"] for row in rows} >= {"Sam Screener"}
    assert "'=HYPERLINK(evil)" in {row["For which work"] for row in rows}
    assert Entry.objects.filter(kind="export").count() == 1


def test_it_tells_everything_a_worker_looked_at(officer, screener):
    amy(screener)
    listed = officer.get("/assurance/workers/").content.decode()
    assert "Sam Screener" in listed
    page = officer.get(f"/assurance/workers/{screener[1].pk}/").content.decode()
    assert "Searched" in page and "MASH-42" in page
    long_ago = f"/assurance/workers/{screener[1].pk}/?until_day=1&until_month=1&until_year=2020"
    assert "Nothing." in officer.get(long_ago).content.decode()


def test_it_lists_refusals_and_every_use_of_immediate_danger(officer, screener):
    search(screener, given="Basil", family="Quillfeather", purpose="immediate-danger")
    screener[0].get("/accounts/")
    assert "Sam Screener" in officer.get("/assurance/entries/refusals/").content.decode()
    assert "Sam Screener" in officer.get("/assurance/entries/danger/").content.decode()


@pytest.mark.parametrize("code", ["danger", "refusals", "looks", "feeds", "rights", "signing-in", "assurance"])
def test_it_lists_and_downloads(officer, town, code):
    assert officer.get(f"/assurance/entries/{code}/").status_code == 200
    answer = officer.get(f"/assurance/entries/{code}/?csv=1")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert Entry.objects.filter(kind="export").count() == 1


def test_it_shows_feeds_and_grants_with_what_became_of_them(officer, town):
    assert "File landed" in officer.get("/assurance/entries/feeds/").content.decode()
    assert "open-account" in officer.get("/assurance/entries/rights/").content.decode()


def test_it_goes_on_to_the_next_page_and_misses_none(officer, town):
    for n in range(60):
        access.record_refusal(None, code=f"made-{n}", what="x", now=clock.now())
    first = officer.get("/assurance/entries/refusals/")
    more = first.context["pages"].next
    second = officer.get(f"/assurance/entries/refusals/{more}")
    shown = first.content.decode() + second.content.decode()
    assert all(shown.count(f">made-{n}<") == 1 for n in range(60))


def test_it_opens_one_entry_with_its_place_in_the_log(officer, screener):
    amy(screener)
    sequence(clock.now())
    found = Entry.objects.filter(kind="search").get()
    page = officer.get(f"/assurance/entry/{found.event}/").content.decode()
    assert "Place in the log" in page and AMY["family_name"] in page and "Waiting" not in page
    looked = Entry.objects.filter(kind="answer").latest("id")
    assert "who else looked at them" in officer.get(f"/assurance/entry/{looked.event}/").content.decode()
    person = looked.about.first().subject
    assert "Sam Screener" in officer.get(f"/assurance/person/{person}/").content.decode()


def test_it_looks_up_a_receipt(officer, screener):
    answer = amy(screener)
    client = screener[0]
    page = client.get(answer.request["PATH_INFO"].rstrip("/") + "/1/")
    assert page.status_code == 200
    with access.system("test"):
        receipt = Disclosure.objects.latest("at").receipt
    shown = officer.post("/assurance/receipt/", {"receipt": receipt.lower()}).content.decode()
    assert "Sam Screener" in shown and "Who else looked" in shown
    assert "No such receipt" in officer.post("/assurance/receipt/", {"receipt": "AAAA-AAAA-A"}).content.decode()


def test_it_says_how_the_log_stands_and_checks_it(officer, town):
    assert "Not yet" in officer.get("/assurance/ledger/").content.decode()
    sequence(clock.now())
    page = officer.post("/assurance/ledger/").content.decode()
    assert "Every entry is as it was written" in page


def test_it_says_when_the_log_was_changed(officer, town):
    sequence(clock.now())
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SET session_replication_role = replica")
        cursor.execute("UPDATE ledger_entry SET agency = 'somebody-else' WHERE id = (SELECT min(id) FROM ledger_entry)")
        cursor.execute("SET session_replication_role = origin; SET ROLE knownto_app")
    assert "The log has been changed" in officer.post("/assurance/ledger/").content.decode()


def test_it_counts_use_for_the_scrutineer_without_anybody(town, client):
    sign_in(client, town.worker("scrutineer", name="Iris Independent"))
    before = clock.now().replace(day=1) - timedelta(days=1)
    for agency, role, n in (
        ("police", "officer", 30),
        ("hospital", "health-practitioner", 3),
        ("school", "school-lead", 9),
    ):
        worker = town.worker(role, agency)
        for _ in range(n):
            record(kind="search", by=Actor(worker.pk, agency, role), purpose="child-concern", now=before)
    page = client.get("/assurance/use/").content.decode()
    assert "30" in page and "held back" in page and "Test Worker" not in page
    assert ">3<" not in page and ">9<" not in page
    sheet = client.get("/assurance/use/?csv=agency").content.decode("utf-8-sig")
    assert sheet.splitlines()[0].startswith("Agency,") and "held back" in sheet


def test_no_count_moves_while_somebody_is_at_work(town, client):
    """Or whoever keeps looking sees each search as it is made: by which agency, in which role, for what."""
    sign_in(client, town.worker("scrutineer", name="Iris Independent"))
    worker, seen = town.worker("officer", "police"), set()
    for _ in range(8):
        seen.add(client.get("/assurance/use/?csv=agency").content)
        record(kind="search", by=Actor(worker.pk, "police", "officer"), purpose="child-concern", now=clock.now())
    assert len(seen) == 1


@pytest.mark.parametrize("role", ["screener", "scrutineer", "administrator", "data-manager"])
def test_it_shows_who_looked_to_the_officer_alone(town, role):
    client = Client()
    sign_in(client, town.worker(role))
    for path in ("", "person/", "workers/", "entries/looks/", "receipt/", "ledger/"):
        assert client.get(f"/assurance/{path}").status_code == 404
