"""A document of health's: taken in for what it is, sealed, opened by those who may read health's part, and recorded."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from knownto.access import clock
from knownto.access.acts import system
from knownto.casework.models import Statement
from knownto.ledger.models import Entry
from knownto.pathways.frontdoor import health_documents
from knownto.pathways.frontdoor.tests.refer import signed_in
from knownto.pathways.frontdoor.tests.test_checking import agree, ask, opened

LETTER = b"%PDF-1.7\nGrowth since March: Tobias Wrenshaw"
FORM = {"source": "health-visitor", "found": "known", "summary": "Weight fell", "who": "L. Ames"}


@pytest.fixture(autouse=True)
def today(now, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def check(viewer_of, now):
    work = opened(now)
    agree(viewer_of("screener"), work, now)
    return ask(viewer_of("screener"), work, now, "hospital")[0]


def send(check, data, name="growth of Tobias.pdf", who="hub.health"):
    form = FORM | {"document": SimpleUploadedFile(name, data)}
    return signed_in(who).post(reverse("frontdoor:health-source", args=[check.id]), form)


def address(check):
    with system("test"):
        row = Statement.objects.get(episode=check.episode_id, kind=health_documents.DOCUMENT)
    return reverse("frontdoor:health-document", args=[check.id, row.id])


def test_what_was_put_in_comes_out_as_it_was_to_keep_and_never_to_run(check):
    assert send(check, LETTER).status_code == 302
    got = signed_in("hub.health").get(address(check))
    assert (got.status_code, got.content, got["Content-Type"]) == (200, LETTER, "application/pdf")
    assert got["Content-Disposition"] == 'attachment; filename="health-document.pdf"'
    assert got["X-Content-Type-Options"] == "nosniff" and got["Content-Security-Policy"].startswith("sandbox")


def test_health_s_part_leads_to_it_and_opening_it_is_in_the_ledger(check):
    send(check, LETTER)
    page = signed_in("hub.health").get(reverse("frontdoor:health", args=[check.id])).content.decode()
    assert address(check) in page and "growth of Tobias.pdf" in page
    before = Entry.objects.count()
    signed_in("hub.health").get(address(check))
    assert Entry.objects.order_by("-id").first().kind == "health-document-opened" and Entry.objects.count() > before


@pytest.mark.parametrize("who", ["officer", "school.lead", "gp", "health.visitor"])
def test_nobody_else_opens_it(check, who):
    send(check, LETTER)
    assert signed_in(who).get(address(check)).status_code == 404


def test_nobody_opens_one_of_other_work_by_way_of_this_one(check, viewer_of, now):
    send(check, LETTER)
    other = opened(now)
    agree(viewer_of("screener"), other, now)
    [theirs] = ask(viewer_of("screener"), other, now, "hospital")
    wrong = address(check).replace(str(check.id), str(theirs.id))
    assert signed_in("hub.health").get(wrong).status_code == 404


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<html>\0<script>", "must be a PDF"),
        (b"MZ\x90\0", "must be a PDF"),
        (b"PK\x03\x04\0\0", "must be a PDF"),
        (b"%PDF-" + b"x" * health_documents.LARGEST, "2 MB or smaller"),
    ],
)
def test_what_is_no_document_is_refused_with_the_form_as_it_was(check, data, why):
    shown = send(check, data)
    assert shown.status_code == 200
    page = shown.content.decode()
    assert why in page and "Weight fell" in page
    with system("test"):
        assert not Statement.objects.filter(kind__startswith="health-").exists()


def test_it_is_what_its_bytes_say_whatever_it_is_called(check):
    send(check, b"Weight 12.4 kg on 3 March", name="page.html")
    assert signed_in("hub.health").get(address(check))["Content-Type"] == "text/plain; charset=utf-8"


def test_nothing_of_it_lies_readable_in_the_database(check):
    send(check, LETTER)
    with system("test"):
        row = Statement.objects.get(kind=health_documents.DOCUMENT)
    assert b"Tobias" not in bytes(row.sealed) and b"PDF" not in bytes(row.sealed)
