"""The pages, as a data manager, as one of another agency, and as somebody whom they are not for."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from knownto.access import acts as access
from knownto.access import clock
from knownto.feeds import acts as feeds
from knownto.feeds.models import Record
from knownto.feeds.tests.conftest import manager
from knownto.feeds.tests.test_pages import sign_in
from knownto.keyring import acts as keyring
from knownto.ledger.models import Entry
from knownto.partners.models import Agency
from knownto.quality.kinds import DIFFERS
from knownto.quality.models import Check
from knownto.quality.tests.conftest import DAY, person


@pytest.fixture
def checked(borough):
    """Six of the police's records whose dates others contradict, and one of their own that cannot be right."""
    borough.now = clock.now() - timedelta(days=40)
    people = [person(n, birth_date=date(2014, 3, 10 + n)) for n in range(6)]
    borough.others(*people)
    borough.send(*[replace(p, birth_date=p.birth_date.replace(year=2015)) for p in people])
    borough.send(person(33, addresses=(), birth_date=DAY + timedelta(days=9)))
    borough.check()
    borough.wait(28)
    return borough


def page(client, route, *args, **asked):
    answer = client.get(reverse(route, args=args), asked)
    return answer.status_code, answer.content.decode()


def test_the_report_says_what_is_wrong_and_what_to_do(checked):
    status, text = page(sign_in("police"), "quality:overview")
    assert status == 200
    assert "The date of birth is after the day of the file" in text
    assert "Other agencies agree with one another on another date of birth" in text
    assert "Check it against a document" in text and "7 records of ours" in text
    assert text.index("Looked for, and not found") < text.index("The postcode cannot be a postcode")
    assert "on another family name" not in text  # none, or too few: not even among what was not found


def test_the_list_names_our_own_records_and_nothing_else(checked):
    status, text = page(sign_in("police"), "quality:listed", "born-differs")
    ours = {f"P{n}" for n in range(19, 25)}
    assert status == 200 and all(f">{name}<" in text for name in ours)
    assert not [said for said in ("2014", "2015", "hospital", "school", "housing", "wick", "ana") if said in body(text)]


def test_what_too_few_have_is_not_listed(checked):
    status, text = page(sign_in("police"), "quality:listed", "family-differs")
    assert status == 200 and "None, or too few to say." in text


def test_an_agency_never_sees_anothers_records(checked):
    status, text = page(sign_in("hospital"), "quality:listed", "born-differs")
    assert status == 200 and "None, or too few to say." in text
    status, text = page(sign_in("hospital"), "quality:overview")
    assert "6 records of ours" in text and "P19" not in text


def test_the_download_holds_no_formula(checked):
    with access.system("test"):
        row = Record.objects.filter(agency="police").order_by("pk").first()
        [key] = keyring.fetch([row.key]).values()
        row.version += 1
        plain = {"record_id": '=HYPERLINK("http://x")', "evidence": person(0).to_json()}
        row.seal_into(plain, key)
        row.save()
    answer = sign_in("police").get(reverse("quality:listed", args=["born-differs"]) + "?csv")
    lines = answer.content.decode().splitlines()
    assert answer["Content-Type"].startswith("text/csv") and len(lines) == 7
    assert any(line.startswith(""""'=HYPERLINK""") for line in lines)
    assert Entry.objects.filter(kind="export").exists()


def test_it_is_not_for_practitioners(checked):
    for role in ("officer", "privacy-officer", "scrutineer", "administrator"):
        assert page(sign_in("police", role), "quality:overview")[0] == 404


def test_every_look_is_in_the_ledger(checked):
    client = sign_in("police")
    before = Entry.objects.filter(kind="quality-looked-at").count()
    page(client, "quality:overview")
    page(client, "quality:listed", "born-differs")
    assert Entry.objects.filter(kind="quality-looked-at").count() == before + 2


def test_it_can_be_checked_again_but_not_at_once(checked):
    client = sign_in("police")
    answer = client.post(reverse("quality:again"), follow=True)
    assert answer.status_code == 200 and Check.objects.filter(agency="police", finished_at=None).count() == 1
    assert "Reading the records" in answer.content.decode()
    answer = client.post(reverse("quality:again"), follow=True)
    assert "less than an hour ago" in answer.content.decode()


def test_nobody_is_given_an_empty_page(borough):
    status, text = page(sign_in("police"), "quality:overview")
    assert status == 200 and "Nothing has been checked yet" in text
    assert page(sign_in("police"), "quality:listed", "no-such-thing")[0] == 404


def test_the_medians_name_nobody_and_need_enough_others(checked):
    _, text = page(sign_in("police"), "quality:overview")
    assert "Not told" not in text and "100%" in text  # nobody here gives an e-mail address
    Agency.objects.filter(code="housing").update(connected=False)
    checked.wait(7)
    assert "Not told" in page(sign_in("police"), "quality:overview")[1]


def body(text):
    return text.split("<main", 1)[1].split("</main", 1)[0]


def test_a_sending_key_reads_counts_of_its_own_faults_and_nothing_of_others(checked):
    key = feeds.make_key(viewer=manager("police"), now=clock.now())

    def ask(agency):
        return Client().get(f"/api/feeds/{agency}/quality", headers={"authorization": f"Bearer {key}"})

    said = ask("police").json()
    wrong = {one["code"]: one["records"] for one in said["wrong"]}
    assert (said["records"], wrong["born-future"], wrong["home-missing"]) == (7, 1, 1)
    assert not DIFFERS & wrong.keys() and "P1" not in str(said)
    assert ask("hospital").status_code == 404
    assert Entry.objects.filter(kind="quality-looked-at", role="sending-key").count() == 1
