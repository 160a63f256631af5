"""Nobody who stands outside a piece of work is told anything, or changes anything, by sending ids that others saw.

Officers, the hub, health, a chair and supervisors live through the front door's stories and look at all of it. Whatever
ids they saw are sent by one of each role of an agency that has no part in any of it, in every position there is:
each answer must be the one about an id that there is not, to the byte and to the row written. KNOWNTO_SWAPS says how
many (570; a campaign 100,000), KNOWNTO_SEED from which chance.
"""

import os
from dataclasses import dataclass, field
from uuid import UUID, uuid5

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client

from knownto.access import clock
from knownto.access.pages import routes
from knownto.casework import reads
from knownto.footprint.tests.partnership import sign_in
from knownto.partners.models import Worker
from knownto.site.tests import people
from proof_tests.spending import SEED, each_of, note
from proof_tests.stories import Scene
from proof_tests.stories.closing import adult, telling
from proof_tests.stories.contacts import asking, sending, writing
from proof_tests.stories.protection import elsewhere, protecting
from proof_tests.swaps import Answered, Page, Swap, Swaps, faults, ids_in, shape
from proof_tests.two_worlds import masked
from tests.matrix.written import ROLES

MANY = int(os.environ.get("KNOWNTO_SWAPS", "570"))
STORIES = (writing, sending, asking, protecting, elsewhere, telling, adult)
TAKE_PART = (
    "officer", "police.hub", "police.supervisor", "screener", "hub.manager", "social.worker", "health.visitor", "chair",
    "gp", "hub.health",
)  # fmt: skip
OF_THEM = ("Wrenshaw", "Tobias", "Orla", "Known to us since birth", "Two incidents since May", "He is with his aunt")
MOST_PAGES = 40  # of one person
A_TURN = 15
NOT_FOLLOWED = ("/static/", "/sign-out/", "/locked/", "/demo/")
NOBODY = UUID("00000000-0000-4000-8000-000000000000")
WRITTEN = """SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
    WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 AND relname NOT LIKE '%session%' ORDER BY relname"""


class Doing:
    """Stands where the stories are broken off, and only does what they do."""

    def __call__(self, act, *given, leaves=0, **words):
        return act(*given, **words)


@dataclass
class World:
    """What those who take part saw, and those who do not, each with a browser."""

    seen: Swaps
    outside: dict[str, Client]
    known: dict[str, frozenset[str]] = field(
        default_factory=dict
    )  # ids that a list shows them: the hub's roles see every protection
    sent: int = 0

    def answer(self, role: str, swap: Swap, instead: str = "") -> Answered:
        """What that one is answered, undone afterwards; about `instead`, where it is given."""
        asked = swap.asked.of(swap.id, instead) if instead else swap.asked
        with transaction.atomic():
            before = _written()
            response = self.outside[role].generic(
                asked.method, asked.path, asked.body, asked.kind, headers=dict(asked.headers)
            )
            after = _written()
            transaction.set_rollback(True)
        said = f"{response.headers.get('Location', '')}\n".encode() + b"".join(response)
        said = masked(said.replace((instead or swap.id).encode(), b"<it>"))
        changed = tuple((name, n - before.get(name, 0)) for name, n in after.items() if n != before.get(name, 0))
        return Answered(response.status_code, said, changed)

    def wrong(self, role: str, many: int, seed: str) -> list[str]:
        found = []
        theirs = [one for one in self.seen.ids if one not in self.known[role]]
        for swap in self.seen.drawn(theirs, many, seed):
            instead = _unknown(swap.id)
            of_nothing = self.answer(role, swap, instead)
            found += [f"{role}: {each}" for each in faults(swap, self.answer(role, swap), of_nothing, OF_THEM)]
            self.sent += 1
        return found


def _unknown(one: str) -> str:
    """An id of that shape that there is not."""
    return str(uuid5(NOBODY, one)) if shape(one).fullmatch(str(NOBODY)) else "ZZZZ-ZZZZ-Z"


def _written() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return dict(cursor.fetchall())


def _browser(worker: Worker) -> Client:
    client = Client(raise_request_exception=False)
    sign_in(client, worker)
    return client


def _looked(client: Client, most: int) -> list[tuple[str, str]]:
    """Every page that is nobody's in particular, and those that it leads to, until there are `most`, what is about
    something first: (address, what it showed)."""
    found, ahead = {}, ["/", *(f"/{path}" for path, _, _ in routes() if "<" not in path and "api/" not in path)]
    lists = len(ahead)
    for number, address in enumerate(ahead):
        if len(found) >= most and number >= lists:
            break
        if address in found or address.startswith(NOT_FOLLOWED):
            continue
        response = client.get(address)
        if response.status_code == 200:
            text = b"".join(response).decode("utf-8", "replace")
            found[address] = text + "".join(f"{name}: {value}\n" for name, value in response.headers.items())
            ahead += sorted(set(Page(address, text).links) - found.keys(), key=lambda link: not ids_in(link))
    return list(found.items())


@pytest.fixture
def live(borough_committed, now, settings, monkeypatch, tmp_path):
    """Lives stories, and gives what was seen of them by those who take part, and one of each of `roles` outside."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.RECEIVED_FOLDER, settings.DROP_FOLDER = tmp_path / "received", tmp_path / "drop"

    def lived(stories=STORIES, take_part=TAKE_PART, roles=ROLES) -> World:
        scene = Scene(Doing(), now)
        for story in stories:
            story(scene)
        monkeypatch.setattr(clock, "now", lambda: now)
        shown = [page for name in take_part for page in _looked(_browser(_worker(scene, name)), MOST_PAGES)]
        shown += [("/", str(each.message())) for each in mail.outbox]
        made = World(Swaps(shown, [path for path, _, _ in routes()]), {})
        for role in roles:
            made.outside[role] = _browser(people.worker(role, of="fire", sign_in_name=f"outside.{role}"))
            own = "".join(address + text for address, text in _looked(made.outside[role], 0))
            made.known[role] = frozenset(ids_in(own))
        return made

    return lived


def _worker(scene: Scene, name: str) -> Worker:
    return Worker.objects.get(pk=scene.who(name).worker_id)


def swapped(world: World, many: int) -> list[str]:
    """So many swaps, a few by each in turn, or as many as there is time for."""
    found = []
    for turn in each_of(-(-many // (A_TURN * len(world.outside)))):
        for role in world.outside:
            found += world.wrong(role, A_TURN, f"{SEED}/{turn}/{role}")
    return found


def test_an_id_that_somebody_else_saw_is_answered_as_one_that_there_is_not(live):
    world = live()
    assert len(world.seen.ids) > 100 and len(world.seen.addresses) > 100 and len(world.seen.fields) > 50
    wrong = swapped(world, MANY)
    assert not wrong, f"{len(wrong)} of {world.sent}:\n" + "\n".join(sorted(set(wrong))[:40])
    note(swaps=world.sent)


def test_a_check_of_one_object_that_was_forgotten_is_found(live, monkeypatch):
    """The negative control: whoever asks for a piece of work is taken for one who works on it."""
    world = live((sending,), ("screener", "officer"), ("officer",))
    monkeypatch.setattr(reads, "parts_of", lambda viewer, episode: frozenset({"allocated"}))
    wrong = world.wrong("officer", 150, "control")
    assert any("/front-door/" in each and "tells of Wrenshaw" in each for each in wrong)
    assert any("answers otherwise than of nothing (200, 404)" in each for each in wrong)
