"""Ids that somebody was shown, put wherever somebody else can put an id: from a seed. Standard library alone.

It is told where there is something to ask for and what pages were shown; it knows nothing else of the product. What
whoever stands outside may be told of what an id is of is what they are told of an id that there is not: nothing.
"""

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urlsplit

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
REFERENCE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]\b")
PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")
WORDS = "Words of somebody who stands outside."
HEADERS = ("Referer", "HX-Current-URL", "HX-Target", "HX-Trigger", "Idempotency-Key", "X-Request-Id", "If-None-Match")
POSITIONS = ("as shown", "as shown", "path", "path", "query", "form", "form", "json", "header", "file name")
SLUGS = ("police", "done", "strategy", "agree", "letter")
EDGE = "edge-of-a-part"


@dataclass(frozen=True)
class Asked:
    """One request. `where` says what stands where, for whoever reads what was found."""

    where: str
    method: str
    path: str
    body: bytes = b""
    kind: str = "application/x-www-form-urlencoded"
    headers: tuple[tuple[str, str], ...] = ()

    def of(self, there: str, instead: str) -> "Asked":
        """The same, of another id."""
        headers = tuple((name, value.replace(there, instead)) for name, value in self.headers)
        body = self.body.replace(there.encode(), instead.encode())
        return replace(self, path=self.path.replace(there, instead), body=body, headers=headers)


@dataclass(frozen=True)
class Swap:
    """An id of somebody's, and the request in which somebody else sends it."""

    id: str
    asked: Asked


class Page(HTMLParser):
    """What a page leads to, and what its forms send where."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address, self.links = address, list[str]()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        for name in ("href", "hx-get", "hx-post", "src"):
            if said.get(name, "").startswith("/"):
                self.links.append(said[name].partition("#")[0])
        if tag == "form":
            self.forms.append((urlsplit(said.get("action") or self.address).path, {}))
        elif self.forms and said.get("name") and tag in ("input", "select", "textarea", "button"):
            self.forms[-1][1].setdefault(said["name"], said.get("value", ""))


def ids_in(text: str) -> set[str]:
    """Every id and reference that stands in it."""
    return {*UUID.findall(text), *REFERENCE.findall(text)}


def shape(one: str) -> re.Pattern[str]:
    return UUID if UUID.fullmatch(one) else REFERENCE


class Swaps:
    """What one person was shown: `pages` are (address, text), `paths` every route there is, as `work/<uuid:a>/`."""

    def __init__(self, pages: Sequence[tuple[str, str]], paths: Sequence[str]) -> None:
        read = [Page(address, text) for address, text in pages]
        self.paths = [path for path in paths if "<" in path]
        self.addresses = sorted({each for page in read for each in (page.address, *page.links) if ids_in(each)})
        self.forms = [form for page in read for form in page.forms]
        asked = (urlsplit(link).query for page in read for link in page.links)
        self.queries = sorted({name for query in asked for name, _ in parse_qsl(query)})
        self.fields = sorted({name for _, fields in self.forms for name in fields if name != "csrfmiddlewaretoken"})
        self.ids = sorted({one for address, text in pages for one in ids_in(address + text)})

    def drawn(self, ids: Sequence[str], many: int, seed: str) -> Iterator[Swap]:
        """So many of them, of those ids."""
        chance = random.Random(seed)
        known = set(ids)
        shown = [each for each in self.addresses if ids_in(each) & known]
        for _ in range(many):
            position, one = chance.choice(POSITIONS), chance.choice(ids)
            if position == "as shown" and shown:
                address = chance.choice(shown)
                yield self._as_shown(chance, address, chance.choice(sorted(ids_in(address) & known)))
            else:
                yield self._put(chance, one, position)

    def _as_shown(self, chance: random.Random, address: str, one: str) -> Swap:
        """What the other one followed or sent, followed or sent again."""
        if chance.random() < 0.5:
            return Swap(one, Asked("as shown", "GET", address))
        fields = dict.fromkeys(self._some(chance), WORDS)
        fields |= next((form for action, form in chance.sample(self.forms, len(self.forms)) if action == address), {})
        return Swap(one, Asked("as shown, sent", "POST", address, _form(fields)))

    def _put(self, chance: random.Random, one: str, position: str) -> Swap:
        path = "/" + PLACE.sub(lambda place: self._placed(chance, place, one, position), chance.choice(self.paths))
        if position == "query":
            path += "?" + urlencode(dict.fromkeys(chance.sample(self.queries, min(3, len(self.queries))), one))
            return Swap(one, Asked("in the query", "GET", path))
        fields = dict.fromkeys(self._some(chance), one)
        if position == "form":
            return Swap(one, Asked(f"in the form as {' '.join(fields)}", "POST", path, _form(fields)))
        if position == "json":
            return Swap(one, Asked("in JSON", "POST", path, json.dumps(fields).encode(), "application/json"))
        if position == "header":
            headers = ((chance.choice(HEADERS), f"/front-door/{one}/"),)
            return Swap(one, Asked("in a header", chance.choice(["GET", "POST"]), path, headers=headers))
        if position == "file name":
            return Swap(one, Asked("in a file's name", "POST", path, *_part(chance.choice(self.fields), one)))
        return Swap(one, Asked("in the path", chance.choice(["GET", "GET", "POST"]), path))

    def _some(self, chance: random.Random) -> list[str]:
        return chance.sample(self.fields, min(4, len(self.fields)))

    def _placed(self, chance: random.Random, place: re.Match[str], one: str, position: str) -> str:
        kind = place[1] or "str"
        if kind == "int":
            return str(chance.choice([1, 2, 3]))
        if kind == "uuid":
            return one if shape(one) is UUID else "00000000-0000-4000-8000-000000000000"
        return one if position == "path" and shape(one) is REFERENCE else chance.choice(SLUGS)


def _form(fields: dict[str, str]) -> bytes:
    return urlencode({name: value or WORDS for name, value in fields.items() if name != "csrfmiddlewaretoken"}).encode()


def _part(field: str, one: str) -> tuple[bytes, str]:
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="{field}"; filename="{one}.csv"\r\n\r\n'
    return f"{head}{one}\r\n--{EDGE}--\r\n".encode(), f"multipart/form-data; boundary={EDGE}"


@dataclass(frozen=True)
class Answered:
    """What came back, made alike but for what it says, and how often which table was written."""

    status: int
    said: bytes
    written: tuple[tuple[str, int], ...]


def faults(swap: Swap, got: Answered, of_nothing: Answered, people: Sequence[str]) -> list[str]:
    """What is wrong with an answer about somebody's id, beside the answer about an id that there is not."""
    found = [f"{got.status}"] * (got.status >= 500)
    found += [f"tells of {name}" for name in people if (name.encode() in got.said) > (name.encode() in of_nothing.said)]
    if (got.status, got.said) != (of_nothing.status, of_nothing.said):
        found.append(f"answers otherwise than of nothing ({got.status}, {of_nothing.status})")
    if got.written != of_nothing.written:
        found.append(f"writes otherwise than of nothing {sorted(set(got.written) ^ set(of_nothing.written))}")
    return [f"{swap.asked.method} {swap.asked.path} {swap.asked.where}: {each}" for each in found]
