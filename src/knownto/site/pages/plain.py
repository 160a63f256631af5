"""Two small text files that machines ask for."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from knownto.access.pages import page
from knownto.policy import Permission


@page(Permission.SIGN_IN)
def robots(request: HttpRequest) -> HttpResponse:
    """Nothing here is for a search engine."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")


@page(Permission.SIGN_IN)
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell about a hole (RFC 9116). Each installation names its own contact."""
    contact, until = settings.SECURITY_CONTACT, settings.SECURITY_CONTACT_UNTIL
    said = (f"Contact: {contact}", f"Expires: {until}", "Preferred-Languages: en", "")
    return HttpResponse("\n".join(said), content_type="text/plain; charset=utf-8")
