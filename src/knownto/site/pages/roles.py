"""What each role may do: the policy's own text, for the workers it binds and for the people it protects."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from knownto.access.pages import page
from knownto.face.parts import Row
from knownto.policy import PURPOSES, ROLES, Permission, Role, purposes_for

WORDS = {
    Permission.SEARCH: "search for a person or an address",
    Permission.FOOTPRINT: "see which agencies know somebody whom their own search found",
    Permission.PACK: "print a footprint",
    Permission.QUERY_RECORD: "say that something shown is wrong",
    Permission.SEND_FEED: "send their own agency's file",
    Permission.FEEDS_OWN: "see what became of their own agency's files",
    Permission.RELEASE_FEED: "release or turn away their own agency's held file",
    Permission.FEEDS_STATE: "see how fresh each agency's information is",
    Permission.WHO_LOOKED: "see who looked at whom, when and why",
    Permission.STATISTICS: "see counts of use, without anybody in them",
    Permission.WORKERS: "open and close accounts and give roles",
}
FIELDS = {
    "agency": "which agencies know them", "open": "whether they are involved now", "team": "whom to ring",
    "dates": "first and last contact", "counts": "how many contacts", "categories": "what sort of contact",
    "household": "the household", "addresses": "other addresses",
}  # fmt: skip


@page(Permission.AGREEMENTS)
def all_roles(request: HttpRequest) -> HttpResponse:
    found = [(role, _rows(role), role.code in request.viewer.roles) for role in ROLES.values()]
    here = {"heading": "What each role may do", "roles": found, "purposes": PURPOSES.values(), "back": "/"}
    return render(request, "site/roles.html", here)


def _rows(role: Role) -> list[Row]:
    may = [words for permission, words in WORDS.items() if permission in role.permissions]
    seen = [words for field, words in FIELDS.items() if field in role.fields]
    why = [p.name for p in purposes_for(frozenset(role.purposes))]
    said = (("May", may), ("Is shown", seen), ("For these purposes", why))
    return [Row(key, "; ".join(words)) for key, words in said if words]
