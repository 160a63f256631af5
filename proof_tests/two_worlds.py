"""One partnership lived twice: once with somebody whom nobody may find, once without them. What a session sees of each.

Both worlds begin alike: the same agencies, people, workers and files, from the same seed and at the same moment; each
is undone before the other is lived, so that neither can see anything of the other.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

from django.db import connection, transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from knownto.access import clock
from knownto.access.acts import system
from knownto.access.pages import permission_of, routes
from knownto.access.viewer import viewer_of
from knownto.feeds import acts as feeds
from knownto.footprint.tests import partnership
from knownto.footprint.tests.partnership import AMY, BY, Partnership
from knownto.guarding import acts as guardians
from knownto.guarding import watching
from knownto.guarding.entering import guards_own
from knownto.guarding.models import Alert
from knownto.identity import acts as identity
from knownto.identity import queue
from knownto.keyring import prepared
from knownto.ledger.sequence import sequence
from knownto.linkage import Address, Evidence
from knownto.partners import acts as partners
from knownto.partners.models import Worker
from knownto.policy import Permission
from knownto.quality import acts as quality

NOT_SIGNED_IN = "nobody"
# Who looks: (role, with something after a dot where there are two of it; agency). Between them they reach every page
# that may show anything of anybody.
SESSION = (
    ("screener", "childrens-social-care"), ("officer", "police"), ("health-practitioner", "hospital"),
    ("school-lead", "school"), ("hub-manager", "childrens-social-care"), ("data-manager", "school"),
    ("matching-reviewer", "hospital"), ("privacy-officer", "childrens-social-care"),
)  # fmt: skip
# Who is let onto pages that none of those is: each looks at those alone.
BESIDES = (
    ("supervisor", "police"), ("administrator", "childrens-social-care"), ("hub-health", "hospital"),
    (NOT_SIGNED_IN, ""),
)  # fmt: skip
SEARCHERS = ("screener", "officer", "school-lead")  # with all, most and least of the fields
PURPOSE = {"officer": "police-attendance"}

# What differs between two runs of one and the same world.
MASKS = (
    (re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), b"<id>"),
    (re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"'), b"<csrf>"),
    (re.compile(rb'nonce="[^"]*"'), b"<nonce>"),
    (re.compile(rb"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]\b"), b"<receipt>"),
    (re.compile(rb"\xe2\x80\x94 [a-z0-9./-]+ [A-Za-z0-9+/=]{40,}"), b"<signed>"),
    (re.compile(rb"\b[0-9a-f]{16,128}\b"), b"<digest>"),
    (re.compile(rb"(?<![A-Za-z0-9+/=])(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)"), b"<signature>"),
    (re.compile(rb"/ask/\d+/"), b"/ask/<id>/"),  # a team's
    (re.compile(rb'<option value="\d+"'), b'<option value="<id>"'),
    (re.compile(rb"before=\d+"), b"before=<id>"),
    (re.compile(rb'"s\d+_x\d+"'), b"<savepoint>"),
    (re.compile(rb"\b\d{1,2}:\d\d(:\d\d(\.\d+)?)?\b"), b"<time>"),
    (re.compile(rb"\b\d+ (second|minute)s?\b"), b"<while>"),
)


# How large the log is: it grows by what guardians do, and says so. Said in the decision record; nothing else is masked.
SAYS_HOW_LARGE = ("assurance:ledger", "assurance:witnesses")
DIGITS = re.compile(rb"\d+")
A_ZIP = b"PK\x03\x04"


def masked(body: bytes) -> bytes:
    body = _unzipped(body) if body.startswith(A_ZIP) else body
    for what, instead in MASKS:
        body = what.sub(instead, body)
    return body


def _unzipped(body: bytes) -> bytes:
    """A workbook's parts, but for the one that says when it was made."""
    with ZipFile(BytesIO(body)) as parts:
        return b"".join(parts.read(name) for name in sorted(parts.namelist()) if name != "docProps/core.xml")


