"""What the address of a list asks for: which time, which page, as a sheet or not. Nonsense means all of it."""

from django.http import HttpRequest

from knownto.casework.owing import When

MOST_PAGES = 1000


def when_of(request: HttpRequest) -> When:
    said = request.GET.get("when", "")
    return When(said) if said in {each.value for each in When} else When.ALL


def page_of(request: HttpRequest) -> int:
    said = request.GET.get("page", "")
    return min(int(said), MOST_PAGES) if said.isascii() and said.isdigit() and int(said) else 1


def as_sheet(request: HttpRequest) -> bool:
    return request.GET.get("as") == "csv"
