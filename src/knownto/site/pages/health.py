"""Is it up? For whatever watches the product: no personal data, and no signing in."""

from django.db import connections
from django.http import HttpRequest, HttpResponse

from knownto.access.pages import page
from knownto.policy import Permission


@page(Permission.SIGN_IN)
def healthz(request: HttpRequest) -> HttpResponse:
    """200 'ok' when both databases answer; otherwise the server's own error page."""
    for alias in ("default", "keys"):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")
