"""An address that somebody typed does not lead into a network of ours."""

import socket

import pytest
from django.conf import settings

from knownto.disclosure import destinations, endpoints, posting
from knownto.disclosure.delivery import deliver
from knownto.disclosure.destinations import NotAllowed, destination, refused
from knownto.disclosure.faults import Fault
from knownto.disclosure.models import Way
from knownto.disclosure.tests.conftest import WORKER, fresh, owe
from knownto.disclosure.tests.test_delivery import at

INSIDE = (
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "0.0.0.0", "169.254.169.254",
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
    "2002:7f00:1::", "224.0.0.1", "ff02::1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1", "nonsense",
)  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_it_refuses_addresses_that_are_not_on_the_public_network(address):
    assert refused(address, private_too=False)


@pytest.mark.parametrize("address", ["1.1.1.1", "81.2.69.160", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_it_lets_public_addresses_pass(address):
    assert not refused(address, private_too=False)


def test_it_lets_private_ones_pass_on_a_closed_network_but_never_a_clouds_own():
    assert not any(refused(each, private_too=True) for each in ("127.0.0.1", "10.0.0.1", "fc00::1", "1.1.1.1"))
    never = ("169.254.169.254", "fe80::1", "0.0.0.0", "::", "224.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe")
    assert all(refused(each, private_too=True) for each in never)


@pytest.mark.parametrize(
    "where",
    ["http://a.example/x", "ftp://a.example", "https://", "https:///x", "https://u:p@a.example/", "https://u@a.example/",
     "https://a.example/?key=1", "https://a.example/#x", "https://a.example:99999/", "https://a.example:x/",
     "https://exа.example/", "https://a.example/ x", "https://[::1", "//a.example/", ""],
)  # fmt: skip
def test_it_takes_plain_https_addresses_only(where):
    with pytest.raises(NotAllowed):
        destination(where)


def test_it_keeps_host_port_and_path():
    to = destination("https://Records.Example:8443/in/copies")
    assert (to.host, to.port, to.path, to.named) == ("records.example", 8443, "/in/copies", "records.example:8443")
    assert to.at("2606:4700::1") == "https://[2606:4700::1]:8443/in/copies"
    assert destination("https://a.example").named == "a.example"


def test_it_connects_to_nothing_private(hospital, now, monkeypatch):
    monkeypatch.setattr(settings, "PRIVATE_ENDPOINTS", False)
    parcel = owe("hospital", now)
    deliver(now=at(now), limit=1)
    assert fresh(parcel).fault == Fault.NOT_ALLOWED and not hospital.busy.is_set()


def test_it_would_connect_without_the_check(hospital, now, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(settings, "PRIVATE_ENDPOINTS", False)
    monkeypatch.setattr(posting, "refused", lambda address, private_too: False)
    owe("hospital", now)
    deliver(now=at(now), limit=1)
    assert hospital.busy.is_set()


def test_it_refuses_a_name_of_which_any_address_is_private(hospital, now, monkeypatch):
    monkeypatch.setattr(settings, "PRIVATE_ENDPOINTS", False)
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in ("1.1.1.1", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    parcel = owe("hospital", now)
    deliver(now=at(now), limit=1)
    assert fresh(parcel).fault == Fault.NOT_ALLOWED


def test_it_connects_to_the_address_it_checked_whatever_the_name_says_next(hospital, now, monkeypatch):
    asked, real = [], socket.getaddrinfo

    def changing(host, *rest, **more):
        asked.append(host)
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    owe("hospital", now)
    deliver(now=at(now), limit=1)
    assert asked.count("localhost") == 1 and len(hospital.records) == 1
    assert hospital.arrived[0].headers["host"] == f"localhost:{hospital.port}"


def test_it_says_so_when_a_name_leads_nowhere(hospital, now, monkeypatch):
    def nowhere(*_, **__):
        raise socket.gaierror

    parcel = owe("hospital", now)
    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    deliver(now=at(now), limit=1)
    assert fresh(parcel).fault == Fault.NO_ADDRESS


@pytest.mark.parametrize("where", ["../police", "a/b", "", ".", "Police", "-x", "a" * 41])
def test_it_takes_plain_names_of_folders_only(outbox, now, where):
    with pytest.raises(NotAllowed):
        endpoints.open_endpoint(agency="school", way=Way.DROP, where=where, by=WORKER, now=now)


def test_it_checks_an_address_when_it_is_typed(outbox, now):
    with pytest.raises(destinations.NotAllowed):
        endpoints.open_endpoint(agency="school", way=Way.HTTPS, where="http://a.example", by=WORKER, now=now)
    assert not endpoints.takes_copies("school")
