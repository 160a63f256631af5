"""Every route, by every method, as everybody: no cell that nobody wrote down, and no wrong one."""

import pytest
from django.core.checks import run_checks
from django.test import Client

from knownto.access.pages import permission_of
from knownto.ledger.models import Entry
from knownto.policy import Permission
from knownto.site.tests import people
from tests.matrix import planted
from tests.matrix.walk import METHODS, ROLES, Cell, Walk, asked, oracle, routes, sign_in

BEFORE_THE_SECOND_FACTOR = {Permission.SIGN_IN, Permission.OWN_ACCOUNT}


@pytest.fixture
def walk(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    workers = {role: people.worker(role) for role in ROLES}
    other = people.worker("screener", sign_in_name="somebody.else")
    values = {"worker": other.pk, "event": Entry.objects.first().event, "code": "looks", "agency": "police"}
    return Walk(workers, values)


@pytest.fixture(scope="module")
def expected():
    """The oracle, and the one rule that has no line: pages are got and forms are posted, nothing else."""
    cells = oracle()
    for cell in list(cells):
        for method in ("PUT", "DELETE"):
            cells[Cell(cell.route, method, cell.role)] = "405"
    return cells


def test_it_answers_every_route_as_somebody_wrote_down_that_it_should(walk, expected):
    faults = walk.faults(expected)
    assert not faults, "\n".join(faults)


def test_it_has_no_line_for_a_route_that_is_not_there(expected):
    assert {cell.route for cell in expected} - {name for _, name, _ in routes()} == set()


def test_it_lets_nobody_past_their_own_account_without_a_second_factor(walk):
    worker = walk.workers["privacy-officer"]
    client = Client(raise_request_exception=False)
    for path, name, pattern in routes():
        if permission_of(pattern, name) in BEFORE_THE_SECOND_FACTOR:
            continue
        sign_in(client, worker, second_factor=False)
        for method in ("GET", "POST"):
            response = client.generic(method, walk.address(path, pattern))
            refused_or_led = response.status_code == 404 or response.headers.get("Location") == "/account/"
            assert refused_or_led, (name, method, response.status_code)


def test_it_reaches_real_things_so_that_getting_in_means_something(walk):
    """Of the pages whose things are all real here, those that a role may enter are found, not merely not refused."""
    client = Client()
    found = {
        "workers": "administrator",
        "worker": "administrator",
        "agreement": "officer",
        "assurance:entry": "privacy-officer",
    }
    for path, name, pattern in routes():
        if name in found:
            sign_in(client, walk.workers[found[name]])
            assert client.get(walk.address(path, pattern)).status_code == 200, name


def test_it_goes_red_for_a_page_that_nobody_classified(walk, expected, settings):
    settings.ROOT_URLCONF = "tests.matrix.planted"
    assert [e for e in run_checks(include_deployment_checks=False) if "planted/unclassified" in e.msg]
    faults = walk.faults(expected, _planted("planted-unclassified"))
    assert len(faults) == len(list(walk.cells("planted-unclassified"))) and "in no line of the oracle" in faults[0]


def test_it_shows_an_unclassified_page_to_nobody_all_the_same(walk, settings):
    settings.ROOT_URLCONF = "tests.matrix.planted"
    for role in ROLES:
        assert walk.answer(Cell("planted-unclassified", "GET", role), "/planted/unclassified/") == "no"


def test_it_goes_red_for_a_page_that_is_open_to_the_wrong_people(walk, expected, settings):
    settings.ROOT_URLCONF = "tests.matrix.planted"
    meant = {
        Cell("planted-open", method, role): _meant(method, role) for method in METHODS for role in (*ROLES, "anonymous")
    }
    faults = walk.faults(expected | meant, _planted("planted-open"))
    refused = [cell for cell, said in meant.items() if said == "no" and asked(cell, said)]
    assert len(faults) == len(refused) >= len(ROLES) // 5 and all(
        "should answer no and answers in" in fault for fault in faults
    )


def test_it_goes_red_for_a_page_that_breaks(walk, settings):
    settings.ROOT_URLCONF = "tests.matrix.planted"
    assert walk.answer(Cell("planted-breaks", "GET", "screener"), "/planted/breaks/") == "broken"


def _meant(method, role):
    if method in ("PUT", "DELETE"):
        return "405"
    return {"privacy-officer": "in", "anonymous": "sign-in"}.get(role, "no")


def _planted(name):
    return [(str(p.pattern), p.name, p) for p in planted.MISTAKES if p.name == name]