@dataclass(frozen=True)
class Somebody:
    """Somebody whom nobody may find, as several partners send them."""

    given: str
    family: str
    born: date
    address: str
    postcode: str
    nhs_number: str
    phone: str

    def row(self) -> dict[str, str]:
        return {
            "given_names": self.given, "family_name": self.family, "date_of_birth": self.born.isoformat(), "sex": "F",
            "address_line_1": self.address, "town": "Hallowbridge", "postcode": self.postcode,
            "nhs_number": self.nhs_number, "phone": self.phone,
        }  # fmt: skip

    @property
    def evidence(self) -> Evidence:
        home = Address((self.address, "Hallowbridge"), self.postcode)
        return Evidence(
            family_name=self.family, given_names=self.given, birth_date=self.born, sex="F", addresses=(home,),
            nhs_number=self.nhs_number, phones=(self.phone,),
        )  # fmt: skip

    def asked(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Every way in which somebody would look for them."""
        born = {"born_day": str(self.born.day), "born_month": str(self.born.month), "born_year": str(self.born.year)}
        yield "name and birth date", {"given": self.given, "family": self.family} | born
        yield "family name and birth date", {"family": self.family} | born
        yield "NHS number", {"nhs_number": self.nhs_number}
        yield "phone", {"phone": self.phone}
        yield "address", {"address": self.address, "postcode": self.postcode}
        yield "name and postcode", {"given": self.given, "family": self.family, "postcode": self.postcode}


# In the household of Amy, who is no secret: a sister whom nobody may find.
SISTER = Somebody(
    "Clementine", AMY["family_name"], date(2013, 5, 9), AMY["address_line_1"], AMY["postcode"], "9990000026",
    "07700 900321",
)  # fmt: skip


@dataclass
class World:
    """One of the two. `seen` is everything that the session was shown: (who, what) to masked bytes."""

    now: datetime
    town: Partnership
    workers: dict[str, Worker] = field(default_factory=dict)
    seen: dict[tuple[str, str], bytes] = field(default_factory=dict)
    routes: dict[str, set[int]] = field(default_factory=dict)  # by name: with what each was answered


def live(now: datetime, lives: Callable[[World], None]) -> World:
    """Live a world, and undo it: what the session saw is all that is left."""
    with transaction.atomic():
        world = _begun(now)
        lives(world)
        transaction.set_rollback(True)
    return world


def at_one_moment(settings, tmp_path, monkeypatch) -> Callable[..., World]:
    """Lives worlds of what is done in each, all at one moment. The arguments are fixtures."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.RECEIVED_FOLDER, settings.DROP_FOLDER = tmp_path / "received", tmp_path / "drop"
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    return lambda *lives: live(moment, lambda world: [each(world) for each in lives])


def _begun(now: datetime) -> World:
    town = partnership.borough(now)
    for agency in ("police", "childrens-social-care"):
        route = {"phone": "01632 960107", "hours": "24 hours"}
        partners.add_team(by=BY, now=now, agency=agency, code="guardian-desk", name="Guardian desk", **route)
    world = World(now, town)
    world.workers = {
        name: town.worker(name.split(".")[0], agency, f"The {name}") for name, agency in (*SESSION, *BESIDES) if agency
    }
    guardians_of = {
        agency: town.worker("guardian", agency, f"Guardian of {agency}")
        for agency in ("police", "childrens-social-care")
    }
    world.workers |= {f"guardian.{agency}": worker for agency, worker in guardians_of.items()}
    return world


def known(world: World, somebody: Somebody, which: str = "") -> None:
    """Three partners will send them in the first files."""
    know = world.town.knows
    know("police", f"X1{which}", somebody.row(), "missing", "missing-persons", 20)
    know("hospital", f"X2{which}", somebody.row(), "emergency_attendance", "emergency-department", 9)
    household = {"household_id": "H1"}
    know(
        "childrens-social-care",
        f"X3{which}",
        somebody.row() | household,
        "child_in_need",
        "family-safeguarding",
        90,
        status="open",
    )


def sealed(world: World, somebody: Somebody, sort: str = "person") -> None:
    """Two guardians of two agencies seal them."""
    said = {"sort": sort, "called": "Heron", "reason": "An order", "do": "Ring", "evidence": somebody.evidence}
    first, second = (_viewer(world, f"guardian.{agency}") for agency in ("police", "childrens-social-care"))
    seal = guardians.propose(by=first, now=world.now, **said)
    guardians.agree(by=second, seal=seal, reason="Agreed", now=world.now)


def _viewer(world: World, name: str):
    return viewer_of(world.workers[name], second_factor=True)


def told(world: World) -> None:
    """Everybody sends their files, and all that follows in the background is done."""
    world.town.tell()
    settle(world)


def settle(world: World) -> None:
    identity.catch_up(now=world.now)
    with system("proof"):
        queue.keep_all(now=world.now)
    quality.catch_up(now=world.now, limit=10_000)
    watching.catch_up(world.now, 10_000)
    while sequence(world.now):
        pass


PARTS = re.compile(r"<(?:\w+:)?(\w+)>")
LINKS = re.compile(rb'href="(/[^"#]*)"')
NOT_FOLLOWED = ("/static/", "/sign-out/", "/locked/", "/demo/")
WHOLE_LIST = "assurance:entries"  # a page of it shows the newest only
MOST_OF_A_KIND = 2  # links to pages of one route, from all pages of one worker


@dataclass
class Session:
    """One worker's browser in one world."""

    world: World
    name: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def __post_init__(self) -> None:
        if self.name in self.world.workers:
            partnership.sign_in(self.client, self.world.workers[self.name])

    def see(self, what: str, response) -> None:
        head = f"{response.status_code} {response.headers.get('Location', '')}\n".encode()
        body = masked(response.content)
        body = DIGITS.sub(b"<n>", body) if any(name in what for name in SAYS_HOW_LARGE) else body
        self.world.seen[self.name, what] = masked(head) + body

    def get(self, path: str, what: str = "") -> bytes:
        response = self.client.get(path)
        self.world.routes.setdefault(_route(path), set()).add(response.status_code)
        self.see(what or f"GET {masked(path.encode()).decode()}", response)
        return response.content

    def searches(self, whom: Somebody, *, everything: bool = False) -> int:
        """Every way of looking for somebody, and the footprint of whoever was found; with all that leads on from it.
        Gives how many searches ran."""
        ran = 0
        for how, asked in whom.asked():
            ran += self._search(f"search by {how}" + (f", {whom.given}" if everything else ""), asked, everything)
        return ran

    def _search(self, what: str, asked: dict[str, str], everything: bool = False) -> int:
        why = {"purpose": PURPOSE.get(self.name.split(".")[0], "child-concern"), "work": "C-104"}
        with Work() as work:
            response = self.client.post(reverse("footprint:search"), why | asked)
        self.see(what, response)
        self.world.seen[self.name, f"{what}: work"] = work.said()
        if response.status_code != 302:
            return 0
        answer = self.get(response.headers["Location"], f"{what}: answer")
        for place in sorted({int(n) for n in re.findall(rb"/search/[0-9a-f-]{36}/(\d+)/", answer)}):
            page = self.get(f"{response.headers['Location']}{place}/", f"{what}: footprint {place}")
            for link in dict.fromkeys(self._links(page)) if everything else ():
                if link.startswith(response.headers["Location"]):
                    self.get(link, f"{what}: {link.removeprefix(response.headers['Location'])}")
        return 1

    def asks_elsewhere(self, whom: Somebody) -> int:
        """The other two ways of asking for somebody: who looked at them, and which work is about them."""
        facts = next(asked for how, asked in whom.asked() if how == "name and birth date")
        if self.name == "privacy-officer":
            self.see("who looked", self.client.post(reverse("assurance:person"), facts | {"why": "SAR 1"}))
            return 1
        if self.name in ("screener", "hub-manager"):
            self.see("find work", self.client.post(reverse("frontdoor:find"), facts | {"by": "child"}))
            return 1
        return 0

    def every_route(self, when: str, *, but: Collection[str] = ()) -> None:
        """Every page that their role may reach, by the resolver, but for those routes; and what its pages lead to. What
        it may not is refused before anything is looked for: `tests/matrix` shows it."""
        found: list[str] = []
        for name, address in self._addresses():
            if name not in but:
                found += self._links(self.get(address, f"{when}: {name}"))
            if name == WHOLE_LIST and name not in but:
                self.get(f"{address}?csv=1", f"{when}: {name}, all of it")
        followed = Counter[str]()
        for link in dict.fromkeys(found):
            followed[_route(link)] += 1
            if followed[_route(link)] <= MOST_OF_A_KIND:
                self.get(link, f"{when}: {_route(link)} {followed[_route(link)]}")

    def _addresses(self) -> Iterator[tuple[str, str]]:
        """The routes that they may reach, each with its name."""
        viewer = _viewer(self.world, self.name) if self.name in self.world.workers else None
        for path, name, pattern in routes():
            address, permission = "/" + PARTS.sub(self._value, path), permission_of(pattern, name)
            may = viewer.may(permission) if viewer and permission else permission in (None, Permission.SIGN_IN)
            if may and not address.startswith(NOT_FOLLOWED):
                yield name, address

    def _value(self, part: re.Match[str]) -> str:
        """Something real for a place in an address, and the same thing in both worlds."""
        if "uuid" in part[0]:
            return str(self.world.workers["screener"].pk if part[1] == "worker" else NOBODY)
        return {"agency": "police", "code": "looks"}.get(part[1], "1")

    def _links(self, body: bytes) -> list[str]:
        found = [link.decode().replace("&amp;", "&") for link in LINKS.findall(body)]
        return [link for link in found if not link.startswith(NOT_FOLLOWED) and "csv" not in link]


def _route(link: str) -> str:
    try:
        return resolve(link.partition("?")[0]).view_name
    except Resolver404:
        return ""


NOBODY = "00000000-0000-4000-8000-000000000000"


class Work:
    """How much a request asks of the databases: the statements, in their order. Its time is measured elsewhere."""

    def __enter__(self) -> "Work":
        self._said: list[str] = []
        self._asked, self._wrapped = prepared.ask, connection.execute_wrapper(self._execute)
        prepared.ask = self._ask
        self._wrapped.__enter__()
        return self

    def __exit__(self, *failure: object) -> None:
        self._wrapped.__exit__(*failure)
        prepared.ask = self._asked

    def _execute(self, execute, sql, params, many, context):
        self._said.append(sql if isinstance(sql, str) else repr(sql))
        return execute(sql, params, many, context)

    def _ask(self, using, statement, *parameters):
        found = self._asked(using, statement, *parameters)
        self._said.append(f"{using} {statement} gives {len(found)}")
        return found

    def said(self) -> bytes:
        return masked("\n".join(self._said).encode())


def session(world: World, whom: Somebody) -> int:
    """Everybody looks for somebody, and then, when all that follows has followed, at everything. Gives how many
    searches ran."""
    everybody = [Session(world, role) for role, _ in SESSION]
    ran = sum(each.searches(whom) for each in everybody if each.name in SEARCHERS)
    ran += sum(each.asks_elsewhere(whom) for each in everybody)
    settle(world)
    for each in everybody:
        each.every_route("after")
    for name, _ in BESIDES:
        Session(world, name).every_route("after", but=frozenset(world.routes))
    if "data-manager" in world.workers:
        by_key(world)
    return ran


def by_key(world: World) -> None:
    """What an agency's own system is answered, of its records."""
    key = feeds.make_key(viewer=_viewer(world, "data-manager"), now=world.now)
    answered = Client().get("/api/feeds/school/quality", headers={"authorization": f"Bearer {key}"})
    assert answered.status_code == 200
    world.seen["a key", "quality"] = masked(answered.content)


def alerts() -> int:
    with guards_own():
        return Alert.objects.count()


def differences(one: World, other: World) -> list[str]:
    """What a session could tell the worlds apart by, in words that fit on a line each."""
    said = []
    for key in one.seen.keys() | other.seen.keys():
        a, b = one.seen.get(key, b"(nothing)"), other.seen.get(key, b"(nothing)")
        if a != b:
            at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
            said.append(f"{key[0]}, {key[1]}: {a[max(0, at - 60) : at + 60]!r} and {b[max(0, at - 60) : at + 60]!r}")
    return sorted(said)
